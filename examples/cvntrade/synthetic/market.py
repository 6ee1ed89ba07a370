"""Bars, the six BTC features as they were served and as they were trained on, and what became of the predictions.

Every feature value is an independent draw. A rolling feature of real bars would not be: the KS test takes rows for
independent, so on such a feature it rejects in most weeks without any drift.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from synthetic import timeline
from synthetic.weeks import Trouble, Week

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

HOUR = timedelta(hours=1)
QUARTER = timedelta(minutes=15)
REFERENCE_ROWS = 1_000
REPLAYED = 12
"""Rows that the inference service wrote twice after a restart."""

_PRICES = {"BTCUSDC": 104_300.0, "ETHUSDC": 2_710.0, "SOLUSDC": 158.4, "AAVEUSDC": 271.2, "UNIUSDC": 7.93}
_INSTANT = pa.timestamp("us", "UTC")


def bars(rng: np.random.Generator, week: Week) -> pa.Table:
    """Return 14 days of 15-minute bars, ``ts`` being the open; a crypto that halts has none."""
    instants = list(timeline.steps(timeline.AT - timedelta(days=14), timeline.AT, QUARTER))
    market = rng.standard_t(4, len(instants)) * 0.0016
    tables = []
    for symbol in timeline.SYMBOLS:
        own = 0.0 if symbol == "BTCUSDC" else rng.normal(0, 0.0012, len(instants))
        table = _bars(symbol, instants, market + own, rng)
        if symbol == "BTCUSDC" and Trouble.FEED_DEGRADED in week:
            table = _without_closes(table, instants)
        tables.append(table.filter(pa.array([not _absent(symbol, instant, week) for instant in instants])))
        if symbol == "ETHUSDC" and Trouble.BAR_REPEATED in week:
            tables.append(table.slice(table.num_rows - 40, 1))
    return pa.concat_tables(tables)


def _without_closes(table: pa.Table, instants: list[datetime]) -> pa.Table:
    """Return the bars with no close in the last hours: 10 of a day's 96."""
    closes = table["close"].to_pylist()
    kept = [
        None if instant >= timeline.FEED_DEGRADES else close for instant, close in zip(instants, closes, strict=True)
    ]
    return table.set_column(table.column_names.index("close"), "close", pa.array(kept, pa.float64()))


def _bars(symbol: str, instants: list[datetime], returns: Floats, rng: np.random.Generator) -> pa.Table:
    close = _PRICES[symbol] * np.exp(np.cumsum(returns))
    opened = np.concatenate(([_PRICES[symbol]], close[:-1]))
    reach = np.abs(rng.normal(0, 0.0008, (2, len(instants))))
    columns = {
        "open": opened,
        "high": np.maximum(opened, close) * (1 + reach[0]),
        "low": np.minimum(opened, close) * (1 - reach[1]),
        "close": close,
    }
    rounded = {name: pa.array(_significant(values)) for name, values in columns.items()}
    volume = pa.array(np.round(rng.lognormal(5, 0.6, len(instants)), 1))
    names = pa.array([symbol] * len(instants))
    return pa.table({"ts": pa.array(instants, _INSTANT), "symbol": names, **rounded, "volume": volume})


def _significant(values: Floats) -> Floats:
    return np.array([float(f"{value:.6g}") for value in values])


def _absent(symbol: str, instant: datetime, week: Week) -> bool:
    if symbol == "SOLUSDC" and Trouble.SOL_HALTED in week:
        return timeline.SOL_HALTS <= instant < timeline.SOL_HALTS + timedelta(hours=6)
    lost = timeline.AT - timedelta(hours=9)
    return symbol == "AAVEUSDC" and Trouble.BARS_LOST in week and lost <= instant < lost + timedelta(hours=2)


def inference(rng: np.random.Generator, week: Week) -> list[pa.Table]:
    """Return the served features, one table a fortnight; the last one may have rows that were written twice."""
    instants = list(timeline.steps(timeline.SERVED_FROM, timeline.AT, HOUR))
    shared = _shared(rng, len(instants))
    if Trouble.VOLATILE in week:
        recent = np.array([instant >= timeline.AT - timedelta(days=7) for instant in instants])
        shared["btc_realized_vol_24h"] = np.round(shared["btc_realized_vol_24h"] * np.where(recent, 2.2, 1.0), 5)
    tables = []
    for symbol in timeline.SYMBOLS:
        moved = {name: np.array([since(symbol, instant, week) for instant in instants]) for name, since in _MOVED}
        tables.append(_features(symbol, shared, rng, moved).add_column(0, "ts", pa.array(instants, _INSTANT)))
    rows = pa.concat_tables(tables).sort_by([("ts", "ascending"), ("symbol", "ascending")])
    size = 14 * 24 * len(timeline.SYMBOLS)
    parts = [rows.slice(start, size) for start in range(0, rows.num_rows, size)]
    if Trouble.ROWS_REPEATED not in week:
        return parts
    replayed = parts[-1].slice(parts[-1].num_rows - 200, REPLAYED)
    return [*parts[:-1], pa.concat_tables([parts[-1], replayed])]


def training(rng: np.random.Generator) -> pa.Table:
    """Return the reference: the features that the models were trained on."""
    shared = _shared(rng, REFERENCE_ROWS)
    still = {name: np.zeros(REFERENCE_ROWS) for name, _ in _MOVED}
    return pa.concat_tables([_features(symbol, shared, rng, still) for symbol in timeline.SYMBOLS])


def _shared(rng: np.random.Generator, rows: int) -> dict[str, Floats]:
    """Return the features that only look at BTC: the same for every crypto."""
    return {
        "btc_return_15m": np.round(rng.standard_t(4, rows) * 0.0016, 6),
        "btc_return_1h": np.round(rng.standard_t(4, rows) * 0.0033, 6),
        "btc_realized_vol_24h": np.round(rng.lognormal(-3.6, 0.35, rows), 5),
        "btc_volume_zscore_24h": np.round(rng.normal(0, 1, rows), 4),
    }


def _features(symbol: str, shared: dict[str, Floats], rng: np.random.Generator, moved: dict[str, Floats]) -> pa.Table:
    """Return the six features of one crypto. The correlation is moved before it is bounded to [-1, 1]."""
    rows = len(moved["correlation"])
    own = {
        "btc_correlation_15m_lag5": np.round(np.tanh(rng.normal(0.5, 0.25, rows) + moved["correlation"]), 4),
        "btc_beta_24h": np.round(rng.normal(1.1, 0.2, rows) + moved["beta"], 4),
    }
    columns = {name: pa.array(values) for name, values in {**shared, **own}.items()}
    return pa.table({"symbol": pa.array([symbol] * rows), **columns})


def _correlation(symbol: str, instant: datetime, week: Week) -> float:
    """Return how far the correlation has moved."""
    halted = timeline.SOL_HALTS <= instant < timeline.SOL_RESUMES
    if symbol == "SOLUSDC" and Trouble.SOL_HALTED in week and halted:
        return -0.5
    uni = symbol == "UNIUSDC" and Trouble.UNI_DRIFTS in week and instant >= timeline.UNI_DRIFTS
    eth = symbol == "ETHUSDC" and Trouble.ETH_DRIFTS in week and instant >= timeline.ETH_DRIFTS
    return -0.15 if uni or eth else 0.0


def _beta(symbol: str, instant: datetime, week: Week) -> float:
    """Return how far beta has moved; its standard deviation is 0.2."""
    if symbol == "ETHUSDC" and Trouble.ETH_BETA in week and instant >= timeline.BETA_SHIFTS:
        return 0.9
    return 0.12 if symbol == "UNIUSDC" and Trouble.UNI_BETA in week and instant >= timeline.ETH_DRIFTS else 0.0


_MOVED = (("correlation", _correlation), ("beta", _beta))


_FORTNIGHT = timedelta(days=14)
_COUNTS = {
    "BTCUSDC": (31, 34, 33),
    "ETHUSDC": (32, 33, 31),
    "SOLUSDC": (30, 34, 33),
    "AAVEUSDC": (31, 33, 32),
    "UNIUSDC": (32, 35, 34),
}
"""True positives, false positives, false negatives of seven days."""


def outcomes(rng: np.random.Generator, week: Week) -> pa.Table:
    """Return fourteen days of hourly predictions whose truth is known by now."""
    instants = list(timeline.steps(timeline.AT - _FORTNIGHT, timeline.AT, HOUR))
    tables = []
    for symbol in timeline.SYMBOLS:
        late = symbol == "AAVEUSDC" and Trouble.LABELS_LATE in week
        halves = [_labelled(counts, 168, rng) for counts in (_COUNTS[symbol], _counts_now(symbol, week))]
        truth, guess = (np.concatenate(each) for each in zip(*halves, strict=True))
        rows = 168 + 31 if late else len(instants)
        columns = {"y_true": pa.array(truth[:rows]), "y_pred": pa.array(guess[:rows])}
        names = {"symbol": pa.array([symbol] * rows)}
        tables.append(pa.table({"ts": pa.array(instants[:rows], _INSTANT), **names, **columns}))
    return pa.concat_tables(tables)


def _counts_now(symbol: str, week: Week) -> tuple[int, int, int]:
    """Return the counts of this week."""
    if symbol == "UNIUSDC" and Trouble.UNI_LOSES_F1 in week:
        return 22, 40, 38
    return (9, 40, 39) if symbol == "ETHUSDC" and Trouble.F1_COLLAPSED in week else _COUNTS[symbol]


def _labelled(counts: tuple[int, int, int], rows: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    both, false, missed = counts
    cells = [(1, 1)] * both + [(0, 1)] * false + [(1, 0)] * missed + [(0, 0)] * (rows - both - false - missed)
    truth, guess = rng.permutation(np.array(cells)).T
    return truth, guess


def out_of_sample(rng: np.random.Generator) -> pa.Table:
    """Return the predictions of the training's own out-of-sample folds: what a live score is compared with."""
    tables = []
    for symbol in timeline.SYMBOLS:
        truth, guess = _labelled((190, 205, 200), 1_000, rng)
        columns = {"y_true": pa.array(truth), "y_pred": pa.array(guess)}
        tables.append(pa.table({"symbol": pa.array([symbol] * 1_000), **columns}))
    return pa.concat_tables(tables)


def signals(rng: np.random.Generator, week: Week) -> pa.Table:
    """Return two days of hourly predictions."""
    instants = list(timeline.steps(timeline.AT - timedelta(days=2), timeline.AT, HOUR))
    tables = []
    for symbol in timeline.SYMBOLS:
        stopped = symbol == "SOLUSDC" and Trouble.SIGNALS_STOPPED in week
        rows = 20 if stopped else len(instants)
        chance = pa.array(np.round(rng.beta(2.2, 3.1, rows), 4))
        names = pa.array([symbol] * rows)
        tables.append(pa.table({"ts": pa.array(instants[:rows], _INSTANT), "symbol": names, "buy_proba": chance}))
    return pa.concat_tables(tables)
