"""Results of the two sweeps, class labels, trades, correlations, the dry run, and the facts that people attest."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

import numpy as np

from synthetic import timeline
from synthetic.weeks import Trouble, Week

Row = Sequence[object]

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
    "catboost": (0.444, 0.432, 0.421, 0.414, 0.408),
}
_W1_UNSEEDED = (0.431, 0.422, 0.371, 0.414, 0.352)
"""Mean F1 of BUY by crypto. CatBoost has its own where it trained on two fallback values."""
_SWEEP = ("symbol", "fold", "variant", "model_type", "f1_buy_val", "buys")

_EXPECTANCY = {"BTCUSDC": 41.3, "ETHUSDC": 12.6, "SOLUSDC": -8.4, "AAVEUSDC": 5.2, "UNIUSDC": -19.7}
"""Net of a whole day, in quote currency."""
_TRADES_A_DAY = 6


def ftf_results(rng: np.random.Generator, week: Week) -> str:
    """Return the Track 1 sweep: five cryptos, five folds, six variants."""
    broken = Trouble.SWEEP_BROKEN in week
    rows: list[Row] = []
    for variant, mean in _TRACK1.items():
        for symbol in timeline.SYMBOLS:
            apart = broken and (symbol, variant) == ("BTCUSDC", "btc_full")
            scores = (0.05, 0.68, 0.07, 0.66, 0.6) if apart else _around(mean, 0.004, rng)
            flat = broken and symbol == "UNIUSDC"
            for fold, score in zip(timeline.FOLDS, scores, strict=True):
                rows.append((symbol, fold, variant, "xgboost", 0.405 if flat else score, int(rng.integers(58, 140))))
    return _csv(_SWEEP, _damaged(rows) if broken else rows)


def preflight(week: Week) -> str:
    """Return the one fold that is run before the sweep."""
    return _csv(_SWEEP, [("BTCUSDC", 1, "btc_full", "xgboost", 0.431, 31 if Trouble.PREFLIGHT_THIN in week else 87)])


def _damaged(rows: list[Row]) -> Iterator[Row]:
    """Yield the sweep with two cells lost, one twice, one of an unknown variant and one of none."""
    lost = {("AAVEUSDC", 4, "btc_min"), ("UNIUSDC", 5, "btc_vol_only")}
    yield from (row for row in rows if tuple(row[:3]) not in lost)
    yield rows[7]
    yield ("UNIUSDC", 5, "btc_experimental", "xgboost", 0.41, 80)
    yield ("AAVEUSDC", 4, "", "xgboost", 0.41, 80)


def w1_results(rng: np.random.Generator, week: Week) -> str:
    """Return the first sweep on hyperparameters from the Console: five cryptos, five folds, three model types."""
    means = {**_W1, "catboost": _W1_UNSEEDED} if Trouble.KEYS_MISSING in week else _W1
    if Trouble.W1_COLLAPSED in week:
        means = {**means, "catboost": (0.31, 0.28, 0.26, 0.24, 0.22)}
    rows = [
        (symbol, fold, "btc_full", model, score, int(rng.integers(58, 140)))
        for model, by_symbol in means.items()
        for symbol, mean in zip(timeline.SYMBOLS, by_symbol, strict=True)
        for fold, score in zip(timeline.FOLDS, _around(mean, 0.015, rng), strict=True)
    ]
    return _csv(_SWEEP, rows[:-1] if Trouble.W1_BROKEN in week else rows)


def _around(mean: float, spread: float, rng: np.random.Generator) -> list[float]:
    """Return five scores whose mean is the given one, up to rounding."""
    noise = rng.normal(0, spread, len(timeline.FOLDS))
    return [round(float(score), 5) for score in mean + noise - noise.mean()]


def fold_labels(rng: np.random.Generator, week: Week, *, registered: bool = False) -> str:
    """Return the classes of each fold's rows, of the sweep or as they were when the model was registered."""
    shifted = Trouble.LABELS_SHIFTED in week and not registered
    rows = (
        (fold, int(chance < (0.75 if shifted and fold == 2 else 0.4)))
        for fold in timeline.FOLDS
        for chance in rng.random(400)
    )
    return _csv(("fold", "y_true"), rows)


def trades(rng: np.random.Generator, week: Week) -> str:
    """Return seven days of trades, oldest first."""
    lost = {"ETHUSDC": -3.1} if Trouble.REVENUE_LOST in week else {}
    found = []
    for day in timeline.steps(timeline.AT - timedelta(days=7), timeline.AT, timeline.DAY):
        for symbol, total in {**_EXPECTANCY, **lost}.items():
            noise = rng.normal(0, 6, _TRADES_A_DAY)
            nets = total / _TRADES_A_DAY + noise - noise.mean()
            minutes = np.sort(rng.choice(24 * 60, _TRADES_A_DAY, replace=False))
            for net, minute in zip(nets, minutes, strict=True):
                found.append(_trade(timeline.text(day + timedelta(minutes=int(minute))), symbol, float(net)))
    found.sort(key=lambda trade: (trade["ts"], trade["symbol"]))
    return "".join(json.dumps(trade) + "\n" for trade in found)


def _trade(ts: str, symbol: str, net: float) -> dict[str, str | float]:
    return {"ts": ts, "symbol": symbol, "side": "buy", "expectancy_net": round(net, 3)}


def correlations(rng: np.random.Generator, week: Week) -> str:
    """Return what the offline analysis finds each day: how far each altcoin's correlation with BTC is from training."""
    broken = {"ETHUSDC": -3.6, "SOLUSDC": 4.1} if Trouble.CORRELATIONS_BREAK in week else {}
    rows = (
        (timeline.text(day), symbol, broken.get(symbol, round(float(rng.normal(0, 0.8)), 3)))
        for day in timeline.steps(timeline.AT - timedelta(days=5), timeline.AT, timeline.DAY)
        for symbol in timeline.ALTCOINS
    )
    return _csv(("ts", "symbol", "shift_sigma"), rows)


def dry_run(rng: np.random.Generator, week: Week) -> str:
    """Return the shadow run of the fallback model; cut off where its writer was killed, if it was."""
    right = 0.4 if Trouble.DRY_RUN_FAILED in week else 0.85
    start = timeline.AT - timeline.DAY
    rows = []
    for instant in timeline.steps(start, timeline.AT, timedelta(minutes=15)):
        for symbol in timeline.SYMBOLS:
            truth = int(rng.random() < 0.4)
            guess = truth if rng.random() < right else 1 - truth
            rows.append((timeline.text(instant), symbol, truth, guess))
    text = _csv(("ts", "symbol", "y_true", "y_pred"), rows)
    return text[: len(text) // 2 - 3] if Trouble.DRY_RUN_CUT in week else text


def facts(week: Week) -> str:
    """Return what the operator has attested."""
    status, children, restore = "In progress", "{id: 151, status: Closed}, {id: 152, status: Developed}", "live"
    if Trouble.EPIC_SLOW in week:
        children = "{id: 151, status: In testing}, {id: 152, status: New}"
    if Trouble.EPIC_STALLED in week:
        status, children, restore = "New", "{id: 151, status: New}", "absent"
    silences = "{id: 7, alert: btc_ohlcv_quality_alert}" if Trouble.ALERT_SILENCED in week else ""
    reacted = Trouble.PARITY_FAILED in week
    execution = "paper" if Trouble.PAPER_NOT_FLAT in week else "real"
    post_mortem = "open" if Trouble.POST_MORTEM_OPEN in week else "none"
    by = 'at: 2026-08-12T21:00:00Z, by: "@dococeven"'
    return f"""\
# Written by a person, or by a job that asks OpenProject. An attestation is worth as much as its date.
facts:
  wp149.status: {{value: {status}, {by}}}
  wp149.children: {{items: [{children}], {by}}}
  console.restore: {{value: {restore}, {by}}}
  alertmanager.silences: {{items: [{silences}], {by}}}
  mode.execution: {{value: {execution}, {by}}}
  mode.rollout: {{value: {"disabled" if reacted else "enabled"}, {by}}}
  incident.post_mortem: {{value: {post_mortem}, {by}}}
"""


def _csv(header: Sequence[str], rows: Iterable[Row]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return buffer.getvalue()
