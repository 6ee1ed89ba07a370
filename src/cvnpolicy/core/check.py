"""A check: one measure (or other answers), one polarity, and what follows from it. Every kind is made of these."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import AfterValidator, Field, WithJsonSchema, model_validator

from cvnpolicy.core.check_rules import check_faults, measure_faults
from cvnpolicy.core.duration import Duration, DurationField
from cvnpolicy.core.evidence import Direction
from cvnpolicy.core.fault import fault
from cvnpolicy.core.fields import Requirement
from cvnpolicy.core.finding import OnUnknown, Severity
from cvnpolicy.core.model import Identifier, Lax, Many, Model, ScalarValue, Slug
from cvnpolicy.core.names import Defines, Namespace, Ref
from cvnpolicy.core.patterns import CHECK_ID
from cvnpolicy.core.rules import DocumentRule
from cvnpolicy.core.shapes import (
    Columns,
    Expected,
    Groups,
    Members,
    Severities,
    SeverityField,
    Test,
    Where,
    WindowField,
)
from cvnpolicy.core.statistic import STATISTICS, known_statistic
from cvnpolicy.core.time import MomentField
from cvnpolicy.core.tree import Tree

StatisticName = Annotated[str, AfterValidator(known_statistic), WithJsonSchema({"enum": list(STATISTICS)})]
DatasetRef = Annotated[Slug, Ref(Namespace.DATASET)]
EventRef = Annotated[Identifier, Ref(Namespace.EVENT)]
MetricRef = Annotated[str, Ref(Namespace.METRIC)]


class Total(Model):
    """The denominator of a ratio: which rows are counted."""

    event: EventRef | None = None
    """Another event of the log."""
    dataset: DatasetRef | None = None
    """Another dataset."""
    where: Where = {}
    """Which rows of it; all without. Where neither is named: of the measure's source, of a metric those it picks."""


class Counterpart(Model):
    """What must follow each event, or come before it: exactly one of ``after``, ``before``."""

    event: EventRef
    """The event that answers."""
    after: DurationField | None = None
    """It comes at most this long after; exactly this long still counts."""
    before: DurationField | None = None
    """It came at most this long before; exactly this long still counts."""
    same: Many[Identifier]
    """The fields in which both events must agree."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.after is None) == (self.before is None):
            both = self.after is not None
            right = "keep one" if both else "write after: 24h, or before: 7d"
            key = "before" if both else None
            raise fault("a match has exactly one of after, before", right, rule=DocumentRule.BAD_CHECK, key=key)
        return self

    @property
    def direction(self) -> Direction:
        """On which side of an event its answer has to be."""
        return Direction.AFTER if self.after is not None else Direction.BEFORE

    @property
    def within(self) -> Duration:
        """How far apart both events may be at most."""
        written = self.after if self.after is not None else self.before
        if written is None:
            raise AssertionError("a match without a side was let through")
        return written


class Measure(Model):
    """A question to the evidence: a statistic of some rows over a window."""

    statistic: StatisticName
    """What is computed; see the reference of statistics."""
    params: dict[str, ScalarValue] = {}
    """The statistic's own arguments."""
    dataset: DatasetRef | None = None
    """Which table. Exactly one of dataset, event, metric."""
    event: EventRef | None = None
    """Which event of the log."""
    metric: MetricRef | None = None
    """Which declared metric; it knows its own source."""
    columns: Columns | None = None
    """Which columns are measured."""
    where: Where = {}
    """Which rows: each column has one of the values."""
    over: Many[Identifier] | None = None
    """Axes that the statistic consumes, one value a cell, unlike ``by``."""
    reference: Annotated[str, Ref(Namespace.BASELINE)] | None = None
    """The second sample of a two-sample statistic: a name under ``baselines``."""
    window: WindowField
    """How far back: a duration that ends at the instant asked, or ``run`` for every row."""
    total: Total | None = None
    """The denominator of ``ratio``."""
    match: Counterpart | None = None
    """The event whose absence ``unmatched`` counts."""
    expect: dict[Identifier, Expected] | None = None
    """The full grid of ``coverage``: dimension to members."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for error in measure_faults(self):
            raise error
        return self


class Escalation(Model):
    """A higher severity after a while, or from an instant on."""

    after: DurationField | None = None
    """Since the check was first seen bad; recomputed from evidence."""
    at: MomentField | None = None
    """From this instant on: ``T+14d`` or an instant."""
    to: Lax[Severity]
    """The severity it rises to."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.after is None) == (self.at is None):
            right = "keep one" if self.after is not None else "write after: 7d, or at: T+14d"
            raise fault("an escalation has exactly one of after, at", right, rule=DocumentRule.BAD_CHECK)
        return self


class Check(Model):
    """One rule: what is asked, when the answer is bad, and what then."""

    id: Annotated[str, Field(pattern=CHECK_ID), Defines(Namespace.CHECK)]
    """Unique in its document; the address is ``policy/id``."""
    only_if: Tree | None = None
    """When false the check is not applicable; when not known it is inconclusive."""
    measure: Measure | None = None
    """The question. Without it the conditions are trees of other answers."""
    by: dict[Identifier, Members] = {}
    """One answer for each combination of these dimensions' expected members; a missing member is no data."""
    warn_if: Test | None = None
    """True is bad: outcome warn."""
    crit_if: Test | None = None
    """True is bad: outcome fail. Must imply ``warn_if``."""
    pass_if: Test | None = None
    """True is good, false is outcome fail."""
    groups: Groups | None = None
    """How many groups must agree. Default: any for warn_if and crit_if, all for pass_if."""
    every: DurationField | None = None
    """The cadence on which the check is asked, counted from Monday 1970-01-05T00:00Z."""
    for_: DurationField | None = Field(default=None, alias="for")
    """True at every instant of this long before it counts; a missing instant is inconclusive."""
    min_samples: Annotated[int, Field(ge=1)] | None = None
    """Fewer rows than this (the denominator of a ratio) are inconclusive."""
    min_coverage: Annotated[float, Field(gt=0, le=1)] | None = None
    """A smaller share of the dataset's cadence than this is inconclusive."""
    on_unknown: Lax[OnUnknown] = OnUnknown.HOLD
    """What no data, inconclusive and error do to the verdict. ``pass`` needs ``because``."""
    because: Annotated[str, Field(min_length=1)] | None = None
    """The written reason for an exception."""
    severity: SeverityField | None = None
    """How urgent: one for all, or one a level."""
    escalate: Many[Escalation] | None = None
    """When the severity rises."""
    active_from: MomentField | None = None
    """Not applicable before this instant."""
    runbook: Annotated[str, Field(max_length=300), Ref(Namespace.RUNBOOK)] | None = None
    """A Markdown file of the repository and, after ``#``, a heading's slug or leading number."""
    action: Annotated[str, Field(min_length=1, max_length=300)] | None = None
    """What to do next."""
    requirement: Requirement | None = None
    """The id of the written sentence this check comes from."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for error in check_faults(self):
            raise error
        return self

    @property
    def tests(self) -> dict[str, Test]:
        """The conditions that were written, by key."""
        found = {"warn_if": self.warn_if, "crit_if": self.crit_if, "pass_if": self.pass_if}
        return {key: test for key, test in found.items() if test is not None}

    @property
    def base_severities(self) -> tuple[Severity, ...]:
        """The severities before any escalation; empty where none is written."""
        if isinstance(self.severity, Severities):
            return (self.severity.warn, self.severity.crit)
        return () if self.severity is None else (self.severity,)

    @property
    def severities(self) -> tuple[Severity, ...]:
        """Every severity this check can have, escalations included."""
        return (*self.base_severities, *(step.to for step in self.escalate or ()))
