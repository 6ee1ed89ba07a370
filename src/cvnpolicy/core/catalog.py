"""What the documents of a set declare for one another: events, metrics, contracts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cvnpolicy.core.unit import Unit


@dataclass(frozen=True, slots=True)
class EventEntry:
    """A declared event."""

    name: str
    dataset: str
    """The bound log it is read from."""
    fields: Mapping[str, str]
    """Field name to type."""
    heartbeat_us: int | None = None
    """Its own: a longer silence than this means the source is not alive."""
    alive_with: str | None = None
    """The event whose heartbeat vouches for this one."""


@dataclass(frozen=True, slots=True)
class MetricEntry:
    """A declared metric and where it is read."""

    name: str
    unit: Unit
    column: str | None
    """What is measured; None for a counter that counts the lines of an event."""
    event: str | None = None
    dataset: str | None = None
    where: Mapping[str, tuple[str | int | float | bool, ...]] = field(default_factory=dict)
    """Which rows are its own."""
    range: tuple[float | int, float | int] | None = None
    """The least and the greatest value it can have; a reading outside is not believed."""
    planned: bool = False
    """Whether it is promised and not emitted yet, so that nothing can measure it."""


@dataclass(frozen=True, slots=True)
class ContractEntry:
    """A declared feature contract."""

    name: str
    features: tuple[str, ...]
    """In the order of the model's input."""


Entry = EventEntry | MetricEntry | ContractEntry


@dataclass(frozen=True, slots=True)
class Catalog:
    """Everything declared, and what the configuration adds."""

    events: Mapping[str, EventEntry] = field(default_factory=dict)
    metrics: Mapping[str, MetricEntry] = field(default_factory=dict)
    contracts: Mapping[str, ContractEntry] = field(default_factory=dict)
    sets: Mapping[str, tuple[str | int | float | bool, ...]] = field(default_factory=dict)
    logs: frozenset[str] = frozenset()
    """The datasets that are event logs wherever they are bound: rows of one are asked for by their event."""

    def heartbeat(self, event: str) -> EventEntry | None:
        """Return the event whose heartbeat vouches for this one; None when nothing does.

        ``alive_with`` is followed one step: the loader refuses a chain.
        """
        entry = self.events[event]
        if entry.alive_with is not None:
            return self.events[entry.alive_with]
        return entry if entry.heartbeat_us is not None else None
