"""Results of the two sweeps, trades, the dry run that died while writing, and the facts that people attest."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from datetime import timedelta

import numpy as np

from synthetic import timeline

_TRACK1 = {
    "none": 0.405,
    "btc_min": 0.418,
    "btc_full": 0.432,
    "btc_full_purge0": 0.433,
    "btc_full_purge10": 0.429,
    "btc_vol_only": 0.411,
}
_W1 = {
    "xgboost": (0.452, 0.441, 0.423, 0.418, 0.409),
    "lightgbm": (0.447, 0.436, 0.419, 0.412, 0.391),
    "catboost": (0.431, 0.422, 0.371, 0.414, 0.352),
}
"""Mean F1 of BUY by crypto. CatBoost trained on two fallback values."""

_EXPECTANCY = {"BTCUSDC": 41.3, "ETHUSDC": 12.6, "SOLUSDC": -8.4, "AAVEUSDC": 5.2, "UNIUSDC": -19.7}
"""Net of a whole day, in quote currency."""
_TRADES_A_DAY = 6


def ftf_results(rng: np.random.Generator) -> str:
    """Return the Track 1 sweep: five cryptos, five folds, six variants."""
    rows = (
        (symbol, fold, variant, "xgboost", score, int(rng.integers(58, 140)))
        for variant, mean in _TRACK1.items()
        for symbol in timeline.SYMBOLS
        for fold, score in zip(timeline.FOLDS, _around(mean, 0.012, rng), strict=True)
    )
    return _csv(("symbol", "fold", "variant", "model_type", "f1_buy_val", "buys"), rows)


def w1_results(rng: np.random.Generator) -> str:
    """Return the first sweep on hyperparameters from the Console: five cryptos, five folds, three model types."""
    rows = (
        (symbol, fold, "btc_full", model, score, int(rng.integers(58, 140)))
        for model, means in _W1.items()
        for symbol, mean in zip(timeline.SYMBOLS, means, strict=True)
        for fold, score in zip(timeline.FOLDS, _around(mean, 0.015, rng), strict=True)
    )
    return _csv(("symbol", "fold", "variant", "model_type", "f1_buy_val", "buys"), rows)


def _around(mean: float, spread: float, rng: np.random.Generator) -> list[float]:
    """Return five scores whose mean is the given one, up to rounding."""
    noise = rng.normal(0, spread, len(timeline.FOLDS))
    return [round(float(score), 5) for score in mean + noise - noise.mean()]


def trades(rng: np.random.Generator) -> str:
    """Return seven days of trades, oldest first."""
    found = []
    for day in timeline.steps(timeline.AT - timedelta(days=7), timeline.AT, timedelta(days=1)):
        for symbol, total in _EXPECTANCY.items():
            noise = rng.normal(0, 6, _TRADES_A_DAY)
            nets = total / _TRADES_A_DAY + noise - noise.mean()
            minutes = np.sort(rng.choice(24 * 60, _TRADES_A_DAY, replace=False))
            for net, minute in zip(nets, minutes, strict=True):
                found.append(_trade(timeline.text(day + timedelta(minutes=int(minute))), symbol, float(net), rng))
    found.sort(key=lambda trade: (trade["ts"], trade["symbol"]))
    return "".join(json.dumps(trade) + "\n" for trade in found)


def _trade(ts: str, symbol: str, net: float, rng: np.random.Generator) -> dict[str, str | float]:
    markout = round(float(rng.normal(-0.8, 2.0)), 2)
    return {"ts": ts, "symbol": symbol, "side": "buy", "expectancy_net": round(net, 3), "markout_bps": markout}


def dry_run(rng: np.random.Generator) -> str:
    """Return the shadow run of the fallback model, cut off where its writer was killed."""
    start = timeline.AT - timedelta(days=1)
    rows = (
        (timeline.text(instant), symbol, int(rng.random() < 0.4), int(rng.random() < 0.4))
        for instant in timeline.steps(start, timeline.AT - timedelta(hours=9), timedelta(minutes=15))
        for symbol in timeline.SYMBOLS
    )
    return _csv(("ts", "symbol", "y_true", "y_pred"), rows)[:-7]


def facts() -> str:
    """Return what the operator has attested."""
    return """\
# Written by a person, or by a job that asks OpenProject. An attestation is worth as much as its date.
facts:
  wp149.status: {value: New, at: 2026-06-10T21:00:00Z, by: "@dococeven"}
  wp149.children: {items: [{id: 151, status: New}], at: 2026-06-10T21:00:00Z, by: "@dococeven"}
  console.restore: {value: absent, at: 2026-06-10T21:04:00Z, by: "@dococeven"}
"""


def _csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return buffer.getvalue()
