"""Everything that is opened for one batch of questions: the connection, each dataset once, and its files' state."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from cvnpolicy.core.configuration import Binding, LogBinding, TableBinding
from cvnpolicy.core.evidence import MeasureNeed, Selection
from cvnpolicy.core.time import Window, to_us
from cvnpolicy.sources.paths import FoundFile, expand
from cvnpolicy.sources.refused import Refused, nearest
from cvnpolicy.sources.tables import read_csv, read_frame, read_jsonl, read_log, read_parquet
from cvnpolicy.sources.tables.connection import connect, refusal
from cvnpolicy.sources.tables.demand import Demand, Source, demands
from cvnpolicy.sources.tables.relation import Relation

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

T = TypeVar("T")

DEFAULT_TIME = "ts"
"""The column of instants of a DataFrame that no binding describes, if it has one of this name."""

MOST_RECENT = 8
"""How many samples stay in memory at once."""
MOST_RECENT_BYTES = 2**30
"""How much memory those before the last one may take."""

_READERS = {"parquet": read_parquet.load, "csv": read_csv.load, "jsonl": read_jsonl.load}


class Workspace:
    """Datasets opened on demand, each once for all the questions of a batch. A context manager."""

    def __init__(
        self,
        bindings: Mapping[str, Binding],
        data_root: Path,
        frames: Mapping[str, pd.DataFrame],
        needs: Sequence[MeasureNeed],
    ) -> None:
        """Find the files of every dataset that is asked about, and connect.

        Raises:
            MissingExtraError: DuckDB is not installed.
        """
        self._bindings = bindings
        self._frames = frames
        self._demands: dict[Source, Demand] = demands(needs)
        self._files: dict[str, Sequence[FoundFile] | Refused] = {}
        for dataset in sorted({dataset for dataset, _ in self._demands}):
            self._files[dataset] = self._find(dataset, data_root)
        self._relations: dict[Source, Relation | Refused] = {}
        self.connection = connect([file.path for files in self._found() for file in files])
        self._names = 0
        self._memo: dict[tuple[object, ...], object] = {}
        self._recent: dict[tuple[object, ...], tuple[object, int]] = {}

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connection."""
        self.connection.close()

    def once(self, key: tuple[object, ...], make: Callable[[], T]) -> T:
        """Return what ``make`` returned when the key was first met. One key always stands for one type."""
        if key not in self._memo:
            self._memo[key] = make()
        return cast("T", self._memo[key])

    def recently(self, key: tuple[object, ...], make: Callable[[], T], weigh: Callable[[T], int]) -> T:
        """Like :meth:`once` for what is large: only the last few are kept, and fewer of many bytes."""
        if key in self._recent:
            self._recent[key] = self._recent.pop(key)
        else:
            made = make()
            self._recent[key] = made, weigh(made)
            while len(self._recent) > MOST_RECENT or self._kept_bytes() > MOST_RECENT_BYTES:
                del self._recent[next(iter(self._recent))]
            return made
        return cast("T", self._recent[key][0])

    def _kept_bytes(self) -> int:
        """Return how much memory the samples take, but for the last, which is in use."""
        return sum(size for _, size in list(self._recent.values())[:-1])

    def fetch(self, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        return self.connection.execute(query, list(values)).fetchall()

    def table(self, query: str, values: Sequence[object] = ()) -> pa.Table:
        """Return the rows of a query as an Arrow table."""
        return self.connection.sql(query, params=list(values)).to_arrow_table()

    def name(self, prefix: str) -> str:
        """Return a fresh name for a view or a table."""
        self._names += 1
        return f"{prefix}{self._names}"

    def relation(self, selection: Selection) -> Relation:
        """Return the rows that a selection chooses from.

        Raises:
            Refused: The dataset is not there or cannot be read; the same for every question about it.
        """
        source = (selection.dataset, selection.event)
        if source not in self._relations:
            self._relations[source] = self._try_open(source)
        found = self._relations[source]
        if isinstance(found, Refused):
            raise found
        window = selection.window
        if window is None or selection.event is None or selection.dataset in self._frames:
            return found
        return self.once(("seen", source, window), lambda: self._seen(found, window))

    def _seen(self, log: Relation, window: Window) -> Relation:
        """Return the events of one window alone.

        How much of a log was read depends on all the questions of a batch; what its text means must not.
        """
        view, instant = self.name("v"), log.columns[log.time or ""].sql
        self.connection.execute(
            f"CREATE TEMP VIEW {view} AS SELECT * FROM {log.view}"
            f" WHERE {instant} >= make_timestamptz({to_us(window.start)})"
            f" AND {instant} < make_timestamptz({to_us(window.end)})"
        )
        return replace(log, view=view)

    def cadence_us(self, dataset: str) -> int | None:
        """Return how far apart the rows of a group should be, in microseconds, where that is declared."""
        binding = self._bindings.get(dataset)
        cadence = binding.cadence if isinstance(binding, TableBinding) else None
        return None if cadence is None else cadence.microseconds

    def changed(self, datasets: Iterable[str]) -> FoundFile | None:
        """Return a file of these datasets that is no longer what it was when the batch began."""
        return next((file for file in self.files(datasets) if file.changed()), None)

    def files(self, datasets: Iterable[str]) -> list[FoundFile]:
        """Return the files of these datasets, as far as they were found."""
        found = (self._files[dataset] for dataset in datasets)
        return [file for files in found if not isinstance(files, Refused) for file in files]

    def _found(self) -> Iterable[Sequence[FoundFile]]:
        return (files for files in self._files.values() if not isinstance(files, Refused))

    def _find(self, dataset: str, data_root: Path) -> Sequence[FoundFile] | Refused:
        if dataset in self._frames:
            return ()
        binding = self._bindings.get(dataset)
        if binding is None:
            hint = nearest(dataset, {*self._bindings, *self._frames}, "datasets")
            return Refused(f"dataset '{dataset}' is not bound", hint)
        if not isinstance(binding, TableBinding | LogBinding):
            what = f"dataset '{dataset}' is bound to type {binding.type}, which has no rows"
            return Refused(what, "bind it to a table or a log")
        try:
            return expand(binding.path, data_root)
        except Refused as refused:
            return Refused(f"dataset '{dataset}': {refused.answer.reason}", refused.answer.hint)

    def _try_open(self, source: Source) -> Relation | Refused:
        import duckdb
        import pyarrow as pa

        try:
            return self._open(source)
        except Refused as refused:
            return refused
        except (duckdb.Error, pa.ArrowException, OSError, MemoryError) as error:
            return refusal(error, source[0], self.files([source[0]]))

    def _open(self, source: Source) -> Relation:
        dataset, event = source
        demand, view = self._demands[source], self.name("v")
        files = self._files[dataset]
        if isinstance(files, Refused):
            raise files
        binding = self._bindings.get(dataset)
        time = binding.time if isinstance(binding, TableBinding | LogBinding) else None
        if dataset in self._frames:
            return self._open_frame(source, view, time)
        if isinstance(binding, LogBinding):
            if event is None:
                raise Refused(f"dataset '{dataset}' is an event log", "name an event of it")
            connection, key = self.connection, binding.time
            return read_log.load(connection, view, dataset, files, event=event, demand=demand, time=key)
        if event is not None or not isinstance(binding, TableBinding):
            raise Refused(f"dataset '{dataset}' is a table, it has no events", "bind the events to a log")
        return _READERS[binding.type](self.connection, view, dataset, files, _with(demand, time), time)

    def _open_frame(self, source: Source, view: str, time: str | None) -> Relation:
        dataset, event = source
        frame = self._frames[dataset]
        if dataset not in self._bindings and DEFAULT_TIME in (*frame.columns, *frame.index.names):
            time = DEFAULT_TIME
        wanted = _with(self._demands[source], time)
        return read_frame.load(self.connection, view, dataset, frame, event=event, wanted=wanted, time=time)


def _with(demand: Demand, time: str | None) -> list[str]:
    return sorted(demand.columns | ({time} if time is not None else set()))
