"""Validate policies, and turn what is wrong into a report like any other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cvnpolicy.core.errors import ExitCode, Problem, exit_code_of
from cvnpolicy.core.finding import Finding, Outcome, Report, Verdict
from cvnpolicy.core.location import Location
from cvnpolicy.load.policies import Loaded


def report_of(problems: Sequence[Problem], at: datetime) -> Report:
    """Return the report of static problems: one failed finding each, exit code 3; a pass without any.

    Args:
        problems: What is wrong.
        at: The instant that the report carries, UTC.
    """
    findings = tuple(
        Finding(
            id=problem.rule,
            rule=problem.rule,
            outcome=Outcome.FAIL,
            message=problem.what,
            hint=problem.right,
            location=problem.location or Location(""),
        )
        for problem in problems
    )
    ordered = tuple(sorted(findings, key=lambda finding: (finding.order, finding.message)))
    code = exit_code_of(problems)
    verdicts = {ExitCode.OK: Verdict.PASS, ExitCode.NOTHING: Verdict.HOLD}
    return Report(at, verdicts.get(code, Verdict.FAIL), code, None, ordered)


def total(loaded: Loaded) -> str:
    """Return how many policies are valid or how many problems there are, and in how many files, on one line."""
    files = _counted(len(loaded.files), "file")
    if loaded.problems:
        unseen = "" if loaded.complete or not loaded.files else "; names across files were not checked"
        return f"{_counted(len(loaded.problems), 'problem')} in {files}{unseen}"
    return f"{_counted(len(loaded.policies.policies), 'policy', 'policies')} in {files}: no problems"


def _counted(count: int, one: str, many: str | None = None) -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"
