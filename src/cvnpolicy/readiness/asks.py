"""The questions of a policy, each asked of one file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cvnpolicy.core.finding import Outcome
from cvnpolicy.kinds.readiness.ask import Ask, Claim, Compare, Days, Other, Pieces, Test
from cvnpolicy.readiness.answer import Answer, Asked
from cvnpolicy.readiness.holds import Held, holds
from cvnpolicy.readiness.markers import marker
from cvnpolicy.readiness.named import listed, routed
from cvnpolicy.readiness.phrases import date_of
from cvnpolicy.readiness.piece import Piece, joined
from cvnpolicy.readiness.runbooks import runbooks
from cvnpolicy.readiness.select import select, selected

DOCUMENT = "document"
"""The section that stands for the whole file."""

PASS, FAIL, ABSENT, UNSURE = Outcome.PASS, Outcome.FAIL, Outcome.NOT_APPLICABLE, Outcome.INCONCLUSIVE


def ask(question: Ask, asked: Asked, section: str) -> Answer:
    """Ask one question of a file, about a section."""
    name = next(iter(question.model_fields_set))
    return _ASKS[name](getattr(question, name), asked, section)


def _pieces(wanted: Pieces, asked: Asked, section: str) -> Answer:
    found = select(wanted, asked, section)
    place = asked.text.line(section if wanted.section == DOCUMENT else wanted.section or section)
    if not found:
        near = selected(wanted.of, asked.text, wanted.section or section)
        in_field = wanted.of in asked.spec.fields or wanted.of.partition(".")[0] in asked.spec.tables
        line = near[0].line if near and in_field else place
        return Answer(wanted.missing, line, "there is nothing of the kind")
    quantifier = next(name for name in _QUANTIFIERS if getattr(wanted, name) is not None)
    return _QUANTIFIERS[quantifier](getattr(wanted, quantifier), found, asked, place)


def _each(test: Test, found: Sequence[Piece], asked: Asked, _place: int) -> Answer:
    for piece in found:
        held = holds(test, piece, asked.phrases)
        if not held.holds:
            return Answer(FAIL, piece.line_of(held.said) if held.said else piece.line, _why(piece, held.why))
    return Answer(PASS, found[0].line, f"{len(found)} looked at")


def _any(test: Test, found: Sequence[Piece], asked: Asked, place: int) -> Answer:
    near: tuple[int, Piece, Held] | None = None
    for piece in found:
        held = holds(test, piece, asked.phrases)
        if held.holds:
            return Answer(PASS, piece.line_of(held.said), f"'{piece.short}'")
        if near is None or held.met > near[0]:
            near = (held.met, piece, held)
    met, piece, held = near or (0, found[0], Held(holds=False))
    why = held.why
    if met or len(found) == 1:
        # The one that comes nearest is where to look.
        return Answer(FAIL, piece.line_of(held.said) if held.said else piece.line, _why(piece, why))
    return Answer(FAIL, place, f"none of the {len(found)} that were looked at: {why}")


def _first(test: Test, found: Sequence[Piece], asked: Asked, _place: int) -> Answer:
    held = holds(test, found[0], asked.phrases)
    line = found[0].line_of(held.said)
    return Answer(PASS if held.holds else FAIL, line, f"'{found[0].short}'" if held.holds else _why(found[0], held.why))


def _last(test: Test, found: Sequence[Piece], asked: Asked, place: int) -> Answer:
    return _first(test, found[-1:], asked, place)


def _whole(test: Test, found: Sequence[Piece], asked: Asked, place: int) -> Answer:
    piece = joined(found)
    return _first(test, [found[0] if piece is None else piece], asked, place)


def _none(test: Test, found: Sequence[Piece], asked: Asked, _place: int) -> Answer:
    for piece in found:
        held = holds(test, piece, asked.phrases)
        if held.holds:
            return Answer(FAIL, piece.line_of(held.said), f"'{piece.short}'")
    return Answer(PASS, found[0].line, f"{len(found)} looked at")


_QUANTIFIERS: Mapping[str, Callable[[Test, Sequence[Piece], Asked, int], Answer]] = {
    "each": _each,
    "any": _any,
    "first": _first,
    "last": _last,
    "whole": _whole,
    "none": _none,
}


def _why(piece: Piece, why: str) -> str:
    return f"'{piece.short}': {why}" if piece.short else why


def _table(name: str, asked: Asked, _section: str) -> Answer:
    shape = asked.text.table(name)
    if shape is None:
        return Answer(FAIL, asked.text.line(asked.spec.tables[name].section), "there is no such table")
    if not shape.is_table:
        return Answer(FAIL, shape.line, "it is a list of items, not a table")
    if shape.missing:
        return Answer(FAIL, shape.line, f"no column {', '.join(shape.missing)}")
    if not any(piece.raw.strip() for piece in shape.rows):
        return Answer(FAIL, shape.line, "it has no row")
    return Answer(PASS, shape.line, f"{len(shape.rows)} row{'s' * (len(shape.rows) != 1)}")


def _sections(names: Sequence[str], asked: Asked, _section: str) -> Answer:
    text, before = asked.text, 0
    for name in names:
        heading, called = text.heading(name), asked.spec.sections[name].titles[0]
        number = asked.spec.sections[name].number
        if heading is None:
            return Answer(FAIL, text.line(name), f"the section {called} is not there")
        if number is not None and heading.number != number:
            return Answer(FAIL, heading.line, f"the section {called} does not start with {number}.")
        if heading.line < before:
            return Answer(FAIL, heading.line, f"the section {called} stands too early")
        twice = [each for each in text.page.headings if number is not None and (each.level, each.number) == (2, number)]
        if len(twice) > 1:
            return Answer(FAIL, twice[1].line, f"a section {number} comes twice")
        if not any(True for _ in text.blocks(name)):
            return Answer(FAIL, heading.line, f"the section {called} is empty")
        before = heading.line
    return Answer(PASS, text.line(names[0]), f"{len(names)} sections")


def _compare(wanted: Compare, asked: Asked, section: str) -> Answer:
    form = asked.phrases.form(wanted.form)
    names = (wanted.of, wanted.with_)
    sides = [joined(selected(name, asked.text, section)) for name in names]
    said = [set() if side is None else {match[0] for match in form.finditer(side.plain)} for side in sides]
    line = sides[0].line if sides[0] is not None else asked.text.line(section)
    for name, found in zip(names, said, strict=True):
        if not found or (wanted.same and len(found) != 1):
            return Answer(FAIL, line, f"{name} has {len(found) or 'no'} {wanted.form}{'s' * (len(found) > 1)}")
    equal = bool(said[0] & said[1])
    shown = f"{', '.join(sorted(said[0]))} here, {', '.join(sorted(said[1]))} in {wanted.with_}"
    return Answer(PASS if equal is wanted.same else FAIL, line, shown)


def _days(wanted: Days, asked: Asked, section: str) -> Answer:
    later = [(day, piece) for piece in selected(wanted.of, asked.text, section) if (day := _date(asked, piece))]
    if not later:
        return Answer(FAIL, asked.text.line(section), f"{wanted.of} has no date")
    day, piece = later[0]
    from_ = [first for each in select(wanted.after, asked, section) if (first := _date(asked, each, wanted.after.any))]
    if not from_:
        return Answer(FAIL, piece.line, "the date it counts from is not given")
    between = (day - from_[0]).days
    good = between == wanted.days if wanted.exactly else 0 <= between <= wanted.days
    return Answer(PASS if good else FAIL, piece.line, f"{between} days after {from_[0]}")


def _date(asked: Asked, piece: Piece, test: Test | None = None) -> dt.date | None:
    if test is not None and not holds(test, piece, asked.phrases).holds:
        return None
    for found in asked.phrases.form("date").finditer(piece.plain):
        day = date_of(found[0])
        if day is not None:
            return day
    return None


def _person(selector: str, asked: Asked, section: str) -> Answer:
    piece = joined(selected(selector, asked.text, section))
    found = None if piece is None else asked.phrases.form("handle").search(piece.plain)
    if piece is None or found is None:
        return Answer(FAIL, asked.text.line(section) if piece is None else piece.line, "no handle is given")
    if found[0] in (asked.spec.persons or ()):
        return Answer(PASS, piece.line, f"{found[0]} is a person")
    if found[0] in (asked.spec.teams or ()):
        return Answer(FAIL, piece.line, f"{found[0]} is a team")
    return Answer(UNSURE, piece.line, f"the policy knows {found[0]} neither as a person nor as a team")


def _agree(claims: Sequence[Claim], asked: Asked, section: str) -> Answer:
    lines = asked.text.tasks(section)
    for claim in claims:
        pattern = asked.phrases.pattern(claim.line)
        for piece, done in lines:
            if pattern.search(piece.head) is None or (claim.ticked and not done):
                continue
            where = _contradicted(claim, piece, asked, section)
            if where is not None:
                return Answer(FAIL, piece.line, f"{claim.says} (line {where})")
    ticked = [piece for piece, done in lines if done]
    if not ticked:
        return Answer(UNSURE, lines[0][0].line if lines else asked.text.line(section), "nothing is signed yet")
    return Answer(PASS, ticked[0].line, f"{len(ticked)} signed")


def _contradicted(claim: Claim, piece: Piece, asked: Asked, section: str) -> int | None:
    """Return the line that a sign-off line contradicts, if there is one."""
    if claim.only_if is not None:
        answer = _pieces(claim.only_if, asked, section)
        return answer.line if answer.outcome is FAIL else None
    value = joined(selected(claim.as_ or "", asked.text, section))
    form = asked.phrases.form(claim.form or "")
    here = form.search(piece.plain)
    there = None if value is None else form.search(value.plain)
    if here is None or (there is not None and here[0] == there[0]):
        return None
    return value.line if value is not None else asked.text.line(section)


def _outside(wanted: str, asked: Asked, section: str) -> Answer:
    return Answer(UNSURE, asked.text.line(section), f"it needs {wanted}")


def _stored(folder: str, asked: Asked, section: str) -> Answer:
    if not asked.around.inside:
        return Answer(UNSURE, asked.text.line(section), "it does not lie in the repository")
    good = f"/{asked.around.path}".find(f"/{folder.strip('/')}/") >= 0
    return Answer(PASS if good else FAIL, asked.text.line(section), f"it is {asked.around.path}")


def _rule(other: Other, asked: Asked, section: str) -> Answer:
    verdict = asked.verdicts.get(other.id)
    if verdict is None:
        return Answer(UNSURE, asked.text.line(section), f"{other.id} was not asked before")
    good = verdict.outcome in other.is_
    return Answer(PASS if good else FAIL, verdict.answer.line, f"{other.id} is {verdict.outcome.value}")


def _any_of(questions: Sequence[Ask], asked: Asked, section: str) -> Answer:
    answers = []
    for question in questions:
        answers.append(ask(question, asked, section))
        if answers[-1].outcome is PASS:
            return answers[-1]
    unsure = next((answer for answer in answers if answer.outcome is UNSURE), None)
    return unsure or answers[0]


def _all_of(questions: Sequence[Ask], asked: Asked, section: str) -> Answer:
    answers = [ask(question, asked, section) for question in questions]
    failed = next((answer for answer in answers if answer.outcome is FAIL), None)
    return failed or next((answer for answer in answers if answer.outcome is not PASS), answers[0])


def _none_of(questions: Sequence[Ask], asked: Asked, section: str) -> Answer:
    answers = [ask(question, asked, section) for question in questions]
    passed = next((answer for answer in answers if answer.outcome is PASS), None)
    return Answer(PASS, answers[0].line) if passed is None else Answer(FAIL, passed.line, passed.said)


_ASKS: Mapping[str, Callable[[Any, Asked, str], Answer]] = {
    "pieces": _pieces,
    "table": _table,
    "sections": _sections,
    "compare": _compare,
    "days": _days,
    "listed": listed,
    "runbooks": runbooks,
    "person": _person,
    "marker": marker,
    "stored": _stored,
    "routed": routed,
    "agree": _agree,
    "outside": _outside,
    "rule": _rule,
    "any_of": _any_of,
    "all_of": _all_of,
    "none_of": _none_of,
}
