"""The two-sample statistics: KS and PSI of each group against its reference."""

from __future__ import annotations

from collections.abc import Mapping

from cvnpolicy.core.evidence import MeasureNeed, Reading, Selection
from cvnpolicy.core.finding import Pairs
from cvnpolicy.sources.refused import Refused
from cvnpolicy.sources.tables.grouping import members_typed
from cvnpolicy.sources.tables.samples import samples
from cvnpolicy.sources.tables.workspace import Workspace
from cvnpolicy.statistics import KsResult, PsiResult, Sample, ks, psi, sample

_Ready = Mapping[Pairs, tuple[Sample, int]]
"""For each group the finite values, sorted, and how many rows have no value."""


def answer(workspace: Workspace, need: MeasureNeed) -> dict[Pairs, Reading]:
    """Return the statistic for every group that has current rows.

    NaN, ±inf and NULL are left out of both samples and counted apart in the details. Without a finite value in either
    sample the statistic is undefined.

    Raises:
        Refused: The rows of a sample cannot be read, or the column holds no numbers.
    """
    if need.reference is None:
        raise Refused(f"{need.statistic} needs a reference", "name a baseline")
    reference = _ready(workspace, need, need.reference)
    current = _ready(workspace, need, need.selection)
    nothing = sample(()), 0
    found: dict[Pairs, Reading] = {}
    for key, now in current.items():
        then = reference.get(key, nothing)
        found[key] = _reading(workspace, need, key, then[0], now[0])
        found[key] = _with_left_out(found[key], then, now)
    return found


def _ready(workspace: Workspace, need: MeasureNeed, selection: Selection) -> _Ready:
    """Return the samples of a selection, each sorted once for all the questions about it."""
    (column,) = need.columns
    key = ("sorted", members_typed(selection), column, need.by)
    return workspace.recently(
        key,
        lambda: {
            group: (sample(values.values), values.nulls)
            for group, values in samples(workspace, selection, column, need.by).items()
        },
        lambda found: sum(one.values.nbytes for one, _ in found.values()),
    )


def _reading(workspace: Workspace, need: MeasureNeed, key: Pairs, then: Sample, now: Sample) -> Reading:
    if not len(then) or not len(now):
        return Reading(None, len(now), details={"n": len(then), "m": len(now)})
    reference = None if need.reference is None else members_typed(need.reference)
    asked = (members_typed(need.selection), reference, need.columns, need.by, key)
    if need.statistic == "psi":
        return _psi(workspace.once(("psi", *asked), lambda: psi(then, now)))
    return _ks(workspace.once(("ks", *asked), lambda: ks(then, now)), need.statistic)


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


def _with_left_out(reading: Reading, then: tuple[Sample, int], now: tuple[Sample, int]) -> Reading:
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
