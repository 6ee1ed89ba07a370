"""What a metric allows: whether it can be measured, by which statistics, and that its own rows stay its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cvnpolicy.core.catalog import Catalog, MetricEntry
from cvnpolicy.core.check import Measure
from cvnpolicy.core.errors import Problem
from cvnpolicy.core.policy import Baseline, Policy
from cvnpolicy.core.resolve import Resolved, replaced
from cvnpolicy.core.rules import DocumentRule
from cvnpolicy.core.statistic import STATISTICS

_COUNTS = "count, rate, ratio or unmatched"
"""The statistics of lines that people ask for."""
_ITSELF = "or measure the dataset or event itself"
_REMOVE = f"remove it here, {_ITSELF}"
_UNGROUP = f"group by something else, {_ITSELF}"


def metric_problems(check: Resolved) -> Iterator[Problem]:
    """Yield what a check asks of a metric, or of one in a baseline, that the metric cannot answer."""
    measure = check.check.measure
    if measure is None:
        return
    for what, right in unfit(measure, check.catalog):
        yield Problem(DocumentRule.BAD_CHECK, what, right, check.place("measure", "statistic"))
    metric = check.question.metric
    if metric is not None and metric.planned:
        yield Problem(DocumentRule.BAD_CHECK, *_planned(metric), check.place("measure", "metric"))
    if metric is not None:
        yield from _own_rows(check, measure, metric)
    for name in sorted(check.baselines_used & set(check.policy.baselines)):
        baseline: Baseline = check.policy.baselines[name]
        if baseline.value is None:
            yield from _baseline(check, name, baseline)


def planned_problems(policy: Policy[Any], catalog: Catalog) -> Iterator[Problem]:
    """Yield each baseline, used or not, that measures a metric without numbers."""
    for name, baseline in policy.baselines.items():
        if baseline.metric is not None and catalog.metrics[baseline.metric].planned:
            place = policy.locate(("spec", "baselines", name, "metric"))
            yield Problem(DocumentRule.BAD_CHECK, *_planned(catalog.metrics[baseline.metric]), place)


def _planned(metric: MetricEntry) -> tuple[str, str]:
    what = f"metric '{metric.name}' is planned: it has no numbers yet"
    return what, "measure something live, or write status: live"


def unfit(measure: Measure, catalog: Catalog) -> Iterator[tuple[str, str]]:
    """Yield why the metric of a measure, if it has one, cannot answer its statistic, and what would be right."""
    if measure.metric is None:
        return
    metric, statistic = catalog.metrics[measure.metric], STATISTICS[measure.statistic]
    if metric.column is None and statistic.columns != (0, 0):
        what = f"metric '{metric.name}' counts events, and has no field that '{statistic.name}' could measure"
        yield what, f"ask for {_COUNTS}, or add field: to its source"
    if measure.match is not None and measure.match.event == metric.event:
        yield (
            f"'{metric.event}' would be matched by itself, so none is ever unmatched",
            "name another event under match:",
        )
    if metric.event is None and statistic.events_only:
        what = f"'{statistic.name}' is about events, and metric '{metric.name}' reads a table"
        yield what, "name an event, or a metric of one"


def _own_rows(check: Resolved, measure: Measure, metric: MetricEntry) -> Iterator[Problem]:
    """Yield each column by which the metric picks its rows, and which the check filters or groups by again."""
    filters: list[tuple[tuple[str, ...], str]] = [(("measure", "where"), name) for name in measure.where]
    total = measure.total
    if total is not None and total.event is None and total.dataset is None:
        filters += [(("measure", "total", "where"), name) for name in total.where]
    for path, name in filters:
        if name in metric.where:
            yield Problem(DocumentRule.BAD_CHECK, _picks(metric, name), _REMOVE, check.place(*path, name))
    for name in check.row_members():
        if name in metric.where:
            yield Problem(DocumentRule.BAD_CHECK, _picks(metric, name), _UNGROUP, check.place("by", name))


def _picks(metric: MetricEntry, column: str) -> str:
    return f"metric '{metric.name}' already picks its rows by '{column}'"


def _baseline(check: Resolved, name: str, baseline: Baseline) -> Iterator[Problem]:
    """Yield the same for a baseline: its filter (or that of the check, which it keeps) against its metric's own."""
    asked = replaced(check.question, baseline, check.catalog)
    metric = asked.metric
    if metric is None or not metric.where:
        return
    found: list[tuple[tuple[str, ...], str, str]]
    if baseline.where is not None:
        found = [(("where", column), column, _REMOVE) for column in baseline.where]
    else:
        # Of the check's own metric it is the check's mistake, and told there.
        kept = [column for column in check.question.where if column not in check.question.own]
        found = [(("metric",), column, f"give the baseline a where: without '{column}'") for column in kept]
    for path, column, right in found:
        if column in metric.where:
            what = f"{_picks(metric, column)}, so baseline '{name}' cannot be asked for {check.address}"
            place = check.policy.locate(("spec", "baselines", name, *path))
            yield Problem(DocumentRule.BAD_CHECK, what, right, place)
    named = next((key for key in ("dataset", "event") if getattr(baseline, key) is not None), None)
    if named is not None and (asked.dataset, asked.event) == (check.question.dataset, check.question.event):
        # The same source again: some would mean all of its rows by that, and others the metric's.
        what = f"baseline '{name}' names the {named} of metric '{metric.name}', and leaves open whose rows it means"
        right = f"remove {named}: to keep the metric's rows, or name a metric of all rows"
        yield Problem(DocumentRule.BAD_CHECK, what, right, check.policy.locate(("spec", "baselines", name, named)))
