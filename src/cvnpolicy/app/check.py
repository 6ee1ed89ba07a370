"""All gates, one report."""

from __future__ import annotations

import traceback
from collections.abc import Collection
from dataclasses import dataclass

from cvnpolicy.app.gates import GATES, load_gate
from cvnpolicy.app.gates.gate import Answer, Asked
from cvnpolicy.core.errors import CvnpolicyError, ExitCode, worst
from cvnpolicy.core.evidence import Evidence
from cvnpolicy.core.finding import UNDECIDED, Finding, Outcome, Report, Verdict
from cvnpolicy.core.rules import DocumentRule

_VERDICTS = {ExitCode.OK: Verdict.PASS, ExitCode.FAILED: Verdict.FAIL, ExitCode.INVALID: Verdict.FAIL}
_OF_POLICIES = frozenset({DocumentRule.REVIEW_OVERDUE, DocumentRule.WAIVER_EXPIRED})
"""What is said of a policy itself, by every gate that applies it: one finding is enough."""
_ASIDE = frozenset({Outcome.SKIPPED, Outcome.NOT_APPLICABLE})


@dataclass(frozen=True)
class Checked:
    """The report of all gates, what each of them said, and the evidence that was judged."""

    report: Report
    gates: dict[str, Answer]
    """What each gate said, by its name, in the order in which they were asked."""
    evidence: Evidence | None
    defects: tuple[str, ...]
    """The traceback of each gate that failed by a defect of ours, for a bug report."""


def check(asked: Asked, skip: Collection[str] = ()) -> Checked:
    """Ask every gate.

    Args:
        asked: What the gates look at.
        skip: Names of gates to leave out.

    Returns:
        The findings of every gate, one more for each gate that says what they amount to or why it did not run, and the
        exit code that wins among theirs. Where no gate ran there was nothing to check.

    Raises:
        UsageError: If an environment is named that does not exist.
    """
    if asked.environment is not None:
        asked.project.datasets(asked.environment)  # a wrong name is a wrong command line, whatever else is wrong
    defects: list[str] = []
    answers = {name: _left_out(asked) if name in skip else _answer(name, asked, defects) for name in GATES}
    findings = [_finding(name, answer) for name, answer in answers.items()]
    about: list[Finding] = []
    for finding in (finding for answer in answers.values() for finding in answer.findings):
        if finding.rule not in _OF_POLICIES:
            findings.append(finding)
        elif finding not in about:
            about.append(finding)
    findings += about
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
    return Checked(report, answers, evidence, tuple(defects))


def _answer(name: str, asked: Asked, defects: list[str]) -> Answer:
    """Ask one gate. A defect of ours in it is told, and the others still report."""
    try:
        return load_gate(name).ask(asked)
    except CvnpolicyError:
        raise
    except Exception as error:  # noqa: BLE001  whatever it is: it ends the run with its own exit code, and is shown
        defects.append(traceback.format_exc())
        reason = f"a defect of cvnpolicy itself ({type(error).__name__})"
        hint = "report it with what stands on standard error"
        return Answer(Outcome.ERROR, reason, ExitCode.INTERNAL, asked.project.locate(()), hint=hint)


def _left_out(asked: Asked) -> Answer:
    return Answer(Outcome.SKIPPED, "left out with --skip", ExitCode.OK, asked.project.locate(()))


def _finding(name: str, answer: Answer) -> Finding:
    return Finding(
        id=f"gate/{name}",
        rule=DocumentRule.GATE,
        outcome=answer.outcome,
        message=answer.reason if answer.ran or answer.outcome not in UNDECIDED else f"could not run: {answer.reason}",
        location=answer.location,
        hint=answer.hint,
    )
