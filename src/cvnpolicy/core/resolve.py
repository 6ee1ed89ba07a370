"""A check with every name looked up: what it measures, in which groups, and when."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any, Literal

from cvnpolicy.core.catalog import Catalog, MetricEntry
from cvnpolicy.core.check import Check, Measure
from cvnpolicy.core.condition import Condition, names
from cvnpolicy.core.duration import Duration
from cvnpolicy.core.fields import ALL, ANY, Quantifier
from cvnpolicy.core.finding import Pairs, Scalar
from cvnpolicy.core.kind import Kind, Located
from cvnpolicy.core.location import Location
from cvnpolicy.core.policy import Baseline, Policy
from cvnpolicy.core.shapes import Columns, ContractColumns, Members
from cvnpolicy.core.statistic import STATISTICS, Statistic, Yields
from cvnpolicy.core.time import Window, cadence_instant
from cvnpolicy.core.unit import Unit

Filter = Mapping[str, tuple[Scalar, ...]]


@dataclass(frozen=True)
class Question:
    """A measure with its names looked up: what a baseline replaces parts of."""

    statistic: Statistic
    dataset: str
    event: str | None
    columns: tuple[str, ...]
    where: Filter
    window: Duration | Window | Literal["run"]
    unit: Unit
    range: tuple[float | int, float | int] | None = None
    """What a metric's own values can be; None for statistics that are no such value, like a sum or a spread."""
    metric: MetricEntry | None = None
    """Whose rows are asked; None where a dataset or an event is named itself."""

    @property
    def own(self) -> Filter:
        """The filter that the metric itself has: no check and no baseline takes it away."""
        return {} if self.metric is None else self.metric.where

    @property
    def rows(self) -> Filter:
        """The whole filter: the metric's own, and what the check or the baseline adds to it."""
        return {**self.own, **self.where}

    @property
    def bounds(self) -> tuple[float | int | None, float | int | None]:
        """The least and the greatest answer there can be; None where there is no bound."""
        return self.range if self.range is not None else (self.statistic.least, self.statistic.most)

    def window_at(self, at: datetime) -> Window | None:
        """Return the window at an instant: a fixed one ends there at the latest; None for every row."""
        if isinstance(self.window, Window):
            return Window(self.window.start, max(self.window.start, min(self.window.end, at)))
        return None if self.window == "run" else Window.ending(at, self.window)


def expand_columns(columns: Columns | None, catalog: Catalog) -> tuple[str, ...]:
    """Return column names; a contract's features in its order."""
    if columns is None:
        return ()
    if isinstance(columns, ContractColumns):
        return catalog.contracts[columns.contract].features[: columns.top]
    return columns


def expand_members(members: Members, columns: tuple[str, ...], catalog: Catalog) -> tuple[Scalar, ...]:
    """Return the expected members of a dimension."""
    if members == "columns":
        return columns
    if isinstance(members, str):
        return catalog.sets[members]
    return members


def _unit(statistic: Statistic, column_unit: Unit) -> Unit:
    fixed = {
        Yields.COUNT: Unit.COUNT,
        Yields.NUMBER: Unit.NUMBER,
        Yields.SIGMA: Unit.SIGMA,
        Yields.OTHER: Unit.OTHER,
    }
    return fixed.get(statistic.yields, column_unit)


def question_of(measure: Measure, catalog: Catalog) -> Question:
    """Look up a measure's names. The loader has shown that they exist."""
    statistic = STATISTICS[measure.statistic]
    dataset, event, column_unit, bounds = measure.dataset, measure.event, Unit.NUMBER, None
    columns = expand_columns(measure.columns, catalog)
    metric = None if measure.metric is None else catalog.metrics[measure.metric]
    if metric is not None:
        dataset, event, column_unit = metric.dataset, metric.event, metric.unit
        columns = _column(metric) if statistic.columns != (0, 0) else ()
        bounds = metric.range if statistic.of_range else None
    if event is not None:
        dataset = catalog.events[event].dataset
    if dataset is None:
        raise AssertionError("a measure without a source was let through")
    return Question(
        statistic,
        dataset,
        event,
        columns,
        dict(measure.where),
        measure.window,
        _unit(statistic, column_unit),
        bounds,
        metric,
    )


def _column(metric: MetricEntry | None) -> tuple[str, ...]:
    return () if metric is None or metric.column is None else (metric.column,)


def replaced(question: Question, baseline: Baseline, catalog: Catalog) -> Question:
    """Return the question with the baseline's keys put in. On another dataset the window becomes ``run``.

    A metric's own filter stays, whatever ``where``, dataset or event the baseline has: only another metric has another.
    """
    out = question
    # A count of a metric does not say its column; another statistic in its place measures it.
    columns = question.columns or _column(question.metric)
    if baseline.metric is not None:
        metric = catalog.metrics[baseline.metric]
        event = metric.event
        dataset = metric.dataset if event is None else catalog.events[event].dataset
        out = replace(out, dataset=dataset or out.dataset, event=event, metric=metric)
        columns = _column(metric)
    if baseline.event is not None:
        out = replace(out, dataset=catalog.events[baseline.event].dataset, event=baseline.event)
    if baseline.dataset is not None:
        out = replace(out, dataset=baseline.dataset, event=None)
    if out.dataset != question.dataset:
        out = replace(out, window="run")
    if baseline.statistic is not None:
        out = replace(out, statistic=STATISTICS[baseline.statistic])
    if baseline.columns is not None:
        columns = expand_columns(baseline.columns, catalog)
    out = replace(out, columns=columns if out.statistic.columns != (0, 0) else ())
    if baseline.where is not None:
        out = replace(out, where=dict(baseline.where))
    if baseline.window is not None:
        out = replace(out, window=baseline.window)
    return out


@dataclass(frozen=True)
class Resolved:
    """One check of one policy, ready to be asked."""

    kind: Kind[Any]
    policy: Policy[Any]
    located: Located
    catalog: Catalog

    @property
    def check(self) -> Check:
        """The check as written."""
        return self.located.check

    @cached_property
    def address(self) -> str:
        """``policy/check``."""
        return f"{self.policy.name}/{self.check.id}"

    @cached_property
    def location(self) -> Location:
        """Where the check stands."""
        return self.policy.locate(("spec", *self.located.path))

    def place(self, *path: str | int) -> Location:
        """Where a part of the check stands."""
        return self.policy.locate(("spec", *self.located.path, *path))

    def instant(self, at: datetime) -> datetime:
        """The instant that is asked about at ``at``: on the check's own cadence where it has one."""
        return at if self.check.every is None else cadence_instant(at, self.check.every)

    def place_within(self, key: str, offset: int, length: int) -> Location:
        """Where a stretch of the text of a key of the check stands."""
        return self.policy.locate_within(("spec", *self.located.path, key), offset, length)

    @cached_property
    def baselines_used(self) -> frozenset[str]:
        """The baselines that the conditions and the reference name."""
        used = {name for test in self.check.tests.values() if isinstance(test, Condition) for name in names(test)}
        reference = self.check.measure.reference if self.check.measure is not None else None
        return frozenset(used | ({reference} if reference is not None else set()))

    @cached_property
    def question(self) -> Question:
        """The measure with its names looked up."""
        if self.check.measure is None:
            raise AssertionError(f"{self.address} has no measure")
        return question_of(self.check.measure, self.catalog)

    @cached_property
    def column_dimension(self) -> str | None:
        """The dimension whose members are the measured columns."""
        return next((name for name, members in self.check.by.items() if members == "columns"), None)

    @cached_property
    def members(self) -> Mapping[str, tuple[Scalar, ...]]:
        """The expected members of every dimension, as written."""
        columns = self.question.columns
        return {name: expand_members(members, columns, self.catalog) for name, members in self.check.by.items()}

    @cached_property
    def groups(self) -> tuple[Pairs, ...]:
        """Every expected group, as sorted pairs, in the order of the members; one empty group without ``by``."""
        names = list(self.members)
        combinations = itertools.product(*self.members.values())
        return tuple(tuple(sorted(zip(names, combination, strict=True))) for combination in combinations)

    @cached_property
    def quantifiers(self) -> tuple[tuple[str, Quantifier], ...] | None:
        """How the groups are joined, outermost dimension first; None where every group gives a finding of its own.

        An empty dimension stands for all groups at once.
        """
        groups = self.check.groups
        if not self.check.by:
            return None
        if isinstance(groups, dict):
            return tuple(groups.items())
        if groups is None:
            groups = ALL if self.check.pass_if is not None else ANY
        if groups == ANY and self.check.pass_if is None:
            return None
        return (("", groups),)

    def row_members(self) -> dict[str, tuple[Scalar, ...]]:
        """The dimensions that are columns of the rows, with their members."""
        return {name: members for name, members in self.members.items() if name != self.column_dimension}


def resolve_all(pairs: Sequence[tuple[Kind[Any], Policy[Any]]], catalog: Catalog) -> dict[str, Resolved]:
    """Return every check of the policies by address, in their order."""
    found = (Resolved(kind, policy, located, catalog) for kind, policy in pairs for located in kind.checks(policy.spec))
    return {resolved.address: resolved for resolved in found}
