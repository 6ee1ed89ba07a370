"""The in-memory database that scans files. It opens the bound files and nothing else."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cvnpolicy.core.errors import MissingExtraError
from cvnpolicy.sources.refused import Refused
from cvnpolicy.sources.tables.relation import literal

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb
    import pyarrow as pa

MEMORY_LIMIT = "4GB"
MOST_THREADS = 4

_ARRAYS = "arrays"


def connect(files: Sequence[Path]) -> duckdb.DuckDBPyConnection:
    """Return a locked connection: no extensions, no network, no other files, no spilling to disk.

    Args:
        files: The files that it may open, absolute.

    Raises:
        MissingExtraError: DuckDB is not installed.
    """
    try:
        import duckdb
    except ModuleNotFoundError as error:
        raise MissingExtraError("reading tables and event logs", "tables") from error
    connection = duckdb.connect(
        ":memory:",
        config={
            "threads": min(MOST_THREADS, os.cpu_count() or 1),
            "memory_limit": MEMORY_LIMIT,
            "temp_directory": "",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "python_enable_replacements": "false",
            "preserve_insertion_order": "true",
        },
    )
    allowed = ", ".join(literal(os.fspath(path)) for path in files)
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute(f"SET allowed_paths = [{allowed}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


@contextmanager
def registered(connection: duckdb.DuckDBPyConnection, arrays: Mapping[str, pa.Array]) -> Iterator[str]:
    """Offer arrays of one length to queries as a table, under the name that it yields."""
    import pyarrow as pa

    connection.register(_ARRAYS, pa.table(dict(arrays)))
    try:
        yield _ARRAYS
    finally:
        connection.unregister(_ARRAYS)


def refusal(error: Exception, dataset: str) -> Refused:
    """Return a driver's error as an answer that a person understands."""
    import duckdb

    if isinstance(error, duckdb.OutOfMemoryException):
        hint = "ask for fewer rows: a shorter window, or Parquet instead of text"
        return Refused(f"dataset '{dataset}' does not fit into {MEMORY_LIMIT} of memory", hint)
    if isinstance(error, OSError):
        return Refused(f"dataset '{dataset}' cannot be read: {error.strerror or type(error).__name__}")
    first = str(error).strip().partition("\n")[0]
    return Refused(f"dataset '{dataset}' cannot be read: {first.partition(': ')[2] or first or type(error).__name__}")
