"""SECURITY.md says what the code does: its numbers are those of the code, and the tests that it names exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cvnpolicy.app import pull_request, reviews
from cvnpolicy.core import evidence_json, tree
from cvnpolicy.core.condition import ast
from cvnpolicy.core.evidence import MeasureNeed, Readings, Selection, Unavailable
from cvnpolicy.dependencies import requirements
from cvnpolicy.lint import parse as lint_parse
from cvnpolicy.lint import scope, source
from cvnpolicy.load import bounds, budget, checks, circles, events, files, git, scalars
from cvnpolicy.markdown import parse
from cvnpolicy.sources import facts, globs, paths, recorded
from cvnpolicy.sources.logfmt import blocks
from cvnpolicy.sources.tables import TablesSource, connection, csv_rows, lines, packed, relation
from tests.sources.formats import BINDING

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
    "bytes of a row of a CSV file, its header included": csv_rows.LONGEST_ROW,
    "bytes of a line of JSON": lines.LONGEST_OBJECT,
    "bytes of a line of a log": blocks.MAX_LINE_BYTES,
    "bytes of a gzipped CSV or JSON file when it is unpacked": packed.MOST_UNPACKED,
    "memory that DuckDB may use": connection.MEMORY_LIMIT,
    "bytes of a file of Python code": source.LIMIT,
    "parts of the syntax of such a file": source.MOST_NODES,
    "seconds for a file that is parsed apart": lint_parse.SECONDS,
    "bytes of memory for a file that is parsed apart": lint_parse.BYTES,
    "steps from name to name in such a file": scope.MOST_LOOKUPS,
    "bytes of the text of a pull request": pull_request.LIMIT,
    "links and paths in it": pull_request.MOST,
    "bytes of a list of reviews": reviews.LIMIT,
    "seconds for an answer of git": git.SECONDS,
    "bytes of an answer of git": git.MOST_BYTES,
    "files that a requirement file brings along": requirements.MOST_FILES,
    "lines of requirement files": requirements.MOST_LINES,
}


ROWS = dict(re.findall(r"^\| ([^|]+) \| ([0-9,]+(?:GB)?) \|$", TEXT, re.MULTILINE))


def test_the_limits_are_those_of_the_code():
    assert {what: f"{most:,}" if isinstance(most, int) else most for what, most in LIMITS.items()} == ROWS
    assert parse.LIMIT == files.LIMIT


LINES = {
    "bytes of a row of a CSV file, its header included": ("csv", None, b"x,y\n", b"1,", b""),
    "bytes of a line of JSON": ("jsonl", None, b"", b'{"x": 1, "y": "', b'"}'),
    "bytes of a line of a log": ("logfmt", "bar", b"", b"event=bar ts=2026-06-01T00:00:00Z x=1 y=", b"\n"),
}
"""How a file of one row is written: type, event, what stands before the row, its start, its end as far as it counts."""


@pytest.mark.parametrize("what", LINES)
@pytest.mark.parametrize("more", [-1, 0, 1, 2**20, 15 * 2**20])
def test_the_longest_line_is_read_and_no_longer_one(tmp_path, what, more):
    """What the code does, whatever its constants say."""
    kind, event, head, start, end = LINES[what]
    size = int(ROWS[what].replace(",", "")) + more
    row = start + b"y" * (size - len(start) - len(end)) + end
    (tmp_path / "rows").write_bytes(head + row.removesuffix(b"\n") + b"\n")
    binding = BINDING.validate_python(
        {"type": kind, "path": "rows", "time": "ts"} if event else {"type": kind, "path": "rows"}
    )
    (answer,) = (
        TablesSource({"rows": binding}, tmp_path)
        .answer([MeasureNeed("max", Selection("rows", event), ("x",))])
        .values()
    )
    if more <= 0:
        assert isinstance(answer, Readings)
        assert [reading.value for reading in answer.groups.values()] == [1]
    else:
        assert isinstance(answer, Unavailable)
        assert f"is longer than {ROWS[what]} bytes" in answer.reason


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`((?:tests|fuzz)[\w/.]*)`", TEXT))))
def test_what_it_names_exists(path: str):
    assert (ROOT / path).exists()
