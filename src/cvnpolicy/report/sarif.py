"""SARIF 2.1.0, the format of code scanning: every bad finding as a result that keeps its identity between runs.

What is decided here, and why:

* Only what is bad becomes a result. GitHub makes an alert of every result whose level is not ``none`` and hides the
  others, so a pass could only mislead; the JSON report has them all.
* Every result has the kind ``fail``. SARIF has ``open`` for what is undecided, but allows it with the level ``none``
  only, and what holds a gate must be seen: it is an ``error`` whose message says that it could not be decided.
* ``level``: what fails or holds is an ``error``, a warning and what only advises a ``warning``, an undecided check
  that its policy lets pass a ``note``. What is waived keeps the level it would have had and is marked as suppressed.
  Suppressions are empty lists elsewhere: SARIF wants them on all results or on none.
* A finding without a file lies in the folder of the configuration: GitHub refuses the whole document over one result
  without a place.
* The fingerprint is made of what a check is called (rule, id, group), not of where it stands or what it measured. The
  file counts only where the id is not ``policy/check``, as for mistakes in documents, whose id is only their rule:
  renaming a policy's file keeps its alerts. Findings that share all of it get a number, in the order of their places.
* GitHub matches alerts by ``primaryLocationLineHash``, which its upload action computes from the text of the line.
  None is written here: the action warns about each one that is not its own.
* No address for help is given, since there is no public one: the help names the command that explains the rule.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from itertools import chain
from typing import Any
from urllib.parse import quote

from cvnpolicy import __version__
from cvnpolicy.core.errors import ExitCode
from cvnpolicy.core.finding import UNDECIDED, Finding, Outcome, Report
from cvnpolicy.core.location import Location
from cvnpolicy.core.rules import GUIDED, DependencyRule, LintRule, ReadinessRule, family
from cvnpolicy.core.visible import visible_json
from cvnpolicy.core.weight import Weight, weigh
from cvnpolicy.report.json_v1 import to_dict
from cvnpolicy.report.ranking import importance
from cvnpolicy.report.terminal_block import group_text
from cvnpolicy.report.verdict import WORDS, why

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
"""The address of the schema that a document keeps."""

FINGERPRINT = "cvnpolicyFinding/v1"
"""The name of the fingerprint. Made otherwise, it gets another number: the old one would close every alert."""

LIMIT = 25_000
"""Results in a document. GitHub refuses one with more, and shows the first 5,000 by level."""

_BASE = "%SRCROOT%"
_BROKEN = frozenset({ExitCode.USAGE, ExitCode.INTERNAL})
_LEVELS = {
    Weight.FAILS: "error",
    Weight.HOLDS: "error",
    Weight.ADVISES: "warning",
    Weight.NONE: "warning",
    Weight.TOLERATED: "note",
}
_IN_CODE = frozenset({*LintRule, *DependencyRule, *ReadinessRule})
"""Of these a policy has many findings."""
_UNDECIDED = {
    Weight.HOLDS: ", and it blocks until it is",
    Weight.FAILS: ", which counts as a fail",
    Weight.TOLERATED: ", which its policy lets pass",
    Weight.ADVISES: ", and it only advises",
    Weight.WAIVED: ", and it does not block",
}
_RANKS = {"error": 0, "warning": 1, "note": 2}
# What a result repeats of the JSON report, by the same names.
_FACTS = (
    "id",
    "outcome",
    "level",
    "severity",
    "mode",
    "group",
    "measured",
    "condition",
    "baselines",
    "samples",
    "window",
    "first_seen",
    "requirement",
    "action",
    "runbook",
    "waived_by",
)


def render(report: Report, *, root: str = "") -> str:
    """Return the report as a SARIF 2.1.0 document that ends with a newline.

    The most important results come first: by level, then what is waived last, by severity, by outcome, by place.
    From :data:`LIMIT` on the rest is left out, and a notification says how many.

    Args:
        report: What to show.
        root: The folder of the configuration below the top of the git repository, with a slash at its end, or empty.

    Raises:
        TypeError: A detail is not a JSON value.
        ValueError: An instant has no time zone.
    """
    marks = _fingerprints(report.findings)
    bad = [(one, mark) for one, mark in zip(report.findings, marks, strict=True) if _is_bad(one)]
    bad.sort(key=lambda pair: _importance(pair[0], strict=report.strict))
    kept = bad[:LIMIT]
    rules = sorted({finding.rule for finding, _ in kept})
    facts = to_dict(replace(report, findings=tuple(finding for finding, _ in kept)))
    results = [
        _result(finding, values, mark, rules.index(finding.rule), root, strict=report.strict)
        for (finding, mark), values in zip(kept, facts["findings"], strict=True)
    ]
    run = {
        "tool": {"driver": _driver(rules)},
        "invocations": [_invocation(report, len(bad) - len(kept))],
        "originalUriBaseIds": {_BASE: {"description": {"text": "The top of the git repository."}}},
        "columnKind": "unicodeCodePoints",
        "results": results,
        "properties": {name: facts[name] for name in ("at", "verdict", "evidence_sha256") if facts[name] is not None},
    }
    document = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return visible_json(json.dumps(_carried(document), ensure_ascii=False, allow_nan=False, indent=2)) + "\n"


def _is_bad(finding: Finding) -> bool:
    return finding.outcome in UNDECIDED or finding.outcome in (Outcome.FAIL, Outcome.WARN)


def _level(finding: Finding, *, strict: bool) -> str:
    """Return the level of a bad finding; a waiver does not change it."""
    return _LEVELS[weigh(replace(finding, waived_by=None), strict=strict)]


def _importance(finding: Finding, *, strict: bool) -> tuple[object, ...]:
    waived = finding.waived_by is not None
    return (waived, _RANKS[_level(finding, strict=strict)], *importance(finding))


def _fingerprints(findings: Sequence[Finding]) -> list[str]:
    """Return one fingerprint for each finding. No two are equal."""
    alike: dict[str, list[int]] = defaultdict(list)
    for index, finding in enumerate(findings):
        group = [[name, finding.group[name]] for name in sorted(finding.group)]
        # A check is one thing wherever it stands. Of mistakes in a document or in code only the place and the text tell
        # which is meant, and the place moves with every line above it.
        known = "/" in finding.id and finding.rule not in _IN_CODE
        apart = [""] if known else [finding.location.file, finding.message]
        alike[json.dumps([finding.rule, finding.id, group, *apart])].append(index)
    marks = [""] * len(findings)
    for identity, indexes in alike.items():
        # Whatever order the findings came in, the same one gets the same number.
        indexes.sort(key=lambda index: (findings[index].location, findings[index].message, findings[index].outcome))
        for number, index in enumerate(indexes, 1):
            marks[index] = sha256(f"{identity}{number}".encode()).hexdigest()
    return marks


def _result(
    finding: Finding, values: Mapping[str, Any], mark: str, rule: int, root: str, *, strict: bool
) -> dict[str, Any]:
    terms = finding.details.get("waiver")
    until, reason = "", ""
    if isinstance(terms, Mapping):
        until = f" until {terms['expires']}" if "expires" in terms else ""
        reason = f": {terms.get('reason')}"
    justification = f"Waived by {finding.waived_by}{until}{reason}."
    kind = "inSource" if isinstance(terms, Mapping) and terms.get("in_source") else "external"
    waiver = {"kind": kind, "status": "accepted", "justification": justification}
    return {
        "ruleId": finding.rule,
        "ruleIndex": rule,
        "kind": "fail",
        "level": _level(finding, strict=strict),
        "message": {"text": _message(finding, strict=strict)},
        "locations": [_place(finding, root)],
        "partialFingerprints": {FINGERPRINT: mark},
        "suppressions": [waiver] if finding.waived_by is not None else [],
        "properties": {name: values[name] for name in _FACTS if values[name] not in (None, {})},
    }


def _message(finding: Finding, *, strict: bool) -> str:
    """Return what was found and what to do, in sentences, as SARIF's plain text.

    Braces are doubled, since SARIF would take them for placeholders, and no text in a finding hides where a link leads.
    """
    named = "" if finding.id == finding.rule else finding.id
    group = group_text(finding.group)
    head = " ".join(part for part in (named, f"({group})" if group else "") if part)
    said = [_sentence(finding.message), _sentence(_standing(finding, strict=strict))]
    labelled = (("Next", finding.hint), ("Action", finding.action), ("Waived by", finding.waived_by))
    said += [_sentence(f"{label}: {text}") for label, text in labelled if text]
    # Last and without a full stop: it may be an address.
    said += [f"Runbook: {finding.runbook}"] if finding.runbook else []
    body = " ".join(text for text in said if text) or f"{WORDS[finding.outcome]}."
    text = f"{head}: {body}" if head else body
    return text.replace("](", "] (").replace("{", "{{").replace("}", "}}")


def _standing(finding: Finding, *, strict: bool) -> str:
    """Return what the level cannot tell: that nothing was decided, and why the finding counts for more or less."""
    weight = weigh(finding, strict=strict)
    if finding.outcome in UNDECIDED:
        return f"This could not be decided ({WORDS[finding.outcome]}){_UNDECIDED[weight]}"
    return {Weight.ADVISES: "This only advises", Weight.WAIVED: "This does not block"}.get(weight, "")


def _sentence(text: str) -> str:
    """Return a text that ends as a sentence, or nothing."""
    stripped = text.strip()
    return stripped + ("" if not stripped or stripped.endswith((".", "!", "?")) else ".")


def _place(finding: Finding, root: str) -> dict[str, Any]:
    at = finding.location
    address = root + at.file or "./"
    physical: dict[str, Any] = {"artifactLocation": {"uri": quote(_whole(address)), "uriBaseId": _BASE}}
    if at.file:
        physical["region"] = _region(at)
    location: dict[str, Any] = {"physicalLocation": physical}
    if finding.id != finding.rule:
        location["logicalLocations"] = [{"fullyQualifiedName": finding.id}]
    return location


def _region(at: Location) -> dict[str, int]:
    """Return the span. SARIF counts as we do: from one, in code points, the end exclusive."""
    start = {"startLine": at.line, "startColumn": at.column}
    if (at.end_line, at.end_column) < (at.line, at.column):
        return start
    return start | {"endLine": at.end_line, "endColumn": at.end_column}


def _driver(rules: Sequence[str]) -> dict[str, Any]:
    described = [_rule(rule) for rule in rules]
    return {"name": "cvnpolicy", "version": __version__, "semanticVersion": __version__, "rules": described}


def _rule(rule: str) -> dict[str, Any]:
    """Return a rule. Those of kinds are described by their family: a report does not know the kinds."""
    own = (known.says.replace("``", "`") for rules in GUIDED for known in rules if known == rule)
    in_code = (f"Code: {known.says} (gate G5)." for known in LintRule if known == rule)
    says = next(chain(own, in_code), f"{family(rule)}.")
    return {
        "id": rule,
        "shortDescription": {"text": says},
        "fullDescription": {"text": says},
        "help": {"text": f"`cvnpolicy explain {rule}` says what the rule checks, why, and how to mend it."},
    }


def _invocation(report: Report, left: int) -> dict[str, Any]:
    """Return how the run ended. A policy that fails is no failure of the tool: it did what it was asked."""
    invocation: dict[str, Any] = {
        "executionSuccessful": report.exit_code not in _BROKEN,
        "exitCode": report.exit_code.value,
        "exitCodeDescription": why(report),
    }
    if left:
        text = f"{left:,} less important findings are left out: a document holds {LIMIT:,}. The JSON report has all."
        invocation["toolExecutionNotifications"] = [{"level": "warning", "message": {"text": text}}]
    return invocation


def _whole(text: str) -> str:
    """Return text that UTF-8 can carry, as the JSON report does: half of a surrogate pair becomes U+FFFD."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _carried(value: Any) -> Any:  # noqa: ANN401  any JSON value
    """Return a JSON value all of whose text UTF-8 can carry."""
    if isinstance(value, str):
        return _whole(value)
    if isinstance(value, dict):
        return {_whole(name): _carried(inner) for name, inner in value.items()}
    return [_carried(inner) for inner in value] if isinstance(value, list) else value
