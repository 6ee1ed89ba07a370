from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvnpolicy.core.fields import ALL, ANY, Quantifier, parse_quantifier
from cvnpolicy.core.finding import Pairs
from cvnpolicy.core.logic import Truth
from cvnpolicy.engine.quantify import count_between, joined, nested

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN

counts = st.builds(
    "{} {}".format, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), st.integers(-1, 7)
) | st.sampled_from([">= 1 and <= 3", "< 1 or > 3", "== 0 or == 5", ">= 2.5", "abs > 2", "!= 1 and != 3"])
quantifiers = st.just(ANY) | st.just(ALL) | counts.map(parse_quantifier)
truths = st.lists(st.sampled_from(Truth), min_size=1, max_size=6)


def completions(values: list[Truth]) -> list[tuple[Truth, ...]]:
    """Every way in which the unknown ones can turn out."""
    return list(itertools.product(*([value] if value is not U else [T, F] for value in values)))


def agreed(answers: set[bool]) -> Truth:
    return Truth.of(answers.pop()) if len(answers) == 1 else U


def by_definition(quantifier: Quantifier, values: list[Truth]) -> Truth:
    """What joined must say: an answer where all completions give it."""
    answers = set()
    for whole in completions(values):
        true = sum(value is T for value in whole)
        if quantifier == ANY:
            answers.add(true > 0)
        elif quantifier == ALL:
            answers.add(true == len(whole))
        else:
            answers.add(plainly(quantifier.text, true))
    return agreed(answers)


def plainly(text: str, count: int) -> bool:
    """A count condition, read a second time and independently."""
    joiner = all if " and " in text else any
    clauses = text.replace(" and ", "|").replace(" or ", "|").split("|")
    found = []
    for clause in clauses:
        *absolute, op, number = clause.split()
        value = abs(count) if absolute else count
        found.append(
            {
                "<": value < float(number),
                "<=": value <= float(number),
                ">": value > float(number),
                ">=": value >= float(number),
                "==": value == float(number),
                "!=": value != float(number),
            }[op]
        )
    return joiner(found)


@given(quantifiers, truths)
def test_it_is_known_exactly_when_every_way_to_learn_the_unknown_agrees(quantifier, values):
    assert joined(quantifier, values) is by_definition(quantifier, values)


@given(quantifiers, truths, st.randoms())
def test_the_order_of_groups_does_not_matter(quantifier, values, random):
    shuffled = list(values)
    random.shuffle(shuffled)
    assert joined(quantifier, shuffled) is joined(quantifier, values)


@pytest.mark.parametrize("quantifier", ["any", "all", ">= 0", ">= 1", "== 0", "< 100"])
def test_of_no_groups_nothing_is_known(quantifier):
    """Not even "none of them is bad": an empty group is how a gate passes that looked at nothing."""
    assert joined(parse_quantifier(quantifier), []) is U


@pytest.mark.parametrize(
    ("values", "truth"),
    [([T, T, T, T, U], T), ([T, T, T, T, F], T), ([T, T, T, U, U], U), ([T, T, T, F, U], U), ([F, F, U, U, U], F)],
)
def test_at_least_four_of_five(values, truth):
    assert joined(parse_quantifier(">= 4"), values) is truth


@pytest.mark.parametrize(
    ("text", "least", "most", "truth"),
    [
        (">= 4", 4, 5, T),
        (">= 4", 3, 4, U),
        (">= 4", 0, 3, F),
        ("== 2", 2, 2, T),
        ("== 2", 1, 3, U),
        ("!= 2", 1, 3, U),  # both ends hold, the middle does not
        ("< 1 or > 3", 0, 5, U),
        (">= 6", 0, 5, F),
    ],
)
def test_a_count_that_is_known_only_within_bounds(text, least, most, truth):
    assert count_between(parse_quantifier(text), least, most) is truth


@pytest.mark.parametrize("quantifier", [ANY, ALL])
def test_only_a_count_counts(quantifier):
    with pytest.raises(AssertionError, match="does not count"):
        count_between(quantifier, 0, 1)


# --- nested


def grid(rows: dict[str, list[Truth]]) -> dict[Pairs, Truth]:
    """Model types by symbols, as sorted pairs."""
    return {(("model", model), ("symbol", n)): truth for model, row in rows.items() for n, truth in enumerate(row)}


AT_LEAST_FOUR = parse_quantifier(">= 4")


@pytest.mark.parametrize(
    ("rows", "truth"),
    [
        ({"x": [T, T, T, T, F], "y": [T, T, T, T, T]}, T),
        ({"x": [T, T, T, F, F], "y": [T, T, T, T, T]}, F),
        ({"x": [T, T, T, U, F], "y": [T, T, T, T, T]}, U),
        ({"x": [T, T, T, U, F], "y": [F, F, T, T, T]}, F),  # one model is lost, whatever the other turns out
        ({"x": [T, T, T, T, U], "y": [T, T, T, T, U]}, T),
    ],
)
def test_at_least_four_symbols_for_all_models(rows, truth):
    assert nested([("model", ALL), ("symbol", AT_LEAST_FOUR)], grid(rows)) is truth


def test_the_outermost_dimension_comes_first():
    rows = grid({"x": [T, F], "y": [F, T]})
    some = parse_quantifier(">= 1")
    assert nested([("model", ALL), ("symbol", some)], rows) is T  # each model has a symbol
    assert nested([("symbol", some), ("model", ALL)], rows) is F  # no symbol has all models
    assert nested([("symbol", ALL), ("model", some)], rows) is T


def test_a_count_without_a_dimension_is_over_all_groups():
    rows = grid({"x": [T, T, F], "y": [T, F, U]})
    assert nested([("", parse_quantifier("> 2"))], rows) is T
    assert nested([("", parse_quantifier("> 3"))], rows) is U
    assert nested([("", parse_quantifier("> 4"))], rows) is F


@given(
    st.lists(st.lists(st.sampled_from(Truth), min_size=3, max_size=3), min_size=1, max_size=3), quantifiers, quantifiers
)
def test_nesting_never_claims_more_than_all_completions_agree_on(rows, outer, inner):
    flat = [value for row in rows for value in row]
    found = nested([("model", outer), ("symbol", inner)], grid(dict(zip("xyz", rows, strict=False))))
    answers = set()
    for whole in completions(flat):
        inside = [by_definition(inner, list(whole[start : start + 3])) for start in range(0, len(flat), 3)]
        answers.add(by_definition(outer, inside) is T)
    if found is not U:
        assert answers == {found is T}
    if U not in flat:
        assert found is not U


def test_without_dimensions_left_the_truth_is_the_groups_own():
    assert nested([], {(): T}) is T
