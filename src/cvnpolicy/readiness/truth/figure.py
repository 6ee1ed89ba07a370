"""What comes of comparing a document with the policies: one record for each figure that it states."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cvnpolicy.core.location import Location


class FigureKind(StrEnum):
    """What a figure states."""

    LIMIT = "limit"
    """A number that something is compared with: ``p < 0.01``, ``5σ``, ``any occurrence``."""
    WINDOW = "window"
    """How far back is looked: ``over 14 days``, ``/ hour``."""
    CADENCE = "cadence"
    """How often is asked: ``weekly``."""
    LASTING = "lasting"
    """How long something must go on: ``sustained > 14 days``."""
    MOMENT = "moment"
    """So long after an agreed day: ``7 days post-merge``, ``T+30``."""
    DURATION = "duration"
    """Any other length of time."""
    SEVERITY = "severity"
    LEVEL = "level"
    """Warning or critical."""
    EVENT = "event"
    FIELD = "field"
    """A field of an event, or the value that it is filtered by."""
    METRIC = "metric"
    CHECK = "check"
    """The name of an alert or of another check."""
    VALUE = "value"
    """A variant, a feature or another value that policies name."""
    MODEL = "model"
    """What is gone back to."""


class Status(StrEnum):
    """What came of it."""

    AGREES = "agrees"
    CONTRADICTS = "contradicts"
    UNBOUND = "unbound"
    """No check is known to state it; nothing is guessed."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a document, and what the policies say about it."""

    text: str
    """As it is written, with single spaces."""
    kind: FigureKind
    line: int
    """Counted from 1."""
    status: Status
    check: str | None = None
    """The address of the check that states the same, or the contrary; None where it is no check."""
    where: Location | None = None
    """Where the policies state it."""
    says: str = ""
    """What they state there, or why nothing is bound."""
    message: str = ""
    """Both sides in one sentence, to be put behind the name of the document."""
