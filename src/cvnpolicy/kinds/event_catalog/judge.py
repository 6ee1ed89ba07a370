"""What an EventCatalog declares. It judges nothing itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cvnpolicy.core.catalog import Catalog, Entry, EventEntry
from cvnpolicy.core.errors import Problem
from cvnpolicy.core.kind import Kind
from cvnpolicy.core.policy import Policy
from cvnpolicy.core.rules import DocumentRule
from cvnpolicy.kinds.event_catalog.effects import EFFECTS
from cvnpolicy.kinds.event_catalog.model import EventCatalogSpec


def declares(policy: Policy[EventCatalogSpec]) -> Iterator[Entry]:
    """Yield an entry for each event."""
    for name, event in policy.spec.events.items():
        yield EventEntry(
            name=name,
            dataset=policy.spec.dataset,
            fields={field: kind.value for field, kind in event.fields.items()},
            heartbeat_us=event.heartbeat.microseconds if event.heartbeat is not None else None,
            alive_with=event.alive_with,
        )


def problems(policy: Policy[EventCatalogSpec], catalog: Catalog) -> Iterable[Problem]:
    """Yield each ``alive_with`` whose event has no heartbeat of its own: it vouches for nothing."""
    for name, event in policy.spec.events.items():
        other = catalog.events.get(event.alive_with or "")
        if other is None:
            continue
        place = policy.locate(("spec", "events", name, "alive_with"))
        if other.dataset != policy.spec.dataset:
            what = f"'{other.name}' is written to the log '{other.dataset}', so it cannot vouch for '{name}'"
            right = f"name an event of '{policy.spec.dataset}' that has a heartbeat"
            yield Problem(DocumentRule.BAD_CHECK, what, right, place)
        if other.heartbeat_us is not None:
            continue
        what = f"'{other.name}' has no heartbeat, so it cannot vouch for '{name}'"
        right = f"give '{other.name}' a heartbeat, or name an event that has one"
        if other.name == name:
            what, right = f"'{name}' cannot vouch for itself", "write heartbeat: instead of alive_with:"
        yield Problem(DocumentRule.BAD_CHECK, what, right, place)


KIND = Kind(
    name="EventCatalog",
    rule="CVN401",
    spec=EventCatalogSpec,
    judges=False,
    effects=EFFECTS,
    declares=declares,
    problems=problems,
)
