"""Untrusted policies take bounded time, and what they get told is bounded too."""

from __future__ import annotations

import time

import pytest

from cvnpolicy.core.errors import Problem
from cvnpolicy.core.location import Location
from cvnpolicy.core.rules import DocumentRule
from cvnpolicy.load.bounds import MOST, MOST_IN_A_FILE, bounded
from cvnpolicy.load.looks import components
from tests.support.policies import checks, problems


def problem(file: str, line: int) -> Problem:
    return Problem(DocumentRule.BAD_VALUE, "wrong", "right", Location(file, line, 1, line, 2))


def test_a_file_shows_so_many_problems():
    fits = [problem("a", line) for line in range(1, MOST_IN_A_FILE + 1)]
    assert list(bounded(reversed(fits))) == fits
    told = bounded([*fits, problem("a", 900), problem("a", 901), problem("b", 1)])
    assert list(told[:MOST_IN_A_FILE]) == fits
    note, last = told[MOST_IN_A_FILE:]
    assert str(note) == f"a:{MOST_IN_A_FILE}:1: there are more problems in this file than are shown: mend these first"
    assert last == problem("b", 1)


def test_a_run_shows_so_many_problems():
    fits = [problem(f"{file:02}", line) for file in range(10) for line in range(1, MOST // 10 + 1)]
    assert list(bounded(fits)) == fits
    told = bounded([*fits, problem("99", 1)])
    assert len(told) == MOST + 1
    assert told[-1].what == "there are more problems in this run than are shown"


def test_components_come_in_the_order_in_which_they_can_be_worked_out():
    edges = {"a": ("b",), "b": ("c", "d"), "c": ("b",), "d": (), "e": ("e", "a")}
    assert [frozenset(part) for part in components(edges)] == [{"d"}, {"b", "c"}, {"a"}, {"e"}]


def test_a_very_long_chain_needs_no_recursion():
    edges = {str(index): (str(index + 1),) for index in range(20_000)} | {"20000": ()}
    assert [part[0] for part in components(edges)] == [str(index) for index in range(20_000, -1, -1)]


@pytest.mark.parametrize("address", ["*", "p/*"])
def test_wildcards_are_no_edges_to_everything(tmp_path, address):
    text = checks(*(f'{{id: c{n}, warn_if: {{check: "{address}", is: [warn]}}}}' for n in range(800)))
    start = time.perf_counter()
    (told,) = problems(tmp_path, text)
    assert time.perf_counter() - start < 10  # mostly to read 800 checks; it was minutes
    assert "in a circle: p/c0 → p/c1 → p/c0 (and others: 800 checks in all): break it" in told


def test_dangling_names_by_the_thousand(tmp_path):
    known = checks(
        *(f"{{id: check-{n:05}, crit_if: {{fact: f, is: [x]}}}}" for n in range(3_000)), spec="facts: {f: {}}"
    )
    lost = checks(*(f"{{id: c{n}, crit_if: {{check: p/chekc-{n:05}x, is: [fail]}}}}" for n in range(3_000)), name="q")
    start = time.perf_counter()
    told = problems(tmp_path, known, lost)
    assert time.perf_counter() - start < 30  # mostly to read 6,000 checks
    assert len(told) == MOST_IN_A_FILE + 1
    assert sum("did you mean 'check-" in line for line in told) == 50
    assert "there are more problems in this file" in told[-1]


def chain(links: int, every: str, length: str) -> str:
    measured = "measure: {statistic: mean, dataset: data, columns: [a], window: 24h}"
    leaves = (
        f"{{id: c{n}, every: {every}, crit_if: {{check: c{n + 1}, is: [fail], for: {length}}}}}" for n in range(links)
    )
    return checks(*leaves, f"{{id: c{links}, every: {every}, {measured}, crit_if: '> 1'}}")


@pytest.mark.parametrize(
    ("links", "every", "length", "says"),
    [
        (6, "1d", "14d", None),
        (6, "1ms", "100ms", None),
        (6, "1ms", "400ms", "answers of the past"),
        (2, "1ms", "10000ms", "answers of the past"),
        (30, "36500d", "36500d", "look back"),
        (1, "1d", "10000d", None),
    ],
)
def test_chains_of_stretches_have_one_budget(tmp_path, links, every, length, says):
    told = problems(tmp_path, chain(links, every, length))
    assert len(told) == (says is not None), told
    assert all(str(says) in line for line in told)
