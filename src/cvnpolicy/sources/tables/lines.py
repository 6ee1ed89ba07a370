"""How long the lines of a text file are, and how many: a row that DuckDB passes over in silence is noticed here.

DuckDB reads text in buffers of about 32 MiB, and what it does with a line that fits into none depends on what follows:
it may refuse the file, or leave the line out. So the whole file is measured here first.
"""

from __future__ import annotations

from cvnpolicy.sources.paths import FoundFile
from cvnpolicy.sources.refused import Refused
from cvnpolicy.sources.tables.packed import BLOCK, blocks, unpacked

LONGEST_OBJECT = 16 * 2**20
"""The longest line of a file of JSON lines in bytes, its line end left out."""


class Ruler:
    """Measures lines block by block. A block is shorter than a line may be, so only lines that cross blocks matter."""

    def __init__(self, longest: int) -> None:
        """Start at the start of a file.

        Args:
            longest: How many bytes a line may have.

        Raises:
            ValueError: A block has more.
        """
        if longest < BLOCK:
            raise ValueError(f"a line may be no shorter than a block of {BLOCK:,} bytes")
        self._longest = longest
        self._begun = 0
        """Where the line that is not over yet begins."""
        self._read = 0

    def measure(self, first: int, last: int, size: int) -> int | None:
        """Return where a line begins that is too long, in bytes from the start of the file; None where none is.

        Args:
            first: Where in the block the first line ends; -1 where none does.
            last: Where the last one does.
            size: How long the block is.
        """
        begun, over = self._begun, self._read + (size if first < 0 else first)
        if last >= 0:
            self._begun = self._read + last + 1
        self._read += size
        return begun if over - begun > self._longest else None


def check_objects(file: FoundFile) -> None:
    r"""Read a file of JSON lines to its end, and refuse a line that is too long. Only ``\n`` ends one.

    Raises:
        Refused: It has such a line, or is a gzip file that is damaged or too large.
    """
    ruler = Ruler(LONGEST_OBJECT)
    for block in blocks(file):
        begun = ruler.measure(block.find(b"\n"), block.rfind(b"\n"), len(block))
        if begun is not None:
            raise too_long(file, begun, LONGEST_OBJECT, "write one JSON object a line")


def too_long(file: FoundFile, begun: int, longest: int, hint: str) -> Refused:
    """Return the answer about a line that begins at a byte."""
    return Refused(f"{file.label} line {line_at(file, begun)} is longer than {longest:,} bytes", hint)


def line_at(file: FoundFile, place: int) -> int:
    r"""Return the number of the line of a byte, from 1. Lines end in ``\n``, or in ``\r`` where there is none."""
    feeds = returns = 0
    with unpacked(file) as stream:
        while place > 0 and (block := stream.read(min(place, BLOCK))):
            place -= len(block)
            feeds += block.count(b"\n")
            returns += block.count(b"\r")
    return 1 + (feeds or returns)
