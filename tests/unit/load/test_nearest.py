from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvnpolicy.load.nearest import Suggestions, did_you_mean, distance, nearest

KEYS = ("severity", "measure", "warn_if", "crit_if", "pass_if", "min_samples", "groups", "by")


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("severty", "severity"),
        ("seveirty", "severity"),
        ("Severity", "severity"),
        ("warn-if", "warn_if"),
        ("critif", "crit_if"),
        ("minsample", "min_samples"),
        ("by", "by"),
        ("yb", None),
        ("x", None),
        ("", None),
        ("completely-else", None),
        ("s" * 65, None),
    ],
)
def test_nearest(word, expected):
    assert nearest(word, KEYS) == expected


def test_the_fewest_edits_win_then_the_alphabet():
    assert nearest("cat", ["bat", "hat"]) == "bat"
    assert nearest("cat", {"hat", "bat"}) == "bat"
    assert nearest("metric", ["matrix", "metrics"]) == "metrics"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("", "", 0), ("abc", "abc", 0), ("ab", "ba", 1), ("abc", "ac", 1), ("abc", "axc", 1), ("ca", "abc", 3)],
)
def test_distance(one, other, expected):
    assert distance(one, other, 3) == expected


def test_distance_beyond_the_limit_is_none():
    assert distance("abcd", "wxyz", 3) is None
    assert distance("abc", "abcdef", 2) is None


@given(st.text("ab", max_size=6), st.text("ab", max_size=6))
def test_distance_is_symmetric_and_zero_only_for_equals(one, other):
    found = distance(one, other, 10)
    assert found == distance(other, one, 10)
    assert (found == 0) == (one == other)
    for limit in range(4):
        assert distance(one, other, limit) == (found if found is not None and found <= limit else None)


def test_did_you_mean():
    assert did_you_mean("severty", KEYS) == "did you mean 'severity'?"
    assert did_you_mean("zzz", ["b", "a"]) == "expected one of a, b"
    assert did_you_mean("zzz", iter([])) == "nothing can stand here"


def test_ten_thousand_candidates_are_quick():
    names = [f"feature_{index:05d}" for index in range(10_000)]
    start = time.perf_counter()
    assert nearest("featura_00077", names) == "feature_00077"
    assert time.perf_counter() - start < 5


def test_a_run_suggests_so_often_and_then_only_says_what_to_do():
    suggestions = Suggestions(2)
    told = [suggestions.did_you_mean("severty", KEYS) for _ in range(3)]
    assert told == ["did you mean 'severity'?"] * 2 + ["name one that is defined"]
