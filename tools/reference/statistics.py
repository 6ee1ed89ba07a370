"""The reference page of statistics."""

from __future__ import annotations

from cvnpolicy.app.rule_text import statistic_text
from cvnpolicy.core.statistic import PERCENTILES, STATISTICS, Statistic, Yields
from tools.reference.tables import table

_YIELDS = {
    Yields.COUNT: "a count",
    Yields.NUMBER: "a number without a unit",
    Yields.SIGMA: "sigma",
    Yields.COLUMN: "the column's unit",
    Yields.OTHER: "a unit of its own",
}


AT = "2026-05-05T00:00:00Z"
"""When the measures of the examples are asked."""
CONFIGURATION = """\
policies: policies
environments:
  default:
    rows: {type: csv, path: rows.csv, time: ts}
    training: {type: csv, path: training.csv}
    events: {type: logfmt, path: events.log}
"""
CATALOG = """\
apiVersion: cvnpolicy/v1
kind: EventCatalog
metadata: {name: events, title: Events of the examples, owner: "@you"}
spec:
  events:
    beat: {heartbeat: 12h}
    opened: {fields: {order: str}, alive_with: beat}
    closed: {fields: {order: str, fee: float, note: str}, alive_with: beat}
    alone: {}
"""
_HEAD = f"""\
# Statistics

What a measure can ask for under `statistic`. `cvnpolicy explain psi` prints what is said here of one of them.

{{table}}
The words mean the same for all of them:

* The **rows** are those of the dataset, or the events of the name, that lie in the window, meet `where`, and belong to
  the group. A window ends before the instant that is asked about: a row of that very instant is not in it.
* A **missing** value is an empty field of a CSV file, a null, or a key that a line does not have. NaN and infinite are
  values, and not finite.
* The **samples** of an answer are what `min_samples` is about: fewer are inconclusive.
* No rows are **no data**, and so is a statistic that is undefined for the rows that there are. A number that is not
  finite is **inconclusive**. Neither is ever taken for 0.

The examples are asked at `{AT}`, so that `window: 24h` is the day before it. Their `cvnpolicy.yaml` is

```yaml
{CONFIGURATION}```

`reference: training` is a baseline of the document, `training: {{dataset: training}}`, and the events are declared by

```yaml
{CATALOG}```
"""


def statistics() -> str:
    """Return the page of statistics: the list of them, and what ``cvnpolicy explain`` prints of each."""
    rows = [
        (
            _shown(name),
            _says(each),
            _YIELDS[each.yields],
            _columns(each),
            _needs(each),
        )
        for name, each in folded().items()
    ]
    listed = table(("statistic", "is the", "answers in", "columns", "needs"), rows)
    return "\n".join([_HEAD.replace("{table}", listed), *(statistic_text(name) or "" for name in folded())])


def folded() -> dict[str, Statistic]:
    """Return the table with the first percentile for all of them."""
    return {name: each for name, each in STATISTICS.items() if name not in PERCENTILES[1:]}


def _shown(name: str) -> str:
    return f"`{name}` … `{PERCENTILES[-1]}`" if name == PERCENTILES[0] else f"`{name}`"


def _says(statistic: Statistic) -> str:
    says = statistic.says.replace("{", "*").replace("}", "*")
    last = STATISTICS[PERCENTILES[-1]].says.partition(" ")[0]
    return says.replace(" ", f" to {last} ", 1) if statistic.name == PERCENTILES[0] else says


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
