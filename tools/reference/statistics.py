"""The reference page of statistics."""

from __future__ import annotations

from cvnpolicy.core.statistic import STATISTICS, Statistic, Yields
from tools.reference.tables import table

_YIELDS = {
    Yields.COUNT: "a count",
    Yields.NUMBER: "a number without a unit",
    Yields.COLUMN: "the column's unit",
    Yields.OTHER: "a unit of its own",
}


def statistics() -> str:
    """Return the page of statistics."""
    rows = [
        (f"`{name}`", each.says.replace("{", "*").replace("}", "*"), _YIELDS[each.yields], _columns(each), _needs(each))
        for name, each in _folded().items()
    ]
    head = "# Statistics\n\nWhat a measure can ask for under `statistic`.\n"
    return f"{head}\n{table(('statistic', 'is the', 'answers in', 'columns', 'needs'), rows)}"


def _folded() -> dict[str, Statistic]:
    """Return the table with the percentiles as one entry."""
    quantiles = [name for name in STATISTICS if name[0] == "p" and name[1:].isdigit()]
    folded: dict[str, Statistic] = {}
    for name, each in STATISTICS.items():
        if name not in quantiles:
            folded[name] = each
        elif name == quantiles[0]:
            folded[f"{name}` … `{quantiles[-1]}"] = each
    return folded


def _columns(statistic: Statistic) -> str:
    least, most = statistic.columns
    if least == most:
        return "none" if most == 0 else str(least)
    return f"{least} or more" if most is None else f"{least} to {most}"


def _needs(statistic: Statistic) -> str:
    needs = [f"`{part}`" for part in sorted(statistic.needs)]
    needs += [f"`params: {name}` ({takes})" for name, takes in statistic.params.items()]
    needs += ["`reference`"] if statistic.reference else []
    needs += ["`event`"] if statistic.events_only else []
    needs += ["rows in order of time"] if statistic.ordered else []
    return ", ".join(needs)
