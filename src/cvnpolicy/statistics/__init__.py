"""Pure functions on numbers, each with one written definition and a citation. numpy and scipy load when called."""

from __future__ import annotations

from cvnpolicy.statistics.ks import KsResult, ks, ks_pvalue
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
    "PsiResult",
    "Sample",
    "ks",
    "ks_pvalue",
    "psi",
    "psi_categorical",
    "psi_from_counts",
    "psi_pvalue",
    "sample",
]
