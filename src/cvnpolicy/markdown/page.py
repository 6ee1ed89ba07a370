"""What a checker reads of a Markdown text: every block with its line, its section and its inline marks."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from cvnpolicy.markdown.document import Heading


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of a text: a code span, strong text or a link."""

    start: int
    end: int
    target: str = ""
    """The address of a link; empty for others."""


@dataclass(frozen=True, slots=True)
class Text:
    """Inline text as it is read: without emphasis marks, code fences and comments. Line breaks are kept."""

    text: str
    line: int
    """Of its first character, counted from 1."""
    codes: tuple[Mark, ...] = ()
    strong: tuple[Mark, ...] = ()
    links: tuple[Mark, ...] = ()

    def line_at(self, offset: int) -> int:
        """Return the line of a character."""
        return self.line + self.text.count("\n", 0, offset)


EMPTY = Text("", 0)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph outside of lists."""

    text: Text
    section: int


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a list: its own first paragraph; items below it are items of their own."""

    text: Text
    section: int
    depth: int
    """0 for an item of an outermost list."""
    parent: int | None
    """The index, among the blocks, of the item it stands below."""
    task: bool | None
    """Whether its box is ticked; None without a box."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table, with as many cells as the header."""

    cells: tuple[Text, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Table:
    """A table."""

    header: Row
    rows: tuple[Row, ...]
    section: int


@dataclass(frozen=True, slots=True)
class Code:
    """A code block, fenced or indented."""

    text: str
    line: int
    """Of its first line of code; of its fence where it has none."""
    section: int


Block = Paragraph | Item | Table | Code


@dataclass(frozen=True)
class Page:
    """A Markdown text: headings, and the blocks between them in order.

    ``section`` of a block is the index of the heading it stands below, or -1 above the first.
    """

    headings: tuple[Heading, ...]
    blocks: tuple[Block, ...]
    lines: int
    """How many lines the text has."""

    @cached_property
    def _starts(self) -> list[int]:
        return [heading.line for heading in self.headings]

    def section_at(self, line: int) -> int:
        """Return the index of the heading that a line stands below; -1 above the first."""
        return bisect_right(self._starts, line) - 1

    def below(self, heading: int) -> range:
        """Return the indexes of a heading and of the deeper ones right below it."""
        end = heading + 1
        while end < len(self.headings) and self.headings[end].level > self.headings[heading].level:
            end += 1
        return range(heading, end)
