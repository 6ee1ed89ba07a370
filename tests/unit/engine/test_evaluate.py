"""One check at one instant: readings, samples, coverage, baselines, groups, `for`, and when it applies."""

from __future__ import annotations

from pathlib import Path

import pytest

from cvnpolicy.core.evidence import Answer, MeasureNeed, Need, Reading, Readings, Unavailable
from cvnpolicy.core.finding import Finding, Level, OnUnknown, Outcome, Pairs, Severity
from cvnpolicy.engine.run import run
from tests.support.policies import (
    AT,
    EVENTS,
    METRICS,
    Answers,
    Asked,
    Give,
    along,
    by_column,
    by_instant,
    checks,
    fact,
    grouped,
    loaded,
    reading,
    single,
)

NAN, INF = float("nan"), float("inf")
MEASURE = "measure: {statistic: mean, dataset: data, columns: [a], window: 24h}"
COUNT = "measure: {statistic: count, event: work, window: 24h}"


def judged(tmp_path: Path, check: str, give: Give | Answer, spec: str = "") -> tuple[Finding, ...]:
    policies = loaded(tmp_path, EVENTS, METRICS, checks(f"{{id: c, {check}}}", spec=spec))
    answer = give
    function: Give = answer if callable(answer) else lambda _need: answer
    return tuple(finding for finding in run(policies, Asked(Answers(function))) if finding.id == "p/c")


def one(tmp_path: Path, check: str, give: Give | Answer, spec: str = "") -> Finding:
    (finding,) = judged(tmp_path, check, give, spec)
    return finding


# --- a number against conditions


@pytest.mark.parametrize(
    ("value", "outcome", "level", "severity", "condition"),
    [
        (1, Outcome.PASS, None, Severity.P1, "> 1"),
        (1.0000001, Outcome.WARN, Level.WARN, Severity.P3, "> 1"),
        (2, Outcome.WARN, Level.WARN, Severity.P3, "> 1"),  # equal to the limit is not above it
        (2.0000001, Outcome.FAIL, Level.CRIT, Severity.P1, "> 2"),
    ],
)
def test_two_limits(tmp_path, value, outcome, level, severity, condition):
    found = one(tmp_path, f'{MEASURE}, warn_if: "> 1", crit_if: "> 2", severity: {{warn: P3, crit: P1}}', single(value))
    assert (found.outcome, found.level, found.condition) == (outcome, level, condition)
    assert found.measured == value
    if outcome is not Outcome.PASS:
        assert found.severity is severity


@pytest.mark.parametrize(
    ("value", "outcome"), [(50, Outcome.PASS), (49.999, Outcome.FAIL), (NAN, Outcome.INCONCLUSIVE)]
)
def test_good_when_true(tmp_path, value, outcome):
    found = one(tmp_path, f'{MEASURE}, pass_if: ">= 50"', single(value))
    assert (found.outcome, found.level) == (outcome, None)


@pytest.mark.parametrize("polarity", ["pass_if", "warn_if", "crit_if"])
@pytest.mark.parametrize(
    ("answer", "outcome", "says"),
    [
        (single(NAN), Outcome.INCONCLUSIVE, "not finite"),
        (single(INF), Outcome.INCONCLUSIVE, "not finite"),
        (single(-INF), Outcome.INCONCLUSIVE, "not finite"),
        (single(None), Outcome.NO_DATA, "undefined"),
        (Readings({}), Outcome.NO_DATA, "no rows"),
        (Unavailable("the file is gone", "bring it back"), Outcome.ERROR, "the file is gone"),
        (fact("live"), Outcome.ERROR, "another question"),
    ],
)
@pytest.mark.parametrize("condition", ["< 0.01", "!= 0"])
def test_what_is_not_measured_is_neither_good_nor_bad(tmp_path, polarity, answer, outcome, says, condition):
    found = one(tmp_path, f'{MEASURE}, {polarity}: "{condition}"', answer)
    assert found.outcome is outcome
    assert says in found.message
    assert found.level is None


def test_the_hint_of_a_source_is_passed_on(tmp_path):
    assert one(tmp_path, f'{MEASURE}, warn_if: "> 1"', Unavailable("gone", "bring it back")).hint == "bring it back"


def test_a_limit_that_nobody_wrote_yet_is_inconclusive(tmp_path):
    found = one(tmp_path, f'{MEASURE}, pass_if: "unset", because: the runbook gives none', single(1))
    assert found.outcome is Outcome.INCONCLUSIVE
    assert "the runbook gives none" in found.message


@pytest.mark.parametrize("choice", list(OnUnknown))
def test_what_the_unknown_does_to_the_verdict_is_carried_along(tmp_path, choice):
    found = one(tmp_path, f'{MEASURE}, warn_if: "> 1", on_unknown: {choice}, because: it is new', single(None))
    assert (found.outcome, found.on_unknown) == (Outcome.NO_DATA, choice)


# --- samples, coverage, range


@pytest.mark.parametrize(
    ("samples", "outcome"),
    [
        (0, Outcome.NO_DATA),
        (1, Outcome.INCONCLUSIVE),
        (49, Outcome.INCONCLUSIVE),
        (50, Outcome.FAIL),
        (51, Outcome.FAIL),
    ],
)
def test_too_few_samples_decide_nothing(tmp_path, samples, outcome):
    found = one(tmp_path, f'{MEASURE}, crit_if: "> 1", min_samples: 50', single(2, samples))
    assert (found.outcome, found.samples) == (outcome, samples)


@pytest.mark.parametrize(
    ("coverage", "outcome"),
    [
        (0.9, Outcome.FAIL),
        (0.8999, Outcome.INCONCLUSIVE),
        (1.0, Outcome.FAIL),
        (0.0, Outcome.INCONCLUSIVE),
        (None, Outcome.INCONCLUSIVE),
    ],
)
def test_a_window_that_is_not_full_decides_nothing(tmp_path, coverage, outcome):
    found = one(
        tmp_path, f'{MEASURE}, crit_if: "> 1", min_coverage: 0.9', Readings({(): reading(2, coverage=coverage)})
    )
    assert found.outcome is outcome


def test_coverage_does_not_matter_where_none_is_asked_for(tmp_path):
    assert one(tmp_path, f'{MEASURE}, crit_if: "> 1"', Readings({(): reading(2, coverage=0.1)})).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    ("value", "outcome"),
    [(0, Outcome.PASS), (1, Outcome.FAIL), (1.0001, Outcome.INCONCLUSIVE), (-0.0001, Outcome.INCONCLUSIVE)],
)
def test_a_value_outside_the_declared_range_is_not_believed(tmp_path, value, outcome):
    written = 'measure: {statistic: mean, metric: score, window: 24h}, crit_if: "> 0.5"'
    found = one(tmp_path, written, single(value))
    assert found.outcome is outcome


def test_a_sum_of_them_may_lie_outside(tmp_path):
    written = 'measure: {statistic: sum, metric: score, window: 24h}, crit_if: "> 0.5"'
    assert one(tmp_path, written, single(17)).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    ("reference", "written", "outcome"),
    [
        (0, "", Outcome.NO_DATA),  # of an empty second sample nothing differs
        (1, "", Outcome.PASS),
        (49, "min_samples: 50,", Outcome.INCONCLUSIVE),
        (50, "min_samples: 50,", Outcome.PASS),
    ],
)
def test_a_second_sample_has_enough_rows_too(tmp_path, reference, written, outcome):
    ks = "measure: {statistic: ks_pvalue, dataset: data, columns: [a], reference: training, window: 7d}"
    answer = Readings({(): Reading(0.5, 100, details={"n": reference})})
    found = one(tmp_path, f'{ks}, {written} warn_if: "< 0.01"', answer, "baselines: {training: {dataset: other}}")
    assert found.outcome is outcome


# --- zero needs life


@pytest.mark.parametrize(
    ("value", "alive", "condition", "outcome"),
    [
        (0, True, "> 0", Outcome.PASS),
        (0, False, "> 0", Outcome.NO_DATA),
        (0, False, ">= 1", Outcome.NO_DATA),
        (3, False, "> 0", Outcome.FAIL),  # more may have happened, which changes nothing
        (3, False, "> 5", Outcome.INCONCLUSIVE),
        (3, False, "<= 5", Outcome.INCONCLUSIVE),
        (3, False, "<= 2", Outcome.PASS),
        (3, True, "> 5", Outcome.PASS),
        (3, False, "== 3", Outcome.INCONCLUSIVE),
        (3, False, "== 2", Outcome.PASS),
    ],
)
def test_a_count_through_silence_is_a_lower_bound(tmp_path, value, alive, condition, outcome):
    found = one(tmp_path, f'{COUNT}, crit_if: "{condition}"', single(value, alive=alive))
    assert found.outcome is outcome


@pytest.mark.parametrize(("event", "hint"), [("done", "declare a heartbeat"), ("work", "see why the source is silent")])
def test_a_zero_of_a_dead_source_says_what_to_do(tmp_path, event, hint):
    found = one(tmp_path, f'{COUNT.replace("work", event)}, pass_if: "== 0"', single(0, 0, alive=False))
    assert found.outcome is Outcome.NO_DATA
    assert hint in found.hint


# --- baselines


def by_window(now: Answer, before: Answer) -> Give:
    """Answer the check's own question (24 h) and its baseline's (7 d)."""

    def give(need: Need) -> Answer:
        assert isinstance(need, MeasureNeed)
        assert need.selection.window is not None
        return now if (need.selection.window.end - need.selection.window.start).days == 1 else before

    return give


def compared(tmp_path: Path, written: str, now: Answer, before: Answer, sign: str = "any") -> Finding:
    return one(tmp_path, written, by_window(now, before), f"baselines: {{base: {{window: 7d, sign: {sign}}}}}")


def test_a_measured_baseline(tmp_path):
    found = compared(tmp_path, f'{MEASURE}, crit_if: "> 2 * base"', single(5), single(2.5))
    assert (found.outcome, dict(found.baselines)) == (Outcome.PASS, {"base": 2.5})
    assert compared(tmp_path, f'{MEASURE}, crit_if: "> 2 * base"', single(5.1), single(2.5)).outcome is Outcome.FAIL


def test_a_written_baseline_asks_nothing(tmp_path):
    policies = loaded(
        tmp_path,
        checks(f'{{id: c, {MEASURE}, crit_if: "> base"}}', spec="baselines: {base: {value: 0.41, source: dossier}}"),
    )
    answers = Answers(lambda _need: single(0.42))
    (found,) = run(policies, Asked(answers))
    assert (found.outcome, dict(found.baselines), len(answers.asked)) == (Outcome.FAIL, {"base": 0.41}, 1)


@pytest.mark.parametrize("polarity", ["pass_if", "crit_if"])
@pytest.mark.parametrize(
    ("before", "outcome"),
    [
        (single(NAN), Outcome.INCONCLUSIVE),
        (single(INF), Outcome.INCONCLUSIVE),
        (single(None), Outcome.INCONCLUSIVE),
        (Readings({}), Outcome.INCONCLUSIVE),
        (Unavailable("down"), Outcome.ERROR),
    ],
)
def test_without_its_baseline_nothing_is_decided(tmp_path, polarity, before, outcome):
    found = compared(tmp_path, f'{MEASURE}, {polarity}: "> 2 * base"', single(5), before)
    assert found.outcome is outcome
    assert "baseline base" in found.message
    assert found.baselines == {"base": None} or outcome is Outcome.INCONCLUSIVE


def test_the_worse_case_stays_open_when_its_baseline_is_missing(tmp_path):
    written = f'{MEASURE}, warn_if: "> 1", crit_if: "> 2 and > 2 * base"'
    assert compared(tmp_path, written, single(5), single(None)).outcome is Outcome.INCONCLUSIVE
    assert compared(tmp_path, written, single(1.5), single(None)).outcome is Outcome.WARN  # ruled out by the number


@pytest.mark.parametrize(
    ("sign", "before", "outcome"),
    [
        ("positive", 1, Outcome.FAIL),
        ("positive", 0, Outcome.INCONCLUSIVE),
        ("positive", -1, Outcome.INCONCLUSIVE),
        ("negative", -1, Outcome.FAIL),
        ("negative", 0, Outcome.INCONCLUSIVE),
        ("any", 0, Outcome.FAIL),
    ],
)
def test_a_baseline_has_the_sign_that_was_declared(tmp_path, sign, before, outcome):
    found = compared(tmp_path, f'{MEASURE}, crit_if: "> 2 * base"', single(5), single(before), sign)
    assert found.outcome is outcome


@pytest.mark.parametrize("value", [0, 3])
def test_a_baseline_counted_through_silence_is_not_exact(tmp_path, value):
    """It may have been more: then fewer than half of it would be a fall, and must not pass."""
    written = f'{COUNT}, crit_if: "< 0.5 * base"'
    assert compared(tmp_path, written, single(10), single(value, alive=True)).outcome is Outcome.PASS
    silent = compared(tmp_path, written, single(10), single(value, alive=False))
    assert silent.outcome in (Outcome.INCONCLUSIVE, Outcome.NO_DATA)
    assert "baseline base" in silent.message


# --- groups


def test_any_gives_one_finding_a_group_and_a_missing_member_is_no_data(tmp_path):
    found = judged(tmp_path, f'{MEASURE}, by: {{symbol: [A, B, C]}}, warn_if: "> 1"', along("symbol", {"A": 2, "B": 0}))
    assert [(dict(finding.group), finding.outcome) for finding in found] == [
        ({"symbol": "A"}, Outcome.WARN),
        ({"symbol": "B"}, Outcome.PASS),
        ({"symbol": "C"}, Outcome.NO_DATA),
    ]


def test_a_member_that_nobody_expects_is_not_judged(tmp_path):
    found = judged(tmp_path, f'{MEASURE}, by: {{symbol: [A]}}, warn_if: "> 1"', along("symbol", {"A": 0, "Z": 9}))
    assert [finding.outcome for finding in found] == [Outcome.PASS]


@pytest.mark.parametrize(
    ("groups", "values", "outcome"),
    [
        ("", {"A": 1, "B": 1, "C": 1}, Outcome.PASS),
        ("", {"A": 1, "B": 1, "C": 0}, Outcome.FAIL),
        ("", {"A": 1, "B": 1}, Outcome.INCONCLUSIVE),
        ("", {"A": 0, "B": 1}, Outcome.FAIL),
        ("groups: any,", {"A": 1}, Outcome.PASS),
        ("groups: any,", {"A": 0, "B": 0, "C": 0}, Outcome.FAIL),
        ("groups: any,", {"A": 0, "B": 0}, Outcome.INCONCLUSIVE),
        ("groups: any,", {}, Outcome.NO_DATA),
        ("groups: '>= 2',", {"A": 1, "B": 1}, Outcome.PASS),
        ("groups: '>= 2',", {"A": 1, "B": 0}, Outcome.INCONCLUSIVE),
        ("groups: '>= 2',", {"A": 1, "B": 0, "C": NAN}, Outcome.INCONCLUSIVE),
        ("groups: '>= 2',", {"A": 0, "B": 0}, Outcome.FAIL),
        ("groups: {symbol: all},", {"A": 1, "B": 1, "C": 1}, Outcome.PASS),
    ],
)
def test_groups_of_what_must_hold_are_one_finding(tmp_path, groups, values, outcome):
    found = one(tmp_path, f'{MEASURE}, by: {{symbol: [A, B, C]}}, {groups} pass_if: ">= 1"', along("symbol", values))
    assert found.outcome is outcome
    assert dict(found.group) == {}
    assert [dict(group.group) for group in found.groups] == [{"symbol": name} for name in "ABC"]


def test_each_group_inside_keeps_its_own_answer(tmp_path):
    answers = grouped({(("symbol", "A"),): 1, (("symbol", "B"),): NAN, (("symbol", "C"),): 0})
    found = one(tmp_path, f'{MEASURE}, by: {{symbol: [A, B, C, D]}}, pass_if: ">= 1"', answers)
    assert [(group.outcome, group.samples) for group in found.groups] == [
        (Outcome.PASS, 100),
        (Outcome.INCONCLUSIVE, 100),
        (Outcome.FAIL, 100),
        (Outcome.NO_DATA, None),
    ]
    assert [bool(group.reason) for group in found.groups] == [False, True, False, True]


@pytest.mark.parametrize(
    ("values", "outcome"),
    [
        ({"A": -1, "B": -1, "C": -1}, Outcome.FAIL),
        ({"A": -1, "B": -1, "C": 1, "D": 1, "E": 1}, Outcome.PASS),
        ({"A": -1, "B": -1, "C": 1, "D": 1}, Outcome.INCONCLUSIVE),  # E could be the third
    ],
)
def test_more_than_two_of_five_below_zero(tmp_path, values, outcome):
    written = f'{MEASURE}, by: {{symbol: five}}, crit_if: "< 0", groups: "> 2", severity: P1'
    assert one(tmp_path, written, along("symbol", values)).outcome is outcome


def test_two_dimensions_outermost_first(tmp_path):
    written = f'{MEASURE}, by: {{model: [x, y], symbol: five}}, pass_if: ">= 1", groups: {{model: all, symbol: ">= 4"}}'
    good: dict[Pairs, float | int | None] = {
        (("model", model), ("symbol", symbol)): 1 for model in "xy" for symbol in "ABCD"
    }
    bad = {**good, (("model", "y"), ("symbol", "D")): 0, (("model", "y"), ("symbol", "E")): 0}
    assert one(tmp_path, written, grouped(good)).outcome is Outcome.PASS
    assert one(tmp_path, written, grouped(bad)).outcome is Outcome.FAIL


def test_each_measured_column_is_asked_by_itself(tmp_path):
    written = f'{MEASURE.replace("[a]", "[a, b]")}, by: {{feature: columns}}, warn_if: "> 1"'
    found = judged(tmp_path, written, by_column({"a": single(2), "b": single(0)}))
    assert [(finding.group["feature"], finding.outcome) for finding in found] == [
        ("a", Outcome.WARN),
        ("b", Outcome.PASS),
    ]


# --- for

FOR = f'{MEASURE}, every: 12h, for: 24h, crit_if: "> 1"'


@pytest.mark.parametrize(
    ("instants", "outcome"),
    [
        ({"08": 2, "07T12": 2, "07": 2}, Outcome.FAIL),
        ({"08": 2, "07T12": 2, "07": 1}, Outcome.PASS),  # the far end belongs to the interval
        ({"08": 1, "07T12": 2, "07": 2}, Outcome.PASS),
        ({"08": 2, "07T12": single(None), "07": 2}, Outcome.INCONCLUSIVE),  # a gap is no reset, and no proof
        (dict.fromkeys(["08", "07T12", "07"], single(None)), Outcome.NO_DATA),
        ({"08": 2, "07T12": single(None), "07": 1}, Outcome.PASS),
        ({"08": 2, "07": 2}, Outcome.ERROR),
        ({"08": NAN, "07T12": 2, "07": 2}, Outcome.INCONCLUSIVE),
    ],
)
def test_true_at_every_instant_before_it_counts(tmp_path, instants, outcome):
    found = one(tmp_path, FOR, by_instant(instants))
    assert found.outcome is outcome


def test_a_gap_says_when_it_was(tmp_path):
    found = one(tmp_path, FOR, by_instant({"08": 2, "07T12": single(None), "07": 2}))
    assert "2026-06-07 12:00 UTC" in found.message


def test_what_must_hold_must_have_held_all_the_while(tmp_path):
    written = FOR.replace("crit_if", "pass_if")
    assert one(tmp_path, written, by_instant({"08": 2, "07T12": 2, "07": 2})).outcome is Outcome.PASS
    assert one(tmp_path, written, by_instant({"08": 2, "07T12": 2, "07": 0})).outcome is Outcome.FAIL


def test_the_numbers_shown_are_the_newest(tmp_path):
    found = one(tmp_path, FOR, by_instant({"08": 5, "07T12": 3, "07": 2}))
    assert found.measured == 5
    assert found.window is not None
    assert found.window.end == AT


# --- when it applies


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (fact("real"), Outcome.FAIL),
        (fact("paper"), Outcome.NOT_APPLICABLE),
        (Unavailable("down"), Outcome.INCONCLUSIVE),
        (fact(), Outcome.INCONCLUSIVE),
    ],
)
def test_only_if(tmp_path, answer, outcome):
    found = one(
        tmp_path,
        f'only_if: {{fact: mode, is: [real]}}, {MEASURE}, crit_if: "> 1"',
        by_column({"a": single(2), "mode": answer}),
        "facts: {mode: {}}",
    )
    assert found.outcome is outcome


@pytest.mark.parametrize(
    ("start", "outcome"),
    [("T+7d", Outcome.FAIL), ("T+8d", Outcome.NOT_APPLICABLE), ("2026-06-08T00:00:00Z", Outcome.FAIL),
     ("2026-06-08T00:00:00.000001Z", Outcome.NOT_APPLICABLE)],
)  # fmt: skip
def test_active_from_its_first_instant_on(tmp_path, start, outcome):
    found = one(tmp_path, f'active_from: {start}, {MEASURE}, crit_if: "> 1"', single(2))
    assert found.outcome is outcome


def test_a_check_of_groups_that_does_not_apply_is_one_finding(tmp_path):
    found = one(tmp_path, f'active_from: T+90d, {MEASURE}, by: {{symbol: five}}, crit_if: "> 1"', single(2))
    assert (found.outcome, dict(found.group), found.measured) == (Outcome.NOT_APPLICABLE, {}, None)


# --- what a finding carries


def test_the_finding_of_a_check(tmp_path):
    found = one(
        tmp_path,
        f'{MEASURE}, crit_if: "> 1", severity: P2, action: refit, requirement: RBF-08, by: {{symbol: [A]}}',
        Readings({(("symbol", "A"),): Reading(2, 336, details={"n": 2184})}),
    )
    assert (found.id, found.rule) == ("p/c", "CVN201")
    assert (found.severity, found.action, found.requirement) == (Severity.P2, "refit", "RBF-08")
    assert (found.samples, dict(found.details), found.condition) == (336, {"n": 2184}, "> 1")
    assert found.window is not None
    assert (found.window.start.isoformat(), found.window.end) == ("2026-06-07T00:00:00+00:00", AT)
    assert found.location.file == "policies/all.yaml"


def test_an_answer_that_is_not_there_has_no_number(tmp_path):
    found = one(tmp_path, f'{MEASURE}, crit_if: "> 1"', Unavailable("gone"))
    assert (found.measured, found.samples, dict(found.details)) == (None, None, {})


def test_a_whole_run_has_no_window(tmp_path):
    written = 'measure: {statistic: mean, dataset: data, columns: [a], window: run}, crit_if: "> 1"'
    assert one(tmp_path, written, single(2)).window is None
