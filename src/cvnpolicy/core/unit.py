"""What a statistic is measured in, and what may stand behind a number that is compared with it."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction


class Suffix(StrEnum):
    """What a condition can write behind a number."""

    PERCENT = "%"
    """Hundredths; behind ``within`` relative to the baseline."""
    POINT = "pp"
    """Percentage points: hundredths, always absolute."""
    SIGMA = "sigma"
    MS = "ms"
    S = "s"
    MIN = "min"
    H = "h"
    D = "d"


SECONDS: dict[Suffix, Fraction] = {
    Suffix.MS: Fraction(1, 1000),
    Suffix.S: Fraction(1),
    Suffix.MIN: Fraction(60),
    Suffix.H: Fraction(3600),
    Suffix.D: Fraction(86400),
}
"""Seconds in each unit of time, shortest first; a day is 24 h, as everywhere in policies."""


class Unit(StrEnum):
    """What a statistic is measured in."""

    NUMBER = "1"
    """Dimensionless, for example a score in [0, 1]; 5% of it is 0.05."""
    COUNT = "count"
    """Whole things."""
    PERCENT = "%"
    """Stored as 0 to 100; a condition must say % or pp."""
    SIGMA = "sigma"
    MS = "ms"
    S = "s"
    MIN = "min"
    H = "h"
    D = "d"
    OTHER = "other"
    """A unit conditions do not know, for example USDC or a squared unit: numbers stand alone."""

    @property
    def factors(self) -> dict[Suffix | None, Fraction]:
        """Each suffix that fits (None: a bare number), with what one of it is in this unit, exactly."""
        if self in (Unit.COUNT, Unit.OTHER):
            return {None: Fraction(1)}
        if self is Unit.NUMBER:
            return {None: Fraction(1), Suffix.PERCENT: Fraction(1, 100), Suffix.POINT: Fraction(1, 100)}
        if self is Unit.PERCENT:
            return {Suffix.PERCENT: Fraction(1), Suffix.POINT: Fraction(1)}
        if self is Unit.SIGMA:
            return {Suffix.SIGMA: Fraction(1)}
        own = SECONDS[Suffix(self.value)]
        return {suffix: seconds / own for suffix, seconds in SECONDS.items()}

    @property
    def phrase(self) -> str:
        """The unit as the end of "the statistic is …"."""
        phrases = {
            Unit.NUMBER: "a plain number",
            Unit.COUNT: "a count",
            Unit.PERCENT: "a percentage",
            Unit.OTHER: "in a unit of its own",
        }
        return phrases.get(self, f"in {self.value}")
