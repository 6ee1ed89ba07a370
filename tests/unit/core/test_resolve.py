"""A check's names looked up: which groups are expected, and which question each of them asks."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from cvnpolicy.core.check import Measure
from cvnpolicy.core.duration import parse_duration
from cvnpolicy.core.evidence import Direction, Liveness, Match, MeasureNeed, Selection
from cvnpolicy.core.questions import Questions
from cvnpolicy.core.resolve import Resolved, question_of, resolve_all
from cvnpolicy.core.statistic import STATISTICS
from cvnpolicy.core.time import Window
from cvnpolicy.core.unit import Unit
from tests.support.policies import AT, CONTRACT, EVENTS, METRICS, check_of, checks, loaded

DAY = Window(AT - timedelta(days=1), AT)
WEEK = Window(AT - timedelta(days=7), AT)
HOUR_US = 3_600_000_000


@pytest.fixture
def resolve(tmp_path: Path):
    def one(check: str, baselines: str = "{}") -> Resolved:
        document = checks(check, spec=f"baselines: {baselines}")
        return check_of(loaded(tmp_path, EVENTS, METRICS, CONTRACT, document), "p/c")

    return one


def need(check: Resolved, **group: str | int) -> tuple[MeasureNeed, tuple[tuple[str, object], ...]]:
    return Questions(check).need(tuple(sorted(group.items())), AT)


# --- groups


def test_without_dimensions_there_is_one_group(resolve):
    check = resolve('{id: c, measure: {statistic: mean, dataset: data, columns: [a], window: 24h}, warn_if: "> 1"}')
    assert check.groups == ((),)
    assert check.members == {}
    assert need(check) == (MeasureNeed("mean", Selection("data", None, (), DAY), ("a",)), ())


def test_every_expected_combination_is_a_group_in_the_order_of_the_members(resolve):
    check = resolve(
        "{id: c, measure: {statistic: mean, dataset: data, columns: [a], window: 24h},"
        ' by: {symbol: [B, A], fold: [2, 1]}, warn_if: "> 1"}'
    )
    assert check.groups == (
        (("fold", 2), ("symbol", "B")),
        (("fold", 1), ("symbol", "B")),
        (("fold", 2), ("symbol", "A")),
        (("fold", 1), ("symbol", "A")),
    )


def test_groups_of_rows_share_one_question(resolve):
    check = resolve(
        "{id: c, measure: {statistic: mean, dataset: data, columns: [a], window: 24h, where: {side: [buy]}},"
        ' by: {symbol: five, fold: [2, 1]}, warn_if: "> 1"}'
    )
    wanted = (("fold", (2, 1)), ("side", ("buy",)), ("symbol", ("A", "B", "C", "D", "E")))  # only expected members
    asked = MeasureNeed("mean", Selection("data", None, wanted, DAY), ("a",), by=("fold", "symbol"))
    assert {Questions(check).need(group, AT)[0] for group in check.groups} == {asked}
    assert [Questions(check).need(group, AT)[1] for group in check.groups] == list(check.groups)
    assert len(check.groups) == 10


def test_measured_columns_are_a_dimension_of_questions_not_of_rows(resolve):
    check = resolve(
        "{id: c, measure: {statistic: mean, dataset: data, columns: {contract: features, top: 2}, window: 24h},"
        ' by: {feature: columns, symbol: [A, B]}, warn_if: "> 1"}'
    )
    assert check.column_dimension == "feature"
    assert check.members == {"feature": ("f1", "f2"), "symbol": ("A", "B")}
    asked, key = need(check, feature="f2", symbol="B")
    assert asked.columns == ("f2",)
    assert asked.by == ("symbol",)
    assert asked.selection.where == (("symbol", ("A", "B")),)
    assert key == (("symbol", "B"),)


def test_a_contract_gives_its_features_in_its_order(resolve):
    check = resolve(
        "{id: c, measure: {statistic: mean, dataset: data, columns: {contract: features}, window: run},"
        ' by: {feature: columns}, warn_if: "> 1"}'
    )
    assert check.question.columns == ("f1", "f2", "f3")
    asked, key = need(check, feature="f3")
    assert (asked.selection.window, key) == (None, ())


# --- instants and windows


@pytest.mark.parametrize("late", [0, 1, 3, 6])
def test_with_a_cadence_the_window_ends_at_its_instant(resolve, late):
    check = resolve(
        '{id: c, measure: {statistic: mean, dataset: data, columns: [a], window: 7d}, every: 7d, warn_if: "> 1"}'
    )
    at = AT + timedelta(days=late, minutes=late)
    assert check.instant(at) == AT
    assert Questions(check).need((), check.instant(at))[0].selection.window == WEEK


def test_without_one_it_ends_when_asked(resolve):
    check = resolve('{id: c, measure: {statistic: mean, dataset: data, columns: [a], window: 7d}, warn_if: "> 1"}')
    at = AT + timedelta(minutes=7)
    assert check.instant(at) == at


def test_a_fixed_window_ends_at_the_instant_asked_about_at_the_latest(resolve):
    check = resolve('{id: c, measure: {statistic: mean, dataset: data, columns: [a], window: 7d}, warn_if: "> 1"}')
    fixed = replace(check.question, window=WEEK)
    assert fixed.window_at(AT + timedelta(days=9)) == WEEK
    assert fixed.window_at(AT) == WEEK
    assert fixed.window_at(AT - timedelta(days=1)) == Window(WEEK.start, AT - timedelta(days=1))
    assert fixed.window_at(AT - timedelta(days=9)) == Window(WEEK.start, WEEK.start)  # nothing of it yet


# --- sources and units


def test_an_event_is_read_from_the_log_of_its_catalog(resolve):
    check = resolve('{id: c, measure: {statistic: sum, event: work, columns: [size], window: 24h}, warn_if: "> 1"}')
    asked, _ = need(check)
    assert asked.selection == Selection("events", "work", (), DAY)
    assert asked.columns == ("size",)
    assert asked.alive is None  # a sum of nothing is no zero


def test_a_metric_is_its_own_source(resolve):
    check = resolve('{id: c, measure: {statistic: last, metric: score, window: 24h}, warn_if: "> 0.5"}')
    asked, _ = need(check)
    assert (asked.selection.dataset, asked.selection.event, asked.columns) == ("other", None, ("s",))
    assert (check.question.unit, check.question.range) == (Unit.NUMBER, (0, 1))


def test_a_metric_of_an_event_is_read_from_its_log(resolve):
    check = resolve('{id: c, measure: {statistic: max, metric: size, window: 24h}, warn_if: "> 5"}')
    asked, _ = need(check)
    assert (asked.selection.dataset, asked.selection.event, asked.columns) == ("events", "work", ("size",))
    assert check.question.unit is Unit.OTHER


@pytest.mark.parametrize(
    ("statistic", "unit", "bounds"),
    [("mean", Unit.NUMBER, (0, 1)), ("p95", Unit.NUMBER, (0, 1)), ("sum", Unit.NUMBER, None),
     ("std", Unit.NUMBER, None), ("variance", Unit.OTHER, None), ("distinct", Unit.COUNT, None),
     ("count", Unit.COUNT, None), ("delta", Unit.NUMBER, None)],
)  # fmt: skip
def test_the_unit_and_range_of_a_metric_hold_for_its_values_only(tmp_path, statistic, unit, bounds):
    catalog = loaded(tmp_path, EVENTS, METRICS).catalog
    question = question_of(Measure.model_validate({"statistic": statistic, "metric": "score", "window": "1h"}), catalog)
    assert (question.unit, question.range) == (unit, bounds)
    assert question.columns == (() if statistic == "count" else ("s",))


# --- zero needs life


def test_a_count_of_an_event_is_vouched_for_by_its_heartbeat(resolve):
    check = resolve(
        "{id: c, measure: {statistic: count, event: work, window: 24h, where: {key: [k]}},"
        ' by: {model: [x, y]}, warn_if: "> 1"}'
    )
    asked, _ = need(check, model="x")
    # The heartbeat is looked for in the same group, whatever else the counted rows are filtered by.
    assert asked.alive == Liveness(Selection("events", "beat", (("model", ("x", "y")),), DAY), HOUR_US)


def test_a_heartbeat_without_the_dimensions_vouches_for_no_group(resolve):
    check = resolve(
        '{id: c, measure: {statistic: count, event: work, window: 24h}, by: {model: [x], key: [k]}, warn_if: "> 1"}'
    )
    assert need(check, model="x", key="k")[0].alive is None


@pytest.mark.parametrize("event", ["beat", "work", "done"])
def test_only_a_declared_heartbeat_vouches(resolve, event):
    check = resolve(f'{{id: c, measure: {{statistic: count, event: {event}, window: 24h}}, warn_if: "> 1"}}')
    alive = need(check)[0].alive
    assert alive == (None if event == "done" else Liveness(Selection("events", "beat", (), DAY), HOUR_US))


def test_a_ratio_is_vouched_for_by_its_denominator(resolve):
    check = resolve(
        '{id: c, measure: {statistic: ratio, event: work, total: {event: beat}, window: 24h}, warn_if: "> 1%"}'
    )
    asked, _ = need(check)
    assert asked.alive is not None  # the heartbeat counts, where there is one
    assert asked.total == Selection("events", "beat", (), DAY)


def test_a_count_of_a_table_needs_no_heartbeat(resolve):
    check = resolve('{id: c, measure: {statistic: count, dataset: data, window: 24h}, warn_if: "> 1"}')
    assert need(check)[0].alive is None


# --- totals, follow-ups, grids


@pytest.mark.parametrize(
    ("total", "selection"),
    [
        ("{event: beat}", Selection("events", "beat", (("model", ("x",)),), DAY)),
        ("{dataset: data}", Selection("data", None, (("model", ("x",)),), DAY)),
        ("{}", Selection("events", "work", (("model", ("x",)),), DAY)),
        ("{where: {key: [a, b]}}", Selection("events", "work", (("key", ("a", "b")), ("model", ("x",))), DAY)),
    ],
)
def test_a_total_counts_the_same_groups_without_the_filter(resolve, total, selection):
    check = resolve(
        f"{{id: c, measure: {{statistic: ratio, event: work, where: {{key: [k]}}, total: {total}, window: 24h}},"
        ' by: {model: [x]}, warn_if: "> 1%"}'
    )
    asked, _ = need(check, model="x")
    assert asked.total == selection
    assert ("key", ("k",)) in asked.selection.where


def test_a_follow_up(resolve):
    check = resolve(
        "{id: c, measure: {statistic: unmatched, event: work, where: {model: [x]}, window: 24h,"
        ' match: {event: done, after: 2h, same: [key]}}, pass_if: "== 0"}'
    )
    asked, _ = need(check)
    # Asked about are the events whose two hours ended in the window; what an answer rests on is the whole stretch.
    due = Window(DAY.start - timedelta(hours=2), DAY.end - timedelta(hours=2))
    whole = Window(due.start, DAY.end)
    assert asked.selection == Selection("events", "work", (("model", ("x",)),), due)
    assert asked.match == Match(Selection("events", "done", (), whole), 2 * HOUR_US, ("key",))
    assert asked.alive == Liveness(Selection("events", "beat", (), whole), HOUR_US)


def test_an_event_that_comes_before(resolve):
    check = resolve(
        "{id: c, measure: {statistic: unmatched, event: work, where: {model: [x]}, window: 24h,"
        ' match: {event: done, before: 2h, same: [key]}}, pass_if: "== 0"}'
    )
    asked, _ = need(check)
    # Asked about are the events of the window, and no event of it has to wait; an answer may be two hours older.
    whole = Window(DAY.start - timedelta(hours=2), DAY.end)
    assert asked.selection == Selection("events", "work", (("model", ("x",)),), DAY)
    assert asked.match == Match(Selection("events", "done", (), whole), 2 * HOUR_US, ("key",), Direction.BEFORE)
    assert asked.alive == Liveness(Selection("events", "beat", (), whole), HOUR_US)


@pytest.mark.parametrize("side", Direction)
def test_each_event_is_due_in_one_window_of_a_cadence(resolve, side):
    """Selected by when they began, an event late in one window would be pending there and gone in the next."""
    check = resolve(
        "{id: c, measure: {statistic: unmatched, event: work, window: 24h,"
        f' match: {{event: done, {side}: 2h, same: [key]}}}}, every: 24h, pass_if: "== 0"}}'
    )
    first, second = (Questions(check).need((), AT + timedelta(days=day))[0].selection.window for day in (0, 1))
    assert first is not None
    assert second is not None
    assert first.end == second.start


def test_a_grid_has_its_members_looked_up(resolve):
    check = resolve(
        "{id: c, measure: {statistic: coverage, dataset: data, expect: {symbol: five, fold: [2, 1]}, window: run},"
        ' pass_if: "== 100%"}'
    )
    assert need(check)[0].expect == (("fold", (2, 1)), ("symbol", ("A", "B", "C", "D", "E")))


def test_arguments_and_axes_are_part_of_the_question(resolve):
    rate = resolve('{id: c, measure: {statistic: rate, event: work, params: {per: 1h}, window: 24h}, warn_if: "> 1"}')
    assert need(rate)[0].params == (("per", "1h"),)


@pytest.mark.parametrize(
    ("measure", "params"),
    [
        ("{statistic: missing, event: work, columns: [size], window: 24h}", (("declared", "float"),)),
        ("{statistic: missing, event: work, columns: [key], window: 24h}", (("declared", "str"),)),
        ("{statistic: missing, metric: size, window: 24h}", (("declared", "float"),)),
        ("{statistic: missing, dataset: data, columns: [size], window: 24h}", ()),
        ("{statistic: missing, metric: score, window: 24h}", ()),
        ("{statistic: mean, event: work, columns: [size], window: 24h}", ()),
    ],
)
def test_of_a_missing_field_the_declared_type_is_part_of_the_question(resolve, measure, params):
    check = resolve(f"{{id: c, measure: {measure}, warn_if: '> 0.5'}}")
    assert need(check)[0].params == params


def test_of_each_column_it_is_that_columns_type(resolve):
    check = resolve(
        "{id: c, measure: {statistic: missing, event: work, columns: [key, size], window: 24h},"
        " by: {feature: columns}, warn_if: '> 0.5'}"
    )
    assert {name: need(check, feature=name)[0].params for name in ("key", "size")} == {
        "key": (("declared", "str"),),
        "size": (("declared", "float"),),
    }


def test_a_baseline_of_another_event_has_its_own_type(resolve):
    check = resolve(
        "{id: c, measure: {statistic: missing, event: work, columns: [size], window: 24h}, warn_if: '> base'}",
        "{base: {event: done}}",
    )
    asked, _ = Questions(check).need((), AT, "base")
    assert (asked.selection.event, asked.params) == ("done", ())  # it declares no such field


def test_an_axis_is_part_of_the_question(resolve):
    check = resolve(
        '{id: c, measure: {statistic: mean, dataset: data, columns: [a], over: [fold], window: run}, warn_if: "> 1"}'
    )
    assert need(check)[0].over == ("fold",)


# --- baselines

BASE = (
    "{{id: c, measure: {{statistic: mean, dataset: data, columns: [a], where: {{side: [buy]}}, window: 24h}},"
    ' by: {{symbol: [A, B]}}, warn_if: "> {name}"}}'
)


def baseline(resolve, written: str) -> tuple[MeasureNeed, tuple[tuple[str, object], ...]]:
    check: Resolved = resolve(BASE.format(name="base"), f"{{base: {written}}}")
    return Questions(check).need((("symbol", "B"),), AT, "base")


SYMBOLS = ("symbol", ("A", "B"))
BUY = ("side", ("buy",))


@pytest.mark.parametrize(
    ("written", "statistic", "selection", "columns"),
    [
        ("{statistic: p95}", "p95", Selection("data", None, (BUY, SYMBOLS), DAY), ("a",)),
        ("{columns: [b]}", "mean", Selection("data", None, (BUY, SYMBOLS), DAY), ("b",)),
        ("{window: 7d}", "mean", Selection("data", None, (BUY, SYMBOLS), WEEK), ("a",)),
        ("{window: run}", "mean", Selection("data", None, (BUY, SYMBOLS), None), ("a",)),
        ("{where: {release: [old]}}", "mean", Selection("data", None, (("release", ("old",)), SYMBOLS), DAY), ("a",)),
        ("{where: {}}", "mean", Selection("data", None, (SYMBOLS,), DAY), ("a",)),
        ("{dataset: other}", "mean", Selection("other", None, (BUY, SYMBOLS), None), ("a",)),
        ("{dataset: other, window: 7d}", "mean", Selection("other", None, (BUY, SYMBOLS), WEEK), ("a",)),
        ("{dataset: data, columns: [b]}", "mean", Selection("data", None, (BUY, SYMBOLS), DAY), ("b",)),
        ("{metric: score}", "mean", Selection("other", None, (BUY, SYMBOLS), None), ("s",)),
        ("{metric: score, window: 24h}", "mean", Selection("other", None, (BUY, SYMBOLS), DAY), ("s",)),
    ],
)
def test_a_baseline_replaces_its_keys_and_nothing_else(resolve, written, statistic, selection, columns):
    """On another dataset the window becomes the whole run; on the same it stays."""
    asked, key = baseline(resolve, written)
    assert asked == MeasureNeed(statistic, selection, columns, by=("symbol",))
    assert key == (("symbol", "B"),)


def test_a_baseline_of_another_log_takes_the_whole_run(resolve):
    check = resolve(
        "{id: c, measure: {statistic: count, dataset: data, window: 24h}, warn_if: '> base'}", "{base: {event: beat}}"
    )
    asked, _ = Questions(check).need((), AT, "base")
    assert asked.selection == Selection("events", "beat", (), None)


def test_a_baseline_of_another_event_of_the_same_log_keeps_the_window(resolve):
    check = resolve(
        "{id: c, measure: {statistic: count, event: work, window: 24h}, warn_if: '> base'}", "{base: {event: beat}}"
    )
    asked, _ = Questions(check).need((), AT, "base")
    assert asked.selection == Selection("events", "beat", (), DAY)
    assert asked.alive is not None


def test_a_dimension_that_a_baseline_pins_is_no_group_of_its_rows(resolve):
    asked, key = baseline(resolve, "{where: {symbol: [BTC]}}")
    assert asked.selection.where == (("symbol", ("BTC",)),)
    assert (asked.by, key) == ((), ())


def test_a_baseline_of_each_column_is_of_that_column(resolve):
    check = resolve(
        "{id: c, measure: {statistic: mean, dataset: data, columns: [a, b], window: 24h},"
        ' by: {feature: columns}, warn_if: "> old"}',
        "{old: {window: 7d}}",
    )
    asked, _ = Questions(check).need((("feature", "b"),), AT, "old")
    assert asked.columns == ("b",)


# --- a metric's own rows

OWN = """
    apiVersion: cvnpolicy/v1
    kind: MetricPolicy
    metadata: {name: own, title: Own, owner: "@me"}
    spec:
      metrics:
        of_a: {role: cost, type: gauge, unit: "1", source: {dataset: data, column: v, where: {name: [a]}}, owner: "@me"}
        of_b: {role: cost, type: gauge, unit: "1", source: {dataset: data, column: v, where: {name: [b]}}, owner: "@me"}
        of_x: {role: cost, type: counter, unit: "1", source: {event: work, where: {model: [x]}}, owner: "@me"}
    """
NAME = ("name", ("a",))


@pytest.fixture
def own(tmp_path: Path):
    def one(measure: str, baselines: str = "{}", rest: str = 'by: {symbol: [A, B]}, warn_if: "> 1"') -> Resolved:
        document = checks(f"{{id: c, measure: {measure}, {rest}}}", spec=f"baselines: {baselines}")
        return check_of(loaded(tmp_path, EVENTS, METRICS, OWN, document), "p/c")

    return one


def test_a_metric_picks_its_rows_and_the_check_filters_them(own):
    check = own("{statistic: sum, metric: of_a, where: {side: [buy]}, window: 24h}")
    asked, _ = need(check, symbol="A")
    assert asked == MeasureNeed("sum", Selection("data", None, (NAME, BUY, SYMBOLS), DAY), ("v",), by=("symbol",))


def test_a_counter_of_events_has_no_column(own):
    check = own("{statistic: count, metric: of_x, window: 24h}", rest='warn_if: "> 1"')
    asked, _ = need(check)
    assert (asked.selection, asked.columns) == (Selection("events", "work", (("model", ("x",)),), DAY), ())
    # Whatever the metric filters by: its source is alive when its heartbeat is.
    assert asked.alive == Liveness(Selection("events", "beat", (), DAY), HOUR_US)


@pytest.mark.parametrize(
    ("written", "dataset", "where"),
    [
        ("{window: 24h}", "data", (NAME, BUY, SYMBOLS)),
        ("{where: {release: [old]}}", "data", (NAME, ("release", ("old",)), SYMBOLS)),
        ("{where: {}}", "data", (NAME, SYMBOLS)),
        ("{statistic: max}", "data", (NAME, BUY, SYMBOLS)),
        ("{columns: [w]}", "data", (NAME, BUY, SYMBOLS)),
        ("{metric: of_b}", "data", (("name", ("b",)), BUY, SYMBOLS)),
        ("{metric: score, where: {}}", "other", (SYMBOLS,)),
        ("{dataset: other}", "other", (NAME, BUY, SYMBOLS)),
        ("{event: work}", "events", (NAME, BUY, SYMBOLS)),
    ],
)
def test_what_a_metric_picks_survives_all_but_another_metric(own, written, dataset, where):
    check = own("{statistic: sum, metric: of_a, where: {side: [buy]}, window: 24h}", f"{{base: {written}}}")
    asked, _ = Questions(check).need((("symbol", "B"),), AT, "base")
    assert (asked.selection.dataset, asked.selection.where) == (dataset, where)


def test_it_holds_for_the_second_sample_too(own):
    measure = "{statistic: ks_pvalue, metric: of_a, reference: old, window: 24h}"
    check = own(measure, "{old: {where: {release: [old]}}}", 'warn_if: "< 0.01"')
    assert need(check)[0].reference == Selection("data", None, (NAME, ("release", ("old",))), DAY)


@pytest.mark.parametrize(
    ("total", "where"),
    [
        ("{}", (NAME, SYMBOLS)),
        ("{where: {side: [sell]}}", (NAME, ("side", ("sell",)), SYMBOLS)),
        ("{dataset: data}", (SYMBOLS,)),
        ("{dataset: data, where: {name: [a, b]}}", (("name", ("a", "b")), SYMBOLS)),
    ],
)
def test_a_total_is_of_the_metrics_rows_unless_it_names_its_own(own, total, where):
    check = own(f"{{statistic: ratio, metric: of_a, where: {{side: [buy]}}, total: {total}, window: 24h}}")
    assert need(check, symbol="A")[0].total == Selection("data", None, where, DAY)


def test_a_dimension_that_the_metric_of_a_baseline_pins_is_no_group_of_its_rows(own):
    check = own(
        "{statistic: mean, dataset: data, columns: [v], window: 24h}",
        "{base: {metric: of_a}}",
        'by: {name: [a, b]}, warn_if: "> base"',
    )
    asked, key = Questions(check).need((("name", "b"),), AT, "base")
    assert (asked.selection.where, asked.by, key) == ((NAME,), (), ())


@pytest.mark.parametrize(("statistic", "other", "columns"), [("count", "distinct", ("v",)), ("distinct", "count", ())])
def test_a_baseline_measures_the_column_where_its_statistic_takes_one(own, statistic, other, columns):
    check = own(f"{{statistic: {statistic}, metric: of_a, window: 24h}}", f"{{base: {{statistic: {other}}}}}")
    asked, _ = Questions(check).need((("symbol", "A"),), AT, "base")
    assert (asked.statistic, asked.columns) == (other, columns)


# --- second samples

KS = (
    "{{id: c, measure: {{statistic: ks_pvalue, dataset: data, columns: [a], where: {{side: [buy]}}, window: 24h,"
    ' reference: training}}, by: {{symbol: [A, B]}}, warn_if: "{test}"}}'
)


@pytest.mark.parametrize(
    ("written", "selection"),
    [
        ("{dataset: other}", Selection("other", None, (BUY, SYMBOLS), None)),
        ("{where: {release: [old]}}", Selection("data", None, (("release", ("old",)), SYMBOLS), DAY)),
        ("{window: 7d}", Selection("data", None, (BUY, SYMBOLS), WEEK)),
    ],
)
def test_a_second_sample_is_the_question_with_keys_replaced(resolve, written, selection):
    check = resolve(KS.format(test="< 0.01"), f"{{training: {written}}}")
    asked, _ = need(check, symbol="A")
    assert asked.reference == selection
    assert asked.by == ("symbol",)


def test_a_baseline_of_two_samples_keeps_the_second(resolve):
    check = resolve(KS.format(test="< 0.5 * before"), "{training: {dataset: other}, before: {window: 7d}}")
    asked, _ = Questions(check).need((("symbol", "A"),), AT, "before")
    assert asked.reference == Selection("other", None, (BUY, SYMBOLS), None)
    assert asked.selection.window == WEEK


def test_a_baseline_of_another_statistic_drops_it(resolve):
    check = resolve(KS.format(test="< base"), "{training: {dataset: other}, base: {statistic: mean}}")
    asked, _ = Questions(check).need((("symbol", "A"),), AT, "base")
    assert (asked.statistic, asked.reference) == ("mean", None)


# --- addresses and places


def test_checks_are_found_by_address_in_their_order(tmp_path):
    one = '{id: z, measure: {statistic: mean, dataset: data, columns: [a], window: 24h}, warn_if: "> 1"}'
    policies = loaded(tmp_path, EVENTS, checks(one, one.replace("id: z", "id: a"), name="q"), checks(one, name="b"))
    assert list(resolve_all(policies.policies, policies.catalog)) == ["q/z", "q/a", "b/z"]


def test_a_check_knows_where_its_parts_stand(resolve):
    check = resolve('{id: c, measure: {statistic: mean, dataset: data, columns: [a], window: 24h}, warn_if: "> 10"}')
    line = (check.location.line, check.location.column)
    assert check.location.file == "policies/all.yaml"
    assert check.place("warn_if").line == line[0]
    inside = check.place_within("warn_if", 2, 2)
    assert inside.end_column - inside.column == 2
    assert inside.column > check.place("id").column
    assert check.address == "p/c"


def test_a_check_without_a_measure_has_no_question(resolve):
    check = resolve(
        "{id: c, warn_if: {check: catalogue, is: [fail]}}".replace("catalogue", "d")
        + "\n    - {id: d, measure: {statistic: count, dataset: data, window: run}, crit_if: '> 1'}"
    )
    for ask in (lambda: check.question, lambda: Questions(check).need((), AT)):
        with pytest.raises(AssertionError, match="p/c has no measure"):
            ask()


def test_the_table_of_units_covers_every_statistic(tmp_path):
    catalog = loaded(tmp_path, EVENTS).catalog
    for name, statistic in STATISTICS.items():
        columns = {} if statistic.columns[0] == 0 else {"columns": ["a"] * statistic.columns[0]}
        if len(set(columns.get("columns", []))) != statistic.columns[0]:
            columns = {"columns": ["a", "b"]}
        extra: dict[str, dict[str, Any]] = {
            "total": {"total": {}},
            "match": {"match": {"event": "done", "after": "1h", "same": ["key"]}},
            "expect": {"expect": {"x": ["a"]}},
        }
        parts = {key: value for part in statistic.needs for key, value in extra[part].items()}
        params = {"params": {"per": "1h"}} if statistic.params else {}
        reference = {"reference": "training"} if statistic.reference else {}
        source = {"event": "work"} if statistic.events_only else {"dataset": "data"}
        measure = Measure.model_validate(
            {"statistic": name, "window": "24h", **source, **columns, **parts, **params, **reference}
        )
        question = question_of(measure, catalog)
        assert question.window == parse_duration("24h")
        assert question.unit in (Unit.COUNT, Unit.NUMBER, Unit.OTHER, Unit.SIGMA)
        assert (question.unit is Unit.SIGMA) is (name == "mean_shift")
