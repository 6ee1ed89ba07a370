"""Each rule of core/check_rules.py: what it says, at which key, and the twin that it lets through."""

from __future__ import annotations

from typing import Any

import pytest

from cvnpolicy.core.check import Check, Counterpart, Escalation, Measure
from cvnpolicy.core.evidence import Direction
from cvnpolicy.core.finding import OnUnknown, Severity
from cvnpolicy.core.rules import DocumentRule
from cvnpolicy.core.statistic import STATISTICS
from tests.support.faults import faults_of, only_fault

MEAN: dict[str, Any] = {"statistic": "mean", "dataset": "data", "columns": ["a"], "window": "14d"}
COUNT: dict[str, Any] = {"statistic": "count", "dataset": "data", "window": "24h"}
EVENTS: dict[str, Any] = {"statistic": "count", "event": "started", "window": "24h"}
METRIC: dict[str, Any] = {"statistic": "last", "metric": "markout", "window": "1h"}
KS: dict[str, Any] = {**MEAN, "statistic": "ks_pvalue", "reference": "training"}
CHECK: dict[str, Any] = {"id": "one", "measure": MEAN, "warn_if": "> 1"}
TREE: dict[str, Any] = {"id": "one", "warn_if": {"check": "two", "is": ["fail"]}}
CONTRACT = {"contract": "btc-features", "top": 20}


def without(value: dict[str, Any], *keys: str) -> dict[str, Any]:
    return {key: part for key, part in value.items() if key not in keys}


def measure(**keys: Any) -> dict[str, Any]:
    return {**MEAN, **keys}


def assert_refused(model: type[Measure | Check], value: dict[str, Any], what: str, key: str | None) -> None:
    """The one fault of `value` says `what` (a part is enough) and points at `key`."""
    fault = only_fault(model, value)
    assert what in fault["what"]
    assert fault["right"]
    assert fault["rule"] == DocumentRule.BAD_CHECK
    assert fault.get("key") == key


# --- measures


@pytest.mark.parametrize(
    "value",
    [
        MEAN,
        COUNT,
        EVENTS,
        METRIC,
        KS,
        measure(columns=["a", "b"]),
        measure(columns=CONTRACT),
        measure(where={"timeframe": ["15m"], "any column": [1, True]}),
        measure(over=["fold"]),
        measure(statistic="duplicates", columns=["a", "b", "c"]),
        measure(statistic="f1", columns=["truth", "prediction"]),
        {**EVENTS, "statistic": "rate", "params": {"per": "1h"}},
        {**EVENTS, "statistic": "ratio", "total": {"event": "ended"}},
        {**COUNT, "statistic": "ratio", "total": {"where": {"side": ["buy"]}}},
        {**EVENTS, "statistic": "unmatched", "match": {"event": "ended", "after": "24h", "same": ["id"]}},
        {**EVENTS, "statistic": "unmatched", "match": {"event": "asked", "before": "7d", "same": ["id"]}},
        {**COUNT, "statistic": "coverage", "expect": {"symbol": "defi_top5", "fold": [1, 2]}},
        without({**MEAN, "event": "started"}, "dataset"),
        without({**METRIC, "statistic": "count"}),
    ],
)
def test_a_whole_measure(value):
    assert Measure.model_validate(value).statistic == value["statistic"]


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (without(MEAN, "dataset"), "none of them"),
        ({**MEAN, "event": "e"}, "dataset and event"),
        (without({**MEAN, "metric": "m"}, "columns"), "dataset and metric"),
        (without({**EVENTS, "metric": "m"}), "event and metric"),
    ],
)
def test_a_measure_asks_one_source(value, found):
    assert_refused(Measure, value, f"exactly one of dataset, event, metric; found {found}", None)


def test_a_follow_up_is_of_events():
    follow = {"event": "e", "after": "1h", "same": ["id"]}
    value = {"statistic": "unmatched", "dataset": "data", "window": "24h", "match": follow}
    assert_refused(Measure, value, "'unmatched' is about events", "statistic")
    # Of which source a metric is only shows once its name is looked up.
    metric = {"statistic": "unmatched", "metric": "m", "window": "24h", "match": follow}
    assert Measure.model_validate(metric).metric == "m"


@pytest.mark.parametrize(
    ("sides", "right", "key"),
    [({}, "write after: 24h, or before: 7d", None), ({"after": "1h", "before": "1h"}, "keep one", "before")],
)
def test_a_match_has_one_side(sides, right, key):
    match = {"event": "ended", "same": ["id"], **sides}
    ((_place, fault),) = faults_of(Counterpart, match)
    assert (fault["what"], fault["right"]) == ("a match has exactly one of after, before", right)
    assert (fault["rule"], fault.get("key")) == (DocumentRule.BAD_CHECK, key)
    ((place, _fault),) = faults_of(Measure, {**EVENTS, "statistic": "unmatched", "match": match})
    assert place == ("match",)


@pytest.mark.parametrize("side", Direction)
def test_a_match_says_which_side_and_how_far(side):
    match = Counterpart.model_validate({"event": "ended", str(side): "90min", "same": ["id"]})
    assert (match.direction, str(match.within)) == (side, "90min")


def test_a_match_without_a_side_has_no_length():
    with pytest.raises(AssertionError, match="without a side"):
        _ = Counterpart.model_construct(event="ended", same=("id",)).within


def test_a_metric_knows_its_column():
    assert_refused(Measure, {**METRIC, "columns": ["a"]}, "a metric knows its own column", "columns")
    assert_refused(Measure, {**METRIC, "statistic": "f1"}, "'f1' needs 2 columns, a metric has one", None)


@pytest.mark.parametrize("statistic", ["mean", "sum", "p95", "last", "distinct", "duplicates", "f1"])
def test_what_measures_columns_needs_them(statistic):
    assert_refused(
        Measure, without(measure(statistic=statistic), "columns"), f"'{statistic}' needs columns", "statistic"
    )


@pytest.mark.parametrize("extra", [{}, {"columns": CONTRACT}])
def test_a_count_measures_no_column(extra):
    assert_refused(Measure, {**COUNT, "columns": ["a"], **extra}, "'count' measures no column", "columns")


@pytest.mark.parametrize("statistic", ["f1", "duplicates"])
def test_only_a_statistic_of_one_column_takes_a_contract(statistic):
    value = measure(statistic=statistic, columns=CONTRACT)
    assert_refused(Measure, value, f"'{statistic}' needs its columns named", "columns")


@pytest.mark.parametrize("columns", [["a"], ["a", "b", "c"]])
def test_f1_has_truth_and_prediction(columns):
    value = measure(statistic="f1", columns=columns)
    assert_refused(Measure, value, f"'f1' needs exactly 2 columns, found {len(columns)}", "columns")


@pytest.mark.parametrize("statistic", ["mean", "duplicates"])
def test_a_column_is_named_once(statistic):
    assert_refused(Measure, measure(statistic=statistic, columns=["a", "b", "a"]), "a column is named twice", "columns")


@pytest.mark.parametrize(
    ("statistic", "part", "base"),
    [("ratio", "total", EVENTS), ("unmatched", "match", EVENTS), ("coverage", "expect", COUNT)],
)
def test_a_part_that_a_statistic_cannot_do_without(statistic, part, base):
    assert_refused(Measure, {**base, "statistic": statistic}, f"'{statistic}' needs {part}", "statistic")


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("total", {"event": "e"}),
        ("match", {"event": "e", "after": "1h", "same": ["id"]}),
        ("expect", {"symbol": ["a"]}),
    ],
)
def test_a_part_that_does_not_go_with_a_statistic(part, value):
    assert_refused(Measure, measure(**{part: value}), f"'{part}' does not go with 'mean'", part)


@pytest.mark.parametrize("name", [name for name, statistic in STATISTICS.items() if statistic.reference])
def test_two_samples_need_a_second(name):
    assert_refused(Measure, measure(statistic=name), f"'{name}' compares two samples", "statistic")


def test_one_sample_has_no_second():
    assert_refused(Measure, measure(reference="training"), "'mean' has one sample", "reference")


def test_a_total_counts_one_thing():
    value = {**EVENTS, "statistic": "ratio", "total": {"event": "e", "dataset": "data"}}
    assert_refused(Measure, value, "a total counts one thing", "total")


@pytest.mark.parametrize("statistic", ["mean", "std", "variance", "min", "max", "sum"])
def test_an_axis_can_be_consumed(statistic):
    assert Measure.model_validate(measure(statistic=statistic, over=["fold"])).over == ("fold",)


@pytest.mark.parametrize("statistic", ["last", "delta", "distinct", "p95", "duplicates"])
def test_an_axis_that_would_not_be_consumed(statistic):
    assert_refused(
        Measure, measure(statistic=statistic, over=["fold"]), f"'{statistic}' has no axis to consume", "over"
    )


def test_arguments_are_all_required_and_no_others_taken():
    rate = {**EVENTS, "statistic": "rate"}
    assert_refused(Measure, rate, "'rate' needs params: per", "params")
    assert_refused(Measure, {**rate, "params": {"per": "hour"}}, "params per: 'hour' is not a duration", "params")
    assert_refused(Measure, {**rate, "params": {"per": 60}}, "params per: '60' is not a duration", "params")
    assert_refused(Measure, {**rate, "params": {"per": "1h", "of": 1}}, "'rate' has no argument 'of'", "params")
    assert_refused(Measure, measure(params={"alpha": 0.05}), "'mean' has no argument 'alpha'", "params")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("window", "stage"),
        ("window", "14"),
        ("window", None),
        ("window", 14),
        ("columns", "a"),
        ("columns", []),
        ("columns", [1]),
        ("columns", {"contract": "c", "top": 0}),
        ("columns", {"contract": "c", "top": True}),
        ("columns", {"contract": "c", "first": 2}),
        ("columns", {}),
        ("where", {"a": []}),
        ("where", {"a": "x"}),
        ("where", {"a": [None]}),
        ("where", ["a"]),
        ("over", []),
        ("statistic", "means"),
        ("statistic", None),
        ("dataset", "No Slug"),
        ("windows", "14d"),
    ],
)
def test_a_value_of_another_shape(key, value):
    assert faults_of(Measure, {**MEAN, key: value})


def test_the_whole_run_is_a_window():
    assert Measure.model_validate(measure(window="run")).window == "run"


# --- checks


@pytest.mark.parametrize(
    "value",
    [
        CHECK,
        TREE,
        {**CHECK, "crit_if": "> 2"},
        without({**CHECK, "pass_if": "unset"}, "warn_if"),
        {**CHECK, "every": "7d", "for": "14d"},
        {**CHECK, "every": "7d", "for": "7d"},
        {**CHECK, "by": {"symbol": ["a", "b"], "model": "set"}, "groups": {"model": "all", "symbol": ">= 1"}},
        {**CHECK, "measure": measure(columns=["a", "b"]), "by": {"feature": "columns"}},
        {**CHECK, "measure": measure(columns=CONTRACT), "by": {"feature": "columns"}},
        {**CHECK, "severity": "P2", "escalate": [{"at": "T+14d", "to": "P1"}]},
        {**CHECK, "severity": "P3", "every": "1d", "escalate": [{"after": "7d", "to": "P2"}]},
        {**TREE, "only_if": {"fact": "x", "is": [True]}, "active_from": "T+7d"},
        {**CHECK, "min_samples": 1, "min_coverage": 1},
        {**CHECK, "on_unknown": "pass", "because": "it is new"},
    ],
)
def test_a_whole_check(value):
    assert Check.model_validate(value).id == "one"


def test_a_check_has_a_condition():
    assert_refused(Check, without(CHECK, "warn_if"), "the check has no condition", "id")
    assert_refused(Check, {"id": "one"}, "the check has no condition", "id")


@pytest.mark.parametrize("other", ["warn_if", "crit_if"])
def test_a_check_has_one_polarity(other):
    value = without({**CHECK, "pass_if": "< 1", other: "> 1"}, "crit_if" if other == "warn_if" else "warn_if")
    assert_refused(Check, value, "a check has one polarity", "pass_if")


@pytest.mark.parametrize("key", ["warn_if", "crit_if", "pass_if"])
def test_a_measure_goes_with_a_condition_and_none_with_a_tree(key):
    measured = without({**CHECK, key: TREE["warn_if"]}, *({"warn_if"} - {key}))
    assert_refused(Check, measured, "a check with a measure tests a number", key)
    assert_refused(Check, {"id": "one", key: "> 1"}, "there is no measure to compare", key)


def test_for_goes_by_the_cadence():
    assert_refused(Check, {**CHECK, "for": "7d"}, "'for' needs a cadence", "for")
    assert_refused(Check, {**CHECK, "every": "7d", "for": "10d"}, "for: 10d is not a multiple of every: 7d", "for")
    assert_refused(Check, {**CHECK, "every": "7d", "for": "1d"}, "for: 1d is not a multiple of every: 7d", "for")
    assert Check.model_validate({**CHECK, "every": "24h", "for": "3d"}).for_ is not None


@pytest.mark.parametrize("far", [{"for": "36500d"}, {"severity": "P3", "escalate": [{"after": "36500d", "to": "P1"}]}])
def test_a_history_has_a_bounded_number_of_instants(far):
    """A policy comes from anybody: 3 × 10^15 instants would never be judged."""
    assert faults_of(Check, {**CHECK, "every": "1ms", **far})


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("by", {"symbol": ["a"]}),
        ("groups", "any"),
        ("min_samples", 50),
        ("min_coverage", 0.9),
    ],
)
def test_what_only_a_measure_has(key, value):
    assert_refused(Check, {**TREE, key: value}, f"'{key}' needs a measure", key)


def test_for_needs_a_measure():
    assert_refused(Check, {**TREE, "every": "1h", "for": "1h"}, "'for' needs a measure", "for")


def test_one_dimension_is_the_measured_columns():
    value = {**CHECK, "measure": measure(columns=["a", "b"]), "by": {"x": "columns", "y": "columns"}}
    assert_refused(Check, value, "two dimensions are the measured columns", "by")


@pytest.mark.parametrize(
    "of",
    [COUNT, METRIC, measure(statistic="f1", columns=["a", "b"]), measure(statistic="duplicates", columns=["a", "b"])],
)
def test_the_columns_are_a_dimension_only_where_one_is_measured_at_a_time(of):
    fault = only_fault(Check, {**CHECK, "measure": of, "by": {"feature": "columns"}})
    assert "'feature: columns' needs" in fault["what"]
    assert (fault["rule"], fault["key"]) == (DocumentRule.BAD_CHECK, "by")


@pytest.mark.parametrize("columns", [["a", "b"], CONTRACT, {"contract": "btc-features", "top": 1}])
def test_several_columns_are_a_dimension(columns):
    value = {**CHECK, "measure": measure(columns=columns)}
    assert_refused(Check, value, "'mean' takes one column, found several", "measure")


@pytest.mark.parametrize(
    ("by", "groups", "what"),
    [
        ({"symbol": ["a"]}, {"model": "all"}, "groups does not name the dimensions of by"),
        ({"symbol": ["a"], "model": ["x"]}, {"model": "all"}, "groups does not name the dimensions of by"),
        ({"symbol": ["a"]}, {"symbol": "all", "model": "all"}, "groups does not name the dimensions of by"),
        ({}, "all", "there are no groups to count"),
    ],
)
def test_quantifiers_name_the_dimensions(by, groups, what):
    assert_refused(Check, {**CHECK, "by": by, "groups": groups}, what, "groups")


def test_a_dimension_is_not_filtered_too():
    value = {**CHECK, "measure": measure(where={"symbol": ["a"]}), "by": {"symbol": ["a", "b"]}}
    assert_refused(Check, value, "'symbol' is both a group and a filter", "by")


def test_coverage_needs_a_length():
    assert_refused(
        Check,
        {**CHECK, "measure": measure(window="run"), "min_coverage": 0.9},
        "min_coverage needs a window of some length",
        "min_coverage",
    )


def test_to_let_the_unknown_pass_needs_a_reason():
    assert_refused(Check, {**CHECK, "on_unknown": "pass"}, "on_unknown: pass needs a written reason", "on_unknown")
    assert faults_of(Check, {**CHECK, "on_unknown": "pass", "because": ""})
    assert Check.model_validate({**CHECK, "on_unknown": "fail"}).on_unknown is OnUnknown.FAIL
    assert Check.model_validate(CHECK).on_unknown is OnUnknown.HOLD


def test_an_escalation_needs_something_to_rise_from():
    assert_refused(
        Check, {**CHECK, "escalate": [{"at": "T+14d", "to": "P1"}]}, "needs a severity to rise from", "escalate"
    )


def test_an_escalation_after_a_while_needs_a_cadence():
    value = {**CHECK, "severity": "P3", "escalate": [{"after": "7d", "to": "P1"}]}
    assert_refused(Check, value, "'after' needs a cadence", "escalate")


@pytest.mark.parametrize("step", [{"to": "P1"}, {"after": "7d", "at": "T+7d", "to": "P1"}])
def test_an_escalation_has_one_moment(step):
    ((_place, fault),) = faults_of(Escalation, step)
    assert fault["what"] == "an escalation has exactly one of after, at"
    assert fault["rule"] == DocumentRule.BAD_CHECK
    assert faults_of(Check, {**CHECK, "every": "1d", "severity": "P3", "escalate": [step]})


@pytest.mark.parametrize(
    ("severity", "to"), [("P1", "P2"), ("P1", "P1"), ("P3", "P3"), ({"warn": "P2", "crit": "P1"}, "P2")]
)
def test_an_escalation_rises(severity, to):
    value = {**CHECK, "severity": severity, "escalate": [{"at": "T+7d", "to": to}]}
    assert_refused(Check, value, "does not rise above", "escalate")


@pytest.mark.parametrize(("severity", "to"), [("P2", "P1"), ({"warn": "P3", "crit": "P1"}, "P2")])
def test_an_escalation_that_raises_one_level_is_enough(severity, to):
    value = {**CHECK, "severity": severity, "escalate": [{"at": "T+7d", "to": to}]}
    assert Check.model_validate(value).escalate is not None


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("id", "Not-lower"),
        ("id", "with.dot"),
        ("id", "a/b"),
        ("id", "*"),
        ("id", ""),
        ("id", "x" * 81),
        ("id", 1),
        ("warn_if", 0.01),
        ("warn_if", True),
        ("warn_if", ["> 1"]),
        ("warn_if", "0.7"),
        ("min_samples", 0),
        ("min_samples", -1),
        ("min_samples", True),
        ("min_samples", "50"),
        ("min_samples", 50.0),
        ("min_coverage", 0),
        ("min_coverage", 0.0),
        ("min_coverage", 1.0001),
        ("min_coverage", "0.9"),
        ("min_coverage", True),
        ("min_coverage", float("nan")),
        ("on_unknown", "ignore"),
        ("on_unknown", None),
        ("severity", "P4"),
        ("severity", {"warn": "P3"}),
        ("severity", {"warn": "P3", "crit": "P1", "fail": "P1"}),
        ("severity", ["P1"]),
        ("by", {"symbol": []}),
        ("by", {"symbol": [None]}),
        ("by", {"not a name": ["a"]}),
        ("by", {"symbol": "Not A Set"}),
        ("by", ["symbol"]),
        ("groups", 4),
        ("every", "1m"),
        ("every", 60),
        ("active_from", "2026-05-12"),
        ("active_from", "T+7"),
        ("requirement", "rbf 8"),
        ("action", ""),
        ("escalate", []),
        ("warnif", "> 1"),
    ],
)
def test_a_value_of_another_kind(key, value):
    base = {**CHECK, "by": {"symbol": ["a"]}} if key == "groups" else CHECK
    assert faults_of(Check, {**base, key: value})


def test_all_severities_and_the_written_conditions():
    found = Check.model_validate(
        {
            **CHECK,
            "crit_if": "> 2",
            "severity": {"warn": "P3", "crit": "P2"},
            "escalate": [{"at": "T+7d", "to": "P1"}],
        }
    )
    assert set(found.severities) == {Severity.P1, Severity.P2, Severity.P3}
    assert {key: str(test) for key, test in found.tests.items()} == {"warn_if": "> 1", "crit_if": "> 2"}
    assert Check.model_validate(CHECK).severities == ()
    assert Check.model_validate({**CHECK, "severity": "P2"}).severities == (Severity.P2,)


@pytest.mark.parametrize(
    ("statistic", "extra"),
    [
        ("rate", {"params": {"per": "1h"}}),
        ("unmatched", {"match": {"event": "ended", "after": "1h", "same": ["id"]}}),
    ],
)
def test_what_goes_by_the_length_of_its_window_needs_one(statistic, extra):
    value = {**EVENTS, "statistic": statistic, **extra}
    assert Measure.model_validate(value).statistic == statistic
    assert_refused(Measure, {**value, "window": "run"}, f"'{statistic}' needs a window of some length", "window")
