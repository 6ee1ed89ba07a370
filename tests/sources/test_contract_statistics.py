"""The same rows give the same readings, whatever format they are in."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
from scipy import stats

from cvnpolicy.core.evidence import Direction, Match, MeasureNeed, Reading, Selection
from tests.sources.formats import START, Data, Row, hour, hours

BTC, ETH = (("symbol", "BTC"),), (("symbol", "ETH"),)


def rows() -> list[Row]:
    """Six hours of two symbols, x = 0.5 … 5.5 for BTC and twice that for ETH."""
    return [
        {"ts": hour(index), "symbol": symbol, "fold": index % 3, "x": (index + 0.5) * factor}
        for index in range(6)
        for symbol, factor in (("BTC", 1), ("ETH", 2))
    ]


@pytest.fixture
def bars(data: Data) -> Data:
    data.add("rows", rows())
    return data


def need(data: Data, statistic: str, *columns: str, **more: Any) -> MeasureNeed:
    return MeasureNeed(
        statistic, data.selection(window=hours(0, 6), symbol=["BTC", "ETH"]), columns, ("symbol",), **more
    )


@pytest.mark.parametrize(
    ("statistic", "expected"),
    [
        ("sum", 18.0),
        ("mean", 3.0),
        ("min", 0.5),
        ("max", 5.5),
        ("p50", 3.0),
        ("p95", 5.25),
        ("variance", 3.5),
        ("std", math.sqrt(3.5)),
        ("last", 5.5),
        ("delta", 5.0),
        ("increase", 5.0),
        ("distinct", 6),
    ],
)
def test_column_statistics(bars, statistic, expected):
    groups = bars.groups(need(bars, statistic, "x"))
    assert list(groups) == [BTC, ETH]
    assert groups[BTC].value == pytest.approx(expected, rel=1e-15)
    assert groups[BTC].samples == 6


def test_count_rate_and_ratio(bars):
    assert bars.groups(need(bars, "count"))[BTC].value == 6
    per_day = bars.groups(need(bars, "rate", params=(("per", "24h"),)))[ETH]
    assert per_day.value == pytest.approx(24)
    assert per_day.details == {"rows": 6}
    high = bars.selection(window=hours(0, 6), symbol=["BTC", "ETH"], fold=[2])
    everything = bars.selection(window=hours(0, 6), symbol=["BTC", "ETH"])
    share = bars.groups(MeasureNeed("ratio", high, by=("symbol",), total=everything))[BTC]
    assert share == Reading(1 / 3, 6, details={"numerator": 2, "denominator": 6})


def test_the_window_is_half_open(bars):
    counted = bars.groups(MeasureNeed("count", bars.selection(window=hours(1, 3)), by=("symbol",)))
    assert counted[BTC].value == 2


def test_without_a_window_every_row_counts(bars):
    assert bars.reading(MeasureNeed("count", bars.selection())).value == 12


def test_integers_stay_integers(bars):
    answer = bars.groups(need(bars, "sum", "fold"))[BTC].value
    assert answer == 6
    assert type(answer) is int


@pytest.mark.parametrize("member", [1, 1.0, "1"])
def test_a_group_is_named_as_its_filter_writes_it(bars, member):
    groups = bars.groups(MeasureNeed("count", bars.selection(fold=[member]), by=("fold",)))
    ((key, reading),) = groups.items()
    assert key == (("fold", member),)
    assert type(key[0][1]) is type(member)
    assert reading.value == 4


def test_a_group_without_a_filter_is_named_as_the_rows_have_it(bars):
    keys = list(bars.groups(MeasureNeed("count", bars.selection(), by=("fold",))))
    assert keys == [(("fold", 0),), (("fold", 1),), (("fold", 2),)]
    assert all(type(value) is int for ((_, value),) in keys)


def test_two_dimensions_are_sorted_by_name(bars):
    groups = bars.groups(MeasureNeed("count", bars.selection(symbol=["BTC"], fold=[0, 1]), by=("fold", "symbol")))
    assert list(groups) == [(("fold", 0), ("symbol", "BTC")), (("fold", 1), ("symbol", "BTC"))]


def test_a_member_without_rows_is_absent(bars):
    groups = bars.groups(MeasureNeed("mean", bars.selection(symbol=["BTC", "SOL"]), ("x",), ("symbol",)))
    assert list(groups) == [BTC]


def test_an_empty_window_has_no_groups(bars):
    for statistic in ("mean", "last", "distinct"):
        found = bars.groups(MeasureNeed(statistic, bars.selection(window=hours(90, 91)), ("x",), ("symbol",)))
        assert found == {}
    assert bars.groups(MeasureNeed("mean", bars.selection(window=hours(90, 91)), ("x",))) == {}


def test_an_empty_dataset_has_no_groups(data):
    data.add("rows", [])
    assert data.groups(MeasureNeed("mean", data.selection(window=hours(0, 6)), ("x",))) == {}
    assert data.groups(MeasureNeed("count", data.selection(window=hours(0, 6)), by=("symbol",))) == {}


def test_rows_without_a_group_are_reported(data):
    data.add("rows", [*rows(), {"ts": hour(0), "symbol": None, "fold": 0, "x": 7.0}])
    for where in ({}, {"symbol": ["BTC", "ETH"]}):
        groups = data.groups(MeasureNeed("count", data.selection(window=hours(0, 6), **where), by=("symbol",)))
        assert list(groups) == [BTC, ETH]
        assert groups[BTC].details["ungrouped"] == 1
        assert not groups[BTC].alive
    named = data.selection(window=hours(0, 6), symbol=["BTC"])
    for over, under in ((named, data.selection(symbol=["BTC"])), (named, named)):
        assert "1 rows of dataset" in data.reason(MeasureNeed("ratio", over, by=("symbol",), total=under))


def test_missing_values_are_left_out_and_counted(data):
    data.add("rows", [{"ts": hour(0), "x": 1.0}, {"ts": hour(1), "x": None}, {"ts": hour(2), "x": 3.0}])
    assert data.reading(MeasureNeed("mean", data.selection(), ("x",))) == Reading(2.0, 2, details={"null": 1})
    assert data.reading(MeasureNeed("distinct", data.selection(), ("x",))) == Reading(2, 2, details={"null": 1})
    last = data.reading(MeasureNeed("last", data.selection(window=hours(0, 2)), ("x",)))
    assert (last.value, last.samples, last.details["null"]) == (1.0, 1, 1)


def test_only_missing_values_is_undefined(data):
    data.add("rows", [{"ts": hour(0), "x": 1.0}, {"ts": hour(1), "x": None}])
    for statistic in ("mean", "last"):
        found = data.reading(MeasureNeed(statistic, data.selection(window=hours(1, 2)), ("x",)))
        assert (found.value, found.samples) == (None, 0)


@pytest.mark.parametrize("odd", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_is_never_a_number(data, odd):
    data.add("rows", [{"ts": hour(0), "x": 1.0}, {"ts": hour(1), "x": odd}, {"ts": hour(2), "x": 3.0}])
    for statistic in ("sum", "mean", "min", "max", "p50", "std", "variance", "distinct"):
        found = data.reading(MeasureNeed(statistic, data.selection(), ("x",)))
        assert isinstance(found.value, float), statistic
        assert math.isnan(found.value), statistic
        assert found.details["nonfinite"] == 1
    last = data.reading(MeasureNeed("last", data.selection(window=hours(0, 2)), ("x",)))
    assert math.isnan(last.value)


def test_one_row_has_no_spread(data):
    data.add("rows", [{"ts": hour(0), "x": 1.0}])
    for statistic in ("std", "variance"):
        assert data.reading(MeasureNeed(statistic, data.selection(), ("x",))) == Reading(None, 1)


def test_drift_against_a_reference_of_the_same_dataset(data):
    generator = np.random.default_rng(5)
    then, now = generator.normal(size=40), generator.normal(0.7, size=30)
    cells: list[Row] = [
        {"ts": hour(index), "symbol": "BTC", "x": float(value)} for index, value in enumerate([*then, *now])
    ]
    data.add("rows", [*cells, {"ts": hour(70), "symbol": "BTC", "x": math.nan}])
    current = data.selection(window=hours(40, 71), symbol=["BTC"])
    reference = data.selection(window=hours(0, 40), symbol=["BTC"])
    needs = [
        MeasureNeed(name, current, ("x",), ("symbol",), reference=reference)
        for name in ("ks_pvalue", "ks_statistic", "psi")
    ]
    pvalue, statistic, psi = (answer.groups[BTC] for answer in data.ask(*needs))
    expected = stats.ks_2samp(then, now)
    assert pvalue.value == expected.pvalue
    assert statistic.value == pytest.approx(expected.statistic, abs=1e-15)
    assert pvalue.details["numerator"] == round(expected.statistic * 1200)
    assert (pvalue.details["n"], pvalue.details["m"], pvalue.samples) == (40, 30, 30)
    assert pvalue.details["nonfinite"] == {"reference": 0, "current": 1}
    assert pvalue.details["nonfinite_share"] == {"reference": 0.0, "current": 1 / 31}
    assert sum(psi.details["reference_counts"]) == 40
    assert sum(psi.details["current_counts"]) == 30
    for reading in (pvalue, statistic, psi):
        assert json.loads(json.dumps(dict(reading.details), allow_nan=False)) == reading.details


def test_the_shift_of_a_mean(data):
    generator = np.random.default_rng(7)
    then, now = generator.normal(1e6, 3, size=40), generator.normal(1e6 - 2, 9, size=30)
    cells: list[Row] = [
        {"ts": hour(index), "symbol": "BTC", "x": float(value)} for index, value in enumerate([*then, *now])
    ]
    data.add("rows", [*cells, {"ts": hour(70), "symbol": "BTC", "x": math.nan}, {"ts": hour(71), "symbol": "BTC"}])
    current = data.selection(window=hours(40, 72), symbol=["BTC"])
    reference = data.selection(window=hours(0, 40), symbol=["BTC"])
    found = data.groups(MeasureNeed("mean_shift", current, ("x",), ("symbol",), reference=reference))[BTC]
    assert found.value == pytest.approx((now.mean() - then.mean()) / then.std(ddof=1), rel=1e-9)
    assert found.value < 0
    assert found.samples == 30
    numbers = {"mean": now.mean(), "reference_mean": then.mean(), "reference_sd": then.std(ddof=1)}
    assert found.details == {
        **{name: pytest.approx(value, rel=1e-12) for name, value in numbers.items()},
        "n": 40,
        "m": 30,
        "nonfinite": {"reference": 0, "current": 1},
        "nonfinite_share": {"reference": 0.0, "current": 1 / 31},
        "null": {"reference": 0, "current": 1},
    }
    assert json.loads(json.dumps(dict(found.details), allow_nan=False)) == found.details


@pytest.mark.parametrize(
    ("values", "more"),
    [([5.5], {}), ([5.5, math.nan], {"nonfinite": 1}), ([5.5, 5.5, 5.5], {"reference_sd": 0.0})],
    ids=str,
)
def test_without_a_spread_a_shift_is_undefined(data, values, more):
    cells = [("then", value) for value in values] + [("now", 1.5), ("now", 2.5)]
    data.add("rows", [{"ts": hour(index), "g": g, "x": x} for index, (g, x) in enumerate(cells)])
    need = MeasureNeed("mean_shift", data.selection(g=["now"]), ("x",), reference=data.selection(g=["then"]))
    found = data.reading(need)
    assert (found.value, found.samples) == (None, 2)
    said = {name: found.details.get(name) for name in ("mean", "reference_mean", "reference_sd", "n", "m")}
    n = len(values) - more.get("nonfinite", 0)
    assert said == {"mean": 2.0, "reference_mean": 5.5, "reference_sd": more.get("reference_sd"), "n": n, "m": 2}


@pytest.mark.parametrize("statistic", ["psi", "mean_shift"])
def test_drift_without_a_reference_is_undefined(data, statistic):
    data.add("rows", [{"ts": hour(index), "symbol": "BTC", "x": float(index)} for index in range(5)])
    far = data.selection(window=hours(100, 200), symbol=["BTC"])
    found = data.groups(MeasureNeed(statistic, data.selection(symbol=["BTC"]), ("x",), ("symbol",), reference=far))
    assert found[BTC] == Reading(None, 5, details={"n": 0, "m": 5})
    ours = data.selection(window=hours(0, 5), symbol=["BTC"])
    assert data.groups(MeasureNeed(statistic, far, ("x",), ("symbol",), reference=ours)) == {}
    assert "needs a reference" in data.reason(MeasureNeed(statistic, ours, ("x",), ("symbol",)))


def test_one_value_a_cell(data):
    cells: list[Row] = [{"ts": hour(0), "fold": fold, "x": fold / 10} for fold in (1, 2, 3)]
    data.add("rows", cells)
    data.add("twice", [*cells, {"ts": hour(1), "fold": 2, "x": 0.9}])
    data.add("none", [*cells, {"ts": hour(1), "fold": None, "x": 0.9}])
    assert data.reading(MeasureNeed("mean", data.selection(), ("x",), over=("fold",))).value == pytest.approx(0.2)
    reason = data.reason(MeasureNeed("mean", data.selection("twice"), ("x",), over=("fold",)))
    assert "2 rows for fold 2" in reason
    assert "have no fold" in data.reason(MeasureNeed("mean", data.selection("none"), ("x",), over=("fold",)))


def test_f1(data):
    table = [(1, 1), (1, 1), (0, 1), (1, 0), (0, 0)]
    data.add("rows", [{"ts": hour(index), "y": y, "p": p} for index, (y, p) in enumerate(table)])
    found = data.reading(MeasureNeed("f1", data.selection(), ("y", "p")))
    assert found == Reading(4 / 6, 5, details={"tp": 2, "fp": 1, "fn": 1})
    nothing = data.reading(MeasureNeed("f1", data.selection(window=hours(4, 5)), ("y", "p")))
    assert (nothing.value, nothing.samples) == (None, 1)


def test_f1_of_other_values_is_refused(data):
    data.add("rows", [{"ts": hour(0), "y": 1, "p": 1}, {"ts": hour(1), "y": 2, "p": 1}])
    assert "other values than 0 and 1" in data.reason(MeasureNeed("f1", data.selection(), ("y", "p")))


def test_f1_without_a_value_or_with_nan(data):
    data.add(
        "rows",
        [
            {"ts": hour(0), "y": 1.0, "p": 1.0},
            {"ts": hour(1), "y": None, "p": 1.0},
            {"ts": hour(2), "y": 0.0, "p": math.nan},
        ],
    )
    assert data.reading(MeasureNeed("f1", data.selection(window=hours(0, 2)), ("y", "p"))).details == {
        "tp": 1,
        "fp": 0,
        "fn": 0,
        "null": 1,
    }
    assert math.isnan(data.reading(MeasureNeed("f1", data.selection(), ("y", "p"))).value)


def test_coverage_of_a_grid(data):
    data.add(
        "rows",
        [
            {"ts": hour(0), "symbol": "BTC", "fold": 1},
            {"ts": hour(1), "symbol": "BTC", "fold": 1},
            {"ts": hour(1), "symbol": "ETH", "fold": 2},
            {"ts": hour(1), "symbol": "SOL", "fold": 2},
        ],
    )
    expect = (("fold", (1, 2)), ("symbol", ("BTC", "ETH")))
    found = data.reading(MeasureNeed("coverage", data.selection(), expect=expect))
    assert found.value == 0.5
    assert found.samples == 4
    assert found.details == {
        "cells": 4,
        "present": 2,
        "missing": [{"fold": 1, "symbol": "ETH"}, {"fold": 2, "symbol": "BTC"}],
        "outside": 1,
    }
    grouped = data.groups(MeasureNeed("coverage", data.selection(symbol=["BTC", "ETH"]), by=("symbol",), expect=expect))
    assert grouped[BTC].details == {"cells": 2, "present": 1, "missing": [{"fold": 2, "symbol": "BTC"}]}


def test_duplicates(data):
    data.add(
        "rows",
        [
            {"ts": hour(index), "symbol": symbol, "fold": fold}
            for index, (symbol, fold) in enumerate([("BTC", 1), ("BTC", 1), ("BTC", 1), ("ETH", 1), ("ETH", 2)])
        ],
    )
    found = data.reading(MeasureNeed("duplicates", data.selection(), ("symbol", "fold")))
    assert (found.value, found.samples) == (2, 5)
    assert found.details == {"repeated": [{"symbol": "BTC", "fold": "1", "rows": 3}]}
    grouped = data.groups(
        MeasureNeed("duplicates", data.selection(symbol=["BTC", "ETH"]), ("symbol", "fold"), ("symbol",))
    )
    assert [reading.value for reading in grouped.values()] == [2, 0]


def test_two_rows_of_one_instant_have_no_last(data):
    data.add(
        "rows",
        [
            {"ts": hour(0), "symbol": "BTC", "x": 1.0},
            {"ts": hour(0), "symbol": "BTC", "x": 2.0},
            {"ts": hour(0), "symbol": "ETH", "x": 2.0},
        ],
    )
    reason = data.reason(need(data, "last", "x"))
    assert "two rows of group symbol BTC" in reason
    assert "2026-05-04T00:00:00Z" in reason
    only = data.selection(window=hours(0, 6), symbol=["ETH"])
    assert data.groups(MeasureNeed("last", only, ("x",), ("symbol",)))[ETH].value == 2.0


def test_rows_out_of_order_have_no_last(data):
    data.add("rows", [{"ts": hour(1), "x": 1.0}, {"ts": hour(0), "x": 2.0}])
    reason = data.reason(MeasureNeed("delta", data.selection(), ("x",)))
    assert "out of order" in reason
    assert "2026-05-04T00:00:00Z comes after" in reason


def test_the_cadence_is_filled_by_slots(data):
    cells = [(0, "buy"), (0, "buy"), (1, "sell"), (3, "sell")]
    table = data.kind.event is None
    binding = {"time": "ts", "cadence": "1h"} if table else {}
    bars: list[Row] = [{"ts": hour(index), "symbol": "BTC", "side": side, "x": 1.0} for index, side in cells]
    data.add("rows", bars, **binding)
    selection = data.selection(window=hours(0, 4), symbol=["BTC"], side=["sell"])
    assert data.reading(MeasureNeed("mean", selection, ("x",), ("symbol",))).coverage == (0.5 if table else None)
    assert data.reading(MeasureNeed("count", selection, by=("symbol",))).coverage == (0.75 if table else None)
    assert data.reading(MeasureNeed("mean", data.selection(), ("x",))).coverage is None


def test_a_count_of_zero_rests_on_rows_before_the_filter(data):
    data.add(
        "rows", [{"ts": hour(0), "symbol": "BTC", "side": "buy"}, {"ts": hour(9), "symbol": "ETH", "side": "sell"}]
    )
    selection = data.selection(window=hours(0, 4), symbol=["BTC", "ETH"], side=["sell"])
    groups = data.groups(MeasureNeed("count", selection, by=("symbol",)))
    if data.kind.event is None:
        assert groups == {BTC: Reading(0, 0)}
    else:
        assert groups == {}


def test_a_ratio_over_nothing_is_undefined(data):
    data.add("rows", [{"ts": hour(0), "symbol": "BTC", "side": "buy"}])
    under = data.selection(window=hours(5, 6), symbol=["BTC"])
    over = data.selection(window=hours(0, 6), symbol=["BTC"])
    found = data.groups(MeasureNeed("ratio", over, by=("symbol",), total=under))[BTC]
    assert found == Reading(None, 0, alive=False, details={"numerator": 1, "denominator": 0})


@pytest.mark.parametrize(("side", "value"), [(Direction.AFTER, 1), (Direction.BEFORE, 2)])
def test_events_without_a_match(data, side, value):
    data.add(
        "rows",
        [
            {"event": event, "ts": hour(at), "id": key}
            for at, event, key in ((1, "bar", 1), (2, "bar", 2), (2, "done", 2), (3, "done", 1), (4, "bar", 3))
        ],
    )
    within = 2 * 3_600_000_000
    bars, done = (Selection("rows", event, window=hours(0, 24)) for event in ("bar", "done"))
    need = MeasureNeed("unmatched", bars, match=Match(done, within, ("id",), side))
    if data.kind.event is None and data.kind.name != "frame":
        assert "has no events" in data.reason(need)
    else:
        found = data.reading(need)
        assert (found.value, found.samples, found.alive) == (value, 3, False)


def test_details_are_json(bars):
    for name in ("sum", "mean", "p95", "last", "delta", "distinct", "duplicates", "missing"):
        for reading in bars.groups(need(bars, name, "x")).values():
            assert json.loads(json.dumps([reading.value, reading.samples, dict(reading.details)])) is not None
            assert type(reading.value) in (int, float)


def test_the_epoch_of_the_tests_is_a_monday():
    assert START.weekday() == 0
    assert isinstance(Selection("rows"), Selection)
