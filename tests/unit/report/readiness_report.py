"""A report on readiness files, small and with everything in it."""

from __future__ import annotations

from datetime import UTC, datetime

from cvnpolicy.core.errors import ExitCode
from cvnpolicy.core.finding import Finding, Mode, OnUnknown, Outcome, Report, Verdict
from cvnpolicy.core.location import Location

AT = datetime(2026, 6, 11, tzinfo=UTC)
FILE = "stories/S1/ready.md"


def rule(
    name: str, outcome: Outcome, section: str | None, points: float | None, *, level: str = "must", file: str = FILE
) -> Finding:
    """A finding on a rule."""
    details: dict[str, object] = {"level": level, "points": points}
    return Finding(
        id=f"ready/{name}",
        rule="CVN801",
        outcome=outcome,
        message=f"What {name} says",
        location=Location(file, 3, 1, 3, 1),
        hint="write it" if outcome is Outcome.FAIL else "",
        requirement=name,
        mode=Mode.ADVISE if level == "should" else Mode.BLOCK,
        details=details if section is None else {"section": section, **details},
        on_unknown=OnUnknown.PASS,
    )


def figure(name: str, outcome: Outcome, number: int, *, file: str = FILE) -> Finding:
    """A finding on a figure."""
    return Finding(
        id=f"ready/{name}",
        rule=name,
        outcome=outcome,
        message=f"readiness says '> {number}'",
        location=Location(file, 9, 1, 9, 1),
        group={"figure": number},
        details={"figure": f"> {number}", "kind": "limit", "check": None},
        on_unknown=OnUnknown.PASS,
    )


FINDINGS = (
    rule("R1.1", Outcome.PASS, "1. Monitoring", 1),
    rule("R1.2", Outcome.PASS, "1. Monitoring", 0.5),
    rule("R1.10", Outcome.FAIL, "1. Monitoring", 0, level="should"),
    rule("R2.1", Outcome.FAIL, "2. Alerting", 0),
    rule("R2.2", Outcome.SKIPPED, "2. Alerting", None),
    rule("R2.3", Outcome.PASS, "2. Alerting", 0.5),
    rule("R3.1", Outcome.INCONCLUSIVE, "3. Drift", None),
    rule("R3.2", Outcome.PASS, "3. Drift", 1),
    rule("R3.3", Outcome.NOT_APPLICABLE, "3. Drift", None),
    rule("R8.1", Outcome.INCONCLUSIVE, None, None),
    figure("CVN851", Outcome.FAIL, 1),
    figure("CVN852", Outcome.INCONCLUSIVE, 2),
    figure("CVN853", Outcome.PASS, 3),
    rule("R1.1", Outcome.PASS, "1. Monitoring", 0.5, file="stories/S2/ready.md"),
)


def report(*findings: Finding, code: ExitCode = ExitCode.FAILED) -> Report:
    """A report with these findings."""
    verdict = Verdict.FAIL if code is ExitCode.FAILED else Verdict.PASS
    return Report(AT, verdict, code, None, tuple(sorted(findings, key=lambda one: one.order)))
