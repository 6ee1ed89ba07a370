"""Comments that silence a finding: ``# cvnpolicy: ignore[CVN501] reason until 2026-06-01``. No other comment does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import libcst as cst

from cvnpolicy.core.rules import LintRule

LONGEST = 1_000
"""The most characters of a comment that is read."""
_MARK = re.compile(rb"cvn-?policy", re.IGNORECASE)
_LOOKS = re.compile(r"#[#:!\s]*cvnpolicy\s*:|cvn-?policy\s*:?\s*ignore\s*\[", re.IGNORECASE)
_OURS = re.compile(r"#[#:!\s]*cvnpolicy\s*:", re.IGNORECASE)
_FORM = re.compile(r"#[#:!\s]*cvnpolicy:\s*ignore\[(?P<rules>[^\]]*)\](?P<reason>.*)", re.DOTALL)
_UNTIL = re.compile(r"\buntil\b", re.IGNORECASE)
_END = re.compile(r"(?P<reason>.*?)\s+until\s+(?P<until>\d{4}-\d{2}-\d{2})\s*", re.DOTALL)
_WORD = re.compile(r"[^\W\d_]{3}")
_RULES = tuple(rule.value for rule in LintRule if rule not in (LintRule.SUPPRESSION, LintRule.UNPARSED))


def may_have(data: bytes) -> bool:
    """Return whether a file can have such a comment."""
    return _MARK.search(data) is not None


@dataclass(slots=True)
class Suppression:
    """One comment."""

    comment: cst.Comment
    rules: tuple[str, ...] = ()
    reason: str = ""
    until: datetime | None = None
    """From midnight UTC of this day on it silences nothing."""
    fault: str = ""
    """Why it silences nothing; empty where it may."""
    line: int = 0
    """Where it stands."""
    used: set[str] = field(default_factory=set)
    """The rules that it silenced."""


def suppressions(module: cst.Module, at: datetime, *, forbidden: bool) -> Iterator[Suppression]:
    """Yield every comment that is meant for us, with what is wrong with it.

    Args:
        module: The file.
        at: The instant that decides whether one has ended.
        forbidden: Whether the policy allows none.
    """
    for comment in _comments(module):
        if len(comment.value) > LONGEST:
            if "cvnpolicy" in comment.value.lower():
                yield Suppression(comment, fault=f"the comment is longer than {LONGEST} characters")
            continue
        if _LOOKS.search(comment.value) is None:
            continue
        one = _read(comment)
        if not one.fault:
            one.fault = _fault(one, at, forbidden=forbidden)
        yield one


def _read(comment: cst.Comment) -> Suppression:
    """Read a comment. Other tools' may stand before ours on one line: ``# type: ignore  # cvnpolicy: ...``."""
    begins = _OURS.search(comment.value)
    found = None if begins is None else _FORM.fullmatch(comment.value, begins.start())
    if found is None:
        right = "write # cvnpolicy: ignore[CVN501] the reason until 2026-06-01"
        return Suppression(comment, fault=f"the comment is malformed: {right}")
    named = tuple(word.strip() for word in found["rules"].split(",") if word.strip())
    reason, until = found["reason"], None
    if _UNTIL.search(reason) is not None:
        ends = _END.fullmatch(reason)
        if ends is None or _UNTIL.search(ends["reason"]) is not None:
            right = "write until 2026-06-01 once, as its last words, or another word for it"
            return Suppression(comment, named, fault=f"the end of the comment cannot be read: {right}")
        try:
            until = datetime.fromisoformat(ends["until"]).replace(tzinfo=UTC)
        except ValueError:
            return Suppression(comment, named, fault=f"{ends['until']} is not a date: write for example 2026-06-01")
        reason = ends["reason"]
    return Suppression(comment, named, reason.strip(" :-—"), until)


def _fault(one: Suppression, at: datetime, *, forbidden: bool) -> str:
    unknown = [name for name in one.rules if name not in _RULES]
    if forbidden:
        return "the policy allows no suppressions: take the value from the resolver"
    if not one.rules:
        return "the comment names no rule: write ignore[CVN501]"
    if unknown:
        return f"there is no rule {unknown[0][:20]}: write one of {', '.join(_RULES)}"
    if one.reason.startswith("#") or _WORD.search(one.reason) is None:
        return "the comment gives no reason: write it behind the bracket"
    if one.until is not None and at >= one.until:
        return f"the comment ended on {one.until:%Y-%m-%d}: mend the code, or renew it in a review"
    return ""


def _comments(module: cst.Module) -> Iterator[cst.Comment]:
    stack: list[cst.CSTNode] = [module]
    while stack:
        node = stack.pop()
        if isinstance(node, cst.Comment):
            yield node
        stack += reversed(node.children)
