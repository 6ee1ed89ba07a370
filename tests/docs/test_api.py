"""The API reports a user's mistakes as its own errors. That its example runs as printed, test_blocks.py shows."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from cvnpolicy import api
from tests.support.documents import blocks

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "python.md"


@pytest.fixture
def example(tmp_path: Path) -> Path:
    for block in blocks(PAGE.read_text(encoding="utf-8")):
        if block.title is not None:
            path = tmp_path / block.title
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.body, encoding="utf-8")
    return tmp_path


def test_a_naive_instant_is_refused(example: Path) -> None:
    policies = api.load(example)
    for at in ("2026-06-11T00:00:00", datetime(2026, 6, 11)):  # noqa: DTZ001  naive on purpose
        with pytest.raises(api.UsageError, match="2026-06-11"):
            api.evaluate(policies, at=at)


def test_invalid_policies_are_all_named(example: Path) -> None:
    (example / "policies" / "live.yaml").write_text("kind: DriftPolicy\n", encoding="utf-8")
    with pytest.raises(api.InvalidInputError) as caught:
        api.load(example)
    assert [problem.rule for problem in caught.value.problems] == ["CVN006"] * 3
    assert str(caught.value).startswith("policies/live.yaml:1:1: ")


def test_everything_that_is_public_is_there() -> None:
    assert all(hasattr(api, name) for name in api.__all__)
    assert sorted(api.__all__) == api.__all__
