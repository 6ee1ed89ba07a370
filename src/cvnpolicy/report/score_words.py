"""The words and figures of a score card, the same in every format. Nothing from outside is made safe here."""

from __future__ import annotations

from cvnpolicy.core.finding import Outcome
from cvnpolicy.core.numbers import NOTHING
from cvnpolicy.report.score import Card, Section
from cvnpolicy.report.wording import plural

LEGEND = (
    "Half a point for a rule that the file states, a whole one for a rule that a policy check states too. "
    "A section scores its share of the points there are; the file scores what its weakest section does. "
    "? stands where something could not be decided: the score is then the least that it can be."
)


OUTCOMES = {
    Outcome.PASS: "pass",
    Outcome.FAIL: "fail",
    Outcome.INCONCLUSIVE: "?",
    Outcome.SKIPPED: "skipped",
    Outcome.NOT_APPLICABLE: "not applicable",
}
"""The outcomes of rules, as the columns of a card are called."""


def ratio(value: float | None) -> str:
    """Return a score with two decimals; only all is 1.00, and only nothing is 0.00."""
    if value is None:
        return NOTHING
    return f"{value:.2f}" if value in (0, 1) else f"{min(max(value, 0.01), 0.99):.2f}"


def spread(low: float | None, high: float | None) -> str:
    """Return a score, and the most that it can be where that is more: ``0.25 to 0.40 ?``."""
    return ratio(low) if low == high else f"{ratio(low)} to {ratio(high)} ?"


def weakest(card: Card) -> str:
    """Return the names of the sections that have the smallest score."""
    return ", ".join(card.weakest)


def share(of: Section | Card) -> str:
    """Return the points of those there are, with a mark where some are open: ``3.5/14 ?``."""
    return f"{of.points:g}/{of.asked}{' ?' if of.open else ''}" if of.asked else NOTHING


def statements(card: Card) -> str:
    """Return how the figures of a file compare with the policies; empty where it states none."""
    if not card.agree + card.contradict + card.unbound:
        return ""
    agree = f"{card.agree} {'agrees' if card.agree == 1 else 'agree'} with the policies"
    contradict = f"{card.contradict} {'contradicts' if card.contradict == 1 else 'contradict'} them"
    return f"{agree}, {contradict}, {card.unbound} bound to none"


def must_rules(card: Card) -> str:
    """Return how many rules that it must satisfy the file does not."""
    failed = len(card.failed)
    return f"{plural(failed, 'must rule')} {'fails' if failed == 1 else 'fail'}"
