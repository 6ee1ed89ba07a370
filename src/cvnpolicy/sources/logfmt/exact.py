"""The slow and certain way: one line at a time, by the exact grammar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cvnpolicy.sources.logfmt import instants
from cvnpolicy.sources.logfmt.errors import LogError, Place
from cvnpolicy.sources.logfmt.line import MalformedLineError, Pair, find, pairs, value
from cvnpolicy.sources.logfmt.query import EVENT, Query


@dataclass(frozen=True, slots=True)
class Row:
    """One event."""

    line: int
    """1-based, in its file."""
    ts: int
    """Microseconds since 1970-01-01T00:00Z."""
    values: tuple[str | None, ...]
    """One for each wanted key; None where the line does not have it."""


def read_pairs(query: Query, line: str, place: Place) -> Sequence[Pair] | None:
    """Return the pairs of a line, or None for a malformed line that cannot be an event of the wanted type.

    Raises:
        LogError: The line is malformed and may be such an event.
    """
    try:
        return pairs(line)
    except MalformedLineError as error:
        if not query.may_match(line):
            return None
        raise LogError(f"{place}: {error}", "mend the line, or the code that wrote it") from error


def read_row(query: Query, parsed: Sequence[Pair], place: Place, offsets: instants.OneOffset) -> Row | None:
    """Return the event that a line is, or None when it is of another type.

    Raises:
        LogError: It is of the wanted type, and its instant is missing, unreadable, or of another offset than before.
    """
    present, name = find(parsed, EVENT)
    if not present or value(name) != query.event:
        return None
    present, written = find(parsed, query.time)
    if not present:
        raise LogError(f"{place}: the event '{query.event}' has no '{query.time}'", instants.HINT)
    try:
        instant = instants.read_instant(value(written))
    except ValueError as error:
        raise LogError(f"{place}: {error}", instants.HINT) from error
    offsets.note(instant.offset, place)
    values = {key: value(raw) for key, raw in parsed}
    return Row(place.line, instant.us, tuple(values.get(key) for key in query.keys))
