"""KS and PSI of real BTC and ETH bars against an independent computation; see the README of the shared data."""

from __future__ import annotations

import json
from functools import cache

import numpy as np
import pandas as pd
import pytest

from cvnpolicy.statistics import ks, psi, psi_categorical, sample

FEATURES = ("ret_1", "ret_24", "range", "log_vol", "vol_24", "rsi_14", "dow_hour")
WINDOW = pd.Timedelta(days=14)


@cache
def _case(shared, name):
    cases = json.loads((shared / "data" / "expected_2024.json").read_text())["cases"]
    return next(case for case in cases if case["name"] == name)


@cache
def _features(shared, symbol):
    bars = pd.read_parquet(shared / "data" / "binance_2024_1h.parquet")
    bars = bars[bars["symbol"] == symbol].sort_values("ts").set_index("ts")
    returns, moves = bars["close"].pct_change(1), bars["close"].diff()
    up, down = moves.clip(lower=0).rolling(14).mean(), (-moves.clip(upper=0)).rolling(14).mean()
    return pd.DataFrame(
        {
            "ret_1": returns,
            "ret_24": bars["close"].pct_change(24),
            "range": (bars["high"] - bars["low"]) / bars["close"],
            "log_vol": np.log(bars["volume"]),
            "vol_24": returns.rolling(24).std(),
            "rsi_14": 100 * up / (up + down),
            "dow_hour": bars.index.hour.astype(float),
            "label": np.sign(returns.where(returns.abs() > 0.001, 0.0)),
        }
    )


def _between(frame, start, end):
    return frame[(frame.index >= pd.Timestamp(start, tz="UTC")) & (frame.index < pd.Timestamp(end, tz="UTC"))]


def _window(frame, end):
    return frame[(frame.index >= end - WINDOW) & (frame.index < end)]


@pytest.mark.parametrize("feature", FEATURES)
@pytest.mark.parametrize("symbol", ["BTCUSDT", "ETHUSDT"])
def test_ks_and_psi_of_every_week(shared, symbol, feature):
    case = _case(shared, f"ks_psi_{symbol}_{feature}")
    column = _features(shared, symbol)[feature]
    reference = sample(_between(column, *case["params"]["train"]).to_numpy())
    assert len(case["result"]) == 21
    for expected in case["result"]:
        current = sample(_window(column, pd.Timestamp(expected["t"])).to_numpy())

        found = ks(reference, current)
        assert (found.numerator, found.n, found.m) == (expected["num"], expected["n"], expected["m"])
        assert found.statistic == pytest.approx(expected["D"], abs=1e-12)
        assert found.pvalue == pytest.approx(expected["p"], rel=1e-9, abs=1e-12)

        index = psi(reference, current)
        assert index.edges == pytest.approx(tuple(case["params"]["edges"]), rel=1e-12)
        assert index.reference_counts == tuple(case["params"]["ref_bins"])
        assert index.current_counts == tuple(expected["cur_bins"])
        assert index.value == pytest.approx(expected["psi"], abs=1e-12)


def test_psi_of_the_labels_of_every_week(shared):
    case = _case(shared, "psi_labels_BTCUSDT")
    labels = _features(shared, "BTCUSDT")["label"]
    reference = _between(labels, "2024-01-01", "2024-04-01").value_counts().to_dict()
    assert len(case["result"]) == 21
    for expected in case["result"]:
        current = _window(labels, pd.Timestamp(expected["t"])).value_counts().to_dict()

        index = psi_categorical(reference, current)

        assert sorted(zip(index.classes, index.reference_counts, index.current_counts, strict=True)) == list(
            zip(case["params"]["classes"], expected["ref"], expected["cur"], strict=True)
        )
        assert index.value == pytest.approx(expected["psi"], abs=1e-12)
