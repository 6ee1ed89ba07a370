"""The reference system's policies: clean, and helped by the schemas in an editor."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from tests.support.process import run_command

ROOT = Path(__file__).parents[2]
POLICIES = sorted((ROOT / "policies").rglob("*.yaml"))
MODELINE = re.compile(r"# yaml-language-server: \$schema=(\S+)\n")


def test_the_policies_are_valid() -> None:
    done = run_command("validate", cwd=ROOT)
    assert (done.stderr, done.returncode) == ("", 0), done.stdout


@pytest.mark.parametrize("path", [ROOT / "cvnpolicy.yaml", *POLICIES], ids=lambda path: path.name)
def test_a_file_names_its_schema_and_keeps_to_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    named = MODELINE.match(text)
    assert named is not None, "the first line names the schema"
    schema = json.loads((path.parent / named[1]).read_text(encoding="utf-8"))
    if path.name != "cvnpolicy.yaml":
        assert schema["$id"] == "policy.schema.json"
    for document in yaml.safe_load_all(_timestamps_as_text(text)):
        assert [error.message for error in Draft202012Validator(schema).iter_errors(document)] == []


def _timestamps_as_text(text: str) -> str:
    """YAML 1.1 loaders make dates of what YAML 1.2 and cvnpolicy read as text."""
    return re.sub(r"(?<![\"'\w])(\d{4}-\d{2}-\d{2}T[\d:]+Z)(?![\"'\w])", r'"\1"', text)
