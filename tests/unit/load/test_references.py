"""Names across documents: defined once, found everywhere, and the nearest word where they are not."""

from __future__ import annotations

import pytest

from tests.support.policies import CONTRACT, EVENTS, METRICS, checks, problems

MEAN = "{statistic: mean, dataset: data, columns: [a], window: 24h}"
ONE = f"{{id: one, measure: {MEAN}, crit_if: '> 1'}}"
RUNBOOK = "# Runbook\n\n## 1. First aid\n\n## Second step\n"


def measured(measure: str, rest: str = "") -> str:
    return f"{{id: c, measure: {measure}, {rest} warn_if: '> 1'}}"


GOOD = [
    measured(MEAN),
    measured("{statistic: count, event: work, window: 24h}"),
    measured("{statistic: last, metric: score, window: 24h}").replace("> 1", "> 0.5"),
    measured("{statistic: mean, dataset: data, columns: {contract: features}, window: 24h}", "by: {f: columns},"),
    measured("{statistic: ks_pvalue, dataset: data, columns: [a], reference: old, window: 24h}").replace(
        "> 1", "> 0.5"
    ),
    measured(MEAN, "by: {s: five},"),
    measured(MEAN, "runbook: docs/runbook.md,"),
    measured(MEAN, "runbook: docs/runbook.md#1,"),
    measured(MEAN, 'runbook: "docs/runbook.md#second-step",'),
    "{id: c, crit_if: {check: one, is: [fail]}}",
    "{id: c, crit_if: {check: q/one, is: [fail]}}",
    "{id: c, crit_if: {check: q/*, is: [fail]}}",
    '{id: c, crit_if: {check: "*", is: [fail]}}',
    "{id: c, crit_if: {fact: x.y, is: [a]}}",
    "{id: c, crit_if: {fact: of.q, is: [a]}}",
]


def found(tmp_path, check: str, head: str = "") -> list[str]:
    spec = "baselines: {old: {dataset: other}}\nfacts: {x.y: {}}"
    other = checks(ONE, name="q", spec="facts: {of.q: {}}")
    first = checks(ONE, check, head=head, spec=spec)
    return problems(tmp_path, first, other, EVENTS, METRICS, CONTRACT, files={"docs/runbook.md": RUNBOOK})


@pytest.mark.parametrize("check", GOOD)
def test_names_that_exist(tmp_path, check):
    assert found(tmp_path, check) == []


@pytest.mark.parametrize(
    ("check", "what", "right"),
    [
        (measured(MEAN.replace("data,", "dta,")), "there is no dataset 'dta'", "did you mean 'data'?"),
        (
            measured(MEAN.replace("data,", "zzzzzz,")),
            "there is no dataset 'zzzzzz'",
            "expected one of data, events, facts",
        ),
        (measured("{statistic: count, event: wrok, window: 24h}"), "there is no event 'wrok'", "did you mean 'work'?"),
        (
            measured("{statistic: last, metric: scor, window: 24h}"),
            "there is no metric 'scor'",
            "did you mean 'score'?",
        ),
        (
            measured(
                "{statistic: mean, dataset: data, columns: {contract: featurs}, window: 24h}", "by: {f: columns},"
            ),
            "there is no contract 'featurs'",
            "did you mean 'features'?",
        ),
        (
            measured("{statistic: ks_pvalue, dataset: data, columns: [a], reference: odl, window: 24h}"),
            "there is no baseline 'odl'",
            "did you mean 'old'?",
        ),
        (measured(MEAN, "by: {s: fiv},"), "there is no set 'fiv'", "did you mean 'five'?"),
        (measured(MEAN).replace("> 1", "> 2 * odl"), "there is no baseline 'odl'", "did you mean 'old'?"),
        ("{id: c, crit_if: {check: on, is: [fail]}}", "has no check 'on'", "one"),
        ("{id: c, crit_if: {check: q/onne, is: [fail]}}", "policy 'q' has no check 'onne'", "did you mean 'one'?"),
        ("{id: c, crit_if: {check: qq/*, is: [fail]}}", "there is no policy 'qq' with checks", ""),
        (
            "{id: c, crit_if: {check: catalog/*, is: [fail]}}",
            "policy 'catalog' has no checks",
            "name a policy that has",
        ),
        ("{id: c, crit_if: {not: {fact: x.z, is: [a]}}}", "there is no fact 'x.z'", "did you mean 'x.y'?"),
        ("{id: c, only_if: {fact: z, is: [a]}, crit_if: {check: one, is: [fail]}}", "there is no fact 'z'", ""),
        (
            measured(MEAN, "runbook: docs/runbok.md,"),
            "there is no runbook 'docs/runbok.md'",
            "did you mean 'docs/runbook.md'?",
        ),
        (measured(MEAN, 'runbook: "docs/runbook.md#9",'), "has no heading '#9'", ""),
        (measured(MEAN, 'runbook: "docs/runbook.md#second-stp",'), "has no heading", "did you mean 'second-step'?"),
    ],
)
def test_names_that_do_not(tmp_path, check, what, right):
    (problem,) = found(tmp_path, check)
    assert problem.startswith("policies/all.yaml:9:")
    assert what in problem
    assert right in problem


def test_a_grid_has_no_columns_of_its_own(tmp_path):
    """In `expect` the word means a set of that name, and not "those measured", which a coverage has none of."""
    check = "{id: c, measure: {statistic: coverage, dataset: data, expect: {s: columns}, window: run}, crit_if: '< 1'}"
    (problem,) = found(tmp_path, check)
    assert "there is no set 'columns'" in problem


@pytest.mark.parametrize(
    ("documents", "what", "first"),
    [
        ([checks(ONE), checks(ONE)], "policy 'p' is defined twice", "policies/all.yaml:3:18"),
        ([checks(ONE, ONE)], "check 'one' is defined twice", "policies/all.yaml:6:12"),
        (
            [EVENTS, EVENTS.replace("name: catalog", "name: other")],
            "event 'beat' is defined twice",
            "policies/all.yaml:6:5",
        ),
        ([METRICS, METRICS.replace("name: metrics", "name: other"), EVENTS], "metric 'size' is defined twice", ""),
        (
            [checks(ONE, spec="facts: {x: {}}"), checks(ONE, name="q", spec="facts: {x: {}}")],
            "fact 'x' is defined twice",
            "policies/all.yaml:5:11",
        ),
    ],
)
def test_a_name_is_defined_once(tmp_path, documents, what, first):
    found_here = problems(tmp_path, *documents)
    assert any(what in problem and f"the first is at {first}" in problem for problem in found_here)


@pytest.mark.parametrize(
    "documents",
    [
        [checks(ONE), checks(ONE, name="q")],  # the address tells them apart
        [
            checks(ONE, spec="baselines: {old: {window: 7d}}"),
            checks(ONE, name="q", spec="baselines: {old: {window: 7d}}"),
        ],
        [checks(ONE, name="catalog-2"), EVENTS],
    ],
)
def test_checks_and_baselines_belong_to_their_document(tmp_path, documents):
    assert problems(tmp_path, *documents) == []


def test_a_dataset_may_be_bound_in_any_environment(tmp_path):
    assert problems(tmp_path, checks(measured(MEAN.replace("data,", "facts,")))) == []


def test_every_dangling_name_is_told(tmp_path):
    bad = measured("{statistic: ks_pvalue, dataset: dta, columns: [a], reference: odl, window: 24h}", "by: {s: fiv},")
    assert len(found(tmp_path, bad)) == 3


@pytest.mark.parametrize(
    ("waiver", "what"),
    [
        ("check: two", "has no check 'two'"),
        ("check: one, group: {symbol: A}", "symbol"),
    ],
)
def test_a_waiver_is_of_something_that_is_there(tmp_path, waiver, what):
    head = f'waivers: [{{{waiver}, reason: an outage, approved_by: "@me", expires: 2026-06-11T00:00:00Z}}]'
    (problem,) = found(tmp_path, measured(MEAN), head)
    assert problem.startswith("policies/all.yaml:4:")
    assert what in problem


def test_a_name_that_is_none_is_cut_and_made_visible(tmp_path):
    long = "x" * 100_000
    alert = f'{{id: a, measure: {{statistic: count, event: {long}, window: 24h}}, crit_if: "> 5", runbook: "a\\tb.md"}}'
    said = problems(tmp_path, checks(alert))
    assert any("there is no event 'xxx" in line for line in said)
    assert any(r"there is no runbook 'a\tb.md'" in line for line in said)
    assert max(map(len, said)) < 600
    assert all(line.isprintable() for line in said)
