"""All gates, one report."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from cvnpolicy.app.gates import GATES, load_gate
from cvnpolicy.app.gates.gate import Answer, Asked
from cvnpolicy.core.errors import ExitCode, worst
from cvnpolicy.core.evidence import Evidence
from cvnpolicy.core.finding import UNDECIDED, Finding, Outcome, Report, Verdict
from cvnpolicy.core.rules import DocumentRule

_VERDICTS = {ExitCode.OK: Verdict.PASS, ExitCode.FAILED: Verdict.FAIL, ExitCode.INVALID: Verdict.FAIL}
_ASIDE = frozenset({Outcome.SKIPPED, Outcome.NOT_APPLICABLE})


@dataclass(frozen=True)
class Checked:
    """The report of all gates, what each of them said, and the evidence that was judged."""

    report: Report
    gates: dict[str, Answer]
    """What each gate said, by its name, in the order in which they were asked."""
    evidence: Evidence | None


def check(asked: Asked, skip: Collection[str] = ()) -> Checked:
    """Ask every gate.

    Args:
        asked: What the gates look at.
        skip: Names of gates to leave out.

    Returns:
        The findings of every gate, one more for each gate that says whether it ran and why, and the exit code that
        wins among theirs. Where no gate ran there was nothing to check.

    Raises:
        UsageError: If an environment is named that does not exist.
    """
    if asked.environment is not None:
        asked.project.datasets(asked.environment)  # a wrong name is a wrong command line, whatever else is wrong
    answers = {name: _left_out(asked) if name in skip else load_gate(name).ask(asked) for name in GATES}
    findings = [_finding(name, answer) for name, answer in answers.items()]
    findings += [finding for answer in answers.values() for finding in answer.findings]
    codes = {answer.code for answer in answers.values()}
    if all(answer.outcome in _ASIDE for answer in answers.values()):
        codes.add(ExitCode.NOTHING)
    code = worst(codes)
    report = Report(
        at=asked.at,
        verdict=_VERDICTS.get(code, Verdict.HOLD),
        exit_code=code,
        evidence_sha256=next((a.evidence_sha256 for a in answers.values() if a.evidence_sha256 is not None), None),
        findings=tuple(sorted(findings, key=lambda finding: (finding.order, finding.message))),
        strict=asked.strict,
    )
    evidence = next((answer.evidence for answer in answers.values() if answer.evidence is not None), None)
    return Checked(report, answers, evidence)


def _left_out(asked: Asked) -> Answer:
    return Answer(Outcome.SKIPPED, "left out with --skip", ExitCode.OK, asked.project.locate(()))


def _finding(name: str, answer: Answer) -> Finding:
    return Finding(
        id=f"gate/{name}",
        rule=DocumentRule.GATE,
        outcome=answer.outcome,
        message=f"could not run: {answer.reason}" if answer.outcome in UNDECIDED else answer.reason,
        location=answer.location,
        hint=answer.hint,
    )
