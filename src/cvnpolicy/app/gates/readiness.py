"""The gate ``readiness``: what ``cvnpolicy readiness`` asks, of all files or of those that a change is about."""

from __future__ import annotations

from pathlib import Path

from cvnpolicy.app.gates.gate import Answer, Asked, Gate, not_asked, not_valid, of_report
from cvnpolicy.report.wording import plural

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

    paths: list[Path] = []
    about = ""
    if asked.change is not None and asked.change.standing.same:
        from cvnpolicy.app.readiness_files import Library

        library = Library(project)
        patterns = [pattern for policy in asking for pattern in (*policy.spec.files, *policy.spec.runbook.files)]
        touched = [path for path in asked.change.in_repository if path.casefold().endswith(_MARKDOWN)]
        meant = [path for path in touched if library.means(patterns, project.repository / path)]
        paths = list(dict.fromkeys([*asked.change.there(meant), *asked.change.linked]))
        if not meant and not paths:
            return not_asked("the change touches and links no readiness file and no runbook", place)
        about = f"{plural(len(paths), 'file')} changed or linked" if paths else "a file is gone, so all"
    return of_report(judge_files(project, policies, asked.at, paths, strict=asked.strict), place, about)


GATE = Gate("Are readiness files and runbooks complete, and true?", _ask)
