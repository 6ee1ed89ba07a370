"""Whether a condition fits what a statistic is measured in, and what its numbers are there."""

from __future__ import annotations

from fractions import Fraction

from cvnpolicy.core.condition.ast import Clause, Condition, Constant, Within, constant_text, number_text
from cvnpolicy.core.condition.error import ConditionError
from cvnpolicy.core.unit import Suffix, Unit


def check_unit(condition: Condition, unit: Unit) -> None:
    """Refuse a condition whose numbers are in another unit than the statistic.

    A statistic with a unit wants one behind every number; multiples of baselines need none.

    Raises:
        ConditionError: At the first number that lacks its unit, or the first unit that does not fit.
    """
    for clause in condition.clauses:
        for constant, excluded in _measured(clause):
            _check(constant, unit, excluded)


def fits(condition: Condition, unit: Unit) -> bool:
    """Whether :func:`check_unit` accepts the condition."""
    return all(constant.suffix in unit.factors for clause in condition.clauses for constant, _ in _measured(clause))


def in_unit(constant: Constant, unit: Unit) -> Fraction:
    """Return the number of a constant that fits, converted exactly; 94.3% is 94.3 in PERCENT, 0.943 in NUMBER."""
    return Fraction(constant.number) * unit.factors[constant.suffix]


def relative(tolerance: Constant) -> bool:
    """Whether a tolerance is a share of the baseline, and so fits every unit."""
    return tolerance.suffix is Suffix.PERCENT


def _measured(clause: Clause) -> list[tuple[Constant, frozenset[Suffix | None]]]:
    """Return the constants in the statistic's unit, each with what the grammar does not let stand behind it."""
    if isinstance(clause, Within):
        tolerance = clause.tolerance
        return [] if tolerance is None or relative(tolerance) else [(tolerance, _BEHIND_WITHIN)]
    if isinstance(clause.quantity, Constant):
        return [(clause.quantity, frozenset())]
    return [] if clause.quantity.offset is None else [(clause.quantity.offset, _BEHIND_SIGN)]


_BEHIND_WITHIN: frozenset[Suffix | None] = frozenset({None, Suffix.PERCENT})
_BEHIND_SIGN: frozenset[Suffix | None] = frozenset({Suffix.PERCENT})


def _check(constant: Constant, unit: Unit, excluded: frozenset[Suffix | None]) -> None:
    if constant.suffix in unit.factors:
        return
    # The sign of an offset is an operator, and so no part of the number.
    number = constant.number.copy_abs() if excluded else constant.number
    examples = [constant_text(number, suffix) for suffix in unit.factors if suffix not in excluded]
    text = number_text(number)
    right = " or ".join(examples) or f">= name - {text} and <= name + {text}, or a share in %"
    if constant.suffix is None:
        what, at = f"{text} has no unit, but the statistic is {unit.phrase}", constant.number_at
    else:
        what, at = f"{constant.suffix} does not fit: the statistic is {unit.phrase}", constant.suffix_at
    raise ConditionError(what, f"write {right}", at.offset, at.length)
