"""What a gate looks at where a change is under review: what it touches, and what its policies make new elsewhere."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cvnpolicy.app.gates.gate import Answer, Asked, answered, not_asked, of_report
from cvnpolicy.core.errors import ExitCode, InvalidInputError
from cvnpolicy.core.finding import Finding, Report
from cvnpolicy.core.kind import Kind, PolicySet
from cvnpolicy.core.location import Location
from cvnpolicy.core.model import alike
from cvnpolicy.load.project import Project
from cvnpolicy.report.wording import plural

if TYPE_CHECKING:  # git is started only where a base is named
    from cvnpolicy.app.change import Change

Judge = Callable[[Project, PolicySet, Sequence[Path]], Report]
"""Judges files by policies; all that the policies mean where none are named.

Raises:
    InvalidInputError: The policies name files that are not there.
"""


@dataclass(frozen=True)
class Looks:
    """How a gate looks at files."""

    judge: Judge
    about: Callable[[Kind[Any]], bool]
    """Whether a policy of a kind can change what it says."""
    noun: str
    """What its files are called: ``Python file``."""
    refer: bool = False
    """Whether its files name one another, so that one that is gone may be missed in the others."""


def over(asked: Asked, change: Change, looks: Looks, touched: Sequence[str], place: Location) -> Answer:
    """Return the answer of a gate about a change.

    Where the policies that it asks are those of the base, only the files that the change touches are looked at. Where
    they are the change's own, all files are: what the base's would say of the others too is not the change's doing.

    Args:
        asked: What is asked.
        change: The change.
        looks: How files are looked at.
        touched: The files that the change touches or links, from the top of the repository.
        place: The part of the configuration that makes the gate apply.
    """
    project, policies = change.standing.project, change.standing.policies
    before = change.differs
    if before is None or alike(_says(before.policies, looks), _says(policies, looks)):
        if not touched:
            return not_asked(f"the change touches no {looks.noun}", place)
        return _touched(asked, change, looks, touched, place)
    whole = looks.judge(project, policies, ())
    names = {f"{project.part}{path}" for path in touched}
    known = _before(before.project, before.policies, looks)
    about = "policies are changed, so all is looked at, and what was so before is left out"
    return answered(asked, _new(whole.findings, known, names), place, about)


def _touched(asked: Asked, change: Change, looks: Looks, touched: Sequence[str], place: Location) -> Answer:
    """Return the answer about the files that are touched, and about others that name one that is gone."""
    project, policies = change.standing.project, change.standing.policies
    paths = change.there(touched)
    gone = [path for path in touched if not os.path.lexists(project.repository / path)]
    about = f"{plural(len(paths), looks.noun)} changed" if paths else f"{plural(len(gone), looks.noun)} gone"
    if paths and not (gone and looks.refer):
        return of_report(looks.judge(project, policies, paths), place, about)
    findings = list(looks.judge(project, policies, paths).findings) if paths else []
    # Asked of all files even where none names it: what the policies themselves name has to be there.
    names = {path.rpartition("/")[2] for path in gone}
    whole = looks.judge(project, policies, ()).findings
    findings += (one for one in whole if one not in findings and any(name in one.message for name in names))
    return answered(asked, findings, place, about)


def _before(project: Project, policies: PolicySet, looks: Looks) -> Iterable[Finding]:
    if not any(looks.about(kind) for kind, _ in policies.policies):
        return ()
    try:
        report = looks.judge(project, policies, ())
    except InvalidInputError:
        return ()  # what the base's policies name is not there any more: then nothing was known before
    return report.findings if report.exit_code is not ExitCode.NOTHING else ()


def _new(findings: Iterable[Finding], before: Iterable[Finding], touched: Collection[str]) -> list[Finding]:
    known = {_key(one) for one in before}
    return [one for one in findings if one.location.file in touched or _key(one) not in known]


def _key(one: Finding) -> tuple[object, ...]:
    """Return what makes a finding in a file that nobody touched the same; the words of a rule may be others."""
    return one.id, one.rule, one.location, one.outcome, one.mode, one.waived_by


def _says(policies: PolicySet, looks: Looks) -> dict[str, object]:
    return {policy.name: policy.document for kind, policy in policies.policies if looks.about(kind)}
