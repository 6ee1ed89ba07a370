"""Baselines that replace parts of a measure: what is left must be a question, and its answer in the same unit."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from pydantic_core import PydanticCustomError

from cvnpolicy.core.check import Measure
from cvnpolicy.core.check_rules import measure_faults
from cvnpolicy.core.condition import Condition, names
from cvnpolicy.core.errors import Problem
from cvnpolicy.core.policy import Baseline, Policy
from cvnpolicy.core.resolve import Resolved, question_of
from cvnpolicy.core.rules import DocumentRule
from cvnpolicy.core.statistic import STATISTICS, Statistic, Yields
from cvnpolicy.core.unit import Unit
from cvnpolicy.load.metrics import unfit


def value_problems(policy: Policy[Any]) -> Iterator[Problem]:
    """Yield each written baseline that nothing can be compared with."""
    for name, baseline in policy.baselines.items():
        if baseline.value is not None and not math.isfinite(baseline.value):
            place = policy.locate(("spec", "baselines", name, "value"))
            yield Problem(DocumentRule.BAD_VALUE, f"{baseline.value} is no finite number", "write a number", place)


def replaced_problems(check: Resolved) -> Iterator[Problem]:
    """Yield each baseline of the check's conditions that cannot be asked, or answers in another unit."""
    tests = [test for test in check.check.tests.values() if isinstance(test, Condition)]
    for name in sorted(set().union(*(names(test) for test in tests)) & set(check.policy.baselines)):
        baseline: Baseline = check.policy.baselines[name]
        if check.check.measure is None or baseline.value is not None:
            continue
        place = check.policy.locate(("spec", "baselines", name))
        measure = replaced_measure(check, check.check.measure, baseline)
        faults = [
            str((fault.context or {}).get("what"))
            for fault in measure_faults(measure)
            if isinstance(fault, PydanticCustomError)
        ]
        faults += [what for what, _ in unfit(measure, check.catalog)]
        for fault in faults:
            what = f"baseline '{name}' cannot be asked for {check.address}: {fault}"
            yield Problem(DocumentRule.BAD_CHECK, what, "replace other keys, or use another baseline", place)
        if faults:
            continue
        own, other = check.question.unit, _unit(check, check.check.measure, measure, baseline)
        mine, its = check.question.statistic, STATISTICS[measure.statistic]
        if own is not other or (own is Unit.OTHER and not _alike(mine, its)):
            what = f"baseline '{name}' is {_phrase(other, its)}, and {check.address} is {_phrase(own, mine)}"
            yield Problem(DocumentRule.BAD_CONDITION, what, "compare numbers of one unit", place)


def replaced_measure(check: Resolved, measure: Measure, baseline: Baseline) -> Measure:
    """Return the measure that is asked for a baseline; without the parts that its statistic does not look at."""
    question = check.question
    source: dict[str, object] = {"dataset": question.dataset if question.event is None else None}
    source |= {"event": question.event, "metric": None}
    replaced = {key: getattr(baseline, key) for key in ("dataset", "event", "metric")}
    if any(value is not None for value in replaced.values()):
        source = replaced
    statistic = STATISTICS[baseline.statistic or measure.statistic]
    columns = baseline.columns or measure.columns or (question.columns or None)
    entry = check.catalog.metrics.get(baseline.metric or "")
    if measure.metric is not None and baseline.columns is None:
        column = check.catalog.metrics[measure.metric].column
        columns = (column,) if column is not None else None
    if entry is not None or statistic.columns[1] == 0:
        columns = None
    parts = {part: getattr(measure, part) if part in statistic.needs else None for part in ("total", "match", "expect")}
    update = {
        **source,
        **parts,
        "statistic": statistic.name,
        "columns": columns,
        "params": {key: value for key, value in measure.params.items() if key in statistic.params},
        "reference": measure.reference if statistic.reference else None,
        "window": baseline.window or _window(check, measure, baseline),
    }
    return measure.model_copy(update=update)


def _window(check: Resolved, measure: Measure, baseline: Baseline) -> object:
    """Return the window of a baseline without one of its own: on another dataset it is ``run``."""
    dataset, entry = baseline.dataset, check.catalog.metrics.get(baseline.metric or "")
    event = baseline.event or (entry.event if entry is not None else None)
    if entry is not None:
        dataset = entry.dataset
    if event is not None:
        dataset = check.catalog.events[event].dataset
    return measure.window if dataset in (None, check.question.dataset) else "run"


def _unit(check: Resolved, own: Measure, measure: Measure, baseline: Baseline) -> Unit:
    unit = question_of(measure, check.catalog).unit
    keeps = own.metric is not None and baseline.metric is None and baseline.columns is None
    if keeps and STATISTICS[measure.statistic].yields is Yields.COLUMN:
        return check.catalog.metrics[own.metric or ""].unit
    return unit


def _alike(one: Statistic, other: Statistic) -> bool:
    return one.yields is other.yields and (one.yields is not Yields.OTHER or one.name == other.name)


def _phrase(unit: Unit, statistic: Statistic) -> str:
    return f"{unit.phrase} ({statistic.name})"
