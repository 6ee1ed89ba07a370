"""The labelled cases of the gate: everything that must be found, where it stands, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cvnpolicy.core.rules import LintRule
from cvnpolicy.lint.rules import RULES
from cvnpolicy.lint.runner import Violation, lint
from cvnpolicy.lint.settings import Settings
from tests.support.linting import AT

Label = dict[str, Any]
Span = tuple[int, int, int, int]


@pytest.fixture(scope="module")
def cases(shared: Path) -> tuple[list[Label], dict[str, list[Violation]]]:
    """The labels, and what is found in each file."""
    folder = shared / "g5" / "cases"
    config = json.loads((folder / "config.json").read_text())
    settings = Settings(
        names=frozenset(config["names"]),
        env_prefix=config["env_prefix"],
        resolvers=frozenset(config["resolver_callables"]),
    )
    found = {}
    for path in sorted(folder.rglob("*.py")):
        file = path.relative_to(folder).as_posix()
        scopes = {False: tuple(config["literal_scopes"]), True: tuple(config["env_scopes"])}
        wanted = [rule for rule in RULES if file.startswith(scopes[rule.id is LintRule.ENVIRONMENT])]
        if file != config["resolver_module"]:
            found[file] = lint(path.read_bytes(), file, wanted, settings, AT, forbidden=False)
    labels = [json.loads(line) for line in (folder / "labels.jsonl").read_text(encoding="utf-8").splitlines()]
    return labels, found


def spans(label: Label) -> list[Span]:
    own = (label["line"], label["col"], label["end_line"], label["end_col"])
    return [own, *(tuple(each) for each in label.get("alt_spans", []))]


def span(one: Violation) -> Span:
    place = one.location
    return (place.line, place.column, place.end_line, place.end_column)


def meet(left: Span, right: Span) -> bool:
    return left[:2] < right[2:] and right[:2] < left[2:]


def hits(label: Label, found: dict[str, list[Violation]]) -> list[Violation]:
    return [one for one in found.get(label["file"], ()) if any(meet(span(one), each) for each in spans(label))]


@pytest.mark.parametrize(("tier", "least"), [("core", 1.0), ("advanced", 0.95)])
def test_what_must_be_found_is_found(cases, tier: str, least: float) -> None:
    labels, found = cases
    due = [one for one in labels if one["must_flag"] and one["severity_of_miss"] == tier]
    missed = [one for one in due if not (found[one["file"]] if one["rule"] == "parse" else hits(one, found))]
    assert len(due) - len(missed) >= least * len(due), missed


def test_core_labels_are_found_with_their_exact_span(cases) -> None:
    labels, found = cases
    due = [one for one in labels if one["must_flag"] and one["severity_of_miss"] == "core" and one["rule"] != "parse"]
    assert [one for one in due if spans(one)[0] not in map(span, hits(one, found))] == []


def test_nothing_else_is_found(cases) -> None:
    labels, found = cases
    parse = {one["file"] for one in labels if one["rule"] == "parse"}
    right = {id(hit) for one in labels if one["must_flag"] for hit in hits(one, found)}
    wrong = [one for file, every in found.items() if file not in parse for one in every if id(one) not in right]
    assert wrong == []
