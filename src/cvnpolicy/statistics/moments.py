"""Sum, mean and spread: as exact as one float64 can say them, whatever the order of the values."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from cvnpolicy.statistics.sample import numbers

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    from cvnpolicy.statistics.sample import Numbers

_FEW = 1_000_000
"""So many floats at once are turned into Python's, which take four times the room."""


@dataclass(frozen=True, slots=True)
class Moments:
    """What is known of a sample by its sums.

    A statistic accepts them in place of an array, so a reference that many windows are compared with is added up once.
    """

    n: int
    """How many finite values there are."""
    mean: float
    """NaN without values, and where their sum is above float64's range."""
    sd: float | None
    """The sample standard deviation; None below two values, NaN where a square is above float64's range."""
    exact_mean: Fraction | None
    """See :func:`exact_mean`; None without values too."""
    nonfinite: int
    """How many values were NaN or infinite and did not go in."""

    def __len__(self) -> int:
        """Return the number of finite values."""
        return self.n


def moments(values: ArrayLike | Moments) -> Moments:
    """Return the moments of the finite values.

    Args:
        values: Shape (n,), numbers. NaN, None and ±inf are left out and counted. Integers of 64 bits keep all their
            digits. :class:`Moments` are returned as they are.

    Raises:
        ValueError: The values are not numbers, or not one-dimensional.
        MissingExtraError: numpy is not installed.
    """
    if isinstance(values, Moments):
        return values
    finite, nonfinite = numbers(values)
    if not len(finite):
        return Moments(0, math.nan, None, None, nonfinite)
    return Moments(len(finite), mean(finite), deviation(finite), exact_mean(finite), nonfinite)


def total(values: Numbers) -> int | float:
    """Return the sum: exact for integers, correctly rounded for floats. NaN above float64's range.

    Source: Shewchuk, J. R. (1997), Discrete & Computational Geometry 18(3):305–363, as ``math.fsum``.
    """
    import numpy as np

    if np.issubdtype(values.dtype, np.integer):
        # In two halves, so that neither overflows 64 bits below two thousand million rows.
        whole = values.astype(np.int64)
        return (int((whole >> 32).sum()) << 32) + int((whole & 0xFFFFFFFF).sum())
    parts = (values[start : start + _FEW].tolist() for start in range(0, len(values), _FEW))
    try:
        return math.fsum(itertools.chain.from_iterable(parts))
    except OverflowError:
        return math.nan


def mean(values: Numbers) -> float:
    """Return the mean: the exact or correctly rounded sum, divided once."""
    return total(values) / len(values)


def exact_mean(values: Numbers) -> Fraction | None:
    """Return the mean as it is before it is rounded, for differences of means; None above float64's range.

    Means of large numbers lie close together, and rounded ones may be equal. Of integers it is exact. Of floats it is
    off by 2^-52 of the values' mean distance from it at most, however large they are: each is taken as its distance
    from the rounded mean.
    """
    import numpy as np

    if values.dtype.kind == "i":
        return Fraction(total(values)) / len(values)
    middle = mean(values)
    with np.errstate(over="ignore"):
        rest = total(np.asarray(values - middle, np.float64))
    return Fraction(middle) + Fraction(rest) / len(values) if math.isfinite(rest) else None


def variance(values: Numbers) -> float | None:
    """Return the sample variance, Σ(x − x̄)² / (n − 1); None below two values. NaN above float64's range.

    Computed in two passes with the correction for a rounded mean: Chan, T. F., Golub, G. H. and LeVeque, R. J. (1983),
    The American Statistician 37(3):242–247, equation 1.7.
    """
    import numpy as np

    count = len(values)
    if count < 2:
        return None
    with np.errstate(over="ignore", invalid="ignore"):
        deviations = _deviations(values)
        squares = total(np.square(deviations))
    if not math.isfinite(squares):
        return math.nan
    # Divided before it is multiplied: the square alone may be above float64's range, and of equal values this is exact.
    off = total(deviations)
    return max(0.0, squares - off * (off / count)) / (count - 1)


def deviation(values: Numbers) -> float | None:
    """Return the standard deviation, the root of :func:`variance`."""
    found = variance(values)
    return None if found is None else math.sqrt(found)


def _deviations(values: Numbers) -> NDArray[np.float64]:
    """Return each value minus about the mean, rounded once.

    The difference of two 64-bit integers may need 65 bits. Modulo 2^64 it is exact, and its sign is known.
    """
    import numpy as np

    if values.dtype.kind != "i":
        return np.asarray(values - mean(values), np.float64)
    middle = int(total(values)) // len(values)
    above = values.astype(np.uint64) - np.uint64(middle % 2**64)
    return np.where(values >= middle, above.astype(np.float64), -(np.negative(above).astype(np.float64)))
