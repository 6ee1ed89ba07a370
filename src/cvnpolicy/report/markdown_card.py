"""Score cards of readiness files as Markdown: a table of sections for each file, or, of many, a row for each file."""

from __future__ import annotations

from collections.abc import Sequence

from cvnpolicy.core.numbers import number
from cvnpolicy.report.markdown_block import CELL
from cvnpolicy.report.markdown_text import code, prose, table
from cvnpolicy.report.score import Card, Section
from cvnpolicy.report.score_words import LEGEND, OUTCOMES, must_rules, share, spread, statements, weakest
from cvnpolicy.report.wording import plural

CARDS = 3
"""More files than this share one table."""

ROWS = 25
"""How many rows a table shows."""

_NAME = 60


def card_text(cards: Sequence[Card], root: str) -> str:
    """Return the cards under a heading, no longer than their bounds let them be; empty without any.

    Args:
        cards: The cards.
        root: What stands before every file.
    """
    if not cards:
        return ""
    shown = [_files(cards, root)] if len(cards) > CARDS else [_card(card, root) for card in cards]
    return "\n\n".join([f"### Score: {plural(len(cards), 'file')}", *shown, prose(LEGEND, len(LEGEND))]) + "\n\n"


def _card(card: Card, root: str) -> str:
    facts = [*_score(card), *([f"{share(card)} points, {must_rules(card)}"] if card.sections else [])]
    figures = statements(card)
    facts += [f"figures: {figures}"] if figures else []
    rows = table(("section", "score", "points", *OUTCOMES.values(), "must rules that fail"), _sections(card))
    parts = [f"#### {code(f'{root}{card.file}', CELL)}", "\n".join(f"* {fact}" for fact in facts)]
    return "\n\n".join([*parts, *([rows, _more(len(card.sections), "section")] if card.sections else [])]).rstrip()


def _score(card: Card) -> list[str]:
    return [] if card.score is None else [f"**{spread(card.score, card.upper)}** in {prose(weakest(card), CELL)}"]


def _sections(card: Card) -> list[tuple[str, ...]]:
    return [_row(section) for section in card.sections[:ROWS]]


def _row(section: Section) -> tuple[str, ...]:
    counts = [number(section.counts[outcome]) if outcome in section.counts else "" for outcome in OUTCOMES]
    failed = code(" ".join(section.failed), CELL)
    return prose(section.name, _NAME), spread(section.score, section.upper), share(section), *counts, failed


def _files(cards: Sequence[Card], root: str) -> str:
    """Return a row for each file."""
    rows = [
        (
            code(f"{root}{card.file}", CELL),
            spread(card.score, card.upper),
            prose(weakest(card), _NAME),
            share(card),
            number(len(card.failed)) if card.sections else "",
            statements(card),
        )
        for card in cards[:ROWS]
    ]
    head = ("file", "score", "weakest section", "points", "must rules that fail", "figures")
    return "\n\n".join([table(head, rows), _more(len(cards), "file")]).rstrip()


def _more(count: int, noun: str) -> str:
    return f"and {plural(count - ROWS, f'more {noun}')}" if count > ROWS else ""
