"""CSV files as one table of text: comma, double quotes, a header, UTF-8. Types are decided by whoever asks."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from cvnpolicy.sources.paths import FoundFile
from cvnpolicy.sources.refused import Refused
from cvnpolicy.sources.tables.connection import address
from cvnpolicy.sources.tables.csv_rows import LONGEST_ROW, Rows, measured
from cvnpolicy.sources.tables.packed import packing, unpacked
from cvnpolicy.sources.tables.relation import Column, Kind, Relation, check_columns, literal

if TYPE_CHECKING:
    import duckdb

_HEADER_HINT = "write the column names in the first line"
_OPTIONS = (
    "all_varchar = true, auto_detect = false, header = true, delim = ',', quote = '\"', escape = '\"', "
    "nullstr = '', strict_mode = true, null_padding = false, ignore_errors = false, "
    # Its own limit is 2,000,000, and counts line ends or not. Longer rows were refused before it reads any.
    f"max_line_size = {LONGEST_ROW + 2**10}"
)


def load(
    connection: duckdb.DuckDBPyConnection,
    view: str,
    dataset: str,
    files: Sequence[FoundFile],
    wanted: Sequence[str],
    time: str | None,
) -> Relation:
    """Copy the wanted columns into memory and create the view. An empty field is NULL.

    Args:
        connection: May open the files.
        view: Its name, one of ours.
        dataset: The dataset's name, for messages.
        files: At least one; each with its own header.
        wanted: The columns to read. One that a file lacks becomes a fault, or is missing where all lack it.
        time: The column of instants.

    Raises:
        Refused: A file has no header, names a column twice, ends inside a row, or is a damaged gzip file; where a row
            begins and ends is in doubt, or one is too long; a row has too few or too many fields; the text is not
            UTF-8; or DuckDB finds more or fewer rows than there are.
        duckdb.Error: A file cannot be read.
    """
    rows = {file.label: _rows(file) for file in files}
    headers = {file.label: _header(file) for file in files}
    present = [name for name in dict.fromkeys(wanted) if any(name in header for header in headers.values())]
    faults = {
        name: f"is missing in {label}" for name in present for label, header in headers.items() if name not in header
    }
    columns = {
        name: Column(name, f"c{index}", Kind.TEXT, "text", loose=True)
        for index, name in enumerate(name for name in present if name not in faults)
    }
    table = f"{view}_rows"
    definition = ", ".join([*(f"{column.sql} VARCHAR" for column in columns.values()), "f VARCHAR"])
    connection.execute(f"CREATE TEMP TABLE {table} ({definition})")
    for file in files:
        found = _copy(connection, table, file, headers[file.label], list(columns.values()))
        _check_count(file.label, found, rows[file.label].below_header(len(headers[file.label])))
    connection.execute(f"CREATE TEMP VIEW {view} AS SELECT *, rowid AS r FROM {table}")
    known = list(dict.fromkeys(name for header in headers.values() for name in header))
    return Relation(dataset, view, columns, known, time, faults)


def _copy(
    connection: duckdb.DuckDBPyConnection, table: str, file: FoundFile, header: Sequence[str], columns: Sequence[Column]
) -> int:
    """Copy the rows of a file, and return how many DuckDB says there were."""
    import duckdb

    fields = ", ".join(f"{literal(f'h{index}')}: 'VARCHAR'" for index in range(len(header)))
    selected = [f"h{header.index(column.name)}" for column in columns]
    options = f"{_OPTIONS}, compression = '{packing(file)}', columns = {{{fields}}}"
    insert = f"INSERT INTO {table} SELECT {', '.join((*selected, '$label'))} FROM read_csv($path, {options}"
    values = {"label": file.label, "path": address(file.path)}
    try:
        try:
            found = connection.execute(f"{insert})", values).fetchall()
        except duckdb.NotImplementedException:
            # Some files with line ends inside quotes cannot be read by several threads; DuckDB says so and reads none.
            found = connection.execute(f"{insert}, parallel = false)", values).fetchall()
    except duckdb.InvalidInputException as error:
        raise _broken(file.label, str(error)) from error
    return int(found[0][0])


def _check_count(label: str, found: int, there: int) -> None:
    """Refuse a file of which rows were left out, or made up."""
    if found != there:
        reason = f"{label} has {there:,} rows by its line ends, and {found:,} were read"
        raise Refused(reason, "write it as Parquet, and report this with the file")


def _broken(label: str, message: str) -> Refused:
    """Return what DuckDB says of a broken row, without its advice on how to read it all the same."""
    line = re.search(r"CSV Error on Line: (\d+)", message)
    place = f"{label} line {line[1]}" if line else label
    if fields := re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", message):
        return Refused(f"{place} has {fields[2]} fields, its header {fields[1]}", "complete or remove the row")
    if "unterminated quote" in message:
        return Refused(f"{place} opens a quote that is never closed", "close it, or double the quotes inside a field")
    if "unicode" in message:
        return Refused(f"{place} is not UTF-8", "save the file as UTF-8")
    return Refused(f"{place} is not well-formed CSV", "separate fields with commas and quote with double quotes")


def _header(file: FoundFile) -> list[str]:
    """Return the column names of a file whose rows were measured."""
    try:
        with unpacked(file) as binary, io.TextIOWrapper(binary, encoding="utf-8-sig", newline="") as text:
            header = next(csv.reader(text, strict=True), None)
    except UnicodeDecodeError as error:
        raise Refused(f"{file.label} is not UTF-8", "save it as UTF-8") from error
    except csv.Error as error:
        raise Refused(f"{file.label} has a damaged header: {error}", _HEADER_HINT) from error
    if not header:
        raise Refused(f"{file.label} has no header", _HEADER_HINT)
    check_columns(file, len(header))
    twice = sorted(name for name, count in Counter(header).items() if count > 1)
    if twice:
        raise Refused(f"{file.label} names the column '{twice[0][:80]}' twice", "give each column its own name")
    return header


def _rows(file: FoundFile) -> Rows:
    """Return how many rows a file has, if it ends with a whole one."""
    found = measured(file)
    # The last number of a line without an end may be half written, 0.6 of 0.61.
    if not found.ended:
        hint = "wait for its writer, or end the last line with a newline"
        raise Refused(f"{file.label} ends inside a row: the last line has no newline", hint)
    return found
