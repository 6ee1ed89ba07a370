"""The page for a person at a terminal: what needs a person first, what holds last, and why it ends as it does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby

from cvnpolicy.core.finding import UNDECIDED, Finding, Outcome, Report, Verdict
from cvnpolicy.core.numbers import instant, measured, number
from cvnpolicy.core.rules import DocumentRule
from cvnpolicy.core.visible import visible
from cvnpolicy.core.weight import Weight, weigh
from cvnpolicy.report.score import belongs, cards, uncompared
from cvnpolicy.report.terminal_block import alike, block, fact, group_text, role
from cvnpolicy.report.terminal_card import by_file, score_lines
from cvnpolicy.report.terminal_table import Column, Table, draw
from cvnpolicy.report.text import Page, Role, Word, columns, lay, words
from cvnpolicy.report.verdict import WORDS, why
from cvnpolicy.report.wording import condition, headline, plural

NARROWEST = 40
"""A narrower terminal gets a page of this many columns."""

MERGED = 3
"""More findings than this of one check, apart only in their group, share one block unless ``verbose``."""

LISTED = 20
"""More passes, skipped or not applicable rules than this are counted by policy or file unless ``verbose``."""
_TOLD = frozenset({DocumentRule.GATE, "CVN550"})
"""Rules whose pass is told in words and not by a measurement: of gates, and of how many files were linted."""

_INDENT = 4
_VERDICTS = {Verdict.FAIL: Role.FAIL, Verdict.HOLD: Role.UNDECIDED, Verdict.PASS: Role.PASS}
_BAD = (
    ("FAIL", frozenset({Outcome.FAIL}), Role.FAIL),
    ("COULD NOT DECIDE", UNDECIDED, Role.UNDECIDED),
    ("WARN", frozenset({Outcome.WARN}), Role.WARN),
)


def render(report: Report, *, colour: bool, width: int, verbose: bool = False) -> str:
    """Return the report as a page of text that ends with a newline.

    No line is wider than the page unless one word alone is, such as a path. All text from policies and evidence is
    made harmless first. Without colour the page says the same.

    Args:
        report: What to show.
        colour: Colour it with SGR sequences.
        width: Columns of the page; fewer than 40 are taken as 40.
        verbose: Show every finding and every group in full.
    """
    page = Page(max(width, NARROWEST), colour)
    lines = _headline(report, page)
    for title, outcomes, colouring in _BAD:
        # The most urgent first: sorting keeps the report's own order among equals.
        bad = sorted(
            (finding for finding in report.findings if finding.outcome in outcomes),
            key=lambda finding: (finding.severity is None, finding.severity or ""),
        )
        if bad:
            lines += ["", *_heading(title, _tally(bad, strict=report.strict), colouring, page)]
            lines += _bad(bad, report.at, page, verbose=verbose)
    for outcome in (Outcome.PASS, Outcome.SKIPPED, Outcome.NOT_APPLICABLE):
        quiet = [finding for finding in report.findings if finding.outcome is outcome]
        if quiet:
            lines += ["", *_heading(WORDS[outcome].upper(), plural(len(quiet), "finding"), role(outcome), page)]
            lines += _listed(quiet, page, verbose=verbose)
    files = cards(report)
    if files:
        lines += ["", *_heading("SCORE", plural(len(files), "file"), Role.STRONG, page)]
        lines += score_lines(files, page, verbose=verbose)
    return "\n".join([*lines, "", *_footer(report, page)]) + "\n"


def _headline(report: Report, page: Page) -> list[str]:
    """Return the verdict and how many findings make it."""
    verdict, *rest = headline(report).split()
    return lay([Word(verdict, _VERDICTS[report.verdict]), *map(Word, rest)], page, hang=_INDENT)


def _heading(title: str, note: str, colouring: Role, page: Page) -> list[str]:
    """Return the rule above a section, with its name and what it holds."""
    content = [Word("──", Role.DIM), *words(title, colouring), Word("·", Role.DIM), *words(note)]
    lines = lay(content, page, hang=_INDENT)
    used = sum(columns(word.text) + 1 for word in content)
    if len(lines) == 1 and used < page.width:
        lines[0] += " " + page.paint("─" * (page.width - used), Role.DIM)
    return lines


def _tally(findings: Sequence[Finding], *, strict: bool) -> str:
    """Return how many findings there are, how many of them block, and what excuses the others."""
    weights = Counter(weigh(finding, strict=strict) for finding in findings)
    counts = (
        (weights[Weight.FAILS] + weights[Weight.HOLDS], "blocks", "block"),
        (weights[Weight.ADVISES], "advises", "advise"),
        (weights[Weight.WAIVED], "waived", "waived"),
        (weights[Weight.TOLERATED], "tolerated", "tolerated"),
    )
    parts = [f"{count} {one if count == 1 else many}" for count, one, many in counts if count]
    return plural(len(findings), "finding") + (f": {', '.join(parts)}" if parts else "")


def _bad(findings: Sequence[Finding], at: datetime, page: Page, *, verbose: bool) -> Iterator[str]:
    """Yield a block for each finding. Figures that no check states are listed behind them unless ``verbose``."""
    left = [] if verbose else [finding for finding in findings if uncompared(finding)]
    shown = findings if not left else [finding for finding in findings if not uncompared(finding)]
    yield from _blocks(shown, at, page, verbose=verbose)
    if left:
        if shown:
            yield ""
        yield from lay(words("Figures that no check states, so that they were not compared:"), page)
        yield from _listed(left, page, verbose=False)


def _blocks(findings: Sequence[Finding], at: datetime, page: Page, *, verbose: bool) -> Iterator[str]:
    """Yield the blocks of a section, in the order of the report, an empty line between two."""
    between = False
    for _, run in groupby(findings, key=alike):
        same = list(run)
        together = [same] if len(same) > MERGED and not verbose else [[finding] for finding in same]
        for one in together:
            if between:
                yield ""
            yield from block(one, at, page, verbose=verbose)
            between = True


def _listed(findings: Sequence[Finding], page: Page, *, verbose: bool) -> list[str]:
    """Return a line for each finding, or for each policy or readiness file where they are many."""
    if len(findings) > LISTED and not verbose:
        return _counted(findings, page)
    others = [finding for finding in findings if not belongs(finding)]
    said = others and others[0].outcome is not Outcome.PASS
    told = [finding for finding in others if said or finding.rule in _TOLD]
    checks = [finding for finding in others if not said and finding.rule not in _TOLD]
    tables = [_reasons(told)] * bool(told) + [_passes(checks, page)] * bool(checks)
    lines = [line for table in tables for line in draw(table.without_empty(), page, indent=_INDENT, titles=False)]
    return lines + by_file(filter(belongs, findings), page)


def _reasons(findings: Sequence[Finding]) -> Table:
    """Return what was not asked, and why."""
    rows = [(*_name(finding), Word(" ".join(visible(finding.message).split()))) for finding in findings]
    return Table((Column(""),) * 3, tuple(rows))


def _name(finding: Finding, *, names: bool = True) -> tuple[Word, Word]:
    return Word(visible(finding.id)), Word(group_text(finding.group, names=names))


def _passes(findings: Sequence[Finding], page: Page) -> Table:
    """Return the fullest table that fits the page: names of dimensions go first, then samples, then conditions."""
    full, short = (_pass_table(findings, names=names) for names in (True, False))
    tables = [full, short, short.only(range(4)), short.only(range(3))]
    fitting = (table for table in tables if _INDENT + table.without_empty().across() <= page.width)
    return next(fitting, full)


def _pass_table(findings: Sequence[Finding], *, names: bool) -> Table:
    head = (Column(""), Column(""), Column("", right=True), Column(""), Column("", right=True))
    rows = []
    for finding in findings:
        value = "" if finding.measured is None else measured(finding.measured, finding.condition)
        limit = condition(finding) if value else ""
        samples = "" if finding.samples is None else plural(finding.samples, "sample")
        rows.append((*_name(finding, names=names), Word(value, Role.PASS), Word(limit), Word(samples)))
    return Table(head, tuple(rows))


def _counted(findings: Sequence[Finding], page: Page) -> list[str]:
    """Return how many findings each policy has, or each readiness file."""
    counts = Counter(
        visible(finding.location.file) if belongs(finding) else visible(finding.id).split("/")[0]
        for finding in findings
    )
    rows = tuple((Word(policy), Word(number(count))) for policy, count in sorted(counts.items()))
    lines = draw(Table((Column(""), Column("", right=True)), rows), page, indent=_INDENT, titles=False)
    return [*lines, *lay(words("(each of them: --verbose)", Role.DIM), page, indent=_INDENT)]


def _footer(report: Report, page: Page) -> list[str]:
    """Return the verdict, the counts, the exit code and why, and the evidence that it rests on."""
    counts = [f"{number(report.summary[outcome])} {word}" for outcome, word in WORDS.items() if report.summary[outcome]]
    evidence = "none was read" if report.evidence_sha256 is None else f"sha256 {report.evidence_sha256[:12]}"
    facts = (
        ("findings", [Word(count) for count in ",\n".join(counts or ["none"]).split("\n")]),
        ("exit code", words(f"{report.exit_code.value}: {why(report)}")),
        ("evidence", words(evidence)),
    )
    lines = _heading(f"VERDICT: {report.verdict.value.upper()}", instant(report.at), _VERDICTS[report.verdict], page)
    return lines + [line for label, content in facts for line in fact(label, content, page)]
