"""EventCatalog: the structured events that a system writes."""

from __future__ import annotations

from cvnpolicy.kinds.event_catalog.judge import KIND

__all__ = ["KIND"]
