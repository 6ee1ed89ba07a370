"""The tutorials run as they are printed: every file, every command, every line of output."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from cvnpolicy.core.check import Check
from cvnpolicy.core.finding import Outcome
from cvnpolicy.core.policy import Document
from cvnpolicy.core.statistic import STATISTICS
from cvnpolicy.kinds import KINDS
from tests.support.documents import played
from tests.support.golden import assert_golden

TUTORIALS = sorted((Path(__file__).parents[2] / "docs" / "tutorials").glob("*.md"))


def test_there_are_tutorials() -> None:
    assert TUTORIALS


@pytest.mark.parametrize("path", TUTORIALS, ids=lambda path: path.stem)
def test_a_tutorial_does_what_it_says(path: Path, tmp_path: Path) -> None:
    assert_golden(path, played(path.read_text(encoding="utf-8"), tmp_path))


def test_the_words_that_a_newcomer_is_given_exist() -> None:
    """Somebody who reads only the tutorials meets every kind, every outcome but one, and statistics that exist."""
    text = (TUTORIALS[0].parent / "your-own-policy.md").read_text(encoding="utf-8")
    heads = {head: first_column(text, head) for head in ("`statistic`", "kind", "outcome")}
    assert set(heads["kind"]) == set(KINDS)
    assert set(heads["`statistic`"]) <= set(STATISTICS)
    assert len(heads["`statistic`"]) >= 15
    told = {row.replace(" ", "_") for row in re.findall(r"^\| ([a-z ]+) \|", table(text, "outcome"), re.MULTILINE)}
    assert told - {"outcome"} == {outcome.value for outcome in Outcome if outcome is not Outcome.SKIPPED}


def test_the_keys_that_a_newcomer_is_given_are_read() -> None:
    text = (TUTORIALS[0].parent / "your-own-policy.md").read_text(encoding="utf-8")
    section = text[text.index("## 11. More keys") : text.index("## 12.")]
    of_a_check, of_a_document = section.split("Keys of a document")
    known = {info.alias or name: Check for name, info in Check.model_fields.items()}
    for rows, names in ((of_a_check, known), (of_a_document, Document.model_fields)):
        shown = [
            written for row in re.findall(r"^\| (`.*?) \|", rows, re.MULTILINE) for written in row.split(", with ")
        ]
        keys = {key for written in shown for key in yaml.safe_load(written.strip("`"))}
        assert len(keys) >= 2
        assert keys <= set(names)


def table(text: str, head: str) -> str:
    """The lines of the table with this first word in its head."""
    start = text.index(f"\n| {head} |") + 1
    return text[start : text.index("\n\n", start)] + "\n"


def first_column(text: str, head: str) -> list[str]:
    rows = [line.split("|")[1] for line in table(text, head).splitlines()[2:]]
    return [word for row in rows for word in re.findall(r"`(\w+)`", row)]
