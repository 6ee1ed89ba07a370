"""What a ReadinessPolicy says, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cvnpolicy.core.kind import Said
from cvnpolicy.core.policy import Policy
from cvnpolicy.kinds.readiness.model import Level, ReadinessPolicySpec, Rule, Unknown
from cvnpolicy.kinds.readiness.names import RUNBOOK, UNWRITTEN

_CALLED = dict(zip(UNWRITTEN, ("The header", "The pull request", "Runbooks", "What is left out"), strict=True))


def explains(policy: Policy[ReadinessPolicySpec]) -> Iterator[Said]:
    """Yield which files are judged by how many rules, what may be left out or stay open, and who is known."""
    spec = policy.spec
    runbook = [rule for rule in spec.rules if rule.section == RUNBOOK]
    yield Said(f"Judges readiness files by {_rules(len(spec.rules) - len(runbook))}: {', '.join(spec.files)}.")
    yield Said(f"Judges runbooks by {_rules(len(runbook))}: {', '.join(spec.runbook.files)}.")
    for name in dict.fromkeys(rule.section for rule in spec.rules):
        yield Said(_section(spec, name))
    yield from _open(spec)
    for handles, one, many in ((spec.persons, "a person", "persons"), (spec.teams, "a team", "teams")):
        if handles:
            yield Said(f"Knows {_listed(handles)} as {one if len(handles) == 1 else many}.")
    if spec.terms:
        words = {word for term in spec.terms for word in term.words}
        checks = {check for term in spec.terms for check in term.checks}
        yield Said(f"Knows {len(words)} words for what {len(checks)} addresses of checks state.")


def _open(spec: ReadinessPolicySpec) -> Iterator[Said]:
    """What may be left out with a reason, and what nobody has to know."""
    skipped = [rule.id for rule in spec.rules if rule.skip]
    if skipped:
        marker = spec.marker.replace("{dash}", "—")
        yield Said(f"{_listed(skipped)} may be left out with '**{marker}**:' and a reason.")
    for rule in spec.rules:
        if rule.on_unknown is Unknown.PASS and rule.because is not None:
            yield Said(f"{rule.id} may stay open: {rule.because.rstrip('.')}.")


def _section(spec: ReadinessPolicySpec, name: str) -> str:
    rules = [rule for rule in spec.rules if rule.section == name]
    called = _CALLED.get(name) or spec.sections[name].titles[0]
    number = spec.sections[name].number if name in spec.sections else None
    title = f"{number}. {called}" if number is not None else called
    return f"{title}: {_levels(rules)}."


def _levels(rules: Sequence[Rule]) -> str:
    counted = {level: sum(rule.level is level for rule in rules) for level in Level}
    return ", ".join(f"{_rules(count)} {level.value} be followed" for level, count in counted.items() if count)


def _rules(count: int) -> str:
    return f"{count} rule{'s' * (count != 1)}"


def _listed(words: Sequence[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last
