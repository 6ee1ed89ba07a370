"""Readiness files on the terminal page: their score cards, and their findings listed file by file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from cvnpolicy.core.finding import Finding
from cvnpolicy.core.visible import visible
from cvnpolicy.report.score import STATEMENTS, Card, Section, rule_name
from cvnpolicy.report.score_words import LEGEND, must_rules, share, spread, statements, weakest
from cvnpolicy.report.terminal_block import fact
from cvnpolicy.report.terminal_table import Column, Table, draw
from cvnpolicy.report.text import Page, Role, Word, lay, words
from cvnpolicy.report.wording import one_line

CARDS = 3
"""More files than this are shown without their sections unless ``verbose``."""

_INDENT, _BAR = 4, 10


def score_lines(cards: Sequence[Card], page: Page, *, verbose: bool) -> list[str]:
    """Return the score cards, an empty line after each, and how to read them."""
    lines: list[str] = []
    for card in cards:
        lines += [*_card(card, page, whole=verbose or len(cards) <= CARDS), ""]
    return lines + lay(words(LEGEND, Role.DIM), page, indent=_INDENT)


def by_file(findings: Iterable[Finding], page: Page) -> list[str]:
    """Return findings in the order of the report: each file once, then a row for each: line, rule, what was found."""
    lines: list[str] = []
    for file, found in groupby(findings, key=lambda finding: finding.location.file):
        table = Table((Column("", right=True), Column(""), Column("")), tuple(map(_found, found)))
        lines += lay(words(file), page, indent=_INDENT)
        lines += draw(table.without_empty(), page, indent=_INDENT, titles=False)
    return lines


def _found(finding: Finding) -> tuple[Word, ...]:
    rule = "" if finding.rule in STATEMENTS else visible(rule_name(finding))
    return Word(str(finding.location.line), Role.DIM), Word(rule), Word(one_line(finding.message))


def _card(card: Card, page: Page, *, whole: bool) -> list[str]:
    lines = lay(words(card.file, Role.STRONG), page, hang=_INDENT)
    for label, content in _facts(card):
        lines += fact(label, content, page)
    if not whole or not card.sections:
        return lines
    head = (Column(""), Column(""), Column(""), Column(""))
    table = Table(head, tuple(_row(section) for section in card.sections))
    return lines + draw(table.without_empty(), page, indent=_INDENT, titles=False)


def _facts(card: Card) -> list[tuple[str, list[Word]]]:
    facts: list[tuple[str, list[Word]]] = []
    if card.score is not None:
        score = words(spread(card.score, card.upper), Role.UNDECIDED if card.unsure else Role.STRONG)
        facts.append(("score", [*score, *words(f"in {one_line(weakest(card))}", gap=2)]))
    if card.sections:
        facts.append(("points", [*words(share(card)), *words(must_rules(card), _failing(len(card.failed)), gap=2)]))
    facts.append(("figures", words(statements(card), _failing(card.contradict))))
    return facts


def _failing(count: int) -> Role:
    return Role.FAIL if count else Role.PLAIN


def _row(section: Section) -> tuple[Word, ...]:
    points = Role.UNDECIDED if section.open else Role.FAIL if section.failed else Role.PLAIN
    failed = " ".join(one_line(name) for name in section.failed)
    return Word(one_line(section.name)), Word(_bar(section)), Word(share(section), points), Word(failed, Role.FAIL)


def _bar(section: Section) -> str:
    """Return ten signs: what the section has, what is open, and what it lacks."""
    if section.score is None or section.upper is None:
        return ""
    low, high = _signs(section.score), _signs(section.upper)
    return "#" * low + "?" * (high - low) + "." * (_BAR - high)


def _signs(score: float) -> int:
    """Return how many of ten signs a score is; only nothing is none, and only all are ten."""
    return round(score * _BAR) if score in (0, 1) else min(max(round(score * _BAR), 1), _BAR - 1)
