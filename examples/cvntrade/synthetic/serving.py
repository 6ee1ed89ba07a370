"""Samples of the serving stack's metrics, as an export of Prometheus writes them: a row for each name and instant."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa

from synthetic import timeline
from synthetic.weeks import Trouble, Week

Sample = tuple[datetime, str, float, dict[str, str]]

LABELS = ("route", "symbol", "side", "reason", "mode", "release", "stage")
_SCRAPE = timedelta(minutes=5)
_GAUGES = {
    "precision": 0.61,
    "winrate_baseline_active": 0.54,
    "ece_online": 0.031,
    "brier_online": 0.19,
    "avg_markout_1m": -0.8,
    "fill_rate_rolling": 0.92,
    "cancel_to_fill_ratio": 0.7,
    "psi_feature_max": 0.08,
    "ks_feature_max": 0.04,
    "signal_queue_length": 3.0,
}
"""Typical values of what has no labels."""
_COUNTERS = {"exec_ladder_aggressiveness_total": 40.0, "fail_safe_trigger_total": 2.0, "mode_switch_total": 2.0}
_FEATURES = (
    "btc_correlation_15m_lag5",
    "btc_return_15m",
    "btc_return_1h",
    "btc_realized_vol_24h",
    "btc_volume_zscore_24h",
    "btc_beta_24h",
)
REASONS = (
    "winrate_delta",
    "onnx_parity_fail",
    *(f"{kind}_feature_{name}" for kind in ("psi", "ks") for name in _FEATURES),
)


def samples(rng: np.random.Generator, week: Week) -> pa.Table:
    """Return a day of samples, and a fortnight of trades an hour under the release before."""
    found = sorted(_all(rng, week), key=lambda sample: (sample[0], sample[1], sorted(sample[3].items())))
    labels = {name: pa.array([sample[3].get(name) for sample in found], pa.string()) for name in LABELS}
    return pa.table(
        {
            "ts": pa.array([sample[0] for sample in found], pa.timestamp("us", "UTC")),
            "name": pa.array([sample[1] for sample in found]),
            "value": pa.array([sample[2] for sample in found], pa.float64()),
            **labels,
        }
    )


def _all(rng: np.random.Generator, week: Week) -> Iterator[Sample]:
    for instant in timeline.steps(timeline.AT - timeline.DAY, timeline.AT, _SCRAPE):
        late = instant >= timeline.AT - timedelta(minutes=20)
        for name, typical in _GAUGES.items():
            if not (name == "ks_feature_max" and Trouble.METRIC_SILENT in week and instant.hour >= 20):
                empty = name == "brier_online" and late and Trouble.METRIC_EMPTY in week
                yield instant, name, float("nan") if empty else _near(typical, rng), {}
        for name, total in _COUNTERS.items():
            yield instant, name, total, {}
        for route in ("ladder", "market"):
            unlabelled = late and Trouble.ROUTE_LOST in week and route == "market"
            yield instant, "winrate_rolling", _near(0.55, rng), {} if unlabelled else {"route": route}
        yield from _totals(instant, week, late=late)
        for symbol in timeline.SYMBOLS:
            for side in ("bid", "ask"):
                empty = late and Trouble.BOOK_EMPTY in week and (symbol, side) == ("UNIUSDC", "bid")
                depth = 0.0 if empty else round(float(rng.lognormal(11, 0.3)), 1)
                yield instant, "book_depth", depth, {"symbol": symbol, "side": side}
        failing = late and not week.isdisjoint({Trouble.PARITY_FAILED, Trouble.PARITY_IGNORED})
        yield instant, "onnx_parity_failures", 3.0 if failing else 0.0, {"stage": "staging"}
        many = late and Trouble.THROUGHPUT in week
        yield instant, "trades_per_hour", 44.0 if many else _near(11, rng), {"release": "current"}
    for instant in timeline.steps(timeline.AT - timedelta(days=16), timeline.AT - timedelta(days=2), timeline.HOUR):
        yield instant, "trades_per_hour", _near(12, rng), {"release": "previous"}


def _totals(instant: datetime, week: Week, *, late: bool) -> Iterator[Sample]:
    """Yield the counters whose growth means something."""
    rising = late and Trouble.PAPER_NOT_FLAT in week
    steps = (instant - (timeline.AT - timedelta(minutes=20))) // _SCRAPE + 1 if rising else 0
    for symbol in timeline.SYMBOLS:
        drops = 12.0 + (steps if symbol == "SOLUSDC" else 0)
        yield instant, "warmup_drop_total", drops, {"symbol": symbol}
    for mode in ("throttle", "halt"):
        yield instant, "backpressure_total", 5.0 + (steps if mode == "throttle" else 0), {"mode": mode}
    grown = {"onnx_parity_fail": Trouble.PARITY_FAILED, "winrate_delta": Trouble.ROLLED_BACK}
    for reason in REASONS:
        more = 1 if late and grown.get(reason) in week else 0
        yield instant, "rollback_total", 1.0 + more, {"reason": reason}


def _near(typical: float, rng: np.random.Generator) -> float:
    return round(typical * (1 + 0.05 * float(rng.normal())), 4)
