"""Events that another event has to follow, or has to come before: how many have none in time."""

from __future__ import annotations

from collections.abc import Sequence

from cvnpolicy.core.evidence import Direction, Match, MeasureNeed, Reading
from cvnpolicy.core.finding import Pairs
from cvnpolicy.core.time import from_us, rfc3339, to_us
from cvnpolicy.sources.refused import Refused
from cvnpolicy.sources.tables.counts import vouched
from cvnpolicy.sources.tables.grouping import Grouping, grouping
from cvnpolicy.sources.tables.instants import instant
from cvnpolicy.sources.tables.relation import EMPTY, Kind, Relation
from cvnpolicy.sources.tables.rows import rows
from cvnpolicy.sources.tables.workspace import Workspace

_NEAREST = {Direction.AFTER: ("a.ts <= b.ts", "b.ts - a.ts"), Direction.BEFORE: ("a.ts >= b.ts", "a.ts - b.ts")}
"""On which side of an event ``a`` the nearest answer ``b`` is looked for, and how far away that one is."""


def answer(workspace: Workspace, need: MeasureNeed) -> dict[Pairs, Reading]:
    """Return how many selected events have no answer in time, for every group.

    One answer serves every event with equal fields that it is near enough to, up to and including the limit. Where it
    comes after, an event without one is pending, not unmatched, while its deadline is not before the end of the window:
    the answer may still come. What has to come before is there or not, so nothing is pending. An event that lacks one
    of the fields can never be answered.

    Raises:
        Refused: The events cannot be read, or a follow-up is asked for without a window whose end passes a deadline.
    """
    match = need.match
    if match is None:
        raise Refused("unmatched events need another event to match", "name one")
    groups = grouping(workspace, need.selection, need.by)
    last = _last(match)
    found = _answered(workspace, groups, match, last) if groups.keys else []
    counted: dict[Pairs, int] = {}
    details: dict[Pairs, dict[str, object]] = {}
    for code, events, unmatched, pending, oldest in found:
        key = groups.keys[code]
        if unmatched:
            counted[key] = unmatched
        details[key] = {"events": events} if last is None else {"events": events, "pending": pending}
        if oldest is not None:
            details[key]["oldest"] = rfc3339(from_us(oldest))
    seen = {key: counted.get(key, 0) for key in groups.keys}
    readings = vouched(workspace, need, seen, details)
    # The rows that went in are the events that were looked at, not those that were left over.
    return {
        key: Reading(one.value, groups.sizes.get(key, 0), alive=one.alive, details=one.details)
        for key, one in readings.items()
    }


def _last(match: Match) -> int | None:
    """Return the instant from which on an event is still pending; None where none ever is.

    Raises:
        Refused: There is no window whose end could pass a deadline.
    """
    if match.direction is Direction.BEFORE:
        return None
    window = match.selection.window
    if window is None:
        reason = "whether a follow-up is overdue depends on the end of a window, and this question has none"
        raise Refused(reason, "write a window")
    return to_us(window.end) - match.within_us


def _answered(
    workspace: Workspace, groups: Grouping, match: Match, last: int | None
) -> list[tuple[int, int, int, int, int | None]]:
    """Return group number, events, unmatched, pending and the first unmatched instant, for every group."""
    other = rows(workspace, match.selection)
    here, there = groups.rows.relation, other.relation
    for name in match.same:
        _check_kinds(here, there, name)
    side, gap = _NEAREST[match.direction]
    events = f"SELECT {groups.code} AS g, {instant(workspace, here)} AS ts{_fields(here, match.same)}"
    answers = f"SELECT {instant(workspace, there)} AS ts{_fields(there, match.same)}"
    on = " AND ".join([*(f"a.s{index} = b.s{index}" for index in range(len(match.same))), side])
    due = "true" if last is None else f"a.ts < {last}"
    query = (
        f"WITH a AS ({events} {groups.rows.sql(groups.join)}), b AS ({answers} {other.sql()}),"
        f" c AS (SELECT a.g, a.ts, {due} AS due, coalesce({gap} <= ?, false) AS answered"
        f" FROM a ASOF LEFT JOIN b ON {on})"
        " SELECT g, count(*), count(*) FILTER (NOT answered AND due), count(*) FILTER (NOT answered AND NOT due),"
        " min(ts) FILTER (NOT answered AND due) FROM c GROUP BY g ORDER BY g"
    )
    return workspace.fetch(query, [*groups.rows.values, *other.values, match.within_us])


def _check_kinds(here: Relation, there: Relation, name: str) -> None:
    """Refuse a field that is a number in one event and a text or a float in the other: nothing says when they agree."""
    ours, theirs = here.column(name), there.column(name)
    if ours.kind is not theirs.kind and EMPTY not in (ours.says, theirs.says):
        reason = f"'{name}' holds {ours.kind.value} in {here.dataset} but {theirs.kind.value} in {there.dataset}"
        raise Refused(reason, "give it one type in both events")


def _fields(relation: Relation, same: Sequence[str]) -> str:
    # An empty text names nothing: two events without an incident are not about the same one.
    columns = (relation.column(name) for name in same)
    values = [f"nullif(t.{one.sql}, '')" if one.kind is Kind.TEXT else f"t.{one.sql}" for one in columns]
    return "".join(f", {value} AS s{index}" for index, value in enumerate(values))
