"""What one finding does to the verdict of its report: the one rule that engine and reporters share."""

from __future__ import annotations

from enum import StrEnum

from cvnpolicy.core.finding import UNDECIDED, Finding, Mode, OnUnknown, Outcome


class Weight(StrEnum):
    """What a finding does to the verdict of its report."""

    NONE = "none"
    """It is good, or a warning."""
    FAILS = "fails"
    HOLDS = "holds"
    ADVISES = "advises"
    WAIVED = "waived"
    TOLERATED = "tolerated"
    """It is undecided, and its policy lets that pass."""


_UNKNOWN = {OnUnknown.HOLD: Weight.HOLDS, OnUnknown.FAIL: Weight.FAILS, OnUnknown.PASS: Weight.TOLERATED}


def weigh(finding: Finding, *, strict: bool = False) -> Weight:
    """Return what one finding does to the verdict; under ``strict`` a warning fails."""
    if finding.outcome not in UNDECIDED and finding.outcome not in (Outcome.FAIL, Outcome.WARN):
        return Weight.NONE
    if finding.waived_by is not None:
        return Weight.WAIVED
    if finding.mode is Mode.ADVISE:
        return Weight.ADVISES
    if finding.outcome in UNDECIDED:
        return _UNKNOWN[finding.on_unknown]
    return Weight.FAILS if finding.outcome is Outcome.FAIL or strict else Weight.NONE
