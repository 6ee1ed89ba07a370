"""The gate ``dependencies``: what code imports is declared, in the whole repository or in what a change touches."""

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
    asking = [policy for kind, policy in policies.policies if kind.imports]
    if not asking:
        return not_asked("no policy is about dependencies", place, hint="docs/how-to/dependencies.md says how")
    # What reads requirement files is imported only where some are judged.
    from cvnpolicy.app.dependencies import judge_imports, requirement_files

    def judge(project: Project, policies: PolicySet, paths: Sequence[Path]) -> Report:
        return judge_imports(project, policies, asked.at, paths, strict=asked.strict)

    change = asked.change
    try:
        if change is None or not requirement_files(project, policies).isdisjoint(change.in_repository):
            # A requirement that is gone may be missed in any file.
            return of_report(judge(project, policies, ()), place, "" if change is None else "requirements are changed")
        from cvnpolicy.app.gates.touched import Looks, over  # needs git, as all that is about a change

        return over(asked, change, Looks(judge, lambda kind: kind.imports, "Python file"), change.code, place)
    except InvalidInputError as error:
        return not_there("the policies name files that are not there", error, asked, place)


GATE = Gate("Is every distribution that code imports declared?", _ask)
