"""Questions and answers as values. A reading holds counts and moments, never rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from cvnpolicy.core.finding import Pairs, Scalar
from cvnpolicy.core.time import Window


@dataclass(frozen=True, slots=True)
class Selection:
    """Which rows: a dataset, perhaps one event of it, filtered and windowed."""

    dataset: str
    """The name that the configuration binds."""
    event: str | None = None
    """Only rows of this event, for an event log."""
    where: tuple[tuple[str, tuple[Scalar, ...]], ...] = ()
    """Sorted (column, allowed values): a row is in when each column has one of its values."""
    window: Window | None = None
    """None: every bound row."""
    types: tuple[str, ...] = field(init=False, repr=False)
    """The types of the values of ``where``: for Python 1, 1.0 and true are equal, as filters they are not."""

    def __post_init__(self) -> None:
        """Keep the types, so that they count in comparisons."""
        object.__setattr__(self, "types", tuple(type(value).__name__ for _, values in self.where for value in values))


class Direction(StrEnum):
    """On which side of an event the one that answers it has to be; the very instant is on both."""

    AFTER = "after"
    BEFORE = "before"


@dataclass(frozen=True, slots=True)
class Match:
    """What must follow or precede each selected event: another event, near enough, about the same thing."""

    selection: Selection
    within_us: int
    """How far apart both may be at most."""
    same: tuple[str, ...]
    direction: Direction = Direction.AFTER


@dataclass(frozen=True, slots=True)
class Liveness:
    """What shows that a source which is silent is alive: this selection has no silence longer than the interval.

    The selection's window is the measure's own; the source looks one interval further back.
    """

    selection: Selection
    interval_us: int


@dataclass(frozen=True, slots=True)
class MeasureNeed:
    """One number for each group: the statistic of the selected rows."""

    statistic: str
    selection: Selection
    columns: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    """Dimension columns, sorted. The expected members are already in the selection's filter."""
    over: tuple[str, ...] = ()
    params: Pairs = ()
    reference: Selection | None = None
    """The second sample of a two-sample statistic, grouped by the same columns."""
    total: Selection | None = None
    """The denominator of a ratio, grouped by the same columns."""
    match: Match | None = None
    expect: tuple[tuple[str, tuple[Scalar, ...]], ...] = ()
    """The full grid, for the statistic ``coverage``: (dimension, members)."""
    alive: Liveness | None = None
    """For counts of events. None for datasets, where the rows before ``where`` show life."""


@dataclass(frozen=True, slots=True)
class FactNeed:
    """The state of a named fact."""

    name: str
    source: str
    """The name that the configuration binds."""


Need = MeasureNeed | FactNeed


@dataclass(frozen=True, slots=True)
class Reading:
    """The answer for one group."""

    value: float | int | None
    """The number in the column's own unit. None: the rows are there but the statistic is undefined (x/0)."""
    samples: int
    """Rows that went in (the denominator of a ratio)."""
    coverage: float | None = None
    """Share of the dataset's declared cadence that has a usable value in the window, 0..1; None without a cadence."""
    alive: bool = True
    """Whether the source was shown alive through the whole window. Only counts can be true without rows."""
    details: Mapping[str, object] = field(default_factory=dict)
    """The statistic's own numbers: JSON values."""


@dataclass(frozen=True, slots=True)
class Readings:
    """One reading a group. A group that is absent has no rows."""

    groups: Mapping[Pairs, Reading]
    """Keyed by the sorted (dimension, member) pairs; ``()`` where nothing is grouped."""


@dataclass(frozen=True, slots=True)
class FactReading:
    """What is known of a fact."""

    value: Scalar | None = None
    items: tuple[Mapping[str, Scalar], ...] | None = None
    at: datetime | None = None
    """When it was true, or when somebody attested it."""
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Unavailable:
    """It could not be asked. Never a zero, never a pass."""

    reason: str
    """What happened, in one sentence without a full stop."""
    hint: str = ""
    """What would mend it."""


Answer = Readings | FactReading | Unavailable


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything a judgement may look at: the instant, and one answer for each question."""

    at: datetime
    answers: Mapping[Need, Answer]

    def answer(self, need: Need) -> Answer:
        """Return the answer, or that the question was never put."""
        return self.answers.get(
            need, Unavailable("this question is not in the evidence", "evaluate again on live data")
        )
