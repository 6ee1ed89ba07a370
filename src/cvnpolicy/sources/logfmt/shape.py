"""A shape: the keys of a line, in order, divided into a trunk that holds what is wanted and a tail that does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cvnpolicy.sources.logfmt.instants import MICROSECOND_DIGITS, offset_us, read_instant
from cvnpolicy.sources.logfmt.line import Pair, find, value
from cvnpolicy.sources.logfmt.query import EVENT, Query

MAX_KEYS = 64
"""A line with more keys is left to the exact parser: patterns have to stay small."""
MAX_KEY_TEXT = 2_048
"""Likewise a line whose keys have more characters than this together."""

Key = tuple[str, bool]
"""A key, and whether it has a value."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """How a line writes its instant."""

    offset: str
    quoted: bool
    cut_digits: int
    """Digits of the fraction beyond the sixth."""

    @property
    def offset_us(self) -> int:
        """The offset in microseconds, positive east of Greenwich."""
        return offset_us(self.offset)


@dataclass(frozen=True, slots=True)
class Trunk:
    """The keys of a line up to the last one that matters, and how it writes its instant."""

    keys: tuple[Key, ...]
    """At least one."""
    stamp: Stamp | None
    """None when the line has no instant that a pattern can read; such a trunk only tells other events apart."""


@dataclass(frozen=True, slots=True)
class Shape:
    """All keys of a line. They are distinct, for they come from the exact parser."""

    trunk: Trunk
    tail: tuple[Key, ...]


def shape_of(parsed: Sequence[Pair], query: Query) -> Shape | None:
    """Return the shape of a line, or None when it has none that a pattern could stand for."""
    if not 0 < len(parsed) <= MAX_KEYS or sum(len(key) for key, _ in parsed) > MAX_KEY_TEXT:
        return None
    keys = tuple((key, raw is not None) for key, raw in parsed)
    if (EVENT, False) in keys:
        return None
    matter = {EVENT, query.time, *query.keys}
    length = max((index for index, (key, _) in enumerate(keys) if key in matter), default=0) + 1
    return Shape(Trunk(keys[:length], _stamp(parsed, query.time)), keys[length:])


def _stamp(parsed: Sequence[Pair], time: str) -> Stamp | None:
    _, raw = find(parsed, time)
    if raw is None or "\\" in raw:
        return None
    try:
        instant = read_instant(value(raw))
    except ValueError:
        # Not this function's to judge: where the line matters, the exact parser says what is wrong with it.
        return None
    return Stamp(instant.offset, raw.startswith('"'), max(0, instant.digits - MICROSECOND_DIGITS))
