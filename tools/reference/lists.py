"""The reference pages that are one table: statistics, exit codes, rules."""

from __future__ import annotations

from typing import Any

from cvnpolicy.core.errors import PRECEDENCE, ExitCode
from cvnpolicy.core.kind import Kind
from cvnpolicy.core.rules import DocumentRule
from cvnpolicy.core.statistic import STATISTICS, Statistic, Yields
from cvnpolicy.kinds import KINDS, load_kind
from tools.reference.docstrings import markdown, member_docs
from tools.reference.tables import table


def page_of(kind: str) -> str:
    """Return the path of a kind's page."""
    return f"kinds/{KINDS[kind].replace('_', '-')}.md"


def says(kind: Kind[Any]) -> str:
    """Return what a kind says, in one sentence."""
    return markdown(kind.spec.__doc__).partition("\n")[0]


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


def exit_codes() -> str:
    """Return the page of exit codes."""
    said = member_docs(ExitCode)
    rows = [(str(code.value), code.name.lower(), said[code.name]) for code in ExitCode]
    order = " > ".join(str(code.value) for code in PRECEDENCE)
    return f"# Exit codes\n\n{table(('code', 'name', 'meaning'), rows)}\nWhere several apply: {order}.\n"


def rules() -> str:
    """Return the page of rule ids."""
    documents = [(rule.value, rule.name.lower().replace("_", " "), rule.says) for rule in DocumentRule]
    kinds = sorted((kind.rule, f"[{kind.name}]({page_of(kind.name)})", says(kind)) for kind in map(load_kind, KINDS))
    parts = [
        "# Rules\n\nEvery finding and every problem carries the id of its rule. Ids are never reused.\n",
        "## Kinds\n",
        table(("rule", "kind", "about"), kinds),
        "## Documents\n",
        table(("rule", "name", "meaning"), documents),
    ]
    return "\n".join(parts)
