"""Limits at which a condition changes, each with the neighbours on both sides. tools/mutate.py asked for them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvnpolicy.core.condition import ConditionError, Sign, parse
from cvnpolicy.core.condition.ast import Constant, Within
from cvnpolicy.core.condition.linear import Budget, TooLargeError, _cheapest, _reduced, _without, below, satisfiable


def test_a_number_has_at_most_three_hundred_zeros():
    assert str(Constant(Decimal("1E+300"))) == "1" + 300 * "0"
    with pytest.raises(ValueError, match="significant digits"):
        Constant(Decimal("1E+301"))


def test_within_is_not_negated_unless_said():
    assert str(Within(None, "champion")) == "within ci95 of champion"


@pytest.mark.parametrize(("bits", "fits"), [(19_999, True), (20_000, True), (20_001, False)])
def test_numbers_of_twenty_thousand_bits_are_worked_with(bits, fits):
    rows = [below({"x": Fraction(1)}, {"": Fraction(2 ** (bits - 1))}, strict=True)]
    if fits:
        assert satisfiable([[rows]], Budget(100))
    else:
        with pytest.raises(TooLargeError):
            satisfiable([[rows]], Budget(100))


def test_three_hundred_characters_as_written_and_as_printed():
    assert str(parse(f"> {298 * 'a'}")) == f"> {298 * 'a'}"
    for text in (f"> {299 * 'a'}", f">{299 * 'a'}"):
        with pytest.raises(ConditionError, match="longer than 300 code points"):
            parse(text)


def test_a_budget_can_be_spent_to_the_last():
    budget = Budget(2)
    budget.spend(2)
    with pytest.raises(TooLargeError):
        budget.spend(1)


def test_rows_are_kept_without_common_divisor():
    row = _reduced((4, -6), Fraction(3), strict=True)
    assert (row.direction, row.constant) == ((2, -3), Fraction(3, 2))
    assert _reduced((0, 0), Fraction(3), strict=True).constant == 3


ROWS = st.lists(st.tuples(*[st.integers(-2, 2)] * 3).filter(any), min_size=1, max_size=8)


@given(ROWS)
def test_the_variable_whose_removal_leaves_the_fewest_rows_goes_first(directions):
    rows = [_reduced(direction, Fraction(1), strict=True) for direction in directions]
    used = [position for position in range(3) if any(row.direction[position] for row in rows)]
    assert _cheapest(rows) == min(used, key=lambda position: len(_without(position, rows, Budget(1000))))


@pytest.mark.parametrize("tolerance", ["-0.5", "-1", "-2"])
def test_every_negative_tolerance_is_told(tolerance):
    with pytest.raises(ConditionError, match="a negative tolerance"):
        parse(f"within {tolerance}% of champion")


@pytest.mark.parametrize(
    ("value", "positive", "negative"), [(0.5, True, False), (0, False, False), (-0.5, False, True)]
)
def test_zero_has_no_sign(value, positive, negative):
    assert (Sign.POSITIVE.holds(value), Sign.NEGATIVE.holds(value)) == (positive, negative)
