"""Every checkable item of the team's documents is enforced somewhere, planned, or refused with a reason."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import yaml

from cvnpolicy.app.rule_text import rule_ids
from cvnpolicy.core.errors import InvalidInputError
from tests.acceptance.test_weeks import CHECKS, JUDGED, WAITS
from tools.reference.traceability import Capability, Item, items, load

ITEMS = items(load())
NUMBERS = {"RBF": 79, "S04": 83, "S17": 126, "TPL": 71, "INC": 73}
"""How many items each document has."""

MEASURED = {"event", "metric", "threshold", "alert", "drift_check", "quality_check", "statistics"}
"""Kinds of items that are numbers or events: a check or a reason is due for them now."""
LATER = {
    "RBF-21": "how long a promotion takes is in the journal of rollbacks",
    "S04-61": "how long a promotion takes is in the journal of rollbacks",
    "TPL-46": "how long a promotion takes is in the journal of rollbacks",
    "RBF-25": "recomputing the correlation from bars is a statistic of its own",
    "S04-75": "identity of caches belongs to the contract",
    "S17-11": "the pinned values",
    "S17-49": "the pinned values",
    "S17-54": "the pinned values",
    "S17-55": "the resolver's contract",
}
"""Items of these kinds that another capability owns, and why."""
PLANNED = {
    Capability.READINESS: 95,
    Capability.ROLLBACK: 44,
    Capability.ROLLOUT: 34,
    Capability.GUARDS: 21,
    Capability.CONTRACT: 19,
    Capability.CALENDAR: 18,
    Capability.HYPERPARAMETERS: 9,
    Capability.EXPERIMENTS: 5,
    Capability.DEPENDENCIES: 5,
    Capability.STATISTICS: 1,
}
"""How many items each part that is not built yet owns."""


def test_the_ids_are_complete() -> None:
    expected = [f"{name}-{number:02}" for name, count in NUMBERS.items() for number in range(1, count + 1)]
    assert list(ITEMS) == expected
    assert len(ITEMS) == 432


def test_the_ids_are_those_of_the_inventory(shared: Path) -> None:
    inventory = [
        item for path in (shared / "requirements/inventory").iterdir() for item in yaml.safe_load(path.read_text())
    ]
    assert {item["id"] for item in inventory} == set(ITEMS)
    due = {item["id"] for item in inventory if item["kind"] in MEASURED}
    assert {name for name in due if ITEMS[name].planned is not None} == set(LATER)


@pytest.mark.parametrize("name", [name for name, item in ITEMS.items() if item.check is not None])
def test_a_mapped_item_names_checks_that_can_pass_and_fire(name: str) -> None:
    """That each of these passes in one week and fires in another is what test_weeks.py shows, check by check."""
    assert set(ITEMS[name].checks) <= set(JUDGED)


def test_no_more_is_planned_than_was() -> None:
    """A capability that is built takes its items from here; none may come."""
    assert Counter(item.planned for item in ITEMS.values() if item.planned is not None) == PLANNED


def test_what_waits_for_a_limit_is_asked_all_the_same() -> None:
    waiting = {address for item in ITEMS.values() for address in item.waiting}
    assert waiting == {address for address in CHECKS if address.startswith(WAITS)}


def test_rules_and_capabilities_exist() -> None:
    assert {item.rule for item in ITEMS.values() if item.rule is not None} <= set(rule_ids())
    assert {item.planned for item in ITEMS.values() if item.planned is not None} == set(Capability)


@pytest.mark.parametrize("address", [address for address, check in CHECKS.items() if check.requirement is not None])
def test_the_requirement_of_a_check_leads_back_to_it(address: str) -> None:
    item = ITEMS[CHECKS[address].requirement]
    assert address in (*item.checks, *item.waiting)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("{what: x, check: a/b, rule: CVN007}", "found check and rule"),
        ("{what: x}", "found none"),
        ("{what: x, planned: telepathy}", "expected one of calendar"),
        ("{what: x, not_checkable: no}", "not_checkable"),
        ("{what: x, planned: rollout, waits: c/d}", "'waits' goes with check or not_checkable"),
        ("{what: x, cheque: a/b}", "cheque"),
        ("{what: x, what: y, check: a/b}", "what"),
    ],
)
def test_a_wrong_entry_is_refused_where_it_stands(entry: str, said: str, tmp_path: Path) -> None:
    file = tmp_path / "traceability.yaml"
    text = f"documents:\n  runbook:\n    title: x\n    ours: x.md\n    items:\n      RBF-01: {entry}\n"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInputError) as refused:
        load(file)
    assert any("traceability.yaml:6:" in str(problem) and said in str(problem) for problem in refused.value.problems)


def test_an_item_tells_its_checks_as_a_list() -> None:
    assert Item(what="x", check=("a/b", "c/d")).checks == ("a/b", "c/d")
