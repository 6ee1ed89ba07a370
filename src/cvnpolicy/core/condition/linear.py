"""Whether linear inequalities over the rationals can all hold, decided exactly by Fourier-Motzkin elimination.

Method: G. B. Dantzig and B. C. Eaves, Fourier-Motzkin elimination and its dual, J. Combin. Theory A 14 (1973) 288-297.
A variable is removed by adding each inequality that bounds it from above to each that bounds it from below; the sum is
strict if either is. What is left without variables is true or false. The number of inequalities can square with each
variable, so the work is counted and stops at a limit.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

Form = Mapping[str, Fraction]
"""Coefficients by variable; the empty name holds the constant."""

MAX_BITS = 20_000
"""Largest coefficient that is still worked with."""


class TooLargeError(Exception):
    """The question needs more work than allowed."""


@dataclass(frozen=True, slots=True)
class Inequality:
    """``form < 0`` if strict, else ``form <= 0``."""

    form: Form
    strict: bool


Choice = Sequence[Sequence[Inequality]]
"""Alternatives, of which one must hold whole."""


class Budget:
    """Counts down inequalities made, so that a hostile question ends soon."""

    def __init__(self, rows: int) -> None:
        """Allow this many inequalities."""
        self._left = rows

    def spend(self, rows: int) -> None:
        """Take from what is left.

        Raises:
            TooLargeError: When nothing is left.
        """
        self._left -= rows
        if self._left < 0:
            raise TooLargeError


def below(left: Form, right: Form, *, strict: bool) -> Inequality:
    """Return ``left < right`` if strict, else ``left <= right``."""
    form = {name: left.get(name, Fraction(0)) - right.get(name, Fraction(0)) for name in {**left, **right}}
    return Inequality(form, strict)


def satisfiable(choices: Iterable[Choice], budget: Budget) -> bool:
    """Say whether some assignment of rationals meets one alternative of every choice.

    Raises:
        TooLargeError: When the budget is spent, or numbers grow beyond :data:`MAX_BITS`.
    """
    ordered = sorted(choices, key=len)
    variables = sorted({name for choice in ordered for rows in choice for row in rows for name in row.form} - {""})
    index = [[[_row(inequality, variables) for inequality in rows] for rows in choice] for choice in ordered]
    return _search([], index, budget)


@dataclass(frozen=True, slots=True)
class _Row:
    """``direction . variables + constant < 0`` or ``<= 0``; the direction's entries have no common divisor."""

    direction: tuple[int, ...]
    constant: Fraction
    strict: bool

    @property
    def tightness(self) -> tuple[Fraction, bool]:
        """Of two rows with one direction, the larger says more."""
        return (self.constant, self.strict)


def _row(inequality: Inequality, variables: Sequence[str]) -> _Row:
    coefficients = [inequality.form.get(name, Fraction(0)) for name in variables]
    scale = math.lcm(*(coefficient.denominator for coefficient in coefficients))
    whole = tuple(int(coefficient * scale) for coefficient in coefficients)
    return _reduced(whole, inequality.form.get("", Fraction(0)) * scale, inequality.strict)


def _reduced(whole: tuple[int, ...], constant: Fraction, strict: bool) -> _Row:
    divisor = math.gcd(*whole) or 1
    direction = tuple(entry // divisor for entry in whole)
    constant /= divisor
    largest = max(map(abs, (*direction, constant.numerator, constant.denominator)))
    if largest.bit_length() > MAX_BITS:
        raise TooLargeError
    return _Row(direction, constant, strict)


def _search(rows: list[_Row], choices: Sequence[Sequence[list[_Row]]], budget: Budget) -> bool:
    """Take one alternative after another, and leave a branch as soon as it cannot hold."""
    if not _feasible(rows, budget):
        return False
    if not choices:
        return True
    return any(_search(rows + alternative, choices[1:], budget) for alternative in choices[0])


def _feasible(rows: list[_Row], budget: Budget) -> bool:
    while True:
        budget.spend(len(rows) + 1)
        if any(_false(row) for row in rows):
            return False
        rows = _tightest(row for row in rows if any(row.direction))
        if not rows:
            return True
        rows = _without(_cheapest(rows), rows, budget)


def _false(row: _Row) -> bool:
    return not any(row.direction) and (row.constant > 0 or (row.strict and row.constant == 0))


def _tightest(rows: Iterable[_Row]) -> list[_Row]:
    """Keep, of the rows with one direction, the one that says most."""
    kept: dict[tuple[int, ...], _Row] = {}
    for row in rows:
        other = kept.get(row.direction)
        if other is None or row.tightness > other.tightness:
            kept[row.direction] = row
    return list(kept.values())


def _cheapest(rows: list[_Row]) -> int:
    """Return the variable whose removal leaves the fewest rows."""

    def growth(position: int) -> int:
        above = sum(row.direction[position] > 0 for row in rows)
        under = sum(row.direction[position] < 0 for row in rows)
        return above * under - above - under

    used = (position for position in range(len(rows[0].direction)) if any(row.direction[position] for row in rows))
    return min(used, key=growth)


def _without(position: int, rows: list[_Row], budget: Budget) -> list[_Row]:
    """Remove one variable."""
    above = [row for row in rows if row.direction[position] > 0]
    under = [row for row in rows if row.direction[position] < 0]
    rest = [row for row in rows if not row.direction[position]]
    budget.spend(len(above) * len(under))
    return rest + [_sum(position, upper, lower) for upper in above for lower in under]


def _sum(position: int, upper: _Row, lower: _Row) -> _Row:
    first, second = -lower.direction[position], upper.direction[position]
    pairs = zip(upper.direction, lower.direction, strict=True)
    whole = tuple(first * left + second * right for left, right in pairs)
    return _reduced(whole, first * upper.constant + second * lower.constant, upper.strict or lower.strict)
