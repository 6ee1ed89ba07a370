"""Why a reading decides nothing, word for word, at the limits. tools/mutate.py asked for them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cvnpolicy.core.evidence import Reading
from cvnpolicy.core.finding import Finding, Outcome
from cvnpolicy.engine.doubts import baseline_doubt, doubt
from cvnpolicy.engine.run import run
from tests.support.policies import (
    EVENTS,
    METRICS,
    Answers,
    Asked,
    by_column,
    check_of,
    checks,
    loaded,
    named,
    reading,
    single,
)

MEAN = "measure: {statistic: mean, dataset: data, columns: [a], window: 24h}"
KS = "measure: {statistic: ks_pvalue, dataset: data, columns: [a], reference: training, window: 7d}"
TRAINING = "baselines: {training: {dataset: other}}"


def told(root: Path, check: str, given: Reading, spec: str = "") -> tuple[Outcome, str, str] | None:
    policies = loaded(root, METRICS, EVENTS, checks(f'{{id: c, {check}, warn_if: "> 0.5"}}', spec=spec))
    cause = doubt(check_of(policies, "p/c"), given)
    return None if cause is None else (cause.outcome, cause.reason, cause.hint)


@pytest.mark.parametrize(
    ("wanted", "samples", "null", "expected"),
    [
        (1, 1, 0, None),
        (1, 0, 0, (Outcome.NO_DATA, "0 samples, 1 is needed", "wait for more rows")),
        (2, 1, 0, (Outcome.INCONCLUSIVE, "1 sample, 2 are needed", "wait for more rows")),
        (3, 2, 0, (Outcome.INCONCLUSIVE, "2 samples, 3 are needed", "wait for more rows")),
        (
            2,
            0,
            3,
            (
                Outcome.INCONCLUSIVE,
                "0 samples (3 values are missing or not finite), 2 are needed",
                "see the rows without a value",
            ),
        ),
    ],
)
def test_too_few_samples(tmp_path, wanted, samples, null, expected):
    given = Reading(0.1, samples, details={"null": null})
    assert told(tmp_path, f"{MEAN}, min_samples: {wanted}", given) == expected


@pytest.mark.parametrize(
    ("rows", "wanted", "expected"),
    [
        (0, "", (Outcome.NO_DATA, "the reference has 0 samples, 1 is needed", "see what it is bound to")),
        (1, "", None),
        (
            1,
            ", min_samples: 2",
            (Outcome.INCONCLUSIVE, "the reference has 1 sample, 2 are needed", "see what it is bound to"),
        ),
    ],
)
def test_too_few_in_the_reference(tmp_path, rows, wanted, expected):
    assert told(tmp_path, f"{KS}{wanted}", Reading(0.1, 100, details={"n": rows}), TRAINING) == expected


def test_a_value_outside_of_its_range_is_told_with_both_ends(tmp_path):
    metric = "measure: {statistic: mean, metric: score, window: 24h}"
    assert [told(tmp_path, metric, reading(value)) for value in (0, 1)] == [None, None]
    for value in (-0.1, 1.1):
        cause = told(tmp_path, metric, reading(value))
        assert cause is not None
        assert cause[1] == f"{value} is outside the metric's declared range 0 to 1"


@pytest.mark.parametrize(
    ("baseline", "samples", "expected"),
    [
        ("{window: 7d}", 50, None),
        ("{window: 7d}", 49, "49 samples, 50 are needed"),
        ("{window: 7d, statistic: max}", 1, None),  # of another statistic one row may be all there is
    ],
)
def test_a_baseline_has_enough_rows_too(tmp_path, baseline, samples, expected):
    check = f'{{id: c, {MEAN}, min_samples: 50, warn_if: "> base"}}'
    policies = loaded(tmp_path, checks(check, spec=f"baselines: {{base: {baseline}}}"))
    found = check_of(policies, "p/c")
    assert baseline_doubt(found, found.policy.baselines["base"], reading(1, samples)) == expected


def found(root: Path, check: str, answers: dict[str, Any], spec: str = "") -> Finding:
    policies = loaded(root, EVENTS, METRICS, checks(f"{{id: c, {check}}}", spec=spec))
    return named(run(policies, Asked(Answers(by_column(answers)))), "p/c")


@pytest.mark.parametrize(
    ("by", "words"),
    [
        ("", "declare a heartbeat for the event, so"),
        ("by: {model: [m], key: [k]}, ", "declare a heartbeat that carries key and model for the event, so"),
    ],
)
def test_a_heartbeat_carries_the_dimensions(tmp_path, by, words):
    events = EVENTS.replace("done: {fields: {key: str}}", "done: {fields: {key: str, model: str}}")
    count = "measure: {statistic: count, event: done, window: 24h}"
    policies = loaded(tmp_path, events, METRICS, checks(f'{{id: c, {count}, {by}pass_if: "== 0"}}'))
    finding = named(run(policies, Asked(Answers(by_column({})))), "p/c")
    assert finding.outcome is Outcome.ERROR  # nothing answers
    key = (("key", "k"), ("model", "m")) if by else ()
    answer = type(single(0))({key: reading(0, 0, alive=False)})
    finding = named(run(policies, Asked(Answers(lambda _need: answer))), "p/c")
    assert finding.outcome is Outcome.NO_DATA
    assert words in (finding.hint or finding.groups[0].reason)


def test_rows_that_are_not_there_are_not_a_silence(tmp_path):
    missing = type(single(0))({})
    event = "measure: {statistic: mean, event: work, columns: [size], window: 24h}"
    for measure in (MEAN, event):
        finding = found(tmp_path, f'{measure}, pass_if: "< 1"', {"a": missing, "size": missing})
        assert (finding.outcome, finding.hint) == (Outcome.NO_DATA, "see why the rows are not there")
