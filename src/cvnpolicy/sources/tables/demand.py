"""What a batch of questions needs of each dataset: which columns, over which time. So that each is read once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cvnpolicy.core.evidence import MeasureNeed, Selection

Source = tuple[str, str | None]
"""A dataset and, for a log, the event."""


@dataclass(slots=True)
class Demand:
    """What is asked of one source."""

    columns: set[str] = field(default_factory=set)
    starts: list[datetime | None] = field(default_factory=list)
    ends: list[datetime | None] = field(default_factory=list)

    @property
    def start(self) -> datetime | None:
        """The earliest instant that any question looks at; None for no limit."""
        known = [start for start in self.starts if start is not None]
        return min(known) if len(known) == len(self.starts) else None

    @property
    def end(self) -> datetime | None:
        """The instant before which every question ends; None for no limit."""
        known = [end for end in self.ends if end is not None]
        return max(known) if len(known) == len(self.ends) else None


def demands(needs: Iterable[MeasureNeed]) -> dict[Source, Demand]:
    """Return what the questions ask of each source."""
    found: dict[Source, Demand] = {}
    for need in needs:
        for selection, columns, back in _selections(need):
            demand = found.setdefault((selection.dataset, selection.event), Demand())
            demand.columns.update(columns, (name for name, _ in selection.where))
            window = selection.window
            demand.starts.append(None if window is None else window.start - back)
            demand.ends.append(None if window is None else window.end)
    return found


def _selections(need: MeasureNeed) -> Iterator[tuple[Selection, Iterable[str], timedelta]]:
    """Yield every selection of a question with its columns, and how much further back it looks."""
    none = timedelta(0)
    same = need.match.same if need.match is not None else ()
    expected = tuple(name for name, _ in need.expect)
    yield need.selection, (*need.by, *need.over, *need.columns, *same, *expected), none
    if need.reference is not None:
        yield need.reference, (*need.by, *need.columns), none
    if need.total is not None:
        yield need.total, need.by, none
    if need.match is not None:
        yield need.match.selection, same, none
    if need.alive is not None:
        yield need.alive.selection, need.by, timedelta(microseconds=need.alive.interval_us)


def sources(need: MeasureNeed) -> tuple[str, ...]:
    """Return the datasets that a question reads, sorted."""
    return tuple(sorted({selection.dataset for selection, _, _ in _selections(need)}))
