"""What a file leaves out on purpose: markers with a reason, and words that only look like one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cvnpolicy.core.finding import Outcome
from cvnpolicy.kinds.readiness.ask import Marker
from cvnpolicy.readiness.answer import Answer, Asked
from cvnpolicy.readiness.piece import PLACEHOLDER, Piece
from cvnpolicy.readiness.text import Readiness

_LIKE = re.compile(r"\bSKIP\b(?=\s*(?:[—–:-]))")
_LETTERS = re.compile(r"[^\W\d_]{2}")


@dataclass(frozen=True)
class Skip:
    """Something that reads like a marker."""

    piece: Piece
    line: int
    label: str
    """What stands before it on its piece: empty where it stands alone."""
    reason: str
    """What follows its colon; empty without a reason, or where its form is wrong."""


def skips(text: Readiness, section: str) -> list[Skip]:
    """Return what reads like a marker in a section, in order. One in a code span is a quotation, and none."""
    found = []
    for piece in [*text.prose(section), *text.cells(section)]:
        quoted = [(mark.start, mark.end) for mark in piece.source.codes]
        starts = (like.start() for like in _LIKE.finditer(piece.raw))
        found += [_skip(text, piece, at) for at in starts if not any(first <= at < end for first, end in quoted)]
    return sorted(found, key=lambda skip: skip.line)


def _skip(text: Readiness, piece: Piece, start: int) -> Skip:
    form = re.compile(rf"(?:{text.phrases.exact(text.spec.marker)})\s{{0,3}}:\s*")
    match = form.match(piece.raw, start)
    reason = piece.raw[match.end() :].strip() if match is not None else ""
    clean = PLACEHOLDER.sub("", reason)
    label = piece.raw[:start].strip(" \n*_:.-—–✅⏸️")
    return Skip(piece, piece.source.line_at(start), label, reason if _LETTERS.search(clean) else "")


def covering(text: Readiness, section: str, words: Sequence[str]) -> Skip | None:
    """Return the marker with a reason that covers a rule: it stands alone, or its label has one of the words."""
    pattern = text.phrases.pattern(words)
    for skip in skips(text, section):
        about = skip.label.partition(":")[0]
        if skip.reason and (not skip.label or pattern.search(about) is not None):
            return skip
    return None


def marker(wanted: Marker, asked: Asked, section: str) -> Answer:
    """Answer what a policy asks about what is left out."""
    if wanted.bare is not None:
        return _bare(wanted, asked, section)
    sections = [section] if wanted.reason is not None else list(asked.spec.sections)
    found = [skip for name in sections for skip in skips(asked.text, name)]
    if not found:
        return Answer(Outcome.NOT_APPLICABLE, asked.text.line(section), "there is no marker")
    for skip in found:
        if not skip.reason:
            form = asked.spec.marker.replace("{dash}", "—")
            return Answer(Outcome.FAIL, skip.line, f"it is not '**{form}**: ' with a reason")
        if wanted.reason is not None and asked.phrases.pattern(wanted.reason).search(skip.reason) is None:
            return Answer(Outcome.FAIL, skip.line, f"the reason is '{skip.reason[:60]}'")
    return Answer(Outcome.PASS, found[0].line, f"'{found[0].reason[:60]}'")


def _bare(wanted: Marker, asked: Asked, _section: str) -> Answer:
    """Look for words that leave something out, in every section that excuses none of them."""
    text, pattern = asked.text, asked.phrases.pattern(wanted.bare or ())
    excuse = asked.phrases.pattern(wanted.unless) if wanted.unless else None
    quotes = asked.phrases.pattern(wanted.lacks) if wanted.lacks else None
    seen: Answer | None = None
    for name in asked.spec.sections:
        every = sorted([*text.prose(name), *text.cells(name)], key=lambda piece: piece.line)
        pieces = [piece for piece in every if quotes is None or quotes.search(piece.plain) is None]
        bare = [(piece, match[0]) for piece in pieces if (match := pattern.search(piece.plain)) is not None]
        if not bare:
            continue
        piece, said = bare[0]
        excused = any(skip.reason for skip in skips(text, name)) or (
            excuse is not None and any(excuse.search(each.plain) for each in pieces)
        )
        if not excused:
            return Answer(Outcome.FAIL, piece.line_of(said), f"'{said}' without a marker in its section")
        seen = seen or Answer(Outcome.PASS, piece.line_of(said), f"'{said}' is excused")
    return seen or Answer(Outcome.NOT_APPLICABLE, 1, "nothing is left out in such words")
