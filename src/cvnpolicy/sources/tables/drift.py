"""The two-sample statistics: KS, PSI and the shift of the mean of each group against its reference."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from cvnpolicy.core.evidence import MeasureNeed, Reading, Selection
from cvnpolicy.core.finding import Pairs
from cvnpolicy.sources.refused import Refused
from cvnpolicy.sources.tables.grouping import members_typed
from cvnpolicy.sources.tables.samples import samples
from cvnpolicy.sources.tables.workspace import Workspace
from cvnpolicy.statistics import (
    KsResult,
    MeanShiftResult,
    Moments,
    PsiResult,
    Sample,
    ks,
    mean_shift,
    moments,
    psi,
    sample,
)

if TYPE_CHECKING:
    from cvnpolicy.statistics.sample import Numbers

S = TypeVar("S", Sample, Moments)
"""What a statistic needs of a sample, made once for all the questions about it."""


def answer(workspace: Workspace, need: MeasureNeed) -> dict[Pairs, Reading]:
    """Return the statistic for every group that has current rows.

    NaN, ±inf and NULL are left out of both samples and counted apart in the details. Without a finite value in either
    sample the statistic is undefined.

    Raises:
        Refused: The rows of a sample cannot be read, or the column holds no numbers.
    """
    if need.reference is None:
        raise Refused(f"{need.statistic} needs a reference", "name a baseline")
    if need.statistic == "mean_shift":
        return _compared(workspace, need, need.reference, moments, _shift)
    return _compared(workspace, need, need.reference, sample, partial(_distance, workspace, need))


def _compared(
    workspace: Workspace,
    need: MeasureNeed,
    reference: Selection,
    ready: Callable[[Numbers], S],
    compare: Callable[[Pairs, S, S], Reading],
) -> dict[Pairs, Reading]:
    """Return the comparison of every group that has current rows."""
    before, current = (_ready(workspace, need, selection, ready) for selection in (reference, need.selection))
    nothing = ready(np.empty(0)), 0
    found: dict[Pairs, Reading] = {}
    for key, now in current.items():
        then = before.get(key, nothing)
        n, m = len(then[0]), len(now[0])
        reading = compare(key, then[0], now[0]) if n and m else Reading(None, m, details={"n": n, "m": m})
        found[key] = _with_left_out(reading, then, now)
    return found


def _ready(
    workspace: Workspace, need: MeasureNeed, selection: Selection, ready: Callable[[Numbers], S]
) -> Mapping[Pairs, tuple[S, int]]:
    """Return for each group of a selection what is needed of its values, and how many rows have none."""
    (column,) = need.columns
    return workspace.recently(
        (ready, members_typed(selection), column, need.by),
        lambda: {
            group: (ready(values.values), values.nulls)
            for group, values in samples(workspace, selection, column, need.by).items()
        },
        lambda found: sum(_bytes(one) for one, _ in found.values()),
    )


def _bytes(one: Sample | Moments) -> int:
    """Return how much memory the values take that are kept."""
    return one.values.nbytes if isinstance(one, Sample) else 0


def _distance(workspace: Workspace, need: MeasureNeed, key: Pairs, then: Sample, now: Sample) -> Reading:
    reference = None if need.reference is None else members_typed(need.reference)
    asked = (members_typed(need.selection), reference, need.columns, need.by, key)
    if need.statistic == "psi":
        return _psi(workspace.once(("psi", *asked), lambda: psi(then, now)))
    return _ks(workspace.once(("ks", *asked), lambda: ks(then, now)), need.statistic)


def _shift(_key: Pairs, then: Moments, now: Moments) -> Reading:
    found: MeanShiftResult = mean_shift(then, now)
    numbers = {"mean": found.mean, "reference_mean": found.reference_mean, "reference_sd": found.reference_sd}
    # Details are JSON, which has no NaN: what is above float64's range is left out.
    details = {name: value for name, value in numbers.items() if value is not None and math.isfinite(value)}
    return Reading(found.sigma, found.m, details={**details, "n": found.n, "m": found.m})


def _ks(found: KsResult, statistic: str) -> Reading:
    details: dict[str, object] = {
        "statistic": found.statistic,
        "pvalue": found.pvalue,
        "numerator": found.numerator,
        "n": found.n,
        "m": found.m,
    }
    return Reading(found.pvalue if statistic == "ks_pvalue" else found.statistic, found.m, details=details)


def _psi(found: PsiResult) -> Reading:
    details: dict[str, object] = {
        "pvalue": found.pvalue,
        "n": found.n,
        "m": found.m,
        "edges": list(found.edges),
        "reference_counts": list(found.reference_counts),
        "current_counts": list(found.current_counts),
    }
    return Reading(found.value, found.m, details=details)


def _with_left_out(reading: Reading, then: tuple[S, int], now: tuple[S, int]) -> Reading:
    """Add how much of both samples was left out; nothing where nothing was."""
    details = dict(reading.details)
    named = {"reference": then, "current": now}
    if any(one.nonfinite for one, _ in named.values()):
        details["nonfinite"] = {name: one.nonfinite for name, (one, _) in named.items()}
        details["nonfinite_share"] = {
            name: one.nonfinite / max(1, len(one) + one.nonfinite) for name, (one, _) in named.items()
        }
    if any(nulls for _, nulls in named.values()):
        details["null"] = {name: nulls for name, (_, nulls) in named.items()}
    return Reading(reading.value, reading.samples, details=details)
