"""A pandas DataFrame given in place of files, as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from cvnpolicy.sources.refused import Refused
from cvnpolicy.sources.tables.connection import registered
from cvnpolicy.sources.tables.read_log import EVENT
from cvnpolicy.sources.tables.relation import Relation, cast, typed

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
    import pyarrow as pa


def load(  # noqa: PLR0913  (what to read, from where, and what to call it)
    connection: duckdb.DuckDBPyConnection,
    view: str,
    dataset: str,
    frame: pd.DataFrame,
    *,
    event: str | None,
    wanted: Sequence[str],
    time: str | None,
) -> Relation:
    """Copy the wanted columns and create the view.

    NaN in a column of floats is a value that is not finite, as in every other format; missing values are the None and
    NA of columns of other types. Instants are cut to the whole microsecond before.

    Args:
        connection: Where to.
        view: Its name, one of ours.
        dataset: The dataset's name, for messages.
        frame: The rows, in their order.
        event: Only rows whose column ``event`` is this, for a frame that stands for a log.
        wanted: The columns to read. One that has no single type, or is there twice, becomes a fault.
        time: The column, or level of the index, of instants.

    Raises:
        Refused: An event is asked for and the frame has no column ``event``.
    """
    if event is not None:
        frame = _events(frame, dataset, event)
    present = [name for name in dict.fromkeys(wanted) if name in frame.columns or _is_level(frame, name, time)]
    arrays, faults = _arrays(frame, present)
    with registered(connection, arrays) as rows:
        types = {str(row[0]): str(row[1]) for row in connection.execute(f"DESCRIBE {rows}").fetchall()}
        numbered = {name: f"c{index}" for index, name in enumerate(present) if name not in faults}
        columns = {name: typed(name, sql, types[sql]) for name, sql in numbered.items()}
        selected = [f"{cast(column.sql, types[column.sql])} AS {column.sql}" for column in columns.values()]
        listed = ", ".join((*selected, "NULL::VARCHAR AS f", "r"))
        connection.execute(f"CREATE TEMP TABLE {view} AS SELECT {listed} FROM {rows}")
    return Relation(dataset, view, columns, [str(name) for name in frame.columns], time, faults)


def _arrays(frame: pd.DataFrame, present: Sequence[str]) -> tuple[dict[str, pa.Array], dict[str, str]]:
    """Return an array for each column, called by its place, and ``r``; and what is wrong with the others."""
    import pyarrow as pa

    arrays: dict[str, pa.Array] = {}
    faults: dict[str, str] = {}
    for index, name in enumerate(present):
        try:
            arrays[f"c{index}"] = _array(_series(frame, name))
        except Refused as refused:
            faults[name] = refused.answer.reason
    arrays["r"] = pa.array(range(len(frame)), pa.int64())
    return arrays, faults


def _events(frame: pd.DataFrame, dataset: str, event: str) -> pd.DataFrame:
    if EVENT not in frame.columns:
        hint = "a DataFrame that stands for a log names its events"
        raise Refused(f"dataset '{dataset}' has no column '{EVENT}'", hint)
    return frame[frame[EVENT] == event]


def _is_level(frame: pd.DataFrame, name: str, time: str | None) -> bool:
    return name == time and name in frame.index.names


def _series(frame: pd.DataFrame, name: str) -> pd.Series[Any]:
    import pandas as pd

    if name not in frame.columns:
        return pd.Series(frame.index.get_level_values(name))
    if list(frame.columns).count(name) > 1:
        raise Refused("is there twice")
    return frame[name]


def _array(series: pd.Series[Any]) -> pa.Array:
    """Return a column with one Arrow type.

    Raises:
        Refused: With what is wrong, to follow "column x".
    """
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    if isinstance(series.dtype, np.dtype) and series.dtype.kind in "biuf":
        return pa.array(series.to_numpy())
    if series.dtype == object:
        _check_objects(series)
    try:
        array = pa.array(series, from_pandas=True)
        if pa.types.is_timestamp(array.type) and array.type.tz is not None:
            array = pc.floor_temporal(array, unit="microsecond").cast(pa.timestamp("us", "UTC"))
    except (pa.ArrowException, OverflowError, TypeError, ValueError) as error:
        raise Refused("mixes types, or has values of a type that is not read") from error
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    return array


def _check_objects(series: pd.Series[Any]) -> None:
    """Refuse times of several offsets in one column: Arrow would take the first one's for all."""
    from datetime import datetime

    offsets = {value.utcoffset() for value in series if isinstance(value, datetime)}
    if len(offsets) > 1:
        raise Refused("mixes time zones")
