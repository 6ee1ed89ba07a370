"""Events that another event has to follow: how many were not, in time."""

from __future__ import annotations

from collections.abc import Sequence

from cvnpolicy.core.evidence import Match, MeasureNeed, Reading
from cvnpolicy.core.finding import Pairs
from cvnpolicy.core.time import from_us, rfc3339, to_us
from cvnpolicy.sources.refused import Refused
from cvnpolicy.sources.tables.counts import vouched
from cvnpolicy.sources.tables.grouping import Grouping, grouping
from cvnpolicy.sources.tables.instants import instant
from cvnpolicy.sources.tables.relation import EMPTY, Relation
from cvnpolicy.sources.tables.rows import rows
from cvnpolicy.sources.tables.workspace import Workspace


def answer(workspace: Workspace, need: MeasureNeed) -> dict[Pairs, Reading]:
    """Return how many selected events had no follow-up by their deadline, for every group.

    A follow-up answers every event with equal fields at or before it, up to and including the deadline. An event
    without one is pending, not unmatched, while its deadline is not before the end of the window: the follow-up may
    still come. An event that lacks one of the fields can never be answered.

    Raises:
        Refused: The events cannot be read, or the question has no window whose end could pass a deadline.
    """
    match = need.match
    window = match.selection.window if match is not None else None
    if match is None or window is None:
        reason = "whether a follow-up is overdue depends on the end of a window, and this question has none"
        raise Refused(reason, "write a window")
    groups = grouping(workspace, need.selection, need.by)
    last = to_us(window.end) - match.after_us
    found = _answered(workspace, groups, match, last) if groups.keys else []
    counted: dict[Pairs, int] = {}
    details: dict[Pairs, dict[str, object]] = {}
    for code, events, unmatched, pending, oldest in found:
        key = groups.keys[code]
        if unmatched:
            counted[key] = unmatched
        details[key] = {"events": events, "pending": pending}
        if oldest is not None:
            details[key]["oldest"] = rfc3339(from_us(oldest))
    seen = {key: counted.get(key, 0) for key in groups.keys}
    readings = vouched(workspace, need, seen, details)
    # The rows that went in are the events that were looked at, not those that were left over.
    return {
        key: Reading(one.value, groups.sizes.get(key, 0), alive=one.alive, details=one.details)
        for key, one in readings.items()
    }


def _answered(
    workspace: Workspace, groups: Grouping, match: Match, last: int
) -> list[tuple[int, int, int, int, int | None]]:
    """Return group number, events, unmatched, pending and the first unmatched instant, for every group."""
    follow = rows(workspace, match.selection)
    here, there = groups.rows.relation, follow.relation
    for name in match.same:
        _check_kinds(here, there, name)
    ours = ["g", "ts", *(f"s{index}" for index in range(len(match.same)))]
    events = f"SELECT {groups.code} AS g, {instant(workspace, here)} AS ts{_fields(here, match.same)}"
    follows = f"SELECT {instant(workspace, there)} AS ts{_fields(there, match.same)}"
    on = " AND ".join([*(f"a.{name} = b.{name}" for name in ours[2:]), "a.ts <= b.ts"])
    query = (
        f"WITH a AS ({events} {groups.rows.sql(groups.join)}), b AS ({follows} {follow.sql()}),"
        f" c AS (SELECT a.g, a.ts, coalesce(b.ts <= a.ts + ?, false) AS answered FROM a ASOF LEFT JOIN b ON {on})"
        " SELECT g, count(*), count(*) FILTER (NOT answered AND ts < ?), count(*) FILTER (NOT answered AND ts >= ?),"
        " min(ts) FILTER (NOT answered AND ts < ?) FROM c GROUP BY g ORDER BY g"
    )
    values = [*groups.rows.values, *follow.values, match.after_us, last, last, last]
    return workspace.fetch(query, values)


def _check_kinds(here: Relation, there: Relation, name: str) -> None:
    """Refuse a field that is a number in one event and a text or a float in the other: nothing says when they agree."""
    ours, theirs = here.column(name), there.column(name)
    if ours.kind is not theirs.kind and EMPTY not in (ours.says, theirs.says):
        reason = f"'{name}' holds {ours.kind.value} in {here.dataset} but {theirs.kind.value} in {there.dataset}"
        raise Refused(reason, "give it one type in both events")


def _fields(relation: Relation, same: Sequence[str]) -> str:
    columns = (relation.column(name) for name in same)
    return "".join(f", t.{column.sql} AS s{index}" for index, column in enumerate(columns))
