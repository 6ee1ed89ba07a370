"""What a MetricPolicy declares, and its checks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cvnpolicy.core.catalog import Entry, MetricEntry
from cvnpolicy.core.kind import Kind, Located
from cvnpolicy.core.policy import Policy
from cvnpolicy.core.unit import Unit
from cvnpolicy.kinds.metric.model import MetricPolicySpec

_UNITS = {
    "1": Unit.NUMBER,
    "%": Unit.PERCENT,
    **{unit.value: unit for unit in (Unit.MS, Unit.S, Unit.MIN, Unit.H, Unit.D)},
}


def declares(policy: Policy[MetricPolicySpec]) -> Iterator[Entry]:
    """Yield an entry for each metric."""
    for name, metric in policy.spec.metrics.items():
        source = metric.source
        yield MetricEntry(
            name=name,
            unit=_UNITS.get(metric.unit, Unit.OTHER),
            column=source.field or source.column or "",
            event=source.event,
            dataset=source.dataset,
            tags=metric.tags or (),
            range=metric.range,
        )


def checks(spec: MetricPolicySpec) -> Sequence[Located]:
    """Return the checks and where they stand."""
    return tuple(Located(check, ("checks", index)) for index, check in enumerate(spec.checks or ()))


KIND = Kind(name="MetricPolicy", rule="CVN101", spec=MetricPolicySpec, checks=checks, declares=declares)
