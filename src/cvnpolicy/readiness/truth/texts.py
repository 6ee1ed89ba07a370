"""A page as pieces of text: cells, items, paragraphs, headings and lines of code, each with what stands around it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property

from cvnpolicy.markdown.document import Heading
from cvnpolicy.markdown.page import Code, Item, Page, Table, Text

_PLAIN = str.maketrans(
    {
        "\n": " ",
        "\t": " ",
        "\u00a0": " ",
        "\u2009": " ",
        "\u202f": " ",
        "\u2011": "-",
        "\u2212": "-",
        "\uff05": "%",
        "\u03a3": "σ",
        "\u2019": "'",
    }
)
"""Signs that are read like another one; each for one, so that places stay what they are."""

_BREAK = re.compile(
    r"(?P<sentence>[.!?](?=\s{1,20}[^\sa-z])|(?<=\s)[├└│](?=\s))"
    r"|(?P<part>;)"
    r"|(?P<fragment>,(?!\d)|→|->|[()](?!\))|:(?=\s)|\s[—–]\s|\b(?:AND|OR|and|or)\b)"
)


_UNBROKEN: tuple[list[int], list[int], list[int]] = ([], [], [])


class Scope(IntEnum):
    """How much of the text around a figure is looked at, narrowest first."""

    FRAGMENT = 0
    """Up to the next comma, arrow, bracket, ``and``."""
    PART = 1
    """Up to the next semicolon."""
    SENTENCE = 2
    PIECE = 3
    """The whole cell, item or paragraph."""
    ROW = 4
    """The whole row of the table."""
    ABOVE = 5
    """What the item stands below."""
    HEADING = 6
    """The heading of the section."""


@dataclass(frozen=True, eq=False)
class Piece:
    """A text that is read on its own. Each is only equal to itself."""

    written: str
    line: int
    section: int
    codes: tuple[tuple[int, int], ...] = ()
    header: str = ""
    """What the head of its column says."""
    row: list[Piece] = field(default_factory=list, repr=False)
    """All cells of its row, itself included; they share one list."""
    above: Piece | None = None
    """What it stands below."""
    heading: Piece | None = field(default=None, repr=False)

    @cached_property
    def text(self) -> str:
        """The text with plain spaces and signs, as long as what is written."""
        return self.written.translate(_PLAIN)

    def line_at(self, offset: int) -> int:
        """Return the line of a character."""
        return self.line + self.written.count("\n", 0, offset) if "\n" in self.written else self.line

    @cached_property
    def _breaks(self) -> tuple[list[int], list[int], list[int]]:
        if _BREAK.search(self.text) is None:
            return _UNBROKEN
        every: tuple[list[int], list[int], list[int]] = ([], [], [])
        for match in _BREAK.finditer(self.text):
            depth = ("fragment", "part", "sentence").index(match.lastgroup or "fragment")
            for scope in range(depth + 1):
                every[scope].append(match.start())
        return every

    def span(self, scope: Scope, start: int, end: int) -> tuple[int, int]:
        """Return the stretch of this text around a figure."""
        if scope > Scope.SENTENCE:
            return 0, len(self.text)
        breaks = self._breaks[scope]
        before = bisect_right(breaks, start) - 1
        after = bisect_left(breaks, end)
        return (breaks[before] if before >= 0 else 0, breaks[after] if after < len(breaks) else len(self.text))

    def others(self, scope: Scope) -> Iterator[Piece]:
        """Yield the other texts that a scope looks at."""
        if scope is Scope.ROW:
            yield from self.row
        elif scope is Scope.ABOVE:
            above = self.above
            while above is not None:
                yield above
                above = above.above
        elif scope is Scope.HEADING and self.heading is not None:
            yield self.heading


def pieces(page: Page, sections: Callable[[int], bool] | None = None) -> Iterator[Piece]:
    """Yield the pieces of a page in the order of the text, those of chosen sections only.

    Args:
        page: The page.
        sections: Which sections, by the index of their heading; all without.
    """
    headings = [_heading(index, heading) for index, heading in enumerate(page.headings)]
    items: dict[int, Piece] = {}
    paragraph: tuple[int, Piece | None] = (-2, None)
    yield from (heading for heading in headings if sections is None or sections(heading.section))
    for index, block in enumerate(page.blocks):
        heading = headings[block.section] if 0 <= block.section < len(headings) else None
        if sections is not None and not sections(block.section):
            continue
        if isinstance(block, Table):
            yield from _rows(block, heading)
        elif isinstance(block, Code):
            yield from _code(block, heading)
        elif isinstance(block, Item):
            above = items.get(block.parent) if block.parent is not None else None
            above = paragraph[1] if above is None and paragraph[0] == block.section else above
            items[index] = _piece(block.text, block.section, heading, above)
            yield items[index]
        else:
            piece = _piece(block.text, block.section, heading, None)
            paragraph = (block.section, piece if piece.text.rstrip().endswith(":") else None)
            yield piece


def _heading(index: int, heading: Heading) -> Piece:
    return Piece(heading.text, heading.line, index)


def _piece(text: Text, section: int, heading: Piece | None, above: Piece | None) -> Piece:
    codes = tuple((mark.start, mark.end) for mark in text.codes)
    return Piece(text.text, text.line, section, codes, above=above, heading=heading)


def _rows(table: Table, heading: Piece | None) -> Iterator[Piece]:
    heads = [cell.text for cell in table.header.cells]
    for row_of_table in table.rows:
        row: list[Piece] = []
        for head, cell in zip(heads, row_of_table.cells, strict=True):
            codes = tuple((mark.start, mark.end) for mark in cell.codes)
            row.append(Piece(cell.text, row_of_table.line, table.section, codes, head, row, heading=heading))
        yield from row


def _code(block: Code, heading: Piece | None) -> Iterator[Piece]:
    for index, line in enumerate(block.text.split("\n")):
        if line.strip():
            yield Piece(line, block.line + index, block.section, heading=heading)
