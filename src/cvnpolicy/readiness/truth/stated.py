"""What each check of the policies states, figure by figure, with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from cvnpolicy.core.condition import Comparison, Condition, Constant, Op
from cvnpolicy.core.condition.units import in_unit
from cvnpolicy.core.duration import Duration
from cvnpolicy.core.location import Location
from cvnpolicy.core.resolve import Resolved
from cvnpolicy.core.shapes import Severities
from cvnpolicy.core.time import TPlus
from cvnpolicy.core.tree import Tree
from cvnpolicy.core.unit import SECONDS, Suffix, Unit
from cvnpolicy.readiness.truth.amounts import DAY, Dimension
from cvnpolicy.readiness.truth.figure import FigureKind

_LOOKS_BACK = frozenset({"last", "min", "max", "unmatched", "coverage", "duplicates", "missing"})
"""Statistics whose window only says how far back to look: documents rarely speak of it."""


@dataclass(frozen=True, slots=True)
class Stated:
    """One figure of a check."""

    kind: FigureKind
    check: str
    where: Location
    says: str
    """As a person reads it: ``warn_if < 0.01``."""
    value: Fraction = Fraction(0)
    """A number; lengths of time in seconds."""
    dimension: Dimension = Dimension.PLAIN
    """PLAIN is a number without a unit, SHARE one where % also fits, THINGS a count of groups."""
    op: Op | None = None
    base: str = ""
    """``+``: value is added to a baseline. ``*``: it multiplies one."""
    level: str = ""
    """The level it belongs to: ``warn`` or ``crit``."""
    later: bool = False
    """Whether a severity only comes with an escalation."""
    step: Fraction = Fraction(0)
    """How far apart the instants are at which a length of time can end; 0 where there are no such."""
    loose: bool = False
    """Whether a document that says otherwise may be about something else."""
    word: str = ""
    most: Fraction | None = None
    """The greatest count there can be, where it is known."""


def stated(resolved: Resolved) -> Iterator[Stated]:
    """Yield all that a check states."""
    yield from _limits(resolved)
    yield from _groups(resolved)
    yield from _windows(resolved)
    yield from _lasting(resolved)
    yield from _moments(resolved)
    yield from _severities(resolved)
    if resolved.check.every is not None:
        yield _length(resolved, FigureKind.CADENCE, resolved.check.every, "every", "every")


def _limits(resolved: Resolved) -> Iterator[Stated]:
    for key, test in resolved.check.tests.items():
        level = key.removesuffix("_if").replace("pass", "")
        if level:
            yield Stated(FigureKind.LEVEL, resolved.address, resolved.place(key), f"{key} {_said(test)}", word=level)
        if not isinstance(test, Condition) or resolved.check.measure is None:
            continue
        for clause in test.clauses:
            if isinstance(clause, Comparison):
                yield _limit(resolved, key, level, clause, f"{key} {test}")


def _said(test: Condition | Tree) -> str:
    return str(test) if isinstance(test, Condition) else "other checks"


def _limit(resolved: Resolved, key: str, level: str, clause: Comparison, says: str) -> Stated:
    unit = resolved.question.unit
    quantity = clause.quantity
    base = "*"
    if isinstance(quantity, Constant):
        base, value = "", in_unit(quantity, unit)
    elif quantity.offset is not None:
        base, value = "+", in_unit(quantity.offset, unit)
    else:
        value = Fraction(quantity.factor)
    dimension = Dimension.FACTOR if base == "*" else _DIMENSIONS.get(unit, Dimension.TIME)
    if base != "*" and unit is Unit.PERCENT:
        value /= 100
    if base != "*" and dimension is Dimension.TIME:
        value *= SECONDS[Suffix(unit.value)]
    place = resolved.place(key)
    most = None
    known = resolved.question.range
    if known is not None and known[0] == 0 and unit in _COUNTED and value.denominator == 1:
        most = Fraction(known[1])
    return Stated(FigureKind.LIMIT, resolved.address, place, says, value, dimension, clause.op, base, level, most=most)


_COUNTED = {Unit.COUNT, Unit.OTHER}
_DIMENSIONS = {
    Unit.NUMBER: Dimension.SHARE,
    Unit.PERCENT: Dimension.SHARE,
    Unit.COUNT: Dimension.TIMES,
    Unit.SIGMA: Dimension.SIGMA,
    Unit.OTHER: Dimension.PLAIN,
}


def _groups(resolved: Resolved) -> Iterator[Stated]:
    groups = resolved.check.groups
    each = groups if isinstance(groups, Mapping) else {} if groups is None else {"": groups}
    for dimension, quantifier in each.items():
        for clause in quantifier.count.clauses if quantifier.count is not None else ():
            if isinstance(clause, Comparison) and isinstance(clause.quantity, Constant):
                place = resolved.place("groups", *([dimension] if dimension else []))
                says = f"groups {dimension or 'of all'} {clause}"
                value = Fraction(clause.quantity.number)
                yield Stated(
                    FigureKind.LIMIT, resolved.address, place, says, value, Dimension.THINGS, clause.op, loose=True
                )


def _windows(resolved: Resolved) -> Iterator[Stated]:
    measure = resolved.check.measure
    if measure is None:
        return
    if isinstance(measure.window, Duration):
        name = measure.statistic
        loose = name in _LOOKS_BACK or (measure.metric is not None and re.fullmatch(r"p[0-9]+", name) is not None)
        yield _length(resolved, FigureKind.WINDOW, measure.window, "window", "measure", "window", loose=loose)
    if measure.match is not None:
        key = measure.match.direction.value
        yield _length(resolved, FigureKind.WINDOW, measure.match.within, f"match {key}", "measure", "match", key)


def _length(
    resolved: Resolved, kind: FigureKind, length: Duration, said: str, *path: str | int, loose: bool = False
) -> Stated:
    every = resolved.check.every
    step = Fraction(every.microseconds, 1_000_000) if every is not None else Fraction(0)
    value = Fraction(length.microseconds, 1_000_000)
    place = resolved.place(*path)
    return Stated(kind, resolved.address, place, f"{said} {length}", value, Dimension.TIME, step=step, loose=loose)


def _lasting(resolved: Resolved) -> Iterator[Stated]:
    check = resolved.check
    if check.for_ is not None:
        yield _length(resolved, FigureKind.LASTING, check.for_, "for", "for")
    for index, step in enumerate(check.escalate or ()):
        if step.after is not None:
            said = f"escalates to {step.to} after"
            yield _length(resolved, FigureKind.LASTING, step.after, said, "escalate", index, "after")
    for key, test in check.tests.items():
        for leaf in test.leaves() if isinstance(test, Tree) else ():
            if leaf.for_ is not None:
                yield _length(resolved, FigureKind.LASTING, leaf.for_, f"{key} {leaf.check} for", key)


def _moments(resolved: Resolved) -> Iterator[Stated]:
    moments: list[tuple[str, object, tuple[str | int, ...]]] = []
    moments.append(("active_from", resolved.check.active_from, ("active_from",)))
    for index, step in enumerate(resolved.check.escalate or ()):
        moments.append((f"escalates to {step.to} at", step.at, ("escalate", index, "at")))
    for said, moment, path in moments:
        if isinstance(moment, TPlus):
            yield Stated(
                FigureKind.MOMENT,
                resolved.address,
                resolved.place(*path),
                f"{said} {moment}",
                Fraction(moment.days * DAY),
                Dimension.TIME,
            )


def _severities(resolved: Resolved) -> Iterator[Stated]:
    severity = resolved.check.severity
    address = resolved.address
    kind = FigureKind.SEVERITY
    if isinstance(severity, Severities):
        for level in ("warn", "crit"):
            word = str(getattr(severity, level))
            place = resolved.place("severity", level)
            yield Stated(kind, address, place, f"severity {level} {word}", level=level, word=word)
    elif severity is not None:
        yield Stated(kind, address, resolved.place("severity"), f"severity {severity}", word=str(severity))
    for index, step in enumerate(resolved.check.escalate or ()):
        when = step.after or step.at
        place = resolved.place("escalate", index, "to")
        yield Stated(kind, address, place, f"escalates to {step.to} after {when}", later=True, word=str(step.to))
