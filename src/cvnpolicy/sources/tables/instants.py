"""The instant of each row, and the window that cuts by it. Only instants with a time zone count."""

from __future__ import annotations

from datetime import UTC, datetime

from cvnpolicy.core.time import Window, to_us
from cvnpolicy.sources.refused import Refused
from cvnpolicy.sources.tables.relation import Column, Kind, Relation
from cvnpolicy.sources.tables.text import first
from cvnpolicy.sources.tables.workspace import Workspace

_CLOCK = r"\d{4}-\d{2}-\d{2}[T ](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?"
_OFFSET = r"(?:Z|[+-](?:0\d|1[0-5]):?[0-5]\d)"
_HINT = "write instants as 2026-05-12T00:00:00Z"


def instant(workspace: Workspace, relation: Relation) -> str:
    """Return the SQL of a row's instant in microseconds since 1970-01-01T00:00Z; never NULL.

    Text is read as ISO 8601 with an offset, the same one throughout, and cut to whole microseconds.

    Raises:
        Refused: No column of instants is declared, or it is missing, has no time zone or several, or has a value that
            is no instant.
    """
    column = _column(relation)
    workspace.once(("instants", relation.view), lambda: _check(workspace, relation, column))
    return _microseconds(column)


def within(workspace: Workspace, relation: Relation, window: Window) -> tuple[str, list[object]]:
    """Return the SQL condition that a row lies in the half-open window, and its parameters.

    Raises:
        Refused: As :func:`instant`.
    """
    microseconds = instant(workspace, relation)
    column = _column(relation)
    if column.kind is Kind.INSTANT:
        # Compared as it is, so that a scan of Parquet can skip what lies outside.
        return f"({column.sql} >= ? AND {column.sql} < ?)", [window.start, window.end]
    return f"({microseconds} >= ? AND {microseconds} < ?)", [to_us(window.start), to_us(window.end)]


def _column(relation: Relation) -> Column:
    if relation.time is None:
        reason = f"dataset '{relation.dataset}' declares no column of instants"
        raise Refused(reason, "name it as time: in its binding, or ask for window: run")
    return relation.column(relation.time)


def _microseconds(column: Column) -> str:
    if column.kind is Kind.INSTANT:
        return f"epoch_us({column.sql})"
    return f"epoch_us(TRY_CAST({column.sql} AS TIMESTAMP WITH TIME ZONE))"


def _check(workspace: Workspace, relation: Relation, column: Column) -> None:
    says = f"the instants '{column.name}' of dataset '{relation.dataset}'"
    if column.kind is Kind.NAIVE:
        raise Refused(f"{says} have no time zone", _HINT)
    if column.kind not in (Kind.INSTANT, Kind.TEXT):
        raise Refused(f"{says} are {column.says}, not instants with a time zone", _HINT)
    query = f"SELECT count(*) - count({column.sql}) FROM {relation.view}"
    (missing,) = workspace.fetch(query)[0]
    if missing:
        raise Refused(f"{missing} rows of dataset '{relation.dataset}' have no instant in '{column.name}'", _HINT)
    if column.kind is Kind.TEXT:
        _check_text(workspace, relation, column, says)
    _check_calendar(workspace, relation, column, says)


def _check_calendar(workspace: Workspace, relation: Relation, column: Column, says: str) -> None:
    """Refuse instants outside of the years 1 to 9999 in UTC, and ±infinity, which some databases write for "never"."""
    first_us, last_us = to_us(datetime.min.replace(tzinfo=UTC)), to_us(datetime.max.replace(tzinfo=UTC))
    typed = column.sql if column.kind is Kind.INSTANT else f"TRY_CAST({column.sql} AS TIMESTAMP WITH TIME ZONE)"
    query = f"SELECT count(c), epoch_us(min(c)), epoch_us(max(c)) FROM (SELECT {typed} AS c FROM {relation.view})"
    count, least, greatest = workspace.fetch(query)[0]
    # Infinity has no microseconds: NULL.
    if not count or (least is not None and greatest is not None and first_us <= least <= greatest <= last_us):
        return
    inside = f"coalesce({_microseconds(column)} BETWEEN {first_us} AND {last_us}, false)"
    value, place = first(workspace, relation, column, f"NOT {inside}")
    raise Refused(f"{says} go beyond the calendar: '{value[:40]}'{place}", "write years from 0001 to 9999")


def _check_text(workspace: Workspace, relation: Relation, column: Column, says: str) -> None:
    row = workspace.fetch(
        "SELECT count(*) FILTER (regexp_full_match(c, ?)),"
        " count(*) FILTER (NOT regexp_full_match(c, ?)),"
        " count(*) FILTER (TRY_CAST(c AS TIMESTAMP WITH TIME ZONE) IS NULL),"
        " count(DISTINCT replace(replace(regexp_extract(c, ?), 'Z', '+0000'), ':', ''))"
        f" FROM (SELECT {column.sql} AS c FROM {relation.view})",
        [_CLOCK, _CLOCK + _OFFSET, _OFFSET + "$"],
    )[0]
    naive, unreadable, impossible, offsets = (int(count) for count in row)
    if naive:
        value, place = first(workspace, relation, column, f"regexp_full_match({column.sql}, ?)", _CLOCK)
        raise Refused(f"{says} have no time zone: '{value[:40]}'{place}", _HINT)
    if unreadable or impossible:
        condition = (
            f"NOT regexp_full_match({column.sql}, ?) OR TRY_CAST({column.sql} AS TIMESTAMP WITH TIME ZONE) IS NULL"
        )
        value, place = first(workspace, relation, column, condition, _CLOCK + _OFFSET)
        raise Refused(f"{says} are not all instants: '{value[:40]}'{place}", _HINT)
    if offsets > 1:
        raise Refused(f"{says} mix several time zones", "write all of them in one, UTC")
