from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvnpolicy.statistics import Moments, moments

MOST = 2**63 - 1
values_of_any_size = st.floats(-1e150, 1e150, allow_subnormal=False)
integers = st.integers(-(2**63), MOST)


def is_nan(value: float | None) -> bool:
    return value is not None and math.isnan(value)


def mean_of(values) -> Fraction:
    return sum(map(Fraction, values), Fraction(0)) / len(values)


def exact_variance(values) -> Fraction:
    mean = mean_of(values)
    return mean_of([(Fraction(value) - mean) ** 2 for value in values]) * len(values) / (len(values) - 1)


# NIST, Statistical Reference Datasets, univariate summary statistics: the sets that subtract nearly equal numbers.
@pytest.mark.parametrize(
    ("middle", "step", "pairs", "sd"),
    [(10_000_002, 1, 1, 1.0), (1.2, 0.1, 500, 0.1), (1_000_000.2, 0.1, 500, 0.1), (10_000_000.2, 0.1, 500, 0.1)],
    ids=["NumAcc1", "NumAcc2", "NumAcc3", "NumAcc4"],
)
def test_agrees_with_the_certified_values(middle, step, pairs, sd):
    found = moments([middle, *[middle - step, middle + step] * pairs])

    assert found.mean == pytest.approx(middle, rel=1e-14)
    assert found.sd == pytest.approx(sd, rel=1e-8)
    assert found.n == len(found) == 1 + 2 * pairs


@given(st.lists(values_of_any_size, min_size=2, max_size=50))
def test_floats_against_fractions(values):
    found = moments(values)

    assert found.mean == pytest.approx(float(mean_of(values)), rel=1e-15, abs=1e-300)
    assert found.sd == pytest.approx(math.sqrt(exact_variance(values)), rel=1e-12, abs=1e-150)


@given(st.lists(integers, min_size=2, max_size=50))
def test_integers_keep_all_their_digits(values):
    found = moments(values)

    assert found.exact_mean == Fraction(sum(values), len(values))
    assert found.sd == pytest.approx(math.sqrt(exact_variance(values)), rel=1e-14)


@given(st.lists(values_of_any_size, min_size=1, max_size=50), st.randoms(use_true_random=False))
def test_the_order_does_not_matter(values, random):
    assert moments(random.sample(values, len(values))) == moments(values)


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=50), st.sampled_from([0.0, 1e9, 1e15]))
def test_the_mean_before_rounding_is_as_good_as_the_distances_from_it(near, far):
    values = [value + far for value in near]
    exact = mean_of(values)
    spread = mean_of([abs(Fraction(value) - exact) for value in values])

    found = moments(values).exact_mean

    assert found is not None
    # The distances are from the rounded mean, so its own rounding error is one of them.
    assert abs(found - exact) <= (spread + Fraction(math.ulp(float(exact)))) / 2**52


@given(st.floats(-1e150, 1e150), st.integers(2, 400))
def test_equal_values_have_no_spread(value, count):
    found = moments([value] * count)

    assert (found.sd, found.exact_mean) == (0.0, Fraction(value))


def test_equal_values_far_from_one_have_no_spread_either():
    """The square of the sum of their distances from a rounded mean is above float64's range."""
    for exponent in range(540, 580):
        for count in (3, 5, 7, 1001):
            assert moments([1.1 * 2.0**exponent] * count).sd in (0.0, pytest.approx(math.nan, nan_ok=True))


def test_one_value_has_no_spread_to_speak_of():
    assert moments([5.0]) == Moments(1, 5.0, None, Fraction(5), 0)
    assert moments([5.0, 7.0]).sd == math.sqrt(2)


@pytest.mark.parametrize(("values", "nonfinite"), [([], 0), ([math.nan, math.inf, -math.inf], 3)])
def test_without_values_there_are_no_moments(values, nonfinite):
    found = moments(values)

    assert (found.n, found.sd, found.exact_mean, found.nonfinite) == (0, None, None, nonfinite)
    assert math.isnan(found.mean)


def test_what_is_not_finite_is_left_out_and_counted():
    found = moments(np.array([1.0, None, math.nan, 3.0, math.inf], dtype=object))

    assert (found.n, found.mean, found.nonfinite) == (2, 2.0, 3)


def test_moments_are_taken_as_they_are():
    ready = moments([1.0, 2.0])

    assert moments(ready) is ready


@pytest.mark.parametrize("values", [[1e308, 1.7e308], [-1.7e308, -1.7e308, -1.7e308, 1.7e308]])
def test_sums_above_the_range_are_said_to_be_so(values):
    found = moments(values)

    assert (is_nan(found.sd), found.exact_mean) == (True, None)


def test_squares_above_the_range_leave_the_mean():
    found = moments([-1e200, 1e200])

    assert (found.mean, found.exact_mean, is_nan(found.sd)) == (0.0, Fraction(0), True)


@pytest.mark.parametrize(
    "values",
    [
        np.array([True, False, True]),
        np.array([1, 0, 1], dtype=np.int8),
        np.array([1, 0, 1], dtype=np.uint32),
        np.array([1, 0, 1], dtype=np.uint64),
        np.array([1, 0, 1], dtype=np.float32),
    ],
    ids=lambda values: str(values.dtype),
)
def test_every_kind_of_number_is_read(values):
    assert moments(values).mean == 2 / 3


def test_unsigned_integers_above_64_bits_with_a_sign_are_floats():
    found = moments(np.array([2**64 - 1, 2**63], dtype=np.uint64))

    assert found.exact_mean == Fraction(2**64 + 2**63, 2)
