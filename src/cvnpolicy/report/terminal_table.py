"""Aligned tables that fit the page, or step down, in the end to one wrapped line a row, where they cannot."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from cvnpolicy.report.text import Page, Role, Word, columns, lay, words

_GAP = 2
_LAST = 24
_BELOW = 4


@dataclass(frozen=True, slots=True)
class Column:
    """The head of a column. Numbers stand to the right."""

    title: str
    right: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Cells that are safe already, row by row, under their columns."""

    head: tuple[Column, ...]
    rows: tuple[tuple[Word, ...], ...]

    def without_empty(self, blanks: Collection[str] = ()) -> Table:
        """Return the table without the columns in which no row says anything but one of the ``blanks``."""
        nothing = {"", *blanks}
        places = range(len(self.head))
        return self.only([place for place in places if any(row[place].text not in nothing for row in self.rows)])

    def only(self, places: Sequence[int]) -> Table:
        """Return the table with the columns at these places alone."""
        rows = tuple(tuple(row[place] for place in places) for row in self.rows)
        return Table(tuple(self.head[place] for place in places), rows)

    def titled(self) -> Table:
        """Return the table with its titles as the first row."""
        return Table(self.head, (tuple(Word(column.title, Role.DIM) for column in self.head), *self.rows))

    def widths(self) -> list[int]:
        """Return the width of every column in terminal columns."""
        return [max((columns(row[place].text) for row in self.rows), default=0) for place in range(len(self.head))]

    def across(self) -> int:
        """Return the width of the whole."""
        return sum(self.widths()) + _GAP * (len(self.head) - 1)


def draw(table: Table, page: Page, *, indent: int, titles: bool = True) -> list[str]:
    """Return the lines of a table.

    A last column of text that is too wide is wrapped under itself, or, where little room is left, on lines of its own
    under its row. A table too wide even so becomes one wrapped line a row, each cell with the name of its column.
    """
    if not table.rows or not table.head:
        return []
    full = table.titled() if titles else table
    if indent + full.across() <= page.width:
        return [line.rstrip() for line in _grid(full, page, indent)]
    if not table.head[-1].right:
        short = full.only(range(len(full.head) - 1))
        notes = [row[-1] for row in full.rows]
        hang = indent + short.across() + _GAP
        longest = max(columns(word.text) for note in notes for word in [Word(""), *words(note.text)])
        if short.head and page.width - hang >= max(_LAST, longest):
            return _beside(_grid(short, page, indent), notes, page, hang)
        if short.head and indent + short.across() <= page.width:
            notes = [Word(""), *notes[1:]] if titles else notes
            return _below(_grid(short, page, indent), notes, page, indent + _BELOW)
    return [line for row in table.rows for line in _stacked(table.head, row, page, indent)]


def _grid(table: Table, page: Page, indent: int) -> list[str]:
    """Return one line a row, each padded to the width of the table."""
    widths = table.widths()
    return [" " * indent + _row(table.head, row, widths, page) for row in table.rows]


def _row(head: Sequence[Column], row: Sequence[Word], widths: Sequence[int], page: Page) -> str:
    """Return the cells of a row, padded; the padding stays uncoloured, so that it can go from the end of a line."""
    cells = []
    for column, cell, width in zip(head, row, widths, strict=True):
        text, space = page.paint(cell.text, cell.role), " " * (width - columns(cell.text))
        cells.append(space + text if column.right else text + space)
    return (" " * _GAP).join(cells)


def _beside(rows: Sequence[str], notes: Sequence[Word], page: Page, hang: int) -> list[str]:
    """Return the rows with a note beside each, wrapped under itself from column ``hang`` on."""
    lines = []
    for row, note in zip(rows, notes, strict=True):
        first, *rest = lay(words(note.text, note.role), page, indent=hang) or [""]
        lines += [(row + " " * _GAP + first[hang:]).rstrip(), *rest]
    return lines


def _below(rows: Sequence[str], notes: Sequence[Word], page: Page, indent: int) -> list[str]:
    """Return the rows with a note under each."""
    lines = []
    for row, note in zip(rows, notes, strict=True):
        lines += [row.rstrip(), *lay(words(note.text, note.role), page, indent=indent)]
    return lines


def _stacked(head: Sequence[Column], row: Sequence[Word], page: Page, indent: int) -> list[str]:
    """Return one row as ``name=cell`` words; cells that say nothing are left out."""
    named = zip(head, row, strict=True)
    said = [(f"{column.title}=" if column.title else "", cell) for column, cell in named if cell.text]
    content = [word for title, cell in said for word in words(title + cell.text, cell.role)]
    return lay(content, page, indent=indent, hang=indent + 2)
