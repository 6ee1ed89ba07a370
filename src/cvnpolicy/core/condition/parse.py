"""From text to condition. The grammar has no brackets, so one function per rule reads it from left to right.

rule       reads
condition  "unset", or clauses joined all by "and" or all by "or"
clause     an operator and a quantity, with "abs" before them if wanted
           "within", a tolerance with its unit or "ci95", "of", a name; with "not" before them if wanted
quantity   a number with or without a unit
           a name, with a number and "*" before it, and with a sign, a number and a unit (not %) behind it, if wanted
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from cvnpolicy.core.condition.ast import (
    KEYWORDS,
    MAX_CLAUSES,
    MAX_DIGITS,
    MAX_LENGTH,
    At,
    Clause,
    Comparison,
    Condition,
    Constant,
    Joiner,
    Multiple,
    Op,
    Quantity,
    Within,
    number_text,
    render,
    significant_digits,
)
from cvnpolicy.core.condition.error import ConditionError
from cvnpolicy.core.condition.hints import TREE
from cvnpolicy.core.condition.reader import Reader
from cvnpolicy.core.condition.tokens import Kind
from cvnpolicy.core.unit import Suffix

_OPERATORS = tuple(Op)
_SUFFIXES = tuple(Suffix)
_JOINERS = tuple(Joiner)
_STARTS = (*_OPERATORS, "abs", "within", "not", "unset")
_EXAMPLE = "a comparison such as > 5, abs > 3 sigma or within 1% of name"


@lru_cache(maxsize=4096)
def parse(text: str) -> Condition:
    """Read a condition.

    Args:
        text: For example ``> 2 * baseline`` or ``< 0.4 or > 0.6``; spaces are free, at most 300 code points.

    Raises:
        ConditionError: With the place of the first token that is wrong, and what would be right.
    """
    if len(text) > MAX_LENGTH:
        _too_long(At(MAX_LENGTH, len(text) - MAX_LENGTH))
    reader = Reader(text)
    if reader.accept("unset"):
        if not reader.ended:
            reader.fail("nothing behind unset: it stands alone")
        return Condition()
    clauses, joiner = [_clause(reader)], None
    while not reader.ended:
        joiner = _joiner(reader, joiner)
        if len(clauses) == MAX_CLAUSES:
            raise reader.error(f"more than {MAX_CLAUSES} clauses", TREE)
        clauses.append(_clause(reader))
    chosen = joiner or Joiner.AND
    if len(render(clauses, chosen)) > MAX_LENGTH:
        _too_long(At(0, len(text)))
    return Condition(tuple(clauses), chosen)


def _too_long(at: At) -> None:
    what = f"a condition longer than {MAX_LENGTH} code points, one space between words"
    raise ConditionError(what, TREE, at.offset, at.length)


def _joiner(reader: Reader, before: Joiner | None) -> Joiner:
    token = reader.token
    if token.text not in _JOINERS:
        reader.fail("and, or, or the end", _JOINERS)
    if before is not None and token.text != before:
        raise reader.error("'and' mixed with 'or'", TREE)
    return Joiner(reader.take().text)


def _clause(reader: Reader) -> Clause:
    if reader.accept("not"):
        if not reader.accept("within"):
            reader.fail(_turned(reader.token.text), ("within",))
        return _within(reader, negated=True)
    if reader.accept("within"):
        return _within(reader, negated=False)
    absolute = reader.accept("abs")
    if reader.token.kind is not Kind.OPERATOR:
        right = f"an operator, one of {' '.join(_OPERATORS)}" if absolute else _EXAMPLE
        reader.fail(right, _OPERATORS if absolute else _STARTS)
    return Comparison(Op(reader.take().text), _quantity(reader), absolute)


def _turned(text: str) -> str:
    if text in _OPERATORS:
        return f"write {Op(text).opposite} instead of not {text}"
    return "within: other comparisons are turned round, as <= for not >"


def _within(reader: Reader, *, negated: bool) -> Within:
    tolerance = None if reader.accept("ci95") else _tolerance(reader)
    if not reader.accept("of"):
        reader.fail("of and a baseline's name", ("of",))
    name, at = _name(reader)
    return Within(tolerance, name, negated, at)


def _tolerance(reader: Reader) -> Constant:
    if reader.token.kind is Kind.WORD:
        reader.fail("a number with its unit, or ci95", ("ci95",))
    number, at = _number(reader)
    if number < 0:
        what, right = "a negative tolerance", number_text(number.copy_abs())
        raise ConditionError(what, f"write {right}", at.offset, at.length)
    suffix, suffix_at = _suffix(reader, ("of",))
    if suffix is None:
        right = f"a unit, one of {' '.join(_SUFFIXES)}; without one: >= name - {number} and <= name + {number}"
        raise ConditionError(f"within {number} has no unit", right, at.offset, at.length)
    return Constant(number, suffix, at, suffix_at)


def _quantity(reader: Reader) -> Quantity:
    if reader.token.kind is Kind.WORD:
        return _multiple(reader, Decimal(1))
    number, at = _number(reader)
    if reader.accept("*"):
        return _multiple(reader, number)
    suffix, suffix_at = _suffix(reader, _JOINERS)
    constant = Constant(number, suffix, at, suffix_at)
    if reader.token.text == "*":
        raise reader.error(f"{constant} cannot multiply", f"write {number_text(number)} * and a baseline")
    if reader.token.text in ("+", "-"):
        raise reader.error(f"{reader.token.quoted} behind a number", "the baseline first, as in name + 1")
    return constant


def _multiple(reader: Reader, factor: Decimal) -> Multiple:
    name, at = _name(reader)
    sign = reader.token
    if sign.text == "*":
        raise reader.error("a baseline before *", f"the number first, as in 2 * {name}")
    if sign.text not in ("+", "-"):
        return Multiple(name, factor, None, at)
    reader.take()
    if reader.token.kind is Kind.WORD:
        raise reader.error("a second baseline", "a number: a quantity has one baseline")
    number, number_at = _number(reader)
    suffix, suffix_at = _suffix(reader, _JOINERS)
    if suffix is Suffix.PERCENT:
        what, right = (
            f"% behind {sign.text}",
            f"write {sign.text} {number_text(number)}pp, or multiply, as in 1.01 * {name}",
        )
        raise ConditionError(what, right, suffix_at.offset, suffix_at.length)
    signed = number.copy_negate() if sign.text == "-" else number
    return Multiple(name, factor, Constant(signed, suffix, number_at, suffix_at), at)


def _name(reader: Reader) -> tuple[str, At]:
    token = reader.token
    if token.kind is not Kind.WORD or token.text in KEYWORDS:
        reader.fail("a baseline's name: a letter, then letters, digits and _")
    reader.take()
    return token.text, token.at


def _number(reader: Reader) -> tuple[Decimal, At]:
    """Read ``["-"] digits ["." digits]``; the minus sign touches the digits."""
    start = reader.token
    sign = "-" if reader.at_minus else ""
    if sign:
        reader.take()
    token = reader.token
    if token.kind is not Kind.NUMBER:
        after = reader.after_sign
        reader.fail(f"write {after}" if after else "a number such as 5, -0.25 or 1000")
    reader.take()
    number = Decimal(sign + token.text)
    at = At(start.at.offset, len(sign) + len(token.text))
    if significant_digits(number) > MAX_DIGITS:
        what = f"a number with more than {MAX_DIGITS} significant digits"
        raise ConditionError(what, "round it: more digits would not change the result", at.offset, at.length)
    if reader.at_exponent:
        raise reader.error(f"{reader.token.quoted} behind {token.text}", "write the number out, without exponent")
    return number, at


def _suffix(reader: Reader, otherwise: tuple[str, ...]) -> tuple[Suffix | None, At]:
    """Read a unit if there is one; ``otherwise`` are the words that may stand there instead."""
    token = reader.token
    if token.text in _SUFFIXES:
        reader.take()
        return Suffix(token.text), token.at
    if token.kind is Kind.WORD and token.text not in otherwise:
        reader.fail(f"a unit, one of {' '.join(_SUFFIXES)}, or {', '.join(otherwise)}", (*_SUFFIXES, *otherwise))
    return None, At(token.at.offset, 0)
