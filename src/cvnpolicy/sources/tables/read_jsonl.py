"""Files of one JSON object a line, as one table with the types that the values have."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from cvnpolicy.sources.paths import FoundFile
from cvnpolicy.sources.refused import Refused
from cvnpolicy.sources.tables.relation import Column, Kind, Relation, quoted

if TYPE_CHECKING:
    import duckdb

_INTEGERS = frozenset({"UBIGINT", "BIGINT"})
_NUMBERS = _INTEGERS | {"DOUBLE", "HUGEINT", "UHUGEINT"}
_WORDS = {"VARCHAR": "text", "BOOLEAN": "booleans", "OBJECT": "objects", "ARRAY": "lists"}
_LARGEST = 2**63 - 1


def load(
    connection: duckdb.DuckDBPyConnection,
    view: str,
    dataset: str,
    files: Sequence[FoundFile],
    wanted: Sequence[str],
    time: str | None,
) -> Relation:
    """Copy the wanted keys into memory and create the view. A key that is not in a line, and ``null``, are NULL.

    A column holds one type throughout, integers and other numbers counting as one. ``NaN`` and ``Infinity``, which
    JSON does not know but writers of numbers do, are read as such.

    Args:
        connection: May open the files.
        view: Its name, one of ours.
        dataset: The dataset's name, for messages.
        files: At least one.
        wanted: The keys to read. One whose values have several types becomes a fault.
        time: The key of instants.

    Raises:
        Refused: A line is no JSON object; the message names it.
        duckdb.Error: A file cannot be read.
    """
    names = list(dict.fromkeys(wanted))
    raw = [f"k{index}" for index in range(len(names))]
    definition = ", ".join([*(f"{key} JSON" for key in raw), "f VARCHAR"])
    connection.execute(f"CREATE TEMP TABLE {view}_raw ({definition})")
    for file in files:
        _copy(connection, f"{view}_raw", file, names)
    counted = connection.execute(f"SELECT count(*) FROM {view}_raw").fetchall()
    known = _keys(connection, files) if counted[0][0] else names
    columns, faults, selected = _typed(connection, f"{view}_raw", [name for name in names if name in known], names)
    table = ", ".join((*selected, "f", "rowid AS r"))
    connection.execute(f"CREATE TEMP TABLE {view} AS SELECT {table} FROM {view}_raw")
    connection.execute(f"DROP TABLE {view}_raw")
    return Relation(dataset, view, columns, known, time, faults)


def _copy(connection: duckdb.DuckDBPyConnection, table: str, file: FoundFile, names: Sequence[str]) -> None:
    import duckdb

    pointers = [f"/{name.replace('~', '~0').replace('/', '~1')}" for name in names]
    checked = "CASE WHEN json_type(json) = 'OBJECT' THEN json ELSE error('not an object') END AS json"
    try:
        connection.execute(
            f"INSERT INTO {table} SELECT {', '.join((*['json_extract(json, ?)'] * len(names), '?'))}"
            f" FROM (SELECT {checked} FROM read_ndjson_objects(?))",
            [*pointers, file.label, str(file.path)],
        )
    except duckdb.Error as error:
        _refuse_first_broken(file)
        raise Refused(f"{file.label} cannot be read: {str(error).strip().partition(chr(10))[0]}") from error


def _refuse_first_broken(file: FoundFile) -> None:
    """Name the first line that is no JSON object: the driver's own line numbers are sometimes one off."""
    hint = "write one JSON object a line; a file that is still being written has to be complete first"
    with gzip.open(file.path, "rb") if file.path.suffix == ".gz" else file.path.open("rb") as stream:
        line = 0
        try:
            for line, text in enumerate(stream, start=1):
                if text.strip() and not isinstance(json.loads(text), dict):
                    raise Refused(f"{file.label} line {line} is no JSON object", hint)
        except (ValueError, RecursionError) as error:
            raise Refused(f"{file.label} line {line} is not JSON", hint) from error
        except EOFError as error:
            raise Refused(f"{file.label} is a truncated gzip file", "restore it, or wait for its writer") from error


def _keys(connection: duckdb.DuckDBPyConnection, files: Sequence[FoundFile]) -> list[str]:
    """Return every key that some line has, sorted."""
    rows = connection.execute(
        "SELECT DISTINCT unnest(json_keys(json)) AS name FROM read_ndjson_objects(?) ORDER BY name",
        [[str(file.path) for file in files]],
    ).fetchall()
    return [str(name) for (name,) in rows]


def _typed(
    connection: duckdb.DuckDBPyConnection, table: str, present: Sequence[str], names: Sequence[str]
) -> tuple[dict[str, Column], dict[str, str], list[str]]:
    """Return the columns, what is wrong with the others, and the expressions of the typed table."""
    columns: dict[str, Column] = {}
    faults: dict[str, str] = {}
    selected: list[str] = []
    for name in present:
        key, target = f"k{names.index(name)}", f"c{len(columns)}"
        query = f"SELECT DISTINCT json_type({key}) FROM {table} WHERE {key} IS NOT NULL"
        types = {str(found) for (found,) in connection.execute(query).fetchall()} - {"NULL"}
        if types <= _INTEGERS and types:
            top = connection.execute(f"SELECT max(CAST({key} AS HUGEINT)) FROM {table}").fetchall()[0][0]
            types = types if top <= _LARGEST else {"DOUBLE"}
        column = _column(name, target, types)
        if column is None:
            words = sorted({"numbers" if one in _NUMBERS else _WORDS.get(one, one) for one in types})
            faults[name] = f"mixes {' and '.join(words)}"
            continue
        columns[name] = column
        selected.append(f"{_expression(key, column.kind)} AS {quoted(target)}")
    return columns, faults, selected


def _column(name: str, target: str, types: set[str]) -> Column | None:
    if not types:
        return Column(name, target, Kind.TEXT, "empty", loose=True)
    if types <= _INTEGERS:
        return Column(name, target, Kind.INTEGER, "integers")
    if types <= _NUMBERS:
        return Column(name, target, Kind.NUMBER, "numbers")
    if len(types) > 1:
        return None
    (only,) = types
    kind = {"VARCHAR": Kind.TEXT, "BOOLEAN": Kind.BOOLEAN}.get(only, Kind.OTHER)
    return Column(name, target, kind, _WORDS.get(only, only))


def _expression(key: str, kind: Kind) -> str:
    if kind is Kind.TEXT:
        return f"json_extract_string({key}, '$')"
    types = {Kind.INTEGER: "BIGINT", Kind.NUMBER: "DOUBLE", Kind.BOOLEAN: "BOOLEAN"}
    return f"CAST({key} AS {types[kind]})" if kind in types else key
