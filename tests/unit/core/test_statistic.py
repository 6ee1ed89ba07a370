from __future__ import annotations

import pytest

from cvnpolicy.core.statistic import STATISTICS, Takes, Yields, known_statistic
from tests.support.faults import fault_of

IN_THE_LANGUAGE = {
    "count", "rate", "ratio", "sum", "mean", "min", "max", "std", "variance", "last", "delta", "distinct", "f1",
    "coverage", "duplicates", "unmatched", "ks_statistic", "ks_pvalue", "psi",
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


@pytest.mark.parametrize("name", ["p95", "p50", "p99", "count", "ks_pvalue"])
def test_a_known_statistic_is_itself(name):
    assert known_statistic(name) == name


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("ks_pvalu", "did you mean 'ks_pvalue'?"),
        ("Mean", "did you mean 'mean'?"),
        ("varianz", "did you mean 'variance'?"),
    ],
)
def test_a_misspelt_statistic_gets_the_nearest_one(name, right):
    assert fault_of(known_statistic, name) == {"what": f"'{name}' is not a statistic", "right": right}


@pytest.mark.parametrize("name", ["", "zzzzzzzz", "x" * 5_000])
def test_what_is_like_nothing_gets_examples(name):
    fault = fault_of(known_statistic, name)
    assert "see the reference of statistics" in fault["right"]
    assert len(fault["what"]) < 80


@pytest.mark.parametrize("name", ["p49", "p100", "p9", "p095", "p99.9"])
def test_other_percentiles_are_refused(name):
    assert fault_of(known_statistic, name)["what"] == f"'{name}' is not a statistic"
