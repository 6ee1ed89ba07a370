"""Names that stand in one place of a file and must stand in another too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from cvnpolicy.core.finding import Outcome
from cvnpolicy.kinds.readiness.ask import Listed, Pieces, Test
from cvnpolicy.readiness.answer import Answer, Asked
from cvnpolicy.readiness.holds import holds
from cvnpolicy.readiness.piece import Piece
from cvnpolicy.readiness.select import select, selected, whole_row_of

_EVENT = re.compile(r"event=([A-Za-z_][A-Za-z0-9_.]{1,80})")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]{0,40}(?:[_.][A-Za-z0-9]{1,40}){1,8}")


def listed(wanted: Listed, asked: Asked, section: str) -> Answer:
    """Answer whether what pieces name has a row of its own."""
    every = Pieces.model_construct(of=wanted.of, where=wanted.where, section=None, rows=None, prefer=None)
    found = select(every, asked, section)
    if not found:
        return Answer(Outcome.FAIL, asked.text.line(section), "nothing is named")
    cells = [cell for column in wanted.columns for cell in selected(column, asked.text, section)]
    rows: list[int] = []
    for piece in found:
        names = list(dict.fromkeys(_names(piece, loose=wanted.names)))
        why = [(name, *_row_of(name, cells, wanted.row, asked)) for name in names]
        missing = [(name, reason, line) for name, reason, line in why if reason]
        if wanted.names and len(missing) == len(names):
            said = f"{missing[0][0]} {missing[0][1]}" if missing else "no event and no metric is named"
            return Answer(Outcome.FAIL, piece.line, f"'{piece.short}': {said}")
        if not wanted.names and missing:
            name, reason, line = missing[0]
            return Answer(Outcome.FAIL, line or piece.line_of(name), f"{name} {reason}")
        rows += [line for _, reason, line in why if not reason]
    return Answer(Outcome.PASS, rows[0] if rows else found[0].line, f"{len(found)} looked at")


def _names(piece: Piece, *, loose: bool) -> Iterator[str]:
    """What a piece names in code spans: events by their name; where that is loose, also words with ``_`` or ``.``."""
    for code in piece.codes:
        event = _EVENT.search(code)
        yield event[1] if event is not None else code.split()[0]
    if loose:
        yield from (match[1] for match in _EVENT.finditer(piece.plain))
        yield from (match[0] for match in _NAME.finditer(piece.plain))


def _row_of(name: str, cells: Sequence[Piece], row: Test | None, asked: Asked) -> tuple[str, int]:
    """Return what is wrong with the row of a name, empty where nothing is, and the line of the row, 0 without one."""
    whole = re.compile(rf"(?<![\w.]){re.escape(name)}(?![\w])|\.{re.escape(name)}(?![\w])")
    reason, line = "has no row", 0
    for cell in cells:
        if whole.search(cell.plain) is None:
            continue
        if row is None:
            return "", cell.line
        held = holds(row, whole_row_of(cell), asked.phrases)
        if held.holds:
            return "", cell.line
        reason, line = f"has a row: {held.why}", cell.line
    return reason, line


def routed(selector: str, asked: Asked, section: str) -> Answer:
    """Answer whether each alert that is routed to this runbook is named in some piece."""
    alerts = asked.around.routed
    line = asked.text.line(section)
    if not alerts:
        return Answer(Outcome.NOT_APPLICABLE, line, "no readiness file routes an alert to it")
    texts = [_loose(piece.raw) for piece in selected(selector, asked.text, section)]
    missing = [alert for alert in alerts if not any(_loose(alert) in text for text in texts)]
    if missing:
        return Answer(Outcome.FAIL, line, f"it has no entry for {', '.join(missing[:5])}")
    return Answer(Outcome.PASS, line, f"{len(alerts)} alerts have an entry")


def alerts_of(rows: Sequence[Piece], column: str) -> Iterator[tuple[str, Piece]]:
    """Yield the name of each alert and its row: the cell of a table, or the event of an item."""
    for row in rows:
        cell = row.row.get(column)
        if cell is None:
            continue
        if cell.source is row.source:
            event = next((match[1] for code in cell.codes if (match := _EVENT.search(code))), None)
            if event is not None:
                yield event, row
        elif cell.is_filled:
            yield (cell.codes[0] if cell.codes else cell.plain.strip()), row


def _loose(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text).casefold()
