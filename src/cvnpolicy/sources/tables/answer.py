"""One question, answered: the statistic, how full the window is, and what belongs to no group."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from cvnpolicy.core.evidence import MeasureNeed, Reading, Readings
from cvnpolicy.core.finding import Pairs
from cvnpolicy.core.statistic import STATISTICS
from cvnpolicy.core.time import to_us
from cvnpolicy.sources.refused import Refused
from cvnpolicy.sources.tables import counts, drift, grid, moments, ordered, tallies, unmatched
from cvnpolicy.sources.tables.grouping import Grouping, grouping
from cvnpolicy.sources.tables.instants import instant
from cvnpolicy.sources.tables.rows import before_filter
from cvnpolicy.sources.tables.text import measured
from cvnpolicy.sources.tables.workspace import Workspace

Answer = Callable[[Workspace, MeasureNeed], dict[Pairs, Reading]]

ANSWERS: Mapping[str, Answer] = {
    "count": counts.count,
    "rate": counts.rate,
    "ratio": counts.ratio,
    **dict.fromkeys(moments.KERNELS, moments.answer),
    "last": ordered.answer,
    "delta": ordered.answer,
    "increase": ordered.answer,
    "distinct": tallies.distinct,
    "f1": tallies.f1,
    "coverage": grid.answer,
    "duplicates": tallies.duplicates,
    "missing": tallies.missing,
    "unmatched": unmatched.answer,
    "ks_statistic": drift.answer,
    "ks_pvalue": drift.answer,
    "psi": drift.answer,
    "mean_shift": drift.answer,
}
"""The function for every statistic that tables and logs answer."""


def answer(workspace: Workspace, need: MeasureNeed) -> Readings:
    """Return the readings of a question, groups sorted.

    Raises:
        Refused: It cannot be answered.
    """
    if need.statistic not in ANSWERS:
        raise Refused(f"tables do not answer '{need.statistic}'")
    found = ANSWERS[need.statistic](workspace, need)
    full = _fullness(workspace, need)
    ungrouped = grouping(workspace, need.selection, need.by).ungrouped
    more: dict[str, object] = {"ungrouped": ungrouped} if ungrouped else {}
    readings = {
        key: replace(
            found[key],
            coverage=None if full is None else full.get(key, 0.0),
            details={**found[key].details, **more},
        )
        for key in sorted(found, key=repr)
    }
    return Readings(readings)


def _fullness(workspace: Workspace, need: MeasureNeed) -> dict[Pairs, float] | None:
    """Return the share of the window's cadence slots that are filled, by group; None without a cadence or a window.

    Slots of the cadence's length count from the start of the window; several rows in one are still one. For counts,
    which filter rows to count them, the rows before the filter fill the slots. For what is computed from columns, only
    rows that go into it do: a feed that writes its rows and leaves the column empty is a feed with gaps.
    """
    selection, every = need.selection, workspace.cadence_us(need.selection.dataset)
    if selection.window is None or every is None:
        return None
    start, end = to_us(selection.window.start), to_us(selection.window.end)
    if STATISTICS[need.statistic].counts:
        selection = before_filter(selection, need.by)
    groups = grouping(workspace, selection, need.by)
    slot = f"({instant(workspace, groups.rows.relation)} - {start}) // {every}"
    filled = f"count(DISTINCT {slot}) FILTER ({_usable(workspace, need, groups)})"
    query = f"SELECT {groups.code} AS g, {filled} {groups.rows.sql(groups.join)} GROUP BY g"
    found = workspace.fetch(query, groups.rows.values) if groups.keys else []
    return {groups.keys[code]: min(1.0, slots * every / (end - start)) for code, slots in found}


def _usable(workspace: Workspace, need: MeasureNeed, groups: Grouping) -> str:
    """Return the SQL condition that a row goes into the statistic."""
    relation = groups.rows.relation
    columns = [relation.column(name) for name in need.columns]
    if STATISTICS[need.statistic].reference:
        # These leave out what is not finite. NaN elsewhere is no gap: it makes the whole answer NaN.
        return " AND ".join(f"isfinite(CAST({measured(workspace, relation, each)[0]} AS DOUBLE))" for each in columns)
    if need.statistic in ("duplicates", "missing"):
        return "true"
    return " AND ".join(["true", *(f"t.{each.sql} IS NOT NULL" for each in columns)])
