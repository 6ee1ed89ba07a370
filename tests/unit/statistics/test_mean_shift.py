from __future__ import annotations

import json
import math
import sys
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cvnpolicy.core.errors import MissingExtraError
from cvnpolicy.statistics import MeanShiftResult, mean_shift, moments, sample

ordinary = st.floats(-1e6, 1e6).map(lambda value: round(value, 3))
integers = st.integers(-(2**63), 2**63 - 1)


def exactly(reference, current) -> float:
    """The definition, in fractions."""
    then, now = ([Fraction(value) for value in values] for values in (reference, current))
    mean = sum(then) / len(then)
    sd = math.sqrt(sum((value - mean) ** 2 for value in then) / (len(then) - 1))
    return float((sum(now) / len(now) - mean) / Fraction(sd))


@given(st.lists(ordinary, min_size=2, max_size=60), st.lists(ordinary, min_size=1, max_size=60))
def test_agrees_with_numpy(reference, current):
    spread = np.std(reference, ddof=1)
    assume(spread > 1e-4)

    result = mean_shift(reference, current)

    assert result.sigma == pytest.approx((np.mean(current) - np.mean(reference)) / spread, rel=1e-9, abs=1e-6)
    assert result.reference_sd == pytest.approx(spread, rel=1e-9)
    assert result.mean == pytest.approx(np.mean(current), rel=1e-12, abs=1e-9)
    assert result.reference_mean == pytest.approx(np.mean(reference), rel=1e-12, abs=1e-9)
    assert (result.n, result.m) == (len(reference), len(current))


@given(st.lists(integers, min_size=2, max_size=40), st.lists(integers, min_size=1, max_size=40))
def test_integers_of_64_bits_against_fractions(reference, current):
    assume(len(set(reference)) > 1)

    assert mean_shift(reference, current).sigma == pytest.approx(exactly(reference, current), rel=1e-13)


@given(st.lists(st.integers(-5, 5), min_size=2, max_size=40), st.lists(st.integers(-5, 5), min_size=1, max_size=40))
def test_where_the_numbers_lie_does_not_matter(reference, current):
    assume(len(set(reference)) > 1)
    near = mean_shift(reference, current).sigma

    for whole in (2**53, 2**60, -(2**62)):
        assert mean_shift([whole + x for x in reference], [whole + x for x in current]).sigma == near
    for far in (1e9, 2.0**50):
        moved = mean_shift([far + x for x in reference], [far + x for x in current]).sigma
        assert moved == pytest.approx(near, rel=1e-13, abs=1e-13)


@given(
    st.lists(ordinary, min_size=2, max_size=30),
    st.lists(ordinary, min_size=1, max_size=30),
    st.randoms(use_true_random=False),
)
def test_the_order_does_not_matter(reference, current, random):
    shuffled = (random.sample(values, len(values)) for values in (reference, current))

    assert mean_shift(*shuffled) == mean_shift(reference, current)


def test_a_shift_has_a_sign():
    assert mean_shift([1, 2, 3], [5]).sigma == 3.0
    assert mean_shift([1, 2, 3], [-1]).sigma == -3.0
    assert mean_shift([1, 2, 3], [2, 1, 3, 2]).sigma == 0.0


def test_the_spread_is_that_of_the_reference_alone():
    assert mean_shift([1, 2, 3], [-100, 0, 100, 12]).sigma == 1.0


def test_a_reference_is_divided_by_one_less():
    assert mean_shift([0.0, 2.0], [1 + math.sqrt(2)]).sigma == pytest.approx(1.0, rel=1e-15)


def test_non_finite_values_are_left_out_and_counted():
    nan, inf = float("nan"), float("inf")

    result = mean_shift(np.array([1.0, nan, 2.0, 3.0, inf, None], dtype=object), [-inf, 4.0, nan])

    assert result == MeanShiftResult(
        sigma=2.0,
        mean=4.0,
        reference_mean=2.0,
        reference_sd=1.0,
        n=3,
        m=1,
        reference_nonfinite=3,
        current_nonfinite=2,
    )


@pytest.mark.parametrize(("reference", "sd"), [([5.0], None), ([5.0, math.nan], None), ([0.1] * 3, 0.0), ([7, 7], 0.0)])
def test_without_a_spread_there_is_no_shift(reference, sd):
    result = mean_shift(reference, [1.0, 2.0])

    assert result.sigma is None
    assert result.reference_sd == sd
    assert result.reference_mean == pytest.approx(reference[0])
    assert (result.n, result.m) == (len(reference) - reference.count(math.nan), 2)


def test_one_current_value_is_enough():
    assert mean_shift([1, 3], [2]).sigma == 0.0


@pytest.mark.parametrize("empty", [[], [float("nan"), float("inf")]])
def test_an_empty_sample_is_refused_with_its_side_and_why(empty):
    with pytest.raises(ValueError, match=rf"reference has no finite value \({len(empty)} not finite\)"):
        mean_shift(empty, [1.0])
    with pytest.raises(ValueError, match="current sample has no finite value"):
        mean_shift([1.0], empty)


@pytest.mark.parametrize(
    ("reference", "current"),
    [
        ([-1e200, 1e200], [0.0]),  # the reference's squares
        ([1e308, 1.7e308], [0.0]),  # its sum
        ([1.0, 2.0], [1.7e308, 1.7e308]),  # the current sum
        ([0.0, 1e-100], [1e300]),  # the quotient
    ],
)
def test_what_is_above_the_range_is_no_number(reference, current):
    sigma = mean_shift(reference, current).sigma

    assert sigma is not None
    assert math.isnan(sigma)


def test_a_large_shift_of_a_small_spread_is_a_number():
    assert mean_shift([0.0, 2e-100], [1e200]).sigma == pytest.approx(1e300 / math.sqrt(2), rel=1e-14)


def test_neighbours_of_an_identifier():
    first = 123_456_789_012_345_678

    assert mean_shift([first, first + 1, first + 2], [first + 4]).sigma == 3.0


def test_moments_are_taken_as_they_are_and_give_the_same_answer():
    reference, current = [5.0, 1.0, 2.0, float("nan")], [2.0, 3.0]

    assert mean_shift(moments(reference), moments(current)) == mean_shift(reference, current)


def test_the_callers_array_is_left_alone():
    values = np.array([3, 1, 2])

    mean_shift(values, values)
    sample(values)

    assert values.tolist() == [3, 1, 2]


@pytest.mark.parametrize("values", [["1.5", "2"], [[1.0], [2.0]], 3.0])
def test_what_is_no_sample_is_refused(values):
    with pytest.raises(ValueError, match=r"must be numbers|one-dimensional"):
        mean_shift([1.0, 2.0], values)


def test_a_missing_package_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "numpy", None)

    with pytest.raises(MissingExtraError, match=r"with \[tables\]"):
        mean_shift([1.0, 2.0], [1.0])


def test_known_answers(shared):
    cases = {case["id"]: case for case in json.loads((shared / "data" / "known_answers.json").read_text())["cases"]}
    sleep = cases["sleep_paired_t"]

    result = mean_shift(sleep["input"]["b"], sleep["input"]["a"])

    assert result.sigma is not None
    assert result.reference_sd is not None
    assert result.sigma * result.reference_sd == pytest.approx(sleep["expected"]["mean_diff"], abs=sleep["tol"])
