"""A condition as plain English."""

from __future__ import annotations

from cvnpolicy.core.condition.ast import Comparison, Condition, Constant, Multiple, Op, Within, number_text
from cvnpolicy.core.condition.units import check_unit
from cvnpolicy.core.unit import Suffix, Unit

_COMPARED = {
    Op.LT: "below",
    Op.LE: "at most",
    Op.GT: "above",
    Op.GE: "at least",
    Op.EQ: "equal to",
    Op.NE: "other than",
}
_UNITS = {
    Suffix.PERCENT: ("%", "%"),
    Suffix.POINT: ("percentage point", "percentage points"),
    Suffix.SIGMA: ("sigma", "sigma"),
    Suffix.MS: ("millisecond", "milliseconds"),
    Suffix.S: ("second", "seconds"),
    Suffix.MIN: ("minute", "minutes"),
    Suffix.H: ("hour", "hours"),
    Suffix.D: ("day", "days"),
}


def sentence(condition: Condition, unit: Unit | None = None) -> str:
    """Return the condition as words that follow "the statistic is".

    Args:
        condition: What to say.
        unit: What the statistic is measured in, if that is known; a condition that does not fit is not put in words.

    Returns:
        For example "above 2 times baseline" or "not yet set by anyone".

    Raises:
        ConditionError: If a unit is given and the condition does not fit it.
    """
    if unit is not None:
        check_unit(condition, unit)
    if condition.is_unset:
        return "not yet set by anyone"
    return f" {condition.joiner} ".join(_clause(clause) for clause in condition.clauses)


def _clause(clause: Comparison | Within) -> str:
    if isinstance(clause, Within):
        near = "the 95 % interval" if clause.tolerance is None else _constant(clause.tolerance)
        return f"{'not ' if clause.negated else ''}within {near} of {clause.name}"
    quantity = clause.quantity
    text = _constant(quantity) if isinstance(quantity, Constant) else _multiple(quantity)
    return f"{_COMPARED[clause.op]} {text}{' in absolute value' if clause.absolute else ''}"


def _multiple(multiple: Multiple) -> str:
    text = multiple.name if multiple.factor == 1 else f"{number_text(multiple.factor)} times {multiple.name}"
    if multiple.offset is None:
        return text
    return f"{text} {'minus' if multiple.offset.number < 0 else 'plus'} {_constant(multiple.offset.magnitude)}"


def _constant(constant: Constant) -> str:
    if constant.suffix is None:
        return number_text(constant.number)
    one, many = _UNITS[constant.suffix]
    return f"{number_text(constant.number)} {one if constant.number.copy_abs() == 1 else many}"
