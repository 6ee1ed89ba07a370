"""Columns of text that stand for something else: numerals, booleans, instants. Nothing is guessed value by value."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cvnpolicy.sources.refused import Refused
from cvnpolicy.sources.tables.relation import Column, Kind, Relation
from cvnpolicy.sources.tables.workspace import Workspace

# RE2 and Python read these alike. 18 digits fit into 64 bits.
INTEGER = r"[+-]?[0-9]{1,18}"
NUMERAL = r"[+-]?(?:(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?|[nN][aA][nN]|[iI][nN][fF](?:inity)?)"
BOOLEAN = r"[tT]rue|[fF]alse|TRUE|FALSE"
_NUMERAL = re.compile(NUMERAL, re.ASCII)


@dataclass(frozen=True, slots=True)
class TextProfile:
    """What the values of a column of text look like, over all its rows."""

    values: int
    """Not NULL."""
    integers: int
    numerals: int
    """Integers included."""
    booleans: int


def profile(workspace: Workspace, relation: Relation, column: Column) -> TextProfile:
    """Return what a column of text holds."""
    return workspace.once(("profile", relation.view, column.sql), lambda: _profile(workspace, relation, column))


def _profile(workspace: Workspace, relation: Relation, column: Column) -> TextProfile:
    counts = ", ".join(f"count(*) FILTER (regexp_full_match({column.sql}, ?))" for _ in (INTEGER, NUMERAL, BOOLEAN))
    row = workspace.fetch(f"SELECT count({column.sql}), {counts} FROM {relation.view}", [INTEGER, NUMERAL, BOOLEAN])[0]
    return TextProfile(*(int(count) for count in row))


def numeral(text: str) -> float | None:
    """Return the number that a text writes; None where it writes none."""
    return float(text) if _NUMERAL.fullmatch(text) else None


def measured(workspace: Workspace, relation: Relation, column: Column) -> tuple[str, bool]:
    """Return the SQL of a column as numbers, and whether they are integers.

    Raises:
        Refused: It does not hold numbers; for text without a type, the first value that is none.
    """
    if column.kind is Kind.INTEGER:
        return column.sql, True
    if column.kind is Kind.NUMBER:
        return column.sql, False
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
    return Refused(
        f"column '{column.name}' of dataset '{relation.dataset}' is text: '{value[:40]}'{place} is not a number",
        "leave a missing number empty",
    )


def first(workspace: Workspace, relation: Relation, column: Column, condition: str, *values: str) -> tuple[str, str]:
    """Return the first value of a column of text that meets a condition, and where it stands, for a message.

    Args:
        workspace: Where to ask.
        relation: The rows.
        column: The column.
        condition: In SQL of ours; some value must meet it.
        *values: Its parameters.
    """
    query = (
        f"SELECT {column.sql}, f, r FROM {relation.view}"
        f" WHERE {column.sql} IS NOT NULL AND ({condition}) ORDER BY f, r LIMIT 1"
    )
    value, file, place = workspace.fetch(query, values)[0]
    if file is None:
        return str(value), f" in row {place + 1}"
    if relation.numbered == "line":
        return str(value), f" in {file} line {place}"
    query = f"SELECT count(*) FROM {relation.view} WHERE f = ? AND r <= ?"
    (row,) = workspace.fetch(query, [file, place])[0]
    return str(value), f" in {file} row {row}"
