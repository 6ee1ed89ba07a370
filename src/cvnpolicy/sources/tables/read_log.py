"""One kind of event of a log, as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cvnpolicy.core.time import to_us
from cvnpolicy.sources.paths import FoundFile
from cvnpolicy.sources.refused import Refused
from cvnpolicy.sources.tables.connection import registered
from cvnpolicy.sources.tables.demand import Demand
from cvnpolicy.sources.tables.relation import Column, Kind, Relation

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from cvnpolicy.sources.logfmt import EventTable

EVENT = "event"
"""The key that names a line's event."""


def load(  # noqa: PLR0913  (what to read, from where, and what to call it)
    connection: duckdb.DuckDBPyConnection,
    view: str,
    dataset: str,
    files: Sequence[FoundFile],
    *,
    event: str,
    demand: Demand,
    time: str,
) -> Relation:
    """Read the events and create the view. A key that a line lacks is NULL.

    No key is ever missing: whether some event has it would depend on which time is read, and with it on what else is
    asked. The catalog of events knows which keys there are.

    Args:
        connection: Runs the log reader's patterns.
        view: Its name, one of ours.
        dataset: The dataset's name, for messages.
        files: At least one.
        event: Only lines of this event.
        demand: Which keys, over which time.
        time: The key of instants.

    Raises:
        Refused: The log cannot be read exactly.
    """
    from cvnpolicy.sources.logfmt import LogError, UnaskableError, read_events
    from cvnpolicy.sources.logfmt.line import is_key

    keys = sorted(name for name in demand.columns - {time, EVENT, "ts"} if is_key(name))
    try:
        events = read_events(
            connection,
            [file.path for file in files],
            event=event,
            time=time,
            keys=keys,
            start_us=None if demand.start is None else to_us(demand.start),
            end_us=None if demand.end is None else to_us(demand.end),
        )
    except LogError as error:
        raise Refused(error.reason, error.hint) from error
    except UnaskableError as error:
        raise Refused(
            f"dataset '{dataset}' cannot hold such events: {error}", "see its binding and the event"
        ) from error
    with registered(connection, _arrays(events, keys, files)) as rows:
        connection.execute(f"CREATE TEMP TABLE {view} AS SELECT * FROM {rows}")
    columns = {key: Column(key, f"c{index}", Kind.TEXT, "text", loose=True) for index, key in enumerate(keys)}
    columns[time] = Column(time, "i0", Kind.INSTANT, "instants")
    return Relation(f"{dataset} ({event})", view, columns, keys, time, numbered="line")


def _arrays(events: EventTable, keys: Sequence[str], files: Sequence[FoundFile]) -> dict[str, pa.ChunkedArray]:
    """Return the events' columns by the names that the view gives them."""
    import pyarrow as pa

    labels = pa.array([file.label for file in files], pa.string())
    instants = events.table["ts"].cast(pa.timestamp("us", "UTC"))
    found = {f"c{index}": events.table[key] for index, key in enumerate(keys)}
    return {**found, "i0": instants, "f": labels.take(events.file), "r": events.line}
