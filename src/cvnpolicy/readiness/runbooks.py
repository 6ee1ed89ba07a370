"""The runbooks that a readiness file names."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence

from cvnpolicy.core.finding import Outcome
from cvnpolicy.kinds.readiness.ask import Runbooks, Test
from cvnpolicy.readiness.answer import Answer, Asked, Verdict
from cvnpolicy.readiness.holds import holds
from cvnpolicy.readiness.piece import Piece
from cvnpolicy.readiness.select import selected

_GOOD = (Outcome.PASS, Outcome.NOT_APPLICABLE)


def runbooks(wanted: Runbooks, asked: Asked, section: str) -> Answer:
    """Answer whether runbooks are named, lie where they should, are there, and pass rules."""
    pieces = [piece for selector in wanted.of for piece in _selected(selector, wanted.where, asked, section)]
    path = asked.phrases.form("path")
    if not pieces:
        return Answer(Outcome.FAIL, asked.text.line(section), "there is nothing that could name one")
    if wanted.named:
        for piece in pieces:
            if path.search(piece.plain) is None:
                return Answer(Outcome.FAIL, piece.line, f"'{piece.short}' names no runbook")
    folder = posixpath.dirname(asked.around.path)
    found = [(_whole(name, folder), piece) for piece in pieces for name in _paths(path, piece)]
    if not found:
        return Answer(Outcome.FAIL, asked.text.line(section), "no runbook is named")
    for name, piece in found:
        why = next(_wrong(wanted, name, piece, asked), None)
        if why is not None:
            return Answer(Outcome.FAIL, piece.line_of(name), f"{name} {why}")
    names = tuple(dict.fromkeys(name for name, _ in found))
    return Answer(Outcome.PASS, found[0][1].line_of(names[0]), ", ".join(names[:5]))


def _selected(selector: str, where: Test | None, asked: Asked, section: str) -> list[Piece]:
    """Pieces that may name a runbook: cells of a column always, others where a test holds."""
    found = selected(selector, asked.text, section)
    if "." in selector or where is None:
        return found
    return [piece for piece in found if holds(where, piece, asked.phrases).holds]


def _whole(name: str, folder: str) -> str:
    """Return a path from the top of the repository, where it is written as one from the folder of the file."""
    return posixpath.normpath(posixpath.join(folder, name)) if name.startswith(("./", "../")) else name


def _paths(path: re.Pattern[str], piece: Piece) -> list[str]:
    """The runbooks that a piece names: of several files those that are called so."""
    names = [match[0] for match in path.finditer(piece.plain)]
    return [name for name in names if "runbook" in name] or names


def _wrong(wanted: Runbooks, name: str, piece: Piece, asked: Asked) -> Iterator[str]:
    if wanted.under is not None and not name.startswith(wanted.under):
        yield f"does not lie below {wanted.under}"
    if wanted.absent_if is not None and (said := asked.phrases.pattern(wanted.absent_if).search(piece.plain)):
        yield f"is not there yet: it says '{said[0]}'"
    if not wanted.exist and wanted.rules is None:
        return
    verdicts = asked.judged(name)
    if verdicts is None:
        yield "is not there"
        return
    yield from _failed(wanted.rules or (), verdicts)


def _failed(rules: Sequence[str], verdicts: Mapping[str, Verdict]) -> Iterator[str]:
    for rule in rules:
        verdict = verdicts.get(rule)
        if verdict is None:
            yield f"was not asked {rule}"
        elif verdict.outcome not in _GOOD:
            yield f"fails {rule}, line {verdict.answer.line}: {verdict.answer.said}"
