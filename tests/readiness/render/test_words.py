"""How checks of every shape are said."""

from __future__ import annotations

from pathlib import Path

import pytest

from cvnpolicy.core.resolve import resolve_all
from cvnpolicy.kinds.readiness.model import ReadinessPolicySpec, Section, Table
from cvnpolicy.kinds.readiness.story import Story
from cvnpolicy.readiness.render import render
from cvnpolicy.readiness.render.triggers import trigger
from cvnpolicy.readiness.render.words import severity
from tests.readiness.render.rendering import STORY, facts, failed, policies, rendered, spec
from tests.support.policies import CONTRACT, EVENTS, METRICS, checks, loaded

BASE = """
    baselines: {old: {dataset: other, sign: positive}}
    facts:
      mode: {values: [on, off], fresh_for: 24h}
      calls: {}
"""
CASES = {
    "{measure: {statistic: count, event: work, where: {model: [a, b]}, window: 1h}, warn_if: '> 5'}": (
        "count of `event=work model=a|b` > 5 over 1 h"
    ),
    "{measure: {statistic: ratio, event: work, total: {event: beat}, window: 24h}, warn_if: '> 1%', crit_if: '> 5%'}": (
        "ratio of `event=work` to `event=beat` warn > 1%, crit > 5% over 24 h"
    ),
    "{UNMATCHED after: 10min, same: [key]}, window: 7d}, pass_if: '== 0'}": (
        "count of `event=work` not followed by `event=done` within 10 min != 0 over 7 d"
    ),
    "{UNMATCHED before: 7d, same: [key]}, window: 7d}, pass_if: '== 0'}": (
        "count of `event=work` not preceded by `event=done` within 7 d != 0 over 7 d"
    ),
    "{measure: {statistic: p95, metric: score, window: run}, warn_if: '> 2 * old'}": (
        "95th percentile of `score` > 2× old over each run"
    ),
    "{measure: {statistic: mean, metric: score, window: 1d}, pass_if: 'within 1% of old'}": (
        "mean of `score` unless within 1% of old over 1 d"
    ),
    "{measure: {statistic: mean, metric: score, window: 1d}, pass_if: '> 0.1 and < 0.9'}": (
        "mean of `score` unless > 0.1 and < 0.9 over 1 d"
    ),
    "{measure: {statistic: last, metric: size, window: 1d}, warn_if: 'abs > 3', every: 1d, for: 2d}": (
        "last `size` abs > 3 over 1 d, sustained for 2 d"
    ),
    "{MEAN {c: five}, crit_if: '< 0', groups: '> 2'}": ("mean of `v` in `data` < 0 over 1 d in more than 2 c groups"),
    "{MEAN {c: five}, pass_if: '>= 0', groups: '>= 4'}": (
        "mean of `v` in `data` < 0 over 1 d unless it holds in at least 4 c groups"
    ),
    "{MEAN {c: five}, pass_if: '>= 0'}": ("mean of `v` in `data` < 0 over 1 d in any c"),
    "{MEAN {c: five, d: [1, 2]}, warn_if: '< 0', groups: all}": ("mean of `v` in `data` < 0 over 1 d in all groups"),
    "{measure: {statistic: mean, dataset: data, columns: [v], over: [fold], where: {m: [x]}, window: run},"
    " by: {c: five, d: [1, 2]}, warn_if: '< 0', groups: {c: any, d: '>= 2'}}": (
        "mean of `v` in `data` with `m` `x` over fold < 0 over each run in any c and there in at least 2 d groups"
    ),
    "{measure: {statistic: coverage, dataset: data, expect: {c: five, d: [1, 2]}, window: 1d}, pass_if: '== 100%'}": (
        "share of expected c and d cells in `data` != 100% over 1 d"
    ),
    "{measure: {statistic: psi, dataset: data, columns: {contract: features, top: 2}, reference: old, window: 1d},"
    " by: {feature: columns}, warn_if: '> 0.2', min_samples: 50}": (
        "PSI of the first 2 features of `features` in `data` against `old` > 0.2 over 1 d in any feature"
    ),
    "{measure: {statistic: rate, event: work, params: {per: 1h}, window: 1d}, warn_if: '> 5', active_from: T+7d}": (
        "rows per 1h of `event=work` > 5 over 1 d, from T+7d on"
    ),
    "{measure: {statistic: count, event: work, window: 1d}, warn_if: unset, because: nobody knows}": "",
    "{crit_if: {fact: mode, is: [on]}}": "when `mode` is on, attested within 24 h",
    "{crit_if: {fact: calls, where: {of: [x]}, count: '> 2'}}": "when the count of `calls` with `of` `x` > 2",
    "{crit_if: {fact: mode, age: '> 2h'}}": "when the age of `mode` > 2h",
    "{warn_if: {not: {any: [{fact: mode, is: [on]}, {check: one, is: [warn, fail], for: 1h}]}}}": (
        "when not (`mode` is on, attested within 24 h or `one` is warn or fail, sustained for 1 h"
        " (count of `event=work` > 1 over 1 h))"
    ),
    "{pass_if: {all: [{check: one, is: [pass]}, {check: p/one, is: [pass]}]}}": (
        "unless `one` is pass and `p/one` is pass"
    ),
    "{crit_if: {check: '*', is: [fail], severity: [P1]}}": "when `*` is fail as P1",
    "{crit_if: {check: many, is: [warn], groups: '>= 2'}}": (
        "when `many` is warn in >= 2 groups (mean of `v` in `data` < 0 over 1 d in any c)"
    ),
    "{only_if: {fact: mode, is: [on]}, measure: {statistic: count, event: work, window: 1h}, warn_if: '> 5'}": (
        "count of `event=work` > 5 over 1 h, while `mode` is on, attested within 24 h"
    ),
}
SHORT = {
    "UNMATCHED": "measure: {statistic: unmatched, event: work, match: {event: done,",
    "MEAN": "measure: {statistic: mean, dataset: data, columns: [v], window: 1d}, by:",
}
OTHERS = (
    "{id: one, measure: {statistic: count, event: work, window: 1h}, every: 1h, warn_if: '> 1'}",
    "{id: many, measure: {statistic: mean, dataset: data, columns: [v], window: 1d}, by: {c: five}, warn_if: '< 0'}",
)


@pytest.mark.parametrize("case", CASES)
def test_a_trigger_in_words(case: str, tmp_path: Path) -> None:
    written = case
    for word, meant in SHORT.items():
        written = written.replace(word, meant)
    document = checks(f"{{id: asked, {written[1:]}", *OTHERS, spec=BASE)
    found = loaded(tmp_path, EVENTS, METRICS, CONTRACT, document)
    resolved = resolve_all(found.policies, found.catalog)
    assert trigger(resolved["p/asked"], resolved) == CASES[case]


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("severity: P2", "P2"),
        (
            "severity: P3, escalate: [{after: 7d, to: P2}, {at: T+14d, to: P1}]",
            "P3, P2 once sustained for 7 d, P1 from T+14d on",
        ),
        ("requirement: X-1", ""),
    ],
)
def test_a_severity_in_words(written: str, says: str, tmp_path: Path) -> None:
    document = checks(
        f"{{id: a, measure: {{statistic: count, event: work, window: 1h}}, every: 1h, warn_if: '> 5', {written}}}"
    )
    found = loaded(tmp_path, EVENTS, document)
    assert severity(resolve_all(found.policies, found.catalog)["p/a"]) == says


def test_sections_and_columns_of_a_team() -> None:
    text = render(STORY, Story.model_validate(facts()), policies(), _changed(spec()))
    assert "## 12. Costs of \\`it\\`\n\n`<costs>`\n" in text
    assert "| Stage | Share | Who |\n" in text
    assert "| Shadow | none, predictions are only logged | `<who>` |" in text
    assert "## 5." not in text
    assert "**Belongs to**: CVN-N001-EE-S04" in text
    assert "**Filled" not in text


def _changed(known: ReadinessPolicySpec) -> ReadinessPolicySpec:
    sections = {name: section for name, section in known.sections.items() if name != "rollback"}
    sections["costs"] = Section(number="12", titles=("Costs of `it`",))
    columns = {"stage": ("Stage",), "traffic": ("Share*", "Share"), "who": ("Who*",)}
    tables = {**known.tables, "stages": Table(section="rollout", columns=columns)}
    fields = {name: field for name, field in known.fields.items() if name != "filled_on"}
    fields["story"] = fields["story"].model_copy(update={"labels": ("Belongs to", "Story")})
    return known.model_copy(update={"sections": sections, "tables": tables, "fields": fields})


def test_what_is_skipped_has_the_marker() -> None:
    changed = facts()
    changed["rollout"]["stages"][0]["duration"] = "2d"
    assert "R4.3" in failed(rendered(changed))
    changed["skips"] = {"rollout": "calibration-only, shadow=2d because no feature changes"}
    assert not {"R4.3", "R4.4", "R10.1"} & failed(rendered(changed))


def test_variants_by_a_tag() -> None:
    changed = facts()
    changed["variants"] = {"tag": "variant"}
    text = rendered(changed)
    assert "The FTF variant stands in the tag `variant`, on no metric." in text
    assert "R1.10" in failed(text)
    changed["variants"] = {"tag": "feature_set"}
    assert "in the tag `feature_set`, on `btc_features_applied` alone." in rendered(changed)


@pytest.mark.parametrize(
    ("imports", "says"),
    [
        ({"unchanged": True}, "no new import"),
        (
            {"declared": ["requirements.txt", "airflow_docker/requirements.txt"]},
            "each new import is declared in `requirements.txt` and `airflow_docker/requirements.txt`",
        ),
    ],
)
def test_imports(imports: dict[str, object], says: str) -> None:
    changed = facts()
    changed["imports"] = imports
    assert f"- [x] Dependency declarations: {says}\n" in rendered(changed)
    assert "R7.9" not in failed(rendered(changed))


TAGGED = """
    apiVersion: cvnpolicy/v1
    kind: MetricPolicy
    metadata: {name: m, title: M, owner: "@me", story: S-1}
    spec:
      metrics:
        size:
          {role: cost, type: gauge, unit: USDC, source: {event: work, field: size}, tags: [key], owner: "@me"}
    """


def test_a_tag_that_all_metrics_carry(tmp_path: Path) -> None:
    story = Story.model_validate({"variants": {"tag": "key"}})
    known = spec().model_copy(update={"tables": {}})
    text = render("S-1", story, loaded(tmp_path, EVENTS, TAGGED), known)
    assert "All metrics of the Story carry their FTF variant in the tag `key`." in text
    assert "|" not in text
