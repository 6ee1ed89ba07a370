"""Columns of text that stand for something else: numerals, booleans, instants. Nothing is guessed value by value.

A numeral that is written as a whole number of up to 38 digits means exactly this number. Any other one means the float
nearest to it, as the program that wrote it most likely had one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cvnpolicy.sources.refused import Refused
from cvnpolicy.sources.tables.relation import Column, Kind, Relation
from cvnpolicy.sources.tables.workspace import Workspace

# RE2 and Python read these alike.
_DIGITS = r"[+-]?[0-9]{1,38}"
_WHOLE = rf"{_DIGITS}(?:\.0*)?"
_LONG = r"[+-]?[0-9]{16,38}(?:\.0*)?"
NUMERAL = r"[+-]?(?:(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?|[nN][aA][nN]|[iI][nN][fF](?:inity)?)"
_NONFINITE = r"[+-]?(?:[nN][aA][nN]|[iI][nN][fF](?:inity)?)"
BOOLEAN = r"[tT]rue|[fF]alse|TRUE|FALSE"
_PYTHON_NUMERAL, _PYTHON_WHOLE = re.compile(NUMERAL, re.ASCII), re.compile(_WHOLE, re.ASCII)

EXACT = 2**53
"""Below it a whole number is the only one that its float stands for."""
MOST_DIGITS = 10**38
"""Whole numbers below it keep all their digits."""


@dataclass(frozen=True, slots=True)
class TextProfile:
    """What the values of a column of text look like, over all its rows."""

    values: int
    """Not NULL."""
    integers: int
    """Those that 64 bits hold."""
    numerals: int
    """Integers included."""
    booleans: int


def profile(workspace: Workspace, relation: Relation, column: Column) -> TextProfile:
    """Return what a column of text holds."""
    return workspace.once(("profile", relation.view, column.sql), lambda: _profile(workspace, relation, column))


def _profile(workspace: Workspace, relation: Relation, column: Column) -> TextProfile:
    name = column.sql
    row = workspace.fetch(
        f"SELECT count({name}),"
        f" count(*) FILTER (regexp_full_match({name}, ?) AND TRY_CAST({name} AS BIGINT) IS NOT NULL),"
        f" count(*) FILTER (regexp_full_match({name}, ?)), count(*) FILTER (regexp_full_match({name}, ?))"
        f" FROM {relation.view}",
        [_DIGITS, NUMERAL, BOOLEAN],
    )[0]
    return TextProfile(*(int(count) for count in row))


def numeral(text: str) -> int | float | None:
    """Return the number that a text writes; None where it writes none."""
    if _PYTHON_WHOLE.fullmatch(text):
        return int(text.partition(".")[0])
    return float(text) if _PYTHON_NUMERAL.fullmatch(text) else None


def exactly(sql: str) -> str:
    """Return the SQL of a column of numerals as text that is equal where the numbers are equal.

    For numbers of which doubles cannot tell neighbours apart; slow, and not in the order of numbers.
    """
    double = f"TRY_CAST({sql} AS DOUBLE)"
    return (
        f"CASE WHEN regexp_full_match({sql}, '{_WHOLE}')"
        f" THEN CAST(TRY_CAST(split_part({sql}, '.', 1) AS HUGEINT) AS VARCHAR)"
        f" WHEN abs({double}) < 1e38 AND {double} = trunc({double})"
        f" THEN CAST(TRY_CAST({double} AS HUGEINT) AS VARCHAR) ELSE CAST({double} AS VARCHAR) END"
    )


def comparable(workspace: Workspace, relation: Relation, column: Column) -> tuple[str, str | None]:
    """Return the SQL of a column whose values are equal where they mean the same; and the SQL of its floats, if any."""
    if column.kind is Kind.NUMBER:
        return column.sql, column.sql
    if column.kind is not Kind.TEXT or not column.loose:
        return column.sql, None
    found = profile(workspace, relation, column)
    if found.integers == found.values:
        return f"CAST({column.sql} AS BIGINT)", None
    if found.numerals < found.values:
        return column.sql, None
    floats = f"CAST({column.sql} AS DOUBLE)"
    return (exactly(column.sql) if _is_long(workspace, relation, column) else floats), floats


def absent(value: str, floats: str | None) -> str:
    """Return the SQL condition that a row has no usable value, for what :func:`comparable` returned."""
    return f"{value} IS NULL" if floats is None else f"NOT coalesce(isfinite({floats}), false)"


def refuse_ambiguous(workspace: Workspace, relation: Relation, column: Column) -> None:
    """Refuse a column of text in which numbers, other words, and NaN or ±inf stand side by side.

    The words make it text, in which ``nan`` is a word like any other; the numbers speak for a mistake.

    Raises:
        Refused: With the first value that is no number.
    """
    if column.kind is not Kind.TEXT or not column.loose:
        return
    found = profile(workspace, relation, column)
    if not 0 < found.numerals < found.values:
        return
    query = f"SELECT count(*) FROM {relation.view} WHERE regexp_full_match({column.sql}, ?)"
    (odd,) = workspace.fetch(query, [_NONFINITE])[0]
    if 0 < odd < found.numerals:
        raise _first_bad(workspace, relation, column)


def _is_long(workspace: Workspace, relation: Relation, column: Column) -> bool:
    """Whether a column of text has whole numbers that doubles could take for their neighbours."""
    query = f"SELECT count(*) FROM {relation.view} WHERE regexp_full_match({column.sql}, ?)"
    return workspace.once(("long", relation.view, column.sql), lambda: bool(workspace.fetch(query, [_LONG])[0][0]))


def measured(workspace: Workspace, relation: Relation, column: Column) -> tuple[str, bool]:
    """Return the SQL of a column as numbers, and whether they are integers.

    Raises:
        Refused: It does not hold numbers; for text without a type, the first value that is none.
    """
    if column.kind is Kind.INTEGER:
        return column.sql, True
    if column.kind is Kind.NUMBER:
        return column.sql, False
    if column.kind is Kind.DECIMAL:
        return f"CAST({column.sql} AS DOUBLE)", False
    if column.kind is Kind.TEXT and column.loose:
        found = profile(workspace, relation, column)
        if found.integers == found.values:
            return f"CAST({column.sql} AS BIGINT)", True
        if found.numerals == found.values:
            return f"CAST({column.sql} AS DOUBLE)", False
        raise _first_bad(workspace, relation, column)
    hint = "write true and false as 1 and 0 to measure them" if column.kind is Kind.BOOLEAN else ""
    says = f" ({column.says})" if column.kind is Kind.OTHER else ""
    raise Refused(f"column '{column.name}' of dataset '{relation.dataset}' holds {column.kind.value}{says}", hint)


def _first_bad(workspace: Workspace, relation: Relation, column: Column) -> Refused:
    value, place = first(workspace, relation, column, f"NOT regexp_full_match({column.sql}, ?)", NUMERAL)
    # In a log, a key with nothing behind it has a value: the empty text.
    hint = "leave out the key of a missing number" if relation.numbered == "line" else "leave a missing number empty"
    what = f"column '{column.name}' of dataset '{relation.dataset}' is text: '{value[:40]}'{place} is not a number"
    return Refused(what, hint)


def first(workspace: Workspace, relation: Relation, column: Column, condition: str, *values: str) -> tuple[str, str]:
    """Return the first value of a column that meets a condition, as text, and where it stands, for a message.

    Args:
        workspace: Where to ask.
        relation: The rows.
        column: The column.
        condition: In SQL of ours; some value must meet it.
        *values: Its parameters.
    """
    query = (
        f"SELECT CAST({column.sql} AS VARCHAR), f, r FROM {relation.view}"
        f" WHERE {column.sql} IS NOT NULL AND ({condition}) ORDER BY f, r LIMIT 1"
    )
    value, file, place = workspace.fetch(query, values)[0]
    if file is None:
        return str(value), f" in row {place + 1}"
    label = relation.labels.get(file, file)
    if relation.numbered == "line":
        return str(value), f" in {label} line {place}"
    query = f"SELECT count(*) FROM {relation.view} WHERE f = ? AND r <= ?"
    (row,) = workspace.fetch(query, [file, place])[0]
    return str(value), f" in {label} row {row}"
