"""The limits of a DependencyPolicy, and what ``explain`` says of one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from cvnpolicy.app.explain import explain
from cvnpolicy.kinds import load_kind
from tests.support.policies import loaded, problems

SPEC: dict[str, Any] = {"code": ["src/"], "requirements": ["requirements.txt"], "python": "3.11"}


def policy(**changed: Any) -> str:
    """A policy of the smallest form, with these changes."""
    metadata = {"name": "deps", "title": "Declared", "owner": "@you"}
    head = {"apiVersion": "cvnpolicy/v1", "kind": "DependencyPolicy", "metadata": metadata}
    return yaml.safe_dump(head | {"spec": SPEC | changed}, width=1000)


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"code": ["a/"]},
        {"code": ["a" * 299 + "/"]},
        {"requirements": ["r"]},
        {"requirements": ["r" * 300]},
        {"excluded": ["src/a/", "src/b.py"]},
        {"python": "3.9"},
        {"python": "3.99"},
        {"distributions": {"a": ["b"]}},
        {"distributions": {"a.b": ["b" * 100]}},
        {"code": ["src/a/", "lib/"], "excluded": ["lib/x.py"]},
    ],
    ids=str,
)
def test_at_its_limits_it_is_right(changed: dict[str, Any], tmp_path: Path) -> None:
    assert problems(tmp_path, policy(**changed)) == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"code": ["a" * 300 + "/"]}, "300"),
        ({"code": [""]}, "empty"),
        ({"code": []}, "at least 1"),
        ({"requirements": ["r" * 301]}, "300"),
        ({"requirements": [""]}, "empty"),
        ({"requirements": ["a/"]}, "is a folder"),
        ({"requirements": ["*.txt"]}, "is a pattern"),
        ({"excluded": ["src/"]}, "excludes all of a part of code"),
        ({"code": ["src/a/"], "excluded": ["src/"]}, "excludes all of a part of code"),
        ({"code": ["src/a/", "lib/"], "excluded": ["lib/"]}, "excludes all of a part of code"),
        ({"excluded": ["lib/"]}, "lies outside of code"),
        ({"first_party": ["a", "b", "a"]}, "'a' is listed twice: the first is at policies/"),
        ({"python": "3"}, "write a version in quotes"),
        ({"python": "2.7"}, "write a version in quotes"),
        ({"platform": "bsd"}, "linux"),
        ({"type_checking": "maybe"}, "expected one of ignore, require"),
        ({"distributions": {"a-b": ["c"]}}, "write the name of a module"),
        ({"distributions": {"a": ["-c"]}}, "write the name of a distribution"),
        ({"distributions": {"a": ["c" * 101]}}, "write the name of a distribution"),
    ],
    ids=str,
)
def test_past_its_limits_it_is_told(changed: dict[str, Any], said: str, tmp_path: Path) -> None:
    assert any(said in problem for problem in problems(tmp_path, policy(**changed)))


def test_it_says_what_must_be_declared_where(tmp_path: Path) -> None:
    text = explain("deps", loaded(tmp_path, policy(requirements=["a.txt", "b.txt"], platform="darwin")))
    assert "What src/ imports is declared in a.txt and in b.txt." in text
    assert "Environment markers are read for Python 3.11 on darwin." in text


def test_what_it_is_registered_as() -> None:
    kind = load_kind("DependencyPolicy")
    assert (kind.imports, kind.lints, kind.reads, kind.judges) == (True, False, False, False)
