"""A team adds, relaxes and drops rules by YAML alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from cvnpolicy.core.finding import Outcome
from cvnpolicy.load.policies import load_policies
from cvnpolicy.load.project import load
from cvnpolicy.markdown.blocks import page
from cvnpolicy.readiness.answer import Around
from cvnpolicy.readiness.judge import Judge
from tests.support.tree import write_tree

POLICY = """\
apiVersion: cvnpolicy/v1
kind: ReadinessPolicy
metadata: {name: ready, title: Ready, owner: "@you"}
spec:
  files: [stories/*/ready.md]
  forms: {ticket: "T-{digits}"}
  repeats: [same]
  sections:
    rollout: {number: "1", titles: [Rollout]}
  fields:
    owner: {labels: [Owner]}
    ticket: {labels: [Ticket]}
  tables:
    stages:
      section: rollout
      columns: {stage: [Stage], duration: [Duration, Lasts]}
  runbook: {files: [runbooks/*.md]}
  rules:
    - {id: A1, section: header, says: Owned, ask: {pieces: {of: owner, whole: {one: handle}}}}
    - id: A2
      section: rollout
      says: The shadow lasts
      ask: {pieces: {of: stages.duration, rows: {stage: {starts: [Shadow]}}, each: {at_least: 7d}}}
      skip: [shadow]
"""
FILE = """\
# T-1: a change

**Owner** : `@you`

## 1. Rollout

| Lasts | Stage |
|---|---|
| 6 d | Shadow |
"""


def outcomes(folder: Path, policy: str, text: str = FILE) -> dict[str, Outcome]:
    write_tree(folder, {"cvnpolicy.yaml": "policies: policies\n", "policies/ready.yaml": policy})
    loaded = load_policies(load(folder / "cvnpolicy.yaml"))
    assert loaded.problems == ()
    ((_, one),) = loaded.policies.policies
    return {
        verdict.rule.id: verdict.outcome
        for verdict in Judge(one.spec).readiness(page(text, "ready.md"), Around("stories/S1/ready.md"))
    }


def changed(**spec: Any) -> str:
    document = yaml.safe_load(POLICY)
    document["spec"] |= spec
    return yaml.safe_dump(document, allow_unicode=True)


def rules() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load(POLICY)["spec"]["rules"]
    return found


def test_as_it_is(tmp_path: Path) -> None:
    assert outcomes(tmp_path, POLICY) == {"A1": Outcome.PASS, "A2": Outcome.FAIL}


def test_a_rule_is_relaxed(tmp_path: Path) -> None:
    assert outcomes(tmp_path, POLICY.replace("at_least: 7d", "at_least: 6d"))["A2"] is Outcome.PASS


def test_a_rule_is_dropped(tmp_path: Path) -> None:
    assert outcomes(tmp_path, changed(rules=rules()[:1])) == {"A1": Outcome.PASS}


def test_a_rule_is_added(tmp_path: Path) -> None:
    more = {"id": "A3", "section": "header", "says": "Has a ticket"}
    more["ask"] = {"compare": {"of": "ticket", "with": "title", "form": "ticket", "same": True}}  # type: ignore[assignment]
    found = outcomes(tmp_path, changed(rules=[*rules(), more]), FILE.replace("`@you`", "`@you`\n\n**Ticket**: T-1"))
    assert found["A3"] is Outcome.PASS


@pytest.mark.parametrize("head", ["Duration", "Lasts", "lasts", "  LASTS "])
def test_a_column_has_synonyms(tmp_path: Path, head: str) -> None:
    text = FILE.replace("| Lasts |", f"| {head} |").replace("6 d", "7 d")
    assert outcomes(tmp_path, POLICY, text)["A2"] is Outcome.PASS


def test_a_rule_may_be_skipped_only_where_it_says_so(tmp_path: Path) -> None:
    text = FILE + "\n**SKIP — JUSTIFICATION**: nothing to shadow\n"
    assert outcomes(tmp_path, POLICY, text)["A2"] is Outcome.SKIPPED
    strict = [{key: value for key, value in rule.items() if key != "skip"} for rule in rules()]
    assert outcomes(tmp_path, changed(rules=strict), text)["A2"] is Outcome.FAIL


@pytest.mark.parametrize(
    ("duration", "outcome"),
    [
        ("7d", Outcome.PASS),
        ("7 d", Outcome.PASS),
        ("7 days", Outcome.PASS),
        ("≥ 7 d", Outcome.PASS),
        ("168 h", Outcome.PASS),
        ("1 week", Outcome.PASS),
        ("7,5 d", Outcome.PASS),
        ("at least 7 days", Outcome.PASS),
        ("167 h", Outcome.FAIL),
        ("6.9 d", Outcome.FAIL),
        ("< 7 d", Outcome.FAIL),
        ("up to 9 d", Outcome.FAIL),
        ("7", Outcome.FAIL),
        ("—", Outcome.FAIL),
        ("N/A", Outcome.FAIL),
        ("", Outcome.FAIL),
        ("e.g. 7 d", Outcome.FAIL),
        ("<7 d>", Outcome.FAIL),
    ],
)
def test_durations(tmp_path: Path, duration: str, outcome: Outcome) -> None:
    assert outcomes(tmp_path, POLICY, FILE.replace("6 d", duration))["A2"] is outcome


@pytest.mark.parametrize(
    ("marker", "outcome"),
    [
        ("**SKIP — JUSTIFICATION**: no model to shadow", Outcome.SKIPPED),
        ("**SKIP — JUSTIFICATION** : no model to shadow", Outcome.SKIPPED),
        ("SKIP — JUSTIFICATION: no model to shadow", Outcome.SKIPPED),
        ("- Shadow: **SKIP — JUSTIFICATION**: no model to shadow", Outcome.SKIPPED),
        ("- Canary: **SKIP — JUSTIFICATION**: no model to shadow", Outcome.FAIL),
        ("**SKIP — JUSTIFICATION**:", Outcome.FAIL),
        ("**SKIP — JUSTIFICATION**: <why>", Outcome.FAIL),
        ("**SKIP — JUSTIFICATION**: #TBD", Outcome.FAIL),
        ("**SKIP - JUSTIFICATION**: no model to shadow", Outcome.FAIL),
        ("**SKIP**: no model to shadow", Outcome.FAIL),
        ("`**SKIP — JUSTIFICATION**: no model to shadow`", Outcome.FAIL),
        ("<!-- **SKIP — JUSTIFICATION**: no model to shadow -->", Outcome.FAIL),
        ("```\n**SKIP — JUSTIFICATION**: no model to shadow\n```", Outcome.FAIL),
    ],
)
def test_markers(tmp_path: Path, marker: str, outcome: Outcome) -> None:
    assert outcomes(tmp_path, POLICY, f"{FILE}\n{marker}\n")["A2"] is outcome
