from __future__ import annotations

import subprocess
import sys

import pytest

from cvnpolicy.core.statistic import (
    _ALSO_CALLED,
    _OTHERS,
    PERCENTILES,
    STATISTICS,
    Takes,
    Yields,
    known_statistic,
)
from tests.support.faults import fault_of

IN_THE_LANGUAGE = {
    "count", "rate", "ratio", "sum", "mean", "min", "max", "std", "variance", "last", "delta", "increase", "distinct",
    "f1", "coverage", "duplicates", "missing", "unmatched", "ks_statistic", "ks_pvalue", "psi", "mean_shift",
    *(f"p{q}" for q in range(50, 100)),
}  # fmt: skip


def test_the_table_has_the_words_of_the_language():
    assert set(STATISTICS) == IN_THE_LANGUAGE
    assert all(name == statistic.name for name, statistic in STATISTICS.items())


@pytest.mark.parametrize("statistic", STATISTICS.values(), ids=lambda statistic: statistic.name)
def test_a_statistic_is_consistent(statistic):
    least, most = statistic.columns
    assert 0 <= least <= (most if most is not None else least)
    assert statistic.needs <= {"total", "match", "expect"}
    assert ("{column}" in statistic.says) <= (least > 0)  # a sentence names columns only where there are any
    if statistic.reference or statistic.of_range or statistic.ordered:
        assert statistic.columns == (1, 1)
    if statistic.of_range:  # then a metric's range is in its unit
        assert statistic.yields is Yields.COLUMN
    if statistic.counts:  # no rows can mean 0 only where rows are counted, not values
        assert statistic.columns == (0, 0)
    assert all(f"{{{name}}}" in statistic.says for name in statistic.params)


def test_only_rate_has_an_argument():
    assert {name: dict(one.params) for name, one in STATISTICS.items() if one.params} == {
        "rate": {"per": Takes.DURATION}
    }


def test_a_spread_or_a_sum_is_not_held_to_the_range_of_its_values():
    held = {name for name, statistic in STATISTICS.items() if statistic.of_range and not name[1:].isdigit()}
    assert held == {"mean", "min", "max", "last"}


def test_only_what_has_a_sign_goes_below_zero():
    signed = {one.name for one in STATISTICS.values() if one.least is None and one.yields is not Yields.COLUMN}
    assert signed == {"mean_shift"}
    assert (STATISTICS["missing"].least, STATISTICS["missing"].most) == (0, 1)
    assert STATISTICS["mean_shift"].most is None


@pytest.mark.parametrize("name", ["p95", "p50", "p99", "count", "ks_pvalue"])
def test_a_known_statistic_is_itself(name):
    assert known_statistic(name) == name


def test_the_percentiles_go_from_the_median_upward():
    assert [f"p{q}" for q in range(50, 100)] == list(PERCENTILES)


@pytest.mark.parametrize(
    ("names", "right"),
    [
        ("ks_pvalu ks-pvalue KS_PVALUE ks KS ks_test", "ks_pvalue"),
        ("ks_stat ks_distance ks_statistik", "ks_statistic"),
        ("Mean avg average averge", "mean"),
        ("median Median medain P50 q50 quantile_50", "p50"),
        ("P95 q95 p_95 percentile_95 pct95", "p95"),
        ("stddev sd stdev standard_deviation STD", "std"),
        ("varianz var", "variance"),
        ("F1 f1_score f1-score", "f1"),
        ("duplicate", "duplicates"),
        ("nunique unique", "distinct"),
        ("minimum", "min"),
        ("maximum", "max"),
        ("latest", "last"),
        ("null_share null-rate NULL_FRACTION nan_share missing_share missing_rate missing_fraction mising", "missing"),
        ("glass_delta mean-shift meanshift mean_shft Mean_Shift", "mean_shift"),
    ],
)
def test_another_word_for_a_statistic_gets_it(names, right):
    for name in names.split():
        assert fault_of(known_statistic, name) == {
            "what": f"'{name}' is not a statistic",
            "right": f"did you mean '{right}'?",
        }


def test_what_other_tools_call_a_statistic_is_in_the_table():
    assert set(_ALSO_CALLED.values()) <= set(STATISTICS)
    assert not set(_ALSO_CALLED) & set(STATISTICS)
    assert not _OTHERS & {*STATISTICS, *_ALSO_CALLED}


ANOTHER_STATISTIC = (
    "mad", "mae", "mse", "rmse", "sem", "mode", "range", "skew", "kurtosis", "covariance", "corr", "pstdev", "stdp",
    "stdevp", "stddevp", "stddev_pop", "pvariance", "varp", "gmean", "nanmean", "argmax", "argmin", "cumsum",
    "psi_pvalue", "p_value", "f2", "f1_macro", "recall", "precision", "first",
    "standardized_mean_difference", "smd", "cohens_d", "hedges_g", "z_score", "mean_diff", "mean_drift", "median_shift",
    "mode_shift", "min_shift", "max_shift", "mean_abs_shift", "std_shift",
    "missing_count", "missing_percent", "missing_rows", "null_count", "nan_count", "nan_rows", "completeness",
    "non_null_share", "nonnull_rate", "not_null_share", "notnull_share", "no_null_share", "non_nan_share",
)  # fmt: skip


@pytest.mark.parametrize("name", [*ANOTHER_STATISTIC, "", "p", "q", "x", "zzzzzzzz", "x" * 5_000])
def test_what_means_something_else_is_told_where_to_look(name):
    fault = fault_of(known_statistic, name)
    assert fault["right"] == "docs/reference/statistics.md lists them: count, mean, p95, ks_pvalue, …"
    assert len(fault["what"]) < 80


@pytest.mark.parametrize("number", [*range(50), 100, 999])
@pytest.mark.parametrize("letter", "pPq")
def test_of_another_percentile_the_limits_are_told_and_no_other_tail(letter, number):
    fault = fault_of(known_statistic, f"{letter}{number:02}")
    assert fault["what"] == f"'{letter}{number:02}' is not a statistic"
    assert fault["right"] == "percentiles go from p50 to p99"


@pytest.mark.parametrize("name", ["p9", "p095", "p99.9", "p0.95", "quantile", "percentiles", "quantile_0.95", "q3"])
def test_other_percentiles_are_refused(name):
    assert fault_of(known_statistic, name)["right"] == "percentiles go from p50 to p99"


def test_difflib_waits_for_a_mistake():
    """The hook before a commit looks at sound documents, and starts up without it."""
    code = "import sys; import cvnpolicy.core.statistic as s; s.known_statistic('p95'); print('difflib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
