"""Comments that silence a finding: ``# cvnpolicy: ignore[CVN501] reason until 2026-06-01``. No other comment does."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import libcst as cst

_MARK = re.compile(rb"cvnpolicy\s*:", re.IGNORECASE)
_LOOKS = re.compile(r"#\s*cvnpolicy\s*:", re.IGNORECASE)
_FORM = re.compile(
    r"#\s*cvnpolicy:\s*ignore\[(?P<rules>[^\]]*)\](?P<reason>.*?)(?:\s+until\s+(?P<until>\d{4}-\d{2}-\d{2}))?\s*"
)


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
    used: set[str] = field(default_factory=set)
    """The rules that it silenced."""


def suppressions(module: cst.Module, rules: Collection[str], at: datetime, *, forbidden: bool) -> Iterator[Suppression]:
    """Yield every comment that is meant for us, with what is wrong with it.

    Args:
        module: The file.
        rules: The ids that there are.
        at: The instant that decides whether one has ended.
        forbidden: Whether the policy allows none.
    """
    for comment in _comments(module):
        if _LOOKS.match(comment.value) is None:
            continue
        one = _read(comment)
        if not one.fault:
            one.fault = _fault(one, rules, at, forbidden=forbidden)
        yield one


def _read(comment: cst.Comment) -> Suppression:
    found = _FORM.fullmatch(comment.value)
    if found is None:
        right = "write # cvnpolicy: ignore[CVN501] the reason until 2026-06-01"
        return Suppression(comment, fault=f"the comment is malformed: {right}")
    named = tuple(word.strip() for word in found["rules"].split(",") if word.strip())
    try:
        until = None if found["until"] is None else datetime.fromisoformat(found["until"]).replace(tzinfo=UTC)
    except ValueError:
        return Suppression(comment, named, fault=f"{found['until']} is not a date: write for example 2026-06-01")
    return Suppression(comment, named, found["reason"].strip(" :-—"), until)


def _fault(one: Suppression, rules: Collection[str], at: datetime, *, forbidden: bool) -> str:
    unknown = [name for name in one.rules if name not in rules]
    if forbidden:
        return "the policy allows no suppressions: give the value to the Console"
    if not one.rules:
        return "the comment names no rule: write ignore[CVN501]"
    if unknown:
        return f"there is no rule {unknown[0][:20]}: write one of {', '.join(sorted(rules))}"
    if not one.reason:
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
