"""Every checkable item of the team's documents is enforced somewhere, planned, or refused with a reason."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import yaml

from cvnpolicy.app.rule_text import rule_ids
from cvnpolicy.core.errors import InvalidInputError
from tests.acceptance.test_weeks import CHECKS, JUDGED, WAITS
from tools.reference.traceability import Capability, Item, items, load, rules, traceability

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
MOVED = {
    "S04-73": Capability.ROLLOUT,  # due before the lock, as S04-74 is
    "RBF-52": Capability.CONTRACT,  # to verify a contract is to fetch the artefact by its run
}
"""Items that readiness was to answer for and cannot: they came to parts that can."""
PLANNED = {
    Capability.ROLLBACK: 44,
    Capability.ROLLOUT: 34,
    Capability.GUARDS: 21,
    Capability.CONTRACT: 8,
    Capability.CALENDAR: 18,
    Capability.HYPERPARAMETERS: 9,
    Capability.EXPERIMENTS: 5,
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
    """A capability that is built takes its items from here; none may come, but from a part that is built."""
    planned = {name: item.planned for name, item in ITEMS.items() if item.planned is not None}
    assert {name: planned.get(name) for name in MOVED} == MOVED
    assert Counter(part for name, part in planned.items() if name not in MOVED) == PLANNED


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
        ("{what: x, asks: R6.3, check: a/b}", "found check and asks"),
        ("{what: x, asks: R6.3, planned: rollout}", "found asks and planned"),
        ("{what: x, asks: R6.33}", "no ReadinessPolicy has the rule 'R6.33': did you mean 'R6.3'?"),
        ("{what: x, asks: [R6.1, R60.1]}", "no ReadinessPolicy has the rule 'R60.1'"),
        ("{what: x, asks: []}", "asks"),
        ("{what: x, asks: R6.33, rule: CVN854}", "no ReadinessPolicy has the rule 'R6.33'"),
        ("{what: x, check: a/b, unseen: all the rest of it}", "'unseen' goes with asks or rule"),
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


def test_every_rule_of_a_list_that_nobody_has_is_refused_at_its_place(tmp_path: Path) -> None:
    file = tmp_path / "traceability.yaml"
    text = "documents:\n  a:\n    title: x\n    ours: x.md\n    items:\n      A-1:\n        what: x\n        asks:\n"
    file.write_text(f"{text}          - R6.3\n          - R6.99\n          - R77.1\n", encoding="utf-8")
    with pytest.raises(InvalidInputError) as refused:
        load(file)
    assert [str(problem.location) for problem in refused.value.problems] == [
        "traceability.yaml:10:13",
        "traceability.yaml:11:13",
    ]


def test_an_item_tells_its_checks_as_a_list() -> None:
    assert Item(what="x", check=("a/b", "c/d")).checks == ("a/b", "c/d")


def test_an_item_tells_what_is_asked_and_how_it_is_accounted_for() -> None:
    assert Item(what="x", asks="R6.3").asked == ("R6.3",)
    assert Item(what="x", asks=("R6.3", "R6.4"), rule="CVN854", unseen="the rest of it").asked == ("R6.3", "R6.4")
    assert Item(what="x", asks="R6.3", rule="CVN854").way == "asks"
    assert Item(what="x", rule="CVN854", unseen="its arguments").way == "rule"


def test_nothing_is_asked_twice_by_an_item() -> None:
    assert [name for name, item in ITEMS.items() if len(set(item.asked)) != len(item.asked)] == []


def test_the_page_says_what_is_asked_and_what_is_not_seen() -> None:
    page = traceability()
    policy = "../../policies/readiness/mlops.yaml"
    assert f"asked: [R9.1]({policy}), [R9.8]({policy}); not seen: the number of symptoms that its prose names" in page
    assert f"asked: [R1.9]({policy}); rule [CVN851](rules/CVN851.md)" in page
    assert f"| [R6.4]({policy}) | The backup is somebody else | S17-85, TPL-56 |" in page
    assert page.partition("## Asked of readiness files")[2].count("\n| [R") == len(rules())
