"""Count, rate and ratio of rows, and when no rows at all may be said to be 0."""

from __future__ import annotations

from collections.abc import Mapping

from cvnpolicy.core.duration import parse_duration
from cvnpolicy.core.evidence import MeasureNeed, Reading
from cvnpolicy.core.finding import Pairs
from cvnpolicy.sources.refused import Refused
from cvnpolicy.sources.tables.grouping import grouping
from cvnpolicy.sources.tables.liveness import Life, lives
from cvnpolicy.sources.tables.rows import before_filter
from cvnpolicy.sources.tables.workspace import Workspace

_NO_LIFE = Life(alive=False, details={})


def count(workspace: Workspace, need: MeasureNeed) -> dict[Pairs, Reading]:
    """Return how many rows each group has.

    Raises:
        Refused: The rows cannot be read.
    """
    return vouched(workspace, need, grouping(workspace, need.selection, need.by).sizes)


def rate(workspace: Workspace, need: MeasureNeed) -> dict[Pairs, Reading]:
    """Return how many rows each group has for each stretch of ``per``; the number of rows is in the details.

    Raises:
        Refused: The rows cannot be read, or the question has no window to divide by.
    """
    window = need.selection.window
    if window is None:
        raise Refused("a rate needs the length of a window, and this question is about a whole run", "write a window")
    per = parse_duration(dict(need.params)["per"]).delta
    found = count(workspace, need)
    return {key: _per(reading, per / (window.end - window.start)) for key, reading in found.items()}


def _per(reading: Reading, share: float) -> Reading:
    rows = reading.value or 0
    return Reading(rows * share, reading.samples, alive=reading.alive, details={**reading.details, "rows": rows})


def ratio(workspace: Workspace, need: MeasureNeed) -> dict[Pairs, Reading]:
    """Return the rows of the selection over the rows of the total, by group; undefined over 0.

    Raises:
        Refused: The rows of either cannot be read, or some of them belong to no group.
    """
    if need.total is None:
        raise Refused("a ratio needs a total", "name one")
    over, under = (grouping(workspace, selection, need.by) for selection in (need.selection, need.total))
    for each in (over, under):
        if each.ungrouped:
            reason = (
                f"{each.ungrouped} rows of dataset '{each.rows.relation.dataset}' have no {' or no '.join(need.by)}"
            )
            raise Refused(f"{reason}, so no group's share is known", "see what writes these rows")
    numerators, denominators = over.sizes, under.sizes
    keys = {**numerators, **denominators}
    return {key: _ratio(numerators.get(key, 0), denominators.get(key, 0)) for key in keys}


def _ratio(numerator: int, denominator: int) -> Reading:
    return Reading(
        numerator / denominator if denominator else None,
        denominator,
        alive=denominator > 0,
        details={"numerator": numerator, "denominator": denominator},
    )


def vouched(
    workspace: Workspace,
    need: MeasureNeed,
    counted: Mapping[Pairs, int],
    details: Mapping[Pairs, Mapping[str, object]] | None = None,
) -> dict[Pairs, Reading]:
    """Return counts as readings, with a 0 for every group whose source shows some life.

    For a dataset, the rows of the group in the window before the filter show life. For events it is the heartbeat's
    silence; without a heartbeat nothing does. While some rows belong to no group, any group may have more than were
    counted, so none is vouched for.

    Args:
        workspace: Where to ask.
        need: The question; its selection is what was counted.
        counted: Rows by group, all above 0.
        details: More to say of a group.

    Raises:
        Refused: What shows life cannot be read.
    """
    more = details or {}
    lived = _lives(workspace, need)
    whole = not grouping(workspace, need.selection, need.by).ungrouped
    found: dict[Pairs, Reading] = {}
    for key in {**counted, **lived}:
        life = lived.get(key, _NO_LIFE)
        number = counted.get(key, 0)
        found[key] = Reading(number, number, alive=whole and life.alive, details={**more.get(key, {}), **life.details})
    return found


def _lives(workspace: Workspace, need: MeasureNeed) -> dict[Pairs, Life]:
    """Return what is known of the life of each group that shows some."""
    if need.alive is not None:
        return lives(workspace, need.alive, need.by)
    if need.selection.event is not None:
        return {}
    present = grouping(workspace, before_filter(need.selection, need.by), need.by)
    return {key: Life(alive=True, details={}) for key in present.keys}
