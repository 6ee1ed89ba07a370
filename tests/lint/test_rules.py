"""Every rule finds what its examples say, finds nothing in what they become, and is in the table."""

from __future__ import annotations

from pathlib import Path

import pytest

from cvnpolicy.core.rules import LintRule
from cvnpolicy.lint import rules
from cvnpolicy.lint.rules import RULES
from tests.support.linting import linted

FOLDER = Path(rules.__file__).parent
EXAMPLES = [pytest.param(rule, example, id=rule.id) for rule in RULES for example in rule.examples]


def test_the_table_has_every_file_of_the_folder() -> None:
    files = {path.stem for path in FOLDER.glob("cvn*.py")}
    assert {rule.id.lower() for rule in RULES} == {name.partition("_")[0] for name in files}
    about_files = {LintRule.SUPPRESSION, LintRule.UNPARSED}
    assert {rule.id for rule in RULES} == set(LintRule) - about_files


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_what_is_bad_is_found_line_by_line_by_this_rule_alone(rule, example) -> None:
    expected = {number for number, line in enumerate(example.bad.splitlines(), 1) if line.endswith("# here")}
    found = linted(example.bad)
    assert {one.location.line for one in found} == expected
    assert {one.rule for one in found} == {rule.id}


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_what_is_mended_is_clean(rule, example) -> None:
    assert linted(example.fixed) == []


@pytest.mark.parametrize("code", [code for rule in RULES for code in rule.good])
def test_what_is_good_is_left_alone(code: str) -> None:
    assert linted(code) == []
