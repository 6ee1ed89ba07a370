"""The team's documents by the reference policy: the known verdicts, and that a blank form passes nothing by itself."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from cvnpolicy.core.finding import Outcome
from cvnpolicy.readiness.answer import Verdict
from tests.support.readiness import ROOT, beside, judged, spec

OURS = ROOT / "examples" / "cvntrade" / "documentation"
WORDS = {"cannot_tell": "inconclusive"}
SHAPES = {
    "R0.9", "R1.1", "R2.1", "R3.1", "R3.2", "R3.3", "R3.5", "R3.8", "R3.9", "R4.1", "R4.2", "R4.3", "R4.5", "R4.6",
    "R4.7", "R4.8", "R4.9", "R5.1", "R5.2", "R5.3", "R5.4", "R5.5", "R5.9",
    "R7.1", "R7.2", "R7.3", "R7.4", "R7.5", "R7.6", "R7.7", "R7.8", "R7.10", "R7.12",
}  # fmt: skip
"""What the form itself contains: its sections, the shapes of its tables, their rows of examples, and its boxes."""


def of(folder: Path, file: str) -> dict[str, Verdict]:
    return judged((folder / file).read_text(encoding="utf-8"), file, beside(folder))


def test_the_policy_has_the_rules_of_the_list(shared: Path) -> None:
    listed = yaml.safe_load((shared / "requirements" / "readiness_rules.yaml").read_text(encoding="utf-8"))["rules"]
    rules = {rule.id: rule for rule in spec().rules}
    assert set(rules) == {rule["id"] for rule in listed}
    assert {id: rules[id].level for id in rules} == {rule["id"]: rule["severity"] for rule in listed}
    may_not = {rule["id"] for rule in listed if not rule["skip_allowed"]}
    assert {rule.id for rule in rules.values() if rule.skip} & may_not == set()


def test_the_known_verdicts(shared: Path) -> None:
    """All but one: the scrape lost the ticks of R7.13, and the file has boxes that are not ticked."""
    known = yaml.safe_load((shared / "requirements" / "readiness_expected_S04.yaml").read_text(encoding="utf-8"))
    file = "readiness_CVN-N001-EE-S04.md"
    found = of(shared / "requirements" / "documents", file)
    wanted = {one["rule"]: WORDS.get(one["verdict"], one["verdict"]) for one in known["documents"][file]["verdicts"]}
    assert set(found) == set(wanted)
    differ = {rule: found[rule].outcome.value for rule, verdict in wanted.items() if found[rule].outcome != verdict}
    assert differ == {"R7.13": "fail"}


@pytest.mark.parametrize("file", ["mlops_readiness_template.md", "readiness_CVN-N001-EE-S17.md"])
def test_every_rule_has_an_answer(shared: Path, file: str) -> None:
    found = of(shared / "requirements" / "documents", file)
    assert len(found) == 95
    assert {verdict.outcome for verdict in found.values()} <= {
        Outcome.PASS,
        Outcome.FAIL,
        Outcome.SKIPPED,
        Outcome.NOT_APPLICABLE,
        Outcome.INCONCLUSIVE,
    }


@pytest.mark.parametrize(
    ("file", "fails"),
    [
        ("runbook_btc_features_drift.md", {"R9.2", "R9.4", "R9.5"}),
        ("incident_runbook.md", {"R9.4", "R9.5", "R9.6"}),
    ],
)
def test_the_runbooks(shared: Path, file: str, fails: set[str]) -> None:
    found = judged(
        (shared / "requirements" / "documents" / file).read_text(encoding="utf-8"), f"documentation/runbooks/{file}", {}
    )
    assert {rule for rule, verdict in found.items() if verdict.outcome is Outcome.FAIL} == fails
    assert len(found) == 8


def test_a_blank_form_passes_only_what_it_contains(shared: Path) -> None:
    found = of(shared / "requirements" / "documents", "mlops_readiness_template.md")
    assert {rule for rule, verdict in found.items() if verdict.outcome is Outcome.PASS} == SHAPES
    assert not [rule for rule, verdict in found.items() if verdict.outcome is Outcome.SKIPPED]


def test_our_blank_form_passes_only_what_it_contains() -> None:
    found = of(OURS, "templates/mlops_readiness.md")
    assert {rule for rule, verdict in found.items() if verdict.outcome is Outcome.PASS} <= SHAPES
    assert not [rule for rule, verdict in found.items() if verdict.outcome is Outcome.SKIPPED]


def test_a_marker_excuses_only_what_it_is_about(shared: Path) -> None:
    found = of(shared / "requirements" / "documents", "readiness_CVN-N001-EE-S17.md")
    skipped = {rule for rule, verdict in found.items() if verdict.outcome is Outcome.SKIPPED}
    assert skipped == {"R2.6", "R2.7", "R2.8", "R4.3"}
    assert found["R4.4"].outcome is Outcome.FAIL, "the reason is not the one that the form prescribes"
    assert found["R2.3"].outcome is Outcome.FAIL, "the runbook is skipped, not the alert"
