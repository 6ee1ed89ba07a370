"""Durations as people write them: ``15min``, ``24h``, ``14d``."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated

from pydantic import WithJsonSchema

from cvnpolicy.core.fault import fault
from cvnpolicy.core.model import Reads

UNITS: dict[str, int] = {"ms": 1_000, "s": 1_000_000, "min": 60_000_000, "h": 3_600_000_000, "d": 86_400_000_000}
"""Microseconds in each unit."""

PATTERN = r"^[1-9][0-9]{0,8}(ms|s|min|h|d)$"
_PARTS = re.compile(r"([1-9][0-9]{0,8})(ms|s|min|h|d)\Z")
_LONGEST = 36_500 * UNITS["d"]


@dataclass(frozen=True, slots=True, order=True)
class Duration:
    """A positive, whole duration. Compares by length: ``24h`` equals ``1d``."""

    microseconds: int
    text: str = field(compare=False)

    @property
    def delta(self) -> timedelta:
        """The duration as a timedelta."""
        return timedelta(microseconds=self.microseconds)

    def __str__(self) -> str:
        """Return the duration as it was written."""
        return self.text

    def words(self) -> str:
        """Return it for a sentence: ``14 d``."""
        digits = self.text.rstrip("abcdefghijklmnopqrstuvwxyz")
        return f"{digits} {self.text[len(digits) :]}"


def parse_duration(text: object) -> Duration:
    """Read a duration.

    Raises:
        PydanticCustomError: If the text is not a whole number followed by ms, s, min, h or d, or is over 100 years.
    """
    if isinstance(text, Duration):
        return text
    if not isinstance(text, str):
        raise fault(f"{text!r} is not a duration", "write a whole number and a unit, for example 15min, 24h or 14d")
    match = _PARTS.match(text)
    if match is None:
        right = "write a whole number and one of ms, s, min, h, d"
        if re.fullmatch(r"[1-9][0-9]{0,8}m", text):
            right = f"write {text}in for minutes (m alone could be months)"
        elif (weeks := re.fullmatch(r"([1-9][0-9]{0,3})w", text)) is not None:
            right = f"write {int(weeks[1]) * 7}d"
        raise fault(f"'{text[:40]}' is not a duration", right)
    microseconds = int(match[1]) * UNITS[match[2]]
    if microseconds > _LONGEST:
        raise fault(f"'{text}' is longer than 100 years", "write a shorter duration")
    return Duration(microseconds, text)


DurationField = Annotated[
    Duration,
    Reads(parse_duration),
    WithJsonSchema({"type": "string", "pattern": PATTERN, "examples": ["15min", "24h", "14d"]}),
]
"""A duration in a model."""
