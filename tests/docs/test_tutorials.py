"""The tutorials run as they are printed: every file, every command, every line of output."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.documents import played
from tests.support.golden import assert_golden

TUTORIALS = sorted((Path(__file__).parents[2] / "docs" / "tutorials").glob("*.md"))


def test_there_are_tutorials() -> None:
    assert TUTORIALS


@pytest.mark.parametrize("path", TUTORIALS, ids=lambda path: path.stem)
def test_a_tutorial_does_what_it_says(path: Path, tmp_path: Path) -> None:
    assert_golden(path, played(path.read_text(encoding="utf-8"), tmp_path))
