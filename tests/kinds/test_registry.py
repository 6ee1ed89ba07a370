"""The table of kinds is complete, and so is each kind."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from cvnpolicy.core.finding import Outcome
from cvnpolicy.core.rules import DocumentRule
from cvnpolicy.kinds import KINDS, load_kind
from tests.support.cases import KINDS_FOLDER, Shows, all_cases

FAMILIES = {
    "EventCatalog": "4",
    "FeatureContract": "7",
    "MetricPolicy": "1",
    "AlertPolicy": "4",
    "DriftPolicy": "2",
    "HyperparameterPolicy": "5",
    "ReadinessPolicy": "8",
    "DependencyPolicy": "5",
}
"""The first digit of each kind's rule; a new kind is put into a family here, in a review."""

DECLARES = {Shows.VALID, Shows.INVALID}
JUDGES = {Shows.PASS, Shows.BOUNDARY, Shows.NO_DATA, Shows.INCONCLUSIVE, Shows.INVALID}


def shown(kind: str) -> Counter[Shows]:
    return Counter(found.case.shows for found in all_cases() if found.kind == KINDS[kind])


def test_folders_are_entries():
    folders = {path.name for path in KINDS_FOLDER.iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert sorted(folders) == sorted(KINDS.values())


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_has_its_four_parts(kind: str):
    folder = KINDS_FOLDER / KINDS[kind]
    for part in ("model.py", "judge.py", "guide.md"):
        assert (folder / part).is_file(), f"{folder.name}/{part} is missing"
    assert sorted((folder / "cases").glob("*.yaml")), f"{folder.name}/cases has no .yaml file"
    assert not list((folder / "cases").glob("*.yml")), "a case in .yml would never run"


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_what_the_table_says(kind: str):
    assert load_kind(kind).name == kind


def test_rules_are_unique_and_of_their_family():
    assert sorted(FAMILIES) == sorted(KINDS)
    rules = {kind: load_kind(kind).rule for kind in KINDS}
    assert len(set(rules.values())) == len(rules)
    assert not set(rules.values()) & set(DocumentRule)
    for kind, rule in rules.items():
        assert re.fullmatch(rf"CVN{FAMILIES[kind]}\d\d", rule), f"{kind} has {rule}"


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_has_cases_of_everything(kind: str):
    counted = shown(kind)
    if load_kind(kind).judges:
        assert JUDGES - set(counted) == set()
        assert counted[Shows.FAIL] + counted[Shows.WARN] > 0, f"{kind} has no failing case"
    else:
        assert set(counted) == DECLARES


def test_a_case_has_a_finding_of_what_it_shows():
    outcomes = {outcome.value for outcome in Outcome}
    lacking = [
        found.id
        for found in all_cases()
        if found.case.shows.value in outcomes
        and found.case.shows.value not in {finding.outcome for finding in found.case.expect.findings or ()}
    ]
    assert lacking == []


def test_every_outcome_but_skipped_is_shown_somewhere():
    seen = {finding.outcome for found in all_cases() for finding in found.case.expect.findings or ()}
    assert seen == {outcome.value for outcome in Outcome} - {"skipped"}


def test_every_expected_outcome_is_one():
    outcomes = {outcome.value for outcome in Outcome}
    wrong = [
        found.id
        for found in all_cases()
        for finding in found.case.expect.findings or ()
        if {finding.outcome, *(group.outcome for group in finding.groups or ())} - outcomes
    ]
    assert wrong == []
