from __future__ import annotations

import pytest

from cvnpolicy.app.explain import explain
from cvnpolicy.app.rule_text import rule_ids, rule_text, statistic_text
from cvnpolicy.core.errors import UsageError
from cvnpolicy.core.rules import GUIDED, DocumentRule, LintRule
from cvnpolicy.kinds import KINDS, load_kind
from cvnpolicy.markdown.parse import parse
from tests.support.policies import CONTRACT, EVENTS, METRICS, checks, loaded

RISES = "escalate: [{after: 7d, to: P2}, {at: T+14d, to: P1}]"
MEAN = "measure: {statistic: mean, dataset: data, columns: [a], window: 14d}"


def said(tmp_path, check: str, spec: str = "") -> str:
    return explain("p/c", loaded(tmp_path, EVENTS, METRICS, CONTRACT, checks(check, spec=spec)))


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_and_its_rule_have_a_guide(kind):
    rule = load_kind(kind).rule
    guide = explain(kind, None)
    assert guide.startswith(f"# {kind}\n\n## What it checks\n")
    title, _, about, _, *rest = explain(rule, None).split("\n")
    assert title == f"# {rule}: {kind}"
    assert about.endswith(".")
    assert rest == guide.split("\n")[2:]


@pytest.mark.parametrize("rule", DocumentRule)
def test_each_rule_of_documents_has_a_guide(rule):
    text = explain(rule.value, None)
    assert text.startswith(f"# {rule}: {rule.name.replace('_', ' ').lower()}\n\n{rule.says.replace('``', '`')}\n\n## ")
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


def test_the_ids_of_rules_are_in_order_and_each_has_a_text():
    assert list(rule_ids()) == sorted(
        {*(rule for rules in GUIDED for rule in rules), *LintRule, *(load_kind(kind).rule for kind in KINDS)}
    )
    assert all(rule_text(rule) for rule in rule_ids())
    assert rule_text("CVN999") is None


def test_no_text_of_a_rule_has_a_relative_link():
    """It is read on a terminal too, where a relative link leads nowhere."""
    for name in (*KINDS, *rule_ids()):
        assert [link.target for link in parse(explain(name, None), name).links if "://" not in link.target] == []


def test_the_rows_that_a_metric_picks_are_told(tmp_path):
    source = "{dataset: data, column: v, where: {name: [a]}}"
    metric = f'own: {{role: cost, type: counter, unit: "1", source: {source}, owner: "@me"}}'
    check = "{id: c, measure: {statistic: sum, metric: own, where: {side: [buy]}, window: run}, warn_if: '> 1'}"
    metrics = METRICS.replace("metrics:\n", f"metrics:\n        {metric}\n")
    text = explain("p/c", loaded(tmp_path, EVENTS, metrics, checks(check)))
    assert "Sum of own where name is a and side is buy over every row." in text


def test_a_policy_says_which_of_its_metrics_are_planned(tmp_path):
    planned = METRICS.replace("role: cost", "status: planned, role: cost")
    line = "Planned, and not emitted yet: size."
    assert line in explain("metrics", loaded(tmp_path, EVENTS, planned))
    assert "Planned" not in explain("metrics", loaded(tmp_path, EVENTS, METRICS))


@pytest.mark.parametrize(
    ("check", "parts"),
    [
        (f'{{id: c, {MEAN}, warn_if: "> 1"}}', ["Mean of a over the last 14 d.", "Warns when it is above 1."]),
        (f'{{id: c, {MEAN}, pass_if: ">= 50"}}', ["Passes when it is at least 50."]),
        (
            f'{{id: c, {MEAN}, warn_if: "> 1", crit_if: "> 2", severity: {{warn: P3, crit: P1}}}}',
            ["Warns when it is above 1 (P3).", "Fails when it is above 2 (P1)."],
        ),
        (f'{{id: c, {MEAN}, every: 1d, for: 2d, warn_if: "> 1"}}', ["Every 1 d:", "at every instant of 2 d"]),
        (f'{{id: c, {MEAN}, by: {{s: five}}, pass_if: "> 1"}}', ["each s (A, B, C, D, E)", "for all of the groups"]),
        (f'{{id: c, {MEAN}, by: {{s: five}}, warn_if: "> 1"}}', ["each group by itself"]),
        (f'{{id: c, {MEAN}, by: {{s: five}}, groups: ">= 4", pass_if: "> 1"}}', ["at least 4"]),
        (f'{{id: c, {MEAN}, by: {{s: five}}, groups: {{s: ">= 4"}}, pass_if: "> 1"}}', ["at least 4"]),
        (f'{{id: c, {MEAN}, min_samples: 50, warn_if: "> 1"}}', ["Fewer than 50 samples are inconclusive."]),
        (f'{{id: c, {MEAN}, min_coverage: 0.9, warn_if: "> 1"}}', ["less than 90% full is inconclusive"]),
        (f'{{id: c, {MEAN}, on_unknown: fail, warn_if: "> 1"}}', ["What cannot be decided fails."]),
        (f'{{id: c, {MEAN}, on_unknown: pass, because: it is new, warn_if: "> 1"}}', ["because it is new"]),
        (f'{{id: c, {MEAN}, because: of ADR-14, warn_if: "> 1"}}', ["of ADR-14"]),
        (f'{{id: c, {MEAN}, active_from: T+7d, warn_if: "> 1"}}', ["Active from 2026-06-08 00:00 UTC (T+7d)."]),
        (
            f"{{id: c, {MEAN}, every: 1d, severity: P3, {RISES}, warn_if: '> 1'}}",
            ["Rises to P2 after 7 d", "Rises to P1 from T+14d."],
        ),
        (f'{{id: c, {MEAN}, action: refit, requirement: RBF-08, warn_if: "> 1"}}', ["Then: refit.", "From: RBF-08."]),
        (f'{{id: c, only_if: {{fact: x, is: [real]}}, {MEAN}, warn_if: "> 1"}}', ["Applies only if x is real."]),
        (
            '{id: c, crit_if: {not: {all: [{fact: x, is: [a, b]}, {fact: x, age: "> 1h"}]}}}',
            ["Looks at other answers.", "not (x is a or b and x was attested"],
        ),
        ('{id: c, crit_if: {fact: x, where: {s: [open]}, count: "> 2"}}', ["the number of x with s open is above 2"]),
        (
            f"{{id: c, {MEAN.replace('window: 14d', 'where: {side: [buy, sell]}, window: run')}, warn_if: '> 1'}}",
            ["where side is buy, sell", "over every row"],
        ),
        (f'{{id: c, {MEAN}, pass_if: "unset", because: none is given}}', ["until somebody writes one"]),
    ],
)  # fmt: skip
def test_a_check_in_plain_english(tmp_path, check, parts):
    text = said(tmp_path, check, spec="facts: {x: {}}")
    assert text.startswith("p/c  (policies/all.yaml:")
    for part in parts:
        assert part in text


def test_baselines_are_spelt_out(tmp_path):
    before = "{window: 28d, where: {release: [old]}, sign: positive}"
    spec = f"baselines: {{before: {before}, frozen: {{value: 0.41, source: dossier 5}}}}"
    text = said(tmp_path, f'{{id: c, {MEAN}, warn_if: "> 2 * before and > frozen"}}', spec)
    assert "frozen is 0.41, from dossier 5." in text
    assert "before is the same where release is old over 28 d." in text


def test_a_second_sample_is_spelt_out(tmp_path):
    ks = "measure: {statistic: ks_pvalue, dataset: data, columns: [a], reference: training, window: 7d}"
    text = said(tmp_path, f'{{id: c, {ks}, warn_if: "< 0.01"}}', "baselines: {training: {dataset: other}}")
    assert "KS p-value of a against training over the last 7 d." in text
    assert "training is the same with dataset other" in text


def test_a_baseline_of_a_contract_is_spelt_out(tmp_path):
    check = f'{{id: c, {MEAN}, warn_if: "> 2 * all"}}'
    text = said(tmp_path, check, "baselines: {all: {columns: {contract: features}}}")
    assert "all is the same with columns of contract features." in text


@pytest.mark.parametrize(
    ("match", "measured", "fields"),
    [
        (
            "{event: done, after: 24h, same: [key]}",
            "Events of work where model is a without done at most 24 h after, over the last 30 d.",
            "Both must have the same key; exactly 24 h still counts.",
        ),
        (
            "{event: done, before: 7d, same: [key, model]}",
            "Events of work where model is a without done at most 7 d before, over the last 30 d.",
            "Both must have the same key and model; exactly 7 d still counts.",
        ),
    ],
)
def test_what_an_event_lacks_is_spelt_out(tmp_path, match, measured, fields):
    measure = f"measure: {{statistic: unmatched, event: work, where: {{model: [a]}}, match: {match}, window: 30d}}"
    events = EVENTS.replace("done: {fields: {key: str", "done: {fields: {model: str, key: str")
    text = explain("p/c", loaded(tmp_path, events, checks(f"{{id: c, {measure}, pass_if: '== 0'}}")))
    assert lines(text)[1:4] == [measured, fields, "Passes when it is equal to 0."]


def test_many_members_are_cut(tmp_path):
    members = ", ".join(f"m{number}" for number in range(50))
    text = said(tmp_path, f'{{id: c, {MEAN}, by: {{s: [{members}]}}, warn_if: "> 1"}}')
    assert "m0, m1, m2, m3, m4 and 45 more" in text


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines()]


def test_a_policy_is_its_head_and_all_its_checks(tmp_path):
    one = f'{{id: %s, {MEAN}, warn_if: "> 1"}}'
    policies = loaded(tmp_path, EVENTS, checks(one % "a", one % "b"), checks(one % "z", name="q"))
    text = explain("p", policies)
    assert text == explain("p/*", policies)
    titles = [line.split(" ")[0] for line in text.splitlines() if line and not line.startswith(" ")]
    assert titles == ["p", "p/a", "p/b"]
    assert lines(text)[1:3] == ["DriftPolicy of @me: Title.", "A fail blocks."]
    assert text.count("A fail blocks.") == 1
    assert lines(explain("p/a", policies))[-1] == "A fail blocks."


def test_a_policy_without_checks_says_so(tmp_path):
    policies = loaded(tmp_path, EVENTS)
    assert lines(explain("catalog", policies))[1:] == [
        "EventCatalog of @me: Events.",
        "It declares names for other documents and has no checks of its own.",
    ]
    assert explain("catalog", policies) == explain("catalog/*", policies)


@pytest.mark.parametrize(
    ("enforcement", "said"),
    [
        ("{mode: block}", "A fail blocks."),
        ("{mode: advise}", "Advice only: nothing of it blocks."),
        (
            "{mode: advise, block_from: 2026-05-15T00:00:00Z}",
            "Advice only until 2026-05-15 00:00 UTC; from then on a fail blocks.",
        ),
        (
            "{mode: advise, review_by: 2026-05-15T00:00:00Z}",
            "Advice only: nothing of it blocks. @me reviews that by 2026-05-15 00:00 UTC; from then on each run warns.",
        ),
    ],
)
def test_enforcement_is_said(tmp_path, enforcement, said):
    check = f'{{id: c, {MEAN}, warn_if: "> 1"}}'
    policies = loaded(tmp_path, checks(check, head=f"enforcement: {enforcement}"))
    assert said in lines(explain("p/c", policies))
    assert lines(explain("p", policies)).count(said) == 1


def test_waivers_are_said_of_the_check_that_they_excuse(tmp_path):
    one = f'{{id: %s, {MEAN}, by: {{s: five, t: [x]}}, warn_if: "> 1"}}'
    rest = 'approved_by: "@you", expires: 2026-06-11T00:00:00Z'
    head = f"""
        waivers:
          - {{check: a, reason: outage of the exchange., {rest}}}
          - {{check: b, group: {{s: A, t: x}}, reason: see 41, {rest}}}
        """
    policies = loaded(tmp_path, checks(one % "a", one % "b", one % "c", head=head))
    until = "by @you until 2026-06-11 00:00 UTC"
    assert f"Waived {until}: outage of the exchange." in lines(explain("p/a", policies))
    assert f"Waived for s A and t x {until}: see 41." in lines(explain("p/b", policies))
    assert "Waived" not in explain("p/c", policies)
    assert explain("p", policies).count("Waived") == 2


ALERTS = """
    apiVersion: cvnpolicy/v1
    kind: AlertPolicy
    metadata: {name: alerts, title: Alerts, owner: "@me"}
    spec:
      routes: {P1: pager, P2: chat, P3: chat}
      inhibit:
        - {when: loud, silences: [quiet]}
        - {when: other, silences: [quiet, meek, mild]}
      alerts:
    """


def test_who_is_told_and_which_alert_speaks_for_which(tmp_path):
    severities = {
        "loud": "severity: {warn: P3, crit: P1}",
        "other": "severity: P2",
        "quiet": "severity: P3, every: 1d, escalate: [{after: 1d, to: P2}]",
        "meek": "severity: P3",
        "mild": "severity: P1",
    }
    crit = {"loud": ', crit_if: "> 2"'}
    written = [
        f'        - {{id: {name}, {MEAN}, {severity}, warn_if: "> 1"{crit.get(name, "")}}}'
        for name, severity in severities.items()
    ]
    policies = loaded(tmp_path, ALERTS.rstrip(" ") + "\n".join(written) + "\n")

    def beyond(name: str) -> list[str]:
        return [line for line in lines(explain(f"alerts/{name}", policies)) if "Tells" in line or "routed" in line]

    quieter = "fires at least as urgently for the same groups; its outcome stays."
    assert beyond("loud") == ["Tells pager at P1, chat at P3.", "While it fires, quiet is not routed."]
    assert beyond("other") == ["Tells chat at P2.", "While it fires, quiet, meek and mild are not routed."]
    assert beyond("quiet") == [
        "Tells chat at P2 and P3.",
        f"Not routed while loud {quieter}",
        f"Not routed while other {quieter}",
    ]
    assert beyond("mild") == ["Tells pager at P1.", f"Not routed while other {quieter}"]
    assert lines(explain("alerts", policies))[3] == "Tells pager at P1, chat at P2 and P3."


KINDS_LISTED = ", ".join(sorted(KINDS))


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("p/d", "did you mean 'p/c'?"),
        ("q/c", "did you mean 'p/c'?"),
        ("DriftPolcy", "did you mean 'DriftPolicy'?"),
        ("ks_pvalu", "did you mean 'ks_pvalue'?"),
        ("CVN20", "docs/reference/rules.md lists the rules"),
        ("cvn999", "docs/reference/rules.md lists the rules"),
        ("cvn-levels", "expected one of"),
        ("zzzzzzzzz", "expected one of"),
    ],
)
def test_what_nothing_is_called(tmp_path, name, right):
    policies = loaded(tmp_path, checks(f'{{id: c, {MEAN}, warn_if: "> 1"}}'))
    with pytest.raises(UsageError) as raised:
        explain(name, policies)
    assert f"nothing is called '{name}': {right}" in str(raised.value)


def test_what_is_like_nothing_gets_the_policies_and_kinds_and_no_numbers_of_rules(tmp_path):
    one = f'{{id: c, {MEAN}, warn_if: "> 1"}}'
    with pytest.raises(UsageError) as raised:
        explain("zzzzzzzzz", loaded(tmp_path, checks(one)))
    assert str(raised.value) == f"nothing is called 'zzzzzzzzz': expected one of p, p/c, or of {KINDS_LISTED}"
    with pytest.raises(UsageError) as raised:
        explain("zzzzzzzzz", None)
    assert str(raised.value) == f"nothing is called 'zzzzzzzzz': expected one of {KINDS_LISTED}"


def test_what_the_repository_has_comes_before_what_every_repository_has(tmp_path):
    one = f'{{id: c, {MEAN}, warn_if: "> 1"}}'
    policies = loaded(tmp_path, checks(one, name="coverages"), checks(one, name="cvn00"))
    for name, right in (("coverag", "coverages"), ("cvn0", "cvn00")):
        with pytest.raises(UsageError, match=f"did you mean '{right}'"):
            explain(name, policies)
    with pytest.raises(UsageError, match="did you mean 'coverage'"):
        explain("coverag", None)


@pytest.mark.parametrize(("name", "same"), [("cvn008", "CVN008"), ("Cvn201", "CVN201"), ("driftpolicy", "DriftPolicy")])
def test_kinds_and_rules_are_found_in_any_case(tmp_path, name, same):
    assert explain(name, None) == explain(same, loaded(tmp_path, EVENTS))


def test_a_statistic_is_explained():
    assert explain("psi", None) == explain("PSI", None) == statistic_text("psi")
    assert explain("p73", None) == explain("p50", None)
    assert explain("p73", None).startswith("## p50 to p99\n")
    with pytest.raises(UsageError):
        explain("p49", None)


def test_a_policy_that_is_called_like_a_statistic_is_found_by_all_its_checks(tmp_path):
    policies = loaded(tmp_path, checks(f'{{id: c, {MEAN}, warn_if: "> 1"}}', name="coverage"))
    assert explain("coverage", policies) == statistic_text("coverage")
    assert explain("coverage/*", policies).startswith("coverage  (policies/all.yaml:")
    assert explain("coverage/c", policies).startswith("coverage/c  (policies/all.yaml:")


def test_every_check_of_every_shape_can_be_explained(tmp_path):
    """No statistic and no key is forgotten: each of these must simply be said."""
    measures = [
        "{statistic: count, event: work, window: 24h}",
        "{statistic: rate, event: work, params: {per: 1h}, window: 24h}",
        "{statistic: ratio, event: work, total: {event: beat}, window: 24h}",
        "{statistic: unmatched, event: work, match: {event: done, after: 24h, same: [key]}, window: 24h}",
        "{statistic: unmatched, event: work, match: {event: done, before: 24h, same: [key]}, window: 24h}",
        "{statistic: coverage, dataset: data, expect: {s: five}, window: run}",
        "{statistic: last, metric: score, window: 1h}",
        "{statistic: f1, dataset: data, columns: [t, p], window: run}",
        "{statistic: mean, dataset: data, columns: [a], over: [fold], window: run}",
    ]
    written = [f"{{id: c{n}, measure: {measure}, crit_if: '> 0.5'}}" for n, measure in enumerate(measures)]
    text = explain("p", loaded(tmp_path, EVENTS, METRICS, checks(*written)))
    assert text.count("Fails when it is above 0.5") == len(measures)
    assert "{" not in text
    assert "None" not in text
