"""The alerts of an AlertPolicy: their checks, who is told, and which alert speaks for which."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from cvnpolicy.core.catalog import Catalog
from cvnpolicy.core.errors import Problem
from cvnpolicy.core.finding import Finding, Outcome
from cvnpolicy.core.kind import Kind, Located, Results
from cvnpolicy.core.policy import Policy
from cvnpolicy.core.rules import DocumentRule
from cvnpolicy.kinds.alert.effects import EFFECTS
from cvnpolicy.kinds.alert.model import AlertPolicySpec
from cvnpolicy.kinds.alert.words import explains

_FIRES = frozenset({Outcome.WARN, Outcome.FAIL})


def checks(spec: AlertPolicySpec) -> Sequence[Located]:
    """Return the alerts and where they stand."""
    return tuple(Located(check, ("alerts", index)) for index, check in enumerate(spec.alerts))


def problems(policy: Policy[AlertPolicySpec], _catalog: Catalog) -> Iterator[Problem]:
    """Yield alerts without a severity, severities without a route, and inhibitions in a chain."""
    routes = policy.spec.routes
    for index, alert in enumerate(policy.spec.alerts):
        place = ("spec", "alerts", index)
        if not alert.severities:
            what = f"alert '{alert.id}' has no severity, so nobody is told"
            yield Problem(DocumentRule.BAD_CHECK, what, "add severity: P2", policy.locate((*place, "id")))
        for severity in sorted(set(alert.severities) - set(routes)):
            what = f"alert '{alert.id}' can be {severity}, which has no route"
            right = f"add {severity}: to routes"
            yield Problem(DocumentRule.BAD_CHECK, what, right, policy.locate((*place, "severity")))
    silenced_by = {name: rule.when for rule in policy.spec.inhibit or () for name in rule.silences}
    for index, rule in enumerate(policy.spec.inhibit or ()):
        speaker = silenced_by.get(rule.when)
        if speaker is not None:
            what = f"'{rule.when}' speaks for others and is itself silenced by '{speaker}', so nobody may be told"
            right = "let one alert speak for all of them"
            yield Problem(DocumentRule.BAD_CHECK, what, right, policy.locate(("spec", "inhibit", index, "when")))


def judge(policy: Policy[AlertPolicySpec], results: Results) -> Iterator[Finding]:
    """Yield the alerts' findings, each firing one with its route, or with the alert that speaks for it.

    An inhibition only keeps an alert from being routed. Its outcome stays: silence must never turn a fail into a pass.
    An alert that could not be decided inhibits nothing.
    """
    speakers = {name: rule.when for rule in reversed(policy.spec.inhibit or ()) for name in rule.silences}
    for name, found in results.findings.items():
        speaker = speakers.get(name)
        spoken = results.findings.get(speaker, ()) if speaker is not None else ()
        for finding in found:
            if finding.outcome not in _FIRES:
                yield finding
            else:
                heard = speaker if any(_speaks_for(one, finding) for one in spoken) else None
                yield _routed(policy.spec, finding, heard)


def _speaks_for(speaker: Finding, silenced: Finding) -> bool:
    """Whether who hears the speaker need not hear the other: as urgent, and about the same groups."""
    if speaker.outcome not in _FIRES or speaker.severity is None or silenced.severity is None:
        return False
    if speaker.severity > silenced.severity:  # P3 is less urgent than P1
        return False
    return all(silenced.group.get(name, member) == member for name, member in speaker.group.items())


def _routed(spec: AlertPolicySpec, finding: Finding, speaker: str | None) -> Finding:
    channel = spec.routes.get(finding.severity) if finding.severity is not None else None
    if speaker is not None:
        told = f"not routed: {speaker} speaks for it"
        return replace(
            finding, message=f"{finding.message}; {told}", details={**finding.details, "inhibited_by": speaker}
        )
    return replace(
        finding, message=f"{finding.message}; tells {channel}", details={**finding.details, "route": channel}
    )


KIND = Kind(
    name="AlertPolicy",
    rule="CVN402",
    spec=AlertPolicySpec,
    effects=EFFECTS,
    checks=checks,
    problems=problems,
    explains=explains,
    judge=judge,
)
