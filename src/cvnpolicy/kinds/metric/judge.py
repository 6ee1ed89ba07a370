"""What a MetricPolicy declares, and its checks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cvnpolicy.core.catalog import Catalog, Entry, MetricEntry
from cvnpolicy.core.errors import Problem
from cvnpolicy.core.kind import Kind, Located
from cvnpolicy.core.policy import Policy
from cvnpolicy.core.rules import DocumentRule
from cvnpolicy.core.unit import Unit
from cvnpolicy.kinds.metric.effects import EFFECTS
from cvnpolicy.kinds.metric.model import MetricPolicySpec, Status
from cvnpolicy.kinds.metric.words import explains

_UNITS = {
    "1": Unit.NUMBER,
    "%": Unit.PERCENT,
    **{unit.value: unit for unit in (Unit.SIGMA, Unit.MS, Unit.S, Unit.MIN, Unit.H, Unit.D)},
}


def declares(policy: Policy[MetricPolicySpec]) -> Iterator[Entry]:
    """Yield an entry for each metric."""
    for name, metric in policy.spec.metrics.items():
        source = metric.source
        yield MetricEntry(
            name=name,
            unit=_UNITS.get(metric.unit, Unit.OTHER),
            column=source.field or source.column,
            event=source.event,
            dataset=source.dataset,
            where=dict(source.where),
            range=metric.range,
            planned=metric.status is Status.PLANNED,
        )


def problems(policy: Policy[MetricPolicySpec], catalog: Catalog) -> Iterator[Problem]:
    """Yield each field and tag that a metric's event does not have."""
    for name, metric in policy.spec.metrics.items():
        if metric.source.event is None:
            continue
        fields = catalog.events[metric.source.event].fields
        used: list[tuple[str, tuple[str, ...]]] = [(name, ("source", "where", name)) for name in metric.source.where]
        used += [(tag, ("tags",)) for tag in metric.tags or ()]
        if metric.source.field is not None:
            used.append((metric.source.field, ("source", "field")))
        for field, path in used:
            if field not in fields:
                what = f"event '{metric.source.event}' has no field '{field}'"
                right = f"its fields are {', '.join(fields) or 'none'}"
                place = policy.locate(("spec", "metrics", name, *path))
                yield Problem(DocumentRule.DANGLING_NAME, what, right, place)


def checks(spec: MetricPolicySpec) -> Sequence[Located]:
    """Return the checks and where they stand."""
    return tuple(Located(check, ("checks", index)) for index, check in enumerate(spec.checks or ()))


KIND = Kind(
    name="MetricPolicy",
    rule="CVN101",
    spec=MetricPolicySpec,
    effects=EFFECTS,
    checks=checks,
    declares=declares,
    problems=problems,
    explains=explains,
)
