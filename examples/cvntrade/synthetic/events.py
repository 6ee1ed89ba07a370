"""The event log: lines of ``ts=… level=… event=… key=value``, with the quoting that real services use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

import numpy as np

from synthetic import timeline

Line = tuple[datetime, str]

_DAY = timedelta(days=1)
_TIMEFRAMES = ("15m", "5m", "1h")
_UNSEEDED = {
    "learning_rate": ("CVN_HPO_CATBOOST_5M_LEARNING_RATE", "0.03"),
    "depth": ("CVN_HPO_CATBOOST_5M_DEPTH", "6"),
}
"""Keys that nobody has written in the Console, and what the harness takes instead."""
_KEYS = 455
_MODELS = {"xgboost": (190, 6), "lightgbm": (150, 8), "catboost": (260, 6)}
"""Typical seconds of training, and the depth."""


def lines(rng: np.random.Generator) -> list[Line]:
    """Return every line of the log, oldest first."""
    found = [*_trainings(rng), *_audits(), *_feed(rng), *_served(rng), *_break_glass(), *_mismatches()]
    return sorted(found)


def _line(instant: datetime, event: str, pairs: Mapping[str, object], level: str = "info") -> Line:
    written = " ".join(f"{key}={_quoted(value)}" for key, value in pairs.items())
    return instant, f"ts={timeline.text(instant)} level={level} event={event} {written}"


def _quoted(value: object) -> str:
    text = str(value)
    if text and not any(sign in text for sign in ' ="\\'):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _trainings(rng: np.random.Generator) -> Iterator[Line]:
    """Every six hours one crypto is trained with the three models, on the timeframes in turn."""
    start = timeline.LOGGED_FROM + timedelta(minutes=20)
    for slot, instant in enumerate(timeline.steps(start, timeline.AT, timedelta(hours=6))):
        symbol = timeline.SYMBOLS[slot % len(timeline.SYMBOLS)]
        timeframe = _TIMEFRAMES[slot % len(_TIMEFRAMES)]
        for index, model in enumerate(timeline.MODELS):
            run = {"run_id": f"{slot:04d}-{model[:3]}", "model": model, "timeframe": timeframe, "symbol": symbol}
            yield from _training(instant + timedelta(minutes=9 * index), run, rng)


def _training(instant: datetime, run: Mapping[str, str], rng: np.random.Generator) -> Iterator[Line]:
    release = {"release": "s17" if instant >= timeline.MERGED else "pre-s17"}
    unseeded = instant >= timeline.MERGED and (run["model"], run["timeframe"]) == ("catboost", "5m")
    seconds, depth = _MODELS[run["model"]]
    drawn = round(float(rng.uniform(0.02, 0.12)), 4)
    tuned = {"learning_rate": 0.03 if unseeded else drawn, "max_depth": depth}
    yield _line(instant, "training_started", {**run, **tuned, **release})
    if unseeded:
        for param, (key, fallback) in _UNSEEDED.items():
            yield _fallback(instant + timedelta(seconds=2), run, param, key, fallback)
    features = {"feature_set": "btc_full", "n_features": 6, "purge_bars": 10, "run_id": run["run_id"]}
    yield _line(instant + timedelta(seconds=4), "btc_features_applied", features)
    spent = round(float(seconds * rng.lognormal(0, 0.12)), 1)
    best = int(rng.integers(31, 47) if unseeded else rng.integers(90, 420))
    score = round(float(rng.normal(0.36 if unseeded else 0.43, 0.01)), 4)
    outcome = {"best_iteration": best, "training_time_sec": spent, "f1_buy_val": score}
    yield _line(instant + timedelta(seconds=int(spent)), "training_complete", {**run, **outcome, **release})


def _fallback(instant: datetime, run: Mapping[str, str], param: str, key: str, fallback: str) -> Line:
    said = f'no value in the Console for key={key}, took fallback={fallback} ("legacy")'
    about = {"model": run["model"], "timeframe": run["timeframe"], "param": param, "key": key, "fallback": fallback}
    return _line(instant, "hpo_fallback_applied", {**about, "reason": "env_key_missing", "msg": said}, "warning")


def _audits() -> Iterator[Line]:
    """Once a day the sweep counts which of its keys the Console has."""
    for day in timeline.steps(timeline.MERGED, timeline.AT, _DAY):
        missing = 38 if day < timeline.MERGED + 3 * _DAY else len(_UNSEEDED)
        seeded = _KEYS - missing
        counted = {"seeded": seeded, "expected": _KEYS, "coverage_pct": round(100 * seeded / _KEYS, 4)}
        yield _line(day + timedelta(hours=5), "hp_coverage_audited", counted)


def _feed(rng: np.random.Generator) -> Iterator[Line]:
    """Every quarter of an hour a BTC bar is checked; what is odd about it is an event of its own."""
    for instant in timeline.steps(timeline.LOGGED_FROM, timeline.AT, timedelta(minutes=15)):
        checked = {"symbol": "BTCUSDC", "timeframe": "15m"}
        yield _line(instant + timedelta(seconds=3), "btc_ohlcv_checked", checked)
        if rng.random() < 0.01:
            yield _alert(instant + timedelta(seconds=4), "wick_to_body", "wick=6.1 of body")
    for minute in (4, 11, 19, 26, 34, 41, 52):
        detail = f"volume={0.19 - minute / 1000:.2f} of median, exchange says event=none"
        yield _alert(timeline.FEED_DEGRADES + timedelta(minutes=minute), "outlier_volume", detail)
    yield _alert(timeline.FEED_DEGRADES + timedelta(minutes=13), "outlier_returns", "return=5.3 sd, reason=thin book")


def _alert(instant: datetime, reason: str, detail: str) -> Line:
    about = {"symbol": "BTCUSDC", "reason": reason, "detail": detail}
    return _line(instant, "btc_ohlcv_quality_alert", about, "warning")


def _served(rng: np.random.Generator) -> Iterator[Line]:
    """Twice an hour the inference service says how much it served, as long as its log agent runs."""
    for instant in timeline.steps(timeline.LOGGED_FROM, timeline.AGENT_STOPS, timedelta(minutes=30)):
        batch = {"rows": 5, "p99_ms": int(rng.integers(18, 44))}
        yield _line(instant + timedelta(seconds=30), "inference_batch_served", batch)


def _break_glass() -> Iterator[Line]:
    """Twice somebody repaired the database by hand, wrote the value back in time, and wrote down why."""
    for incident, executed, write_back, written in (
        ("INC-39", datetime(2026, 5, 21, 14, 2, tzinfo=UTC), timedelta(minutes=41), timedelta(hours=19)),
        ("INC-41", datetime(2026, 6, 3, 8, 15, tzinfo=UTC), timedelta(minutes=52), timedelta(hours=22)),
    ):
        about = {"incident_id": incident}
        reason = {"change_reason": f"break-glass-{incident}"}
        said = {"approved_by": "@dococeven", "msg": f'restored ftf_config, change_reason="break-glass-{incident}"'}
        yield _line(executed, "break_glass_executed", {**about, **said}, "warning")
        yield _line(executed + write_back, "console_config_written", {**about, **reason})
        yield _line(executed + written, "post_mortem_filed", about)


def _mismatches() -> Iterator[Line]:
    """One deploy in May was stopped by the artefact check."""
    about = {"model_run_id": "9f2c11", "field": "btc_purge_bars", "env_value": "0", "artefact_value": "10"}
    said = {"msg": "CVN_BTC_FEATURES_PURGE_BARS=0, artefact says purge_bars=10"}
    stopped = datetime(2026, 5, 19, 9, 31, tzinfo=UTC)
    yield _line(stopped, "enrichment_config_mismatch", {**about, **said}, "error")
