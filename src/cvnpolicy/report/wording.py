"""Words that every page has in common. All text from outside is made safe here."""

from __future__ import annotations

from collections.abc import Mapping

from cvnpolicy.core.errors import ExitCode
from cvnpolicy.core.finding import UNDECIDED, Finding, OnUnknown, Report
from cvnpolicy.core.numbers import instant, number
from cvnpolicy.core.rules import DocumentRule
from cvnpolicy.core.visible import visible
from cvnpolicy.core.weight import Weight, weigh

_BLOCKS = frozenset({Weight.FAILS, Weight.HOLDS})


def one_line(text: str) -> str:
    """Return text from outside on one line, made visible, its spaces drawn together."""
    return " ".join(visible(text).split())


def plural(count: int, noun: str) -> str:
    """Return ``1 finding``, ``2,000 findings``."""
    return f"{number(count)} {noun}{'' if count == 1 else 's'}"


def condition(finding: Finding) -> str:
    """Return the condition with the word it is written under, ``crit_if < 95%``, safe to show; empty for none."""
    if finding.condition is None:
        return ""
    word = f"{finding.level.value}_if" if finding.level is not None else finding.tested or "condition"
    return one_line(f"{word} {finding.condition}")


def marks(finding: Finding) -> list[str]:
    """Return, in words, what keeps a bad finding from counting, or makes an undecided one count as more; safe to show.

    Who waived it, until when and why stand together: an exception without its reason cannot be judged.
    """
    said = []
    if finding.waived_by is not None:
        said.append(f"waived by {one_line(finding.waived_by)}{_terms(finding.details.get('waiver'))}, does not block")
    if finding.mode == "advise":
        said.append("advises, does not block")
    if finding.outcome in UNDECIDED and finding.on_unknown is not OnUnknown.HOLD:
        does = "counts as a fail" if finding.on_unknown is OnUnknown.FAIL else "does not block"
        said.append(f"on_unknown: {finding.on_unknown.value}, {does}")
    return said


def _terms(waiver: object) -> str:
    if not isinstance(waiver, Mapping):
        return ""
    until = f"until {waiver['expires']} " if "expires" in waiver else ""
    return " " + one_line(f"{until}({waiver.get('reason')})")


def headline(report: Report, *, gates: bool = True) -> str:
    """Return the verdict and what makes it: ``FAIL at 2026-06-11 00:00 UTC: 6 of 32 findings block``.

    Args:
        report: What it is about.
        gates: Whether gates are counted, which only sum up others. They are where there is nothing else.
    """
    own = [finding for finding in report.findings if gates or finding.rule != DocumentRule.GATE]
    counted = own if any(weigh(finding, strict=report.strict) in _BLOCKS for finding in own) else report.findings
    blocking = sum(weigh(finding, strict=report.strict) in _BLOCKS for finding in counted)
    says = f"{number(blocking)} of {plural(len(counted), 'finding')} {'blocks' if blocking == 1 else 'block'}"
    if report.exit_code is ExitCode.NOTHING:
        says = "there was nothing to check"
    elif not blocking:
        says = "nothing blocks"
    return f"{report.verdict.value.upper()} at {instant(report.at)}: {says}"
