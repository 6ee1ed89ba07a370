"""Whether a measurement meets a condition, in three values.

Every end is computed exactly, in rationals. Where a double takes part (the measurement, or a baseline of that clause)
the end is then rounded once to a double, so that a measured 0.1 equals the literal 0.1 and 5/100 equals 5%.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from cvnpolicy.core.condition.ast import Comparison, Condition, Constant, Joiner, Op, Within
from cvnpolicy.core.condition.units import check_unit, in_unit, relative
from cvnpolicy.core.logic import Truth, conjunction, disjunction
from cvnpolicy.core.unit import Unit

Number = float | int | Fraction
"""A measurement or an end. Infinity and NaN are floats that nothing was measured by."""

_COMPARE: dict[Op, Callable[[Number, Number], bool]] = {
    Op.LT: operator.lt,
    Op.LE: operator.le,
    Op.GT: operator.gt,
    Op.GE: operator.ge,
    Op.EQ: operator.eq,
    Op.NE: operator.ne,
}


@dataclass(frozen=True, slots=True)
class BaselineValue:
    """What a baseline was measured to be, in the unit of the statistic."""

    value: Number | None
    """None when it could not be measured."""
    ci95: tuple[Number, Number] | None = None
    """Low and high end of its 95 % interval; None when there is none."""

    def __post_init__(self) -> None:
        """Raise TypeError for what is no number."""
        for number in (self.value, *(self.ci95 or ())):
            if number is not None:
                _require_number(number)


@dataclass(frozen=True, slots=True)
class _Region:
    """Where one clause holds: a predicate, and the points where it can change."""

    ends: tuple[Number, ...]
    holds: Callable[[Number], bool]


def evaluate(
    condition: Condition,
    value: Number,
    baselines: Mapping[str, BaselineValue],
    unit: Unit = Unit.NUMBER,
    *,
    at_least: bool = False,
) -> Truth:
    """Say whether a measurement meets a condition.

    Args:
        condition: What to meet.
        value: The measurement. A Fraction is compared exactly, and so is an int with exact baselines.
        baselines: By name; those the condition does not use are ignored.
        unit: What the measurement and the baselines are in.
        at_least: The value is only a lower bound, as a count with silent stretches is. The answer is then true only
            if the condition holds for every number from the value up, and false only if for none.

    Returns:
        Unknown for an unset condition and a measurement that is not finite; a clause whose baseline is missing or not
        finite is unknown, and clauses combine by Kleene's logic. An interval that does not hold its own estimate is
        unknown too.

    Raises:
        TypeError: For a value that is no int, float or Fraction; a bool is none.
        ConditionError: If the condition does not fit the unit.
    """
    _require_number(value)
    check_unit(condition, unit)
    if condition.is_unset or not _finite(value):
        return Truth.UNKNOWN
    regions = [_region(clause, value, baselines, unit) for clause in condition.clauses]
    points = _points(value, regions) if at_least else [value]
    answers = {_answer(condition.joiner, regions, point) for point in points}
    return answers.pop() if len(answers) == 1 else Truth.UNKNOWN


def _answer(joiner: Joiner, regions: list[_Region | None], point: Number) -> Truth:
    truths = [Truth.of(None if region is None else region.holds(point)) for region in regions]
    return conjunction(truths) if joiner is Joiner.AND else disjunction(truths)


def _points(value: Number, regions: list[_Region | None]) -> list[Number]:
    """Return the value, every end above it, a point between each two neighbours, and one above all.

    Between two neighbouring ends no clause changes, so these stand for every number from the value up.
    """
    known = [Fraction(end) for region in regions if region is not None for end in region.ends if _finite(end)]
    ends = sorted({Fraction(value), *(end for end in known if end > value)})
    return [*ends, *((low + high) / 2 for low, high in pairwise(ends)), ends[-1] + 1]


def _region(
    clause: Comparison | Within, value: Number, baselines: Mapping[str, BaselineValue], unit: Unit
) -> _Region | None:
    """Return where the clause holds, or None if that is not known."""
    if isinstance(clause, Within):
        return _near(clause, value, baselines.get(clause.name), unit)
    quantity = clause.quantity
    if isinstance(quantity, Constant):
        return _beyond(clause, _rounded(in_unit(quantity, unit), value))
    base = _estimate(baselines.get(quantity.name))
    if base is None:
        return None
    offset = in_unit(quantity.offset, unit) if quantity.offset is not None else Fraction(0)
    return _beyond(clause, _rounded(Fraction(quantity.factor) * Fraction(base) + offset, value, base))


def _beyond(clause: Comparison, end: Number) -> _Region:
    compare = _COMPARE[clause.op]
    if clause.absolute:
        return _Region((end, -end), lambda x: compare(max(x, -x), end))
    return _Region((end,), lambda x: compare(x, end))


def _near(clause: Within, value: Number, baseline: BaselineValue | None, unit: Unit) -> _Region | None:
    base = _estimate(baseline)
    if baseline is None or base is None:
        return None
    if clause.tolerance is None:
        if baseline.ci95 is None or not (baseline.ci95[0] <= base <= baseline.ci95[1]):
            return None
        low, high = baseline.ci95
        if not (_finite(low) and _finite(high)):
            return None
        exact = (Fraction(low), Fraction(high))
    else:
        width = in_unit(clause.tolerance, Unit.NUMBER if relative(clause.tolerance) else unit)
        width *= abs(Fraction(base)) if relative(clause.tolerance) else 1
        low = high = base
        exact = (Fraction(base) - width, Fraction(base) + width)
    left, right = _rounded(exact[0], value, low), _rounded(exact[1], value, high)
    return _Region((left, right), lambda x: (left <= x <= right) is not clause.negated)


def _estimate(baseline: BaselineValue | None) -> Number | None:
    """Return the baseline's value if it is there and finite."""
    if baseline is None or baseline.value is None or not _finite(baseline.value):
        return None
    return baseline.value


def _rounded(end: Fraction, value: Number, *origins: Number) -> Number:
    """Round an end to a double where doubles take part; beyond the largest double it is infinite."""
    if isinstance(value, Fraction) or not any(isinstance(number, float) for number in (value, *origins)):
        return end
    try:
        return float(end)
    except OverflowError:
        return math.inf if end > 0 else -math.inf


def _finite(number: Number) -> bool:
    return not isinstance(number, float) or math.isfinite(number)


def _require_number(number: object) -> None:
    if isinstance(number, bool) or not isinstance(number, float | int | Fraction):
        raise TypeError(f"an int, float or Fraction is needed, not {type(number).__name__}")
