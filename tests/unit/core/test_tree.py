from __future__ import annotations

from typing import Any

import pytest

from cvnpolicy.core.duration import parse_duration
from cvnpolicy.core.fields import parse_quantifier
from cvnpolicy.core.finding import Outcome, Severity
from cvnpolicy.core.rules import DocumentRule
from cvnpolicy.core.tree import Tree
from tests.support.faults import faults_of, only_fault

LEAF = {"check": "a", "is": ["fail"]}
ONE_SHAPE = "a tree node needs exactly one of all, any, not, check, fact; found "


def tree(value: dict[str, Any]) -> Tree:
    return Tree.model_validate(value)


def test_a_whole_check_leaf():
    leaf = tree({"check": "p/*", "is": ["warn", "fail"], "groups": ">= 2", "for": "1h", "severity": ["P1", "P2"]})
    assert leaf.outcomes == {Outcome.WARN, Outcome.FAIL}
    assert leaf.groups == parse_quantifier(">= 2")
    assert leaf.for_ == parse_duration("1h")
    assert leaf.severity == (Severity.P1, Severity.P2)
    assert leaf.given == {"check", "is", "groups", "for", "severity"}
    assert leaf.branches() == ()


def test_leaves_come_left_to_right():
    whole = tree(
        {
            "all": [
                {"any": [{"check": "a", "is": ["pass"]}, {"not": {"check": "b", "is": ["pass"]}}]},
                {"fact": "x.y", "is": ["live"]},
            ]
        }
    )
    assert [leaf.check or leaf.fact for leaf in whole.leaves()] == ["a", "b", "x.y"]
    assert len(whole.branches()) == 2


@pytest.mark.parametrize(
    ("value", "found", "key"),
    [
        ({}, "none of them", None),
        ({"is": ["fail"]}, "none of them", None),
        ({"all": [LEAF], "any": [LEAF]}, "all and any", "any"),
        ({"not": LEAF, "check": "a", "is": ["fail"]}, "not and check", "check"),
        ({"check": "a", "fact": "b", "is": ["fail"]}, "check and fact", "fact"),
        ({"all": [LEAF], "any": [LEAF], "not": LEAF}, "all and any and not", "any"),
    ],
)
def test_a_node_has_one_shape(value, found, key):
    fault = only_fault(Tree, value)
    assert fault["what"] == ONE_SHAPE + found
    assert fault["right"] == "keep one, and nest the others below it"
    assert fault["rule"] == DocumentRule.BAD_CHECK
    assert fault.get("key") == key


@pytest.mark.parametrize(
    ("value", "extra", "branch"),
    [
        ({"all": [LEAF], "is": ["fail"]}, "is", "all"),
        ({"any": [LEAF], "groups": "any"}, "groups", "any"),
        ({"not": LEAF, "severity": ["P1"]}, "severity", "not"),
        ({**LEAF, "where": {"a": [1]}}, "where", "check"),
        ({**LEAF, "count": "> 1"}, "count", "check"),
        ({**LEAF, "age": "> 1h"}, "age", "check"),
        ({"fact": "a", "is": ["x"], "groups": "any"}, "groups", "fact"),
        ({"fact": "a", "is": ["x"], "for": "1h"}, "for", "fact"),
        ({"fact": "a", "is": ["x"], "severity": ["P1"]}, "severity", "fact"),
    ],
)
def test_each_shape_has_its_own_keys(value, extra, branch):
    assert only_fault(Tree, value) == {
        "what": f"'{extra}' does not go with '{branch}'",
        "right": "remove it",
        "rule": DocumentRule.BAD_CHECK,
        "key": extra,
    }


def test_a_check_leaf_says_which_outcomes():
    assert only_fault(Tree, {"check": "a"}) == {
        "what": "the leaf does not say which outcomes it is about",
        "right": "add is: [fail]",
        "key": "check",
    }


@pytest.mark.parametrize("word", ["failed", "Fail", "crit", "unknown", 1, True])
def test_an_outcome_is_one_of_the_eight(word):
    fault = only_fault(Tree, {"check": "a", "is": ["fail", word]})
    assert fault["what"] == f"'{word}' is not an outcome"
    assert fault["key"] == "is"
    assert all(outcome in fault["right"] for outcome in Outcome)


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_outcome_can_be_asked_for(outcome):
    assert tree({"check": "a", "is": [outcome.value]}).outcomes == {outcome}


@pytest.mark.parametrize(
    "value",
    [
        {"fact": "a"},
        {"fact": "a", "is": ["x"], "count": "> 1"},
        {"fact": "a", "is": ["x"], "age": "< 1h"},
        {"fact": "a", "count": "> 1", "age": "< 1h"},
        {"fact": "a", "where": {"s": ["x"]}},
    ],
)
def test_a_fact_leaf_asks_one_thing(value):
    fault = only_fault(Tree, value)
    assert fault["what"] == "the leaf needs exactly one of is, count, age"
    assert (fault["rule"], fault["key"]) == (DocumentRule.BAD_CHECK, "fact")


@pytest.mark.parametrize("asked", [{"is": ["x"]}, {"age": "< 1h"}])
def test_only_a_count_filters(asked):
    assert only_fault(Tree, {"fact": "a", **asked, "where": {"s": ["x"]}}) == {
        "what": "'where' only goes with 'count'",
        "right": "remove it",
        "rule": DocumentRule.BAD_CHECK,
        "key": "where",
    }


@pytest.mark.parametrize(
    "value",
    [
        {"fact": "wp149.children", "where": {"status": ["Closed"]}, "count": "== 0"},
        {"fact": "mode.execution", "is": ["real", "paper"]},
        {"fact": "signoff.ID", "age": "< 24h"},
        {"not": {"not": LEAF}},
        {"any": [LEAF]},
    ],
)
def test_what_the_language_shows_is_read(value):
    assert tree(value).given == set(value)


@pytest.mark.parametrize("address", ["*", "a", "a/b", "a/*", "a.b/c_d-e", "ftf-btc-experiment/*"])
def test_an_address(address):
    assert tree({"check": address, "is": ["pass"]}).check == address


@pytest.mark.parametrize("address", ["", "/", "a/", "/a", "*/a", "a/b/c", "**", "a*", "A", "a b", "a/**", "x" * 171])
def test_what_is_no_address(address):
    assert faults_of(Tree, {"check": address, "is": ["pass"]})


@pytest.mark.parametrize("key", ["all", "any"])
@pytest.mark.parametrize("value", [[], LEAF, "a"])
def test_branches_are_a_list_that_is_not_empty(key, value):
    assert faults_of(Tree, {key: value})


@pytest.mark.parametrize(
    "value",
    [
        {"all": None},
        {"any": None},
        {"not": None},
        {"check": None, "is": ["fail"]},
        {"check": "a", "is": None},
        {"fact": None, "is": ["x"]},
        {"fact": "a", "is": None},
        {"fact": "a", "count": None},
        {"fact": "a", "age": None},
        {"all": [None]},
    ],
)
def test_null_is_no_node_and_no_answer(value):
    """A leaf that asks for null would be false for ever: a condition that never fires."""
    assert faults_of(Tree, value)


def test_a_fault_deep_inside_is_told_at_its_place():
    ((place, fault),) = faults_of(Tree, {"all": [LEAF, {"not": {"check": "a", "is": ["nope"]}}]})
    assert place == ("all", 1, "not")
    assert fault["key"] == "is"
