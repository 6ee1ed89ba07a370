from __future__ import annotations

import itertools
from functools import reduce

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvnpolicy.core.logic import Truth, conjunction, disjunction

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN
lists = st.lists(st.sampled_from(Truth), max_size=6)


@pytest.mark.parametrize(
    ("left", "right", "both", "either"),
    [
        (T, T, T, T),
        (T, F, F, T),
        (T, U, U, T),
        (F, T, F, T),
        (F, F, F, F),
        (F, U, F, U),
        (U, T, U, T),
        (U, F, F, U),
        (U, U, U, U),
    ],
)
def test_kleenes_tables(left, right, both, either):
    assert conjunction([left, right]) is both
    assert disjunction([left, right]) is either


def test_negation_keeps_what_is_not_known():
    assert (~T, ~F, ~U) == (F, T, U)


@pytest.mark.parametrize(("value", "truth"), [(True, T), (False, F), (None, U)])
def test_the_truth_of_a_bool(value, truth):
    assert Truth.of(value) is truth


def test_of_none_all_hold_and_none_does():
    assert conjunction([]) is T
    assert disjunction([]) is F


@given(lists)
def test_the_negation_of_all_is_any_of_the_negations(values):
    assert ~conjunction(values) is disjunction([~value for value in values])
    assert ~~conjunction(values) is conjunction(values)


@given(lists)
def test_a_list_is_joined_as_pairs_are(values):
    assert conjunction(values) is reduce(lambda left, right: conjunction([left, right]), values, T)
    assert disjunction(values) is reduce(lambda left, right: disjunction([left, right]), values, F)
    assert conjunction(reversed(values)) is conjunction(values)


@given(lists)
def test_it_is_known_exactly_when_every_way_to_learn_the_unknown_agrees(values):
    completions = itertools.product(*([value] if value is not U else [T, F] for value in values))
    alls, anys = zip(*((conjunction(whole), disjunction(whole)) for whole in completions), strict=True)
    assert conjunction(values) is (alls[0] if len(set(alls)) == 1 else U)
    assert disjunction(values) is (anys[0] if len(set(anys)) == 1 else U)


def test_an_iterator_will_do():
    assert conjunction(iter([T, U, F])) is F
    assert disjunction(iter([F, U])) is U
