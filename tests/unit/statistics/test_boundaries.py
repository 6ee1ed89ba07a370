"""Limits at which a statistic changes its method. tools/mutate.py asked for them."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from cvnpolicy.statistics import ks_pvalue
from cvnpolicy.statistics.ks import _largest_gap
from cvnpolicy.statistics.sample import sample


def exact(numerator: int, m: int) -> float:
    at_zero = np.zeros(numerator), np.ones(m - numerator)
    return float(stats.ks_2samp([1.0], np.concatenate(at_zero), method="exact").pvalue)


def test_the_p_value_is_exact_up_to_ten_thousand_values():
    numerator = 7_000
    assert ks_pvalue(numerator, 1, 10_000) == pytest.approx(exact(numerator, 10_000), rel=1e-12)
    rounded = float(stats.kstwo.sf(numerator / 10_001, 1))
    assert ks_pvalue(numerator, 1, 10_001) == rounded
    assert exact(numerator, 10_001) != rounded


def test_gaps_beyond_64_bits_are_whole_numbers():
    n, m = 27 * 19 * 43 * 5419, 77158673929
    assert n * m == 2**63 + 1
    everything, nothing = np.array([n], dtype=np.int64), np.array([0], dtype=np.int64)
    assert _largest_gap(everything, nothing, n, m) == 2**63 + 1


@pytest.mark.parametrize("values", [["1.5", "2.5"], [1.5, "2.5"]])
def test_a_number_written_as_text_is_none(values):
    with pytest.raises(ValueError, match="must be numbers, not object"):
        sample(np.array(values, dtype=object))
    assert len(sample(np.array([1.5, None], dtype=object))) == 1
