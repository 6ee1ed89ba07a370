"""The guide of every rule of documents does what it says: its example gives those lines, and what mends it mends it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from cvnpolicy import api
from cvnpolicy.app.gates import GATES
from cvnpolicy.app.rule_text import guide_of
from cvnpolicy.cli.main import run
from cvnpolicy.core.errors import ExitCode
from cvnpolicy.core.rules import GUIDED, ChangeRule, DependencyRule, DocumentRule, ReadinessRule
from tests.support.documents import blocks
from tests.support.golden import assert_golden
from tests.support.tree import write_tree
from tools.reference.rules import CONFIGURATION

GUIDES = Path(__file__).parents[2] / "src" / "cvnpolicy" / "app" / "guides"
HEADINGS = ["What it checks", "Why", "Example", "Mend"]
NOT_RUN = {
    DocumentRule.CRASHED: "only a defect of cvnpolicy gives it; the tests of the engine break a judge on purpose"
}
"""Rules without an example that can be run, and why."""
RUN = [rule for rule in DocumentRule if rule not in NOT_RUN]

_PRINTS = re.compile(
    r"`cvnpolicy (?P<arguments>[^`]+)` prints, with exit code \d+:\n\n```text\n.*?^```", re.DOTALL | re.MULTILINE
)


def section(text: str, title: str) -> str:
    """The text below a heading of the second level."""
    return text.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def files(text: str) -> dict[str, str]:
    return {block.title: block.body for block in blocks(text) if block.title is not None}


def rules_of(arguments: list[str], capfd) -> set[str]:
    """The rules of documents that are broken here; a finding of a check carries the rule of its kind."""
    try:
        api.load(Path.cwd())
    except api.InvalidInputError as error:
        return {problem.rule for problem in error.problems}
    capfd.readouterr()
    run([*arguments, "--format", "json"])
    findings = json.loads(capfd.readouterr().out)["findings"]
    return {finding["rule"] for finding in findings if finding["rule"].startswith("CVN0")}


def test_every_rule_has_a_guide_and_every_guide_a_rule() -> None:
    assert {path.name for path in GUIDES.iterdir()} == {f"{rule}.md" for rules in GUIDED for rule in rules}


@pytest.mark.parametrize("rule", [*DependencyRule, *ReadinessRule, *ChangeRule])
def test_the_guide_of_another_rule_has_its_parts(rule: DependencyRule | ReadinessRule | ChangeRule) -> None:
    """Its example is a how-to, which runs: about dependencies, readiness files and pull requests."""
    headings = [line.removeprefix("## ") for line in guide_of(rule).splitlines() if line.startswith("#")]
    assert headings == ["What it checks", "Why", "Mend"]


@pytest.mark.parametrize("rule", DocumentRule)
def test_headings_are_fixed(rule: DocumentRule) -> None:
    lines = guide_of(rule).splitlines()
    assert lines[0].startswith("## ")
    assert [line.removeprefix("## ") for line in lines if line.startswith("## ")] == HEADINGS
    assert all(section(f"\n{guide_of(rule)}", title).strip() for title in HEADINGS)
    assert max(map(len, lines)) <= 120


@pytest.mark.parametrize("rule", RUN)
def test_the_example_prints_what_it_says(rule: DocumentRule, tmp_path: Path, monkeypatch, capfd) -> None:
    text = guide_of(rule)
    said = _PRINTS.search(text)
    assert said is not None, "no line `cvnpolicy …` prints, with exit code …:"
    write_tree(tmp_path, {"cvnpolicy.yaml": CONFIGURATION} | files(section(text, "Example")))
    monkeypatch.chdir(tmp_path)
    code = run(said["arguments"].split())
    shown = capfd.readouterr()
    assert code != ExitCode.INTERNAL, shown.err
    actual = f"`cvnpolicy {said['arguments']}` prints, with exit code {code}:\n\n```text\n{shown.out}{shown.err}```"
    assert_golden(GUIDES / f"{rule}.md", text[: said.start()] + actual + text[said.end() :])
    assert rules_of(said["arguments"].split(), capfd) == {rule}


@pytest.mark.parametrize("rule", RUN)
def test_what_mends_it_mends_it(rule: DocumentRule, tmp_path: Path, monkeypatch, capfd) -> None:
    text = guide_of(rule)
    said = _PRINTS.search(text)
    assert said is not None
    mended = files(section(text, "Mend"))
    assert mended
    write_tree(tmp_path, {"cvnpolicy.yaml": CONFIGURATION} | files(section(text, "Example")) | mended)
    monkeypatch.chdir(tmp_path)
    assert run(said["arguments"].split()) == 0
    # Gates that ran say so under their rule.
    assert rules_of(said["arguments"].split(), capfd) <= {DocumentRule.GATE}


def test_the_rule_of_gates_names_every_gate() -> None:
    assert [name for name in GATES if f"`{name}`" not in guide_of(DocumentRule.GATE)] == []
