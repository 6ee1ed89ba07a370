"""The model of a MetricPolicy."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from cvnpolicy.core.check import Check, DatasetRef, EventRef
from cvnpolicy.core.fault import fault
from cvnpolicy.core.model import Identifier, Lax, Many, Model, Owner
from cvnpolicy.core.names import Defines, Namespace
from cvnpolicy.core.policy import Spec
from cvnpolicy.core.rules import DocumentRule
from cvnpolicy.core.shapes import Where


class Role(StrEnum):
    """What a metric tells about."""

    PREDICTION = "prediction"
    OUTCOME = "outcome"
    HEALTH = "health"
    COST = "cost"


class MetricType(StrEnum):
    """How a metric's numbers come."""

    GAUGE = "gauge"
    COUNTER = "counter"
    HISTOGRAM = "histogram"


class Status(StrEnum):
    """Whether a metric has numbers yet."""

    LIVE = "live"
    PLANNED = "planned"


class Source(Model):
    """Where a metric's numbers are read."""

    event: EventRef | None = None
    """An event of the log, with ``field``; a counter may do without."""
    field: Identifier | None = None
    """The event's field. Without it each line of the event counts one."""
    dataset: DatasetRef | None = None
    """A table, with ``column``."""
    column: Identifier | None = None
    """The table's column."""
    where: Where = {}
    """Which rows (or lines) are the metric's own, where several metrics share a table or an event."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        if self.model_fields_set - {"where"} not in ({"event"}, {"event", "field"}, {"dataset", "column"}):
            raise fault(
                "a source is an event with its field, or a dataset with its column",
                "write {event: …, field: …} or {dataset: …, column: …}",
                rule=DocumentRule.BAD_CHECK,
            )
        return self


class Metric(Model):
    """One number that production is watched by."""

    role: Lax[Role]
    """What it tells about."""
    type: Lax[MetricType]
    """How its numbers come."""
    unit: Annotated[str, Field(min_length=1, max_length=20)]
    """``"1"`` for a plain number, ``"%"`` for 0 to 100, a time unit, or another unit's name."""
    range: Annotated[tuple[float | int, float | int], Field(strict=False)] | None = None
    """The least and the greatest value it can have, both included."""
    source: Source
    """Where it is read; of a planned one, where it will be. What it names exists all the same."""
    dashboard: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    """Where people look at it."""
    tags: Many[Identifier] | None = None
    """The dimensions it comes in."""
    owner: Owner
    """One person."""
    status: Lax[Status] = Status.LIVE
    """``planned`` is a metric that is promised and not emitted yet: nothing may measure it."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.range is not None and not self.range[0] <= self.range[1]:
            raise fault(f"the range {list(self.range)} is empty", "write the smaller number first", key="range")
        return self

    @model_validator(mode="after")
    def _counted(self) -> Self:
        """Without a field there is no value: only lines can be counted."""
        if self.source.event is None or self.source.field is not None:
            return self
        if self.type is not MetricType.COUNTER:
            right = "add field:, or write type: counter to count its lines"
            raise fault(f"a {self.type} reads a field of its event", right, rule=DocumentRule.BAD_CHECK, key="source")
        if self.range is not None:
            what = "a source without a field has no values, so they have no range"
            raise fault(what, "remove range, or add field: to the source", rule=DocumentRule.BAD_CHECK, key="range")
        return self


class MetricPolicySpec(Spec):
    """Metrics, and the checks on them."""

    metrics: Annotated[dict[Annotated[Identifier, Defines(Namespace.METRIC)], Metric], Field(min_length=1)]
    """Each metric by name."""
    checks: Many[Check] | None = None
    """What must hold."""
