"""The gate ``readiness``: what ``cvnpolicy readiness`` asks, of all files or of those that a change is about."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cvnpolicy.app.gates.gate import Answer, Asked, Gate, not_asked, not_valid, of_report
from cvnpolicy.core.finding import Report
from cvnpolicy.core.kind import PolicySet
from cvnpolicy.load.project import Project

_MARKDOWN = ".md"


def _ask(asked: Asked) -> Answer:
    place = asked.project.locate(("policies",))
    if asked.judged is None:
        return not_valid(place)
    project, policies = asked.judged
    asking = [policy for kind, policy in policies.policies if kind.reads]
    if not asking:
        return not_asked("no policy is about readiness files", place, hint="docs/how-to/readiness.md says how")
    # The Markdown is read only where some of it is judged.
    from cvnpolicy.app.readiness import judge_files

    change = asked.change

    def judge(project: Project, policies: PolicySet, paths: Sequence[Path]) -> Report:
        if change is None:
            return judge_files(project, policies, asked.at, paths, strict=asked.strict)
        return judge_files(project, policies, asked.at, paths, strict=asked.strict, templates=change.templates)

    if change is None:
        return of_report(judge(project, policies, ()), place)
    from cvnpolicy.app.gates.touched import Looks, over  # needs git, as all that is about a change
    from cvnpolicy.app.readiness_files import Library

    library = Library(project)
    patterns = [pattern for policy in asking for pattern in (*policy.spec.files, *policy.spec.runbook.files)]
    changed = [path for path in change.in_repository if path.casefold().endswith(_MARKDOWN)]
    meant = [path for path in changed if library.means(patterns, project.repository / path)]
    linked = [path.relative_to(project.repository).as_posix() for path in change.linked]
    # Figures of a file are compared with every policy, so that any of them can make a file untrue.
    looks = Looks(judge, lambda _kind: True, "readiness file or runbook", refer=True)
    return over(asked, change, looks, list(dict.fromkeys([*meant, *linked])), place)


GATE = Gate("Are readiness files and runbooks complete, and true?", _ask)
