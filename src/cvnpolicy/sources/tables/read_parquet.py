"""Parquet files as one view. Nothing is copied: each question scans the columns it asks for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cvnpolicy.sources.paths import FoundFile
from cvnpolicy.sources.tables.relation import Relation, cast, literal, number, quoted

if TYPE_CHECKING:
    import duckdb

_FILE = "__cvnpolicy_file"
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
        duckdb.Error: A file is damaged, or not Parquet.
    """
    schemas = {file.label: _schema(connection, file) for file in files}
    first = next(iter(schemas.values()))
    faults = {name: fault for name in wanted if (fault := _fault(name, schemas)) is not None}
    columns = number(list(first.items()), [name for name in wanted if name not in faults])
    selected = [f"{cast(quoted(column.name), column.says)} AS {column.sql}" for column in columns.values()]
    paths = ", ".join(literal(str(file.path)) for file in files)
    connection.execute(
        f"CREATE TEMP VIEW {view} AS SELECT {', '.join((*selected, f'{_FILE} AS f', 'file_row_number AS r'))}"
        f" FROM read_parquet([{paths}], filename = '{_FILE}', file_row_number = true, {_OPTIONS})"
    )
    return Relation(dataset, view, columns, list(first), time, faults)


def _schema(connection: duckdb.DuckDBPyConnection, file: FoundFile) -> dict[str, str]:
    described = connection.execute(f"DESCRIBE SELECT * FROM read_parquet(?, {_OPTIONS})", [str(file.path)])
    return {str(name): str(duckdb_type) for name, duckdb_type, *_ in described.fetchall()}


def _fault(name: str, schemas: dict[str, dict[str, str]]) -> str | None:
    """Return what is wrong with a column that some file has but not all have alike."""
    types = {label: schema.get(name) for label, schema in schemas.items()}
    if len(set(types.values())) == 1:
        return None
    absent = next((label for label, duckdb_type in types.items() if duckdb_type is None), None)
    if absent is not None:
        return f"is missing in {absent}"
    (one, first), *rest = types.items()
    other = next(label for label, duckdb_type in rest if duckdb_type != first)
    return f"is {first} in {one} but {types[other]} in {other}"
