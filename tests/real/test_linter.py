"""The linter on code that nobody wrote for it: six packages of machine learning, and the standard library's tests.

`make packages` unpacks the packages; without it their tests are skipped. Nothing of them is run.
"""

from __future__ import annotations

import ast
import sysconfig
import warnings
from pathlib import Path

import pytest

from cvnpolicy.core.rules import LintRule
from cvnpolicy.lint import runner
from cvnpolicy.lint.rules import RULES
from cvnpolicy.lint.runner import Violation, lint
from cvnpolicy.lint.settings import Settings
from cvnpolicy.lint.source import candidate, read
from tests.support.direct_shapes import Span, direct
from tests.support.linting import AT

PACKAGES = Path(__file__).parents[2] / "build" / "packages"
LIBRARY = Path(sysconfig.get_paths()["stdlib"]) / "test"
SETTINGS = Settings(
    names=frozenset(
        {"learning_rate", "max_depth", "n_estimators", "num_leaves", "subsample", "colsample_bytree", "reg_alpha"}
        | {"reg_lambda", "min_child_weight", "early_stopping_rounds", "l2_leaf_reg", "bagging_fraction", "gamma"}
        | {"feature_fraction", "depth", "iterations", "min_child_samples", "random_strength", "bagging_temperature"}
    ),
    ambiguous=frozenset({"depth", "iterations", "gamma"}),
    env_prefix="CVN_HPO_",
    resolvers=frozenset({"resolve", "resolve_range"}),
)
"""The reference policy's."""


def violations(file: Path) -> list[Violation]:
    return lint(file.read_bytes(), file.name, RULES, SETTINGS, AT, forbidden=False)


def spans(found: list[Violation]) -> set[tuple[Span, str]]:
    places = [(one.location, one.name) for one in found]
    return {((at.line, at.column, at.end_line or 0, at.end_column or 0), name) for at, name in places}


def sources(folder: Path) -> list[Path]:
    files = sorted(folder.rglob("*.py"))
    assert files, f"{folder} has no source"
    return files


PARTS = [("lightgbm", 1), ("mlforecast", 1), ("neuralforecast", 1), ("optuna", 1), ("qlib", 1), ("sklearn", 4)]
"""Packages, and in how many parts each is gone through, so that several workers share it."""


@pytest.fixture(params=[(name, part, parts) for name, parts in PARTS for part in range(parts)], ids=str)
def package(request: pytest.FixtureRequest) -> list[Path]:
    if not (PACKAGES / ".stamp").is_file():
        pytest.skip("the real packages are not unpacked: make packages")
    name, part, parts = request.param
    return sources(PACKAGES / name)[part::parts]


def test_every_file_of_a_package_is_read_and_no_direct_number_is_missed(package: list[Path]) -> None:
    unread, missed, due = [], [], 0
    for file in package:
        found = violations(file)
        unread += [one for one in found if one.rule == LintRule.UNPARSED]
        wanted = list(direct(file.read_text(encoding="utf-8"), SETTINGS))
        due += len(wanted)
        missed += [(file, one) for one in wanted if one not in spans(found)]
    assert (unread, missed) == ([], [])
    assert due, "the package has no number to find: the test would hold nothing"


def test_what_is_passed_over_would_have_had_no_finding(package: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    passed = [file for file in package if _is_named(file) and not candidate(read(file.read_bytes()), SETTINGS)[0]]
    monkeypatch.setattr(runner, "candidate", lambda source, settings: (True, False))
    assert [one for file in passed for one in violations(file)] == []


def _is_named(file: Path) -> bool:
    data = file.read_bytes()
    return any(name.encode() in data for name in SETTINGS.names)


@pytest.mark.parametrize("part", range(4))
def test_every_test_of_the_standard_library_is_linted_or_told_of(part: int) -> None:
    """In four parts, so that several workers share them."""
    if not LIBRARY.is_dir():
        pytest.skip("this Python came without its library's tests")
    for file in sources(LIBRARY)[part::4]:
        unparsed = [one for one in violations(file) if one.rule == LintRule.UNPARSED]
        if not unparsed:
            assert _parses(file), f"{file} is no Python, and nothing was said"
        for one in unparsed:
            assert 1 <= one.location.line <= file.read_bytes().count(b"\n") + 1
            assert one.message.startswith("could not ")
            assert not _parses(file) or "Python knows this form" in one.message


def _parses(file: Path) -> bool:
    """Whether Python itself reads a file."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(file.read_bytes(), str(file), "exec", dont_inherit=True, flags=ast.PyCF_ONLY_AST)
        except (SyntaxError, ValueError):
            return False
    return True
