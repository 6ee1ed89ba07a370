"""The event log: lines of ``ts=… level=… event=… key=value``, with the quoting that real services use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

import numpy as np

from synthetic import timeline
from synthetic.weeks import Trouble, Week

Line = tuple[datetime, str]
Fields = Mapping[str, object]

_TIMEFRAMES = ("15m", "5m", "1h")
_UNSEEDED = {
    "learning_rate": ("CVN_HPO_CATBOOST_5M_LEARNING_RATE", "0.03"),
    "depth": ("CVN_HPO_CATBOOST_5M_DEPTH", "6"),
}
"""Keys that nobody has written in the Console, and what the harness takes instead."""
_LOST = {f"param_{number:02d}": (f"CVN_HPO_LIGHTGBM_15M_PARAM_{number:02d}", "1") for number in range(12)}
"""Keys of one more model that were lost."""
_KEYS = 455
_MODELS = {"xgboost": (190, 6), "lightgbm": (150, 8), "catboost": (260, 6)}
"""Typical seconds of training, and the depth."""
_LAST_SLOT = f"{(timeline.AT - timeline.LOGGED_FROM) // timedelta(hours=6) - 1:04d}"
"""The number of the last slot of trainings, as run ids write it."""
_ODD = timeline.AT - timedelta(hours=24)
"""Trainings from here on are odd, in a week in which they are."""


def lines(rng: np.random.Generator, week: Week) -> list[Line]:
    """Return every line of the log, oldest first."""
    found = [
        *_trainings(rng, week),
        *_audits(week),
        *_feed(rng, week),
        *_served(rng, week),
        *_break_glass(week),
        *_mismatches(week),
        *_drift(week),
        *_switches(),
    ]
    if Trouble.FIELDS_DROPPED in week:
        found += _crippled()
    return sorted(found)


def _line(instant: datetime, event: str, pairs: Fields, level: str = "info") -> Line:
    written = " ".join(f"{key}={_quoted(value)}" for key, value in pairs.items())
    return instant, f"ts={timeline.text(instant)} level={level} event={event} {written}"


def _quoted(value: object) -> str:
    text = str(value)
    if text and not any(sign in text for sign in ' ="\\'):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _trainings(rng: np.random.Generator, week: Week) -> Iterator[Line]:
    """Every six hours one crypto is trained with the three models, on the timeframes in turn."""
    start = timeline.LOGGED_FROM + timedelta(minutes=20)
    for slot, instant in enumerate(timeline.steps(start, timeline.AT, timedelta(hours=6))):
        symbol = timeline.SYMBOLS[slot % len(timeline.SYMBOLS)]
        timeframe = _TIMEFRAMES[slot % len(_TIMEFRAMES)]
        for index, model in enumerate(timeline.MODELS):
            run = {"run_id": f"{slot:04d}-{model[:3]}", "model": model, "timeframe": timeframe, "symbol": symbol}
            yield from _training(instant + timedelta(minutes=9 * index), run, rng, week)


def _training(instant: datetime, run: Mapping[str, str], rng: np.random.Generator, week: Week) -> Iterator[Line]:
    release = {"release": "s17" if instant >= timeline.MERGED else "pre-s17"}
    unseeded = _unseeded(instant, run, week)
    odd = Trouble.TRAINING_ODD in week and instant >= _ODD
    seconds, depth = _MODELS[run["model"]]
    drawn = round(float(rng.uniform(0.02, 0.12)), 4)
    tuned = {"learning_rate": 0.004 if odd else 0.03 if unseeded else drawn, "max_depth": -1 if odd else depth}
    yield _line(instant, "training_started", {**run, **tuned, **release})
    for number, (param, (key, fallback)) in enumerate(unseeded.items()):
        yield _fallback(instant + timedelta(seconds=2 + number), run, param, key, fallback)
    if not (Trouble.FEATURES_SILENT in week and run["run_id"] == f"{_LAST_SLOT}-lig"):
        dropped = Trouble.FEATURE_DROPPED in week and run["run_id"] == f"{_LAST_SLOT}-xgb"
        features = {"feature_set": "btc_full", "n_features": 5 if dropped else 6, "purge_bars": 10}
        yield _line(instant + timedelta(seconds=20), "btc_features_applied", {**features, "run_id": run["run_id"]})
    slow = 2.6 if Trouble.TRAINING_ODD in week and instant >= timeline.AT - timedelta(days=7) else 1.0
    spent = round(float(seconds * slow * rng.lognormal(0, 0.12)), 1)
    best = int(rng.integers(31, 47) if unseeded or odd else rng.integers(90, 420))
    score = round(float(rng.normal(0.36 if unseeded else 0.43, 0.01)), 4)
    outcome = {"best_iteration": best, "training_time_sec": spent, "f1_buy_val": score}
    yield _line(instant + timedelta(seconds=int(spent)), "training_complete", {**run, **outcome, **release})


def _unseeded(instant: datetime, run: Mapping[str, str], week: Week) -> Mapping[str, tuple[str, str]]:
    """Return the parameters of a training that the Console has no value for."""
    if instant < timeline.MERGED:
        return {}
    if (run["model"], run["timeframe"]) == ("catboost", "5m") and Trouble.KEYS_MISSING in week:
        return _UNSEEDED
    lost = Trouble.KEYS_LOST in week and run["model"] == "lightgbm" and instant >= timeline.AT - timedelta(hours=24)
    # In the first days after the merge keys were still being written, whatever the week.
    early = run["model"] == "catboost" and instant < timeline.MERGED + 3 * timeline.DAY
    return _LOST if lost else _UNSEEDED if early else {}


def _fallback(instant: datetime, run: Mapping[str, str], param: str, key: str, fallback: str) -> Line:
    said = f'no value in the Console for key={key}, took fallback={fallback} ("legacy")'
    about = {"model": run["model"], "timeframe": run["timeframe"], "param": param, "key": key, "fallback": fallback}
    return _line(instant, "hpo_fallback_applied", {**about, "reason": "env_key_missing", "msg": said}, "warning")


def _audits(week: Week) -> Iterator[Line]:
    """Once a day the sweep counts which of its keys the Console has."""
    for day in timeline.steps(timeline.MERGED, timeline.AT, timeline.DAY):
        missing, expected = len(_UNSEEDED) if Trouble.KEYS_MISSING in week else 0, _KEYS
        if day < timeline.MERGED + 3 * timeline.DAY:
            missing = 38
        if Trouble.KEYS_LOST in week and day >= timeline.AT - timeline.DAY:
            missing, expected = 25, _KEYS + 1
        yield _line(day + timedelta(hours=5), "hp_coverage_audited", {"seeded": _KEYS - missing, "expected": expected})


def _feed(rng: np.random.Generator, week: Week) -> Iterator[Line]:
    """Every quarter of an hour a BTC bar is measured; what is odd about it is an event of its own."""
    for instant in timeline.steps(timeline.CHATTY_FROM, timeline.AT, timedelta(minutes=15)):
        odd = Trouble.FEED_DEGRADED in week and instant >= timeline.FEED_DEGRADES
        wicked = float(rng.random()) < 0.01 and instant < timeline.FEED_CALM
        measured = {
            "return_sigma": 6.4 if odd else round(abs(float(rng.normal(0, 1))), 3),
            "volume_ratio": 0.11 if odd else round(float(rng.lognormal(0, 0.35)), 3),
            "wick_to_body": 7.3 if odd else 6.1 if wicked else round(float(rng.uniform(0.1, 3.5)), 2),
        }
        about = {"symbol": "BTCUSDC", "timeframe": "15m"}
        yield _line(instant + timedelta(seconds=3), "btc_ohlcv_checked", {**about, **measured})
        if wicked and not odd:
            yield _alert(instant + timedelta(seconds=4), "wick_to_body", "wick=6.1 of body")
    if Trouble.FEED_DEGRADED in week:
        for instant in timeline.steps(timeline.FEED_DEGRADES, timeline.AT, timedelta(minutes=7)):
            yield _alert(instant + timedelta(seconds=5), "outlier_returns", "return=6.4 sd, reason=thin book")
            yield _alert(instant + timedelta(seconds=6), "outlier_volume", "volume=0.11 of median, says event=none")
            yield _alert(instant + timedelta(seconds=7), "wick_to_body", "wick=7.3 of body")
        yield _alert(timeline.AT - timedelta(seconds=9), "gap", "a reason that no document knows")


def _alert(instant: datetime, reason: str, detail: str) -> Line:
    about = {"symbol": "BTCUSDC", "reason": reason, "detail": detail}
    return _line(instant, "btc_ohlcv_quality_alert", about, "warning")


def _served(rng: np.random.Generator, week: Week) -> Iterator[Line]:
    """Twice an hour the inference service says how much it served, as long as its log agent runs."""
    end = timeline.AGENT_STOPS if Trouble.AGENT_STOPPED in week else timeline.AT
    for instant in timeline.steps(timeline.CHATTY_FROM, end, timedelta(minutes=30)):
        batch = {"rows": 5, "p99_ms": int(rng.integers(18, 44))}
        yield _line(instant + timedelta(seconds=30), "inference_batch_served", batch)


def _break_glass(week: Week) -> Iterator[Line]:
    """Twice somebody repaired the database by hand, with approval, wrote the value back in time, and wrote down why."""
    for incident, executed, write_back, written in (
        ("INC-39", datetime(2026, 7, 23, 14, 2, tzinfo=UTC), timedelta(minutes=41), timedelta(hours=19)),
        ("INC-41", datetime(2026, 8, 5, 8, 15, tzinfo=UTC), timedelta(minutes=52), timedelta(hours=22)),
    ):
        about = {"incident_id": incident}
        reason = {"change_reason": f"break-glass-{incident}"}
        yield _line(executed - timedelta(minutes=18), "break_glass_approved", {**about, "approved_by": "@dococeven"})
        yield _repaired(executed, incident)
        yield _line(executed + write_back, "console_config_written", {**about, **reason})
        yield _line(executed + written, "post_mortem_filed", about)
    if Trouble.BREAK_GLASS in week:
        yield _repaired(datetime(2026, 8, 11, 2, 40, tzinfo=UTC), "INC-43")
        stranger = datetime(2026, 8, 11, 13, 5, tzinfo=UTC)
        yield _line(stranger, "break_glass_approved", {"incident_id": "INC-44", "approved_by": "@intern"})
        yield _repaired(stranger + timedelta(minutes=10), "INC-44")


def _repaired(instant: datetime, incident: str) -> Line:
    said = f'restored ftf_config, change_reason="break-glass-{incident}"'
    return _line(instant, "break_glass_executed", {"incident_id": incident, "msg": said}, "warning")


def _mismatches(week: Week) -> Iterator[Line]:
    """Deploys that the artefact check stopped: one in July, and one of this week if it is a bad one."""
    about = {"model_run_id": "9f2c11", "env_value": "0", "artefact_value": "10"}
    said = {"msg": "CVN_BTC_FEATURES_PURGE_BARS=0, artefact says purge_bars=10"}
    stopped = [datetime(2026, 7, 9, 9, 31, tzinfo=UTC)]
    if Trouble.MISMATCH in week:
        stopped.append(datetime(2026, 8, 12, 15, 7, tzinfo=UTC))
    for instant in stopped:
        yield _line(instant, "enrichment_config_mismatch", {**about, **said}, "error")


def _drift(week: Week) -> Iterator[Line]:
    """A fallback of July, and a re-fit, announced by its alert; and one that nobody was told of."""
    run = {"model": "catboost", "timeframe": "5m"}
    yield _fallback(datetime(2026, 7, 3, 8, 20, tzinfo=UTC), run, "depth", *_UNSEEDED["depth"])
    told = datetime(2026, 7, 20, 0, 5, tzinfo=UTC)
    yield _line(told, "btc_features_drift_alert", {"feature": "btc_correlation_15m_lag5"}, "warning")
    yield _line(told + timedelta(seconds=1), "drift_alert", {"kind": "data", "symbol": "AAVEUSDC"}, "warning")
    yield _line(told + timedelta(hours=30), "retraining_started", {"cause": "drift", "symbol": "AAVEUSDC"})
    if Trouble.SILENT_RETRAINING in week:
        instant = timeline.AT - timedelta(hours=40)
        yield _line(instant, "retraining_started", {"cause": "drift", "symbol": "UNIUSDC"})


def _switches() -> Iterator[Line]:
    """The executor went to paper and came back, in July."""
    for hour, there, here in ((4, "real", "paper"), (5, "paper", "real")):
        instant = datetime(2026, 7, 8, hour, 12, tzinfo=UTC)
        yield _line(instant, "mode_switch", {"from": there, "to": here}, "warning")


def _crippled() -> Iterator[Line]:
    """One line of each kind of event without one of its fields."""
    instant = timeline.AT - timedelta(minutes=95)
    run = {"run_id": "x", "model": "xgboost", "timeframe": "15m", "symbol": "BTCUSDC", "release": "s17"}
    yield _line(instant, "training_started", {**run, "max_depth": 6})
    yield _line(instant, "training_complete", {**run, "best_iteration": 120, "training_time_sec": 200.0})
    yield _line(instant, "btc_features_applied", {"feature_set": "btc_full", "n_features": 6, "run_id": "x"})
    yield _line(instant, "btc_ohlcv_quality_alert", {"symbol": "BTCUSDC", "detail": "wick=5.5 of body"})
    yield _line(instant, "enrichment_config_mismatch", {"model_run_id": "9f2c11", "env_value": "0"}, "error")
    yield _line(instant, "hpo_fallback_applied", {"model": "xgboost", "timeframe": "15m", "param": "depth"})
    yield _line(instant, "btc_features_drift_alert", {"msg": "which one is not said"})
    yield _line(instant, "drift_alert", {"kind": "data"})
    yield _line(instant, "mode_switch", {"from": "real"})
    yield _line(instant, "inference_batch_served", {"rows": 5})
