"""What a change to a MetricPolicy does."""

from __future__ import annotations

from cvnpolicy.core.effect import GUARDS, NOTE, PARTS, Parts, Table, ranked
from cvnpolicy.kinds.metric.model import Metric, MetricPolicySpec, Status

EFFECTS: Table = {
    MetricPolicySpec: Parts({"metrics": PARTS, "checks": GUARDS}),
    Metric: Parts({"dashboard": NOTE, "owner": NOTE, "role": NOTE, "status": ranked(Status.LIVE, Status.PLANNED)}),
}
