"""Timestamps in logs: ISO 8601 with an offset, and one offset for all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cvnpolicy.sources.logfmt.errors import LogError, Place

HINT = "write instants as 2024-05-12T03:04:05.123Z, or with another offset, the same one throughout"

MICROSECOND_DIGITS = 6
"""Digits of a second's fraction that are kept. Further ones are cut off: a window with whole microseconds as ends
holds the cut instant exactly when it holds the full one."""

_WRITTEN = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-](?:[01]\d|2[0-3]):?[0-5]\d)?", re.ASCII
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Instant:
    """A timestamp as read."""

    us: int
    """Microseconds since 1970-01-01T00:00Z."""
    offset: str
    """The offset as written: ``Z``, ``+02:00`` or ``+0200``."""
    digits: int
    """Digits of the second's fraction as written, 0 to 9."""


def read_instant(text: str) -> Instant:
    """Return the instant that a timestamp names.

    Raises:
        ValueError: It is not a date and time with an offset; the message says how.
    """
    match = _WRITTEN.fullmatch(text)
    if match is None:
        raise ValueError(f"'{text[:40]}' is not a timestamp")
    date, clock, fraction, offset = match.groups()
    if offset is None:
        raise ValueError(f"the timestamp '{text}' has no UTC offset")
    try:
        wall = datetime.fromisoformat(f"{date}T{clock}+00:00")
    except ValueError as error:
        raise ValueError(f"'{text}' is not a timestamp") from error
    digits = fraction or ""
    us = (wall - _EPOCH) // _MICROSECOND + int(digits[:MICROSECOND_DIGITS].ljust(MICROSECOND_DIGITS, "0"))
    return Instant(us - offset_us(offset), offset, len(digits))


def offset_us(offset: str) -> int:
    """Return a written offset in microseconds, positive east of Greenwich."""
    if offset == "Z":
        return 0
    minutes = int(offset[1:3]) * 60 + int(offset[-2:])
    return (-minutes if offset[0] == "-" else minutes) * 60_000_000


class OneOffset:
    """Sees to it that all timestamps of one read have one offset.

    Two offsets in one log mean that a clock or a configuration changed, so some instants may be wrong by hours.
    """

    def __init__(self) -> None:
        self._first: tuple[str, Place] | None = None

    def note(self, offset: str, place: Place) -> None:
        """Take note of an offset.

        Raises:
            LogError: It differs from one noted before.
        """
        if self._first is None:
            self._first = offset, place
        elif offset_us(offset) != offset_us(self._first[0]):
            before = f"{self._first[1]} has {self._first[0]}"
            raise LogError(f"{place}: the UTC offset is {offset} where {before}", HINT)
