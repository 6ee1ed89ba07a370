"""Section 2, from the alerts."""

from __future__ import annotations

from collections.abc import Iterator

from cvnpolicy.core.finding import Severity
from cvnpolicy.core.resolve import Resolved
from cvnpolicy.kinds.alert.model import AlertPolicySpec
from cvnpolicy.kinds.readiness.model import ReadinessPolicySpec
from cvnpolicy.readiness.render.form import Cells, table_of
from cvnpolicy.readiness.render.inline import code
from cvnpolicy.readiness.render.known import Known
from cvnpolicy.readiness.render.triggers import trigger
from cvnpolicy.readiness.render.words import severity

NO_RUNBOOK = "`documentation/runbooks/<slug>.md`"
"""What the form has where a runbook is to be named."""


def alerting(known: Known, spec: ReadinessPolicySpec) -> Iterator[str]:
    """Yield the lines of the section."""
    yield from table_of(spec, "alerts", [_row(known, alert) for alert in known.alerts])


def _row(known: Known, alert: Resolved) -> Cells:
    check = alert.check
    return {
        "alert": code(check.id),
        "trigger": trigger(alert, known.resolved),
        "runbook": NO_RUNBOOK if check.runbook is None else code(check.runbook),
        "severity": severity(alert),
        "channel": _channel(alert),
    }


def _channel(alert: Resolved) -> str:
    spec = alert.policy.spec
    if not isinstance(spec, AlertPolicySpec):
        raise AssertionError(f"{alert.address} is no alert")
    told: dict[str, list[Severity]] = {}
    for level in sorted(set(alert.check.severities)):
        if level in spec.routes:
            told.setdefault(spec.routes[level], []).append(level)
    if len(told) == 1:
        return code(next(iter(told)))
    return ", ".join(f"{code(channel)} at {' and '.join(levels)}" for channel, levels in told.items())
