"""Trees of answers in three values: Kleene's tables, quantifiers of leaves, facts and their trustworthiness."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from cvnpolicy.core.evidence import Answer, Unavailable
from cvnpolicy.core.finding import Finding, Outcome, Scalar
from cvnpolicy.core.kind import PolicySet
from cvnpolicy.engine.run import run
from tests.support.policies import (
    Answers,
    Asked,
    along,
    by_column,
    by_instant,
    checks,
    fact,
    loaded,
    named,
    single,
)

T, F, U = "true", "false", "unknown"
YES, NO = True, False
VALUES: dict[str, Answer] = {T: fact(YES), F: fact(NO), U: Unavailable("down")}
OUTCOMES = {T: Outcome.FAIL, F: Outcome.PASS, U: Outcome.ERROR}
"""Of a check whose crit_if is the tree."""


def leaf(name: str) -> str:
    return f"{{fact: {name}, is: [true]}}"


def outcome_of(tmp_path: Path, tree: str, answers: dict[str, Answer], facts: str = "a: {}, b: {}, c: {}") -> Finding:
    policies = loaded(tmp_path, checks(f"{{id: t, crit_if: {tree}}}", spec=f"facts: {{{facts}}}"))
    (finding,) = run(policies, Asked(Answers(by_column(answers))))
    return finding


KLEENE = [
    (T, T, T, T),
    (T, F, F, T),
    (T, U, U, T),
    (F, T, F, T),
    (F, F, F, F),
    (F, U, F, U),
    (U, T, U, T),
    (U, F, F, U),
    (U, U, U, U),
]


@pytest.mark.parametrize(("left", "right", "both", "either"), KLEENE)
def test_all_and_any_are_kleenes(tmp_path, left, right, both, either):
    answers = {"a": VALUES[left], "b": VALUES[right]}
    branches = f"[{leaf('a')}, {leaf('b')}]"
    assert outcome_of(tmp_path, f"{{all: {branches}}}", answers).outcome is OUTCOMES[both]
    assert outcome_of(tmp_path, f"{{any: {branches}}}", answers).outcome is OUTCOMES[either]


@pytest.mark.parametrize(("value", "negated"), [(T, F), (F, T), (U, U)])
def test_not(tmp_path, value, negated):
    answers = {"a": VALUES[value]}
    assert outcome_of(tmp_path, f"{{not: {leaf('a')}}}", answers).outcome is OUTCOMES[negated]
    assert outcome_of(tmp_path, f"{{not: {{not: {leaf('a')}}}}}", answers).outcome is OUTCOMES[value]


def test_a_nested_tree(tmp_path):
    tree = f"{{any: [{{all: [{leaf('a')}, {{not: {leaf('b')}}}]}}, {leaf('c')}]}}"
    assert outcome_of(tmp_path, tree, {"a": VALUES[T], "b": VALUES[F], "c": VALUES[U]}).outcome is Outcome.FAIL
    found = outcome_of(tmp_path, tree, {"a": VALUES[T], "b": VALUES[U], "c": VALUES[F]})
    assert found.outcome is Outcome.ERROR
    assert "fact b: down" in found.message


def test_only_what_left_it_open_is_told(tmp_path):
    """The unknown branch of an `any` that is true did not matter."""
    found = outcome_of(tmp_path, f"{{any: [{leaf('a')}, {leaf('b')}]}}", {"a": VALUES[T], "b": VALUES[U]})
    assert "down" not in found.message
    assert found.hint == ""


def test_pass_if_and_warn_if_take_trees_too(tmp_path):
    policies = loaded(
        tmp_path,
        checks(f"{{id: g, pass_if: {leaf('a')}}}", f"{{id: w, warn_if: {leaf('a')}}}", spec="facts: {a: {}}"),
    )
    for value, good, warned in (
        (T, Outcome.PASS, Outcome.WARN),
        (F, Outcome.FAIL, Outcome.PASS),
        (U, Outcome.ERROR, Outcome.ERROR),
    ):
        findings = run(policies, Asked(Answers(by_column({"a": VALUES[value]}))))
        assert (named(findings, "p/g").outcome, named(findings, "p/w").outcome) == (good, warned)


# --- leaves about checks

ONE = '{id: one, measure: {statistic: mean, dataset: data, columns: [a], window: 24h}, warn_if: "> 1", crit_if: "> 2"}'
MANY = (
    "{id: many, measure: {statistic: mean, dataset: data, columns: [m], window: 24h}, by: {symbol: five},"
    ' warn_if: "> 1", crit_if: "> 2"}'
)
PASSES, WARNS, FAILS, NO_DATA, ERRS = 0, 1.5, 3, None, Unavailable("down")


def about(
    tmp_path: Path,
    tree: str,
    one: float | Answer | None = PASSES,
    many: Mapping[Scalar, float | int | None] | None = None,
) -> Finding:
    policies = loaded(tmp_path, checks(ONE, MANY, f"{{id: t, crit_if: {tree}}}"))
    a = one if isinstance(one, Unavailable) else single(one)  # type: ignore[arg-type]
    answers = {"a": a, "m": along("symbol", many if many is not None else dict.fromkeys("ABCDE", 0))}
    return named(run(policies, Asked(Answers(by_column(answers)))), "p/t")


@pytest.mark.parametrize(
    ("one", "wanted", "outcome"),
    [
        (PASSES, "[fail]", Outcome.PASS),
        (WARNS, "[fail]", Outcome.PASS),
        (FAILS, "[fail]", Outcome.FAIL),
        (WARNS, "[warn, fail]", Outcome.FAIL),
        (PASSES, "[pass]", Outcome.FAIL),
        (NO_DATA, "[fail]", Outcome.NO_DATA),
        (ERRS, "[fail]", Outcome.ERROR),
        (ERRS, "[pass]", Outcome.ERROR),
        (NO_DATA, "[no_data]", Outcome.FAIL),  # asked for, so known
        (ERRS, "[error, no_data]", Outcome.FAIL),
        (PASSES, "[error]", Outcome.PASS),
    ],
)
def test_a_leaf_is_true_where_the_outcome_is_asked_for(tmp_path, one, wanted, outcome):
    assert about(tmp_path, f"{{check: one, is: {wanted}}}", one).outcome is outcome


GOOD4 = {"A": PASSES, "B": PASSES, "C": PASSES, "D": PASSES}


@pytest.mark.parametrize(
    ("leaf", "many", "outcome"),
    [
        ("{check: many, is: [fail]}", {**GOOD4, "E": FAILS}, Outcome.FAIL),  # bad: any
        ("{check: many, is: [warn, fail]}", {**GOOD4, "E": PASSES}, Outcome.PASS),
        ("{check: many, is: [pass]}", {**GOOD4, "E": PASSES}, Outcome.FAIL),  # good: all
        ("{check: many, is: [pass]}", {**GOOD4, "E": FAILS}, Outcome.PASS),
        ("{check: many, is: [pass, not_applicable, skipped]}", {**GOOD4, "E": WARNS}, Outcome.PASS),
        ("{check: many, is: [pass, warn]}", {**GOOD4, "E": FAILS}, Outcome.FAIL),  # something bad: any
        ("{check: many, is: [pass]}", GOOD4, Outcome.NO_DATA),  # E never reported
        ("{check: many, is: [fail]}", GOOD4, Outcome.NO_DATA),
        ("{check: many, is: [fail]}", {"A": FAILS}, Outcome.FAIL),
        ("{check: many, is: [pass], groups: any}", {"A": PASSES}, Outcome.FAIL),
        ("{check: many, is: [fail], groups: all}", {**GOOD4, "E": FAILS}, Outcome.PASS),
        ("{check: many, is: [warn], groups: '>= 2'}", {**GOOD4, "D": WARNS, "E": WARNS}, Outcome.FAIL),
        (
            "{check: many, is: [warn], groups: '>= 2'}",
            {"A": WARNS, "B": PASSES, "C": PASSES, "D": PASSES},
            Outcome.NO_DATA,
        ),
        (
            "{check: many, is: [warn], groups: '>= 3'}",
            {"A": WARNS, "B": PASSES, "C": PASSES, "D": PASSES},
            Outcome.PASS,
        ),
    ],
)
def test_how_many_groups_a_leaf_means(tmp_path, leaf, many, outcome):
    assert about(tmp_path, leaf, many=many).outcome is outcome


def test_a_wildcard_looks_at_all_others_but_not_at_itself(tmp_path):
    assert about(tmp_path, '{check: "*", is: [pass]}', FAILS).outcome is Outcome.PASS
    assert about(tmp_path, '{check: "*", is: [pass]}', PASSES).outcome is Outcome.FAIL
    assert about(tmp_path, '{check: "*", is: [fail]}', PASSES).outcome is Outcome.PASS
    assert about(tmp_path, "{check: p/*, is: [fail]}", FAILS).outcome is Outcome.FAIL


def test_a_check_of_another_policy(tmp_path):
    policies = loaded(tmp_path, checks(ONE, name="q"), checks("{id: t, crit_if: {check: q/one, is: [fail]}}"))
    findings = run(policies, Asked(Answers(by_column({"a": single(FAILS)}))))
    assert named(findings, "p/t").outcome is Outcome.FAIL


def test_a_check_that_does_not_apply_is_neither_good_nor_bad(tmp_path):
    late = ONE.replace("{id: one,", "{id: one, active_from: T+30d,")
    for wanted, outcome in (("[pass]", Outcome.PASS), ("[fail]", Outcome.PASS), ("[not_applicable]", Outcome.FAIL)):
        policies = loaded(tmp_path, checks(late, f"{{id: t, crit_if: {{check: one, is: {wanted}}}}}"))
        findings = run(policies, Asked(Answers(by_column({"a": single(FAILS)}))))
        assert named(findings, "p/t").outcome is outcome
        assert named(findings, "p/one").outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("severity", "one", "outcome"),
    [
        ("[P1]", FAILS, Outcome.FAIL),
        ("[P3]", FAILS, Outcome.PASS),
        ("[P1]", WARNS, Outcome.PASS),
        ("[P1, P3]", WARNS, Outcome.FAIL),
        ("[P1]", NO_DATA, Outcome.NO_DATA),  # it could have been one
    ],
)
def test_only_findings_of_a_severity(tmp_path, severity, one, outcome):
    urgent = ONE.replace("{id: one,", "{id: one, severity: {warn: P3, crit: P1},")
    tree = f"{{check: one, is: [warn, fail], severity: {severity}}}"
    policies = loaded(tmp_path, checks(urgent, f"{{id: t, crit_if: {tree}}}"))
    findings = run(policies, Asked(Answers(by_column({"a": single(one)}))))
    assert named(findings, "p/t").outcome is outcome


EVERY = '{id: one, measure: {statistic: mean, dataset: data, columns: [a], window: 24h}, every: 1d, crit_if: "> 2"}'


@pytest.mark.parametrize(
    ("days", "outcome"),
    [
        ({"08": 3, "07": 3, "06": 3}, Outcome.FAIL),
        ({"08": 3, "07": 3, "06": 0}, Outcome.PASS),
        ({"08": 0, "07": 3, "06": 3}, Outcome.PASS),
        ({"08": 3, "07": single(None), "06": 3}, Outcome.NO_DATA),
        ({"08": 3, "07": single(None), "06": 0}, Outcome.PASS),
        ({"08": 3, "07": 3}, Outcome.ERROR),
    ],
)
def test_a_leaf_over_a_while_is_true_at_every_instant_of_the_closed_interval(tmp_path, days, outcome):
    policies = loaded(tmp_path, checks(EVERY, "{id: t, crit_if: {check: one, is: [fail], for: 2d}}"))
    answers = Answers(by_instant(days))
    assert named(run(policies, Asked(answers)), "p/t").outcome is outcome
    assert len(set(answers.asked)) == 3


def test_a_time_before_a_check_applied_does_not_hide_its_groups(tmp_path):
    """At the older instant there is one answer for all groups, today one a group: none of them may get lost."""
    late = EVERY.replace("every: 1d,", "every: 1d, by: {symbol: [A, B]}, active_from: T+7d,")  # from the 8th on
    tree = "{check: one, is: [pass, not_applicable], for: 1d}"
    policies = loaded(tmp_path, checks(late, f"{{id: t, pass_if: {tree}}}"))
    for b, outcome in ((PASSES, Outcome.PASS), (FAILS, Outcome.FAIL)):
        answers = by_column({"a": along("symbol", {"A": PASSES, "B": b})})
        assert named(run(policies, Asked(Answers(answers))), "p/t").outcome is outcome


# --- leaves about facts


def fact_leaf(tmp_path: Path, leaf: str, answer: Answer, declared: str = "{}") -> Finding:
    return outcome_of(tmp_path, leaf, {"x": answer}, f"x: {declared}")


IS_LIVE = "{fact: x, is: [live, 1]}"


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (fact("live"), Outcome.FAIL),
        (fact("absent"), Outcome.PASS),
        (fact(1), Outcome.FAIL),
        (fact(1.0), Outcome.FAIL),
        (fact(YES), Outcome.PASS),  # true is not 1
        (fact("1"), Outcome.PASS),
        (fact(), Outcome.NO_DATA),
        (single(1), Outcome.ERROR),
        (Unavailable("no file", "write it"), Outcome.ERROR),
    ],
)
def test_the_value_of_a_fact(tmp_path, answer, outcome):
    assert fact_leaf(tmp_path, IS_LIVE, answer).outcome is outcome


def test_a_fact_that_cannot_be_asked_says_what_would_mend_it(tmp_path):
    found = fact_leaf(tmp_path, IS_LIVE, Unavailable("no file", "write it"))
    assert "fact x: no file" in found.message
    assert found.hint == "write it"


def test_a_fact_can_count_as_something_when_it_cannot_be_asked(tmp_path):
    down = Unavailable("down")
    assert fact_leaf(tmp_path, IS_LIVE, down, "{unavailable: live}").outcome is Outcome.FAIL
    assert fact_leaf(tmp_path, IS_LIVE, down, "{unavailable: absent}").outcome is Outcome.PASS
    assert fact_leaf(tmp_path, IS_LIVE, down, "{unavailable: true}").outcome is Outcome.PASS  # true is not 1
    for leaf in ('{fact: x, count: "== 0"}', '{fact: x, age: "> 1h"}'):
        assert fact_leaf(tmp_path, leaf, down, "{unavailable: live}").outcome is Outcome.ERROR


@pytest.mark.parametrize(
    ("declared", "answer", "outcome", "says"),
    [
        ('{attested_by: ["@a", "@b"]}', fact("live", by="@b"), Outcome.FAIL, ""),
        ('{attested_by: ["@a", "@b"]}', fact("live", by="@c"), Outcome.INCONCLUSIVE, "attested by @c"),
        ('{attested_by: ["@a"]}', fact("live"), Outcome.INCONCLUSIVE, "attested by nobody"),
        ("{fresh_for: 24h}", fact("live", at="2026-06-07T00:00:00Z"), Outcome.FAIL, ""),  # exactly that long
        ("{fresh_for: 24h}", fact("live", at="2026-06-06T23:59:59.999999Z"), Outcome.INCONCLUSIVE, "longer than 24h"),
        ("{fresh_for: 24h}", fact("live"), Outcome.INCONCLUSIVE, "does not say when"),
        ("{}", fact("live", at="2026-06-08T00:00:00Z"), Outcome.FAIL, ""),
        ("{}", fact("live", at="2026-06-08T00:00:00.000001Z"), Outcome.INCONCLUSIVE, "after the instant asked about"),
        ("{values: [live, absent, 1]}", fact("live"), Outcome.FAIL, ""),
        ("{values: [live, absent, 1]}", fact("gone"), Outcome.ERROR, "fact x is 'gone'"),
        ("{values: [live, absent, 1]}", fact(YES), Outcome.ERROR, "fact x is"),
    ],
)
def test_whose_word_counts_and_for_how_long(tmp_path, declared, answer, outcome, says):
    found = fact_leaf(tmp_path, IS_LIVE, answer, declared)
    assert found.outcome is outcome
    assert says in found.message


CLOSED, OPEN, BARE = {"status": "Closed"}, {"status": "Open"}, {"id": 1}
NONE_CLOSED = '{fact: x, where: {status: [Closed]}, count: "== 0"}'


@pytest.mark.parametrize(
    ("items", "outcome"),
    [
        ([], Outcome.FAIL),
        ([OPEN], Outcome.FAIL),
        ([OPEN, CLOSED], Outcome.PASS),
        ([OPEN, BARE], Outcome.INCONCLUSIVE),  # it may be closed
        ([CLOSED, BARE], Outcome.PASS),
    ],
)
def test_counting_items(tmp_path, items, outcome):
    assert fact_leaf(tmp_path, NONE_CLOSED, fact(items=items)).outcome is outcome


def test_items_are_told_apart_by_type_too(tmp_path):
    leaf = '{fact: x, where: {done: [1]}, count: ">= 1"}'
    assert fact_leaf(tmp_path, leaf, fact(items=[{"done": True}])).outcome is Outcome.PASS
    assert fact_leaf(tmp_path, leaf, fact(items=[{"done": 1}])).outcome is Outcome.FAIL


def test_all_fields_of_an_item_must_match(tmp_path):
    leaf = '{fact: x, where: {status: [Closed, Done], kind: [task]}, count: "== 1"}'
    items = [{"status": "Done", "kind": "task"}, {"status": "Done", "kind": "epic"}, {"status": "Open", "kind": "task"}]
    assert fact_leaf(tmp_path, leaf, fact(items=items)).outcome is Outcome.FAIL
    assert fact_leaf(tmp_path, '{fact: x, count: "== 3"}', fact(items=items)).outcome is Outcome.FAIL


def test_a_value_cannot_be_counted(tmp_path):
    assert fact_leaf(tmp_path, NONE_CLOSED, fact("live")).outcome is Outcome.NO_DATA


@pytest.mark.parametrize(
    ("at", "outcome"),
    [
        ("2026-06-07T00:00:00Z", Outcome.PASS),  # 24 h, and not more
        ("2026-06-06T23:59:59.999Z", Outcome.FAIL),
        ("2026-06-08T00:00:00Z", Outcome.PASS),
        ("2026-06-09T00:00:00Z", Outcome.INCONCLUSIVE),
    ],
)
def test_the_age_of_a_fact(tmp_path, at, outcome):
    assert fact_leaf(tmp_path, '{fact: x, age: "> 24h"}', fact("live", at=at)).outcome is outcome


def test_a_fact_of_no_date_has_no_age(tmp_path):
    found = fact_leaf(tmp_path, '{fact: x, age: "> 24h"}', fact("live"))
    assert found.outcome is Outcome.INCONCLUSIVE
    assert found.hint == "add at:"


def test_a_fact_is_asked_from_its_source(tmp_path):
    policies: PolicySet = loaded(
        tmp_path,
        checks(
            "{id: t, crit_if: {any: [{fact: x, is: [a]}, {fact: y, is: [a]}]}}",
            spec="facts: {x: {}, y: {source: console}}",
        ),
    )
    answers = Answers(by_column({"x": fact("b"), "y": fact("b")}))
    run(policies, Asked(answers))
    assert [(need.name, need.source) for need in dict.fromkeys(answers.asked)] == [("x", "facts"), ("y", "console")]  # type: ignore[union-attr]
