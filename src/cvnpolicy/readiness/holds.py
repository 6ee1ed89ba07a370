"""Whether a test of a policy holds of a piece, and if not, why."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cvnpolicy.core.duration import Duration
from cvnpolicy.kinds.readiness.ask import Test
from cvnpolicy.readiness.phrases import Phrases, date_of, duration_in
from cvnpolicy.readiness.piece import GAP, Piece

_WARN = re.compile(r"\bwarn(?:ing)?\b", re.IGNORECASE)
_CRIT = re.compile(r"\bcrit(?:ical)?\b", re.IGNORECASE)
_PRIORITIES = re.compile(r"\bP[0-4]\b")


@dataclass(frozen=True)
class Held:
    """Whether a test holds."""

    holds: bool
    why: str = ""
    """Why it does not, without a full stop."""
    said: str = ""
    """What in the piece made it hold, or not; empty for the whole piece."""
    met: int = 0
    """How many parts of a test held that does not: how near it came."""


HOLDS = Held(holds=True)


def holds(test: Test, piece: Piece, phrases: Phrases) -> Held:
    """Return whether all that a test asks holds of a piece; of what holds, the first thing that was found."""
    answers: list[Held] = []
    for name, judge in _TESTS.items():
        wanted = getattr(test, name)
        if wanted is not None:
            answers += judge(wanted, piece, phrases)
    # Only what was found brings a piece nearer: that it lacks something, most pieces do.
    met = [answer for answer in answers if answer.holds and answer.said]
    said = next((answer for answer in met if answer.said), HOLDS)
    failed = next((answer for answer in answers if not answer.holds), None)
    if failed is None:
        return said
    near = len(met) + (answers[0].holds and bool(answers[0].said))  # the first part says what it is about
    return replace(failed, met=max(failed.met, near), said=failed.said or said.said)


def _filled(wanted: bool, piece: Piece, _phrases: Phrases) -> Held:
    if not wanted:
        return Held(piece.has_placeholder, "no placeholder is left")
    if piece.has_placeholder:
        return Held(holds=False, why="a placeholder is left")
    return HOLDS if piece.is_filled else Held(holds=False, why="nothing is filled in")


def _starts(wanted: Sequence[str], piece: Piece, phrases: Phrases) -> Held:
    match = phrases.pattern(wanted).match(piece.head)
    if match is None:
        return Held(holds=False, why=f"it does not start with {_any_of(wanted)}")
    return _chosen(wanted, piece, phrases, match[0])


def _has(wanted: Sequence[str], piece: Piece, phrases: Phrases) -> Held:
    match = phrases.pattern(wanted).search(piece.plain)
    if match is None:
        return Held(holds=False, why=f"it does not name {_any_of(wanted)}")
    return _chosen(wanted, piece, phrases, match[0])


def _chosen(wanted: Sequence[str], piece: Piece, phrases: Phrases, said: str) -> Held:
    """Refuse a choice that nobody has made: ``P1 / P2 / P3``."""
    plain = [phrase for phrase in wanted if "{" not in phrase]
    if 2 <= len(plain) <= 6 and "/" in piece.plain:
        option = phrases.pattern(plain)
        for run in re.finditer(rf"(?:{option.pattern})(?:\s?/\s?(?:{option.pattern})){{1,6}}", piece.plain):
            if len({part.strip().casefold() for part in run[0].split("/")}) >= len(plain):
                return Held(holds=False, why=f"nobody has chosen among {', '.join(plain)}", said=said)
    return Held(holds=True, said=said)


def _lacks(unwanted: Sequence[str], piece: Piece, phrases: Phrases) -> Held:
    gaps = [phrase for phrase in unwanted if GAP.fullmatch(phrase)]
    match = phrases.pattern(unwanted).search(piece.plain)
    if match is None and gaps:
        match = phrases.pattern(gaps).search(piece.written)
    return HOLDS if match is None else Held(holds=False, why=f"it says '{match[0].strip()}'", said=match[0])


def _code(wanted: bool, piece: Piece, _phrases: Phrases) -> Held:
    why = "no name stands in a code span" if wanted else "a code span stands in it"
    return Held(bool(piece.codes) is wanted, why)


def _link(words: Sequence[str], piece: Piece, phrases: Phrases) -> Held:
    wanted = phrases.pattern([f"{word}*" for word in words])
    for address in phrases.form("url").finditer(piece.plain):
        if wanted.search(re.sub(r"[\W_]+", " ", address[0])) is not None:
            return Held(holds=True, said=address[0])
    return Held(holds=False, why=f"no address of {_any_of(words)} stands in it")


def _one(form: str, piece: Piece, phrases: Phrases) -> Held:
    found = list(dict.fromkeys(match[0] for match in phrases.form(form).finditer(piece.plain)))
    if form == "date" and len(found) == 1 and date_of(found[0]) is None:
        return Held(holds=False, why=f"{found[0]} is no day of the calendar", said=found[0])
    if len(found) == 1:
        return Held(holds=True, said=found[0])
    why = f"it has no {form}" if not found else f"it has {len(found)}: {', '.join(found[:4])}"
    return Held(holds=False, why=why)


def _levels(least: int, piece: Piece, _phrases: Phrases) -> Held:
    text = piece.plain
    named = sum(pattern.search(text) is not None for pattern in (_WARN, _CRIT))
    priorities = len(set(_PRIORITIES.findall(text)))
    count = max(named, priorities)
    return Held(count >= least, f"it names {count} level{'s' * (count != 1)}, not {least}")


def _at_least(least: Duration, piece: Piece, _phrases: Phrases) -> Held:
    span = duration_in(piece.plain)
    if span is None:
        return Held(holds=False, why="it gives no duration")
    short = span[0] < least.delta.total_seconds() or span[1] == "<"
    return Held(holds=False, why=f"it is shorter than {least.words()}") if short else HOLDS


def _at_most(most: Duration, piece: Piece, _phrases: Phrases) -> Held:
    span = duration_in(piece.plain)
    if span is None:
        return Held(holds=False, why="it gives no duration")
    long = span[0] > most.delta.total_seconds() or span[1] == ">"
    return Held(holds=False, why=f"it is longer than {most.words()}") if long else HOLDS


def _either(tests: Sequence[Test], piece: Piece, phrases: Phrases) -> Held:
    why, met = "", 0
    for test in tests:
        answer = holds(test, piece, phrases)
        if answer.holds:
            return answer
        why = why or answer.why
        met = max(met, answer.met)
    return Held(holds=False, why=why, met=met)


def _one_answer(judge: Callable[[Any, Piece, Phrases], Held]) -> Callable[[Any, Piece, Phrases], list[Held]]:
    return lambda wanted, piece, phrases: [judge(wanted, piece, phrases)]


def _has_all(groups: Sequence[Sequence[str]], piece: Piece, phrases: Phrases) -> list[Held]:
    return [_has(group, piece, phrases) for group in groups]


def _any_of(phrases: Sequence[str]) -> str:
    shown = [phrase.replace("*", "").replace("{", "a ").replace("}", "") for phrase in phrases[:4]]
    more = ", …" if len(phrases) > 4 else ""
    return f"any of: {', '.join(shown)}{more}" if len(phrases) > 1 else shown[0]


_TESTS: Mapping[str, Callable[[Any, Piece, Phrases], list[Held]]] = {
    "filled": _one_answer(_filled),
    "starts": _one_answer(_starts),
    "has": _one_answer(_has),
    "has_all": _has_all,
    "lacks": _one_answer(_lacks),
    "code": _one_answer(_code),
    "link": _one_answer(_link),
    "one": _one_answer(_one),
    "levels": _one_answer(_levels),
    "at_least": _one_answer(_at_least),
    "at_most": _one_answer(_at_most),
    "any_of": _one_answer(_either),
}
"""What each key of a test asks, in this order: the first says most about a piece."""
