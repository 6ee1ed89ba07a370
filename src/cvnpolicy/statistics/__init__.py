"""Pure functions on numbers, each with one written definition and a citation. numpy and scipy load when called."""

from __future__ import annotations

from cvnpolicy.statistics.ks import KsResult, ks, ks_pvalue
from cvnpolicy.statistics.mean_shift import MeanShiftResult, mean_shift
from cvnpolicy.statistics.moments import Moments, moments
from cvnpolicy.statistics.psi import (
    CategoricalPsiResult,
    PsiResult,
    psi,
    psi_categorical,
    psi_from_counts,
    psi_pvalue,
)
from cvnpolicy.statistics.sample import Sample, sample

__all__ = [
    "CategoricalPsiResult",
    "KsResult",
    "MeanShiftResult",
    "Moments",
    "PsiResult",
    "Sample",
    "ks",
    "ks_pvalue",
    "mean_shift",
    "moments",
    "psi",
    "psi_categorical",
    "psi_from_counts",
    "psi_pvalue",
    "sample",
]
