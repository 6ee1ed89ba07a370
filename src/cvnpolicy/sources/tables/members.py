"""A filter's values against a column's: equal across types where they write the same thing, never by accident.

A number equals a numeral (``1`` and ``"1"``, ``1.0``), a boolean equals the words ``true`` and ``false``; a boolean
never equals a number. A value that no value of the column's type could equal is refused: a filter with a wrong type
would otherwise find nothing, and say so as if there were nothing.

Numbers are compared exactly, never as the floats nearest to them: identifiers of 18 digits have neighbours.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from cvnpolicy.core.finding import Scalar
from cvnpolicy.sources.refused import Refused
from cvnpolicy.sources.tables.relation import Column, Kind, Relation
from cvnpolicy.sources.tables.text import BOOLEAN, EXACT, MOST_DIGITS, NUMERAL, exactly, numeral, profile
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


def different(wanted: Sequence[Scalar]) -> tuple[Scalar, ...]:
    """Return a filter's values without those that mean what another one means: of ``[1, "1", 1.0]`` the first.

    Two texts are never the same, whatever they write: a column of text may hold ``1`` and ``1.0``.
    """
    others = {_typed_key(each): each for each in reversed(wanted) if not isinstance(each, str)}
    found: dict[tuple[str, object], Scalar] = {}
    for each in wanted:
        meant = [("boolean", _boolean(each)), ("number", _number(each))] if isinstance(each, str) else []
        found.setdefault(next((key for key in meant if key in others), _typed_key(each)), each)
    return tuple(found.values())


def _typed_key(value: Scalar) -> tuple[str, object]:
    return ("boolean" if isinstance(value, bool) else "text" if isinstance(value, str) else "number"), value


def condition(
    workspace: Workspace, relation: Relation, column: Column, wanted: Sequence[Scalar]
) -> tuple[str, list[object]]:
    """Return the SQL condition that a row's value is one of the wanted, and its parameters.

    Raises:
        Refused: The column cannot hold one of the wanted values.
    """
    if column.kind is Kind.TEXT:
        return _text_condition(workspace, relation, column, wanted)
    if column.kind not in (Kind.INTEGER, Kind.NUMBER, Kind.DECIMAL, Kind.BOOLEAN):
        reason = f"column '{column.name}' of dataset '{relation.dataset}' holds {column.kind.value}"
        raise Refused(f"{reason}, no filter can name them", "filter by text, numbers or booleans")
    values: list[object] = []
    for each in wanted:
        held = _held(column, each)
        if held is None:
            raise _clash(relation, column, each)
        values += held
    if not values:
        return "false", values
    value = "?" if column.digits is None else f"CAST(? AS DECIMAL({column.digits[0]}, {column.digits[1]}))"
    return f"{column.sql} IN ({', '.join([value] * len(values))})", values


def _held(column: Column, wanted: Scalar) -> Sequence[object] | None:
    """Return what a filter's value is in the column's own type.

    Nothing where it is no value of that type, as 1.5 is none of integers; None where it can never have been meant.
    """
    if column.kind is Kind.BOOLEAN:
        boolean = _boolean(wanted)
        return None if boolean is None else (boolean,)
    value = _number(wanted)
    if value is None:
        return None
    if isinstance(value, int) and abs(value) >= MOST_DIGITS:
        return None
    if column.digits is not None:
        return _decimal(wanted if isinstance(wanted, str) else value, *column.digits)
    if column.kind is Kind.INTEGER:
        if isinstance(value, float) and not value.is_integer():
            return ()
        return (int(value),) if -(2**63) <= value < 2**63 else None
    return (float(value),) if float(value) == value else None


def _decimal(value: float | str, width: int, scale: int) -> Sequence[object] | None:
    """Return a number as a decimal column of so many digits holds it, as :func:`_held` does."""
    written = Decimal(str(value))
    if not written.is_finite():
        return ()
    whole = Fraction(written) * 10**scale
    if abs(whole) >= 10**width:
        return None
    return () if whole.denominator > 1 else (f"{written:f}",)


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
        if not possible or (abs(each) >= MOST_DIGITS if isinstance(each, int) else math.isnan(each)):
            raise _clash(relation, column, each)
        pattern, typed, value = _typed(column, each)
        parts.append(f"(regexp_full_match({column.sql}, ?) AND {typed} = ?)")
        values += [pattern, value]
    return f"({' OR '.join(parts)})", values


def _typed(column: Column, wanted: float) -> tuple[str, str, object]:
    """Return the pattern of texts that may mean a value, the SQL of what they mean, and the value as it has it."""
    if isinstance(wanted, bool):
        return BOOLEAN, f"TRY_CAST({column.sql} AS BOOLEAN)", wanted
    if EXACT <= abs(wanted) < MOST_DIGITS:
        return NUMERAL, exactly(column.sql), str(int(wanted))
    return NUMERAL, f"TRY_CAST({column.sql} AS DOUBLE)", float(wanted)


def plain(value: object) -> Scalar | None:
    """Return a value of DuckDB's as a member's name: decimals as the numbers that they are, and one zero only."""
    if isinstance(value, Decimal):
        short = float(value)
        exact = int(value) if Fraction(value).denominator == 1 else str(value)
        return short if value.as_tuple().exponent and Decimal(repr(short)) == value else exact
    if isinstance(value, float):
        return value + 0.0
    return value if isinstance(value, str | int) else None


def natural(workspace: Workspace, relation: Relation, column: Column, value: Scalar) -> Scalar:
    """Return a value as its column means it: text of a format without types is a number where all of it is."""
    if column.kind is not Kind.TEXT or not column.loose or not isinstance(value, str):
        return value
    found = profile(workspace, relation, column)
    number = numeral(value)
    if found.integers == found.values:
        return int(value)
    if found.numerals == found.values and number is not None:
        return number if isinstance(number, int) and number != float(number) else float(number) + 0.0
    return value.lower() == "true" if found.booleans == found.values else value


def _clash(relation: Relation, column: Column, wanted: Scalar) -> Refused:
    shown = str(wanted).lower() if isinstance(wanted, bool) else repr(wanted)
    return Refused(
        f"column '{column.name}' of dataset '{relation.dataset}' holds {column.kind.value},"
        f" so none of them can be {shown}",
        "write the filter in the column's type",
    )


def _boolean(value: Scalar) -> bool | None:
    if isinstance(value, bool):
        return value
    return _TRUE.get(value.lower()) if isinstance(value, str) else None


def _number(value: Scalar) -> int | float | None:
    if isinstance(value, bool):
        return None
    number = numeral(value) if isinstance(value, str) else value
    return None if isinstance(number, float) and math.isnan(number) else number
