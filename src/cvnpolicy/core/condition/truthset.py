"""The truth set of a clause as linear inequalities in the measurement and the baselines.

A clause is a choice: alternatives, each a list of inequalities that hold together. ``|x|`` and ``|b|`` become cases,
and the two ends of a 95 % interval are variables of their own, one below and one above their baseline.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from fractions import Fraction

from cvnpolicy.core.condition.ast import Clause, Comparison, Constant, Op, Quantity, Within, reference
from cvnpolicy.core.condition.linear import Choice, Form, Inequality, below
from cvnpolicy.core.condition.units import in_unit, relative
from cvnpolicy.core.unit import Unit


class Sign(StrEnum):
    """What is known of a baseline before it is measured."""

    ANY = "any"
    POSITIVE = "positive"
    """Above zero."""
    NEGATIVE = "negative"
    """Below zero."""

    def holds(self, value: float) -> bool:
        """Return whether a value has this sign."""
        if self is Sign.ANY:
            return True
        return value > 0 if self is Sign.POSITIVE else value < 0


# A space cannot stand in a baseline's name, so the names of these variables never meet one.
_X: Form = {" x": Fraction(1)}
_MINUS_X: Form = {" x": Fraction(-1)}
_ZERO: Form = {}


def choice(clause: Clause, unit: Unit, *, negated: bool = False) -> Choice:
    """Return where the clause holds; if negated, where it does not."""
    if isinstance(clause, Comparison):
        op = clause.op.opposite if negated else clause.op
        return list((_absolute if clause.absolute else _plain)(op, _quantity(clause.quantity, unit)))
    outside = clause.negated is not negated
    return [rows for low, high, case in _intervals(clause, unit) for rows in _near(low, high, case, outside=outside)]


def facts(clause: Clause, signs: Mapping[str, Sign]) -> Iterator[Inequality]:
    """Yield what is known about the clause's baseline: its sign, and that its interval holds it."""
    part = reference(clause)
    if part is None:
        return
    base = _baseline(part.name)
    sign = signs.get(part.name, Sign.ANY)
    if sign is Sign.POSITIVE:
        yield below(_ZERO, base, strict=True)
    if sign is Sign.NEGATIVE:
        yield below(base, _ZERO, strict=True)
    if isinstance(part, Within) and part.tolerance is None:
        low, high = _ci95(part.name)
        yield below(low, base, strict=False)
        yield below(base, high, strict=False)


def _baseline(name: str, factor: Fraction = Fraction(1), offset: Fraction = Fraction(0)) -> Form:
    return {name: factor, "": offset}


def _ci95(name: str) -> tuple[Form, Form]:
    return {f"{name} low": Fraction(1)}, {f"{name} high": Fraction(1)}


def _quantity(quantity: Quantity, unit: Unit) -> Form:
    if isinstance(quantity, Constant):
        return {"": in_unit(quantity, unit)}
    offset = in_unit(quantity.offset, unit) if quantity.offset is not None else Fraction(0)
    return _baseline(quantity.name, Fraction(quantity.factor), offset)


def _plain(op: Op, end: Form) -> Iterator[list[Inequality]]:
    if op in (Op.LT, Op.LE):
        yield [below(_X, end, strict=op is Op.LT)]
    elif op in (Op.GT, Op.GE):
        yield [below(end, _X, strict=op is Op.GT)]
    elif op is Op.EQ:
        yield [below(_X, end, strict=False), below(end, _X, strict=False)]
    else:
        yield [below(_X, end, strict=True)]
        yield [below(end, _X, strict=True)]


def _absolute(op: Op, end: Form) -> Iterator[list[Inequality]]:
    """Yield the cases of ``|x| op end``: both of x and -x lie below, or one of them above."""
    if op in (Op.LT, Op.LE):
        yield [below(side, end, strict=op is Op.LT) for side in (_X, _MINUS_X)]
    elif op in (Op.GT, Op.GE):
        yield from ([below(end, side, strict=op is Op.GT)] for side in (_X, _MINUS_X))
    elif op is Op.EQ:
        both = [below(side, end, strict=False) for side in (_X, _MINUS_X)]
        yield from ([*both, below(end, side, strict=False)] for side in (_X, _MINUS_X))
    else:
        yield from _absolute(Op.LT, end)
        yield from _absolute(Op.GT, end)


def _intervals(clause: Within, unit: Unit) -> Iterator[tuple[Form, Form, list[Inequality]]]:
    """Yield low end, high end, and when these are the ends."""
    name, tolerance = clause.name, clause.tolerance
    if tolerance is None:
        yield (*_ci95(name), [])
    elif relative(tolerance):
        share = in_unit(tolerance, Unit.NUMBER)
        near, far, base = _baseline(name, 1 - share), _baseline(name, 1 + share), _baseline(name)
        yield near, far, [below(_ZERO, base, strict=False)]
        yield far, near, [below(base, _ZERO, strict=False)]
    else:
        width = in_unit(tolerance, unit)
        yield _baseline(name, offset=-width), _baseline(name, offset=width), []


def _near(low: Form, high: Form, case: list[Inequality], *, outside: bool) -> Iterator[list[Inequality]]:
    if outside:
        yield [*case, below(_X, low, strict=True)]
        yield [*case, below(high, _X, strict=True)]
    else:
        yield [*case, below(low, _X, strict=False), below(_X, high, strict=False)]
