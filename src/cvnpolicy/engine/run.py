"""Judge every policy on the evidence. A crash in one judge becomes one finding; the others still report."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Any

from cvnpolicy.core.evidence import Evidence
from cvnpolicy.core.finding import Finding, Outcome
from cvnpolicy.core.kind import Kind, PolicySet, Results, Setting
from cvnpolicy.core.policy import Policy
from cvnpolicy.core.rules import DocumentRule
from cvnpolicy.engine.evaluate import Evaluator
from cvnpolicy.engine.findings import findings_of


def run(policies: PolicySet, evidence: Evidence, asked: PolicySet | None = None) -> tuple[Finding, ...]:
    """Return the findings of every policy that was asked, sorted.

    Args:
        policies: The whole set; trees may look at any check of it.
        evidence: The answers, and the instant they hold for.
        asked: The policies to judge; the whole set without.
    """
    evaluator = Evaluator(policies, evidence.answer, evidence.at)
    setting = Setting(evidence.at, policies.catalog)
    found: list[Finding] = []
    for kind, policy in (asked or policies).policies:
        # The one place that catches everything: a defect in one judge must not silence the others.
        try:
            found.extend(_judged(kind, policy, setting, evidence, evaluator))
        except Exception as crash:  # noqa: BLE001 - becomes an error finding, which holds the gate
            found.append(_crashed(policy, crash))
    return tuple(sorted(found, key=lambda finding: finding.order))


def _judged(
    kind: Kind[Any], policy: Policy[Any], setting: Setting, evidence: Evidence, evaluator: Evaluator
) -> Iterator[Finding]:
    deque(kind.needs(policy, setting), maxlen=0)  # planning went on past a defect here; now it is told
    own = {
        check.check.id: tuple(findings_of(check, evidence.at, evaluator))
        for check in evaluator.checks.values()
        if check.policy is policy
    }
    told = tuple(kind.judge(policy, Results(setting, evidence, own)))
    yield from told
    kept = {finding.id for finding in told}
    for name, findings in own.items():
        if findings and findings[0].id not in kept:
            yield _crashed(policy, AssertionError(f"the judge of {kind.name} lost check '{name}'"))


def _crashed(policy: Policy[Any], crash: Exception) -> Finding:
    return Finding(
        id=policy.name,
        rule=DocumentRule.CRASHED,
        outcome=Outcome.ERROR,
        message=f"judging this policy failed inside cvnpolicy: {type(crash).__name__}: {crash}",
        location=policy.locate(()),
        hint="this is a defect of cvnpolicy: report it with the policy and the saved evidence",
    )
