"""What a MetricPolicy says beyond its checks: which of its metrics there are no numbers of yet."""

from __future__ import annotations

from collections.abc import Iterator

from cvnpolicy.core.kind import Said
from cvnpolicy.core.policy import Policy
from cvnpolicy.kinds.metric.model import MetricPolicySpec, Status


def explains(policy: Policy[MetricPolicySpec]) -> Iterator[Said]:
    """Yield the metrics that are planned, if there are any."""
    planned = [name for name, metric in policy.spec.metrics.items() if metric.status is Status.PLANNED]
    if planned:
        yield Said(f"Planned, and not emitted yet: {', '.join(planned)}.")
