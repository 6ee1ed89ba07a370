"""The limits of a HyperparameterPolicy, and what ``explain`` says of one with and without its parts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from cvnpolicy.app.explain import explain
from tests.support.policies import loaded, problems

SPEC: dict[str, Any] = {
    "names": ["gamma"],
    "scopes": ["src/training/"],
    "resolver": {"module": "src/resolver.py", "callables": ["resolve"]},
    "fix": 'resolve("{name}")',
}
KEYS = {"models": ["xgboost"], "timeframes": ["5m"], "parameters": {"xgboost": ["gamma"]}, "total": 1}


PARTS = {
    "excluded": [{"path": "src/training/old.py", "story": "S18", "owner": "@you", "until": "2026-09-01T00:00:00Z"}],
    "environment": {"prefix": "CVN_", "scopes": ["src/"]},
    "keys": KEYS | {"ranges": ["MIN", "MAX"], "early_stopping": True, "total": 4},
}


def policy(**changed: Any) -> str:
    """A policy of the smallest form, with these changes."""
    metadata = {"name": "hp", "title": "Hyperparameters", "owner": "@you"}
    head = {"apiVersion": "cvnpolicy/v1", "kind": "HyperparameterPolicy", "metadata": metadata}
    return yaml.safe_dump(head | {"spec": SPEC | changed}, width=1000)


@pytest.mark.parametrize(
    "changed",
    [{}, {"scopes": ["a/"]}, {"scopes": ["a" * 299 + "/"]}, {"fix": "{name}" + "x" * 194}, {"keys": KEYS}, PARTS],
    ids=str,
)
def test_at_its_limits_it_is_right(changed: dict[str, Any], tmp_path: Path) -> None:
    assert problems(tmp_path, policy(**changed)) == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"scopes": ["a" * 300 + "/"]}, "300"),
        ({"scopes": [""]}, "empty"),
        ({"fix": "{name}" + "x" * 195}, "200"),
        ({"fix": ""}, "empty"),
        ({"keys": KEYS | {"total": 2}}, "1 + 0 + 0 is 1, not 2"),
        ({"keys": KEYS | {"total": 0}}, "at least 1"),
        ({"scopes": ["a"]}, "neither a folder nor a Python file"),
        ({"fix": "x"}, "0 times"),
    ],
    ids=str,
)
def test_past_its_limits_it_is_told(changed: dict[str, Any], said: str, tmp_path: Path) -> None:
    assert [one for one in problems(tmp_path, policy(**changed)) if said in one]


def test_what_it_has_is_told(tmp_path: Path) -> None:
    looks = "  Looks for a number bound to one of 1 names in src/training/.\n"
    assert explain("hp", loaded(tmp_path / "bare", policy())).endswith(f"A fail blocks.\n{looks}")
    assert explain("hp", loaded(tmp_path / "whole", policy(**PARTS))).endswith(
        f"{looks}"
        "  Leaves out src/training/old.py until 2026-09-01 00:00 UTC, for S18 (@you).\n"
        "  Only src/resolver.py reads CVN_* in src/.\n"
        "  Counts 4 keys: 1 defaults, 2 of ranges, 1 of early stopping.\n"
    )
