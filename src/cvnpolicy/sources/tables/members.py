"""A filter's values against a column's: equal across types where they write the same thing, never by accident.

A number equals a numeral (``1`` and ``"1"``, ``1.0``), a boolean equals the words ``true`` and ``false``; a boolean
never equals a number. A value that no value of the column's type could equal is refused: a filter with a wrong type
would otherwise find nothing, and say so as if there were nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from cvnpolicy.core.finding import Scalar
from cvnpolicy.sources.refused import Refused
from cvnpolicy.sources.tables.relation import Column, Kind, Relation
from cvnpolicy.sources.tables.text import BOOLEAN, NUMERAL, numeral, profile
from cvnpolicy.sources.tables.workspace import Workspace

_TRUE = {"true": True, "false": False}


def same(value: Scalar, wanted: Scalar) -> bool:
    """Whether a value of a column is what a filter means."""
    if isinstance(value, bool) or isinstance(wanted, bool):
        return _boolean(value) is not None and _boolean(value) is _boolean(wanted)
    if isinstance(value, str) and isinstance(wanted, str):
        return value == wanted
    one, other = _number(value), _number(wanted)
    return one is not None and one == other


def member(value: Scalar, wanted: Sequence[Scalar]) -> Scalar | None:
    """Return the filter's own spelling of a value, one of the same type first; None where the filter lacks it."""
    exact = (each for each in wanted if type(each) is type(value) and each == value)
    return next(exact, next((each for each in wanted if same(value, each)), None))


def condition(
    workspace: Workspace, relation: Relation, column: Column, wanted: Sequence[Scalar]
) -> tuple[str, list[object]]:
    """Return the SQL condition that a row's value is one of the wanted, and its parameters.

    Raises:
        Refused: The column cannot hold one of the wanted values.
    """
    if column.kind is Kind.TEXT:
        return _text_condition(workspace, relation, column, wanted)
    if column.kind not in (Kind.INTEGER, Kind.NUMBER, Kind.BOOLEAN):
        reason = f"column '{column.name}' of dataset '{relation.dataset}' holds {column.kind.value}"
        raise Refused(f"{reason}, no filter can name them", "filter by text, numbers or booleans")
    read = _boolean if column.kind is Kind.BOOLEAN else _number
    values: list[object] = []
    for each in wanted:
        value = read(each)
        if value is None or not _fits(value):
            raise _clash(relation, column, each)
        values.append(value)
    return f"{column.sql} IN ({', '.join('?' * len(values))})", values


def _text_condition(
    workspace: Workspace, relation: Relation, column: Column, wanted: Sequence[Scalar]
) -> tuple[str, list[object]]:
    parts: list[str] = []
    values: list[object] = []
    if texts := [each for each in wanted if isinstance(each, str)]:
        parts.append(f"{column.sql} IN ({', '.join('?' * len(texts))})")
        values += texts
    others = [each for each in wanted if not isinstance(each, str)]
    found = profile(workspace, relation, column) if others else None
    for each in others:
        boolean = isinstance(each, bool)
        possible = found is None or not found.values or (found.booleans if boolean else found.numerals)
        if not possible or not _fits(each):
            raise _clash(relation, column, each)
        pattern, typed = (BOOLEAN, "BOOLEAN") if boolean else (NUMERAL, "DOUBLE")
        parts.append(f"(regexp_full_match({column.sql}, ?) AND TRY_CAST({column.sql} AS {typed}) = ?)")
        values += [pattern, each if boolean else float(each)]
    return f"({' OR '.join(parts)})", values


def natural(workspace: Workspace, relation: Relation, column: Column, value: Scalar) -> Scalar:
    """Return a value as its column means it: text of a format without types is a number where all of it is."""
    if column.kind is not Kind.TEXT or not column.loose or not isinstance(value, str):
        return value
    found = profile(workspace, relation, column)
    if found.integers == found.values:
        return int(value)
    if found.numerals == found.values:
        return float(value)
    return value.lower() == "true" if found.booleans == found.values else value


def _clash(relation: Relation, column: Column, wanted: Scalar) -> Refused:
    shown = str(wanted).lower() if isinstance(wanted, bool) else repr(wanted)
    return Refused(
        f"column '{column.name}' of dataset '{relation.dataset}' holds {column.kind.value},"
        f" so none of them can be {shown}",
        "write the filter in the column's type",
    )


def _fits(value: float) -> bool:
    """Whether a column of numbers can hold it: 64 bits, and not NaN, which equals nothing."""
    return -(2**63) <= value < 2**63 if isinstance(value, int) else not math.isnan(value)


def _boolean(value: Scalar) -> bool | None:
    if isinstance(value, bool):
        return value
    return _TRUE.get(value.lower()) if isinstance(value, str) else None


def _number(value: Scalar) -> int | float | None:
    if isinstance(value, bool):
        return None
    number = numeral(value) if isinstance(value, str) else value
    return None if number is None or math.isnan(number) else number
