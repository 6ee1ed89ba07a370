"""One finding, or several of one check, as a block of Markdown: what, the numbers, what next, where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from cvnpolicy.core.finding import Finding, Outcome, Scalar
from cvnpolicy.core.numbers import instant, length, measured, number
from cvnpolicy.report.markdown_text import code, prose, table
from cvnpolicy.report.ranking import place, worst_groups
from cvnpolicy.report.terminal_block import group_text
from cvnpolicy.report.verdict import RANK, WORDS
from cvnpolicy.report.wording import condition, marks, plural

ROWS = 12
"""How many groups a table shows."""

MESSAGE, PART, CELL = 1000, 300, 160
"""The most code points shown of a message, of any other text, and of one in a table."""


def block(run: Sequence[Finding], at: datetime, root: str) -> str:
    """Return a heading, the message, the numbers and what to do next; ends without a newline.

    Args:
        run: One finding, or several that differ in their group alone.
        at: When the report is of.
        root: What stands before every file.
    """
    first, several = run[0], len(run) > 1
    outcome = " ".join([WORDS[first.outcome].upper(), *([first.severity.value] if first.severity else [])])
    about = plural(len(run), "group") if several else code(group_text(first.group), PART)
    lead = f"The first of {len(run)}: " if several else ""
    parts = [f"#### {outcome} {code(first.id, PART)} {about}".rstrip(), lead + prose(first.message, MESSAGE)]
    parts += [_groups(run), _left([one.outcome for one in run])] if several else []
    if first.groups:
        parts += [_readings(first), _left([reading.outcome for reading in first.groups])]
    parts.append("\n".join(f"* {fact}" for fact in _facts(run, at, root)))
    return "\n\n".join(filter(None, parts))


def group_code(group: Mapping[str, Scalar]) -> str:
    """Return the members of a group as code, short enough for a table."""
    return code(group_text(group), CELL)


def _facts(run: Sequence[Finding], at: datetime, root: str) -> Iterator[str]:
    first = run[0]
    yield from (prose(mark, PART) for mark in marks(first))
    numbers = _numbers(first, several=len(run) > 1)
    if numbers:
        yield ", ".join(numbers)
    if first.baselines and len(run) == 1:
        values = "; ".join(f"{name} {number(first.baselines[name])}" for name in sorted(first.baselines))
        yield f"baselines: {code(values, PART)}"
    if first.window is not None:
        start, end = first.window.start, first.window.end
        yield f"window {instant(start)} until {instant(end)} ({length(end - start)})"
    if first.first_seen is not None and len(run) == 1:
        least = "at least " if first.details.get("first_seen_at_least") else ""
        yield f"first seen {least}{instant(first.first_seen)} ({length(at - first.first_seen)} ago)"
    if first.hint:
        yield f"**next:** {prose(first.hint, PART)}"
    if first.action:
        yield f"**action:** {code(first.action, PART)}"
    if first.runbook:
        yield f"**runbook:** {code(first.runbook, PART)}"
    named = [place(first, root), first.rule, first.requirement or ""]
    yield " ".join(code(name, PART) for name in named if name)


def _numbers(finding: Finding, *, several: bool) -> list[str]:
    """Return what was measured, against what, on how many rows; of several findings only what they share."""
    numbers = []
    if finding.measured is not None and not several:
        numbers.append(f"measured **{_value(finding.measured, finding.condition)}**")
    if finding.condition is not None:
        named = finding.level is not None
        numbers.append(code(condition(finding), PART) if named else f"condition {code(finding.condition, PART)}")
    if finding.samples is not None and not several:
        numbers.append(plural(finding.samples, "sample"))
    return numbers


def _value(value: float | None, limit: str | None) -> str:
    """Return a measured number; one with many digits could be taken for a commit."""
    return "" if value is None else prose(measured(value, limit), CELL)


def _count(value: int | None) -> str:
    return "" if value is None else number(value)


def _groups(run: Sequence[Finding]) -> str:
    """Return several findings of one check, a row each."""
    rows = [
        (
            group_code(one.group),
            _value(one.measured, one.condition),
            _count(one.samples),
            "" if one.first_seen is None else instant(one.first_seen),
        )
        for one in run[:ROWS]
    ]
    return table(("group", "measured", "samples", "first seen"), rows)


def _readings(finding: Finding) -> str:
    """Return the groups of a quantified finding, the worst first."""
    rows = [
        (
            group_code(reading.group),
            WORDS[reading.outcome],
            _value(reading.measured, finding.condition),
            _count(reading.samples),
            prose(reading.reason, CELL),
        )
        for reading in worst_groups(finding)[:ROWS]
    ]
    return table(("group", "outcome", "measured", "samples", "reason"), rows)


def _left(outcomes: Sequence[Outcome]) -> str:
    """Return what a shortened table left out, counted by outcome."""
    left = Counter(sorted(outcomes, key=RANK.__getitem__)[ROWS:])
    counts = ", ".join(f"{number(count)} {WORDS[outcome]}" for outcome, count in left.items())
    return f"and {plural(left.total(), 'more group')}: {counts}" if left else ""
