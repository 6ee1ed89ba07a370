"""The gate ``code``: what ``cvnpolicy lint`` asks of the whole repository."""

from __future__ import annotations

from cvnpolicy.app.gates.gate import Answer, Asked, Gate, total
from cvnpolicy.app.validate import report_of
from cvnpolicy.core.errors import ExitCode, InvalidInputError, exit_code_of
from cvnpolicy.core.finding import Outcome

_OUTCOMES = {ExitCode.OK: Outcome.PASS, ExitCode.FAILED: Outcome.FAIL, ExitCode.UNDECIDED: Outcome.INCONCLUSIVE}


def _ask(asked: Asked) -> Answer:
    place = asked.project.locate(("policies",))
    if exit_code_of(asked.loaded.problems) not in (ExitCode.OK, ExitCode.NOTHING):
        reason, hint = "the policies are not valid", "mend the policies first"
        return Answer(Outcome.INCONCLUSIVE, reason, ExitCode.UNDECIDED, place, hint=hint)
    if not any(kind.lints for kind, _ in asked.loaded.policies.policies):
        reason, hint = "no policy is about code", "docs/how-to/lint.md says how to write a HyperparameterPolicy"
        return Answer(Outcome.NOT_APPLICABLE, reason, ExitCode.OK, place, hint=hint)
    # The syntax trees are imported only where some code is looked at.
    from cvnpolicy.app.lint import lint_policies

    try:
        report = lint_policies(asked.project, asked.loaded.policies, asked.at, strict=asked.strict)
    except InvalidInputError as error:
        found = report_of(error.problems, asked.at)
        reason = "the policies name code that is not there"
        return Answer(Outcome.FAIL, reason, ExitCode.INVALID, place, findings=found.findings)
    return Answer(
        outcome=_OUTCOMES[report.exit_code],
        reason=total(report),
        code=report.exit_code,
        location=place,
        ran=True,
        findings=report.findings,
    )


GATE = Gate("Is the code free of hyperparameter values?", _ask)
