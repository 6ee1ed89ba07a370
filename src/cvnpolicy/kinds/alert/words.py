"""What an AlertPolicy says beyond its checks: who is told, and which alert speaks for which."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from cvnpolicy.core.finding import Severity
from cvnpolicy.core.kind import Said
from cvnpolicy.core.policy import Policy
from cvnpolicy.kinds.alert.model import AlertPolicySpec, Inhibition


def explains(policy: Policy[AlertPolicySpec]) -> Iterator[Said]:
    """Yield the routes of the document, and for each alert those that it can take and what silences it."""
    spec = policy.spec
    yield Said(_tells(spec.routes, spec.routes))
    for alert in spec.alerts:
        yield Said(_tells(spec.routes, alert.severities), alert.id)
        for rule in spec.inhibit or ():
            yield from (Said(text, alert.id) for text in _inhibited(rule, alert.id))


def _tells(routes: Mapping[Severity, str], severities: Iterable[Severity]) -> str:
    """Return each channel with the severities that it hears of, the most urgent first."""
    heard: dict[str, list[str]] = {}
    for severity in sorted(set(severities)):
        heard.setdefault(routes[severity], []).append(severity.value)
    return f"Tells {', '.join(f'{channel} at {_listed(levels)}' for channel, levels in heard.items())}."


def _inhibited(rule: Inhibition, alert: str) -> Iterator[str]:
    if alert in rule.silences:
        yield f"Not routed while {rule.when} fires at least as urgently for the same groups; its outcome stays."
    if alert == rule.when:
        yield f"While it fires, {_listed(rule.silences)} {'is' if len(rule.silences) == 1 else 'are'} not routed."


def _listed(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last
