"""Whether a figure of a text and a figure of a check say the same. None where they cannot be compared."""

from __future__ import annotations

import math
import re
from fractions import Fraction

from cvnpolicy.core.condition import Op
from cvnpolicy.readiness.truth.amounts import Dimension
from cvnpolicy.readiness.truth.figure import FigureKind
from cvnpolicy.readiness.truth.readings import Reading
from cvnpolicy.readiness.truth.stated import Stated

_TIMED = {FigureKind.WINDOW, FigureKind.CADENCE, FigureKind.LASTING, FigureKind.MOMENT}
_LESS = re.compile(
    r"(?i:\b(?:drop\w{0,4}|falls?|fell|fallen|declin\w{1,3}|los[et]s?|lost|loses|loss|below|lower|under|less|fewer|"
    r"worse|degrad\w{1,5}|regress\w{0,5}|decreas\w{1,3}|gap|shortfall)\b)"
)
_MORE = re.compile(r"(?i:\b(?:above|better|higher|more|gains?|improv\w{1,6}|uplift|increas\w{1,3}|rises?)\b)")
_FLIPPED = {Op.LT: Op.GT, Op.LE: Op.GE, Op.GT: Op.LT, Op.GE: Op.LE, Op.EQ: Op.EQ, Op.NE: Op.NE}


def same(reading: Reading, stated: Stated, around: str) -> bool | None:
    """Compare two figures.

    Args:
        reading: What the document says.
        stated: What a check says.
        around: The words around the figure of the document.
    """
    if reading.kind is FigureKind.LIMIT:
        return _same_limit(reading, stated, around) if stated.kind is FigureKind.LIMIT else None
    if reading.kind is FigureKind.DURATION:
        return _same_duration(reading, stated)
    if reading.kind is not stated.kind:
        return None
    if reading.kind in _TIMED:
        return _same_time(reading, stated)
    if reading.kind is FigureKind.SEVERITY:
        return reading.word == stated.word
    return None


def _same_duration(reading: Reading, stated: Stated) -> bool | None:
    if stated.kind is FigureKind.LIMIT and stated.dimension is Dimension.TIME and not stated.base:
        return _between(reading, stated.value) and _same_op(reading.op, stated.op)
    longer = reading.op in {Op.GT, Op.GE}
    return _same_time(reading, stated) if stated.kind is FigureKind.LASTING and longer else None


def _same_time(reading: Reading, stated: Stated) -> bool:
    if _between(reading, stated.value):
        return True
    if stated.kind is not FigureKind.LASTING or not stated.step:
        return False
    # Asked every week, "more than 30 days" is first seen after 35.
    weeks = -(-reading.amount.value // stated.step)
    return Fraction(weeks) * stated.step == stated.value


def _between(reading: Reading, value: Fraction) -> bool:
    return reading.amount.value <= value <= reading.amount.most


def _same_op(said: Op | None, op: Op | None) -> bool:
    """A limit and its negation are the same: what warns below 0.05 passes from 0.05 on."""
    return said is None or op is None or said in {op, op.opposite}


def _same_limit(reading: Reading, stated: Stated, around: str) -> bool | None:
    size = reading.amount
    if stated.base == "*":
        times = size.dimension is Dimension.FACTOR or reading.base == "*"
        return size.value == stated.value and _same_op(reading.op, stated.op) if times else None
    if stated.base == "+" or reading.base:
        return _same_move(reading, stated, around)
    share = size.dimension is Dimension.SHARE and stated.most is not None
    if (share or stated.dimension in _COUNTED) and reading.op is not None and stated.op is not None:
        count = _count(reading, stated)
        return None if count is None else _cut(count, reading.op) == _cut(stated.value, stated.op)
    if not _comparable(reading, stated):
        return None
    if size.value == stated.value and _same_op(reading.op, stated.op):
        return True
    if size.dimension is Dimension.SHARE and _LESS.search(around):
        # A drop of 80 % leaves 20 %.
        return 1 - size.value == stated.value and (reading.op is None or _same_op(_FLIPPED[reading.op], stated.op))
    return False


_COUNTED = {Dimension.TIMES, Dimension.THINGS}


def _count(reading: Reading, stated: Stated) -> Fraction | None:
    """Return the number of a figure as a count; a share is one of the most that can be counted."""
    size = reading.amount
    if size.dimension is Dimension.SHARE and stated.most is not None:
        return size.value * stated.most
    return size.value if _comparable(reading, stated) else None


def _cut(count: Fraction, op: Op) -> tuple[Fraction, bool]:
    """Return the count that a limit is drawn before: ``> 5``, ``<= 5`` and ``>= 6`` are all drawn before 6."""
    if op in {Op.EQ, Op.NE}:
        return count, True
    return Fraction(math.ceil(count) if op in {Op.LT, Op.GE} else math.floor(count) + 1), False


def _comparable(reading: Reading, stated: Stated) -> bool:
    size = reading.amount
    if stated.dimension is Dimension.SHARE:
        if size.dimension is Dimension.PLAIN and size.value > 1 and 0 < abs(stated.value) < 1:
            # Nobody takes a p-value or a score for 4: this counts something.
            return False
        whole = size.dimension is Dimension.THINGS and stated.value.denominator == 1 and stated.value > 1
        return whole or size.dimension in {Dimension.PLAIN, Dimension.SHARE, Dimension.FACTOR}
    if stated.dimension is Dimension.TIMES:
        whole = size.dimension in {Dimension.PLAIN, Dimension.THINGS} and size.value.denominator == 1
        return whole or size.dimension is Dimension.TIMES
    if stated.dimension is Dimension.PLAIN:
        return size.dimension in {Dimension.PLAIN, Dimension.FACTOR}
    return size.dimension is stated.dimension


def _same_move(reading: Reading, stated: Stated, around: str) -> bool | None:
    """Compare what is so much above or below a baseline, or better or worse by so much."""
    if stated.base != "+" or reading.base == "*" or reading.amount.dimension not in _MOVES:
        return None
    size, op = reading.amount.value, reading.op
    if reading.base == "-":
        size = -size
    elif not reading.base:
        # A loss says nothing of a check that asks for a gain.
        if (_LESS if stated.value < 0 else _MORE).search(around) is None:
            return None
        if stated.value < 0:
            size, op = -size, None if op is None else _FLIPPED[op]
    return size == stated.value and _same_op(op, stated.op)


_MOVES = {Dimension.PLAIN, Dimension.SHARE}
