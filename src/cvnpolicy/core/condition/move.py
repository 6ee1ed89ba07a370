"""How far the end of a condition moved, for people and exactly."""

from __future__ import annotations

from decimal import Context, Decimal, Inexact
from fractions import Fraction

from cvnpolicy.core.condition.ast import Comparison, Condition, Constant, Op, constant_text
from cvnpolicy.core.condition.units import fits, in_unit
from cvnpolicy.core.unit import SECONDS, Suffix, Unit

_SIDES = {Op.LT: "below", Op.LE: "below", Op.GT: "above", Op.GE: "above"}
_EXACT = Context(prec=1000, traps=[Inexact])
"""Numbers have at most 300 digits on each side of the point, so differences are exact here."""
_HUNDREDTHS = {None: 100, Suffix.PERCENT: 1, Suffix.POINT: 1}


def moved(old: Condition, new: Condition, unit: Unit) -> Fraction | None:
    """Return how far the end moved, in the unit, where both have one end, constant and on the same side."""
    ends = _ends(old, new)
    if ends is None or not (fits(old, unit) and fits(new, unit)):
        return None
    return in_unit(ends[1], unit) - in_unit(ends[0], unit)


def described(old: Condition, new: Condition) -> str:
    """Return the change for people: ``5% -> 10%, +5pp`` or ``1.5 * x -> 2 * x``, or ``unchanged``.

    Only the quantities are shown where nothing else changed.
    """
    if old == new:
        return "unchanged"
    before, after = _lone(old), _lone(new)
    texts = f"{old} -> {new}"
    if before and after and (before.op, before.absolute) == (after.op, after.absolute):
        texts = f"{before.quantity} -> {after.quantity}"
    ends = _ends(old, new)
    distance = _distance(*ends) if ends is not None else None
    return texts if distance is None else f"{texts}, {distance}"


def _lone(condition: Condition) -> Comparison | None:
    """Return the only clause, if it is a comparison."""
    first = condition.clauses[0] if len(condition.clauses) == 1 else None
    return first if isinstance(first, Comparison) else None


def _ends(old: Condition, new: Condition) -> tuple[Constant, Constant] | None:
    before, after = _lone(old), _lone(new)
    if before is None or after is None or before.absolute is not after.absolute:
        return None
    if _SIDES.get(before.op, before.op) != _SIDES.get(after.op, after.op):
        return None
    if not (isinstance(before.quantity, Constant) and isinstance(after.quantity, Constant)):
        return None
    return before.quantity, after.quantity


def _distance(old: Constant, new: Constant) -> str | None:
    """Return the move with its sign, in the finer of the two units; None for no move, or for units that do not meet."""
    scales = _scales(old.suffix, new.suffix)
    if scales is None:
        return None
    suffix, old_scale, new_scale = scales
    before, after = _EXACT.multiply(old.number, Decimal(old_scale)), _EXACT.multiply(new.number, Decimal(new_scale))
    difference = _EXACT.subtract(after, before)
    if not difference:
        return None
    return f"{'-' if difference < 0 else '+'}{constant_text(difference.copy_abs(), suffix)}"


def _scales(old: Suffix | None, new: Suffix | None) -> tuple[Suffix | None, int, int] | None:
    """Return the suffix of the difference, and what one of each is in it; all whole numbers."""
    if old in SECONDS and new in SECONDS:
        finer = min(old, new, key=SECONDS.__getitem__)
        return finer, int(SECONDS[old] / SECONDS[finer]), int(SECONDS[new] / SECONDS[finer])
    if old is new and old is not Suffix.PERCENT:
        return old, 1, 1
    if old in _HUNDREDTHS and new in _HUNDREDTHS:
        return Suffix.POINT, _HUNDREDTHS[old], _HUNDREDTHS[new]
    return None
