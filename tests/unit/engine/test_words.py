"""What findings say: sentences with the numbers, and numbers that never contradict their verdict."""

from __future__ import annotations

from pathlib import Path

import pytest

from cvnpolicy.core.evidence import Answer, Unavailable
from cvnpolicy.core.finding import Finding, Outcome
from cvnpolicy.engine.run import run
from cvnpolicy.engine.words import limits, subject
from tests.support.policies import EVENTS, METRICS, Answers, Asked, along, check_of, checks, loaded, single

MEASURE = "measure: {statistic: mean, dataset: data, columns: [a], window: 24h}"
BASELINES = "baselines: {training: {dataset: other}}"


def one(tmp_path: Path, check: str, answer: Answer) -> Finding:
    policies = loaded(tmp_path, EVENTS, METRICS, checks(f"{{id: c, {check}}}", spec=BASELINES))
    found = run(policies, Asked(Answers(lambda _need: answer)))
    return next(finding for finding in found if finding.id == "p/c")


@pytest.mark.parametrize(
    ("measure", "text"),
    [
        ("{statistic: mean, dataset: data, columns: [a], window: 24h}", "mean of a"),
        ("{statistic: p95, dataset: data, columns: [a], window: 24h}", "95th percentile of a"),
        ("{statistic: ks_pvalue, dataset: data, columns: [a], reference: training, window: 7d}", "KS p-value of a"),
        ("{statistic: count, dataset: data, window: 24h}", "count of data"),
        ("{statistic: count, event: work, window: 24h}", "count of work"),
        ("{statistic: rate, event: work, params: {per: 1h}, window: 24h}", "rows per 1h of work"),
        ("{statistic: sum, event: work, columns: [size], window: 24h}", "sum of size"),
        ("{statistic: last, metric: score, window: 1h}", "last score"),
        ("{statistic: ratio, event: work, total: {event: beat}, window: 24h}", "ratio of work to beat"),
        ("{statistic: ratio, dataset: data, where: {s: [x]}, total: {}, window: 24h}", "ratio of data to all rows"),
        ("{statistic: missing, dataset: data, columns: [a], window: 24h}", "share of rows without a"),
        ("{statistic: missing, metric: size, window: 24h}", "share of rows without size"),
        ("{statistic: duplicates, dataset: data, columns: [a, b], window: run}", "rows that repeat a, b"),
    ],
)
def test_what_is_measured(tmp_path, measure, text):
    policies = loaded(
        tmp_path, EVENTS, METRICS, checks(f"{{id: c, measure: {measure}, warn_if: '> 0.5'}}", spec=BASELINES)
    )
    assert subject(check_of(policies, "p/c")) == text


def test_of_a_group_of_columns_it_is_that_column(tmp_path):
    measure = "{statistic: mean, dataset: data, columns: [a, b], window: 24h}"
    policies = loaded(tmp_path, checks(f"{{id: c, measure: {measure}, by: {{feature: columns}}, warn_if: '> 1'}}"))
    assert subject(check_of(policies, "p/c"), (("feature", "b"),)) == "mean of b"


def test_the_limits_are_told(tmp_path):
    policies = loaded(tmp_path, checks(f'{{id: c, {MEASURE}, warn_if: "> 1", crit_if: "> 2"}}'))
    assert limits(check_of(policies, "p/c")) == "warns when above 1; fails when above 2"


@pytest.mark.parametrize(
    ("value", "condition", "shown"),
    [
        (0.00999996, "< 0.01", "0.00999996"),  # not 0.01, which would not warn
        (0.01, "< 0.01", "0.01"),
        (43_680.0, "> 1", "43,680"),
        (0.0512, "> 5%", "5.12 %"),
        (0.05, "> 5%", "5 %"),
        (0.07, "> 7%", "7 %"),  # 0.07 * 100 is 7.000000000000001 in doubles
        (0.57, "> 57%", "57 %"),
        (0.0500001, "> 5%", "5.00001 %"),
    ],
)
def test_a_number_never_contradicts_its_verdict(tmp_path, value, condition, shown):
    found = one(tmp_path, f'{MEASURE}, crit_if: "{condition}"', single(value))
    assert f"is {shown};" in found.message


def test_a_percentage_keeps_its_sign(tmp_path):
    found = one(tmp_path, 'measure: {statistic: mean, metric: share, window: 24h}, crit_if: "< 95%"', single(94.5))
    assert "is 94.5 %;" in found.message


def test_a_shift_says_its_unit(tmp_path):
    measure = "measure: {statistic: mean_shift, dataset: data, columns: [a], reference: training, window: 24h}"
    found = one(tmp_path, f'{measure}, crit_if: "abs > 3sigma"', single(-3.25))
    assert found.message == "shift of the mean of a is -3.25 sigma; fails when above 3 sigma in absolute value"
    assert one(tmp_path, f'{measure}, crit_if: "abs > 3sigma"', single(-3.0)).outcome is Outcome.PASS


def test_an_undecided_check_says_why_and_what_it_read(tmp_path):
    few = one(tmp_path, f'{MEASURE}, crit_if: "> 1", min_samples: 50', single(2, 7))
    assert "reads 2, but 7 samples, 50 are needed" in few.message
    gone = one(tmp_path, f'{MEASURE}, crit_if: "> 1"', Unavailable("the file is gone", "bring it"))
    assert gone.message == "mean of a: the file is gone"


def test_the_reason_of_an_exception_is_told(tmp_path):
    found = one(tmp_path, f'{MEASURE}, crit_if: "> 1", because: of the outage', single(0))
    assert found.message.endswith("(because of the outage)")


def test_groups_are_counted(tmp_path):
    answers = along("symbol", {"A": 3, "B": 3, "C": 0})
    found = one(tmp_path, f'{MEASURE}, by: {{symbol: five}}, pass_if: "<= 1", groups: ">= 2"', answers)
    for part in ("2 fail", "1 pass", "2 no data", "at least 2", "of 5 groups"):
        assert part in found.message


@pytest.mark.parametrize(
    ("check", "value", "says"),
    [
        ("{id: t, crit_if: {check: c, is: [fail]}}", 2, "t: its crit_if holds"),
        ("{id: t, crit_if: {check: c, is: [fail]}}", 0, "t: its crit_if does not hold"),
        ("{id: t, warn_if: {check: c, is: [fail]}}", 2, "t: its warn_if holds"),
        ("{id: t, pass_if: {check: c, is: [pass]}}", 0, "t: its pass_if holds"),
        ("{id: t, pass_if: {check: c, is: [pass]}}", 2, "t: its pass_if does not hold"),
        ("{id: t, pass_if: {check: c, is: [pass]}}", None, "t: p/c is no data"),
    ],
)
def test_a_tree_says_which_of_its_conditions_held(tmp_path, check, value, says):
    policies = loaded(tmp_path, checks(f'{{id: c, {MEASURE}, crit_if: "> 1"}}', check))
    found = run(policies, Asked(Answers(lambda _need: single(value))))
    assert next(finding for finding in found if finding.id == "p/t").message.startswith(says)


@pytest.mark.parametrize(
    ("tree", "said"),
    [
        ("{any: [{check: a, is: [pass]}, {check: b, is: [fail]}]}", "(any of: a is pass: yes, b is fail: no)"),
        ("{all: [{check: a, is: [pass]}, {check: b, is: [pass]}]}", "(all of: a is pass: yes, b is pass: yes)"),
        ("{check: a, is: [pass]}", "(a is pass: yes)"),
    ],
)
def test_a_tree_says_how_its_parts_are_joined(tmp_path, tree, said):
    written = (
        '{id: a, measure: {statistic: count, dataset: data, window: run}, pass_if: ">= 1"}',
        '{id: b, measure: {statistic: count, dataset: data, window: run}, crit_if: "> 99"}',
        f"{{id: c, warn_if: {tree}}}",
    )
    found = run(loaded(tmp_path, checks(*written)), Asked(Answers(lambda _need: single(5))))
    message = next(finding.message for finding in found if finding.id == "p/c")
    assert message == f"c: its warn_if holds {said}"
