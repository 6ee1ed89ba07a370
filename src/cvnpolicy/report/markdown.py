"""Markdown for GitHub: the summary of a step, or the body of a comment on a pull request.

What blocks comes first, what holds last and folded. GitHub refuses a comment of more than 65,536 characters, so the
text is bounded: the least important findings are left out, and counted where they would stand. Nothing in it is a link
or an image, and the only HTML is our own: relative links lead nowhere from a summary, so runbooks and places are code.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from cvnpolicy.core.finding import Finding, Outcome, Report
from cvnpolicy.core.numbers import instant, number
from cvnpolicy.core.rules import DocumentRule
from cvnpolicy.core.weight import Weight, weigh
from cvnpolicy.report.markdown_block import CELL, block, group_code
from cvnpolicy.report.markdown_card import card_text
from cvnpolicy.report.markdown_gates import has_gates, top_text
from cvnpolicy.report.markdown_text import code, prose
from cvnpolicy.report.ranking import importance, place, together
from cvnpolicy.report.score import cards, uncompared
from cvnpolicy.report.verdict import WORDS, why
from cvnpolicy.report.wording import headline, one_line, plural

LIMIT = 60_000
"""The most UTF-16 units, which are never fewer than characters, of the whole text."""

MARKER = "<!-- cvnpolicy -->"
"""The first line: by it a comment that is there already is found, and written over instead of a second one."""

_REASON = 2000
_ASIDE = frozenset({Outcome.SKIPPED, Outcome.NOT_APPLICABLE})
_EXCUSED = {Weight.ADVISES: "advisory", Weight.WAIVED: "waived", Weight.TOLERATED: "tolerated"}


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of text that is shown whole or not at all, and how many findings it speaks of."""

    text: str
    findings: int


@dataclass(frozen=True, slots=True)
class _Section:
    """What opens a section, its parts, the most important first, and what closes it."""

    opening: str
    parts: Sequence[_Part]
    closing: str = ""


def render(report: Report, *, root: str = "") -> str:
    """Return the report as GitHub-flavoured Markdown of no more than :data:`LIMIT` characters.

    Args:
        report: What to show.
        root: The folder that locations are relative to, below the top of the git repository, with a slash at its end.
    """
    gates = has_gates(report)
    top = top_text(report, root) if gates else _cards(report, root)
    head, foot = _head(report) + top, _foot(report)
    sections = [section for section in _sections(report, root) if section.parts]
    fixed = head + foot + "".join(one.opening + _left(sum(part.findings for part in one.parts)) for one in sections)
    room = LIMIT - _size(fixed + "".join(one.closing for one in sections))
    text = head
    for section in sections:
        shown = _fitting(section.parts, room)
        # Once something is left out, nothing less important is shown in its stead.
        full = len(shown) == len(section.parts)
        room = room - sum(_size(part.text) for part in shown) if full else 0
        left = sum(part.findings for part in section.parts[len(shown) :])
        text += section.opening + "".join(part.text for part in shown) + (_left(left) if left else "") + section.closing
    return text + foot


def _size(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _fitting(parts: Sequence[_Part], room: int) -> Sequence[_Part]:
    """Return the first parts, as many as there is room for."""
    for count, part in enumerate(parts):
        room -= _size(part.text)
        if room < 0:
            return parts[:count]
    return parts


def _left(count: int) -> str:
    """Return the line that counts what is left out. With the largest count it is the longest."""
    return f"\n**{plural(count, 'finding')} left out here: the text would be too long.** `--format json` has all.\n\n"


def _head(report: Report) -> str:
    # Gates have a table of their own.
    told = Counter(one.outcome for one in report.findings if one.rule != DocumentRule.GATE)
    counts = [f"{number(told[outcome])} {word}" for outcome, word in WORDS.items() if told[outcome]]
    gates = has_gates(report)
    title = f"## cvnpolicy: {headline(report, gates=not gates)}"
    return (f"{MARKER}\n" if gates else "") + f"{title}\n\n{', '.join(counts or ['no findings'])}\n\n"


def _cards(report: Report, root: str) -> str:
    """Return the score cards, unless they would leave too little room for what fails."""
    text = card_text(cards(report), root)
    return text if _size(text) <= LIMIT // 3 else "The score cards are too long for here: `--format html` has them.\n\n"


def _foot(report: Report) -> str:
    evidence = "none was read" if report.evidence_sha256 is None else f"sha256 {code(report.evidence_sha256, CELL)}"
    lines = [
        f"at {instant(report.at)}",
        f"exit code {report.exit_code.value}: {prose(why(report), _REASON)}",
        f"evidence: {evidence}",
    ]
    return "---\n\n" + "".join(f"* {line}\n" for line in lines)


def _sections(report: Report, root: str) -> Iterator[_Section]:
    """Yield every section, the most important first, empty ones too."""
    ranked = sorted(report.findings, key=importance)
    weights: dict[Weight, list[Finding]] = {weight: [] for weight in Weight}
    for finding in ranked:
        weights[weigh(finding, strict=report.strict)].append(finding)
    warned = [finding for finding in weights[Weight.NONE] if finding.outcome is Outcome.WARN]
    unbound = [finding for finding in weights[Weight.TOLERATED] if uncompared(finding)]
    weights[Weight.TOLERATED] = [finding for finding in weights[Weight.TOLERATED] if not uncompared(finding)]
    excused = [finding for weight in _EXCUSED for finding in weights[weight]]
    counts = ", ".join(f"{number(len(weights[one]))} {word}" for one, word in _EXCUSED.items() if weights[one])
    bad = (
        ("What fails", weights[Weight.FAILS]),
        ("What could not be decided, and holds", weights[Weight.HOLDS]),
        ("Warnings", warned),
    )
    for title, findings in bad:
        if has_gates(report):  # the table at the top has said it in short
            shown = [one for one in findings if one.rule != DocumentRule.GATE]
            yield _folded(f"{title}, in full: {number(len(shown))}", "", _blocks(report, shown, root))
        else:
            yield _Section(f"### {title}: {number(len(findings))}\n\n", _blocks(report, findings, root))
    if has_gates(report):
        cards_of = _cards(report, root)
        yield _folded("Score of the readiness files", "", [_Part(cards_of, 0)] if cards_of else [])
    yield _folded(f"Bad, but does not block: {counts}", "", _blocks(report, excused, root))
    yield _folded(
        f"Figures that no check states, so not compared: {number(len(unbound))}",
        "| where | why |\n| --- | --- |\n",
        _unbound(unbound, root),
    )
    good = [one for one in ranked if one.outcome is Outcome.PASS and one.rule != DocumentRule.GATE]
    yield _folded(f"Passes: {number(len(good))}", "| policy | passes |\n| --- | --- |\n", _policies(good))
    aside = [one for one in ranked if one.outcome in _ASIDE and one.rule != DocumentRule.GATE]
    yield _folded(
        f"Not asked: {number(len(aside))}", "| outcome | check | why |\n| --- | --- | --- |\n", _reasons(aside)
    )


def _folded(summary: str, head: str, parts: Sequence[_Part]) -> _Section:
    """Return a section that opens when it is clicked; the summary is our own words."""
    closing = "\n</details>\n\n" if head else "</details>\n\n"
    return _Section(f"<details>\n<summary>{summary}</summary>\n\n{head}", parts, closing)


def _blocks(report: Report, findings: Iterable[Finding], root: str) -> list[_Part]:
    return [_Part(f"{block(run, report.at, root)}\n\n", len(run)) for run in together(findings)]


def _policies(findings: Iterable[Finding]) -> list[_Part]:
    """Return a row for each policy."""
    counts = Counter(one_line(finding.id).split("/")[0] for finding in findings)
    rows = ((f"| {code(policy, CELL)} | {number(count)} |\n", count) for policy, count in sorted(counts.items()))
    return [_Part(row, count) for row, count in rows]


def _reasons(findings: Iterable[Finding]) -> list[_Part]:
    """Return a row for each finding that was not asked."""
    cells = (
        (WORDS[one.outcome], f"{code(one.id, CELL)} {group_code(one.group)}".rstrip(), prose(one.message, CELL))
        for one in findings
    )
    return [_Part(f"| {' | '.join(row)} |\n", 1) for row in cells]


def _unbound(findings: Iterable[Finding], root: str) -> list[_Part]:
    """Return a row for each figure that no check states."""
    return [_Part(f"| {code(place(one, root), CELL)} | {prose(one.message, CELL)} |\n", 1) for one in findings]
