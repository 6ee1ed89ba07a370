"""Single statements against policies made for it: what agrees, what contradicts, what nobody can tell."""

from __future__ import annotations

import pytest

from cvnpolicy.kinds.readiness.model import Term
from cvnpolicy.load.policies import load_policies
from cvnpolicy.load.project import load
from cvnpolicy.markdown.blocks import page
from cvnpolicy.readiness.truth import Status, compare

CONFIGURATION = """
repository: .
policies: policies
sets: {variants: [base_v1, base_v2, wide_v1]}
environments:
  default:
    rows: {type: csv, path: rows.csv, time: ts, cadence: 1h}
    log: {type: logfmt, path: log, time: ts}
"""
POLICIES = """
apiVersion: cvnpolicy/v1
kind: EventCatalog
metadata: {name: events, title: Events, owner: "@me"}
spec:
  events:
    feed_broken: {fields: {reason: str, venue: str}, heartbeat: 1h}
    job_finished: {fields: {job: str}, heartbeat: 1h}
---
apiVersion: cvnpolicy/v1
kind: AlertPolicy
metadata: {name: alerts, title: Alerts, owner: "@me", anchor: 2026-01-01T00:00:00Z}
spec:
  routes: {P1: pager, P2: chat, P3: chat}
  alerts:
    - id: feed-broken-often
      measure: {statistic: count, event: feed_broken, window: 1h}
      warn_if: "> 5"
      severity: P2
      escalate: [{at: T+14d, to: P1}]
      action: go on, but revert to plan_b_model
    - id: feed-broken-gap
      measure: {statistic: count, event: feed_broken, where: {reason: [gap_in_bars]}, window: 6h}
      warn_if: "> 2"
      severity: P3
    - id: job-share
      measure: {statistic: ratio, event: feed_broken, total: {event: job_finished}, window: 24h}
      warn_if: "> 1%"
      crit_if: "> 5%"
      severity: {warn: P3, crit: P1}
---
apiVersion: cvnpolicy/v1
kind: DriftPolicy
metadata: {name: drift, title: Drift, owner: "@me"}
spec:
  baselines: {before: {dataset: rows, window: run}, score: {value: 0.4, source: a table, sign: positive}}
  checks:
    - id: leak
      measure: {statistic: ks_pvalue, dataset: rows, columns: [x], reference: before, window: 14d}
      every: 7d
      pass_if: ">= 0.05"
      severity: P2
    - id: far
      measure: {statistic: mean_shift, dataset: rows, columns: [x], reference: before, window: 1d}
      every: 1d
      for: 14d
      warn_if: "abs > 3sigma"
      severity: P2
    - id: worse
      measure: {statistic: f1, dataset: rows, columns: [y, z], window: 7d}
      crit_if: "< score - 2pp"
      severity: P2
    - id: low
      measure: {statistic: mean, dataset: rows, columns: [ratio], window: 7d}
      warn_if: "< 20%"
      severity: P3
    - id: grid
      measure: {statistic: coverage, dataset: rows, expect: {variant: variants}, window: run}
      pass_if: "== 100%"
      severity: P3
"""
TERMS = [
    Term(words=("leakage", "paired test"), checks=("drift/leak",)),
    Term(words=("distance",), checks=("drift/far",)),
    Term(words=("score",), checks=("drift/worse",)),
    Term(words=("volume",), checks=("drift/low",)),
    Term(words=("share",), only_if=("job_finished", "jobs"), checks=("alerts/job-share",)),
]


@pytest.fixture(scope="module")
def policies(tmp_path_factory):
    folder = tmp_path_factory.mktemp("project")
    (folder / "policies").mkdir()
    (folder / "cvnpolicy.yaml").write_text(CONFIGURATION, "utf-8")
    (folder / "policies" / "all.yaml").write_text(POLICIES, "utf-8")
    loaded = load_policies(load(folder / "cvnpolicy.yaml"))
    assert not loaded.problems, loaded.problems
    return loaded.policies


def said(text, policies):
    return [
        (figure.text, figure.check and figure.check.partition("/")[2], figure.status.value)
        for figure in compare(page(text, "text.md"), policies, TERMS)
        if figure.kind not in {"event", "value", "field", "model", "metric", "check"}
    ]


AGREE = [
    "leakage: p < 0.05",
    "leakage where p < 0.050",
    "leakage where p < .05",
    "leakage where p < 5 %",
    "no leakage: p ≥ 0.05",
    "no leakage: p >= 0.05",
    "leakage: p below 0.05 over 14 days",
    "leakage: p below 0.05 over 14d",
    "leakage: p below 0.05 over 14 d",
    "leakage: p below 0.05 over 336 h",
    "leakage: p below 0.05 over two weeks",
    "leakage: p below\u00a00.05 over 14\u00a0days",
    "leakage: p < 0.05, tested weekly",
    "leakage: p < 0.05, tested every 7 days",
    "distance > 3σ sustained for > 14 days",
    "distance above 3 sigma, sustained for 14 d",
    "score lower by more than 0.02",
    "score drops > 2pp",
    "score < baseline - 0.02",
    "volume drops by > 80 %",
    "volume < 20 %",
    "volume 80% below the median",
    "`event=feed_broken` > 5 times in 1 h → P2",
    "`event=feed_broken` ≥ 6 times / hour",
    "`event=feed_broken` more than 5 times an hour",
    "`event=feed_broken` > 5 occurrences per hour → warn",
    "`event=feed_broken reason=gap_in_bars` > 2 times over 6 h → P3",
    "`feed_broken` more than five times within 60 minutes",
    "share of jobs > 1 % → P3 ; share of jobs > 5 % → P1 (crit)",
    "`feed_broken_often`: > 5 times; escalates to P1 at d+14",
]


@pytest.mark.parametrize("text", AGREE)
def test_the_same_in_other_words_agrees(text, policies):
    found = said(text, policies)
    assert found
    assert [figure for figure in found if figure[2] != "agrees"] == []


CONTRADICT = [
    ("leakage: p < 0.06", "< 0.06"),
    ("leakage: p > 0.05", "> 0.05"),
    ("leakage: p < 0.05 over 7 days", "over 7 days"),
    ("leakage: p < 0.05, tested daily", "daily"),
    ("leakage: p < 0.05 → P3", "P3"),
    ("distance > 2σ", "> 2σ"),
    ("distance > 3σ sustained for > 20 days", "for > 20 days"),
    ("score lower by more than 0.03", "more than 0.03"),
    ("volume drops by > 70 %", "> 70 %"),
    ("`event=feed_broken` > 6 times in 1 h", "> 6 times"),
    ("`event=feed_broken` ≥ 5 times in 1 h", "≥ 5 times"),
    ("`event=feed_broken` > 5 times in 2 h", "in 2 h"),
    ("`event=feed_broken` > 5 times in 1 h → P1", "P1"),
    ("`event=feed_broken` > 5 times in 1 h → crit", "crit"),
    ("share of jobs > 1 % → P1", "P1"),
    ("share of jobs > 5 % → P3", "P3"),
]


@pytest.mark.parametrize(("text", "wrong"), CONTRADICT)
def test_another_number_contradicts(text, wrong, policies):
    assert [figure[0] for figure in said(text, policies) if figure[2] == "contradicts"] == [wrong]


UNKNOWN = [
    "p < 0.04",
    "leakage is discussed. Pods restart if > 3 of them fail",
    "leakage: revert in 5 minutes",
    "leakage of more than 3 features",
    "distance over a rolling 30d window",
    "the quarterly review of the leakage test",
    "distance > 3 kilometres",
    "leakage in at least 4",
    "score ≥ 0.7",
    "~2 h of volume",
    "revert < 5 minutes",
    "disk usage > 80 %",
    "`event=feed_broken` has P9 siblings, and a warning",
]


@pytest.mark.parametrize("text", UNKNOWN)
def test_what_may_be_about_something_else_does_not_contradict(text, policies):
    assert [figure for figure in said(text, policies) if figure[2] == "contradicts" and figure[0] != "P9"] == []


NAMES = [
    ("`event=feed_broken`", "agrees"),
    ("`event=feed_brokn`", "contradicts"),
    ("`event=pump_broken`", "unbound"),
    ('`{event="feed_broken"} | reason=gap_in_bars`', "agrees"),
    ("`event=feed_broken reasn=gap_in_bars`", "contradicts"),
    ("`event=feed_broken reason=gap_in_bras`", "contradicts"),
    ("`event=feed_broken reason=weather`", "unbound"),
    ("the variant `base_v2`", "agrees"),
    ("the variant `base_v3`", "contradicts"),
    ("the variant `wide_v1`", "agrees"),
    ("the variant `wdie_v1`", "contradicts"),
    ("rollback to `plan_b_model`", "agrees"),
    ("rollback to `plan_b_modle`", "contradicts"),
    ("rollback to `plan_c_other`", "contradicts"),
    ("rollback to `something_else`", "unbound"),
    ("`feed-broken-often`", "agrees"),
    ("`alerts/feed-broken-often`", "agrees"),
    ("`feed_broken_oftne`", "contradicts"),
]


@pytest.mark.parametrize(("text", "status"), NAMES)
def test_names(text, status, policies):
    found = {figure.status.value for figure in compare(page(text, "text.md"), policies, TERMS)}
    assert status in found
    assert found <= {status, "agrees"}


def test_columns_of_limits_and_severities_are_about_their_row(policies):
    text = (
        "| what | threshold | action | severity |\n|---|---|---|---|\n| leakage | p < 0.01 | if > 3 pods fail | P1 |\n"
    )
    found = said(text, policies)
    assert ("< 0.01", "leak", "contradicts") in found
    assert ("> 3", None, "unbound") in found
    assert ("P1", "leak", "contradicts") in found


def test_only_chosen_sections_are_read(policies):
    whole = page("# one\n\nleakage: p < 0.01\n\n# two\n\nleakage: p < 0.02\n", "text.md")
    found = compare(whole, policies, TERMS, lambda section: section == 1)
    assert [figure.line for figure in found] == [7]


def test_figures_are_sorted_and_carry_their_lines(policies):
    text = "leakage:\np < 0.05\n\n```\nleakage: p < 0.01\n```\n\n- distance\n  > 3σ\n"
    found = compare(page(text, "text.md"), policies, TERMS)
    assert [(figure.line, figure.status) for figure in found] == [
        (2, Status.AGREES),
        (5, Status.CONTRADICTS),
        (9, Status.AGREES),
    ]


def test_without_policies_nothing_is_bound(policies):
    found = compare(page("KS p < 0.01 → P1", "text.md"), policies.only(frozenset()), ())
    assert {figure.status for figure in found} == {Status.UNBOUND}
