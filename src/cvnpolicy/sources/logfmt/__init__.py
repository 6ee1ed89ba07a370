"""Event logs of ``key=value`` lines, rotated and gzipped: one kind of event read or counted, exactly and fast."""

from __future__ import annotations

from cvnpolicy.sources.logfmt.errors import LogError
from cvnpolicy.sources.logfmt.line import MalformedLineError, parse_line
from cvnpolicy.sources.logfmt.query import UnaskableError
from cvnpolicy.sources.logfmt.reader import EventCounts, EventTable, count_events, read_events

__all__ = [
    "EventCounts",
    "EventTable",
    "LogError",
    "MalformedLineError",
    "UnaskableError",
    "count_events",
    "parse_line",
    "read_events",
]
