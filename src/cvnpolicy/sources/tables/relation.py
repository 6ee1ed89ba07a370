"""A dataset as the connection sees it: one view whose columns have names of ours, never names of a policy."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Literal

from cvnpolicy.sources.paths import FoundFile
from cvnpolicy.sources.refused import Refused, nearest


class Kind(Enum):
    """What a column holds, as far as statistics and filters care. The value is the word in messages."""

    INTEGER = "integers"
    """BIGINT in the view."""
    NUMBER = "numbers"
    """DOUBLE in the view."""
    DECIMAL = "decimal numbers"
    """DECIMAL in the view: compared digit by digit, measured as DOUBLE. Integers above 64 bits are of this kind too."""
    BOOLEAN = "booleans"
    TEXT = "text"
    INSTANT = "instants"
    """TIMESTAMP WITH TIME ZONE in the view."""
    NAIVE = "times without a time zone"
    OTHER = "values of another type"


MOST_COLUMNS = 10_000
"""A file with more is taken for a mistake: what reads it needs time that grows faster than their number."""

EMPTY = "empty"
"""What a column without any value says of its type."""
NOTHING = '"NULL"'
"""DuckDB's type of such a column."""
UNSIGNED = (20, 0)
"""The digits of unsigned integers of 64 bits."""

_INTEGERS = frozenset({"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"})
_NUMBERS = frozenset({"HUGEINT", "UHUGEINT", "FLOAT", "DOUBLE"})
_INSTANTS = frozenset({"TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ_NS"})
_DECIMAL = re.compile(r"DECIMAL\((\d+),\s*(\d+)\)")
_CASTS = {
    Kind.INTEGER: "BIGINT",
    Kind.NUMBER: "DOUBLE",
    Kind.TEXT: "VARCHAR",
    Kind.INSTANT: "TIMESTAMP WITH TIME ZONE",
}


def kind_of(duckdb_type: str) -> Kind:
    """Return the kind of a DuckDB type, by its name. A column without any value counts as text."""
    if duckdb_type in _INTEGERS:
        return Kind.INTEGER
    if duckdb_type in _NUMBERS:
        return Kind.NUMBER
    if digits(duckdb_type) is not None:
        return Kind.DECIMAL
    if duckdb_type == "BOOLEAN":
        return Kind.BOOLEAN
    if duckdb_type in ("VARCHAR", NOTHING) or duckdb_type.startswith("ENUM"):
        return Kind.TEXT
    if duckdb_type in _INSTANTS:
        return Kind.INSTANT
    return Kind.NAIVE if duckdb_type.startswith("TIMESTAMP") else Kind.OTHER


def digits(duckdb_type: str) -> tuple[int, int] | None:
    """Return how many digits a DuckDB type of decimals has, and how many of them stand after the point."""
    if duckdb_type == "UBIGINT":
        return UNSIGNED
    match = _DECIMAL.fullmatch(duckdb_type)
    return None if match is None else (int(match[1]), int(match[2]))


def quoted(identifier: str) -> str:
    """Return an identifier for SQL, whatever characters it has."""
    return '"' + identifier.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a text literal for SQL. Only for file paths, in statements that take no parameters."""
    return "'" + text.replace("'", "''") + "'"


def cast(expression: str, duckdb_type: str) -> str:
    """Return an expression of a DuckDB type in the view's type of its kind.

    Nanoseconds are cut to the microsecond before, also before 1970: DuckDB's own division cuts towards 0.
    """
    if duckdb_type == "TIMESTAMPTZ_NS":
        ns = f"epoch_ns({expression})"
        return f"make_timestamptz({ns} // 1000 - CASE WHEN {ns} % 1000 < 0 THEN 1 ELSE 0 END)"
    kind, wide = kind_of(duckdb_type), digits(duckdb_type)
    if wide is not None:
        return f"CAST({expression} AS DECIMAL({wide[0]}, {wide[1]}))"
    return f"CAST({expression} AS {_CASTS[kind]})" if kind in _CASTS else expression


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a view."""

    name: str
    """As the file has it."""
    sql: str
    """As the view has it: an identifier of ours."""
    kind: Kind
    says: str
    """Its type, for messages."""
    loose: bool = False
    """Text of a format without types, where numerals stand for numbers."""
    digits: tuple[int, int] | None = None
    """For decimals, how many digits there are, and how many of them after the point."""


@dataclass(frozen=True, slots=True)
class Relation:
    """A view of a dataset. Besides its columns it has ``f``, a file's name, and ``r``, which orders the file's rows."""

    dataset: str
    view: str
    columns: Mapping[str, Column]
    known: Sequence[str]
    """Every column that the data has, for suggestions."""
    time: str | None
    """The column of each row's instant, when one is declared."""
    faults: Mapping[str, str] = field(default_factory=dict)
    """Columns that are there but cannot be used, and why."""
    numbered: Literal["row", "line"] = "row"
    """Whether ``r`` counts the lines of a file, or only orders its rows."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """What messages call a file, where ``f`` is its path."""

    def column(self, name: str) -> Column:
        """Return a column.

        Raises:
            Refused: It is not there or cannot be used.
        """
        if name in self.faults:
            raise Refused(f"column '{name}' of dataset '{self.dataset}' {self.faults[name]}")
        if name not in self.columns:
            hint = nearest(name, self.known, "columns")
            raise Refused(f"dataset '{self.dataset}' has no column '{name}'", hint)
        return self.columns[name]


def check_columns(file: FoundFile, count: int) -> None:
    """Refuse a file of too many columns."""
    if count > MOST_COLUMNS:
        reason = f"{file.label} has {count:,} columns, more than {MOST_COLUMNS:,}"
        raise Refused(reason, "write a row for each value instead of a column")


def typed(name: str, sql: str, duckdb_type: str) -> Column:
    """Return a column of a format with types."""
    if duckdb_type == NOTHING:
        return Column(name, sql, Kind.TEXT, EMPTY, loose=True)
    return Column(name, sql, kind_of(duckdb_type), duckdb_type, digits=digits(duckdb_type))
