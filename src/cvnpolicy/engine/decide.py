"""From findings to a verdict: enforcement, waivers, and which exit code wins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from cvnpolicy.core.errors import ExitCode, worst
from cvnpolicy.core.finding import Finding, Mode, Outcome, Report, Verdict
from cvnpolicy.core.kind import PolicySet
from cvnpolicy.core.policy import Policy, Waiver
from cvnpolicy.core.rules import DocumentRule
from cvnpolicy.core.time import rfc3339
from cvnpolicy.core.tree import same
from cvnpolicy.core.weight import Weight, weigh

_EXCUSABLE = {Outcome.WARN, Outcome.FAIL, Outcome.INCONCLUSIVE, Outcome.NO_DATA}
"""What a waiver excuses. Not an error: nobody has approved that the question cannot be put."""
_CODES = {Weight.FAILS: ExitCode.FAILED, Weight.HOLDS: ExitCode.UNDECIDED}
_VERDICTS = {ExitCode.OK: Verdict.PASS, ExitCode.FAILED: Verdict.FAIL, ExitCode.INVALID: Verdict.FAIL}


def decide(
    policies: PolicySet,
    findings: Sequence[Finding],
    at: datetime,
    *,
    evidence_sha256: str | None = None,
    strict: bool = False,
) -> Report:
    """Apply enforcement and waivers, and return the report.

    Args:
        policies: The policies that were asked.
        findings: What their judges found.
        at: The instant that decides which mode and which waivers are in force.
        evidence_sha256: The hash of the evidence.
        strict: Whether a warning fails the run. An advisory policy stays advisory.
    """
    by_name = {policy.name: policy for _, policy in policies.policies}
    enforced = [_enforced(finding, by_name.get(finding.id.split("/")[0]), at) for finding in findings]
    for policy in by_name.values():
        enforced.extend(_overdue(policy, at))
        enforced.extend(_expired(policy, at))
    weights = (weigh(finding, strict=strict) for finding in enforced)
    code = worst(_CODES.get(weight, ExitCode.OK) for weight in weights) if findings else ExitCode.NOTHING
    ordered = tuple(sorted(enforced, key=lambda finding: finding.order))
    return Report(at, _VERDICTS.get(code, Verdict.HOLD), code, evidence_sha256, ordered, strict)


def _enforced(finding: Finding, policy: Policy[Any] | None, at: datetime) -> Finding:
    # A defect of ours is never advice, and nobody can have waived it.
    if policy is None or finding.rule == DocumentRule.CRASHED:
        return finding
    # What only advises by itself stays advice, whatever its policy does.
    mode = policy.document.enforcement.mode_at(at) if finding.mode is Mode.BLOCK else Mode.ADVISE
    finding = replace(finding, mode=mode)
    for waiver in policy.document.waivers or ():
        if at < waiver.expires and _excuses(waiver, finding):
            said = {"waiver": {"reason": waiver.reason, "expires": rfc3339(waiver.expires)}}
            return replace(finding, waived_by=waiver.approved_by, details={**finding.details, **said})
    return finding


def _excuses(waiver: Waiver, finding: Finding) -> bool:
    if finding.id.split("/")[-1] != waiver.check or finding.outcome not in _EXCUSABLE:
        return False
    group = waiver.group or {}
    return all(name in finding.group and same(finding.group[name], value) for name, value in group.items())


def _overdue(policy: Policy[Any], at: datetime) -> Iterator[Finding]:
    enforcement, owner = policy.document.enforcement, policy.document.metadata.owner
    if enforcement.review_by is not None and at >= enforcement.review_by:
        yield Finding(
            id=policy.name,
            rule=DocumentRule.REVIEW_OVERDUE,
            outcome=Outcome.WARN,
            message=f"still advisory past its review date {rfc3339(enforcement.review_by)}",
            location=policy.locate(("enforcement", "review_by")),
            mode=Mode.ADVISE,
            hint=f"{owner} decides: remove enforcement:, so that it blocks, or write a later review_by",
        )


def _expired(policy: Policy[Any], at: datetime) -> Iterator[Finding]:
    for index, waiver in enumerate(policy.document.waivers or ()):
        if at >= waiver.expires:
            yield Finding(
                id=f"{policy.name}/{waiver.check}",
                rule=DocumentRule.WAIVER_EXPIRED,
                outcome=Outcome.WARN,
                message=f"the waiver of {waiver.check} expired at {rfc3339(waiver.expires)} and excuses nothing",
                location=policy.locate(("waivers", index)),
                mode=Mode.ADVISE,
                hint=f"remove it, or {waiver.approved_by} renews it in a review",
            )
