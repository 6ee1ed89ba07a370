"""The fast way: DuckDB drops what cannot match and reads lines of one shape. Needs numpy, pyarrow and a connection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from cvnpolicy.sources.logfmt.blocks import Block
from cvnpolicy.sources.logfmt.family import Family
from cvnpolicy.sources.logfmt.line import value
from cvnpolicy.sources.logfmt.query import EVENT, Query
from cvnpolicy.sources.logfmt.shape import Stamp

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa


VIEW = "cvnpolicy_log_block"
"""Name under which a block is registered with the connection while it is read."""

_NO_INSTANT = "CAST(NULL AS BIGINT)"
_BATCH_ROWS = 16_384
"""Lines that one thread of DuckDB takes at once."""


def lines_table(block: Block) -> pa.Table:
    """Return the lines of a block with their index: columns ``i`` int32 and ``line`` string, newline included.

    Args:
        block: Valid UTF-8. It is not copied, so the table lasts as long as the block.
    """
    import numpy as np
    import pyarrow as pa

    offsets = np.zeros(len(block.ends) + 1, dtype=np.int32)
    offsets[1:] = block.ends
    line = pa.StringArray.from_buffers(len(block.ends), pa.py_buffer(offsets), pa.py_buffer(block.data))
    return pa.table({"i": np.arange(len(block.ends), dtype=np.int32), "line": line})


def read(
    connection: duckdb.DuckDBPyConnection,
    lines: pa.Table,
    query: Query,
    families: Sequence[Family],
    *,
    narrow: bool,
) -> tuple[pa.Table, pa.Table]:
    """Read the lines of some families.

    Args:
        connection: Runs one query; nothing of it remains there.
        lines: Columns ``i`` and ``line``.
        query: What is asked.
        families: What lines look like; a line is tried with each until one fits.
        narrow: Whether lines without a needle of the query are still to be dropped.

    Returns:
        The events found, in no order, as ``i`` int32, ``s`` int32 (the index of the family), ``ts`` int64 and one
        string column ``k0, k1, …`` for each wanted key; and the lines left undecided, as ``i`` and ``line``, in order.
    """
    import pyarrow.compute as pc

    found = _run(connection, lines, _sql(query, families, narrow=narrow))
    undecided = pc.is_valid(found["line"])
    rows = found.filter(pc.invert(undecided)).drop_columns(["line"])
    return _resolved(rows, len(query.keys)), found.filter(undecided).select(["i", "line"]).sort_by("i")


def _sql(query: Query, families: Sequence[Family], *, narrow: bool) -> str:
    """Return one query for all families: each tries what the one before has left, and the last leaves the undecided."""
    needles = " OR ".join(f"contains(line, {_literal(needle)})" for needle in query.needles)
    wanted = ", ".join(_literal(f"{EVENT}={written}") for written in (query.event, f'"{query.event}"'))
    nothing = "".join(f", CAST(NULL AS VARCHAR) AS k{index}" for index in range(len(query.keys)))
    steps = [f"left0 AS (SELECT i, line FROM {VIEW} WHERE {needles if narrow else 'true'})"]
    answers = [f"SELECT i, CAST(NULL AS INTEGER) AS s, line, {_NO_INSTANT} AS ts{nothing} FROM left{len(families)}"]
    for index, family in enumerate(families):
        groups = family.groups(query)
        at = {name: f"m{part}.g{group}" for part, names in enumerate(groups) for group, name in enumerate(names)}
        first, *more = map(_capture, family.patterns(query), map(len, groups))
        instant = _instant(at.get(query.time), family.trunk.stamp)
        others = "".join(f", {sql} AS m{part}" for part, sql in enumerate(more, 1))
        mine = f"SELECT i, line, m0, {instant} AS ts{others} FROM tried{index} WHERE {at[EVENT]} IN ({wanted})"
        # Materialized, or a pattern would run once for every use of what it captures.
        steps += [
            f"tried{index} AS MATERIALIZED (SELECT i, line, {first} AS m0 FROM left{index})",
            f"left{index + 1} AS (SELECT i, line FROM tried{index} WHERE {at[EVENT]} = '')",
            f"read{index} AS MATERIALIZED ({mine})",
        ]
        undated = "CASE WHEN ts IS NULL THEN line END"
        answers.append(f"SELECT i, {index}, {undated}, ts{_values(query, family, at)} FROM read{index}")
    return f"WITH {', '.join(steps)} {' UNION ALL '.join(answers)}"


def _capture(pattern: str, groups: int) -> str:
    return f"regexp_extract(line, {_literal(pattern)}, {[f'g{index}' for index in range(groups)]})"


def _instant(wall: str | None, stamp: Stamp | None) -> str:
    """Return SQL for the instant in microseconds; null when the date does not exist or cannot be read here."""
    if wall is None or stamp is None:
        return _NO_INSTANT
    return f"epoch_us(TRY_CAST({wall} AS TIMESTAMP)) - {stamp.offset_us}"


def _values(query: Query, family: Family, at: Mapping[str, str]) -> str:
    """Return SQL for the wanted columns: unquoted where captured, ``true`` for a bare key, null where there is none."""
    bare = {key for key, has_value in family.trunk.keys if not has_value}
    absent = {key: "'true'" if key in bare else "CAST(NULL AS VARCHAR)" for key in query.keys}
    return "".join(f", {_unquoted(at[key]) if key in at else absent[key]}" for key in query.keys)


def _run(connection: duckdb.DuckDBPyConnection, lines: pa.Table, sql: str) -> pa.Table:
    """Return the answer to a query over the lines."""
    import pyarrow as pa

    connection.register(VIEW, pa.Table.from_batches(lines.to_batches(max_chunksize=_BATCH_ROWS), lines.schema))
    try:
        return connection.sql(sql).to_arrow_table()
    finally:
        connection.unregister(VIEW)


def _literal(text: str) -> str:
    """Return an SQL string literal. DuckDB's standard literals know one special character, the quote, written twice."""
    quoted = text.replace("'", "''")
    return f"'{quoted}'"


def _unquoted(written: str) -> str:
    """Return SQL for a value without its quotes; one with escapes keeps them and so begins with a quote."""
    plain = f"starts_with({written}, '\"') AND NOT contains({written}, '\\')"
    return f"CASE WHEN {plain} THEN substring({written}, 2, length({written}) - 2) ELSE {written} END"


def _resolved(rows: pa.Table, keys: int) -> pa.Table:
    """Return the events with escapes in their values resolved."""
    import pyarrow as pa
    import pyarrow.compute as pc

    for index in range(keys):
        name = f"k{index}"
        column = rows[name].combine_chunks()
        escaped = pc.fill_null(pc.starts_with(column, '"'), fill_value=False)
        if pc.any(escaped).as_py():
            meant = pa.array([value(written) for written in column.filter(escaped).to_pylist()], pa.string())
            column = pc.replace_with_mask(column, escaped, meant)
            rows = rows.set_column(rows.column_names.index(name), name, column)
    return rows
