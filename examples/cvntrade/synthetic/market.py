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


def bars(rng: np.random.Generator) -> pa.Table:
    """Return 14 days of 15-minute bars, ``ts`` being the open; Solana has none while it halts."""
    instants = list(timeline.steps(timeline.AT - timedelta(days=14), timeline.AT, QUARTER))
    market = rng.standard_t(4, len(instants)) * 0.0016
    tables = []
    for symbol in timeline.SYMBOLS:
        own = 0.0 if symbol == "BTCUSDC" else rng.normal(0, 0.0012, len(instants))
        table = _bars(symbol, instants, market + own, rng)
        tables.append(table.filter(pa.array([not _halted(symbol, instant) for instant in instants])))
    return pa.concat_tables(tables)


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


def _halted(symbol: str, instant: datetime) -> bool:
    return symbol == "SOLUSDC" and timeline.SOL_HALTS <= instant < timeline.SOL_HALTS + timedelta(hours=6)


def inference(rng: np.random.Generator) -> list[pa.Table]:
    """Return the served features, one table a fortnight; the last one has rows that were written twice."""
    instants = list(timeline.steps(timeline.SERVED_FROM, timeline.AT, HOUR))
    shared = _shared(rng, len(instants))
    tables = []
    for symbol in timeline.SYMBOLS:
        shift = np.array([_shift(symbol, instant) for instant in instants])
        tables.append(_features(symbol, shared, rng, shift).add_column(0, "ts", pa.array(instants, _INSTANT)))
    rows = pa.concat_tables(tables).sort_by([("ts", "ascending"), ("symbol", "ascending")])
    size = 14 * 24 * len(timeline.SYMBOLS)
    parts = [rows.slice(start, size) for start in range(0, rows.num_rows, size)]
    replayed = parts[-1].slice(parts[-1].num_rows - 200, REPLAYED)
    return [*parts[:-1], pa.concat_tables([parts[-1], replayed])]


def training(rng: np.random.Generator) -> pa.Table:
    """Return the reference: the features that the models were trained on."""
    shared = _shared(rng, REFERENCE_ROWS)
    still = np.zeros(REFERENCE_ROWS)
    return pa.concat_tables([_features(symbol, shared, rng, still) for symbol in timeline.SYMBOLS])


def _shared(rng: np.random.Generator, rows: int) -> dict[str, Floats]:
    """Return the features that only look at BTC: the same for every crypto."""
    return {
        "btc_return_15m": np.round(rng.standard_t(4, rows) * 0.0016, 6),
        "btc_return_1h": np.round(rng.standard_t(4, rows) * 0.0033, 6),
        "btc_realized_vol_24h": np.round(rng.lognormal(-3.6, 0.35, rows), 5),
        "btc_volume_zscore_24h": np.round(rng.normal(0, 1, rows), 4),
    }


def _features(symbol: str, shared: dict[str, Floats], rng: np.random.Generator, shift: Floats) -> pa.Table:
    """Return the six features of one crypto. ``shift`` moves the correlation, before it is bounded to [-1, 1]."""
    rows = len(shift)
    own = {
        "btc_correlation_15m_lag5": np.round(np.tanh(rng.normal(0.5, 0.25, rows) + shift), 4),
        "btc_beta_24h": np.round(rng.normal(1.1, 0.2, rows), 4),
    }
    columns = {name: pa.array(values) for name, values in {**shared, **own}.items()}
    return pa.table({"symbol": pa.array([symbol] * rows), **columns})


def _shift(symbol: str, instant: datetime) -> float:
    if symbol == "SOLUSDC" and timeline.SOL_HALTS <= instant < timeline.SOL_RESUMES:
        return -0.5
    since = {"UNIUSDC": timeline.UNI_DRIFTS, "ETHUSDC": timeline.ETH_DRIFTS}.get(symbol)
    return -0.15 if since is not None and instant >= since else 0.0


_COUNTS = {
    "BTCUSDC": (31, 34, 33),
    "ETHUSDC": (29, 35, 32),
    "SOLUSDC": (30, 36, 34),
    "AAVEUSDC": (6, 7, 6),
    "UNIUSDC": (22, 40, 38),
}
"""True positives, false positives, false negatives of the last seven days."""
_LABELLED = {"AAVEUSDC": 31}
"""Rows with a label, where not all have one: the labelling job of AAVE is days behind."""


def outcomes(rng: np.random.Generator) -> pa.Table:
    """Return seven days of hourly predictions whose truth is known by now."""
    instants = list(timeline.steps(timeline.AT - timedelta(days=7), timeline.AT, HOUR))
    tables = []
    for symbol in timeline.SYMBOLS:
        rows = _LABELLED.get(symbol, len(instants))
        both, false, missed = _COUNTS[symbol]
        cells = [(1, 1)] * both + [(0, 1)] * false + [(1, 0)] * missed + [(0, 0)] * (rows - both - false - missed)
        truth, guess = rng.permutation(np.array(cells)).T
        columns = {"symbol": pa.array([symbol] * rows), "y_true": pa.array(truth), "y_pred": pa.array(guess)}
        tables.append(pa.table({"ts": pa.array(instants[:rows], _INSTANT), **columns}))
    return pa.concat_tables(tables)
