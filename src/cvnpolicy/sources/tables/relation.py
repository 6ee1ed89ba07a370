"""A dataset as the connection sees it: one view whose columns have names of ours, never names of a policy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Literal

from cvnpolicy.sources.refused import Refused, nearest


class Kind(Enum):
    """What a column holds, as far as statistics and filters care. The value is the word in messages."""

    INTEGER = "integers"
    """BIGINT in the view."""
    NUMBER = "numbers"
    """DOUBLE in the view."""
    BOOLEAN = "booleans"
    TEXT = "text"
    INSTANT = "instants"
    """TIMESTAMP WITH TIME ZONE in the view."""
    NAIVE = "times without a time zone"
    OTHER = "values of another type"


_INTEGERS = frozenset({"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"})
_NUMBERS = frozenset({"UBIGINT", "HUGEINT", "UHUGEINT", "FLOAT", "DOUBLE"})
_INSTANTS = frozenset({"TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ_NS"})
_CASTS = {
    Kind.INTEGER: "BIGINT",
    Kind.NUMBER: "DOUBLE",
    Kind.TEXT: "VARCHAR",
    Kind.INSTANT: "TIMESTAMP WITH TIME ZONE",
}


def kind_of(duckdb_type: str) -> Kind:
    """Return the kind of a DuckDB type, by its name. Integers that 64 bits cannot hold count as floats."""
    if duckdb_type in _INTEGERS:
        return Kind.INTEGER
    if duckdb_type in _NUMBERS or duckdb_type.startswith("DECIMAL"):
        return Kind.NUMBER
    if duckdb_type == "BOOLEAN":
        return Kind.BOOLEAN
    if duckdb_type == "VARCHAR" or duckdb_type.startswith("ENUM"):
        return Kind.TEXT
    if duckdb_type in _INSTANTS:
        return Kind.INSTANT
    return Kind.NAIVE if duckdb_type.startswith("TIMESTAMP") else Kind.OTHER


def quoted(identifier: str) -> str:
    """Return an identifier for SQL, whatever characters it has."""
    return '"' + identifier.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a text literal for SQL. Only for file paths, in statements that take no parameters."""
    return "'" + text.replace("'", "''") + "'"


def cast(expression: str, duckdb_type: str) -> str:
    """Return an expression of a DuckDB type in the view's type of its kind. Nanoseconds are cut, not rounded."""
    if duckdb_type == "TIMESTAMPTZ_NS":
        return f"make_timestamptz(epoch_ns({expression}) // 1000)"
    kind = kind_of(duckdb_type)
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


def number(connection_types: Sequence[tuple[str, str]], wanted: Sequence[str]) -> dict[str, Column]:
    """Return the wanted columns among (name, DuckDB type), each with an identifier of ours."""
    types = dict(connection_types)
    present = [name for name in wanted if name in types]
    return {name: Column(name, f"c{index}", kind_of(types[name]), types[name]) for index, name in enumerate(present)}
