"""Each hostile input, and its harmless twin: the right exit code, the place, no traceback, within memory and time."""

from __future__ import annotations

import re

import pytest

from tests.hostile.case import Case
from tests.hostile.limited import SECRET, Ran
from tests.hostile.table import CASES, run_hostile, run_twin

PLACE = re.compile(
    r"[\w./]:\d+:|[\w*]\.(?:csv|jsonl|parquet|txt|yaml|json|md)\b|'[^']+'|recorded evidence|\bn{280}: there is no"
)
"""A position in a file, the name of a file, or a pattern for one."""
ENDS = {-24: "it used more CPU time than it may", -9: "it waited, or took too much", -11: "it crashed"}


def sound(ran: Ran, case: Case) -> None:
    assert ran.code >= 0, ENDS.get(ran.code, f"signal {-ran.code}")
    assert ran.code != 70, ran.said[-2_000:]
    assert "Traceback" not in ran.said
    assert SECRET not in ran.said
    assert ran.peak < case.limits.peak
    assert len(ran.said) < 200_000


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_it_is_survived(case: Case) -> None:
    ran = run_hostile(case)
    sound(ran, case)
    assert ran.code == case.code, ran.said[-2_000:]
    said = " ".join(ran.said.split())
    for part in case.says:
        assert part in said, ran.said[-2_000:]
    twin = run_twin(case)
    sound(twin, case)
    assert twin.code == 0, twin.said[-2_000:]
    harmless = " ".join(twin.said.split())
    assert not all(part in harmless for part in case.says), "what it says, its harmless twin says too"


def test_names_are_unique() -> None:
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_it_asks_for_a_place_and_a_reason(case: Case) -> None:
    """A letter or a lone star would be found in any output."""
    assert any(PLACE.search(part) for part in case.says), case.says
    assert all(len(re.findall(r"\w", part)) > 3 for part in case.says), case.says


def test_a_race_is_one() -> None:
    """The change is announced by the one who makes it: without that a case of a race would show nothing."""
    races = [case for case in CASES if case.meanwhile is not None]
    assert races
    assert "changed\n" in run_hostile(races[0]).stderr
    assert "changed\n" in run_twin(races[0]).stderr
