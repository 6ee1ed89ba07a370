"""Figures as they stand in a text, before anything is known of the policies."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from cvnpolicy.core.condition import Op
from cvnpolicy.readiness.truth import amounts
from cvnpolicy.readiness.truth.amounts import (
    ADVERB,
    COUNTED,
    NUMBER,
    NUMERAL,
    OPERATOR,
    TIME_UNIT,
    UNIT,
    Amount,
    Dimension,
)
from cvnpolicy.readiness.truth.figure import FigureKind

NOTHING = Amount.of(Fraction(0), Dimension.PLAIN)


@dataclass(frozen=True, slots=True)
class Reading:
    """One figure of a text."""

    kind: FigureKind
    start: int
    end: int
    amount: Amount = NOTHING
    op: Op | None = None
    """None where only a number stands: ``5σ returns``."""
    base: str = ""
    """What the number is added to or multiplied with: the sign, as in ``baseline - 0.01``; ``+`` alone also counts."""
    word: str = ""
    """What is no number: a severity, a level, a name."""
    loose: bool = False
    """Whether it may as well be about something else: it can agree, and never contradicts."""
    near: bool = False
    """Whether it only says something of what stands in the same fragment."""


_GAP = r"\s{0,3}"
_LIMIT = re.compile(
    rf"(?P<op>{OPERATOR}){_GAP}(?P<about>[~±≈]{_GAP})?"
    rf"(?:(?P<base>[A-Za-z_]\w{{0,60}}){_GAP}(?P<move>[-+*×]){_GAP})?"
    rf"(?P<sign>[-+])?(?P<number>{NUMBER}|{COUNTED}(?=[\s-])|{NUMERAL}(?=\s{{1,3}}{TIME_UNIT}))(?![\w.]{{0,2}}\d)"
    rf"(?:(?P<of>{_GAP}/{_GAP}[0-9]{{1,6}}(?![\w.])|\sof\s(?:the\s)?[0-9]{{1,6}}\b)"
    rf"|\s{{0,2}}-?(?P<time>{TIME_UNIT})|\s{{0,2}}(?P<unit>{UNIT}))?"
    rf"(?(unit)|(?(time)|(?!\w)))"
    rf"(?P<things>\s{{1,3}}[A-Za-z][\w-]{{0,40}})?"
)
_BARE = re.compile(
    rf"(?<![\w.#§@+/,%-])(?P<about>[~±≈]{_GAP})?(?P<number>{NUMBER})\s{{0,2}}(?P<unit>%(?!\w)|pp\b|σ|(?i:sigmas?)\b)"
)
_ANY = re.compile(r"(?i:\b(?:any|each|every|a)\s(?:single\s)?occurrence\b|\b(?:any|a\ssingle)\sevent\b)")
_SOME = re.compile(r"(?i:\b(?:fires|occurs|each\stime|every\stime)\b)(?!\s{1,3}[<>≥≤\d])")
_INTRO = (
    r"over|in|within|during|across|per|every|each|last|past|rolling|trailing|for|at|an?|(?:window|baseline|median)\sof"
)
_SPAN = re.compile(
    rf"(?:(?P<slash>/){_GAP}|\b(?P<intro>(?i:{_INTRO}))\s{{1,3}})?"
    rf"(?P<words>(?:(?i:the|any|last|past|next|each|every|full|whole|a\srolling|rolling|trailing)\s{{1,3}}){{0,3}})"
    rf"(?P<op>{OPERATOR}{_GAP})?"
    rf"(?P<about>[~±≈]{_GAP})?(?:(?<![\w.#§@+-])(?P<number>{NUMERAL})\s{{0,2}}-?\s?|(?<![\w.-]))(?P<unit>{TIME_UNIT})"
    rf"(?P<behind>[\s-]{{0,2}}(?:post-\w{{1,20}}|(?i:after|post|rolling|baseline|median|mean|average|window)\b))?"
)
_OWN = re.compile(r"(?i:\b(?:rolling|trailing|baseline|median|mean|average)\b)")
"""What makes a window that of a measured number itself, and not that of a check."""
_LASTING = re.compile(
    r"(?i:\b(?:sustained|lasting|lasts?|lasted|persist(?:s|ed|ing)?|been|stays?|remains?|continues?)\b)"
    r"(?:\s{1,3}(?i:for))?(?:\s{1,3}(?i:a|the))?\s{0,3}\Z"
)
_SINCE = re.compile(r"\b[TtDd]\s?\+\s?(?P<days>[0-9]{1,4})(?:d\b|(?!\w))")
_OFTEN = re.compile(
    rf"(?<![\w-])(?:(?P<adverb>{ADVERB})(?![\w-])|(?i:once|every|each)(?i:\s(?:a|an|per|every|each))?\s{{1,3}}"
    rf"(?:(?P<number>{NUMERAL})\s{{0,2}})?(?P<unit>{TIME_UNIT}))"
)
_SEVERITY = re.compile(r"(?<![\w-])P[0-9](?![\w-])")
_LEVEL = re.compile(r"(?<![\w-])(?i:warn(?:ing)?s?|crit(?:ical)?)(?![\w-])")
_JOINING = re.compile(
    r"(?i:a|above|across|after|against|and|any|are|as|at|away|before|below|beyond|between|by|crit|critical|during|each|"
    r"every|for|from|if|in|into|is|of|on|or|over|per|since|so|than|the|then|to|under|until|up|versus|vs|warn|warning|"
    r"was|were|when|where|while|with|within|without)"
)
"""What may stand behind a number without being what is counted."""
_SPEAKS_OF_CHECKS = re.compile(r"\s{0,3}(?:[,;.)]|\Z|(?i:window|test|check|run|job|cadence|schedule|evaluation)s?\b)")
_OPPOSED = {Op.GT, Op.GE}


_WITHOUT_NUMERAL = frozenset({"/", "per", "in", "over", "within", "an", "a"})


def readings(text: str) -> list[Reading]:
    """Return the figures of a text in their order, none of them overlapping."""
    taken = bytearray(len(text) + 1)
    found: list[Reading] = []
    for source in (_since, _often, _spans, _limits, _bare, _unnumbered, _words):
        for reading in source(text):
            if not any(taken[reading.start : reading.end]):
                taken[reading.start : reading.end] = b"\x01" * (reading.end - reading.start)
                found.append(reading)
    return sorted(found, key=lambda reading: reading.start)


def _since(text: str) -> Iterator[Reading]:
    for match in _SINCE.finditer(text):
        days = amounts.time(match["days"], "d")
        yield Reading(FigureKind.MOMENT, *match.span(), days)


def _often(text: str) -> Iterator[Reading]:
    for match in _OFTEN.finditer(text):
        length = amounts.adverb(match["adverb"]) if match["adverb"] else amounts.time(match["number"], match["unit"])
        about_checks = _SPEAKS_OF_CHECKS.match(text, match.end()) is not None
        yield Reading(FigureKind.CADENCE, *match.span(), length, loose=not about_checks)


def _spans(text: str) -> Iterator[Reading]:
    for match in _SPAN.finditer(text):
        reading = _span(text, match)
        if reading is not None:
            yield reading


def _span(text: str, match: re.Match[str]) -> Reading | None:
    intro = (match["intro"] or match["slash"] or "").casefold().split(" ")[0]
    numeral = match["number"]
    words = match["words"].casefold().split()
    if numeral is None and (intro not in _WITHOUT_NUMERAL or match["op"] or match["behind"] or "next" in words):
        return None
    length = amounts.time(numeral, match["unit"])
    op = amounts.operator(match["op"].strip()) if match["op"] else None
    reading = Reading(FigureKind.DURATION, match.start(), match.end(), length, op, loose=match["about"] is not None)
    behind = (match["behind"] or "").strip(" -").casefold()
    if behind.startswith(("post", "after")):
        return replace(reading, kind=FigureKind.MOMENT)
    before = text[max(0, match.start() - 40) : match.start()]
    if _LASTING.search(before) or (intro == "for" and op in _OPPOSED):
        return replace(reading, kind=FigureKind.LASTING)
    own = _OWN.search(f"{intro} {match['words']} {behind}") is not None
    own = own or bool({intro, *words} & {"last", "past", "during"})
    if not own and (op is not None or intro in {"", "for", "at", "every", "each"}):
        start = match.start("op") if op is not None else match.start("number")
        return replace(reading, start=start if intro != "for" else match.start())
    if intro in {"a", "an"} and not re.search(r"(?i:times|occurrences|events|hits|alerts)\s{1,3}\Z", before):
        return None if numeral is None else replace(reading, start=match.start("number"))
    return replace(
        reading, kind=FigureKind.WINDOW, loose=reading.loose or own, near=intro in {"in", "within", "a", "an"}
    )


def _limits(text: str) -> Iterator[Reading]:
    for match in _LIMIT.finditer(text):
        op = amounts.operator(match["op"])
        loose = match["about"] is not None
        if match["time"]:
            length = amounts.time(match["number"], match["time"])
            yield Reading(FigureKind.DURATION, match.start(), match.end("time"), length, op, loose=loose)
            continue
        size = amounts.amount(match["number"], match["unit"])
        if match["sign"] == "-":
            size = Amount.of(-size.value, size.dimension)
        things = (match["things"] or "").strip()
        counted = match["of"] is not None or (things and _JOINING.fullmatch(things) is None)
        if counted and size.dimension is Dimension.PLAIN and size.value.denominator == 1:
            size = Amount.of(size.value, Dimension.THINGS)
        base = match["move"] or ("+" if match["sign"] == "+" else "")
        end = max(match.end("number"), match.end("unit"), match.end("of"))
        yield Reading(FigureKind.LIMIT, match.start(), end, size, op, base.replace("×", "*"), loose=loose)


def _bare(text: str) -> Iterator[Reading]:
    for match in _BARE.finditer(text):
        size = amounts.amount(match["number"], match["unit"])
        yield Reading(FigureKind.LIMIT, *match.span(), size, loose=match["about"] is not None, near=True)


def _unnumbered(text: str) -> Iterator[Reading]:
    none = Amount.of(Fraction(0), Dimension.TIMES)
    for match in _ANY.finditer(text):
        yield Reading(FigureKind.LIMIT, *match.span(), none, Op.GT)
    for match in _SOME.finditer(text):
        yield Reading(FigureKind.LIMIT, *match.span(), none, Op.GT, word="fires")


def _words(text: str) -> Iterator[Reading]:
    for match in _SEVERITY.finditer(text):
        yield Reading(FigureKind.SEVERITY, *match.span(), word=match[0])
    for match in _LEVEL.finditer(text):
        yield Reading(FigureKind.LEVEL, *match.span(), word=match[0].casefold()[:4])
