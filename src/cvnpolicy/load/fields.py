"""Columns, filters and dimensions of an event are fields that its catalog entry declares."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cvnpolicy.core.check import Measure
from cvnpolicy.core.errors import Problem
from cvnpolicy.core.policy import Baseline
from cvnpolicy.core.resolve import Resolved
from cvnpolicy.core.rules import DocumentRule
from cvnpolicy.load.nearest import Suggestions

Path = tuple[str | int, ...]
Used = Iterable[tuple[str, Path]]
"""A field and where in the check it is named."""


def field_problems(check: Resolved, suggestions: Suggestions) -> Iterator[Problem]:
    """Yield each field that a check names and its event does not have."""
    measure = check.check.measure
    if measure is None:
        return
    groups = [(name, ("by", name)) for name in check.row_members()]
    if check.question.event is not None:
        own = [*_measured(check, measure), *_filters(measure.where, ("measure", "where")), *groups]
        yield from _missing(check, check.question.event, own, suggestions)
    if measure.match is not None:
        same: Path = ("measure", "match", "same")
        yield from _missing(check, measure.match.event, [(name, same) for name in measure.match.same], suggestions)
    if measure.total is not None:
        event = measure.total.event or (check.question.event if measure.total.dataset is None else None)
        if event is not None:
            filters = _filters(measure.total.where, ("measure", "total", "where"))
            yield from _missing(check, event, [*filters, *groups], suggestions)
    yield from _baselines(check, suggestions)


def _measured(check: Resolved, measure: Measure) -> Iterator[tuple[str, Path]]:
    # A metric's own field is looked at where the metric is declared.
    if measure.metric is None:
        yield from ((name, ("measure", "columns")) for name in check.question.columns)
    yield from ((name, ("measure", "over")) for name in measure.over or ())
    yield from ((name, ("measure", "match", "same")) for name in (measure.match.same if measure.match else ()))


def _filters(where: Iterable[str], path: Path) -> list[tuple[str, Path]]:
    return [(name, (*path, name)) for name in where]


def _missing(check: Resolved, event: str, used: Used, suggestions: Suggestions) -> Iterator[Problem]:
    fields = check.catalog.events[event].fields
    for name, path in used:
        if name not in fields:
            what = f"event '{event}' has no field '{name}'"
            right = suggestions.did_you_mean(name, fields) if fields else "declare its fields in the EventCatalog"
            yield Problem(DocumentRule.DANGLING_NAME, what, right, check.place(*path))


def _baselines(check: Resolved, suggestions: Suggestions) -> Iterator[Problem]:
    """Yield the same for the filters of the baselines that the check uses."""
    for name in sorted(check.baselines_used & set(check.policy.baselines)):
        baseline: Baseline = check.policy.baselines[name]
        event = baseline.event or (check.question.event if baseline.dataset is None else None)
        if event is None or baseline.where is None or baseline.metric is not None:
            continue
        fields = check.catalog.events[event].fields
        for column in baseline.where:
            if column not in fields:
                what = f"event '{event}' has no field '{column}'"
                right = suggestions.did_you_mean(column, fields) if fields else "declare its fields in the EventCatalog"
                place = check.policy.locate(("spec", "baselines", name, "where", column))
                yield Problem(DocumentRule.DANGLING_NAME, what, right, place)
