"""Parquet files as one view. Nothing is copied: each question scans the columns it asks for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from cvnpolicy.sources.paths import FoundFile
from cvnpolicy.sources.refused import Refused
from cvnpolicy.sources.tables.connection import address
from cvnpolicy.sources.tables.relation import Relation, cast, check_columns, literal, quoted, typed

if TYPE_CHECKING:
    import duckdb

_FILE = "__cvnpolicy_file"
_ROW = "file_row_number"
_TWICE = "is there twice, upper and lower case being one,"
_DURATION = "holds durations, whose unit DuckDB does not know,"
# NaN has no place in Parquet's minima and maxima, and DuckDB prunes `NOT isnan(x)` by them unless it is told.
# A folder called `symbol=BTC` is no column: what a table holds must not depend on where it lies.
_OPTIONS = "can_have_nan = true, hive_partitioning = false, union_by_name = false"


def load(
    connection: duckdb.DuckDBPyConnection,
    view: str,
    dataset: str,
    files: Sequence[FoundFile],
    wanted: Sequence[str],
    time: str | None,
) -> Relation:
    """Create the view.

    Args:
        connection: May open the files.
        view: Its name, one of ours.
        dataset: The dataset's name, for messages.
        files: At least one.
        wanted: The columns to read. One that a file lacks, or has in another type, becomes a fault.
        time: The column of instants.

    Raises:
        Refused: A file is damaged, or not Parquet, or has a column of a reserved name.
    """
    schemas = {file.label: _schema(connection, file) for file in files}
    first = next(iter(schemas.values()))
    faults = {name: fault for name in wanted if (fault := _fault(name, schemas)) is not None}
    present = [name for name in dict.fromkeys(wanted) if name in first and name not in faults]
    columns = {name: typed(name, f"c{index}", first[name]) for index, name in enumerate(present)}
    selected = [f"{cast(quoted(name), first[name])} AS {column.sql}" for name, column in columns.items()]
    paths = ", ".join(literal(address(file.path)) for file in files)
    connection.execute(
        f"CREATE TEMP VIEW {view} AS SELECT {', '.join((*selected, f'{_FILE} AS f', f'{_ROW} AS r'))}"
        f" FROM read_parquet([{paths}], filename = '{_FILE}', {_ROW} = true, {_OPTIONS})"
    )
    labels = {str(file.path): file.label for file in files}
    return Relation(dataset, view, columns, list(first), time, faults, labels=labels)


def _schema(connection: duckdb.DuckDBPyConnection, file: FoundFile) -> dict[str, str]:
    """Return the DuckDB type of each column, or what is wrong with it, which is no type."""
    import duckdb
    import pyarrow as pa
    from pyarrow import parquet

    try:
        arrow = parquet.read_schema(file.path)
        check_columns(file, len(arrow.names))
        query = f"DESCRIBE SELECT * FROM read_parquet(?, {_OPTIONS})"
        described = connection.execute(query, [address(file.path)]).fetchall()
    except MemoryError:
        raise
    except (duckdb.InvalidInputException, duckdb.IOException, pa.ArrowException, OSError) as error:
        strerror = error.strerror if isinstance(error, OSError) else None
        reason = f"cannot be read: {strerror}" if strerror else "is not a whole Parquet file"
        hint = "it may be half-written or damaged: wait for its writer, or restore it"
        raise Refused(f"{file.label} {reason}", hint) from error
    names = Counter(name.lower() for name in arrow.names)
    if reserved := {_FILE, _ROW} & names.keys():
        raise Refused(f"{file.label} has a column '{min(reserved)}', a name that is reserved", "rename the column")
    schema: dict[str, str] = {}
    for name, kind, (_, duckdb_type, *_) in zip(arrow.names, arrow.types, described, strict=True):
        # DuckDB takes x and X for one name.
        says = _DURATION if pa.types.is_duration(kind) else str(duckdb_type)
        schema[name] = says if names[name.lower()] == 1 else _TWICE
    return schema


def _fault(name: str, schemas: dict[str, dict[str, str]]) -> str | None:
    """Return what is wrong with a column that some file has but not all have alike, or that no file has rightly."""
    types = {label: schema.get(name) for label, schema in schemas.items()}
    odd = next((label for label, duckdb_type in types.items() if duckdb_type in (_TWICE, _DURATION)), None)
    if odd is not None:
        return f"{types[odd]} in {odd}"
    if len(set(types.values())) == 1:
        return None
    absent = next((label for label, duckdb_type in types.items() if duckdb_type is None), None)
    if absent is not None:
        return f"is missing in {absent}"
    (one, first), *rest = types.items()
    other = next(label for label, duckdb_type in rest if duckdb_type != first)
    return f"is {first} in {one} but {types[other]} in {other}"
