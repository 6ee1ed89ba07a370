"""How far the mean of a sample lies from the mean of a reference, in standard deviations of the reference."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from cvnpolicy.statistics.moments import Moments, moments
from cvnpolicy.statistics.sample import refuse_empty

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


@dataclass(frozen=True, slots=True)
class MeanShiftResult:
    """The shift and what it is made of."""

    sigma: float | None
    """Above 0 where the current mean is the larger one. None without a spread to measure by: the reference has a single
    finite value, or all of them are equal. NaN where it, or a sum on the way to it, is above float64's range."""
    mean: float
    """Of the current sample."""
    reference_mean: float
    reference_sd: float | None
    """The reference's sample standard deviation, which divides by n − 1; None of a single value."""
    n: int
    """Finite values in the reference."""
    m: int
    """Finite values in the current sample."""
    reference_nonfinite: int = 0
    """NaN and ±inf left out of the reference."""
    current_nonfinite: int = 0
    """NaN and ±inf left out of the current sample."""


def mean_shift(reference: ArrayLike | Moments, current: ArrayLike | Moments) -> MeanShiftResult:
    """Compare two samples by (mean of the current − mean of the reference) / standard deviation of the reference.

    It is Glass's Δ with the reference as the control group: Glass, G. V. (1976), Educational Researcher 5(10):3–8. The
    means are subtracted before they are rounded, so the shift is right where they are large and close together.

    Args:
        reference: Shape (n,), numbers. NaN, None and ±inf are left out and counted.
        current: Shape (m,), likewise.

    Raises:
        ValueError: A sample is not numeric, not one-dimensional, or has no finite value.
        MissingExtraError: numpy is not installed.
    """
    first, second = moments(reference), moments(current)
    refuse_empty(first, second)
    return MeanShiftResult(
        sigma=_sigma(first, second),
        mean=second.mean,
        reference_mean=first.mean,
        reference_sd=first.sd,
        n=first.n,
        m=second.n,
        reference_nonfinite=first.nonfinite,
        current_nonfinite=second.nonfinite,
    )


def _sigma(reference: Moments, current: Moments) -> float | None:
    if not reference.sd:
        return None
    if reference.exact_mean is None or current.exact_mean is None or math.isnan(reference.sd):
        return math.nan
    try:
        return float((current.exact_mean - reference.exact_mean) / Fraction(reference.sd))
    except OverflowError:
        return math.nan
