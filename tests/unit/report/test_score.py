"""The score card: points, sections, the weakest of them, and what is open."""

from __future__ import annotations

import pytest

from cvnpolicy.core.finding import Outcome
from cvnpolicy.report import render
from cvnpolicy.report.score import cards
from cvnpolicy.report.score_words import must_rules, ratio, share, spread, statements, weakest
from tests.unit.report.readiness_report import FINDINGS, figure, report, rule


def test_a_card_for_each_file():
    one, other = cards(report(*FINDINGS))
    assert (one.file, other.file) == ("stories/S1/ready.md", "stories/S2/ready.md")
    assert [(section.name, section.points, section.asked) for section in one.sections] == [
        ("1. Monitoring", 1.5, 3),
        ("2. Alerting", 0.5, 2),
        ("3. Drift", 1, 2),
    ]
    assert (one.agree, one.contradict, one.unbound) == (1, 1, 1)
    assert (one.points, one.asked, one.open, one.failed) == (3, 7, 1, ("R2.1",))


def test_the_score_is_that_of_the_weakest_section():
    one, other = cards(report(*FINDINGS))
    assert (one.score, one.upper, one.unsure, one.weakest) == (0.25, 0.25, False, ("2. Alerting",))
    assert (other.score, other.weakest) == (0.5, ("1. Monitoring",))


def test_what_is_open_makes_the_score_the_least_that_it_can_be():
    (card,) = cards(report(rule("R1", Outcome.INCONCLUSIVE, "A", None), rule("R2", Outcome.PASS, "A", 0.5)))
    assert (card.score, card.upper, card.unsure) == (0.25, 0.75, True)
    assert spread(card.score, card.upper) == "0.25 to 0.75 ?"
    assert share(card) == "0.5/2 ?"


def test_what_is_open_elsewhere_does_not_change_the_least():
    found = [rule("R1", Outcome.INCONCLUSIVE, "A", None), rule("R2", Outcome.FAIL, "B", 0)]
    (card,) = cards(report(*found))
    assert (card.score, card.upper, card.weakest) == (0, 0, ("A", "B"))


@pytest.mark.parametrize("outcome", [Outcome.SKIPPED, Outcome.NOT_APPLICABLE])
def test_what_does_not_count_has_no_score(outcome: Outcome):
    (card,) = cards(report(rule("R1", outcome, "A", None)))
    assert (card.score, card.upper, card.weakest, card.asked) == (None, None, (), 0)
    assert ratio(card.score) == share(card) == share(card.sections[0])


def test_sections_stand_in_the_order_of_their_rules():
    rules = {"R10.1": "Z", "R2.1": "B", "R1.1": "C"}
    (card,) = cards(report(*(rule(name, Outcome.PASS, section, 1) for name, section in rules.items())))
    assert [section.name for section in card.sections] == ["C", "B", "Z"]
    assert weakest(card) == "C, B, Z"


def test_a_rule_of_no_section_is_on_no_card():
    assert cards(report(rule("R8.1", Outcome.INCONCLUSIVE, None, None))) == ()


def test_figures_alone_make_a_card():
    (card,) = cards(report(figure("CVN853", Outcome.PASS, 1)))
    assert (card.sections, card.agree, card.score) == ((), 1, None)
    assert statements(card) == "1 agrees with the policies, 0 contradict them, 0 bound to none"


@pytest.mark.parametrize(
    ("value", "said"), [(0, "0.00"), (0.001, "0.01"), (0.999, "0.99"), (1, "1.00"), (1 / 3, "0.33"), (0.5, "0.50")]
)
def test_only_nothing_is_nothing_and_only_all_is_all(value: float, said: str):
    assert ratio(value) == said


def test_the_words_of_a_card():
    one, other = cards(report(*FINDINGS))
    assert must_rules(one) == "1 must rule fails"
    assert must_rules(other) == "0 must rules fail"
    assert statements(one) == "1 agrees with the policies, 1 contradicts them, 1 bound to none"
    assert statements(other) == ""


@pytest.mark.parametrize("format", ["terminal", "markdown", "html"])
def test_every_page_has_the_card(format: str):
    text = render(report(*FINDINGS), format)
    for said in ("1. Monitoring", "2. Alerting", "3. Drift", "stories/S2/ready.md", "R2.1", "0.5/2"):
        assert said in text.replace("\\", ""), said
    assert "Score" in text or "SCORE" in text


@pytest.mark.parametrize("format", ["terminal", "markdown", "html"])
def test_a_report_on_evidence_has_none(format: str):
    text = render(report(rule("x", Outcome.PASS, None, None)), format)
    assert "score" not in text.lower().replace("p.score", "").replace(".score", "")
