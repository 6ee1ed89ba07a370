"""The names that policies define, and the checks that each of them is about."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from cvnpolicy.core.catalog import Catalog, ContractEntry, EventEntry, MetricEntry
from cvnpolicy.core.check import Measure
from cvnpolicy.core.kind import PolicySet
from cvnpolicy.core.location import Location
from cvnpolicy.core.resolve import Resolved, resolve_all
from cvnpolicy.core.statistic import STATISTICS
from cvnpolicy.readiness.truth.figure import FigureKind
from cvnpolicy.readiness.truth.near import Names

_IDENTIFIER = re.compile(r"(?<![\w./-])[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)+(?![\w/-]|[.]\w)")
_GONE_BACK_TO = re.compile(
    r"(?i:\b(?:promote|deploy|restore|revert\sto|go\sback\sto|roll\sback\sto))\s{1,3}"
    r"(?:the\s{1,3})?([A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)+)(?![\w/-]|[.]\w)"
)
_HOW_OFTEN = (frozenset({"count", "rate"}), frozenset({"ratio", "increase"}))
"""What asks how often an event comes: what its name alone stands for. The first kind is preferred."""


@dataclass(frozen=True, slots=True)
class Named:
    """Something with a name."""

    kind: FigureKind
    name: str
    where: Location | None
    """Where it is defined, or first used."""
    checks: tuple[str, ...] = ()
    """The checks that are about it."""
    check: str | None = None
    """The check that defines or uses it, where it is one."""
    key: str = ""
    """Of a value: the field that has it."""


@dataclass(frozen=True)
class Vocabulary:
    """All names of a set of policies."""

    catalog: Catalog
    resolved: Mapping[str, Resolved]
    names: Mapping[str, Named]
    """By how identifiers are written."""
    events: Mapping[str, Named]
    columns: Mapping[str, tuple[str, ...]]
    """The checks on the metrics that a column or field is measured by."""
    values: Mapping[tuple[str, str], Named]
    """By field and value."""
    closed: Mapping[tuple[str, str], frozenset[str]]
    """Fields of an event or a dataset of which the policies name every value."""
    models: Mapping[str, Named]
    words: frozenset[str]
    """Every identifier of the policies: none of them is a slip of the hand."""
    near_events: Names
    near_names: Names

    def fields(self, event: str) -> Mapping[str, str]:
        """Return the fields of an event."""
        entry = self.catalog.events.get(event)
        return entry.fields if entry is not None else {}


def vocabulary(policies: PolicySet) -> Vocabulary:
    """Gather the names of a set of policies."""
    resolved = resolve_all(policies.policies, policies.catalog)
    asked = list(resolved.values())
    declared = list(_declared(policies))
    by_event = _by_event(asked, policies.catalog)
    by_metric = _by_metric(asked)
    about = {FigureKind.EVENT: by_event, FigureKind.METRIC: by_metric}
    every = [Named(kind, name, where, about.get(kind, {}).get(name, ())) for kind, name, where in declared]
    events, metrics, features = (
        {named.name: named for named in every if named.kind is kind}
        for kind in (FigureKind.EVENT, FigureKind.METRIC, FigureKind.VALUE)
    )
    values = _values(asked)
    models = _models(asked, values)
    names = {**_alerts(asked), **features, **_single(values), **models, **metrics, **events}
    closed = _closed(asked)
    return Vocabulary(
        policies.catalog,
        resolved,
        names,
        events,
        _columns(policies.catalog, by_metric),
        values,
        closed,
        models,
        frozenset(_words(policies)),
        Names(events),
        Names(name for name in names if "_" in name),
    )


def _declared(policies: PolicySet) -> Iterator[tuple[FigureKind, str, Location]]:
    for kind, policy in policies.policies:
        for entry in kind.declares(policy):
            if isinstance(entry, EventEntry):
                yield FigureKind.EVENT, entry.name, policy.locate(("spec", "events", entry.name))
            elif isinstance(entry, MetricEntry):
                yield FigureKind.METRIC, entry.name, policy.locate(("spec", "metrics", entry.name))
            elif isinstance(entry, ContractEntry):
                for index, feature in enumerate(entry.features):
                    yield FigureKind.VALUE, feature, policy.locate(("spec", "features", index))


def _by_event(asked: Iterable[Resolved], catalog: Catalog) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for resolved in asked:
        measure = resolved.check.measure
        for rank, statistics in enumerate(_HOW_OFTEN):
            if measure is not None and measure.statistic in statistics:
                event = _event(measure, catalog)
                if event is not None:
                    found[event][rank].append(resolved.address)
    return {event: tuple(first or second) for event, (first, second) in found.items()}


def _event(measure: Measure, catalog: Catalog) -> str | None:
    if measure.metric is None:
        return measure.event
    metric = catalog.metrics[measure.metric]
    return metric.event if metric.column is None else None


def _by_metric(asked: Iterable[Resolved]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for resolved in asked:
        measure = resolved.check.measure
        if measure is not None and measure.metric is not None:
            counts = resolved.question.metric is not None and resolved.question.metric.column is None
            # A variance of a metric is no value of it.
            if counts or STATISTICS[measure.statistic].of_range:
                found[measure.metric].append(resolved.address)
    return {metric: tuple(addresses) for metric, addresses in found.items()}


def _columns(catalog: Catalog, by_metric: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for name, metric in catalog.metrics.items():
        if metric.column is not None and not metric.where:
            found[metric.column] += by_metric.get(name, ())
    return {column: tuple(dict.fromkeys(checks)) for column, checks in found.items()}


def _alerts(asked: Iterable[Resolved]) -> dict[str, Named]:
    found: dict[str, Named] = {}
    for resolved in asked:
        name = resolved.check.id.replace("-", "_")
        if "_" in name and resolved.kind.name == "AlertPolicy":
            before = found[name].checks if name in found else ()
            first = found[name].where if name in found else resolved.location
            checks = (*before, resolved.address)
            found[name] = Named(FigureKind.CHECK, name, first, checks, checks[0])
    return found


def _values(asked: Iterable[Resolved]) -> dict[tuple[str, str], Named]:
    found: dict[tuple[str, str], Named] = {}
    for resolved in asked:
        for key, value, place in _used(resolved):
            if not re.search(r"[_0-9]|^[A-Z]{5,}$", value) or "{" in value:
                continue
            first = Named(FigureKind.VALUE, value, place, check=resolved.address, key=key)
            before = found.get((key, value), first)
            found[key, value] = replace(before, checks=(*before.checks, resolved.address))
    return found


def _used(resolved: Resolved) -> Iterator[tuple[str, str, Location]]:
    """Yield each text that a check filters by, groups by or expects."""
    measure = resolved.check.measure
    if measure is None:
        return
    for key, values in measure.where.items():
        yield from ((key, value, resolved.place("measure", "where", key)) for value in values if isinstance(value, str))
    for key, members in resolved.members.items():
        if resolved.check.by[key] != "columns":
            yield from ((key, value, resolved.place("by", key)) for value in members if isinstance(value, str))
    for key, expected in (measure.expect or {}).items():
        members = resolved.catalog.sets[expected] if isinstance(expected, str) else expected
        place = resolved.place("measure", "expect", key)
        yield from ((key, value, place) for value in members if isinstance(value, str))


def _single(values: Mapping[tuple[str, str], Named]) -> dict[str, Named]:
    """Return the values by their name alone: of several fields the one that most checks look at."""
    found: dict[str, Named] = {}
    for (_, name), value in values.items():
        if name not in found or len(value.checks) > len(found[name].checks):
            found[name] = value
    return found


def _models(asked: Iterable[Resolved], values: Mapping[tuple[str, str], Named]) -> dict[str, Named]:
    """What the actions of checks go back to."""
    actions = [(resolved, resolved.check.action) for resolved in asked if resolved.check.action]
    targets = {name for _, action in actions for name in _GONE_BACK_TO.findall(action)}
    targets -= {value for _, value in values}
    found: dict[str, Named] = {}
    for resolved, action in actions:
        for name in dict.fromkeys(_IDENTIFIER.findall(action)):
            if name in targets:
                where = resolved.place("action")
                before = found.get(name, Named(FigureKind.MODEL, name, where, check=resolved.address))
                found[name] = replace(before, checks=(*before.checks, resolved.address))
    return found


def _closed(asked: Iterable[Resolved]) -> dict[tuple[str, str], frozenset[str]]:
    """The fields of which a check asks that all rows have one of its values, or of which it expects a full grid."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for resolved in asked:
        measure = resolved.check.measure
        if measure is None:
            continue
        source = resolved.question.event or resolved.question.dataset
        whole = measure.total is not None and not measure.total.where and str(resolved.check.pass_if) == "== 100%"
        for key, values in measure.where.items() if whole else ():
            found[source, key].update(value for value in values if isinstance(value, str))
        for key, expected in (measure.expect or {}).items():
            members = resolved.catalog.sets[expected] if isinstance(expected, str) else expected
            found[source, key].update(value for value in members if isinstance(value, str))
    return {key: frozenset(values) for key, values in found.items()}


def _words(policies: PolicySet) -> Iterator[str]:
    stack: list[object] = [policy.document.model_dump() for _, policy in policies.policies]
    stack += [list(policies.catalog.sets), [list(members) for members in policies.catalog.sets.values()]]
    while stack:
        value = stack.pop()
        if isinstance(value, Mapping):
            stack += [*value, *value.values()]
        elif isinstance(value, list | tuple):
            stack += value
        elif isinstance(value, str):
            yield value
            yield from _IDENTIFIER.findall(value)
