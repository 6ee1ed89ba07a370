"""The JSON report, version 1: a contract. Keys, order and meaning do not change under this version."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cvnpolicy.core.finding import Finding, GroupReading, Report, Span
from cvnpolicy.core.numbers import utc
from cvnpolicy.core.visible import visible_json

SCHEMA = "cvnpolicy.report/v1"
"""The value of ``schema``: which contract a document keeps."""


def render(report: Report) -> str:
    """Return the report as JSON text that ends with a newline.

    The same report gives the same bytes. What a terminal obeys or hides, and what a build server may take for an
    order, is written as escapes, which parse to the same string.

    Raises:
        TypeError: A detail is not a JSON value.
        ValueError: An instant has no time zone.
    """
    return visible_json(json.dumps(to_dict(report), ensure_ascii=False, allow_nan=False, indent=2)) + "\n"


def to_dict(report: Report) -> dict[str, Any]:
    """Return the report as JSON values, in the order of the contract.

    Raises:
        TypeError: A detail is not a JSON value.
        ValueError: An instant has no time zone.
    """
    return {
        "schema": SCHEMA,
        "at": _instant(report.at),
        "verdict": report.verdict.value,
        "exit_code": report.exit_code.value,
        "evidence_sha256": report.evidence_sha256,
        "summary": {outcome.value: count for outcome, count in report.summary.items()},
        "findings": [_finding(finding) for finding in report.findings],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    place = finding.location
    return {
        "id": _text(finding.id),
        "rule": _text(finding.rule),
        "requirement": _value(finding.requirement),
        "outcome": finding.outcome.value,
        "level": None if finding.level is None else finding.level.value,
        "severity": None if finding.severity is None else finding.severity.value,
        "mode": finding.mode.value,
        "group": _value(finding.group),
        "measured": _value(finding.measured),
        "condition": _value(finding.condition),
        "baselines": _value(finding.baselines),
        "samples": _value(finding.samples),
        "window": _span(finding.window),
        "first_seen": None if finding.first_seen is None else _instant(finding.first_seen),
        "message": _text(finding.message),
        "hint": _text(finding.hint),
        "action": _value(finding.action),
        "runbook": _value(finding.runbook),
        "waived_by": _value(finding.waived_by),
        "details": _value(finding.details),
        "groups": [_reading(reading) for reading in finding.groups],
        "location": {
            "file": _text(place.file),
            "line": place.line,
            "column": place.column,
            "end_line": place.end_line,
            "end_column": place.end_column,
        },
    }


def _reading(reading: GroupReading) -> dict[str, Any]:
    return {
        "group": _value(reading.group),
        "outcome": reading.outcome.value,
        "measured": _value(reading.measured),
        "samples": _value(reading.samples),
        "reason": _text(reading.reason),
    }


def _span(span: Span | None) -> dict[str, str] | None:
    return None if span is None else {"start": _instant(span.start), "end": _instant(span.end)}


def _instant(moment: datetime) -> str:
    """Return RFC 3339 with ``Z``."""
    return utc(moment).replace(tzinfo=None).isoformat() + "Z"


def _text(text: str) -> str:
    """Return text that UTF-8 can carry: half of a surrogate pair, as in an undecodable file name, becomes U+FFFD."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _value(value: object) -> object:
    """Return a JSON value; a number that is not finite has no JSON form and becomes null."""
    if isinstance(value, str):
        return _text(value)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, datetime):
        return _instant(value)
    if isinstance(value, Mapping):
        return {_text(name): _value(value[name]) for name in sorted(value)}
    if isinstance(value, list | tuple):
        return [_value(item) for item in value]
    raise TypeError(f"{type(value).__name__} is not a JSON value: {value!r}")
