from __future__ import annotations

import sys
from datetime import UTC, datetime

import numpy as np
import pytest

from cvnpolicy.core.errors import MissingExtraError
from cvnpolicy.statistics import ks, ks_pvalue, psi, psi_pvalue, sample


def test_values_are_sorted_and_the_non_finite_ones_counted():
    one = sample(np.array([3.0, float("nan"), 1, float("inf"), None, -2.5, float("-inf")], dtype=object))

    assert one.values.tolist() == [-2.5, 1.0, 3.0]
    assert one.nonfinite == 4
    assert len(one) == 3


def test_a_sample_is_taken_as_it_is_and_gives_the_same_answer():
    reference, current = [5.0, 1.0, 2.0, float("nan")], [2.0, 3.0]
    ready = sample(reference)

    assert sample(ready) is ready
    assert ks(ready, current) == ks(reference, current)
    assert psi(ready, current) == psi(reference, current)


def test_the_callers_array_is_left_alone():
    values = np.array([3.0, 1.0, 2.0])

    sample(values)

    assert values.tolist() == [3.0, 1.0, 2.0]


@pytest.mark.parametrize("values", [np.arange(4), np.array([True, False]), np.arange(4, dtype=np.float32), range(3)])
def test_every_kind_of_number_is_read(values):
    assert sample(values).values.dtype == np.float64


@pytest.mark.parametrize(
    "values",
    [
        ["1.5", "2"],
        [1.0, "2"],
        np.array(["2024-01-01"], dtype="datetime64[us]"),
        [datetime(2024, 1, 1, tzinfo=UTC)],
        [1j],
        [{}],
    ],
)
def test_what_is_not_a_number_is_refused(values):
    with pytest.raises(ValueError, match="must be numbers"):
        sample(values)


@pytest.mark.parametrize("values", [3.0, [[1.0, 2.0]]])
def test_only_one_dimension_is_accepted(values):
    with pytest.raises(ValueError, match="one-dimensional"):
        sample(values)


@pytest.mark.parametrize("compare", [ks, psi])
@pytest.mark.parametrize("empty", [[], [float("nan"), float("inf")]])
def test_an_empty_sample_is_refused_with_its_side_and_why(compare, empty):
    with pytest.raises(ValueError, match=rf"reference has no finite value \({len(empty)} not finite\)"):
        compare(empty, [1.0])
    with pytest.raises(ValueError, match="current sample has no finite value"):
        compare([1.0], empty)


@pytest.mark.parametrize(
    ("package", "call"),
    [
        ("numpy", lambda: ks([1.0], [1.0])),
        ("scipy", lambda: ks_pvalue(1, 1, 1)),
        ("scipy", lambda: psi_pvalue(0.1, 5, 5, bins=3)),
    ],
)
def test_a_missing_package_names_the_extra(monkeypatch, package, call):
    monkeypatch.setitem(sys.modules, package, None)

    with pytest.raises(MissingExtraError, match=r"with \[tables\]"):
        call()
