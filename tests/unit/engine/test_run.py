"""Planning and judging: the same questions, each once; and a defect in one judge that does not silence the others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from cvnpolicy.core.evidence import (
    Answer,
    Evidence,
    FactNeed,
    FactReading,
    MeasureNeed,
    Need,
    Reading,
    Readings,
    Unavailable,
)
from cvnpolicy.core.finding import UNDECIDED, Finding, Outcome
from cvnpolicy.core.kind import PolicySet, Results, Setting
from cvnpolicy.core.policy import Policy
from cvnpolicy.core.rules import DocumentRule
from cvnpolicy.engine.decide import decide
from cvnpolicy.engine.plan import plan
from cvnpolicy.engine.run import run
from tests.support.policies import AT, EVENTS, METRICS, Answers, Asked, checks, fact, loaded, problems, single

MEASURES = (
    "{statistic: mean, dataset: data, columns: [a], window: 24h}",
    "{statistic: p95, dataset: data, columns: [a], window: run}",
    "{statistic: ks_pvalue, dataset: data, columns: [b], reference: training, window: 7d}",
    "{statistic: count, event: work, window: 24h}",
    "{statistic: ratio, event: work, total: {event: beat}, window: 24h}",
)
LEAVES = (
    "{check: c0, is: [fail]}",
    "{check: c1, is: [pass], groups: '>= 1'}",
    "{check: q/c0, is: [warn, fail], severity: [P1]}",
    "{fact: mode, is: [real]}",
    "{fact: mode, age: '> 1h'}",
    "{fact: children, where: {s: [x]}, count: '== 0'}",
)
FACTS = "facts: {mode: {unavailable: paper}, children: {fresh_for: 24h}}"
BASELINES = "baselines: {training: {dataset: other}, before: {window: 28d, sign: positive}}"


def trees() -> st.SearchStrategy[str]:
    leaf = st.sampled_from(LEAVES)
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.lists(inner, min_size=1, max_size=3).map(lambda found: f"{{all: [{', '.join(found)}]}}"),
            st.lists(inner, min_size=1, max_size=3).map(lambda found: f"{{any: [{', '.join(found)}]}}"),
            inner.map(lambda found: f"{{not: {found}}}"),
        ),
        max_leaves=4,
    )


@st.composite
def measured(draw: st.DrawFn, index: int) -> str:
    """A check of a number: any mixture of groups, cadence, history, applicability and baselines."""
    measure = draw(st.sampled_from(MEASURES))
    parts = [f"id: c{index}", f"measure: {measure}"]
    if draw(st.booleans()):
        parts.append("by: {model: [x, y]}")
    if draw(st.booleans()):
        every = "every: 1d"
        parts += draw(
            st.sampled_from([[every], [every, "for: 2d"], [every, "severity: P3", "escalate: [{after: 3d, to: P1}]"]])
        )
    parts += draw(st.sampled_from([[], ["active_from: T+3d"], ["only_if: {fact: mode, is: [real]}"]]))
    test = draw(st.sampled_from(["> 0.9", "> 2 * before", "< 0.5"]))
    parts.append(f'{draw(st.sampled_from(["warn_if", "crit_if", "pass_if"]))}: "{test}"')
    return f"{{{', '.join(parts)}}}"


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, ...]:
    """Two policies of measured checks, and one of trees about them and about facts."""
    first = checks(draw(measured(0)), draw(measured(1)), name="p", spec=f"{BASELINES}\n{FACTS}")
    shared = "facts: {}"
    second = checks(draw(measured(0)), name="q", spec=f"{BASELINES}\n{shared}")
    over = [f"{{id: t{n}, pass_if: {draw(trees())}}}" for n in range(draw(st.integers(1, 2)))]
    over = [tree.replace("check: c", "check: p/c") for tree in over]
    sustained = draw(st.sampled_from([[], ["{id: w, crit_if: {check: '*', is: [error]}}"]]))
    return EVENTS, METRICS, first, second, checks(*over, *sustained, name="t")


ANSWERS = st.sampled_from(["good", "bad", "none", "nan", "dead", "error", "odd"])


def answer_of(need: Need, mood: str) -> Answer:
    """One answer of each sort there is."""
    if isinstance(need, FactNeed):
        values: dict[str, Answer] = {
            "good": fact("real", at="2026-06-08T00:00:00Z"),
            "bad": FactReading(None, ({"s": "x"}, {}), AT, "@me"),
            "error": Unavailable("down"),
        }
        return values.get(mood, fact("paper"))
    value = {"good": 0.9, "bad": 1e6, "none": None, "nan": float("nan"), "dead": 0}.get(mood)
    if mood == "error":
        return Unavailable("down")
    if mood == "odd":
        return Readings({})
    reading = Reading(value, 100, None, mood != "dead")
    members = [(("model", name),) for name in ("x", "y")] if need.by else [()]
    return Readings(dict.fromkeys(members, reading))


def with_set(written: tuple[str, ...]) -> Iterator[PolicySet]:
    with TemporaryDirectory() as folder:
        assume(not problems(Path(folder), *written))  # chance also writes leaves that can never hold
        yield loaded(Path(folder), *written)


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(documents(), st.randoms(), st.integers(0, 3 * 86_400))
def test_judging_asks_what_was_planned_and_nothing_else(written, random, seconds):
    moods = ["good", "bad", "none", "nan", "dead", "error", "odd"]
    for policies in with_set(written):
        at = AT + timedelta(seconds=seconds)
        planned = plan(policies, at)
        assert len(set(planned)) == len(planned)  # each once
        assert planned == plan(policies, at)  # in a fixed order
        given_once: dict[Need, Answer] = {}

        def give(need: Need) -> Answer:
            return given_once.setdefault(need, answer_of(need, random.choice(moods)))  # noqa: B023

        asked = Answers(give)
        evidence = Asked(asked)
        object.__setattr__(evidence, "at", at)
        findings = run(policies, evidence)
        assert set(asked.asked) == set(planned)
        assert not [finding for finding in findings if finding.rule == DocumentRule.CRASHED]
        # What was recorded replays: evidence is a value.
        assert run(policies, Evidence(at, given_once)) == findings


@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(documents())
def test_with_nothing_answered_nothing_passes(written):
    for policies in with_set(written):
        findings = run(policies, Evidence(AT, {}))
        report = decide(policies, findings, AT)
        plain = [finding for finding in findings if finding.id.startswith(("p/", "q/"))]
        # A fact that counts as something when it cannot be asked may say that a check does not apply.
        assert {finding.outcome for finding in plain} <= UNDECIDED | {Outcome.NOT_APPLICABLE}
        if any(finding.outcome in UNDECIDED for finding in findings):
            assert report.exit_code in (1, 4)


def test_only_what_was_asked_for_is_planned(tmp_path):
    one = "{id: c, measure: {statistic: mean, dataset: data, columns: [a], window: 24h}, warn_if: '> 1'}"
    policies = loaded(tmp_path, checks(one, name="p"), checks(one.replace("[a]", "[b]"), name="q"))
    asked = policies.only(frozenset({"q"}))
    (need,) = plan(policies, AT, asked)
    assert isinstance(need, MeasureNeed)
    assert need.columns == ("b",)
    assert [finding.id for finding in run(policies, Evidence(AT, {}), asked)] == ["q/c"]


def test_a_tree_asks_for_checks_of_policies_that_were_not_asked_for(tmp_path):
    one = "{id: c, measure: {statistic: mean, dataset: data, columns: [a], window: 24h}, crit_if: '> 1'}"
    policies = loaded(tmp_path, checks(one, name="p"), checks("{id: t, crit_if: {check: p/c, is: [fail]}}", name="q"))
    asked = policies.only(frozenset({"q"}))
    assert len(plan(policies, AT, asked)) == 1
    (finding,) = run(policies, Asked(Answers(lambda _need: single(2))), asked)
    assert (finding.id, finding.outcome) == ("q/t", Outcome.FAIL)


def test_checks_that_ask_the_same_share_the_question(tmp_path):
    measure = "measure: {statistic: mean, dataset: data, columns: [a], window: 24h}"
    policies = loaded(
        tmp_path, checks(f"{{id: c, {measure}, warn_if: '> 1'}}", f"{{id: d, {measure}, crit_if: '> 2'}}")
    )
    assert len(plan(policies, AT)) == 1


def test_findings_are_sorted(tmp_path):
    measure = "{statistic: mean, dataset: data, columns: [a], window: 24h}"
    one = f"{{id: %s, measure: {measure}, by: {{s: [b, a]}}, warn_if: '> 1'}}"
    policies = loaded(tmp_path, checks(one % "z", one % "a"), checks(one % "c", name="o"))
    findings = run(policies, Evidence(AT, {}))
    assert [(finding.id, finding.group["s"]) for finding in findings] == [
        ("p/z", "a"),
        ("p/z", "b"),
        ("p/a", "a"),
        ("p/a", "b"),
        ("o/c", "a"),
        ("o/c", "b"),
    ]  # fmt: skip  in the order of the file
    assert list(findings) == sorted(findings, key=lambda finding: finding.order)


# --- defects

ONE = "{id: c, measure: {statistic: mean, dataset: data, columns: [a], window: 24h}, warn_if: '> 1'}"


class DefectError(RuntimeError):
    pass


def breaking(policies: PolicySet, name: str, **parts: Any) -> PolicySet:
    """Return the set with the kind of one policy broken."""
    pairs = tuple(
        (replace(kind, **parts) if policy.name == name else kind, policy) for kind, policy in policies.policies
    )
    return PolicySet(pairs, policies.catalog)


def raises(*_arguments: object) -> Any:
    raise DefectError("the judge fell\nover")


def partly(_policy: Policy[Any], results: Results) -> Iterator[Finding]:
    for findings in results.findings.values():
        yield from findings
    raise DefectError("too late")


@pytest.fixture
def two(tmp_path: Path) -> PolicySet:
    return loaded(tmp_path, checks(ONE, name="p"), checks(ONE, name="q"))


@pytest.mark.parametrize("judge", [raises, partly])
def test_a_judge_that_raises_gives_one_error_and_the_others_still_report(two, judge):
    broken = breaking(two, "p", judge=judge)
    findings = run(broken, Asked(Answers(lambda _need: single(0))))
    crash, *rest = findings
    assert (crash.id, crash.rule, crash.outcome) == ("p", DocumentRule.CRASHED, Outcome.ERROR)
    assert [finding.rule for finding in rest] == ["CVN201"] * len(rest)  # the crash is one finding
    assert "q/c" in [finding.id for finding in rest]
    assert "DefectError: " in crash.message
    assert "defect of cvnpolicy" in crash.hint
    assert crash.location.file == "policies/all.yaml"
    report = decide(broken, findings, AT)
    assert report.exit_code == 4


def test_every_judge_may_raise(two):
    broken = breaking(breaking(two, "p", judge=raises), "q", judge=raises)
    assert [finding.id for finding in run(broken, Evidence(AT, {}))] == ["p", "q"]


def test_a_source_that_raises_is_a_defect_of_the_check_that_asked(two):
    def give(_need: Need) -> Answer:
        raise DefectError("evidence is a value, but this one is not")

    assert {finding.rule for finding in run(two, Asked(Answers(give)))} == {DocumentRule.CRASHED}


def test_an_interrupt_is_not_a_defect(two):
    def interrupt(*_arguments: object) -> Any:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(breaking(two, "p", judge=interrupt), Evidence(AT, {}))


def needs_more(_policy: Policy[Any], _setting: Setting) -> list[Need]:
    return [FactNeed("more", "facts"), FactNeed("more", "facts")]


def test_a_kind_may_need_more_than_its_checks(two):
    planned = plan(breaking(two, "p", needs=needs_more), AT)
    assert planned.count(FactNeed("more", "facts")) == 1
    assert len(planned) == 2


def test_a_crash_in_an_advisory_policy_is_no_advice(tmp_path):
    text = checks(ONE, name="p").replace("spec:", "enforcement: {mode: advise}\nspec:", 1)
    policies = breaking(loaded(tmp_path, text), "p", judge=raises)
    report = decide(policies, run(policies, Asked(Answers(lambda _need: single(0)))), AT)
    assert (report.exit_code, report.verdict) == (4, "hold")


def test_a_judge_that_loses_a_check_is_found_out(two):
    broken = breaking(two, "p", judge=lambda _policy, _results: ())
    findings = run(broken, Asked(Answers(lambda _need: single(2))))
    assert {(finding.id, finding.outcome) for finding in findings} == {("p", Outcome.ERROR), ("q/c", Outcome.WARN)}
    assert "lost check 'c'" in next(finding.message for finding in findings if finding.id == "p")


def test_a_kind_whose_needs_fall_over_is_found_out_and_the_others_are_planned(two):
    broken = breaking(two, "p", needs=raises)
    (need,) = plan(broken, AT)  # both checks ask the same
    assert isinstance(need, MeasureNeed)
    findings = run(broken, Asked(Answers(lambda _need: single(0))))
    assert {(finding.id, finding.outcome) for finding in findings} == {("p", Outcome.ERROR), ("q/c", Outcome.PASS)}
