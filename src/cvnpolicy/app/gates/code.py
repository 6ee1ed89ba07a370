"""The gate ``code``: what ``cvnpolicy lint`` asks, of the whole repository or of what a change touches."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cvnpolicy.app.gates.gate import Answer, Asked, Gate, not_asked, not_there, not_valid, of_report
from cvnpolicy.core.errors import InvalidInputError
from cvnpolicy.core.finding import Report
from cvnpolicy.core.kind import PolicySet
from cvnpolicy.load.project import Project


def _ask(asked: Asked) -> Answer:
    place = asked.project.locate(("policies",))
    if asked.judged is None:
        return not_valid(place)
    project, policies = asked.judged
    if not any(kind.lints for kind, _ in policies.policies):
        return not_asked("no policy is about code", place, hint="docs/how-to/lint.md says how to write one")
    # The syntax trees are imported only where some code is looked at.
    from cvnpolicy.app.lint import lint_policies

    def judge(project: Project, policies: PolicySet, paths: Sequence[Path]) -> Report:
        return lint_policies(project, policies, asked.at, paths, strict=asked.strict)

    try:
        if asked.change is None:
            return of_report(judge(project, policies, ()), place)
        from cvnpolicy.app.gates.touched import Looks, over  # needs git, as all that is about a change

        looks = Looks(judge, lambda kind: kind.lints, "Python file")
        return over(asked, asked.change, looks, asked.change.code, place)
    except InvalidInputError as error:
        return not_there("the policies name code that is not there", error, asked, place)


GATE = Gate("Is the code free of hyperparameter values?", _ask)
