"""What the formats for other tools share: how grave a finding is, which comes first, and what it is called."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from cvnpolicy.core.finding import Finding, GroupReading, Outcome, Report, Severity
from cvnpolicy.core.numbers import measured
from cvnpolicy.core.rules import DocumentRule
from cvnpolicy.core.visible import visible
from cvnpolicy.core.weight import Weight, weigh
from cvnpolicy.report.terminal_block import alike, group_text
from cvnpolicy.report.verdict import RANK, WORDS
from cvnpolicy.report.wording import condition, one_line, plural


class Grade(StrEnum):
    """How loud a tool says a finding, the loudest first."""

    ERROR = "error"
    """It blocks: it fails, or holds because it could not be decided."""
    WARNING = "warning"
    """It is a warning, or it is bad and its policy only advises."""
    NOTICE = "notice"
    """It is bad and waived, or undecided and its policy lets that pass."""


_GRADES = {
    Weight.FAILS: Grade.ERROR,
    Weight.HOLDS: Grade.ERROR,
    Weight.ADVISES: Grade.WARNING,
    Weight.WAIVED: Grade.NOTICE,
    Weight.TOLERATED: Grade.NOTICE,
}
_SEVERITIES = {severity: rank for rank, severity in enumerate(sorted(Severity))}


def grade(finding: Finding, *, strict: bool = False) -> Grade | None:
    """Return how grave a finding is; None for one that is good, skipped or not applicable.

    Args:
        finding: The finding.
        strict: Whether warnings fail the run.
    """
    weight = weigh(finding, strict=strict)
    if weight is not Weight.NONE:
        return _GRADES[weight]
    return Grade.WARNING if finding.outcome is Outcome.WARN else None


def importance(finding: Finding) -> tuple[object, ...]:
    """Return a key that sorts the most important first: severity, fail before undecided, place; gates come last."""
    severity = len(_SEVERITIES) if finding.severity is None else _SEVERITIES[finding.severity]
    # A gate only sums up what its own findings tell.
    return (finding.rule == DocumentRule.GATE, severity, RANK[finding.outcome], finding.order)


def bad(report: Report) -> dict[Grade, list[Finding]]:
    """Return every finding that has a grade, by grade, the most important first; all grades are present."""
    found: dict[Grade, list[Finding]] = {one: [] for one in Grade}
    for finding in sorted(report.findings, key=importance):
        rank = grade(finding, strict=report.strict)
        if rank is not None:
            found[rank].append(finding)
    return found


def together(findings: Iterable[Finding]) -> list[list[Finding]]:
    """Return findings in runs that are one but for their groups, in the order in which each run first appears."""
    runs: dict[tuple[object, ...], list[Finding]] = {}
    for rank, finding in enumerate(findings):
        runs.setdefault(alike(finding) if finding.group else (rank,), []).append(finding)
    return list(runs.values())


def kind(finding: Finding) -> str:
    """Return outcome and severity: ``fail P1``, ``no data``."""
    return " ".join([WORDS[finding.outcome], *([finding.severity.value] if finding.severity else [])])


def title(finding: Finding) -> str:
    """Return what a finding is about on one line: ``fail P1 alerts/coverage symbol=ETHUSDC``; safe to show."""
    return one_line(f"{kind(finding)} {finding.id} ") + (f" {group_text(finding.group)}" if finding.group else "")


def place(finding: Finding, root: str) -> str:
    """Return ``file:line:column`` below the top of the git repository, safe to show; empty without a file."""
    return visible(f"{root}{finding.location}") if finding.location.file else ""


def figures(finding: Finding, *, limit: bool = True) -> str:
    """Return the numbers on one line: ``measured 93.4, crit_if < 95%, 1,440 samples``; empty without any.

    Args:
        finding: The finding.
        limit: Whether to name the condition too.
    """
    parts = []
    if finding.measured is not None:
        parts.append(f"measured {measured(finding.measured, finding.condition)}")
    if limit and finding.condition is not None:
        parts.append(condition(finding))
    if finding.samples is not None:
        parts.append(plural(finding.samples, "sample"))
    return ", ".join(parts)


def worst_groups(finding: Finding) -> list[GroupReading]:
    """Return the groups of a quantified finding, the worst first, else in their own order."""
    return sorted(finding.groups, key=lambda reading: RANK[reading.outcome])
