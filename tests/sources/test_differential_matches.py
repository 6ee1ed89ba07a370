"""Events and the others that answer them, on either side: DuckDB's nearest row against loops over every pair."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from cvnpolicy.core.evidence import Direction, Match, MeasureNeed, Selection
from cvnpolicy.core.time import Window, rfc3339
from tests.sources.formats import START, Data, Frame

MOST = 12
"""Few instants, so that many events share one and many distances are exactly the limit."""


@dataclass(frozen=True)
class Event:
    """One event of a log whose fields may be missing."""

    name: str
    at: int
    id: int | None
    host: str | None
    team: str


instants = st.integers(0, MOST)
events = st.builds(
    Event,
    st.sampled_from(["done", "told"]),
    instants,
    st.sampled_from([1, 2, None]),
    st.sampled_from(["x", None]),
    st.sampled_from(["red", "blue", "green"]),
)
windows = st.tuples(instants, instants).filter(lambda pair: pair[0] < pair[1])
fields = st.sampled_from([(), ("id",), ("host", "id")])


def at(index: int) -> datetime:
    """The unit is the least there is, so that one more than the limit is a microsecond more."""
    return START + timedelta(microseconds=index)


@given(st.lists(events, max_size=24), windows, st.integers(1, 4), st.sampled_from(Direction), fields, st.booleans())
def test_unmatched_events(
    log: list[Event], window: tuple[int, int], within: int, side: Direction, same: tuple[str, ...], grouped: bool
) -> None:
    # Both kinds and all columns are there, with their types, outside of every window.
    log = [*log, Event("done", -99, 1, "x", "red"), Event("told", -99, 1, "x", "red")]
    start, end = window
    by = {"team": ("red", "blue")} if grouped else {}
    counted = Selection("log", "done", tuple(by.items()), Window(at(start), at(end)))
    # Follow-ups are looked for to the end of what is asked about, predecessors from as long before it as they may be.
    reach = (start, end) if side is Direction.AFTER else (start - within, end)
    answers = Selection("log", "told", (), Window(*map(at, reach)))
    need = MeasureNeed("unmatched", counted, by=tuple(by), match=Match(answers, within, same, side))

    data = Data(Path("unused"), Frame())
    rows = [{"event": e.name, "ts": at(e.at), "id": e.id, "host": e.host, "team": e.team} for e in log]
    Frame().add(data, "log", rows, {})
    found = {key: (one.value, one.samples, one.details) for key, one in data.groups(need).items()}

    told = [e for e in log if e.name == "told" and reach[0] <= e.at < reach[1]]
    expected = {}
    for team in by.get("team", (None,)):
        done = [e for e in log if e.name == "done" and start <= e.at < end and team in (None, e.team)]
        if not done:
            continue  # no heartbeat vouches for a group without rows
        bare = [e for e in done if not answered(e, told, within, side, same)]
        late = [e for e in bare if side is Direction.BEFORE or e.at + within < end]
        details: dict[str, object] = {"events": len(done)}
        if side is Direction.AFTER:
            details["pending"] = len(bare) - len(late)
        if late:
            details["oldest"] = rfc3339(at(min(e.at for e in late)))
        expected[(("team", team),) if team else ()] = (len(late), len(done), details)
    assert found == expected


def answered(event: Event, told: Sequence[Event], within: int, side: Direction, same: Sequence[str]) -> bool:
    """Whether any other event agrees in every field and is near enough, on the right side."""
    for other in told:
        away = other.at - event.at if side is Direction.AFTER else event.at - other.at
        if 0 <= away <= within and all(getattr(event, k) == getattr(other, k) is not None for k in same):
            return True
    return False
