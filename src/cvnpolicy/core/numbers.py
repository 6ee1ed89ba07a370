"""Numbers, instants and durations as a person reads them. Shared by every page format."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

NOTHING = "\u2013"
"""An en dash: how a missing value is shown."""

_NUMERAL = re.compile(r"-?\d+(?:\.\d+)?")
_TINY, _GROUPED, _HUGE = 1e-4, 1e3, 1e15
_UNITS = (("d", 86_400_000_000), ("h", 3_600_000_000), ("min", 60_000_000), ("s", 1_000_000), ("ms", 1_000))


def number(value: float | int | None, digits: int = 4) -> str:
    """Return a number with few digits: ``43,680``, ``0.0031``, ``12,345.7``, ``3.1e-07``, a dash for None.

    Args:
        value: Any number, also NaN and infinite ones.
        digits: Significant digits of a fraction. From a thousand on two more are kept.
    """
    if value is None:
        return NOTHING
    if isinstance(value, int):
        return f"{value:,}"
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else ("infinite" if value > 0 else "-infinite")
    size = abs(value)
    if size >= _HUGE or size < _GROUPED:
        if value.is_integer() and size < _HUGE:
            return f"{int(value)}"
        return _plain(value, digits) if _TINY <= size < _HUGE else f"{value:.{digits}g}"
    decimals = max(0, digits + 2 - len(str(int(size))))
    text = f"{value:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _plain(value: float, digits: int) -> str:
    """Return a number of ordinary size without an exponent: rounding 999.99 up must not make it 1e+03."""
    text = f"{value:.{digits}g}"
    return text if "e" not in text else f"{value:.0f}"


def measured(value: float | int | None, condition: str | None) -> str:
    """Return a measured number with as many digits as it takes to tell it from the limits in its condition.

    0.00999996 against ``< 0.01`` must not read as 0.01: a rounded number that contradicts its verdict misleads.
    """
    if value is None or isinstance(value, int) or not math.isfinite(value) or not condition:
        return number(value)
    limits = tuple(_limits(condition))
    for digits in (4, 6, 9, 13):
        text = number(value, digits)
        shown = float(text.replace(",", ""))
        if all(_side(value, limit) == _side(shown, limit) for limit in limits):
            return text
    return repr(float(value))


def _limits(condition: str) -> Iterator[float]:
    """Yield the numerals of a condition, also as the fractions that they are when they are percentages."""
    for match in _NUMERAL.finditer(condition):
        yield float(match[0])
        if condition[match.end() :].lstrip().startswith(("%", "pp")):
            yield float(match[0]) / 100


def _side(value: float, limit: float) -> int:
    return (value > limit) - (value < limit)


def instant(moment: datetime) -> str:
    """Return ``2026-06-11 00:00 UTC``; seconds only where there are any.

    Raises:
        ValueError: The instant has no time zone.
    """
    text = utc(moment).replace(tzinfo=None).isoformat(sep=" ", timespec="auto")
    return f"{text.removesuffix(':00') if moment.microsecond == 0 else text} UTC"


def utc(moment: datetime) -> datetime:
    """Return the same instant in UTC.

    Raises:
        ValueError: The instant has no time zone; guessing one would shift it.
    """
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no time zone: instants are timezone-aware")
    return moment.astimezone(UTC)


def length(duration: timedelta) -> str:
    """Return a duration in the words of the policy language, the two largest units: ``14d``, ``1d 12h``, ``15min``."""
    left = abs(duration) // timedelta(microseconds=1)
    parts: list[str] = []
    for unit, size in _UNITS:
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count}{unit}")
    sign = "-" if duration < timedelta(0) else ""
    return sign + (" ".join(parts[:2]) or "0s")
