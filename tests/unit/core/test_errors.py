from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvnpolicy.core.errors import (
    CvnpolicyError,
    ExitCode,
    InvalidInputError,
    MissingExtraError,
    Problem,
    UsageError,
    worst,
)
from cvnpolicy.core.location import Location
from cvnpolicy.core.rules import DocumentRule

STRONGEST_FIRST = (70, 2, 3, 1, 4, 5, 0)


def test_the_numbers_that_shells_and_documents_rely_on():
    assert {code.name: code.value for code in ExitCode} == {
        "OK": 0,
        "FAILED": 1,
        "USAGE": 2,
        "INVALID": 3,
        "UNDECIDED": 4,
        "NOTHING": 5,
        "INTERNAL": 70,
    }


@pytest.mark.parametrize(("strong", "weak"), list(itertools.combinations(STRONGEST_FIRST, 2)))
def test_of_two_the_stronger_wins(strong, weak):
    assert worst([ExitCode(weak), ExitCode(strong)]) == worst([ExitCode(strong), ExitCode(weak)]) == strong


def test_nothing_wrong_is_ok():
    assert worst([]) is ExitCode.OK


@given(st.lists(st.sampled_from(ExitCode), min_size=1))
def test_the_winner_is_the_first_in_the_order_that_is_there(codes):
    assert worst(iter(codes)) == next(code for code in STRONGEST_FIRST if code in codes)


def test_a_problem_is_one_line():
    place = Location("policies/a.yaml", 4, 7, 4, 12)
    problem = Problem(DocumentRule.UNKNOWN_KEY, "unknown key 'stattistic'", "did you mean 'statistic'?", place)
    assert str(problem) == "policies/a.yaml:4:7: unknown key 'stattistic': did you mean 'statistic'?"
    assert str(Problem("CVN012", "no policies", "add one")) == "no policies: add one"


def test_problems_are_sorted_by_place_and_told_once():
    def at(file: str, line: int, what: str = "wrong") -> Problem:
        return Problem("CVN007", what, "mend it", Location(file, line, 1))

    nowhere = Problem("CVN012", "nothing", "add one")
    given_in = [at("b", 2), at("a", 10), at("a", 9), at("a", 9, "also"), at("b", 2), nowhere]
    error = InvalidInputError(given_in)
    assert error.problems == (nowhere, at("a", 9, "also"), at("a", 9), at("a", 10), at("b", 2))
    assert str(error).splitlines() == [str(problem) for problem in error.problems]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UsageError("x"), 2),
        (MissingExtraError("reading tables", "tables"), 2),
        (InvalidInputError([]), 3),
        (CvnpolicyError("x"), 70),
    ],
)
def test_each_class_has_its_exit_code(error, code):
    assert error.exit_code == code
    assert isinstance(error, CvnpolicyError)


def test_a_missing_extra_names_the_command_that_brings_it():
    error = MissingExtraError("reading tables", "tables")
    assert error.what == "reading tables needs an optional part"
    assert str(error) == f"{error.what}: install cvnpolicy with [tables], in a clone: pip install '.[tables]'"
    assert error.extra == "tables"
