"""Why a report ends as it does, in words. Shared by every page format; decides nothing itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from cvnpolicy.core.errors import NOTHING_RULE, ExitCode
from cvnpolicy.core.finding import UNDECIDED, Finding, Outcome, Report, Severity
from cvnpolicy.core.location import Location
from cvnpolicy.core.rules import DocumentRule
from cvnpolicy.core.visible import visible
from cvnpolicy.core.weight import Weight, weigh

WORDS: dict[Outcome, str] = {
    Outcome.FAIL: "fail",
    Outcome.ERROR: "error",
    Outcome.NO_DATA: "no data",
    Outcome.INCONCLUSIVE: "inconclusive",
    Outcome.WARN: "warn",
    Outcome.PASS: "pass",
    Outcome.SKIPPED: "skipped",
    Outcome.NOT_APPLICABLE: "not applicable",
}
"""Outcomes as people read them, worst first."""

RANK: dict[Outcome, int] = {outcome: rank for rank, outcome in enumerate(WORDS)}
"""Place of an outcome, worst first."""

_NAMED = 3


def _found(report: Report, weight: Weight) -> tuple[Finding, ...]:
    """Return the findings of one weight, without the gates that only sum others up where there are others."""
    found = chosen(report, weight)
    return tuple(finding for finding in found if finding.rule != DocumentRule.GATE) or found


def chosen(report: Report, weight: Weight) -> tuple[Finding, ...]:
    """Return the findings of one weight, in the order of the report."""
    return tuple(finding for finding in report.findings if weigh(finding, strict=report.strict) is weight)


def addresses(findings: Iterable[Finding]) -> str:
    """Return the ids of findings, most severe first, each once, the first few by name and the rest as a count."""
    ranked = sorted(findings, key=lambda finding: finding.severity or max(Severity))
    names = list(dict.fromkeys(visible(finding.id) for finding in ranked))
    return _few(names)


def _few(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def why(report: Report) -> str:
    """Return why a gate would leave with the report's exit code, without a full stop."""
    code = report.exit_code
    if code is ExitCode.OK:
        return _fine(report.findings)
    if code is ExitCode.FAILED:
        return _because(report)
    if code is ExitCode.UNDECIDED:
        return f"could not decide: {addresses(_found(report, Weight.HOLDS)) or 'something that blocks'}"
    if code is ExitCode.INVALID:
        files = dict.fromkeys(visible(finding.location.file) for finding in _found(report, Weight.FAILS))
        return f"a policy, schema or configuration file is invalid: {_few(list(files)) or 'see above'}"
    return {
        ExitCode.NOTHING: "there was nothing to check",
        ExitCode.USAGE: "the command line is wrong, or an optional part is not installed",
        ExitCode.INTERNAL: "a defect of cvnpolicy itself; please report it with this page",
    }[code]


def complete(report: Report) -> Report:
    """Return the report with a finding for a verdict that none of its findings tells: that there was nothing to check.

    Who reads single findings, as build servers do, would otherwise take silence for a pass.
    """
    if report.exit_code is ExitCode.OK or chosen(report, Weight.FAILS) or chosen(report, Weight.HOLDS):
        return report
    told = Finding("cvnpolicy", NOTHING_RULE, Outcome.NO_DATA, f"{why(report)}.", Location(""))
    return replace(report, findings=(told, *report.findings))


def _because(report: Report) -> str:
    """Name what failed, and what could not be decided beside it: mending the first alone would not do."""
    failing, held = _found(report, Weight.FAILS), _found(report, Weight.HOLDS)
    verb = "failed, warnings included (--strict)" if report.strict else "failed"
    text = f"{verb}: {addresses(failing)}" if failing else "a policy failed"
    return text + (f"; could not decide: {addresses(held)}" if held else "")


def _fine(findings: Sequence[Finding]) -> str:
    """Say that all holds, or, where it does not, why nothing blocks."""
    bad = Counter(weigh(finding) for finding in findings if finding.outcome is Outcome.FAIL)
    unknown = Counter(weigh(finding) for finding in findings if finding.outcome in UNDECIDED)
    warnings = sum(finding.outcome is Outcome.WARN for finding in findings)
    aside = sum(finding.outcome in (Outcome.NOT_APPLICABLE, Outcome.SKIPPED) for finding in findings)
    if aside == len(findings):
        return "nothing was asked: no check applies"
    notes = [
        (warnings, "warns", "warn"),
        (bad[Weight.ADVISES], "is bad but only advises", "are bad but only advise"),
        (bad[Weight.WAIVED], "is bad but waived", "are bad but waived"),
        (unknown[Weight.ADVISES], "is undecided but only advises", "are undecided but only advise"),
        (unknown[Weight.WAIVED], "is undecided but waived", "are undecided but waived"),
        (unknown[Weight.TOLERATED], "is undecided but passes by policy", "are undecided but pass by policy"),
        (sum(finding.outcome is Outcome.SKIPPED for finding in findings), "was left out", "were left out"),
    ]
    text = "; ".join(f"{count} {one if count == 1 else many}" for count, one, many in notes if count)
    return f"nothing blocks: {text}" if text else "everything asked was answered and holds"
