"""The gate ``code``: what ``cvnpolicy lint`` asks, of the whole repository or of what a change touches."""

from __future__ import annotations

from cvnpolicy.app.gates.gate import Answer, Asked, Gate, not_asked, not_valid, of_report
from cvnpolicy.app.validate import report_of
from cvnpolicy.core.errors import ExitCode, InvalidInputError
from cvnpolicy.core.finding import Outcome
from cvnpolicy.report.wording import plural


def _ask(asked: Asked) -> Answer:
    place = asked.project.locate(("policies",))
    if asked.judged is None:
        return not_valid(place)
    project, policies = asked.judged
    if not any(kind.lints for kind, _ in policies.policies):
        return not_asked("no policy is about code", place, hint="docs/how-to/lint.md says how to write one")
    # The syntax trees are imported only where some code is looked at.
    from cvnpolicy.app.code_files import SUFFIXES
    from cvnpolicy.app.lint import lint_policies

    paths, about = [], ""
    if asked.change is not None and asked.change.standing.same:
        touched = [path for path in asked.change.in_repository if path.lower().endswith(SUFFIXES)]
        if not touched:
            return not_asked("the change touches no Python file", place)
        paths = asked.change.there(touched)  # where all of them are gone the whole scopes are looked at
        about = f"{plural(len(touched), 'changed Python file')}"
    try:
        report = lint_policies(project, policies, asked.at, paths, strict=asked.strict)
    except InvalidInputError as error:
        found = report_of(error.problems, asked.at)
        reason = "the policies name code that is not there"
        return Answer(Outcome.FAIL, reason, ExitCode.INVALID, place, findings=found.findings)
    return of_report(report, place, about)


GATE = Gate("Is the code free of hyperparameter values?", _ask)
