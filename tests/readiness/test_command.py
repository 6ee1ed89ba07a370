"""The command on small repositories: which files are judged, what a finding carries, and how it ends."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cvnpolicy.cli.main import run
from tests.support.process import run_python
from tests.support.tree import write_tree

AT = "2026-06-11T00:00:00Z"
POLICY = """\
apiVersion: cvnpolicy/v1
kind: ReadinessPolicy
metadata: {name: ready, title: Ready, owner: "@you"}
spec:
  files: [stories/*/ready.md]
  template: templates/ready.md
  sections:
    alerting: {number: "1", titles: [Alerting]}
    rollout: {number: "2", titles: [Rollout]}
  fields: {owner: {labels: [Owner]}}
  tables:
    alerts: {section: alerting, columns: {alert: [Alert], runbook: [Runbook]}}
    stages: {section: rollout, columns: {stage: [Stage], duration: [Duration]}}
  runbook: {files: [runbooks/*.md], scripts: [scripts/], common: [Escalation]}
  rules:
    - {id: H1, section: header, says: One person owns it, ask: {pieces: {of: owner, whole: {one: handle}}}}
    - id: A1
      section: alerting
      says: The runbooks are there
      ask: {runbooks: {of: [alerts.runbook], exist: true, rules: [B1]}}
    - id: A2
      section: alerting
      says: Somebody is thanked
      level: should
      ask: {pieces: {of: prose, any: {has: [thanks]}}}
    - id: R1
      section: rollout
      says: The shadow lasts 7 days
      right: write 7 d
      ask: {pieces: {of: stages.duration, rows: {stage: {starts: [Shadow]}}, each: {at_least: 7d}}}
    - id: G1
      section: gate
      says: It is linked
      ask: {outside: the pull request}
      on_unknown: pass
      because: another gate asks it
    - {id: B1, section: runbook, says: Somebody is told, ask: {pieces: {of: text, any: {has: ["escalat*"]}}}}
    - {id: B2, section: runbook, says: It lies with the others, ask: {stored: runbooks/}}
    - {id: B3, section: runbook, says: Every alert has an entry, ask: {routed: entries}}
  terms:
    - {words: [fallbacks], checks: [training/fallbacks]}
"""
CHECKS = """\
apiVersion: cvnpolicy/v1
kind: EventCatalog
metadata: {name: events, title: Events, owner: "@you"}
spec: {events: {fell_back: {fields: {model: str}, heartbeat: 24h}}}
---
apiVersion: cvnpolicy/v1
kind: AlertPolicy
metadata: {name: training, title: Training, owner: "@you"}
spec:
  routes: {P2: mail}
  alerts:
    - {id: fallbacks, measure: {statistic: count, event: fell_back, window: 6h}, warn_if: "> 10", severity: P2}
"""
STORY = """\
# S1

**Owner**: `@you`

## 1. Alerting

More than 10 fallbacks within 6 h are a P2.

| Alert | Runbook |
|---|---|
| `fell_back` | `runbooks/a.md` |

## 2. Rollout

| Stage | Duration |
|---|---|
| Shadow | 7 d |
"""
BOOK = "# A\n\n## fell_back\n\nRun `scripts/mend.py`.\n\n## Escalation\n\nEscalate to `@you`.\n"
TREE = {
    "cvnpolicy.yaml": "policies: policies\nenvironments: {default: {events: {type: logfmt, path: x.log, time: ts}}}\n",
    "policies/ready.yaml": POLICY,
    "policies/training.yaml": CHECKS,
    "stories/S1/ready.md": STORY,
    "runbooks/a.md": BOOK,
    "scripts/mend.py": "",
}
Ask = Callable[..., tuple[int, list[dict[str, Any]]]]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_tree(tmp_path / "repo", TREE)
    monkeypatch.chdir(tmp_path / "repo")
    return tmp_path / "repo"


@pytest.fixture
def ask(capfd: pytest.CaptureFixture[str]) -> Ask:
    def asked(*arguments: str) -> tuple[int, list[dict[str, Any]]]:
        code = run(["readiness", "--format", "json", "--at", AT, *arguments])
        out = capfd.readouterr().out
        return code, json.loads(out)["findings"] if out else []

    return asked


def rules(findings: list[dict[str, Any]], rule: str) -> dict[str, str]:
    return {one["requirement"]: one["outcome"] for one in findings if one["rule"] == rule}


def only(findings: list[dict[str, Any]], rule: str) -> list[str]:
    return [
        f"{one['location']['file']}:{one['location']['line']}: {one['message']}"
        for one in findings
        if one["rule"] == rule
    ]


def test_all_files_that_the_policy_means(root: Path, ask: Ask) -> None:
    code, findings = ask()
    assert code == 0
    assert rules(findings, "CVN801") == {"H1": "pass", "A1": "pass", "A2": "fail", "R1": "pass", "G1": "inconclusive"}
    assert rules(findings, "CVN802") == {"B1": "pass", "B2": "pass", "B3": "pass"}
    assert only(findings, "CVN851") == []
    assert only(findings, "CVN854") == []
    assert {one["location"]["file"] for one in findings} == {"stories/S1/ready.md", "runbooks/a.md"}


def test_a_finding_carries_its_requirement_its_line_and_what_to_write(root: Path, ask: Ask) -> None:
    (root / "stories/S1/ready.md").write_text(STORY.replace("7 d", "24 h"), encoding="utf-8")
    code, findings = ask()
    assert code == 1
    (one,) = [one for one in findings if one["requirement"] == "R1"]
    assert (one["id"], one["outcome"], one["mode"], one["hint"]) == ("ready/R1", "fail", "block", "write 7 d")
    assert one["message"] == "The shadow lasts 7 days: '24 h': it is shorter than 7 d"
    assert one["location"] == {"file": "stories/S1/ready.md", "line": 17, "column": 1, "end_line": 17, "end_column": 1}
    assert one["details"] == {"section": "2. Rollout", "level": "must", "points": 0}


def test_advice_does_not_block(root: Path, ask: Ask) -> None:
    _, findings = ask()
    (one,) = [one for one in findings if one["requirement"] == "A2"]
    assert (one["outcome"], one["mode"]) == ("fail", "advise")


def test_a_rule_that_a_check_evaluates_too_counts_whole(root: Path, ask: Ask) -> None:
    (root / "stories/S1/ready.md").write_text(STORY.replace("a P2.", "a P2, thanks."), encoding="utf-8")
    _, findings = ask()
    points = {one["requirement"]: one["details"]["points"] for one in findings if one["rule"] == "CVN801"}
    assert points == {"H1": 0.5, "A1": 0.5, "A2": 1, "R1": 0.5, "G1": None}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("More than 10 fallbacks", "More than 5 fallbacks", "10"),
        ("within 6 h", "within 5 h", "6h"),
        ("are a P2", "are a P1", "P2"),
    ],
)
def test_a_figure_that_contradicts_a_check(root: Path, ask: Ask, old: str, new: str, said: str) -> None:
    assert old in STORY
    (root / "stories/S1/ready.md").write_text(STORY.replace(old, new), encoding="utf-8")
    code, findings = ask()
    assert code == 1
    (one,) = only(findings, "CVN851")
    assert one.startswith("stories/S1/ready.md:7: ")
    assert "policies/training.yaml:12" in one
    assert said in one


def test_what_is_pointed_at_must_be_there(root: Path, ask: Ask) -> None:
    (root / "scripts/mend.py").unlink()
    code, findings = ask()
    assert code == 1
    assert only(findings, "CVN854") == ["runbooks/a.md:5: scripts/mend.py is not there"]


@pytest.mark.parametrize(
    ("change", "failed"),
    [
        ({"runbooks/a.md": None}, {"A1"}),
        ({"runbooks/a.md": "# A\n\n## fell_back\n\nWait.\n"}, {"A1", "B1"}),
        ({"runbooks/a.md": BOOK.replace("fell_back", "fell_over")}, {"B3"}),
    ],
)
def test_runbooks_and_alerts(root: Path, ask: Ask, change: dict[str, str | None], failed: set[str]) -> None:
    for name, text in change.items():
        if text is None:
            (root / name).unlink()
        else:
            (root / name).write_text(text, encoding="utf-8")
    code, findings = ask()
    assert code == 1
    assert {one["requirement"] for one in findings if one["outcome"] == "fail" and one["mode"] == "block"} == failed


def test_files_and_folders_that_are_named(root: Path, ask: Ask) -> None:
    assert {one["location"]["file"] for one in ask("runbooks")[1]} == {"runbooks/a.md"}
    assert {one["location"]["file"] for one in ask("stories/S1/ready.md")[1]} == {"stories/S1/ready.md"}
    code, findings = ask("scripts")
    assert (code, findings) == (5, [])


def test_a_file_that_is_named_is_judged_wherever_it_lies(root: Path, ask: Ask) -> None:
    """What it is shows in its sections; a place in the repository it has none."""
    write_tree(root.parent / "elsewhere", {"one.md": STORY, "a.md": BOOK})
    code, findings = ask(str(root.parent / "elsewhere" / "one.md"))
    assert code == 1
    assert rules(findings, "CVN801")["R1"] == "pass"
    assert rules(findings, "CVN801")["A1"] == "fail", "runbooks/a.md does not lie beside it"
    code, findings = ask(str(root.parent / "elsewhere" / "a.md"))
    assert rules(findings, "CVN802") == {"B1": "pass", "B2": "inconclusive", "B3": "not_applicable"}
    assert code == 4


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"# S1\n\xff", "the file is not UTF-8 at byte 5"),
        (b"a" * (1024 * 1024 + 1), "the file is larger than 1 MiB"),
    ],
)
def test_a_file_that_cannot_be_read_is_not_passed(root: Path, ask: Ask, data: bytes, said: str) -> None:
    (root / "stories/S1/ready.md").write_bytes(data)
    code, findings = ask("stories/S1/ready.md")
    assert code == 4
    assert only(findings, "CVN899") == [f"stories/S1/ready.md:1: {said}"]


def test_a_link_out_of_the_repository_is_no_file_of_it(root: Path, ask: Ask) -> None:
    (root.parent / "secret.md").write_text("# secret\n", encoding="utf-8")
    (root / "stories/S1/ready.md").unlink()
    (root / "stories/S1/ready.md").symlink_to(root.parent / "secret.md")
    _, findings = ask()
    assert {one["location"]["file"] for one in findings} == {"runbooks/a.md"}


def test_without_a_policy_there_is_nothing_to_check(root: Path, ask: Ask) -> None:
    (root / "policies/ready.yaml").unlink()
    assert ask() == (5, [])


def test_the_sentences_of_the_form_are_no_evidence(root: Path, ask: Ask) -> None:
    thanks = STORY.replace("## 2.", "Our thanks go to `@you`.\n\n## 2.")
    (root / "stories/S1/ready.md").write_text(thanks, encoding="utf-8")
    assert rules(ask()[1], "CVN801")["A2"] == "pass"
    write_tree(root, {"templates/ready.md": "# <story>\n\nOur **thanks** go to `@you`\n"})
    assert rules(ask()[1], "CVN801")["A2"] == "fail"


def test_nothing_heavy_is_imported(root: Path) -> None:
    code = f"import sys; from cvnpolicy.cli.main import run; run(['readiness', '--at', '{AT}'])"
    done = run_python("-c", f"{code}; print(*sys.modules)", cwd=root)
    loaded = set(done.stdout.split())
    assert not loaded & {"duckdb", "numpy", "pandas", "scipy", "libcst", "mlflow", "pyarrow"}
    assert "markdown_it" in loaded
