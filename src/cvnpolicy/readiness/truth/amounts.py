"""Numbers with their units, and lengths of time, as people write them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from cvnpolicy.core.condition import Op

DAY = 86_400


class Dimension(StrEnum):
    """What a number counts."""

    PLAIN = "plain"
    SHARE = "share"
    """Written with ``%`` or ``pp``; kept as a fraction."""
    SIGMA = "sigma"
    TIMES = "times"
    """So many occurrences."""
    THINGS = "things"
    """A whole number of something that is named behind it."""
    FACTOR = "factor"
    """``2×``."""
    TIME = "time"
    """Kept in seconds."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its unit. A calendar month has no one length, so lengths of time go from one to another."""

    value: Fraction
    dimension: Dimension
    most: Fraction

    @staticmethod
    def of(value: Fraction, dimension: Dimension) -> Amount:
        """Return an amount that is just this."""
        return Amount(value, dimension, value)


_NUMERALS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirty": 30,
}  # fmt: skip

NUMBER = r"(?:[0-9]{1,3}(?:,[0-9]{3}){1,3}(?![0-9])|[0-9]{1,12}(?:[.,][0-9]{1,9})?|[.][0-9]{1,9})"
NUMERAL = rf"(?:(?i:{'|'.join(_NUMERALS)})\b|{NUMBER})"
COUNTED = rf"(?i:{'|'.join(word for word in _NUMERALS if len(word) > 2)})"
"""Numerals in words, without the article."""
_SHORT = r"ms|s|min|h|d|w"
_LONG = r"milliseconds?|seconds?|secs?|minutes?|mins|hours?|hrs?|days?|weeks?|fortnights?|months?|quarters?|years?"
TIME_UNIT = rf"(?:(?i:{_LONG})|{_SHORT})(?!\w)"
UNIT = (
    r"(?:%|(?i:per\s?cent|percent)\b|pp\b|percentage\spoints?\b|[σ×]|(?i:sigmas?)\b|x(?![\w])"
    r"|(?i:times|occurrences?|events?|alerts?|hits?)\b)"
)

# Least and greatest seconds of one.
_SECONDS: dict[str, tuple[Fraction, Fraction]] = {
    "ms": (Fraction(1, 1000), Fraction(1, 1000)),
    "s": (Fraction(1), Fraction(1)),
    "min": (Fraction(60), Fraction(60)),
    "h": (Fraction(3600), Fraction(3600)),
    "d": (Fraction(DAY), Fraction(DAY)),
    "w": (Fraction(7 * DAY), Fraction(7 * DAY)),
    "fortnight": (Fraction(14 * DAY), Fraction(14 * DAY)),
    "month": (Fraction(28 * DAY), Fraction(31 * DAY)),
    "quarter": (Fraction(90 * DAY), Fraction(92 * DAY)),
    "year": (Fraction(365 * DAY), Fraction(366 * DAY)),
}
_ADVERBS = {
    "hourly": "h", "daily": "d", "nightly": "d", "weekly": "w", "fortnightly": "fortnight", "monthly": "month",
    "quarterly": "quarter", "yearly": "year", "annually": "year",
}  # fmt: skip
ADVERB = rf"(?i:{'|'.join(_ADVERBS)})"

_OPERATORS: dict[str, Op] = {
    "<": Op.LT, "<=": Op.LE, "≤": Op.LE, ">": Op.GT, ">=": Op.GE, "≥": Op.GE, "=": Op.EQ, "==": Op.EQ,
    "!=": Op.NE, "≠": Op.NE, "at least": Op.GE, "at most": Op.LE, "up to": Op.LE, "above": Op.GT, "below": Op.LT,
    "under": Op.LT, "over": Op.GT, "exceeds": Op.GT, "exceeding": Op.GT, "exceed": Op.GT,
}  # fmt: skip
_GREATER = r"more|greater|higher|longer|older|larger|bigger"
_LESS = r"less|fewer|lower|shorter|smaller"
OPERATOR = (
    r"(?:<=|>=|==|!=|(?<![-=|<])>|<|≤|≥|≠|(?<=\s)=(?=\s)"
    rf"|(?i:\b(?:(?:no|not)\s)?(?:{_GREATER}|{_LESS})\sthan\b|\b(?:at\sleast|at\smost|up\sto|above|below|under|"
    rf"exceed(?:s|ing)?)\b|\bover(?=\s{{1,3}}{NUMBER}\s?(?:%|σ|×|pp\b|times\b|percent))))"
)


def operator(text: str) -> Op:
    """Return the comparison that was matched by :data:`OPERATOR`."""
    words = text.casefold().split()
    found = _OPERATORS.get(" ".join(words))
    if found is not None:
        return found
    op = Op.GT if words[-2] in _GREATER.split("|") else Op.LT
    return op if len(words) == 2 else op.opposite


def number(text: str) -> Fraction:
    """Return the value of a numeral: ``0,05`` is ``0.05``, and ``1,000`` is a thousand."""
    word = text.casefold()
    if word in _NUMERALS:
        return Fraction(_NUMERALS[word])
    if re.fullmatch(r"[1-9][0-9]{0,2}(?:,[0-9]{3}){1,3}", text):
        return Fraction(text.replace(",", ""))
    return Fraction(text.replace(",", "."))


def amount(numeral: str, unit: str | None) -> Amount:
    """Return a number with what stands behind it."""
    value = number(numeral)
    word = " ".join((unit or "").casefold().split())
    if not word:
        return Amount.of(value, Dimension.PLAIN)
    if word in {"%", "percent", "per cent", "pp", "percentage point", "percentage points"}:
        return Amount.of(value / 100, Dimension.SHARE)
    if word.startswith(("σ", "sigma")):
        return Amount.of(value, Dimension.SIGMA)
    if word in {"×", "x"}:
        return Amount.of(value, Dimension.FACTOR)
    return Amount.of(value, Dimension.TIMES)


def time(numeral: str | None, unit: str) -> Amount:
    """Return a length of time."""
    count = number(numeral) if numeral else Fraction(1)
    least, most = _SECONDS[_unit(unit)]
    return Amount(count * least, Dimension.TIME, count * most)


def adverb(word: str) -> Amount:
    """Return how long lies between two of what is done ``weekly``, ``daily`` and so on."""
    return time(None, _ADVERBS[word.casefold()])


def _unit(text: str) -> str:
    word = text.casefold()
    if word in _SECONDS:
        return word
    for start, unit in (("milli", "ms"), ("sec", "s"), ("min", "min"), ("h", "h"), ("day", "d"), ("week", "w")):
        if word.startswith(start):
            return unit
    return word.rstrip("s")
