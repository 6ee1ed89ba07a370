"""The gate ``pull-request``: whoever changes machine-learning code links a readiness file that is signed off."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from cvnpolicy.app.gates.gate import Answer, Asked, Gate, answered, not_asked
from cvnpolicy.core.errors import ExitCode
from cvnpolicy.core.finding import Finding, Outcome
from cvnpolicy.core.policy import Policy
from cvnpolicy.core.rules import ReadinessRule
from cvnpolicy.core.weight import Weight
from cvnpolicy.report.verdict import addresses, chosen
from cvnpolicy.report.wording import plural

if TYPE_CHECKING:  # git is started only where a base is named
    from cvnpolicy.app.change import Change

Asking = Policy[Any]
"""A ReadinessPolicy: its model is imported where there is one."""


def _ask(asked: Asked) -> Answer:
    place = asked.project.locate(("policies",))
    change = asked.change
    if change is None:
        return not_asked("no base was named: there is no pull request", place, hint="name one with --base")
    asking = [policy for kind, policy in change.standing.policies.policies if kind.reads]
    asking = [policy for policy in asking if policy.spec.pull_request is not None]
    if not asking:
        return not_asked("no policy asks anything of a pull request", place, hint="write pull_request: in one")
    touched = {policy.name: _touched(change, policy) for policy in asking}
    if not any(touched.values()):
        return not_asked("the change touches no machine-learning code", place)
    findings = [one for policy in asking if touched[policy.name] for one in _of(asked, change, policy, touched)]
    count = len({path for paths in touched.values() for path in paths})
    return answered(asked, findings, place, f"{plural(count, 'file')} of machine-learning code changed")


def _touched(change: Change, policy: Asking) -> list[str]:
    asks = policy.spec.pull_request
    folders = () if asks is None else asks.code
    return sorted(path for path in change.in_repository if path.startswith(tuple(folders)))


def _of(asked: Asked, change: Change, policy: Asking, touched: dict[str, list[str]]) -> Iterator[Finding]:
    paths = touched[policy.name]
    shown = paths[0] if len(paths) == 1 else f"{paths[0]} and {plural(len(paths) - 1, 'more file')}"
    because = f"{shown} {'is' if len(paths) == 1 else 'are'} changed"
    yield _linked(change, policy, because)
    files = change.linked_of(policy)
    if files:
        yield _signed_off(asked, change, policy, because)


def _linked(change: Change, policy: Asking, because: str) -> Finding:
    """Return whether the text of the pull request links a readiness file that is there."""
    found = change.links_of(policy)
    right = f"link it in the text of the pull request: {policy.spec.files[0]}"
    if found is None:
        says, outcome = "the text of the pull request was not given", Outcome.INCONCLUSIVE
        right = "name a file that holds it with --pr-body, or leave the question out with --skip pull-request"
    elif found.trouble:
        says, outcome = f"the text of the pull request could not be read: {found.trouble}", Outcome.INCONCLUSIVE
        right = "shorten it"
    elif found.missing:
        says, outcome = f"the pull request links {found.missing[0]}, which is not there", Outcome.FAIL
        right = "write the file, or correct the link"
    elif found.there:
        says, outcome = f"the pull request links {', '.join(found.there)}", Outcome.PASS
    else:
        says, outcome = "the pull request links no readiness file", Outcome.FAIL
    return _finding(policy, ReadinessRule.LINKED, outcome, f"{because}: {says}", right)


def _signed_off(asked: Asked, change: Change, policy: Asking, because: str) -> Finding:
    """Return whether the linked files follow the rules. What they do not follow is told where it stands, by others."""
    from cvnpolicy.app.readiness import judge_files

    project, files = change.standing.project, change.linked_of(policy)
    report = judge_files(
        project, change.standing.policies, asked.at, files, strict=asked.strict, templates=change.templates
    )
    bad = addresses(one for weight in (Weight.FAILS, Weight.HOLDS) for one in chosen(report, weight))
    names = ", ".join(path.relative_to(project.repository).as_posix() for path in files)
    if report.exit_code is ExitCode.OK:
        says, outcome = f"{names} follows the rules and is signed off", Outcome.PASS
    elif report.exit_code is ExitCode.FAILED:
        says, outcome = f"{names} does not follow the rules: {bad}", Outcome.FAIL
    else:
        says, outcome = f"whether {names} follows the rules could not be decided: {bad}", Outcome.INCONCLUSIVE
    return _finding(policy, ReadinessRule.SIGNED_OFF, outcome, f"{because}: {says}", "complete it, and tick its boxes")


def _finding(policy: Asking, rule: ReadinessRule, outcome: Outcome, message: str, right: str) -> Finding:
    requirement = {ReadinessRule.LINKED: "R8.1", ReadinessRule.SIGNED_OFF: "R8.2"}[rule]
    asks = {one.id for one in policy.spec.rules}
    return Finding(
        id=f"{policy.name}/{rule.name.lower().replace('_', '-')}",
        rule=rule,
        outcome=outcome,
        message=message,
        location=policy.locate(("spec", "pull_request")),
        hint="" if outcome is Outcome.PASS else right,
        requirement=requirement if requirement in asks else None,
    )


GATE = Gate("Does the pull request link what it must?", _ask)
