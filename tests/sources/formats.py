"""The same rows in every format that a dataset can have: what the contract suite runs over."""

from __future__ import annotations

import csv
import gzip
import json
import math
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import TypeAdapter

from cvnpolicy.core.configuration import Binding
from cvnpolicy.core.evidence import MeasureNeed, Reading, Readings, Selection, Unavailable
from cvnpolicy.core.finding import Pairs
from cvnpolicy.core.time import Window, rfc3339
from cvnpolicy.sources.tables import TablesSource

Cell = str | int | float | bool | datetime | None
Row = Mapping[str, Any]

START = datetime(2026, 5, 4, tzinfo=UTC)
"""A Monday."""
BINDING: TypeAdapter[Binding] = TypeAdapter(Binding)


def hour(index: float) -> datetime:
    """The instant so many hours after the start."""
    return START + timedelta(hours=index)


def hours(start: float, end: float) -> Window:
    """The window between two hours."""
    return Window(hour(start), hour(end))


@dataclass
class Data:
    """Datasets of one test: rows written below a root, and asked about."""

    root: Path
    kind: Format
    bindings: dict[str, Binding] = field(default_factory=dict)
    frames: dict[str, pd.DataFrame] = field(default_factory=dict)

    def add(self, name: str, rows: Sequence[Row], **binding: Any) -> None:
        """Write rows in the format under test, and bind them."""
        self.kind.add(self, name, rows, dict(binding))

    def bind(self, name: str, **binding: Any) -> None:
        """Bind a name to files that the test wrote itself."""
        given = {"time": "ts", **binding}
        self.bindings[name] = BINDING.validate_python({key: value for key, value in given.items() if value is not None})

    def selection(
        self, dataset: str = "rows", window: Window | None = None, **where: Sequence[str | int | float | bool]
    ) -> Selection:
        """Select rows; a log needs the event named."""
        allowed = tuple(sorted((name, tuple(values)) for name, values in where.items()))
        return Selection(dataset, self.kind.event, allowed, window)

    def ask(self, *needs: MeasureNeed) -> list[Readings | Unavailable]:
        """Ask several questions at once."""
        answers = TablesSource(self.bindings, self.root, self.frames).answer(needs)
        return [answers[need] for need in needs]

    def groups(self, need: MeasureNeed) -> Mapping[Pairs, Reading]:
        """Ask one question that has an answer."""
        (answer,) = self.ask(need)
        assert isinstance(answer, Readings), answer
        return answer.groups

    def reading(self, need: MeasureNeed) -> Reading:
        """Ask one question about one group that is there."""
        (reading,) = self.groups(need).values()
        return reading

    def reason(self, need: MeasureNeed) -> str:
        """Ask one question that cannot be answered, and return reason and hint."""
        (answer,) = self.ask(need)
        assert isinstance(answer, Unavailable), answer
        return f"{answer.reason} | {answer.hint}"


class Format(ABC):
    """How rows are written."""

    name: str
    suffix: str = ""
    event: str | None = None
    has_types = True
    """Whether text and numbers are told apart in the file."""

    def add(self, data: Data, name: str, rows: Sequence[Row], binding: dict[str, object]) -> None:
        path = f"{name}{self.suffix}"
        self.write(data.root / path, rows)
        data.bind(name, **{"type": self.name.partition("-")[0], "path": path, **binding})

    @abstractmethod
    def write(self, path: Path, rows: Sequence[Row]) -> None: ...


def columns(rows: Sequence[Row]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row)) or ["ts", "symbol", "x"]


def text(value: Cell) -> str:
    if isinstance(value, datetime):
        return rfc3339(value) if value.tzinfo else value.isoformat()
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


class Parquet(Format):
    name = "parquet"
    suffix = ".parquet"

    def write(self, path: Path, rows: Sequence[Row]) -> None:
        arrays = {name: [row.get(name) for row in rows] for name in columns(rows)}
        table = pa.table({name: self.array(values) for name, values in arrays.items()})
        if not rows:
            table = pa.table(
                {
                    "ts": pa.array([], pa.timestamp("us", "UTC")),
                    "symbol": pa.array([], pa.string()),
                    "x": pa.array([], pa.float64()),
                }
            )
        pq.write_table(table, path)

    def array(self, values: list[Any]) -> pa.Array:
        wide = any(isinstance(value, int) and value >= 2**63 for value in values)
        return pa.array(values, pa.uint64() if wide else None)


class Csv(Format):
    name = "csv"
    suffix = ".csv"
    has_types = False

    def write(self, path: Path, rows: Sequence[Row]) -> None:
        with path.open("w", encoding="utf-8", newline="") as file:
            self.fill(file, rows)

    def fill(self, file: object, rows: Sequence[Row]) -> None:
        writer = csv.writer(file, lineterminator="\n")  # type: ignore[arg-type]
        names = columns(rows)
        writer.writerow(names)
        writer.writerows([text(row.get(name)) for name in names] for row in rows)


class GzippedCsv(Csv):
    name = "csv-gz"
    suffix = ".csv.gz"

    def write(self, path: Path, rows: Sequence[Row]) -> None:
        with gzip.open(path, "wt", encoding="utf-8", newline="") as file:
            self.fill(file, rows)


class JsonLines(Format):
    name = "jsonl"
    suffix = ".jsonl"

    def write(self, path: Path, rows: Sequence[Row]) -> None:
        lines = [
            {name: text(cell) if isinstance(cell, datetime) else cell for name, cell in row.items()} for row in rows
        ]
        path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")


class Logfmt(Format):
    name = "logfmt"
    suffix = ".log"
    event = "bar"
    has_types = False

    def write(self, path: Path, rows: Sequence[Row]) -> None:
        lines = ["event=other ts=2026-05-04T00:00:00Z x=99 symbol=BTC"]
        lines += [self.line({"event": self.event, **row}) for row in rows]
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")

    def line(self, row: Row) -> str:
        return " ".join(f"{name}={text(cell)}" for name, cell in row.items() if cell is not None)


class Frame(Format):
    name = "frame"

    def add(self, data: Data, name: str, rows: Sequence[Row], binding: dict[str, object]) -> None:
        cells = {column: [row.get(column) for row in rows] for column in columns(rows)}
        data.frames[name] = pd.DataFrame({column: series(values) for column, values in cells.items()})
        if "cadence" in binding or "time" in binding:
            data.bind(name, type="parquet", path="unused.parquet", **binding)

    def write(self, path: Path, rows: Sequence[Row]) -> None:
        raise AssertionError("a frame is not written")


def series(values: list[Any]) -> Any:
    """A column as a careful user makes it: missing integers and floats stay missing, NaN stays NaN."""
    kinds = {type(value) for value in values} - {type(None)}
    if kinds == {int} and None in values:
        return pd.Series(values, dtype="Int64")
    if kinds == {float} and None in values:
        return pd.Series(pd.arrays.ArrowExtensionArray(pa.array(values)))
    return pd.Series(values)


FORMATS: tuple[Format, ...] = (Parquet(), Csv(), GzippedCsv(), JsonLines(), Logfmt(), Frame())
FILES = tuple(each for each in FORMATS if each.name != "frame")


def same_value(left: float | None, right: float | None) -> bool:
    """Equality under which NaN is NaN."""
    if isinstance(left, float) and isinstance(right, float) and math.isnan(left):
        return math.isnan(right)
    return left == right
