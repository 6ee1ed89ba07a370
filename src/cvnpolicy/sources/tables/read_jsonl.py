"""Files of one JSON object a line, as one table with the types that the values have."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from cvnpolicy.sources.paths import FoundFile
from cvnpolicy.sources.refused import Refused
from cvnpolicy.sources.tables.connection import address, says
from cvnpolicy.sources.tables.lines import LONGEST_OBJECT, check_objects
from cvnpolicy.sources.tables.packed import packing, unpacked
from cvnpolicy.sources.tables.relation import EMPTY, UNSIGNED, Column, Kind, Relation, quoted

if TYPE_CHECKING:
    import duckdb

_INTEGERS = frozenset({"UBIGINT", "BIGINT"})
_NUMBERS = _INTEGERS | {"DOUBLE", "HUGEINT", "UHUGEINT"}
_WORDS = {"VARCHAR": "text", "BOOLEAN": "booleans", "OBJECT": "objects", "ARRAY": "lists"}
_LARGEST = 2**63 - 1
_LONG = r"[+-]?[0-9]{16,}(?:\.0*)?"
_HINT = "write one JSON object a line; a file that is still being written has to be complete first"


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
    JSON does not know but writers of numbers do, are read as such. A key that no line of a file has is missing in it;
    a file without any line, as after a rotation, lacks nothing.

    Args:
        connection: May open the files.
        view: Its name, one of ours.
        dataset: The dataset's name, for messages.
        files: At least one.
        wanted: The keys to read. One whose values have several types, or that a file lacks, becomes a fault.
        time: The key of instants.

    Raises:
        Refused: A line is no JSON object, or names a key twice; the message names it. Or a gzip file is damaged.
        duckdb.Error: A file cannot be read.
    """
    names = list(dict.fromkeys(wanted))
    raw = [f"k{index}" for index in range(len(names))]
    definition = ", ".join([*(f"{key} JSON" for key in raw), "f VARCHAR"])
    connection.execute(f"CREATE TEMP TABLE {view}_raw ({definition})")
    keys = {file.label: found for file in files if (found := _copy(connection, f"{view}_raw", file, names)) is not None}
    known = sorted(frozenset[str]().union(*keys.values())) if keys else names
    columns, faults, selected = _typed(connection, f"{view}_raw", [name for name in names if name in known], names)
    for name in columns:
        if label := next((label for label, found in keys.items() if name not in found), None):
            faults[name] = f"is missing in {label}"
    table = ", ".join((*selected, "f", "rowid AS r"))
    connection.execute(f"CREATE TEMP TABLE {view} AS SELECT {table} FROM {view}_raw")
    connection.execute(f"DROP TABLE {view}_raw")
    return Relation(dataset, view, columns, known, time, faults)


def _copy(
    connection: duckdb.DuckDBPyConnection, table: str, file: FoundFile, names: Sequence[str]
) -> frozenset[str] | None:
    """Copy the wanted keys of a file, and return all keys that some line of it has; None for a file without lines."""
    import duckdb

    pointers = [f"/{name.replace('~', '~0').replace('/', '~1')}" for name in names]
    checked = "CASE WHEN json_type(json) = 'OBJECT' THEN json ELSE error('not an object') END AS json"
    check_objects(file)
    lines = f"read_ndjson_objects(?, compression = '{packing(file)}')"
    try:
        connection.execute(
            f"INSERT INTO {table} SELECT {', '.join((*['json_extract(json, ?)'] * len(names), '?'))}"
            f" FROM (SELECT {checked} FROM {lines})",
            [*pointers, file.label, address(file.path)],
        )
        found = connection.execute(f"SELECT DISTINCT json_keys(json) FROM {lines}", [address(file.path)]).fetchall()
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error as error:
        _refuse_first_broken(file)
        reason = re.sub(r".* at byte \d+ in line \d+: ", "", says(error, [file]))
        raise Refused(f"{file.label} is not JSON lines: {reason}", _HINT) from error
    if any(len(set(keys)) < len(keys) for (keys,) in found):
        _refuse_first_broken(file)
    return frozenset(str(name) for (keys,) in found for name in keys) if found else None


def _refuse_first_broken(file: FoundFile) -> None:
    """Name the first line that is no JSON object: the driver's own line numbers are sometimes one off."""
    line = 0
    with unpacked(file) as stream:
        # A file that has grown since it was measured is refused later; its lines are cut here all the same.
        while text := stream.readline(LONGEST_OBJECT + 1):
            line += 1
            try:
                broken = text.strip() and not isinstance(json.loads(text.decode(), object_pairs_hook=_unique), dict)
            except _TwiceError as error:
                raise Refused(f"{file.label} line {line} has the key '{error}' twice", "keep one") from error
            except (ValueError, RecursionError) as error:
                raise Refused(f"{file.label} line {line} is not JSON", _HINT) from error
            if broken:
                raise Refused(f"{file.label} line {line} is no JSON object", _HINT)


class _TwiceError(Exception):
    """A JSON object has a key twice."""


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        counted = Counter(name for name, _ in pairs)
        raise _TwiceError(next(name[:80] for name, count in counted.items() if count > 1))
    return found


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
        column = _column(name, target, types)
        if column is not None and column.kind in (Kind.INTEGER, Kind.NUMBER):
            column = _exact(connection, table, key, column)
        if column is None:
            words = sorted({"numbers" if one in _NUMBERS else _WORDS.get(one, one) for one in types})
            faults[name] = f"mixes {' and '.join(words)}"
            continue
        columns[name] = column
        selected.append(f"{_expression(key, column)} AS {quoted(target)}")
    return columns, faults, selected


def _column(name: str, target: str, types: set[str]) -> Column | None:
    if not types:
        return Column(name, target, Kind.TEXT, EMPTY, loose=True)
    if types <= _INTEGERS:
        return Column(name, target, Kind.INTEGER, "integers")
    if types <= _NUMBERS:
        return Column(name, target, Kind.NUMBER, "numbers")
    if len(types) > 1:
        return None
    (only,) = types
    kind = {"VARCHAR": Kind.TEXT, "BOOLEAN": Kind.BOOLEAN}.get(only, Kind.OTHER)
    return Column(name, target, kind, _WORDS.get(only, only))


def _exact(connection: duckdb.DuckDBPyConnection, table: str, key: str, column: Column) -> Column:
    """Return the column so that whole numbers keep all their digits: as decimals, or among floats as numerals."""
    if column.kind is Kind.INTEGER:
        top = connection.execute(f"SELECT max(CAST({key} AS HUGEINT)) FROM {table}").fetchall()[0][0]
        return column if top <= _LARGEST else replace(column, kind=Kind.DECIMAL, digits=UNSIGNED)
    query = f"SELECT bool_or(regexp_full_match(CAST({key} AS VARCHAR), ?)) FROM {table}"
    is_long = connection.execute(query, [_LONG]).fetchall()[0][0]
    return replace(column, kind=Kind.TEXT, loose=True) if is_long else column


def _expression(key: str, column: Column) -> str:
    if column.kind is Kind.TEXT:
        return f"json_extract_string({key}, '$')"
    types = {Kind.INTEGER: "BIGINT", Kind.NUMBER: "DOUBLE", Kind.BOOLEAN: "BOOLEAN", Kind.DECIMAL: "DECIMAL(20, 0)"}
    if column.kind in types:
        return f"CAST({key} AS {types[column.kind]})"
    # As JSON, null is a value; as a cell it is none.
    return f"CASE WHEN json_type({key}) <> 'NULL' THEN {key} END"
