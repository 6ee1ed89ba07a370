"""The top of a comment on a pull request: what blocks, a line each, and which gates ran.

A reviewer reads from left to right: what it is, where it stands, why it is bad, and what would mend it.
"""

from __future__ import annotations

from collections.abc import Sequence

from cvnpolicy.core.finding import Finding, Outcome, Report
from cvnpolicy.core.rules import ChangeRule, DocumentRule
from cvnpolicy.core.weight import Weight
from cvnpolicy.report.markdown_text import code, prose, table
from cvnpolicy.report.ranking import importance, kind, place
from cvnpolicy.report.verdict import WORDS, chosen
from cvnpolicy.report.wording import plural

ROWS = 15
"""How many findings the table shows."""

_WHY, _CELL = 300, 160
_CHANGES = frozenset({*ChangeRule})
"""What the change does to the rules themselves: a reviewer looks at nothing else before it."""
_SAID = {Outcome.SKIPPED: "left out", Outcome.NOT_APPLICABLE: "does not apply"}


def has_gates(report: Report) -> bool:
    """Return whether a report is one of several gates."""
    return any(finding.rule == DocumentRule.GATE for finding in report.findings)


def blocking(report: Report) -> list[Finding]:
    """Return what blocks, the most important first; gates themselves only where nothing else does."""
    found = [*chosen(report, Weight.FAILS), *chosen(report, Weight.HOLDS)]
    own = [one for one in found if one.rule != DocumentRule.GATE]
    return sorted(own or found, key=lambda one: (one.rule not in _CHANGES, importance(one)))


def top_text(report: Report, root: str) -> str:
    """Return both tables.

    Args:
        report: The report of several gates.
        root: What stands before every file.
    """
    found = blocking(report)
    parts = []
    rows = _alike(found)
    if rows:
        parts.append(table(("what", "where", "why", "what next"), [_row(same, root) for same in rows[:ROWS]]))
        left = sum(map(len, rows[ROWS:]))
        if left:
            parts.append(f"and {plural(left, 'more finding')} below")
    gates = [one for one in report.findings if one.rule == DocumentRule.GATE]
    parts.append(table(("gate", "", "why"), [_gate(one) for one in _ordered(gates)]))
    return "".join(f"{part}\n\n" for part in parts)


def _alike(findings: Sequence[Finding]) -> list[list[Finding]]:
    """Return findings that say the same of several places together."""
    runs: dict[tuple[str, ...], list[Finding]] = {}
    for one in findings:
        runs.setdefault((one.id, one.rule, one.outcome, one.message, one.hint), []).append(one)
    return list(runs.values())


def _row(same: Sequence[Finding], root: str) -> tuple[str, ...]:
    one = same[0]
    named = code(one.id, _CELL) + ("" if one.id == one.rule else f" {one.rule}")
    more = f" and {plural(len(same) - 1, 'more place')}" if len(same) > 1 else ""
    cells = (prose(text, _WHY) for text in (one.message, one.hint or one.action or ""))
    return f"**{prose(kind(one), _CELL)}** {named}", code(place(one, root), _CELL) + more, *cells


def _gate(one: Finding) -> tuple[str, ...]:
    said = _SAID.get(one.outcome, WORDS[one.outcome])
    return code(one.id.partition("/")[2], _CELL), said, prose(one.message, _WHY)


def _ordered(gates: Sequence[Finding]) -> list[Finding]:
    """Return those that ran first: the rest is of interest to nobody in a hurry."""
    return sorted(gates, key=lambda one: one.outcome in _SAID)
