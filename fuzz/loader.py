"""What must hold of the loader for any bytes."""

from __future__ import annotations

from pathlib import Path

from cvnpolicy.core.errors import Problem
from cvnpolicy.kinds import KINDS
from cvnpolicy.load.characters import count_lines
from cvnpolicy.load.document import load_document
from cvnpolicy.load.parse import parse

__all__ = ["KINDS", "check", "load_document", "parse", "seeds"]

FILE = "f.yaml"
MOST = 101
"""The most problems that one reading of a file reports, its note that there are more included."""


def check(data: bytes) -> None:
    """Load a file of these bytes.

    Raises:
        AssertionError: A problem has no place in the file, or says nothing, or there are too many; or a document is no
            policy and nothing is wrong with it.
    """
    parsed = parse(data, FILE)
    lines = count_lines(data.decode("utf-8", "replace")) + 1
    assert len(parsed.problems) <= MOST
    assert parsed.documents or parsed.problems
    for problem in parsed.problems:
        _check(problem, lines)
    for node in parsed.documents:
        loaded = load_document(node)
        assert len(loaded.problems) <= MOST
        assert loaded.policy is None or not loaded.problems
        # A document that is dropped without a word would be a gate that is open.
        assert loaded.policy is not None or loaded.problems or parsed.problems, node.location
        for problem in loaded.problems:
            _check(problem, lines)


def _check(problem: Problem, lines: int) -> None:
    place = problem.location
    assert place is not None
    assert place.file == FILE
    assert 1 <= place.line <= place.end_line <= lines + 1, (place, lines)
    assert place.column >= 1, place
    assert (place.line, place.column) <= (place.end_line, place.end_column), place
    assert problem.what.strip(), problem
    assert problem.right.strip(), problem
    assert (problem.what + problem.right).isprintable(), problem


def seeds() -> set[bytes]:
    """Policies of the reference system, and the cases of every kind."""
    root = Path(__file__).parents[1]
    found = [*(root / "policies").rglob("*.yaml"), *(root / "src/cvnpolicy/kinds").rglob("cases/*.yaml")]
    return {path.read_bytes() for path in found}
