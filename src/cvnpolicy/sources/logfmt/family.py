"""A family of shapes with one trunk, whose lines one regular expression reads.

A log repeats few shapes. Once the exact parser has read a line of a shape, and so found its keys to be distinct, a
pattern with these keys in it proves that another line is well-formed and captures what is wanted, in linear time. What
no pattern matches goes to the exact parser; a pattern never decides what it does not match.

The patterns are for RE2, which captures fast, in one pass, when the next byte alone decides how to go on and there are
few groups. So tails are a tree of keys, not a list of lines, and every pair takes the space after it.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

from cvnpolicy.sources.logfmt.instants import MICROSECOND_DIGITS
from cvnpolicy.sources.logfmt.line import BARE, PLAIN
from cvnpolicy.sources.logfmt.query import EVENT, Query
from cvnpolicy.sources.logfmt.shape import Key, Shape, Stamp, Trunk

MAX_GROUPS = 4
"""Groups of one pattern; with more RE2 does not capture in one pass, which takes four times as long."""
MAX_PAIRS = 64
"""Pairs of one pattern, as many as the longest shape has; likewise."""

_VALUE = rf'(?:{BARE}*|"(?:{PLAIN}|\\["\\nrt])*")'
"""A value. One with an escaped code point is left to the exact parser."""
_NAME = rf'(?:{BARE}*|"{PLAIN}*")'
"""The type of the event, which is compared as written: one with any escape is left to the exact parser."""
_SPACE = r"(?:[ \t]+(?:\r?\n)?|\r?\n)"
"""What follows a pair: space, or the end of the line. A line has one newline, as its last character."""
_WALL = (
    r"[1-9]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
    r"[T ](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d"
)


class Family:
    """Shapes with one trunk."""

    def __init__(self, trunk: Trunk) -> None:
        self.trunk = trunk
        self.events = 0
        """Events that were read with it."""
        self._tails = _Tails()
        self._pairs = len(trunk.keys)

    def add(self, shape: Shape) -> bool:
        """Take in a shape, unless it is of another trunk or the pattern would grow too large."""
        if shape.trunk != self.trunk:
            return False
        new = self._tails.missing(shape.tail)
        if self._pairs + new > MAX_PAIRS:
            return False
        self._tails.add(shape.tail)
        self._pairs += new
        return True

    def groups(self, query: Query) -> list[tuple[str, ...]]:
        """Return what is to be captured, as the groups of one pattern or of several, each in the order of the line.

        ``event`` comes in the first pattern and tells a match, since it is never empty: the event as written,
        ``event=…``, or the first pair of a line without one. The time key, there too, stands for the wall time, other
        keys for their value as written.
        """
        present = [key for key, has_value in self.trunk.keys if has_value]
        keys = [key for key in present if key in query.keys]
        first = [EVENT, *([query.time] if self.trunk.stamp else []), *keys]
        kept, more = first[:MAX_GROUPS], first[MAX_GROUPS:]
        ordered = sorted(kept, key=lambda key: present.index(key) if key in present else -1)
        return [tuple(ordered), *(tuple(more[at : at + MAX_GROUPS]) for at in range(0, len(more), MAX_GROUPS))]

    def patterns(self, query: Query) -> list[str]:
        """Return an RE2 pattern for each of :meth:`groups`.

        The first is for a whole line, its newline included. The others are for the trunk of a line that it matched.
        """
        whole, *more = self.groups(query)
        return [self._trunk(query, whole) + self._tails.pattern(), *(self._trunk(query, names) for names in more)]

    def _trunk(self, query: Query, groups: Container[str]) -> str:
        parts = [self._pair(key, query, groups) for key in self.trunk.keys]
        if EVENT in groups and (EVENT, True) not in self.trunk.keys:
            parts[0] = f"({parts[0]})"
        return rf"^[ \t]*{''.join(part + _SPACE for part in parts)}"

    def _pair(self, key: Key, query: Query, groups: Container[str]) -> str:
        name = re.escape(key[0])
        if key[0] not in groups:
            return _pair(key)
        if key[0] == EVENT:
            return f"({name}={_NAME})"
        stamp = self.trunk.stamp if key[0] == query.time else None
        return f"{name}={_instant(stamp)}" if stamp else f"{name}=({_VALUE})"


class _Tails:
    """A tree of keys: each way from the root to an end is a tail."""

    def __init__(self) -> None:
        self.next: dict[Key, _Tails] = {}
        self.end = False

    def missing(self, tail: Sequence[Key]) -> int:
        """Return how many pairs the tail would add."""
        if not tail or tail[0] not in self.next:
            return len(tail)
        return self.next[tail[0]].missing(tail[1:])

    def add(self, tail: Sequence[Key]) -> None:
        node = self
        for key in tail:
            node = node.next.setdefault(key, _Tails())
        node.end = True

    def pattern(self) -> str:
        ways = [_pair(key) + _SPACE + node.pattern() for key, node in self.next.items()]
        if self.end:
            ways.append("$")
        return ways[0] if len(ways) == 1 else f"(?:{'|'.join(ways)})"


def _pair(key: Key) -> str:
    name, has_value = key
    return f"{re.escape(name)}={_VALUE}" if has_value else re.escape(name)


def _instant(stamp: Stamp) -> str:
    """Return a pattern whose one group is the wall time, with at most six digits of fraction."""
    fraction = rf"\.\d{{{MICROSECOND_DIGITS}}}" if stamp.cut_digits else rf"(?:\.\d{{1,{MICROSECOND_DIGITS}}})?"
    rest = rf"\d{{{stamp.cut_digits}}}" if stamp.cut_digits else ""
    quote = '"' if stamp.quoted else ""
    return f"{quote}({_WALL}{fraction}){rest}{re.escape(stamp.offset)}{quote}"
