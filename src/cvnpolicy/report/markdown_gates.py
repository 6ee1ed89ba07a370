"""The top of a comment on a pull request: what blocks, and which gates ran.

A reviewer reads down: what it is and where it stands, why it is bad, and what would mend it.
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
"""How many findings are shown."""

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
    """Return what blocks as a list, and the gates as a table.

    Args:
        report: The report of several gates.
        root: What stands before every file.
    """
    found = blocking(report)
    parts = []
    runs = _alike(found)
    if runs:
        parts.append("\n".join(_item(same, root) for same in runs[:ROWS]))
        left = sum(map(len, runs[ROWS:]))
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


def _item(same: Sequence[Finding], root: str) -> str:
    """Return what, where, why and what next, a line each: a row of a table would be wider than a comment."""
    one = same[0]
    named = code(one.id, _CELL) + ("" if one.id.endswith(one.rule) else f" {one.rule}")
    where = place(one, root)
    more = f" and {plural(len(same) - 1, 'more place')}" if len(same) > 1 else ""
    lines = [f"* **{prose(kind(one), _CELL)}** {named}" + (f" at {code(where, _CELL)}{more}" if where else "")]
    lines.append(prose(one.message, _WHY))
    next_ = one.hint or one.action
    lines += [f"**next:** {prose(next_, _WHY)}"] if next_ else []
    return "\\\n  ".join(lines)


def _gate(one: Finding) -> tuple[str, ...]:
    said = _SAID.get(one.outcome, WORDS[one.outcome])
    return code(one.id.partition("/")[2], _CELL), said, prose(one.message, _WHY)


def _ordered(gates: Sequence[Finding]) -> list[Finding]:
    """Return those that ran first: the rest is of interest to nobody in a hurry."""
    return sorted(gates, key=lambda one: one.outcome in _SAID)
