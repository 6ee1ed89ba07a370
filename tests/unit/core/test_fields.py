from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from cvnpolicy.core.condition import parse
from cvnpolicy.core.fields import ALL, ANY, ConditionField, Quantifier, Requirement, parse_condition, parse_quantifier
from cvnpolicy.core.rules import DocumentRule
from tests.support.faults import fault_of


def test_a_condition_is_parsed_once():
    condition = parse_condition("< 0.01")
    assert condition == parse("< 0.01")
    assert parse_condition(condition) is condition
    assert TypeAdapter(ConditionField).validate_python("< 0.01") == condition


@pytest.mark.parametrize("value", [0.01, True, None, ["< 1"], {"lt": 1}])
def test_a_condition_is_text(value):
    assert fault_of(parse_condition, value)["right"] == 'write it in quotes, for example "< 0.01"'


@pytest.mark.parametrize(("text", "offset"), [("", 0), ("< ", 2), ("< 0.01 or or", 10), ("0.01", 0)])
def test_a_bad_condition_says_where_inside_its_text(text, offset):
    fault = fault_of(parse_condition, text)
    assert fault["rule"] == DocumentRule.BAD_CONDITION
    assert fault["length"] >= 1
    assert 0 <= fault["offset"] <= len(text)
    assert fault["offset"] == pytest.approx(offset, abs=1)


def test_the_two_words():
    assert parse_quantifier("any") is ANY
    assert parse_quantifier("all") is ALL
    assert (str(ANY), str(ALL)) == ("any", "all")
    assert ANY.count is None
    assert ALL.count is None


@pytest.mark.parametrize("text", [">= 4", "> 2", "== 0", "!= 3", "<= 1 or >= 4", ">= 2 and <= 4"])
def test_a_count(text):
    quantifier = parse_quantifier(text)
    assert quantifier == Quantifier(text, parse(text))
    assert str(quantifier) == text
    assert parse_quantifier(quantifier) is quantifier


@pytest.mark.parametrize("text", [">= x", "> 2 * champion", "unset", " unset "])
def test_a_count_of_groups_stands_alone(text):
    fault = fault_of(parse_quantifier, text)
    assert fault["what"] == f"'{text}' does not count groups"
    assert '">= 4"' in fault["right"]


@pytest.mark.parametrize("text", [">= 80%", ">= 4pp", "> 2 sigma", "> 1h"])
def test_a_count_has_no_unit(text):
    fault = fault_of(parse_quantifier, text)
    assert fault["rule"] == DocumentRule.BAD_CONDITION
    assert "a count of groups" in fault["right"]


@pytest.mark.parametrize("text", ["", "most", "Any", "4", "4 of 5", ">="])
def test_what_is_no_quantifier(text):
    assert "a count of groups" in fault_of(parse_quantifier, text)["right"]


@pytest.mark.parametrize("value", [4, 4.0, True, None, [">= 4"], {}])
def test_a_quantifier_is_text(value):
    assert fault_of(parse_quantifier, value)["what"] == f"{value!r} is not a quantifier"


@given(st.text(max_size=20))
def test_any_text_is_a_quantifier_or_refused_with_a_place_inside_it(text):
    try:
        found = parse_quantifier(text)
    except ValueError as error:
        context = error.context  # type: ignore[attr-defined]
        assert context["what"]
        assert context["right"]
        assert 0 <= context.get("offset", 0) <= len(text)
    else:
        assert str(found) == text


@pytest.mark.parametrize("name", ["RBF-08", "A1", "W1", "ADR-14", "R-1.2", "REQ-a.b-c"])
def test_a_requirement(name):
    assert TypeAdapter(Requirement).validate_python(name) == name


@pytest.mark.parametrize("name", ["", "rbf-08", "RBF 08", "-08", "RBF-", "X" * 40, "RBF-08\n"])
def test_what_is_no_requirement(name):
    with pytest.raises(ValidationError):
        TypeAdapter(Requirement).validate_python(name)
