"""Evaluate policies: plan the questions, gather or replay the evidence, judge, decide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cvnpolicy.app.wiring import Frames, ask
from cvnpolicy.core.addresses import addressed
from cvnpolicy.core.errors import UsageError
from cvnpolicy.core.evidence import Evidence
from cvnpolicy.core.evidence_json import sha256
from cvnpolicy.core.finding import Report
from cvnpolicy.core.kind import PolicySet
from cvnpolicy.core.resolve import resolve_all
from cvnpolicy.engine.decide import decide
from cvnpolicy.engine.plan import plan
from cvnpolicy.engine.run import run
from cvnpolicy.load.nearest import did_you_mean
from cvnpolicy.load.project import Project


@dataclass(frozen=True)
class Evaluation:
    """A report and the evidence that it rests on."""

    report: Report
    evidence: Evidence


def evaluate(  # noqa: PLR0913  keyword-only but for what every call has
    project: Project,
    policies: PolicySet,
    *,
    at: datetime,
    environment: str = "default",
    among: PolicySet | None = None,
    only: Sequence[str] = (),
    evidence: Evidence | None = None,
    frames: Frames | None = None,
    strict: bool = False,
) -> Evaluation:
    """Judge policies at an instant.

    Args:
        project: The configuration, for bindings and paths.
        policies: The loaded set.
        at: The instant, UTC.
        environment: Which bindings to use.
        among: The policies to judge; the whole set without. Trees may look at any check of the set all the same.
        only: Addresses of the checks to report; all without.
        evidence: Recorded evidence to judge instead of asking.
        frames: DataFrames by dataset name, used before the bindings.
        strict: Whether a warning fails the run.

    Raises:
        UsageError: If an address, or the environment, does not exist.
        MissingExtraError: If rows are asked for and the ``tables`` extra is not installed.
    """
    wanted = _addresses(policies, only)
    asked = among or policies
    if wanted is not None:
        asked = asked.only(frozenset(address.split("/")[0] for address in wanted))
    if evidence is None:
        needs = plan(policies, at, asked)
        bindings, root = project.datasets(environment), project.data_root(environment)
        evidence = Evidence(at, ask(needs, at, bindings, root, frames))
    findings = run(policies, evidence, asked)
    if wanted is not None:
        findings = tuple(finding for finding in findings if finding.id in wanted or "/" not in finding.id)
    report = decide(asked, findings, at, evidence_sha256=sha256(evidence), strict=strict)
    return Evaluation(report, evidence)


def _addresses(policies: PolicySet, only: Sequence[str]) -> frozenset[str] | None:
    """Return the checks that the addresses mean; None for all."""
    if not only:
        return None
    checks = resolve_all(policies.policies, policies.catalog)
    found: set[str] = set()
    for address in only:
        named = addressed(address if "/" in address or address == "*" else f"{address}/*", "", checks)
        if not named:
            owners = [policy.name for _, policy in policies.policies]
            if address.removesuffix("/*") in owners:
                raise UsageError(f"policy '{address.removesuffix('/*')}' has no checks: name one that has")
            raise UsageError(f"there is no check '{address}': {did_you_mean(address, [*checks, *owners])}")
        found.update(check.address for check in named)
    return frozenset(found)
