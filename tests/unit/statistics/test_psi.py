from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from cvnpolicy.statistics import psi, psi_categorical, psi_from_counts, psi_pvalue

values = st.lists(st.integers(-4, 4).map(float) | st.floats(-1e9, 1e9), min_size=1, max_size=60)
counts = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=12).filter(
    lambda pairs: sum(p for p, _ in pairs) > 0 and sum(q for _, q in pairs) > 0
)


@given(values, values)
def test_agrees_with_numpy_and_the_formula(reference, current):
    edges = np.unique(np.quantile(reference, [k / 10 for k in range(1, 10)], method="inverted_cdf"))
    bins = [
        np.bincount(np.searchsorted(edges, each, side="left"), minlength=len(edges) + 1)
        for each in (reference, current)
    ]
    p, q = (np.where(each == 0, 1e-4, each / each.sum()) for each in bins)

    result = psi(reference, current)

    assert result.edges == tuple(edges.tolist())
    assert result.reference_counts == tuple(bins[0].tolist())
    assert result.current_counts == tuple(bins[1].tolist())
    assert result.value == pytest.approx(((q - p) * np.log(q / p)).sum(), rel=1e-12, abs=1e-12)
    assert 0 <= result.pvalue <= 1


@pytest.mark.parametrize("n", [1, 9, 10, 11, 30, 90, 170, 1_000, 4_991])
def test_decile_positions_are_exact_integers(n):
    # n·0.7 is 62.99999999999999 for n = 90: a rounding error would move the edge by one value.
    edges = psi(np.arange(1.0, n + 1), [0.0]).edges

    assert edges == tuple(sorted({float(math.ceil(n * k / 10 - 1e-9)) for k in range(1, 10)}))


def test_bins_are_closed_on_the_right():
    reference = np.arange(1.0, 11.0)

    result = psi(reference, [1.0, 1.0000001, 9.0, 9.5])

    assert result.edges == tuple(np.arange(1.0, 10.0))
    assert result.reference_counts == (1,) * 10
    assert result.current_counts == (1, 1, 0, 0, 0, 0, 0, 0, 1, 1)


def test_a_constant_reference_has_one_edge_and_an_empty_last_bin():
    result = psi([2.0] * 5, [2.0, 3.0])

    assert result.edges == (2.0,)
    assert (result.reference_counts, result.current_counts) == ((5, 0), (1, 1))
    assert result.value == pytest.approx(-0.5 * math.log(0.5) + (0.5 - 1e-4) * math.log(0.5 / 1e-4), rel=1e-12)


def test_non_finite_values_are_left_out_and_counted():
    nan, inf = float("nan"), float("inf")

    result = psi([1.0, 2.0, nan], [1.0, inf, -inf])

    assert (result.n, result.m) == (2, 1)
    assert (result.reference_nonfinite, result.current_nonfinite) == (1, 2)


@given(counts, st.randoms(use_true_random=False))
def test_the_index_is_the_same_bit_for_bit_in_any_order(pairs, random):
    shuffled = random.sample(pairs, len(pairs))

    assert psi_from_counts(*zip(*shuffled, strict=True)) == psi_from_counts(*zip(*pairs, strict=True))


@given(counts)
def test_the_index_is_symmetric_and_zero_without_change(pairs):
    reference, current = zip(*pairs, strict=True)

    assert psi_from_counts(reference, current) == pytest.approx(psi_from_counts(current, reference), rel=1e-12, abs=0)
    assert psi_from_counts(reference, reference) == 0


def test_an_empty_share_counts_as_one_in_ten_thousand_and_the_rest_stay():
    value = psi_from_counts([5, 5, 0, 0], [0, 5, 5, 0])

    assert value == pytest.approx(2 * (0.5 - 1e-4) * math.log(0.5 / 1e-4), rel=1e-12)


@pytest.mark.parametrize(
    ("reference", "current", "message"),
    [
        ([1, 2], [1], "2 and 1 bins"),
        ([], [], "no values"),
        ([0, 0], [1, 1], "no values"),
        ([1, 1], [0, 0], "no values"),
        ([1, -1], [1, 1], "finite number, 0 or more"),
        ([1, float("nan")], [1, 1], "finite number, 0 or more"),
        ([1, 1], [1, float("inf")], "finite number, 0 or more"),
    ],
)
def test_counts_that_mean_nothing_are_refused(reference, current, message):
    with pytest.raises(ValueError, match=message):
        psi_from_counts(reference, current)


def test_classes_are_the_union_of_both():
    result = psi_categorical({"up": 6, "down": 4}, {"flat": 5, "up": 5})

    assert result.classes == ("down", "flat", "up")
    assert (result.reference_counts, result.current_counts) == ((4, 0, 6), (0, 5, 5))
    assert result.value == psi_from_counts((4, 0, 6), (0, 5, 5))
    assert result.pvalue == psi_pvalue(result.value, 10, 10, bins=3)
    assert (result.n, result.m) == (10, 10)


def test_classes_of_several_types_have_an_order():
    result = psi_categorical({1: 2, "a": 1, None: 1}, {-1: 1, "B": 4})

    assert result.classes == (None, -1, 1, "B", "a")
    assert (result.reference_counts, result.current_counts) == ((1, 0, 2, 0, 1), (0, 1, 0, 4, 0))


def test_one_class_cannot_change():
    result = psi_categorical({"a": 3}, {"a": 900})

    assert (result.value, result.pvalue) == (0.0, 1.0)


def test_the_pvalue_is_chi_square():
    assert psi_pvalue(0.2, 100, 300, bins=10) == stats.chi2.sf(0.2 / (1 / 100 + 1 / 300), 9)


@pytest.mark.parametrize(("n", "m", "bins"), [(0, 1, 2), (1, 0, 2), (1, 1, 0)])
def test_a_pvalue_needs_values_and_bins(n, m, bins):
    with pytest.raises(ValueError, match="needs values and bins"):
        psi_pvalue(0.1, n, m, bins=bins)


def test_the_pvalue_is_calibrated_without_a_change():
    rng = np.random.default_rng(7)
    reference = rng.normal(size=5_000)
    pvalues = [psi(reference, rng.normal(size=500)).pvalue for _ in range(400)]

    assert 0.02 < float(np.mean(np.array(pvalues) < 0.05)) < 0.09


def test_known_answers(shared):
    cases = {case["id"]: case for case in json.loads((shared / "data" / "known_answers.json").read_text())["cases"]}
    for name in ("psi_heloc", "psi_three_bins"):
        case = cases[name]
        value = psi_from_counts(case["input"]["expected"], case["input"]["actual"])
        assert math.isclose(value, case["expected"]["psi"], abs_tol=case["tol"])
