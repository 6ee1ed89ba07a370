"""The JSON Schemas that editors check by are those of this version."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cvnpolicy.app.schema import schema
from cvnpolicy.app.schema_files import each_once, named, stale
from cvnpolicy.core.finding import Outcome
from cvnpolicy.load.policies import load_policies
from cvnpolicy.load.project import load
from tests.support.policies import EVENTS
from tests.support.tree import write_tree

LINE = "# yaml-language-server: $schema=../schemas/policy.schema.json\n"


def outcomes(root: Path, line: str = LINE, **files: str) -> list[tuple[Outcome, str]]:
    write_tree(root, {"cvnpolicy.yaml": "policies: policies\n", "policies/e.yaml": line + EVENTS, **files})
    project = load(root / "cvnpolicy.yaml")
    found = each_once(named(project, load_policies(project).files))
    return [(one.outcome, one.message) for one in (stale(each, project) for each in found)]


def test_what_this_version_writes_passes_however_it_is_laid_out(tmp_path: Path) -> None:
    for indent in (None, 4):
        text = json.dumps(schema("policy"), indent=indent, sort_keys=True)
        (found,) = outcomes(tmp_path, **{"schemas/policy.schema.json": text})
        assert found == (Outcome.PASS, "schemas/policy.schema.json is the schema 'policy' of this version")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{}", "schemas/policy.schema.json is not what this version writes"),
        ("not JSON", "schemas/policy.schema.json is not what this version writes"),
        ("[" * 100_000, "schemas/policy.schema.json is not what this version writes"),
        ("x" * 2_000_000, "schemas/policy.schema.json: the file is larger than 1 MiB"),
    ],
    ids=["another", "text", "nested", "large"],
)
def test_anything_else_fails(tmp_path: Path, text: str, says: str) -> None:
    assert outcomes(tmp_path, **{"schemas/policy.schema.json": text}) == [(Outcome.FAIL, says)]


def test_one_that_is_not_there_and_one_that_is_outside(tmp_path: Path) -> None:
    assert outcomes(tmp_path) == [(Outcome.FAIL, "schemas/policy.schema.json: the path does not exist")]
    ((outcome, says),) = outcomes(tmp_path, LINE.replace("../schemas", "../.."))
    assert (outcome, says.endswith("leads out of the repository")) == (Outcome.FAIL, True)


@pytest.mark.parametrize(
    "line", ["", "# $schema=x.json\n", "# yaml-language-server: $schema=https://example.org/s.json\n"]
)
def test_what_names_no_file_is_not_looked_up(tmp_path: Path, line: str) -> None:
    assert outcomes(tmp_path, line) == []
