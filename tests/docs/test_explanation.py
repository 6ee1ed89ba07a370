"""The tables of the explanations say what the engine does."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest

from cvnpolicy.core.fields import parse_quantifier
from cvnpolicy.core.finding import Outcome
from cvnpolicy.core.logic import Truth, conjunction, disjunction
from cvnpolicy.core.time import EPOCH, TPlus, parse_instant
from cvnpolicy.engine.quantify import joined
from cvnpolicy.engine.state import Cause, Judged

PAGES = Path(__file__).parents[2] / "docs" / "explanation"
THREE = (PAGES / "three-values.md").read_text(encoding="utf-8")
LETTERS = {"T": Truth.TRUE, "F": Truth.FALSE, "U": Truth.UNKNOWN}


def table(text: str, head: str) -> list[list[str]]:
    """The rows of the first table whose head starts so, without head and rule."""
    lines = text[text.index(f"\n| {head} ") :].strip().splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[: first_blank(lines)]]
    return cells[2:]


def first_blank(lines: list[str]) -> int:
    return next((number for number, line in enumerate(lines) if not line.startswith("|")), len(lines))


@pytest.mark.parametrize(("name", "join"), [("all", conjunction), ("any", disjunction)])
def test_all_and_any(name, join):
    rows = table(THREE[THREE.index(f"`{name}: [a, b]`") :], r"a \ b")
    shown = {(row[0], b): cell for row in rows for b, cell in zip("TFU", row[1:], strict=True)}
    assert set(shown) == set(product("TFU", repeat=2))
    for (a, b), cell in shown.items():
        assert join([LETTERS[a], LETTERS[b]]) is LETTERS[cell], f"{a} {name} {b}"


def test_not():
    assert {row[0]: row[1] for row in table(THREE, "a | not a")} == {"T": "F", "F": "T", "U": "U"}
    assert [~LETTERS[a] for a in "TFU"] == [LETTERS[cell] for cell in "FTU"]


def test_counts():
    rows = table(THREE, "of 5 symbols")
    assert len(rows) == 5
    for what, least, most, cell in rows:
        counted = {word: int(number) for number, word in re.findall(r"(\d) (true|false|not known)", what)}
        truths = [
            *[Truth.TRUE] * counted.get("true", 0),
            *[Truth.FALSE] * counted.get("false", 0),
            *[Truth.UNKNOWN] * counted.get("not known", 0),
        ]
        assert len(truths) == 5
        assert (int(least), int(most)) == (counted.get("true", 0), 5 - counted.get("false", 0))
        assert joined(parse_quantifier(">= 4"), truths) is LETTERS[cell], what


WORDS = {Outcome.PASS: "pass", Outcome.FAIL: "fail", Outcome.WARN: "warn", Outcome.INCONCLUSIVE: "undecided"}


def outcome(**truths: Truth) -> str:
    return WORDS[Judged(truths, (Cause(Outcome.INCONCLUSIVE, "too little"),)).outcome]


def test_outcomes():
    rows = {row[0].strip("`"): row[1:] for row in table(THREE, "written")}
    for key in ("pass_if", "warn_if"):
        assert [outcome(**{key: LETTERS[letter]}) for letter in "TFU"] == rows[key]
    assert rows["crit_if"] == ["fail", "the answer of `warn_if`, or pass", "undecided"]
    assert [outcome(crit_if=LETTERS[letter]) for letter in "TFU"] == ["fail", "pass", "undecided"]
    assert outcome(crit_if=Truth.FALSE, warn_if=Truth.TRUE) == "warn"
    assert outcome(crit_if=Truth.UNKNOWN, warn_if=Truth.TRUE) == "undecided"


def test_the_outcomes_of_fail_closed_are_all():
    rows = table((PAGES / "fail-closed.md").read_text(encoding="utf-8"), "outcome")
    named = {name for row in rows for name in re.findall(r"`(\w+)`", row[0])}
    assert named == {outcome.value for outcome in Outcome}


def test_the_instants_that_time_names():
    text = (PAGES / "time.md").read_text(encoding="utf-8")
    assert f"Monday, {EPOCH:%Y-%m-%dT%H:%MZ}" in " ".join(text.split())
    assert EPOCH.isoweekday() == 1
    assert parse_instant("2026-06-11T00:00:00Z") == parse_instant("2026-06-11T02:00:00+02:00")
    assert TPlus(0).instant(parse_instant("2026-06-01T15:00:00Z")) == parse_instant("2026-06-01T00:00:00Z")
