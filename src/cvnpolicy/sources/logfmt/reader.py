"""The two questions a log answers: which events, and how many of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cvnpolicy.core.errors import MissingExtraError
from cvnpolicy.sources.logfmt.files import LogFiles
from cvnpolicy.sources.logfmt.query import Query, UnaskableError

if TYPE_CHECKING:
    import duckdb
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from cvnpolicy.sources.logfmt.scan import Scan


@dataclass(frozen=True, slots=True)
class EventTable:
    """Events in the order of files and lines."""

    table: pa.Table
    """``ts`` int64, microseconds since 1970-01-01T00:00Z, then one string column for each key; null where a line does
    not have the key."""
    file: pa.ChunkedArray
    """int32, for each event the index of its file among those given."""
    line: pa.ChunkedArray
    """int64, for each event the 1-based number of its line."""
    lines: int
    """Lines of all types that were passed."""


@dataclass(frozen=True, slots=True)
class EventCounts:
    """How many events there are."""

    total: int
    buckets: tuple[tuple[int, int], ...]
    """Start of each bucket that has events, in microseconds since 1970-01-01T00:00Z, and their number; ascending.
    Empty when no buckets were asked for."""
    lines: int
    """Lines of all types that were passed."""


def read_events(  # noqa: PLR0913  one question, all of it needed
    connection: duckdb.DuckDBPyConnection,
    files: Sequence[Path],
    *,
    event: str,
    time: str,
    keys: Sequence[str],
    start_us: int | None,
    end_us: int | None,
) -> EventTable:
    """Read the events of one type in [start, end).

    Lines of other types are not parsed, so a damaged one does no harm. Order of lines and repeated lines are the
    caller's to judge.

    Args:
        connection: Runs the patterns, with its own threads and limits. Nothing remains registered with it.
        files: The files of the log, plain or gzipped.
        event: The type, the value of the key ``event``.
        time: The key that holds the instant.
        keys: Further keys whose values are wanted: not ``event``, not ``time``, and none called ``ts``.
        start_us: First instant, microseconds since 1970-01-01T00:00Z; None for no limit.
        end_us: First instant after, likewise.

    Raises:
        LogError: A file cannot be read, is truncated, ends with half a line, has a line above 1 MiB, or changed
            meanwhile; or a line that has or may have this event is malformed or not UTF-8, or has no instant with a
            UTC offset, or another offset than the others.
        UnaskableError: The event or a key is not something a line can have.
        MissingExtraError: numpy or pyarrow is not installed.
    """
    if "ts" in keys:
        raise UnaskableError("'ts' is the column of the instant; no key can be asked for by that name")
    scan = _scan(connection, Query(event, time, tuple(keys)))
    import pyarrow as pa

    names = [f"k{index}" for index in range(len(keys))]
    columns = {"file": pa.int32(), "line": pa.int64(), "ts": pa.int64()} | dict.fromkeys(names, pa.string())
    parts = [_between(part, start_us, end_us) for part in scan.run(LogFiles(files))]
    found = pa.concat_tables([pa.schema(columns).empty_table(), *parts])
    table = found.select(["ts", *names]).rename_columns(["ts", *keys])
    return EventTable(table, found["file"], found["line"], scan.lines)


def count_events(  # noqa: PLR0913  one question, all of it needed
    connection: duckdb.DuckDBPyConnection,
    files: Sequence[Path],
    *,
    event: str,
    time: str,
    start_us: int | None,
    end_us: int | None,
    bucket_us: int | None,
) -> EventCounts:
    """Count the events of one type in [start, end), also by bucket, in memory that does not grow with the log.

    Args:
        connection: As in :func:`read_events`, and so are ``files``, ``event``, ``time``, ``start_us`` and ``end_us``.
        files: See there.
        event: See there.
        time: See there.
        start_us: See there.
        end_us: See there.
        bucket_us: Length of a bucket in microseconds; buckets start at multiples of it since 1970-01-01T00:00Z.

    Raises:
        LogError: As :func:`read_events`.
        ValueError: As :func:`read_events`, or ``bucket_us`` is not positive.
        MissingExtraError: numpy or pyarrow is not installed.
    """
    if bucket_us is not None and bucket_us < 1:
        raise ValueError(f"a bucket is at least a microsecond long, not {bucket_us}")
    scan = _scan(connection, Query(event, time, ()))
    total, buckets = 0, Counter[int]()
    for part in scan.run(LogFiles(files)):
        instants = _between(part, start_us, end_us)["ts"].to_numpy()
        total += len(instants)
        if bucket_us:
            buckets.update(_bucketed(instants, bucket_us))
    return EventCounts(total, tuple(sorted(buckets.items())), scan.lines)


def _bucketed(instants: NDArray[np.int64], bucket_us: int) -> dict[int, int]:
    import numpy as np

    starts, counts = np.unique(instants // bucket_us * bucket_us, return_counts=True)
    return dict(zip(starts.tolist(), counts.tolist(), strict=True))


def _between(events: pa.Table, start_us: int | None, end_us: int | None) -> pa.Table:
    import pyarrow.compute as pc

    if start_us is not None:
        events = events.filter(pc.greater_equal(events["ts"], start_us))
    if end_us is not None:
        events = events.filter(pc.less(events["ts"], end_us))
    return events


def _scan(connection: duckdb.DuckDBPyConnection, query: Query) -> Scan:
    try:
        import numpy as np  # noqa: F401  asked for here, used where arrays are
        import pyarrow as pa  # noqa: F401
    except ModuleNotFoundError as error:
        raise MissingExtraError("reading event logs", "tables") from error
    from cvnpolicy.sources.logfmt.scan import Scan

    return Scan(connection, query)
