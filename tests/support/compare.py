"""Whether findings are as a case expects, and if not, in which way."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from cvnpolicy.core.finding import Finding, GroupReading, Report
from tests.support.cases import Expectation, ExpectedFinding, ExpectedGroup

TEXTS = frozenset({"message", "hint", "reason"})
"""Of these a part is enough."""


def differences(expected: Expectation, report: Report) -> list[str]:
    """Return every way in which a report is not as expected; nothing when it is."""
    found: list[str] = []
    if int(report.exit_code) != expected.exit_code:
        found.append(f"exit code {int(report.exit_code)}, expected {expected.exit_code}")
    matched: list[Finding] = []
    for finding in expected.findings or ():
        near = [actual for actual in report.findings if _named(finding.id, actual.id)]
        matching = [actual for actual in near if not list(_finding(finding, actual))]
        matched.extend(matching)
        if len(matching) != 1:
            found.append(f"{len(matching)} findings match {_written(finding)}")
            found.extend(f"  {actual.id}: {'; '.join(_finding(finding, actual)) or 'matches'}" for actual in near)
    if not expected.more:
        found.extend(f"not expected: {_shown(actual)}" for actual in report.findings if actual not in matched)
    if any(matched.count(actual) > 1 for actual in matched):
        found.append("one finding is expected twice")
    if found:
        found.extend(f"  is: {_shown(actual)}" for actual in report.findings)
    return found


def _named(wanted: str, actual: str) -> bool:
    return actual == wanted or actual.endswith(f"/{wanted}")


def _finding(expected: ExpectedFinding, actual: Finding) -> Iterator[str]:
    for name in sorted(expected.model_fields_set - {"id", "groups", "window", "line"}):
        yield from _field(name, getattr(expected, name), getattr(actual, name))
    if "line" in expected.model_fields_set:
        yield from _field("line", expected.line, actual.location.line)
    if "window" in expected.model_fields_set:
        window = actual.window
        yield from _field("window", expected.window, None if window is None else (window.start, window.end))
    if expected.groups is not None:
        yield from _groups(expected.groups, actual.groups)


def _groups(expected: Sequence[ExpectedGroup], actual: Sequence[GroupReading]) -> Iterator[str]:
    if len(expected) != len(actual):
        yield f"{len(actual)} groups, expected {len(expected)}"
    for group in expected:
        same = [reading for reading in actual if dict(reading.group) == group.group]
        if len(same) != 1:
            yield f"{len(same)} groups are {group.group}"
        for reading in same:
            for name in sorted(group.model_fields_set - {"group"}):
                yield from _field(f"{name} of {group.group}", getattr(group, name), getattr(reading, name))


def _field(name: str, expected: object, actual: object) -> Iterator[str]:
    if name.split(" ", maxsplit=1)[0] in TEXTS:
        equal = str(expected) in str(actual)
    elif isinstance(expected, Mapping) and isinstance(actual, Mapping):
        # Groups and baselines whole, details as far as written.
        keys = set(expected) | (set(actual) if name != "details" else set())
        equal = all(key in actual and key in expected and _same(expected[key], actual[key]) for key in keys)
    else:
        equal = _same(expected, actual)
    if not equal:
        yield f"{name} is {actual!r}, expected {expected!r}"


def _same(expected: object, actual: object) -> bool:
    """Return whether two values are the same: numbers up to the last digits, a bool is no number."""
    if isinstance(expected, bool) or isinstance(actual, bool):
        return expected is actual
    if isinstance(expected, int | float) and isinstance(actual, int | float):
        return math.isclose(expected, actual, rel_tol=1e-12, abs_tol=1e-300)
    if isinstance(expected, datetime):
        return isinstance(actual, datetime) and expected == actual
    return bool(expected == actual)


def _written(finding: ExpectedFinding) -> str:
    return str({name: getattr(finding, name) for name in sorted(finding.model_fields_set)})


def _shown(finding: Finding) -> str:
    parts = [finding.id, finding.outcome.value, str(finding.measured), str(dict(finding.group)), finding.message]
    return " · ".join([*parts, *(f"{dict(group.group)} {group.outcome} {group.measured}" for group in finding.groups)])
