"""SECURITY.md says what the code does: its numbers are those of the code, and the tests that it names exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cvnpolicy.core import evidence_json, tree
from cvnpolicy.core.condition import ast
from cvnpolicy.load import bounds, budget, checks, circles, events, files, scalars
from cvnpolicy.markdown import parse
from cvnpolicy.sources import facts, globs, paths, recorded
from cvnpolicy.sources.logfmt import blocks
from cvnpolicy.sources.tables import connection, packed, read_jsonl, relation

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
LIMITS: dict[str, int | str] = {
    "bytes of a policy, configuration or runbook": files.LIMIT,
    "levels of nesting in YAML": events.DEPTH,
    "digits of a number in YAML": scalars.DIGITS,
    "files below a path of policies": files.MOST_FILES,
    "problems shown of a file": bounds.MOST_IN_A_FILE,
    "problems shown of a run": bounds.MOST,
    "code points of a condition": ast.MAX_LENGTH,
    "levels of a tree of conditions": tree.DEEPEST,
    "checks in a chain": circles.DEEPEST,
    "groups of a check": checks.MOST_GROUPS,
    "answers of the past that a check looks at": budget.MOST_ANSWERS,
    "bytes of a file of facts": facts.MOST_BYTES,
    "bytes of saved evidence": evidence_json.MOST_BYTES,
    "values in saved evidence": recorded.MOST_VALUES,
    "files that a binding matches": paths.MOST_FILES,
    "files and folders that a glob looks at": globs.MOST_ENTRIES,
    "columns of a table": relation.MOST_COLUMNS,
    "bytes of a line of a CSV file, its header included": packed.LONGEST_LINE,
    "bytes of a line of JSON": read_jsonl._LONGEST,
    "bytes of a line of a log": blocks.MAX_LINE_BYTES,
    "bytes of a CSV or JSON file when it is unpacked": packed.MOST_UNPACKED,
    "memory that DuckDB may use": connection.MEMORY_LIMIT,
}


def test_the_limits_are_those_of_the_code():
    rows = dict(re.findall(r"^\| ([^|]+) \| ([0-9,]+(?:GB)?) \|$", TEXT, re.MULTILINE))
    assert rows == {what: f"{most:,}" if isinstance(most, int) else most for what, most in LIMITS.items()}
    assert parse.LIMIT == files.LIMIT


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`((?:tests|fuzz)[\w/.]*)`", TEXT))))
def test_what_it_names_exists(path: str):
    assert (ROOT / path).exists()
