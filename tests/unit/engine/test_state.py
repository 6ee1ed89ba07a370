from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvnpolicy.core.finding import UNDECIDED, Level, Outcome
from cvnpolicy.core.logic import Truth
from cvnpolicy.engine.state import Cause, CheckState, GroupState, Judged, blend

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN
NO_DATA = (Cause(Outcome.NO_DATA, "no rows"),)


@pytest.mark.parametrize(
    ("outcomes", "joined"),
    [
        ([], Outcome.INCONCLUSIVE),
        ([Outcome.ERROR], Outcome.ERROR),
        ([Outcome.NO_DATA], Outcome.NO_DATA),
        ([Outcome.NO_DATA, Outcome.NO_DATA], Outcome.NO_DATA),
        ([Outcome.NO_DATA, Outcome.INCONCLUSIVE], Outcome.INCONCLUSIVE),
        ([Outcome.NO_DATA, Outcome.ERROR], Outcome.ERROR),
        ([Outcome.INCONCLUSIVE, Outcome.ERROR, Outcome.NO_DATA], Outcome.ERROR),
        ([Outcome.PASS, Outcome.NO_DATA], Outcome.NO_DATA),  # only what is undecided counts
    ],
)
def test_several_reasons_not_to_know(outcomes, joined):
    assert blend(iter(outcomes)) is joined


@given(st.lists(st.sampled_from(sorted(UNDECIDED))))
def test_what_is_not_known_stays_so_in_any_order(outcomes):
    assert blend(outcomes) in UNDECIDED
    assert blend(reversed(outcomes)) is blend(outcomes)


@pytest.mark.parametrize(
    ("warn", "crit", "outcome", "level"),
    [
        (F, F, Outcome.PASS, None),
        (T, F, Outcome.WARN, Level.WARN),
        (T, T, Outcome.FAIL, Level.CRIT),
        (F, T, Outcome.FAIL, Level.CRIT),
        (T, U, Outcome.NO_DATA, Level.WARN),  # the worse case was not ruled out
        (U, F, Outcome.NO_DATA, None),
        (F, U, Outcome.NO_DATA, None),
        (U, U, Outcome.NO_DATA, None),
        (U, T, Outcome.FAIL, Level.CRIT),
        (None, T, Outcome.FAIL, Level.CRIT),
        (None, F, Outcome.PASS, None),
        (None, U, Outcome.NO_DATA, None),
        (T, None, Outcome.WARN, Level.WARN),
        (F, None, Outcome.PASS, None),
        (U, None, Outcome.NO_DATA, None),
    ],
)
def test_two_levels_of_bad(warn, crit, outcome, level):
    truths = {key: truth for key, truth in (("warn_if", warn), ("crit_if", crit)) if truth is not None}
    judged = Judged(truths, NO_DATA)
    assert (judged.outcome, judged.level) == (outcome, level)


@pytest.mark.parametrize(("passes", "outcome"), [(T, Outcome.PASS), (F, Outcome.FAIL), (U, Outcome.NO_DATA)])
def test_good_when_true(passes, outcome):
    judged = Judged({"pass_if": passes}, NO_DATA)
    assert (judged.outcome, judged.level) == (outcome, None)


@pytest.mark.parametrize(
    "truths", [dict(zip(("warn_if", "crit_if"), pair, strict=True)) for pair in itertools.product(Truth, Truth)]
)
def test_it_passes_only_when_nothing_bad_can_be(truths):
    passes = Judged(truths).outcome is Outcome.PASS
    assert passes == (set(truths.values()) == {F})


def test_without_a_reason_what_is_not_known_is_inconclusive():
    assert Judged({"pass_if": U}).outcome is Outcome.INCONCLUSIVE


A, B = (("symbol", "A"),), (("symbol", "B"),)
PASS, FAIL, UNSURE = Judged({"crit_if": F}), Judged({"crit_if": T}), Judged({"crit_if": U})


def test_others_see_one_outcome_a_group():
    state = CheckState((GroupState(A, PASS), GroupState(B, FAIL)))
    assert state.outcomes == ((A, Outcome.PASS, None), (B, Outcome.FAIL, Level.CRIT))


def test_or_the_joined_one():
    state = CheckState((GroupState(A, PASS), GroupState(B, FAIL)), combined=UNSURE)
    assert state.outcomes == (((), Outcome.INCONCLUSIVE, None),)


def test_or_why_it_did_not_apply_whatever_the_groups_say():
    suspended = Cause(Outcome.NOT_APPLICABLE, "not active")
    state = CheckState((GroupState(A, FAIL),), combined=FAIL, suspended=suspended)
    assert state.outcomes == (((), Outcome.NOT_APPLICABLE, None),)
