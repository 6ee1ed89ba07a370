"""The two-sample Kolmogorov–Smirnov test, two-sided."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cvnpolicy.core.errors import MissingExtraError
from cvnpolicy.statistics.sample import Sample, comparable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

EXACT_UP_TO = 10_000
"""Largest sample for which the p-value is exact; scipy's ``method="auto"`` draws the line at the same size."""

_INT64_MAX = 2**63 - 1


@dataclass(frozen=True, slots=True)
class KsResult:
    """What the test found."""

    statistic: float
    """D, the largest distance of the two empirical distribution functions; in [0, 1]."""
    pvalue: float
    """Chance of a distance this large when both samples are drawn independently from one continuous distribution."""
    numerator: int
    """D·n·m, exact."""
    n: int
    """Finite values in the reference."""
    m: int
    """Finite values in the current sample."""
    reference_nonfinite: int = 0
    """NaN and ±inf left out of the reference."""
    current_nonfinite: int = 0
    """NaN and ±inf left out of the current sample."""


def ks(reference: ArrayLike | Sample, current: ArrayLike | Sample) -> KsResult:
    """Compare two samples by the largest distance D of their empirical distribution functions.

    With R(v) and C(v) the numbers of reference and current values up to v, the numerator is max |m·R(v) − n·C(v)|,
    computed in integers, so D is the same whatever the order of rows. Smirnov, N. V. (1939), Bulletin of Moscow
    University 2(2):3–16; Hodges, J. L. (1958), Arkiv för Matematik 3(43):469–486.
    With ties the p-value is conservative.

    Args:
        reference: Shape (n,), numbers. NaN, None and ±inf are left out and counted.
        current: Shape (m,), likewise.

    Raises:
        ValueError: A sample is not numeric, not one-dimensional, or has no finite value.
        MissingExtraError: numpy or scipy is not installed.
    """
    first, second = comparable(reference, current)
    n, m = len(first), len(second)
    numerator = _numerator(first.values, second.values)
    return KsResult(
        statistic=numerator / (n * m),
        pvalue=ks_pvalue(numerator, n, m),
        numerator=numerator,
        n=n,
        m=m,
        reference_nonfinite=first.nonfinite,
        current_nonfinite=second.nonfinite,
    )


def ks_pvalue(numerator: int, n: int, m: int) -> float:
    """Return the two-sided p-value of D = numerator / (n·m), as ``scipy.stats.ks_2samp(method="auto")`` gives it.

    Exact while neither sample has more than 10,000 values (Hodges 1958; Viehmann, T. (2021), arXiv:2102.08037), else
    the finite-n distribution of D at round(n·m/(n + m)) (Simard, R. and L'Ecuyer, P. (2011), Journal of Statistical
    Software 39(11)). Where scipy cannot compute the exact value it uses the second, and so does this function.

    Args:
        numerator: D·n·m, a multiple of gcd(n, m) between 0 and n·m.
        n: Size of one sample, at least 1.
        m: Size of the other, at least 1.

    Raises:
        ValueError: No two samples of these sizes have this numerator.
        MissingExtraError: scipy is not installed.
    """
    if min(n, m) < 1 or not 0 <= numerator <= n * m or numerator % math.gcd(n, m):
        raise _impossible(numerator, n, m)
    try:
        from scipy import stats
    except ModuleNotFoundError as error:
        raise MissingExtraError("the KS p-value", "tables") from error
    if max(n, m) > EXACT_UP_TO:
        return float(stats.kstwo.sf(numerator / (n * m), round(n * m / (n + m))))
    with warnings.catch_warnings():
        # scipy tells of the switch to the second formula, which is part of the definition above.
        warnings.filterwarnings("ignore", message="ks_2samp: Exact calculation unsuccessful", category=RuntimeWarning)
        return float(stats.ks_2samp(*_witness(numerator, n, m), method="auto").pvalue)


def _numerator(reference: NDArray[np.float64], current: NDArray[np.float64]) -> int:
    """Return max |m·R(v) − n·C(v)| over all v. Both arrays are ascending, finite and not empty.

    Between two neighbouring values of the smaller sample only the larger one's count moves, and in one direction. So
    the largest gap is found at a value of the smaller sample or just below one.
    """
    import numpy as np

    small, large = sorted((reference, current), key=len)
    upto = np.append(np.flatnonzero(small[1:] != small[:-1]) + 1, len(small))
    values, before = small[upto - 1], np.append(0, upto[:-1])
    right = large.searchsorted(values, side="right")
    left, tied = right.copy(), large[np.maximum(right, 1) - 1] == values
    left[tied] = large.searchsorted(values[tied], side="left")
    at = _largest_gap(upto, right, len(small), len(large))
    below = _largest_gap(before, left, len(small), len(large))
    return max(at, below)


def _largest_gap(small: NDArray[np.int64], large: NDArray[np.int64], n: int, m: int) -> int:
    """Return max |m·small − n·large| for paired cumulative counts, in Python's integers where 64 bits are too few."""
    if n * m <= _INT64_MAX:
        gaps = m * small - n * large
        return max(int(gaps.max()), -int(gaps.min()))
    return max(abs(m * int(a) - n * int(b)) for a, b in zip(small, large, strict=True))


def _witness(numerator: int, n: int, m: int) -> tuple[list[int], list[int]]:
    """Return two samples of sizes n and m whose KS numerator is the given one.

    scipy has no public function from D to the exact p-value, so it is asked about the simplest samples with this D: x
    of n and y of m values at 0 and the others at 1, where m·x − n·y is the numerator.

    Raises:
        ValueError: There are none.
    """
    for a, b in ((n, m), (m, n)):
        divisor = math.gcd(a, b)
        p, q, h = a // divisor, b // divisor, numerator // divisor
        # q·x − p·y = h: x is known modulo p, and the least x with y >= 0 is the only one that need fit.
        x = h * pow(q, -1, p) % p
        x += p * max(0, -((q * x - h) // (q * p)))
        if x <= a:
            y = (q * x - h) // p
            return [0] * x + [1] * (a - x), [0] * y + [1] * (b - y)
    raise _impossible(numerator, n, m)


def _impossible(numerator: int, n: int, m: int) -> ValueError:
    return ValueError(f"no samples of {n} and {m} values have the KS numerator {numerator}")
