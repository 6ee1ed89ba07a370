"""Whether a source that is silent is alive: how long its heartbeat was silent at most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from cvnpolicy.core.evidence import Liveness
from cvnpolicy.core.finding import Pairs
from cvnpolicy.core.time import Window, to_us
from cvnpolicy.sources.tables.grouping import Grouping, grouping
from cvnpolicy.sources.tables.instants import instant
from cvnpolicy.sources.tables.workspace import Workspace

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Life:
    """What a group's heartbeat shows."""

    alive: bool
    details: dict[str, object]


def lives(workspace: Workspace, liveness: Liveness, by: Sequence[str]) -> dict[Pairs, Life]:
    """Return what the heartbeat shows of every group that has one, in the window or one interval before.

    The silences of a window run from the last heartbeat at or before its start to the next one, and so on to its end.
    Without a heartbeat in the interval before the start, the first silence is at least from one interval before.
    A whole run has no ends to be silent at, so nothing shows that it was alive throughout.

    Raises:
        Refused: The heartbeats cannot be read.
    """
    window = liveness.selection.window
    if window is None:
        found = grouping(workspace, liveness.selection, by)
        return {key: Life(alive=False, details={"longest_silence_s": None}) for key in found.keys}
    reach = timedelta(microseconds=liveness.interval_us)
    selection = replace(liveness.selection, window=Window(window.start - reach, window.end))
    found = grouping(workspace, selection, by)
    start, end = to_us(window.start), to_us(window.end)
    lived: dict[Pairs, Life] = {}
    for key, beats in zip(found.keys, _beats(workspace, found), strict=True):
        silence = longest_silence(beats, start, end, start - liveness.interval_us)
        lived[key] = Life(silence <= liveness.interval_us, {"longest_silence_s": silence / 1_000_000})
    return lived


def longest_silence(beats: NDArray[np.int64], start: int, end: int, before: int) -> int:
    """Return the longest silence that overlaps [start, end], in the unit of the arguments.

    Args:
        beats: Shape (n,), n >= 1, the instants of heartbeats before ``end``, ascending.
        start: Start of the window.
        end: End of the window.
        before: The instant from which on heartbeats were looked for, at or before the start.
    """
    earlier = beats[beats <= start]
    first = int(earlier[-1]) if len(earlier) else before
    marks = np.concatenate(([first], beats[beats > start], [end]))
    return int(np.diff(marks).max())


def _beats(workspace: Workspace, groups: Grouping) -> list[NDArray[np.int64]]:
    """Return the instants of each group, ascending, without repetitions."""
    microseconds = instant(workspace, groups.rows.relation)
    query = f"SELECT DISTINCT {groups.code} AS g, {microseconds} AS ts {groups.rows.sql(groups.join)} ORDER BY g, ts"
    table = workspace.table(query, groups.rows.values)
    codes = table["g"].to_numpy()
    ends = np.searchsorted(codes, np.arange(1, len(groups.keys)))
    return list(np.split(table["ts"].to_numpy(), ends)) if len(groups.keys) else []
