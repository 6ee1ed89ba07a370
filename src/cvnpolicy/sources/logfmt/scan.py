"""From blocks of lines to the events asked for. Needs numpy, pyarrow and a DuckDB connection."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from cvnpolicy.sources.logfmt import exact, fast
from cvnpolicy.sources.logfmt.blocks import Block, read_blocks
from cvnpolicy.sources.logfmt.encoding import blank_other_encodings
from cvnpolicy.sources.logfmt.errors import Place
from cvnpolicy.sources.logfmt.files import LogFiles
from cvnpolicy.sources.logfmt.instants import OneOffset
from cvnpolicy.sources.logfmt.line import Pair
from cvnpolicy.sources.logfmt.query import Query
from cvnpolicy.sources.logfmt.shape import Shape, shape_of

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

LEARN_FROM = 256
"""Undecided lines in a block from which a query of their shape is cheaper than reading each exactly."""
MAX_SHAPES = 32
"""Shapes learned in one scan; lines of further ones are read exactly."""


class Scan:
    """One pass over a log. What it learns of the shapes of lines serves the blocks that follow."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, query: Query) -> None:
        self.lines = 0
        """Lines passed so far."""
        self._connection = connection
        self._query = query
        self._offsets = OneOffset()
        self._shapes: dict[Shape, int] = {}

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
        rest = self._known_shapes(fast.lines_table(block), start, parts)
        while rest.num_rows:
            learned, rest = self._exactly(rest, start, parts)
            if learned:
                rest = self._one_shape(learned, rest, start, parts)
        return [part for part in parts if part.num_rows]

    def _known_shapes(self, lines: pa.Table, start: Place, parts: list[pa.Table]) -> pa.Table:
        """Read lines of the shapes learned before, the most frequent ones first; return the rest."""
        best = sorted(self._shapes, key=lambda shape: (shape.stamp is not None, self._shapes[shape]), reverse=True)
        if not best:
            return fast.select(self._connection, lines, self._query)
        rest = self._one_shape(best[0], lines, start, parts, narrow=True)
        for shape in best[1:]:
            if rest.num_rows < LEARN_FROM:
                break
            rest = self._one_shape(shape, rest, start, parts)
        return rest

    def _one_shape(
        self, shape: Shape, lines: pa.Table, start: Place, parts: list[pa.Table], *, narrow: bool = False
    ) -> pa.Table:
        rows, rest = fast.apply(self._connection, lines, self._query, shape, narrow=narrow)
        # Lines that a narrow read dropped were never of this shape's making; its events alone count there.
        read = rows.num_rows if narrow else lines.num_rows - rest.num_rows
        self._shapes[shape] = self._shapes.get(shape, 0) + read
        if rows.num_rows and shape.stamp:
            parts.append(_numbered(rows, start.line))
            self._offsets.note(shape.stamp.offset, Place(start.file, parts[-1]["line"][0].as_py()))
        return rest

    def _exactly(self, lines: pa.Table, start: Place, parts: list[pa.Table]) -> tuple[Shape | None, pa.Table]:
        """Read lines exactly until one shows a new shape that is worth a query; return it and the lines after it."""
        rows: list[exact.Row] = []
        learned, done = None, 0
        for index, line in zip(lines["i"].to_pylist(), lines["line"].to_pylist(), strict=True):
            done += 1
            place = Place(start.file, start.line + index)
            parsed = exact.read_pairs(self._query, line, place)
            if parsed is None:
                continue
            row = exact.read_row(self._query, parsed, place, self._offsets)
            if row:
                rows.append(row)
            learned = self._new_shape(parsed, lines.num_rows - done)
            if learned:
                break
        parts.append(_table(rows, len(self._query.keys)))
        return learned, lines.slice(done)

    def _new_shape(self, parsed: Sequence[Pair], lines_left: int) -> Shape | None:
        if lines_left < LEARN_FROM or len(self._shapes) >= MAX_SHAPES:
            return None
        shape = shape_of(parsed, self._query)
        return None if shape in self._shapes else shape


def _numbered(rows: pa.Table, first_line: int) -> pa.Table:
    """Return the rows with ``i`` turned into the number of the line, in order."""
    import pyarrow as pa
    import pyarrow.compute as pc

    line = pc.add(rows["i"].cast(pa.int64()), first_line)
    return rows.set_column(0, "line", line).sort_by("line")


def _table(rows: list[exact.Row], keys: int) -> pa.Table:
    import pyarrow as pa

    columns = {
        "line": pa.array([row.line for row in rows], pa.int64()),
        "ts": pa.array([row.ts for row in rows], pa.int64()),
    }
    return pa.table(columns | {f"k{k}": pa.array([row.values[k] for row in rows], pa.string()) for k in range(keys)})
