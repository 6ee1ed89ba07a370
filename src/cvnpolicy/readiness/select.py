"""The pieces that a selector of a policy means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cvnpolicy.kinds.readiness.ask import Pieces, Test
from cvnpolicy.kinds.readiness.names import WHOLE
from cvnpolicy.markdown.page import EMPTY, Code, Table, Text
from cvnpolicy.readiness.answer import Asked
from cvnpolicy.readiness.holds import holds
from cvnpolicy.readiness.piece import Piece, joined
from cvnpolicy.readiness.text import Readiness, whole_row

RUNBOOK = "runbook"
"""The section of what a runbook as a whole is asked."""


def select(pieces: Pieces, asked: Asked, section: str) -> list[Piece]:
    """Return the pieces that a question is about, the preferred ones first."""
    found = [
        piece
        for piece in selected(pieces.of, asked.text, pieces.section or section)
        if pieces.where is None or holds(pieces.where, piece, asked.phrases).holds
    ]
    for column, test in (pieces.rows or {}).items():
        found = [piece for piece in found if _row_holds(column, test, piece, asked)]
    if pieces.prefer is not None:
        prefer = pieces.prefer
        found.sort(key=lambda piece: not holds(prefer, whole_row_of(piece), asked.phrases).holds)
    return found


def _row_holds(column: str, test: Test, piece: Piece, asked: Asked) -> bool:
    cell = whole_row_of(piece) if column == WHOLE else piece.row.get(column, Piece(EMPTY))
    return holds(test, cell, asked.phrases).holds


def whole_row_of(piece: Piece) -> Piece:
    """Return the whole row of a cell; the piece itself where it is of no row."""
    cells = list(piece.row.values())
    return piece if not cells else joined(cells) or piece


def selected(selector: str, text: Readiness, section: str) -> list[Piece]:
    """Return the pieces of a selector in a section."""
    if (selector, section) not in text.pieces:
        text.pieces[selector, section] = _selected(selector, text, section)
    return text.pieces[selector, section]


def _selected(selector: str, text: Readiness, section: str) -> list[Piece]:
    name, _, column = selector.partition(".")
    if name == "title":
        return [Piece(Text(heading.text, heading.line)) for heading in text.titles]
    if name in ("entries", "parts"):
        return entries(text, column, common=name == "parts")
    if name in text.spec.fields:
        return text.field(name)
    if name in text.spec.tables:
        shape = text.table(name)
        rows = () if shape is None else shape.rows
        return list(rows) if not column else [cell_of(row, column) for row in rows if column in row.row]
    return _of_section(name, text, section)


def cell_of(row: Piece, column: str) -> Piece:
    """Return a cell that knows its row."""
    cell = row.row[column]
    return Piece(cell.source, cell.label, cell.above, row.row)


def _of_section(name: str, text: Readiness, section: str) -> list[Piece]:
    if name == "prose":
        return text.prose(section)
    if name == "rows":
        return text.rows(section)
    if name == "text":
        return sorted([*text.prose(section), *text.rows(section), *text.codes(section)], key=lambda piece: piece.line)
    tasks = text.tasks(section)
    if name == "tasks":
        return [piece for piece, _ in tasks]
    return [piece for piece, ticked in tasks if ticked is (name == "ticked")]


def entries(text: Readiness, part: str = "", *, common: bool = False) -> list[Piece]:
    """Return the entries of a runbook, or a part of each.

    Args:
        text: The runbook.
        part: ``heading``; ``seen`` for the heading and how the symptom is seen; ``steps`` for the rest; or empty.
        common: Whether what all entries share counts too.
    """
    runbook = text.spec.runbook
    shared = text.phrases.pattern(runbook.common) if runbook.common and not common else None
    pieces = _by_heading(text)
    found: list[Piece | None] = []
    headings = text.page.headings
    if common:
        first = next((i for i, each in enumerate(headings) if each.level == runbook.entry_level), len(headings))
        found.append(joined([piece for at in range(-1, first) for piece in pieces.get(at, ())]))
    for index, heading in enumerate(headings):
        head = Piece(Text(heading.text, heading.line))
        plain = head.head.split(". ", 1)[-1] if heading.number else head.head
        if heading.level != runbook.entry_level or (shared is not None and shared.match(plain) is not None):
            continue
        parts = [piece for at in text.page.below(index) for piece in pieces.get(at, ())]
        if part == "heading":
            found.append(head)
        elif part == "seen":
            found.append(joined([head, *(each for each in parts if _detects(text, each))]))
        elif part == "steps":
            found.append(joined([Piece(Text("", heading.line)), *(each for each in parts if not _detects(text, each))]))
        else:
            found.append(joined([head, *parts]))
    return [piece for piece in found if piece is not None]


def _by_heading(text: Readiness) -> Mapping[int, Sequence[Piece]]:
    """Return every piece by the heading that it stands below."""
    found: dict[int, list[Piece]] = {}
    for block in text.page.blocks:
        pieces = found.setdefault(block.section, [])
        if isinstance(block, Table):
            pieces += [whole_row(row.cells, row.line) for row in block.rows]
        elif isinstance(block, Code):
            pieces.append(Piece(Text(block.text, block.line)))
        else:
            pieces.append(Piece(block.text))
    return found


def _detects(text: Readiness, piece: Piece) -> bool:
    words = text.spec.runbook.detection
    return words is not None and text.phrases.pattern(words).match(piece.head) is not None
