"""The last value, the change, the growth of a counter: statistics that mean nothing unless rows are in order."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from cvnpolicy.core.evidence import MeasureNeed, Reading
from cvnpolicy.core.finding import Pairs
from cvnpolicy.core.time import from_us, rfc3339
from cvnpolicy.sources.refused import Refused
from cvnpolicy.sources.tables.grouping import grouping
from cvnpolicy.sources.tables.instants import instant
from cvnpolicy.sources.tables.samples import number, refuse_too_many
from cvnpolicy.sources.tables.text import measured
from cvnpolicy.sources.tables.workspace import Workspace

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray


def answer(workspace: Workspace, need: MeasureNeed) -> dict[Pairs, Reading]:
    """Return the last value, the last minus the first, or the growth of a counter, for every group.

    Within a file the rows of a group have to be in the order of their instants, and over all files no two of them may
    have the same instant. Rows without a value are left out and counted.

    Raises:
        Refused: They are not; or the rows cannot be read or are too many, or the column holds no numbers.
    """
    groups = grouping(workspace, need.selection, need.by)
    relation = groups.rows.relation
    (name,) = need.columns
    expression, _ = measured(workspace, relation, relation.column(name))
    refuse_too_many(groups)
    query = (
        f"SELECT {groups.code} AS g, {instant(workspace, relation)} AS ts, {expression} AS v,"
        f" dense_rank() OVER (ORDER BY t.f) AS f {groups.rows.sql(groups.join)} ORDER BY g, t.f, t.r"
    )
    table = workspace.table(query, groups.rows.values)
    codes = table["g"].to_numpy()
    ends = np.searchsorted(codes, np.arange(len(groups.keys) + 1))
    found: dict[Pairs, Reading] = {}
    for index, key in enumerate(groups.keys):
        part = table.slice(int(ends[index]), int(ends[index + 1] - ends[index]))
        _check_order(part, key, relation.dataset)
        found[key] = _reading(part, need.statistic)
    return found


def _check_order(part: pa.Table, key: Pairs, dataset: str) -> None:
    instants, files = part["ts"].to_numpy(), part["f"].to_numpy()
    back = np.flatnonzero((np.diff(instants) < 0) & (np.diff(files) == 0))
    where = f"{_group(key)} of dataset '{dataset}'"
    if len(back):
        at = int(instants[back[0] + 1])
        hint = "write the rows of a file in the order of time"
        raise Refused(f"the rows of {where} are out of order: {_shown(at)} comes after a later instant", hint)
    ordered = np.sort(instants)
    twice = np.flatnonzero(np.diff(ordered) == 0)
    if len(twice):
        reason = f"two rows of {where} have the instant {_shown(int(ordered[twice[0]]))}"
        raise Refused(reason, "keep one row an instant, or group by what tells them apart")


def _reading(part: pa.Table, statistic: str) -> Reading:
    present = part.filter(part["v"].is_valid())
    nulls = part.num_rows - present.num_rows
    details: dict[str, object] = {"null": nulls} if nulls else {}
    if not present.num_rows:
        return Reading(None, 0, details=details)
    instants = present["ts"].to_numpy()
    order = np.argsort(instants, kind="stable")
    details["at"] = _shown(int(instants[order[-1]]))
    values: NDArray[np.float64] = present["v"].to_numpy()[order]
    used = values[_USES[statistic](len(values))]
    nonfinite = int(np.count_nonzero(~np.isfinite(used)))
    if nonfinite:
        return Reading(math.nan, present.num_rows, details={**details, "nonfinite": nonfinite})
    if statistic == "increase":
        grown, restarts = _increase(values)
        more = {"restarts": restarts} if restarts else {}
        return Reading(grown, present.num_rows, details={**details, **more})
    last = number(values[-1])
    return Reading(last - number(values[0]) if statistic == "delta" else last, present.num_rows, details=details)


_USES: Mapping[str, Callable[[int], slice]] = {
    "last": lambda _: slice(-1, None),
    "delta": lambda count: slice(None, None, max(1, count - 1)),
    "increase": lambda _: slice(None),
}
"""Which of the values in order a statistic looks at."""


def _increase(values: NDArray[np.float64]) -> tuple[int | float, int]:
    """Return how far a counter has grown, and how often it was restarted.

    A counter only grows; where it falls its process began anew at 0, so what it shows then has grown since. As in
    Prometheus' ``increase``, but nothing is added for the ends of the window.
    """
    steps = [number(after) - number(before) for before, after in pairwise(values)]
    restarted = [place for place, step in enumerate(steps, start=1) if step < 0]
    kept = [step for step in steps if step >= 0] + [number(values[place]) for place in restarted]
    return (sum(kept) if values.dtype.kind == "i" else math.fsum(kept)), len(restarted)


def _group(key: Pairs) -> str:
    return "group " + ", ".join(f"{name} {value}" for name, value in key) if key else "the window"


def _shown(microseconds: int) -> str:
    return rfc3339(from_us(microseconds))
