from __future__ import annotations

import json
import math
import warnings
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from cvnpolicy.statistics import KsResult, ks, ks_pvalue
from cvnpolicy.statistics.ks import _largest_gap

finite = st.floats(allow_nan=False, allow_infinity=False)
# Few distinct values: nearly everything is a tie.
tied = st.integers(-3, 3).map(float)


def samples_of(values):
    return st.lists(values, min_size=1, max_size=80)


def scipy_answer(reference, current):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return stats.ks_2samp(reference, current, method="auto")


@given(samples_of(finite | tied), samples_of(finite | tied))
def test_agrees_with_scipy(reference, current):
    expected = scipy_answer(reference, current)

    result = ks(reference, current)

    assert result.statistic == pytest.approx(expected.statistic, abs=1e-12)
    assert result.pvalue == pytest.approx(expected.pvalue, abs=1e-12)


@given(samples_of(tied), samples_of(tied))
def test_the_numerator_is_the_largest_gap_over_all_values(reference, current):
    n, m = len(reference), len(current)
    gaps = [abs(m * sum(x <= v for x in reference) - n * sum(x <= v for x in current)) for v in (*reference, *current)]

    result = ks(reference, current)

    assert result.numerator == max(gaps)
    assert type(result.numerator) is int
    assert (result.n, result.m) == (n, m)
    assert result.statistic == result.numerator / (n * m)


@given(samples_of(finite), samples_of(finite), st.randoms(use_true_random=False))
def test_neither_order_nor_side_matters(reference, current, random):
    before = ks(reference, current)
    shuffled = random.sample(reference, len(reference))

    assert ks(shuffled, current) == before
    assert ks(current, reference).numerator == before.numerator
    assert ks(current, reference).pvalue == pytest.approx(before.pvalue, abs=1e-12)


@pytest.mark.parametrize(
    ("n", "m"), [(9_999, 10_000), (10_000, 10_000), (10_001, 10_000), (10_001, 3), (3, 10_001), (30_000, 20_000)]
)
def test_agrees_with_scipy_on_both_sides_of_the_exact_limit(n, m):
    rng = np.random.default_rng(n + m)
    reference, current = rng.normal(size=n), rng.normal(0.01, 1, size=m).round(2)
    expected = scipy_answer(reference, current)

    result = ks(reference, current)

    assert result.statistic == pytest.approx(expected.statistic, abs=1e-12)
    assert result.pvalue == pytest.approx(expected.pvalue, abs=1e-12)


def test_non_finite_values_are_left_out_and_counted():
    nan, inf = float("nan"), float("inf")

    result = ks([1.0, nan, 2.0, inf], [-inf, 1.5])

    assert result == KsResult(
        statistic=0.5,
        pvalue=1.0,
        numerator=1,
        n=2,
        m=1,
        reference_nonfinite=2,
        current_nonfinite=1,
    )


def test_equal_samples_are_at_distance_zero():
    result = ks([1.0, 1.0, 2.0], [1.0, 1.0, 2.0])

    assert (result.statistic, result.numerator, result.pvalue) == (0.0, 0, 1.0)


def test_a_negative_zero_is_zero():
    assert ks([-0.0, 0.0], [0.0]).numerator == 0


def test_no_overflow_where_the_product_of_sizes_leaves_64_bits():
    n = m = 2**40
    small, large = np.array([0, n // 2, n]), np.array([m // 4, m // 4, m])

    assert _largest_gap(small, large, n, m) == n * (m // 4)


@given(st.integers(1, 40), st.integers(1, 40), st.data())
def test_the_pvalue_of_counts_is_the_pvalue_of_the_samples(n, m, data):
    x, y = data.draw(st.integers(0, n)), data.draw(st.integers(0, m))
    expected = scipy_answer([0] * x + [1] * (n - x), [0] * y + [1] * (m - y))

    assert ks_pvalue(abs(m * x - n * y), n, m) == pytest.approx(expected.pvalue, abs=1e-12)


def test_every_numerator_that_samples_can_have_is_answered_and_every_other_refused():
    for n, m in product(range(1, 8), repeat=2):
        possible = {abs(m * x - n * y) for x, y in product(range(n + 1), range(m + 1))}
        for numerator in range(-1, n * m + 2):
            if numerator in possible:
                assert 0 <= ks_pvalue(numerator, n, m) <= 1
            else:
                with pytest.raises(ValueError, match="no samples of"):
                    ks_pvalue(numerator, n, m)


@pytest.mark.parametrize(("n", "m"), [(0, 3), (3, 0), (-1, -1)])
def test_a_pvalue_needs_samples(n, m):
    with pytest.raises(ValueError, match="no samples of"):
        ks_pvalue(0, n, m)


def test_known_answers(shared):
    cases = json.loads((shared / "data" / "known_answers.json").read_text())["cases"]
    ours = [case for case in cases if case["id"].startswith("ks_")]
    assert len(ours) == 4
    for case in ours:
        result = ks(case["input"]["a"], case["input"]["b"])
        assert math.isclose(result.statistic, case["expected"]["D"], abs_tol=case["tol"])
        assert math.isclose(result.pvalue, case["expected"]["p"], abs_tol=case["tol"])
