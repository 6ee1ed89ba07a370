"""The in-memory database that scans files. It opens the bound files and nothing else."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cvnpolicy.core.errors import MissingExtraError
from cvnpolicy.sources.paths import FoundFile
from cvnpolicy.sources.refused import Refused
from cvnpolicy.sources.tables.relation import literal

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb
    import pyarrow as pa

MEMORY_LIMIT = "4GB"
MOST_THREADS = 4

_ARRAYS = "arrays"
_MEND = "it may be half-written or damaged: wait for its writer, or restore it"


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
    # Both spellings: DuckDB asks about a path as it was given, and again about each file that it finds by it.
    allowed = ", ".join(literal(spelling) for path in files for spelling in sorted({os.fspath(path), address(path)}))
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute(f"SET allowed_paths = [{allowed}]")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def address(path: Path) -> str:
    """Return a path as DuckDB has to be given it: it takes every path for a pattern, so ``day[1].csv`` for another."""
    return re.sub(r"[*?[]", r"[\g<0>]", os.fspath(path))


@contextmanager
def registered(connection: duckdb.DuckDBPyConnection, arrays: Mapping[str, pa.Array]) -> Iterator[str]:
    """Offer arrays of one length to queries as a table, under the name that it yields."""
    import pyarrow as pa

    connection.register(_ARRAYS, pa.table(dict(arrays)))
    try:
        yield _ARRAYS
    finally:
        connection.unregister(_ARRAYS)


def refusal(error: Exception, dataset: str, files: Sequence[FoundFile] = ()) -> Refused:
    """Return a driver's error as an answer that a person understands.

    Args:
        error: What was raised.
        dataset: The dataset's name, for messages.
        files: Its files. A message names them by their labels, never by a place on this machine.
    """
    import duckdb

    if isinstance(error, duckdb.OutOfMemoryException | MemoryError):
        hint = "ask for fewer rows: a shorter window, or Parquet instead of text"
        return Refused(f"dataset '{dataset}' does not fit into memory, of which {MEMORY_LIMIT} may be used", hint)
    if isinstance(error, OSError):
        return Refused(f"dataset '{dataset}' cannot be read: {error.strerror or type(error).__name__}")
    return Refused(f"dataset '{dataset}' cannot be read: {says(error, files)}", _MEND)


def says(error: Exception, files: Sequence[FoundFile]) -> str:
    """Return the first line of a driver's message, with the labels of files in place of their paths."""
    first = str(error).strip().partition("\n")[0]
    text = first.partition(": ")[2] or first or type(error).__name__
    for file in sorted(files, key=lambda file: len(os.fspath(file.path)), reverse=True):
        text = text.replace(address(file.path), file.label).replace(os.fspath(file.path), file.label)
    return text
