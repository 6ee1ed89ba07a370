"""From blocks of lines to the events asked for. Needs numpy, pyarrow and a DuckDB connection."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from cvnpolicy.sources.logfmt import exact, fast
from cvnpolicy.sources.logfmt.blocks import Block, read_blocks
from cvnpolicy.sources.logfmt.encoding import blank_other_encodings
from cvnpolicy.sources.logfmt.errors import Place
from cvnpolicy.sources.logfmt.family import Family
from cvnpolicy.sources.logfmt.files import LogFiles
from cvnpolicy.sources.logfmt.instants import OneOffset
from cvnpolicy.sources.logfmt.query import Query
from cvnpolicy.sources.logfmt.shape import Shape, shape_of

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

LEARN_FROM = 256
"""Lines that are read exactly for a sample of shapes, when more are undecided in a block. Fewer never need a query."""
WORTH = 64
"""A shape is worth learning when one line of this many in the sample has it."""
MAX_FAMILIES = 16
"""Families of shapes learned in one scan; lines of further ones are read exactly."""


class Scan:
    """One pass over a log. What it learns of the shapes of lines serves the blocks that follow."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, query: Query) -> None:
        self.lines = 0
        """Lines passed so far."""
        self._connection = connection
        self._query = query
        self._offsets = OneOffset()
        self._families: list[Family] = []
        self._shapes: set[Shape] = set()

    def run(self, files: LogFiles) -> Iterator[pa.Table]:
        """Yield the events of all files, block by block, in the order of files and lines.

        Yields:
            Tables of ``file`` int32 (index in ``files``), ``line`` int64 (1-based), ``ts`` int64 and ``k0, k1, …``.

        Raises:
            LogError: A file, or a line that matters, cannot be answered from.
        """
        import pyarrow as pa

        for index, path in enumerate(files.paths):
            for block in read_blocks(path):
                self.lines += len(block.ends)
                parts = self._read(block)
                if parts:
                    table = pa.concat_tables(parts).sort_by("line")
                    yield table.add_column(0, "file", pa.repeat(pa.scalar(index, pa.int32()), table.num_rows))
        files.refuse_changes()

    def _read(self, block: Block) -> list[pa.Table]:
        """Return the events of a block, in parts of no order."""
        parts: list[pa.Table] = []
        if not block.contains(self._query.needles):
            return parts
        blank_other_encodings(block, self._query)
        start = block.first
        self._families.sort(key=lambda family: family.events, reverse=True)
        rest = self._by_pattern(fast.lines_table(block), start, parts, narrow=True)
        while rest.num_rows:
            sample = rest.slice(0, LEARN_FROM)
            rest = rest.slice(sample.num_rows)
            if self._exactly(sample, start, parts, learn=rest.num_rows > 0):
                rest = self._by_pattern(rest, start, parts)
        return [part for part in parts if part.num_rows]

    def _by_pattern(self, lines: pa.Table, start: Place, parts: list[pa.Table], *, narrow: bool = False) -> pa.Table:
        """Read lines of learned shapes into the parts; return the lines left undecided."""
        rows, rest = fast.read(self._connection, lines, self._query, self._families, narrow=narrow)
        for used in rows.group_by("s").aggregate([("i", "min"), ("i", "count")]).sort_by("i_min").to_pylist():
            family = self._families[used["s"]]
            family.events += used["i_count"]
            if family.trunk.stamp:
                self._offsets.note(family.trunk.stamp.offset, Place(start.file, start.line + used["i_min"]))
        parts.append(_numbered(rows.drop_columns(["s"]), start.line))
        return rest

    def _exactly(self, lines: pa.Table, start: Place, parts: list[pa.Table], *, learn: bool) -> bool:
        """Read lines exactly into the parts; return whether a new shape was learned from them."""
        rows: list[exact.Row] = []
        shapes: Counter[Shape] = Counter()
        for index, line in zip(lines["i"].to_pylist(), lines["line"].to_pylist(), strict=True):
            place = Place(start.file, start.line + index)
            parsed = exact.read_pairs(self._query, line, place)
            if parsed is None:
                continue
            row = exact.read_row(self._query, parsed, place, self._offsets)
            if row:
                rows.append(row)
            shape = shape_of(parsed, self._query) if learn else None
            if shape:
                shapes[shape] += 1
        parts.append(_table(rows, len(self._query.keys)))
        common = [shape for shape, seen in shapes.items() if seen * WORTH >= lines.num_rows]
        return sum(map(self._learn, common)) > 0

    def _learn(self, shape: Shape) -> bool:
        """Take a shape into a family; return whether it is a new one and there was room for it."""
        if shape in self._shapes:
            return False
        if not any(family.add(shape) for family in self._families):
            if len(self._families) >= MAX_FAMILIES:
                return False
            family = Family(shape.trunk)
            family.add(shape)
            self._families.append(family)
        self._shapes.add(shape)
        return True


def _numbered(rows: pa.Table, first_line: int) -> pa.Table:
    """Return the rows with ``i`` turned into the number of the line."""
    import pyarrow as pa
    import pyarrow.compute as pc

    line = pc.add(rows["i"].cast(pa.int64()), first_line)
    return rows.set_column(0, "line", line)


def _table(rows: list[exact.Row], keys: int) -> pa.Table:
    import pyarrow as pa

    columns = {
        "line": pa.array([row.line for row in rows], pa.int64()),
        "ts": pa.array([row.ts for row in rows], pa.int64()),
    }
    return pa.table(columns | {f"k{k}": pa.array([row.values[k] for row in rows], pa.string()) for k in range(keys)})
