"""What the documents of a set declare for one another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cvnpolicy.core.catalog import Catalog, ContractEntry, EventEntry, MetricEntry
from cvnpolicy.core.configuration import Configuration, LogBinding
from cvnpolicy.core.kind import Kind
from cvnpolicy.core.policy import Policy


def build_catalog(pairs: Sequence[tuple[Kind[Any], Policy[Any]]], configuration: Configuration) -> Catalog:
    """Collect what the kinds declare. Of two entries of one name the first stays; the names are checked elsewhere."""
    events: dict[str, EventEntry] = {}
    metrics: dict[str, MetricEntry] = {}
    contracts: dict[str, ContractEntry] = {}
    for kind, policy in pairs:
        for entry in kind.declares(policy):
            match entry:
                case EventEntry():
                    events.setdefault(entry.name, entry)
                case MetricEntry():
                    metrics.setdefault(entry.name, entry)
                case ContractEntry():
                    contracts.setdefault(entry.name, entry)
    return Catalog(events, metrics, contracts, dict(configuration.sets), _logs(configuration))


def _logs(configuration: Configuration) -> frozenset[str]:
    """Return the datasets that are an event log in every environment that binds them."""
    bound: dict[str, set[bool]] = {}
    for datasets in configuration.bound.values():
        for name, binding in datasets.items():
            bound.setdefault(name, set()).add(isinstance(binding, LogBinding))
    return frozenset(name for name, found in bound.items() if found == {True})
