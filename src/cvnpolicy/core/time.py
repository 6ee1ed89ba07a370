"""UTC instants, half-open windows, the instants of a cadence, and T+N. Nothing here reads a clock."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated

from pydantic import WithJsonSchema

from cvnpolicy.core.duration import UNITS, Duration
from cvnpolicy.core.fault import fault
from cvnpolicy.core.model import Reads

EPOCH = datetime(1970, 1, 5, tzinfo=UTC)
"""A Monday at midnight: every cadence counts from here, so that answers do not move with the time of asking."""

_CLOCK = r"([01]\d|2[0-3]):[0-5]\d"
INSTANT_PATTERN = rf"^\d{{4}}-\d{{2}}-\d{{2}}T{_CLOCK}(:[0-5]\d(\.\d{{1,6}})?)?(Z|[+-]{_CLOCK})$"
_INSTANT = re.compile(INSTANT_PATTERN.removesuffix("$") + r"\Z", re.ASCII)
_FIRST_YEAR, _LAST_YEAR = 1900, 2200
_NAIVE = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?\Z", re.ASCII)
T_PLUS_PATTERN = r"^T\+(0|[1-9][0-9]{0,4})d$"
_T_PLUS = re.compile(r"T\+(0|[1-9][0-9]{0,4})d\Z")


def parse_instant(text: object) -> datetime:
    """Read an instant with an explicit zone and return it in UTC.

    Raises:
        PydanticCustomError: If it is naive, not a calendar date, not RFC 3339, or not from 1900 to 2200.
    """
    if isinstance(text, datetime) and text.tzinfo is not None:
        return _in_utc(text)
    if not isinstance(text, str):
        raise fault(f"{text!r} is not an instant", "write it as 2026-05-12T00:00:00Z")
    if _NAIVE.match(text):
        full = text.replace(" ", "T") if len(text) > 10 else f"{text}T00:00:00"
        raise fault(f"'{text[:40]}' has no time zone", f"write {full[:32]}Z if it is UTC")
    if not _INSTANT.match(text):
        raise fault(f"'{text[:40]}' is not an instant", "write it as 2026-05-12T00:00:00Z")
    try:
        return _in_utc(datetime.fromisoformat(text))
    except ValueError:
        raise fault(f"'{text}' is not a date of the calendar", "write it as 2026-05-12T00:00:00Z") from None


def _in_utc(instant: datetime) -> datetime:
    """Return the instant in UTC. Years far away are refused: windows around them would leave the calendar."""
    if not _FIRST_YEAR <= instant.year <= _LAST_YEAR:
        raise fault(f"the year {instant.year} is far away", f"write a year from {_FIRST_YEAR} to {_LAST_YEAR}")
    return instant.astimezone(UTC)


InstantField = Annotated[
    datetime,
    Reads(parse_instant),
    WithJsonSchema({"type": "string", "pattern": INSTANT_PATTERN, "examples": ["2026-05-12T00:00:00Z"]}),
]
"""A timezone-aware instant in a model, kept in UTC."""


def rfc3339(instant: datetime) -> str:
    """Write a UTC instant as ``2026-05-12T00:00:00Z``, with microseconds only where there are any."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def to_us(instant: datetime) -> int:
    """Return whole microseconds since 1970-01-01T00:00Z, exactly."""
    return (instant - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def from_us(microseconds: int) -> datetime:
    """Return the UTC instant at whole microseconds since 1970-01-01T00:00Z."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """A half-open UTC interval, [start, end)."""

    start: datetime
    end: datetime

    @staticmethod
    def ending(end: datetime, length: Duration) -> Window:
        """Return the window of the given length that ends at ``end``."""
        return Window(end - length.delta, end)


def cadence_instant(at: datetime, every: Duration) -> datetime:
    """Return the last instant ``EPOCH + k × every`` that is not after ``at``. Source: POLICY_LANGUAGE, "Time"."""
    step = every.delta
    return EPOCH + ((at - EPOCH) // step) * step


def cadence_back(end: datetime, every: Duration, reach: Duration) -> Iterator[datetime]:
    """Yield ``end``, ``end − every``, … down to the first instant at or before ``end − reach``, newest first."""
    for k in range(-(-reach.microseconds // every.microseconds) + 1):
        yield end - k * every.delta


@dataclass(frozen=True, slots=True, order=True)
class TPlus:
    """``T+N``: midnight UTC of the anchor day plus N × 24 h, reached at its first instant."""

    days: int

    def __str__(self) -> str:
        """Return it as written: ``T+7d``."""
        return f"T+{self.days}d"

    def instant(self, anchor: datetime) -> datetime:
        """Return the instant for an anchor; calendar days of UTC, whatever the operator's zone."""
        midnight = anchor.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight + timedelta(microseconds=self.days * UNITS["d"])


def parse_moment(text: object) -> TPlus | datetime:
    """Read either ``T+7d`` or an instant.

    Raises:
        PydanticCustomError: If it is neither.
    """
    if isinstance(text, TPlus):
        return text
    if isinstance(text, str) and text.startswith("T"):
        match = _T_PLUS.match(text)
        if match is None:
            raise fault(f"'{text[:40]}' is not a day after the anchor", "write T+7d, whole days")
        return TPlus(int(match[1]))
    return parse_instant(text)


MomentField = Annotated[
    TPlus | datetime,
    Reads(parse_moment),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": f"({T_PLUS_PATTERN})|({INSTANT_PATTERN})",
            "examples": ["T+7d", "2026-05-12T00:00:00Z"],
        }
    ),
]
"""``T+N`` or an instant, in a model."""
