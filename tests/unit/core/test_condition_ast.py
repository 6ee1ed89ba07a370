from __future__ import annotations

from decimal import Decimal

import pytest

from cvnpolicy.core.condition import (
    At,
    Comparison,
    Condition,
    Constant,
    Joiner,
    Multiple,
    Op,
    Within,
    interval_names,
    is_name,
    mentions,
    names,
    parse,
)
from cvnpolicy.core.unit import Suffix


def above(text: str) -> Comparison:
    return Comparison(Op.GT, Constant(Decimal(text)))


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("0.40", "0.4"),
        ("-0", "0"),
        ("-0.0", "0"),
        ("100", "100"),
        ("1E+5", "100000"),
        ("1E-7", "0.0000001"),
        ("-2.50", "-2.5"),
        ("123456789012345", "123456789012345"),
    ],
)
def test_numbers_print_without_exponent(number: str, text: str) -> None:
    assert str(above(number)) == f"> {text}"
    assert parse(f"> {text}") == Condition((above(number),))


@pytest.mark.parametrize("number", ["NaN", "sNaN", "Infinity", "-Infinity", "1E+400", "1E-400", "1234567890123456"])
def test_numbers_that_could_not_be_read_back_are_refused(number: str) -> None:
    with pytest.raises(ValueError, match="significant digits"):
        Constant(Decimal(number))
    with pytest.raises(ValueError, match="significant digits"):
        Multiple("b", Decimal(number))


@pytest.mark.parametrize("name", ["", "1a", "_a", "a b", "and", "ci95", "unset", "é", "a-b", "a\n"])
def test_names_that_could_not_be_read_back_are_refused(name: str) -> None:
    assert not is_name(name)
    with pytest.raises(ValueError, match="cannot name a baseline"):
        Multiple(name)
    with pytest.raises(ValueError, match="cannot name a baseline"):
        Within(None, name)


def test_unit_words_can_name_a_baseline() -> None:
    assert is_name("min")
    condition = parse("> 2 * min - 5min and within 1 s of s")
    assert names(condition) == {"min", "s"}
    assert str(condition) == "> 2 * min - 5min and within 1s of s"


@pytest.mark.parametrize(
    ("number", "suffix"),
    [("-1", Suffix.POINT), ("1", None)],
)
def test_a_tolerance_has_a_unit_and_no_sign(number: str, suffix: Suffix | None) -> None:
    with pytest.raises(ValueError, match="tolerance"):
        Within(Constant(Decimal(number), suffix), "b")


def test_a_baseline_is_not_moved_by_percent() -> None:
    with pytest.raises(ValueError, match="never moved by %"):
        Multiple("b", offset=Constant(Decimal(1), Suffix.PERCENT))


def test_size_is_limited() -> None:
    assert len(Condition((above("1"),) * 12).clauses) == 12
    with pytest.raises(ValueError, match="12 clauses"):
        Condition((above("1"),) * 13)
    name = "n" * 298
    assert len(str(Condition((Comparison(Op.GT, Multiple(name)),)))) == 300
    with pytest.raises(ValueError, match="300 code points"):
        Condition((Comparison(Op.GE, Multiple(name)),))


def test_equality_is_of_meaning_as_written() -> None:
    assert parse(">0.40") == parse("  >  0.4 ")
    assert hash(parse(">0.40")) == hash(parse("> 0.4"))
    assert parse("> 1 * x") == parse("> x")
    assert parse("> x - -1pp") == parse("> x + 1pp")
    assert parse("> 1000ms") != parse("> 1s")
    assert Condition((above("1"),), Joiner.OR) == Condition((above("1"),), Joiner.AND)
    assert parse("> 1 and < 2") != parse("> 1 or < 2")


def test_unset() -> None:
    assert Condition().is_unset
    assert str(Condition()) == "unset"
    assert not parse("> 1").is_unset


def test_mentions_have_places_in_order() -> None:
    text = "> 2 * beta and < 5 and within 1% of alpha and <= beta"
    condition = parse(text)
    places = (At(6, 4), At(text.index("alpha"), 5), At(text.rindex("beta"), 4))
    assert mentions(condition) == tuple(zip(("beta", "alpha", "beta"), places, strict=True))
    assert names(condition) == {"alpha", "beta"}
    assert names(parse("> 5")) == frozenset()


@pytest.mark.parametrize("op", list(Op))
def test_the_opposite_of_the_opposite_is_the_same(op: Op) -> None:
    assert op.opposite is not op
    assert op.opposite.opposite is op


def test_only_baselines_whose_interval_is_used_are_named() -> None:
    condition = parse("within ci95 of champion or > 2 * ci95x or within 1% of other")
    assert interval_names(condition) == {"champion"}
    assert names(condition) == {"champion", "ci95x", "other"}
