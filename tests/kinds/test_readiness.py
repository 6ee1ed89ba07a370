"""The limits of a ReadinessPolicy, and what it is registered as."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from cvnpolicy.kinds import KINDS, load_kind
from tests.support.policies import problems

RULE: dict[str, Any] = {"id": "A1", "section": "header", "says": "x", "ask": {"table": "t"}}
SPEC: dict[str, Any] = {
    "files": ["a.md"],
    "sections": {"one": {"titles": ["One"]}},
    "fields": {"owner": {"labels": ["Owner"]}},
    "tables": {"t": {"section": "one", "columns": {"c": ["C"]}}},
    "runbook": {"files": ["b.md"]},
    "rules": [RULE],
}


def policy(**changed: Any) -> str:
    """A policy of the smallest form, with these changes."""
    metadata = {"name": "ready", "title": "Ready", "owner": "@you"}
    head = {"apiVersion": "cvnpolicy/v1", "kind": "ReadinessPolicy", "metadata": metadata}
    return yaml.safe_dump(head | {"spec": SPEC | changed}, width=1000)


def runbook(**changed: Any) -> dict[str, Any]:
    return {"runbook": {"files": ["b.md"]} | changed}


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"files": ["a" * 197 + ".md"]},
        {"rules": [RULE | {"says": "x" * 300}]},
        runbook(entry_level=1),
        runbook(entry_level=6),
    ],
    ids=str,
)
def test_at_its_limits_it_is_right(changed: dict[str, Any], tmp_path: Path) -> None:
    assert problems(tmp_path, policy(**changed)) == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"files": [".md"]}, "4"),
        ({"files": ["a" * 198 + ".md"]}, "200"),
        ({"rules": [RULE | {"says": ""}]}, "empty"),
        ({"rules": [RULE | {"says": "x" * 301}]}, "300"),
        (runbook(entry_level=0), "1"),
        (runbook(entry_level=7), "6"),
    ],
)
def test_beyond_its_limits_it_is_refused(changed: dict[str, Any], said: str, tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, policy(**changed))
    assert said in problem


def test_it_alone_is_what_files_are_judged_by() -> None:
    assert [name for name in KINDS if load_kind(name).reads] == ["ReadinessPolicy"]
    assert not load_kind("ReadinessPolicy").judges
