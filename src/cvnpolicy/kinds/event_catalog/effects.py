"""What a change to an EventCatalog does."""

from __future__ import annotations

from cvnpolicy.core.effect import PARTS, Absent, Parts, Table, rises
from cvnpolicy.kinds.event_catalog.model import Event, EventCatalogSpec

EFFECTS: Table = {
    EventCatalogSpec: Parts({"events": PARTS}),
    Event: Parts({"fields": PARTS, "heartbeat": rises(Absent.GREATEST, doubts=True)}),
}
