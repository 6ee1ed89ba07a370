"""Whether a condition on a whole number decides anything."""

from __future__ import annotations

import math

from cvnpolicy.core.condition import Comparison, Condition, Constant, evaluate
from cvnpolicy.core.logic import Truth
from cvnpolicy.core.unit import Unit

_FAR = 10**15
"""Beyond every literal that is looked at where a count has no end."""


def always_or_never(condition: Condition, most: int | None) -> str | None:
    """Return "always holds" or "can never hold" for counts from 0 to ``most`` (None: without end); None otherwise.

    Truth changes only at the condition's own numbers, so those and their next whole neighbours stand for all.
    """
    if condition.is_unset:
        return None
    end = _FAR if most is None else most
    points = {0, end}
    for clause in condition.clauses:
        if not isinstance(clause, Comparison) or not isinstance(clause.quantity, Constant):
            return None  # about a baseline, which is refused elsewhere
        number = math.floor(clause.quantity.number)
        points |= {point for point in (number, number + 1) if 0 <= point <= end}
    held = {evaluate(condition, point, {}, Unit.COUNT) for point in points}
    if len(held) > 1 or held == {Truth.UNKNOWN}:
        return None
    return "always holds" if held == {Truth.TRUE} else "can never hold"
