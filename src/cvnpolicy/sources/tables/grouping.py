"""Which groups a selection has, and the join that gives each of its rows the number of its group."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cvnpolicy.core.evidence import Selection
from cvnpolicy.core.finding import Pairs, Scalar
from cvnpolicy.sources.refused import Refused
from cvnpolicy.sources.tables import members
from cvnpolicy.sources.tables.connection import registered
from cvnpolicy.sources.tables.relation import Column, Kind, Relation
from cvnpolicy.sources.tables.rows import Rows, rows
from cvnpolicy.sources.tables.workspace import Workspace

MOST_GROUPS = 100_000
_GROUPED = (Kind.TEXT, Kind.INTEGER, Kind.NUMBER, Kind.DECIMAL, Kind.BOOLEAN)


@dataclass(frozen=True, slots=True)
class Grouping:
    """The groups of a selection."""

    rows: Rows
    keys: tuple[Pairs, ...]
    """The key of each group, by its number."""
    counts: tuple[int, ...]
    """Rows of each group, by its number; all above 0."""
    join: str
    """SQL that joins the view ``t`` with the numbers."""
    code: str
    """SQL of a row's group number."""
    ungrouped: int = 0
    """Selected rows that belong to no group, because a dimension is NULL or NaN in them."""

    @property
    def sizes(self) -> dict[Pairs, int]:
        """Rows of each group."""
        return dict(zip(self.keys, self.counts, strict=True))


def grouping(workspace: Workspace, selection: Selection, by: Sequence[str]) -> Grouping:
    """Return the groups of a selection. A member is written as the filter on its dimension writes it, if it has one.

    Raises:
        Refused: As :func:`cvnpolicy.sources.tables.rows.rows`; or a dimension holds what cannot be a member, or there
            are more than 100,000 groups.
    """
    key = ("grouping", members_typed(selection), tuple(by))
    return workspace.once(key, lambda: _grouping(workspace, selection, by))


def members_typed(selection: Selection) -> tuple[object, ...]:
    """Return a key that tells 1 from true, which Python's own equality does not."""
    types = tuple((name, tuple(type(value) for value in wanted)) for name, wanted in selection.where)
    return (selection, types)


def _grouping(workspace: Workspace, selection: Selection, by: Sequence[str]) -> Grouping:
    chosen = rows(workspace, selection)
    if not by:
        query = f"SELECT count(*) {chosen.sql()}"
        (count,) = workspace.fetch(query, chosen.values)[0]
        return Grouping(chosen, ((),) if count else (), (count,) if count else (), "", "0")
    columns = [_dimension(chosen.relation, name) for name in by]
    found = _members(workspace, rows(workspace, selection, or_null=by), columns)
    wanted = dict(selection.where)
    codes: dict[Pairs, int] = {}
    counts: list[int] = []
    numbered: list[tuple[object, ...]] = []
    ungrouped = 0
    for *values, count in found:
        key = _key(workspace, chosen.relation, columns, values, wanted)
        if key is None:
            ungrouped += count
            continue
        code = codes.setdefault(key, len(codes))
        counts += [0] * (len(codes) - len(counts))
        counts[code] += count
        numbered.append((*values, code))
    table = _table(workspace, columns, numbered)
    on = " AND ".join(f"t.{column.sql} = m.m{index}" for index, column in enumerate(columns))
    return Grouping(chosen, tuple(codes), tuple(counts), f"JOIN {table} m ON {on}", "m.code", ungrouped)


def _dimension(relation: Relation, name: str) -> Column:
    column = relation.column(name)
    if column.kind not in _GROUPED:
        reason = f"column '{name}' of dataset '{relation.dataset}' holds {column.kind.value}"
        raise Refused(f"{reason}, they cannot be groups", "group by text, numbers or booleans")
    return column


def _members(workspace: Workspace, chosen: Rows, columns: Sequence[Column]) -> list[tuple[Any, ...]]:
    """Return every combination of the dimensions' values, and how many rows have it; in no particular order."""
    names = ", ".join(f"t.{column.sql}" for column in columns)
    query = f"SELECT {names}, count(*) {chosen.sql()} GROUP BY {names} LIMIT {MOST_GROUPS + 1}"
    found = workspace.fetch(query, chosen.values)
    if len(found) > MOST_GROUPS:
        dimensions = ", ".join(column.name for column in columns)
        raise Refused(f"more than {MOST_GROUPS} groups by {dimensions}", "list the expected members")
    return sorted(found, key=repr)


def _key(
    workspace: Workspace,
    relation: Relation,
    columns: Sequence[Column],
    values: Sequence[object],
    wanted: Mapping[str, Sequence[Scalar]],
) -> Pairs | None:
    pairs: list[tuple[str, Scalar]] = []
    for column, found in zip(columns, values, strict=True):
        value = members.plain(found)
        if value is None:
            return None
        listed = members.member(value, wanted[column.name]) if column.name in wanted else None
        name = members.natural(workspace, relation, column, value) if listed is None else listed
        if isinstance(name, float) and math.isnan(name):
            return None
        pairs.append((column.name, name))
    return tuple(sorted(pairs, key=lambda pair: pair[0]))


def _table(workspace: Workspace, columns: Sequence[Column], numbered: Sequence[tuple[object, ...]]) -> str:
    """Create the table of members and group numbers, and return its name."""
    import pyarrow as pa

    types = {Kind.TEXT: pa.string(), Kind.INTEGER: pa.int64(), Kind.NUMBER: pa.float64(), Kind.BOOLEAN: pa.bool_()}
    arrays = {
        f"m{index}": pa.array(
            [row[index] for row in numbered],
            types[column.kind] if column.digits is None else pa.decimal128(*column.digits),
        )
        for index, column in enumerate(columns)
    }
    arrays["code"] = pa.array([row[-1] for row in numbered], pa.int32())
    name = workspace.name("g")
    with registered(workspace.connection, arrays) as numbers:
        workspace.connection.execute(f"CREATE TEMP TABLE {name} AS SELECT * FROM {numbers}")
    return name
