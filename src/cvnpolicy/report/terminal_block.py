"""One finding, or several of one check, as a block of the terminal page: what, the numbers, what next, where."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from cvnpolicy.core.finding import UNDECIDED, Finding, GroupReading, Outcome, Scalar
from cvnpolicy.core.numbers import NOTHING, instant, length, measured, number
from cvnpolicy.core.visible import visible
from cvnpolicy.report.terminal_table import Column, Table, draw
from cvnpolicy.report.text import Page, Role, Word, columns, lay, words
from cvnpolicy.report.verdict import RANK, WORDS
from cvnpolicy.report.wording import condition, marks

ROWS = 12
"""How many groups a table shows unless all are asked for."""

_INDENT, _LABEL, _PAIR = 4, 12, 24
_ROLES = {Outcome.FAIL: Role.FAIL, Outcome.WARN: Role.WARN, Outcome.PASS: Role.PASS} | dict.fromkeys(
    UNDECIDED, Role.UNDECIDED
)


def role(outcome: Outcome) -> Role:
    """Return the colour of an outcome."""
    return _ROLES.get(outcome, Role.DIM)


def block(findings: Sequence[Finding], at: datetime, page: Page, *, verbose: bool) -> list[str]:
    """Return the lines of one finding, or of several that :func:`alike` holds to be one but for their groups."""
    first, several = findings[0], len(findings) > 1
    lines = _head(first, page, len(findings))
    lines += lay([word for mark in marks(first) for word in words(f"[{mark}]", Role.STRONG)], page, indent=_INDENT)
    lead = [*words(f"The first of {len(findings)}:", Role.DIM)] if several else []
    lines += lay([*lead, *words(first.message)], page, indent=_INDENT)
    for label, content in _facts(findings, at, verbose=verbose):
        lines += fact(label, content, page)
    table = _findings_table(findings, at) if several else _groups_table(first, verbose=verbose)
    lines += draw(table, page, indent=_INDENT)
    lines += _rest([one.outcome for one in findings] if several else [g.outcome for g in first.groups], page, verbose)
    for label, text in (("-> next", first.hint), ("-> action", first.action), ("-> runbook", first.runbook)):
        if text:
            lines += fact(label, words(text), page)
    return lines + _place(first, page)


def alike(finding: Finding) -> tuple[object, ...]:
    """Return what findings must share to stand in one block: all but their group and its numbers."""
    apart = () if not finding.groups else (finding.order,)
    said = (finding.message,) if not finding.group else ()
    same = (finding.location, finding.id, finding.rule, finding.outcome, finding.level, finding.severity, finding.mode)
    written = (finding.condition, finding.requirement, finding.hint, finding.action, finding.runbook)
    excused = (finding.waived_by, finding.on_unknown)
    return (*same, *written, *excused, finding.window, frozenset(finding.baselines), apart, said)


def group_text(group: Mapping[str, Scalar], *, names: bool = True) -> str:
    """Return the members of a group on one line, by name: ``feature=btc_return_15m symbol=ETHUSDC``."""
    return " ".join((f"{visible(name)}=" if names else "") + member(group[name]) for name in sorted(group))


def member(value: Scalar) -> str:
    """Return one group member, in quotes where its ends would not be plain to see."""
    text = str(value).lower() if isinstance(value, bool) else visible(str(value))
    return f'"{text}"' if not text or any(sign in text for sign in ' ="') else text


def _head(finding: Finding, page: Page, count: int) -> list[str]:
    """Return outcome, severity, id and group."""
    content = [Word(WORDS[finding.outcome].upper(), role(finding.outcome))]
    if finding.severity is not None:
        content.append(Word(finding.severity.value, Role.STRONG, 2))
    content += words(finding.id, Role.STRONG, gap=2)
    if count > 1:
        content += words(f"{count} groups", gap=2)
    else:
        content += words(group_text(finding.group), gap=2)
    return lay(content, page, hang=_INDENT)


def _facts(findings: Sequence[Finding], at: datetime, *, verbose: bool) -> list[tuple[str, list[Word]]]:
    """Return the numbers of findings, named; those that differ between several are left to their table."""
    first, several = findings[0], len(findings) > 1
    facts: list[tuple[str, list[Word]]] = []
    limit = condition(first)
    if several or (first.groups and first.measured is None):
        facts.append(("condition", words(limit.removeprefix("condition "))))
    elif first.measured is not None or limit:
        value = Word(measured(first.measured, first.condition), role(first.outcome))
        facts.append(("measured", [value, *words(limit, gap=3)]))
    if first.samples is not None and _shared([one.samples for one in findings]):
        facts.append(("samples", words(number(first.samples))))
    if first.window is not None:
        start, end = first.window.start, first.window.end
        facts.append(("window", words(f"{instant(start)} until {instant(end)} ({length(end - start)})")))
    if first.first_seen is not None and _shared([one.first_seen for one in findings]):
        least = "at least " if first.details.get("first_seen_at_least") else ""
        facts.append(("first seen", words(f"{least}{instant(first.first_seen)} ({_age(first, at)})")))
    if _shared([one.baselines for one in findings]):
        facts.append(("baselines", _named(first.baselines)))
    if verbose:
        facts.append(("details", _named(first.details)))
    return facts


def _shared(values: Sequence[object]) -> bool:
    """Return whether all are equal, so that they are said once."""
    return all(value == values[0] for value in values)


def _age(finding: Finding, at: datetime) -> str:
    return "" if finding.first_seen is None else f"{length(at - finding.first_seen)} ago"


def _named(values: Mapping[str, object]) -> list[Word]:
    """Return names with their values, well apart; a short name and its value stay on one line."""
    pairs = [words(f"{name} {_value(values[name])}", gap=3) for name in sorted(values)]
    joined = [Word(" ".join(word.text for word in pair), gap=3) for pair in pairs]
    short = [columns(whole.text) <= _PAIR for whole in joined]
    return [word for pair, whole, one in zip(pairs, joined, short, strict=True) for word in ([whole] if one else pair)]


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None or isinstance(value, int | float):
        return number(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def fact(label: str, content: Sequence[Word], page: Page) -> list[str]:
    """Return one named line, its text wrapped under itself."""
    if not content:
        return []
    head, *tail = content
    named = [Word(label, Role.DIM), Word(head.text, head.role, max(1, _LABEL - len(label))), *tail]
    return lay(named, page, indent=_INDENT, hang=_INDENT + _LABEL)


def _groups_table(finding: Finding, *, verbose: bool) -> Table:
    """Return the groups of a quantified finding, the worst first, so that a shortened list hides none of them."""
    names = sorted({name for reading in finding.groups for name in reading.group})
    ranked = sorted(finding.groups, key=lambda reading: RANK[reading.outcome])
    shown = ranked if verbose else ranked[:ROWS]
    head = [*(Column(visible(name)) for name in names), Column("outcome"), Column("measured", right=True)]
    head += [Column("samples", right=True), Column("reason")]
    rows = tuple(_reading(reading, names, finding.condition) for reading in shown)
    return Table(tuple(head), rows).without_empty({NOTHING})


def _reading(reading: GroupReading, names: Sequence[str], condition: str | None) -> tuple[Word, ...]:
    cells = _members(reading.group, names)
    value = Word(measured(reading.measured, condition), role(reading.outcome))
    outcome = Word(WORDS[reading.outcome], role(reading.outcome))
    return (*cells, outcome, value, Word(number(reading.samples)), Word(" ".join(visible(reading.reason).split())))


def _members(group: Mapping[str, Scalar], names: Sequence[str]) -> list[Word]:
    return [Word(member(group[name]) if name in group else NOTHING) for name in names]


def _findings_table(findings: Sequence[Finding], at: datetime) -> Table:
    """Return several findings of one check, a row each, with the numbers that they do not share."""
    names = sorted({name for finding in findings for name in finding.group})
    head = [Column(visible(name)) for name in names]
    cells = [_members(finding.group, names) for finding in findings]
    for title, texts, colouring in _differing(findings, at):
        head.append(Column(title, right=True))
        for row, text in zip(cells, texts, strict=True):
            row.append(Word(text, colouring))
    return Table(tuple(head), tuple(tuple(row) for row in cells[:ROWS])).without_empty()


def _differing(findings: Sequence[Finding], at: datetime) -> Iterator[tuple[str, list[str], Role]]:
    """Yield what to show of each finding: a title, a text for each, and its colour."""
    if any(one.measured is not None for one in findings):
        yield "measured", [measured(one.measured, one.condition) for one in findings], role(findings[0].outcome)
    if not _shared([one.baselines for one in findings]):
        for name in sorted(findings[0].baselines):
            yield visible(name), [number(one.baselines[name]) for one in findings], Role.PLAIN
    if not _shared([one.samples for one in findings]):
        yield "samples", [number(one.samples) for one in findings], Role.PLAIN
    if not _shared([one.first_seen for one in findings]):
        yield "first seen", [_age(one, at) for one in findings], Role.PLAIN


def _rest(outcomes: Sequence[Outcome], page: Page, verbose: bool) -> list[str]:
    """Return what a shortened table left out, counted by outcome."""
    if verbose or len(outcomes) <= ROWS:
        return []
    left = Counter(sorted(outcomes, key=RANK.__getitem__)[ROWS:])
    counts = ", ".join(f"{count} {WORDS[outcome]}" for outcome, count in left.items())
    text = f"… and {sum(left.values())} more: {counts} (all of them: --verbose)"
    return lay(words(text, Role.DIM), page, indent=_INDENT)


def _place(finding: Finding, page: Page) -> list[str]:
    """Return where the finding stands, as a link a terminal understands, and the rule and sentence it comes from."""
    place = [Word(visible(str(finding.location)), Role.DIM), *words(finding.rule, Role.DIM, gap=2)]
    return lay([*place, *words(finding.requirement or "", Role.DIM, gap=2)], page, indent=_INDENT)
