"""A shape: the keys of a line, in order. Lines of one shape are read by one regular expression.

A log repeats few shapes. Once the exact parser has read one line of a shape, and so found its keys to be distinct, a
pattern with these keys in it proves that another line is well-formed and captures what is wanted, in linear time. What
no pattern matches goes to the exact parser; a pattern never decides what it does not match.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass

from cvnpolicy.sources.logfmt.instants import MICROSECOND_DIGITS, offset_us, read_instant
from cvnpolicy.sources.logfmt.line import BARE, ESCAPE, PLAIN, Pair, find, value
from cvnpolicy.sources.logfmt.query import EVENT, Query

MAX_KEYS = 64
"""A line with more keys is left to the exact parser: patterns have to stay small."""
MAX_KEY_TEXT = 2_048
"""Likewise a line whose keys have more characters than this together."""
MAX_GROUPS = 4
"""Groups of one pattern. Up to here RE2 captures in one pass over the line; with more it takes four times as long."""

_VALUE = rf'(?:{BARE}*|"(?:{PLAIN}|{ESCAPE})*")'
_NAME = rf'(?:{BARE}*|"{PLAIN}*")'
"""The type of the event, which is compared as written: one with escapes is left to the exact parser."""
_SPACE = r"[ \t]+"
_WALL = (
    r"[1-9]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
    r"[T ](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d"
)


@dataclass(frozen=True, slots=True)
class Stamp:
    """How the lines of a shape write their instant."""

    offset: str
    quoted: bool
    cut_digits: int
    """Digits of the fraction beyond the sixth."""

    @property
    def pattern(self) -> str:
        """An RE2 pattern whose one group is the wall time, with at most six digits of fraction."""
        fraction = rf"\.\d{{{MICROSECOND_DIGITS}}}" if self.cut_digits else rf"(?:\.\d{{1,{MICROSECOND_DIGITS}}})?"
        rest = rf"\d{{{self.cut_digits}}}" if self.cut_digits else ""
        quote = '"' if self.quoted else ""
        return f"{quote}({_WALL}{fraction}){rest}{re.escape(self.offset)}{quote}"

    @property
    def offset_us(self) -> int:
        """The offset in microseconds, positive east of Greenwich."""
        return offset_us(self.offset)


@dataclass(frozen=True, slots=True)
class Shape:
    """The keys of a line in order, which of them are bare, and how it writes its instant."""

    keys: tuple[tuple[str, bool], ...]
    """Each key, and whether it has a value."""
    stamp: Stamp | None
    """None when the line has no instant that a pattern can read; such a shape only tells other events apart."""

    def groups(self, query: Query) -> list[tuple[str, ...]]:
        """Return what is to be captured, as the groups of one pattern or of several, each in the order of the line.

        ``event`` comes in the first pattern and tells a match, since it is never empty: the event as written,
        ``event=…``, or the first pair of a line without one. The time key, there too, stands for the wall time, other
        keys for their value as written.
        """
        present = [key for key, has_value in self.keys if has_value]
        keys = [key for key in present if key in query.keys]
        first = [EVENT, *([query.time] if self.stamp else []), *keys]
        kept, more = first[:MAX_GROUPS], first[MAX_GROUPS:]
        ordered = sorted(kept, key=lambda key: present.index(key) if key in present else -1)
        return [tuple(ordered), *(tuple(more[at : at + MAX_GROUPS]) for at in range(0, len(more), MAX_GROUPS))]

    def pattern(self, query: Query, groups: Container[str]) -> str:
        """Return an RE2 pattern for a whole line of this shape, its newline included, with one group for each key."""
        parts = [self._pair(key, query, groups) if has_value else re.escape(key) for key, has_value in self.keys]
        if EVENT in groups and (EVENT, True) not in self.keys:
            parts[0] = f"({parts[0]})"
        return rf"^[ \t]*{_SPACE.join(parts)}[ \t]*\r?\n$"

    def _pair(self, key: str, query: Query, groups: Container[str]) -> str:
        name = re.escape(key)
        if key not in groups:
            return f"{name}={_VALUE}"
        if key == EVENT:
            return f"({name}={_NAME})"
        return f"{name}={self.stamp.pattern}" if key == query.time and self.stamp else f"{name}=({_VALUE})"


def shape_of(parsed: Sequence[Pair], query: Query) -> Shape | None:
    """Return the shape of a line, or None when it has none that a pattern could stand for."""
    if not 0 < len(parsed) <= MAX_KEYS or sum(len(key) for key, _ in parsed) > MAX_KEY_TEXT:
        return None
    keys = tuple((key, raw is not None) for key, raw in parsed)
    if (EVENT, False) in keys:
        return None
    return Shape(keys, _stamp(parsed, query.time))


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
