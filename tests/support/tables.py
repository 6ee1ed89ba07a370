"""Tables and logs written from a few words: seeded, pure Python, the same numbers on every machine."""

from __future__ import annotations

import csv
import io
import itertools
import json
import random
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Annotated, Self

from pydantic import Field, model_validator

from cvnpolicy.core.duration import DurationField
from cvnpolicy.core.finding import Scalar
from cvnpolicy.core.model import Many, Model, ScalarValue
from cvnpolicy.core.time import InstantField, rfc3339

Number = float | int
Cell = ScalarValue | None
Row = dict[str, Scalar | None]


class Column(Model):
    """How a column is filled: exactly one way of these."""

    each: Many[ScalarValue] | None = None
    """One row for each of these at every step; several such columns form the whole grid."""
    value: ScalarValue | None = None
    """The same in every row."""
    cycle: Many[Cell] | None = None
    """These again and again, one a row; null is an empty cell."""
    values: Many[Cell] | None = None
    """These, one a row; as many as there are rows."""
    ramp: Annotated[tuple[Number, Number], Field(strict=False)] | None = None
    """From the first number in the first row to the second in the last, evenly."""
    uniform: Annotated[tuple[Number, Number], Field(strict=False)] | None = None
    """Uniform random numbers of [low, high)."""
    seed: int = 1

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if len(self.model_fields_set - {"seed"}) != 1:
            raise ValueError("a column is filled in one way: keep one of each, value, cycle, values, ramp, uniform")
        return self

    def cells(self, count: int) -> Sequence[Scalar | None]:
        """Return the cells of all rows; ``each`` is laid out by the table."""
        if self.cycle is not None:
            return list(itertools.islice(itertools.cycle(self.cycle), count))
        if self.values is not None:
            if len(self.values) != count:
                raise ValueError(f"{len(self.values)} values for {count} rows")
            return self.values
        if self.ramp is not None:
            low, high = self.ramp
            return [low + (high - low) * row / max(1, count - 1) for row in range(count)]
        if self.uniform is not None:
            low, high = self.uniform
            draw = random.Random(self.seed)  # noqa: S311  test data, seeded on purpose
            return [low + (high - low) * draw.random() for _ in range(count)]
        return [self.value] * count


class Table(Model):
    """Rows at even steps in time."""

    rows: Annotated[int, Field(ge=1, le=20_000)]
    """How many steps; times the grid of the columns with ``each``."""
    start: InstantField | None = None
    """The instant of the first step; without it there is no time column."""
    every: DurationField | None = None
    """From one step to the next."""
    time: str = "ts"
    """The name of the time column."""
    columns: dict[str, Column]

    def build(self) -> list[Row]:
        """Return the rows, step by step."""
        grid = {name: column.each for name, column in self.columns.items() if column.each is not None}
        rows: list[Row] = []
        for step in range(self.rows):
            instant: Row = {}
            if self.start is not None:
                delta = self.every.delta if self.every is not None else timedelta(0)
                instant[self.time] = rfc3339(self.start + step * delta)
            rows.extend({**instant, **dict(zip(grid, cell, strict=True))} for cell in itertools.product(*grid.values()))
        for name, column in self.columns.items():
            if column.each is None:
                for row, cell in zip(rows, column.cells(len(rows)), strict=True):
                    row[name] = cell
        return rows


Tables = dict[str, Many[Table]]
"""Path to the tables that stand there one after the other."""


def text_of(path: str, tables: Sequence[Table]) -> str:
    """Return the rows of tables in the format that the path's suffix names: csv, jsonl or log.

    Raises:
        ValueError: For another suffix.
    """
    rows = [row for table in tables for row in table.build()]
    suffix = path.rpartition(".")[2]
    if suffix == "csv":
        return _csv(rows)
    if suffix == "jsonl":
        return "".join(json.dumps(row) + "\n" for row in rows)
    if suffix == "log":
        return "".join(f"{_line(row)}\n" for row in rows)
    raise ValueError(f"{path}: tables are written as .csv, .jsonl or .log")


def _csv(rows: Sequence[Mapping[str, Scalar | None]]) -> str:
    header = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([[_shown(row.get(name)) for name in header] for row in rows])
    return out.getvalue()


def _line(row: Row) -> str:
    return " ".join(f"{key}={_shown(cell)}" for key, cell in row.items() if cell is not None)


def _shown(cell: Scalar | None) -> str:
    if cell is None:
        return ""
    return str(cell).lower() if isinstance(cell, bool) else str(cell)
