"""The rows of a CSV file, found by its quotes and line ends alone: how many DuckDB has to find, and how long they are.

Where a row ends is certain only if every quote stands at the start or the end of a field, or is one of two inside of
it, and if all rows end alike. Of any other file DuckDB may understand another number of rows, so it is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cvnpolicy.sources.paths import FoundFile
from cvnpolicy.sources.refused import Refused
from cvnpolicy.sources.tables.lines import Ruler, line_at, too_long
from cvnpolicy.sources.tables.packed import blocks

Bytes = NDArray[np.uint8]
Marks = NDArray[np.bool_]

LONGEST_ROW = 2 * 2**20
"""The longest row of a CSV file in bytes, its line end left out."""

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_QUOTE, _FEED, _RETURN, _COMMA = b'"\n\r,'


@dataclass(frozen=True, slots=True)
class Rows:
    """How many rows a file has."""

    ends: int
    """Line ends outside of quotes, so rows, the header and empty lines included."""
    empty: int
    """Those that end an empty line."""
    ended: bool
    """Whether the last byte of the file is that of a line end, be it in quotes. True of an empty file."""

    def below_header(self, columns: int) -> int:
        """Return how many rows DuckDB has to find: in a file of one column an empty line is one, without a value."""
        return self.ends - 1 - (self.empty if columns > 1 else 0)


def measured(file: FoundFile) -> Rows:
    """Read a file to its end and count its rows.

    Raises:
        Refused: A row is longer than 2 MiB, a quote stands inside of a field without quotes, or rows end in several
            ways; or it is a gzip file that is damaged or too large.
    """
    scan = _Scan(file)
    for block in _blocks(file):
        scan.take(block)
    return scan.rows()


def _blocks(file: FoundFile) -> Iterator[bytes]:
    """Yield the blocks of a file. A byte order mark becomes the end of an empty field."""
    start = True
    for block in blocks(file):
        marked = start and block.startswith(_BYTE_ORDER_MARK)
        yield b",,," + block[3:] if marked else block
        start = False


class _Scan:
    """What was found up to the end of a block. The last two bytes of it are looked at again with the next one."""

    def __init__(self, file: FoundFile) -> None:
        self._file = file
        self._ruler = Ruler(LONGEST_ROW)
        self._quoted = False
        self._read = 0
        # A file starts with a field, as if after a comma; an empty line there is no pair of line ends.
        self._before = _COMMA
        self._feeds = np.zeros(2, np.bool_)
        self._returns = np.zeros(2, np.bool_)
        self._count = dict.fromkeys(("feeds", "returns", "pairs", "empty feeds", "empty returns", "empty pairs"), 0)

    def take(self, block: bytes) -> None:
        data = np.frombuffer(block, np.uint8)
        feeds, returns = data == _FEED, data == _RETURN
        if self._quoted or _QUOTE in block:
            outside = ~self._inside(data)
            feeds &= outside
            returns &= outside
        self._measure(feeds | returns)
        self._add(np.concatenate((self._feeds, feeds)), np.concatenate((self._returns, returns)))
        self._before = block[-1]
        self._read += len(block)

    def _inside(self, data: Bytes) -> Marks:
        """Return which bytes stand inside of quotes, opening quotes included and closing ones not."""
        quotes = data == _QUOTE
        inside = np.logical_xor.accumulate(quotes)
        if self._quoted:
            np.logical_not(inside, out=inside)
        before = np.concatenate((np.array([self._before], np.uint8), data[:-1]))
        opens = quotes & inside
        starts = (before == _COMMA) | (before == _FEED) | (before == _RETURN) | (before == _QUOTE)
        astray = np.flatnonzero(opens & ~starts)
        if len(astray):
            line = line_at(self._file, self._read + int(astray[0]))
            reason = f"{self._file.label} line {line} has a quote inside of a field that does not start with one"
            raise Refused(reason, "put the whole field in quotes, and double the quotes inside of it")
        self._quoted = bool(inside[-1])
        return inside

    def _measure(self, ends: Marks) -> None:
        first = int(ends.argmax())
        found = bool(ends[first])
        last = len(ends) - 1 - int(ends[::-1].argmax()) if found else -1
        begun = self._ruler.measure(first if found else -1, last, len(ends))
        if begun is not None:
            raise too_long(self._file, begun, LONGEST_ROW, "write one row a line, and close every quote")

    def _add(self, feeds: Marks, returns: Marks) -> None:
        """Count the line ends of a block, two marks of the block before in front of them."""
        paired = feeds[2:] & returns[1:-1]
        found = {
            "feeds": feeds[2:],
            "returns": returns[2:],
            "pairs": paired,
            "empty feeds": feeds[2:] & feeds[1:-1],
            "empty returns": returns[2:] & returns[1:-1],
            "empty pairs": paired & feeds[:-2],
        }
        for what, marks in found.items():
            self._count[what] += int(np.count_nonzero(marks))
        self._feeds, self._returns = feeds[-2:], returns[-2:]

    def rows(self) -> Rows:
        count = self._count
        feeds, returns, pairs = count["feeds"], count["returns"], count["pairs"]
        ended = not self._read or self._before in (_FEED, _RETURN)
        if not returns:
            return Rows(feeds, count["empty feeds"], ended)
        if not feeds:
            return Rows(returns, count["empty returns"], ended)
        if feeds == returns == pairs:
            return Rows(pairs, count["empty pairs"], ended)
        hint = "end every row alike, as a program that writes the whole file does"
        raise Refused(f"{self._file.label} ends its rows in different ways", hint)
