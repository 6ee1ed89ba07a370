"""The population stability index, on deciles of the reference or on classes."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from cvnpolicy.core.errors import MissingExtraError
from cvnpolicy.statistics.sample import Sample, comparable

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

EMPTY_SHARE = 1e-4
"""What an empty bin or class counts as, so that its logarithm exists. The other shares stay as they are."""


@dataclass(frozen=True, slots=True)
class PsiResult:
    """The index over bins."""

    value: float
    """The index, 0 or more."""
    edges: tuple[float, ...]
    """Unique deciles of the reference, ascending: bins (−inf, e1], (e1, e2], …, (ek, inf)."""
    reference_counts: tuple[int, ...]
    """Reference values in each bin, one more than edges."""
    current_counts: tuple[int, ...]
    """Current values in each bin."""
    pvalue: float
    """Chance of an index this large without any change; see :func:`psi_pvalue`."""
    n: int
    """Finite values in the reference."""
    m: int
    """Finite values in the current sample."""
    reference_nonfinite: int = 0
    """NaN and ±inf left out of the reference."""
    current_nonfinite: int = 0
    """NaN and ±inf left out of the current sample."""


@dataclass(frozen=True, slots=True)
class CategoricalPsiResult:
    """The index over classes."""

    value: float
    classes: tuple[Hashable, ...]
    """Every class of either sample, ordered by type and text."""
    reference_counts: tuple[int, ...]
    current_counts: tuple[int, ...]
    pvalue: float
    n: int
    m: int


def psi(reference: ArrayLike | Sample, current: ArrayLike | Sample) -> PsiResult:
    """Compare two samples by their shares in the deciles of the reference.

    Edges are the unique values among the nine deciles of the reference, each the smallest value with at least that
    share of the reference at or below it (definition 1 of Hyndman, R. J. and Fan, Y. (1996), The American Statistician
    50(4):361–365; numpy's ``inverted_cdf``). Ties in the reference make fewer bins. For the index itself see
    :func:`psi_from_counts`.

    Args:
        reference: Shape (n,), numbers. NaN, None and ±inf are left out and counted.
        current: Shape (m,), likewise.

    Raises:
        ValueError: A sample is not numeric, not one-dimensional, or has no finite value.
        MissingExtraError: numpy or scipy is not installed.
    """
    first, second = comparable(reference, current)
    edges = _deciles(first)
    reference_counts, current_counts = _bin_counts(first, edges), _bin_counts(second, edges)
    value = psi_from_counts(reference_counts, current_counts)
    n, m = len(first), len(second)
    return PsiResult(
        value=value,
        edges=edges,
        reference_counts=reference_counts,
        current_counts=current_counts,
        pvalue=psi_pvalue(value, n, m, bins=len(edges) + 1),
        n=n,
        m=m,
        reference_nonfinite=first.nonfinite,
        current_nonfinite=second.nonfinite,
    )


def psi_categorical(
    reference_counts: Mapping[Hashable, int], current_counts: Mapping[Hashable, int]
) -> CategoricalPsiResult:
    """Compare two samples by their shares in each class; a class that only one of them has is empty in the other.

    Raises:
        ValueError: A count is negative, or a sample is empty.
        MissingExtraError: scipy is not installed.
    """
    union = {*reference_counts, *current_counts}
    classes = tuple(sorted(union, key=lambda each: (type(each).__name__, str(each))))
    first = tuple(reference_counts.get(each, 0) for each in classes)
    second = tuple(current_counts.get(each, 0) for each in classes)
    value = psi_from_counts(first, second)
    n, m = sum(first), sum(second)
    pvalue = psi_pvalue(value, n, m, bins=len(classes))
    return CategoricalPsiResult(value, classes, first, second, pvalue, n, m)


def psi_from_counts(reference_counts: Sequence[float], current_counts: Sequence[float]) -> float:
    """Return Σ (q − p)·ln(q/p) over the shares p of the reference and q of the current sample.

    An empty share counts as 1e-4 and the others are not rescaled. The terms are added with ``math.fsum``, so the order
    of bins does not matter. Siddiqi, N. (2006), Credit Risk Scorecards, Wiley; as a divergence it is the symmetric one
    of Jeffreys, H. (1946), Proceedings of the Royal Society A 186:453–461.

    Args:
        reference_counts: One number for each bin, 0 or more; counts or shares.
        current_counts: Likewise, for the same bins in the same order.

    Raises:
        ValueError: The bins differ in number, a count is negative or not finite, or all counts of a sample are 0.
    """
    if len(reference_counts) != len(current_counts):
        raise ValueError(f"the samples have {len(reference_counts)} and {len(current_counts)} bins")
    pairs = zip(_shares(reference_counts), _shares(current_counts), strict=True)
    return math.fsum((q - p) * math.log(q / p) for p, q in pairs)


def psi_pvalue(value: float, n: int, m: int, *, bins: int) -> float:
    """Return the chance of an index of at least ``value`` when both samples have one distribution.

    Without a change PSI/(1/n + 1/m) is close to chi-square with bins − 1 degrees of freedom: Yurdakul, B. and Naranjo,
    J. (2020), Journal of Risk Model Validation 14(4):89–100. With a single bin the index is always 0 and the chance 1.

    Args:
        value: The index.
        n: Values in the reference, at least 1.
        m: Values in the current sample, at least 1.
        bins: Bins or classes that were compared, at least 1.

    Raises:
        ValueError: A size or the number of bins is below 1.
        MissingExtraError: scipy is not installed.
    """
    if min(n, m, bins) < 1:
        raise ValueError(f"the chance of a PSI needs values and bins, not n = {n}, m = {m}, bins = {bins}")
    if bins == 1:
        return 1.0
    try:
        from scipy import stats
    except ModuleNotFoundError as error:
        raise MissingExtraError("the PSI p-value", "tables") from error
    return float(stats.chi2.sf(value / (1 / n + 1 / m), bins - 1))


def _deciles(one: Sample) -> tuple[float, ...]:
    """Return the unique deciles, ascending. Positions are computed in integers: n·0.7 is not exact in floats."""
    n = len(one)
    return tuple(sorted({float(one.values[-(-n * tenth // 10) - 1]) for tenth in range(1, 10)}))


def _bin_counts(one: Sample, edges: Sequence[float]) -> tuple[int, ...]:
    """Return how many values lie in each right-closed bin."""
    upto = [0, *one.values.searchsorted(edges, side="right").tolist(), len(one)]
    return tuple(after - before for before, after in pairwise(upto))


def _shares(counts: Sequence[float]) -> list[float]:
    if any(not 0 <= count < math.inf for count in counts):
        raise ValueError(f"a count is a finite number, 0 or more: {list(counts)}")
    total = math.fsum(counts)
    if total == 0:
        raise ValueError("no values in any bin")
    return [count / total if count else EMPTY_SHARE for count in counts]
