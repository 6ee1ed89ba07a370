"""Comparing what a readiness file or a runbook states with the policies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from cvnpolicy.core.kind import PolicySet
from cvnpolicy.core.location import Location
from cvnpolicy.kinds.readiness.model import Term
from cvnpolicy.markdown.page import Page
from cvnpolicy.readiness.truth import models
from cvnpolicy.readiness.truth.figure import Figure, FigureKind, Status
from cvnpolicy.readiness.truth.judging import Judge
from cvnpolicy.readiness.truth.knowledge import Knowledge
from cvnpolicy.readiness.truth.naming import Mention
from cvnpolicy.readiness.truth.readings import Reading
from cvnpolicy.readiness.truth.reads import Library, Read
from cvnpolicy.readiness.truth.texts import Piece, Scope, pieces
from cvnpolicy.readiness.truth.verdict import Verdict
from cvnpolicy.readiness.truth.vocabulary import vocabulary

_LONGEST = 90
"""The most letters of the text around a figure that a message repeats."""


def learn(policies: PolicySet, terms: Sequence[Term]) -> Knowledge:
    """Look up what policies and terms say, for :func:`figures` of any number of documents."""
    return Knowledge(vocabulary(policies), terms)


def compare(
    page: Page, policies: PolicySet, terms: Sequence[Term], sections: Callable[[int], bool] | None = None
) -> tuple[Figure, ...]:
    """Compare every figure that a page states with the policies.

    Args:
        page: A readiness file or a runbook.
        policies: The policies.
        terms: What words of the team mean.
        sections: Which sections are read, by the index of their heading; all without.

    Returns:
        The figures, sorted by line.
    """
    return figures(page, learn(policies, terms), sections)


def figures(page: Page, knowledge: Knowledge, sections: Callable[[int], bool] | None = None) -> tuple[Figure, ...]:
    """Compare as :func:`compare` does, with what has been looked up before."""
    library = Library(knowledge)
    judge = cache(lambda read: Judge(read, judge))
    found: list[tuple[int, int, int, Figure]] = []
    for order, piece in enumerate(pieces(page, sections)):
        read = library.read(piece)
        for reading, verdict in judge(read).verdicts():
            figure = _figure(piece, reading, verdict)
            found.append((figure.line, order, reading.start, figure))
        for mention in read.mentions:
            if mention.figure:
                figure = _name(read, mention, judge)
                found.append((figure.line, order, mention.start, figure))
    return tuple(figure for *_, figure in sorted(found, key=lambda each: each[:3]))


def _figure(piece: Piece, reading: Reading, verdict: Verdict) -> Figure:
    text = " ".join(piece.text[reading.start : reading.end].split())
    line = piece.line_at(reading.start)
    first = verdict.first
    if first is None:
        return _unbound(text, reading.kind, line, verdict.reason)
    quoted = _around(piece, reading.start, reading.end)
    message = f"says {quoted}, {_place(first.where)} ({first.check}) says {first.says}"
    return Figure(text, reading.kind, line, verdict.status, first.check, first.where, first.says, message)


def _unbound(text: str, kind: FigureKind, line: int, reason: str) -> Figure:
    return Figure(text, kind, line, Status.UNBOUND, says=reason, message=f"'{text}': {reason}")


def _around(piece: Piece, start: int, end: int) -> str:
    first, last = piece.span(Scope.FRAGMENT, start, end)
    first, last = max(first, start - _LONGEST // 2), min(last, max(end, start + _LONGEST // 2))
    said = " ".join(piece.text[start:end].split())
    whole = " ".join(piece.text[first:last].split()).strip("→,;:()-—–`. ")
    return f"'{said}'" if whole == said or said not in whole else f"'{said}' ('{whole}')"


def _place(where: Location | None) -> str:
    return "the configuration" if where is None else f"{where.file}:{where.line}"


def _name(read: Read, mention: Mention, judge: Callable[[Read], Judge]) -> Figure:
    piece = read.piece
    text = " ".join(piece.text[mention.start : mention.end].split())
    line = piece.line_at(mention.start)
    if mention.kind is FigureKind.MODEL and not mention.wrong:
        mention = models.bound(read, mention, judge)
    named = mention.named
    if named is None or (mention.doubt and not mention.wrong):
        return _unbound(text, mention.kind, line, mention.doubt)
    status = Status.CONTRADICTS if mention.wrong else Status.AGREES
    says = mention.wrong or f"{named.kind} {named.name}"
    message = f"says '{text}', {_place(named.where)} knows {says}"
    return Figure(text, mention.kind, line, status, named.check, named.where, says, message)
