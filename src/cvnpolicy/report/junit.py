"""JUnit XML, which build servers show as a test report: one suite for a policy, one test for a finding.

What is decided here, and why:

* A finding that fails the gate is a ``failure``, one that holds it an ``error``: it could not be decided. Both have
  the outcome as their ``type``.
* A warning, and what is bad but only advises, is waived or is let pass by its policy, is a test that passes, with a
  ``system-out`` that says what is wrong: readers count a failure as broken, and ``skipped`` would say that nobody
  looked. What was not asked (skipped, not applicable) is ``skipped``.
* GitLab knows a test by ``classname`` and ``name`` and keeps the first of two that share both. The name is the check
  and its group, so a run compares with the next one; a second finding of that name gets a number.
* ``file`` and ``line`` are attributes of the test, where GitLab and the reporters for GitHub look. The schema of the
  Jenkins plug-in does not know these two; the document keeps it in all else.
* There are no times: nothing here was timed, and no reader needs them.
* XML 1.0 cannot carry control characters in any form. They, and all else that is hidden, are escapes one can see.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from cvnpolicy.core.finding import Finding, GroupReading, Outcome, Report
from cvnpolicy.core.numbers import instant, measured, number, utc
from cvnpolicy.core.visible import visible
from cvnpolicy.core.weight import Weight, weigh
from cvnpolicy.report.ranking import worst_groups
from cvnpolicy.report.terminal_block import ROWS, group_text
from cvnpolicy.report.verdict import WORDS
from cvnpolicy.report.wording import condition, one_line

_ELEMENTS = {Weight.FAILS: "failure", Weight.HOLDS: "error"}
_ASIDE = frozenset({Outcome.SKIPPED, Outcome.NOT_APPLICABLE})
_REASONS = {
    Weight.NONE: "A warning does not block.",
    Weight.ADVISES: "It only advises: it does not block.",
    Weight.WAIVED: "It is waived: it does not block.",
    Weight.TOLERATED: "Its policy lets that pass.",
}


def render(report: Report, *, root: str = "") -> str:
    """Return the report as JUnit XML that ends with a newline.

    Args:
        report: What to show.
        root: The folder of the configuration below the top of the git repository, with a slash at its end, or empty.

    Raises:
        ValueError: An instant has no time zone.
    """
    suites: dict[str, list[Finding]] = {}
    for finding in report.findings:
        suites.setdefault(_suite_of(finding), []).append(finding)
    top = ET.Element("testsuites", name="cvnpolicy")
    for name, findings in suites.items():
        top.append(_suite(name, findings, report, root))
    for key in ("tests", "failures", "errors"):
        top.set(key, str(sum(int(suite.attrib[key]) for suite in top)))
    ET.indent(top)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(top, encoding="unicode")}\n'


def _suite_of(finding: Finding) -> str:
    """Return the policy of a finding; of one without a policy, such as a mistake in a document, its id."""
    return visible(finding.id.partition("/")[0])


def _suite(name: str, findings: Sequence[Finding], report: Report, root: str) -> ET.Element:
    suite = ET.Element("testsuite", name=name)
    properties = ET.SubElement(suite, "properties")
    facts = {
        "at": utc(report.at).replace(tzinfo=None).isoformat() + "Z",
        "verdict": report.verdict.value,
        "exit_code": str(report.exit_code.value),
        "evidence_sha256": report.evidence_sha256,
    }
    for key, value in facts.items():
        if value is not None:
            ET.SubElement(properties, "property", name=key, value=visible(value))
    used: dict[str, int] = {}
    for finding in findings:
        suite.append(_case(finding, _unique(_name(finding), used), report, root))
    found = Counter(part.tag for case in suite.iterfind("testcase") for part in case)
    suite.set("tests", str(len(findings)))
    suite.set("failures", str(found["failure"]))
    suite.set("errors", str(found["error"]))
    suite.set("skipped", str(found["skipped"]))
    return suite


def _name(finding: Finding) -> str:
    """Return what a finding is about, the same from run to run: the check and its group, or else the file."""
    check = finding.id.partition("/")[2] or finding.location.file or finding.id
    return " ".join(part for part in (visible(check), group_text(finding.group)) if part)


def _unique(name: str, used: dict[str, int]) -> str:
    """Return the name, with a number where it is taken, and take it. ``used``: how often each was asked for."""
    free, count = name, used.get(name, 0) + 1
    while count > 1 and (free := f"{name} #{count}") in used:
        count += 1
    used[name] = count
    used.setdefault(free, 1)
    return free


def _case(finding: Finding, name: str, report: Report, root: str) -> ET.Element:
    case = ET.Element("testcase", classname=_suite_of(finding), name=name)
    if finding.location.file:
        case.set("file", visible(root + finding.location.file))
        case.set("line", str(finding.location.line))
    message = one_line(finding.message)
    if finding.outcome in _ASIDE:
        ET.SubElement(case, "skipped", type=finding.outcome.value, message=message)
    elif finding.outcome is not Outcome.PASS:
        weight = weigh(finding, strict=report.strict)
        if weight in _ELEMENTS:
            part = ET.SubElement(case, _ELEMENTS[weight], type=finding.outcome.value, message=message)
            lead = ""
        else:
            part = ET.SubElement(case, "system-out")
            lead = f"Outcome: {WORDS[finding.outcome]}. {_REASONS[weight]}"
        part.text = "\n".join(line for line in (lead, message, *_facts(finding, root), *_groups(finding)) if line)
    return case


def _facts(finding: Finding, root: str) -> Iterator[str]:
    """Yield the numbers of a finding and what to do next, a line each."""
    window = finding.window
    waiver = _terms(finding)
    told = {
        "severity": finding.severity.value if finding.severity else None,
        "measured": measured(finding.measured, finding.condition) if finding.measured is not None else None,
        "condition": condition(finding).removeprefix("condition "),
        "baselines": ", ".join(f"{name} {number(finding.baselines[name])}" for name in sorted(finding.baselines)),
        "samples": number(finding.samples) if finding.samples is not None else None,
        "window": f"{instant(window.start)} until {instant(window.end)}" if window else None,
        "first seen": instant(finding.first_seen) if finding.first_seen else None,
        "next": finding.hint,
        "action": finding.action,
        "runbook": finding.runbook,
        "waived by": finding.waived_by,
        "waived until": waiver.get("expires"),
        "waived because": waiver.get("reason"),
        "requirement": finding.requirement,
        "check": finding.id if "/" in finding.id else None,
        "rule": finding.rule,
        "at": f"{root}{finding.location}" if finding.location.file else None,
    }
    for label, text in told.items():
        if text:
            yield f"{label}: {one_line(text)}"


def _terms(finding: Finding) -> dict[str, str]:
    """Return until when and why a finding is waived, where that is known."""
    said = finding.details.get("waiver")
    return {str(key): str(value) for key, value in said.items()} if isinstance(said, Mapping) else {}


def _groups(finding: Finding) -> Iterator[str]:
    """Yield the groups of a quantified finding, a line each, the worst first, and how many are left out."""
    ranked = worst_groups(finding)
    for reading in ranked[:ROWS]:
        yield f"- {_reading(reading, finding.condition)}"
    left = Counter(reading.outcome for reading in ranked[ROWS:])
    if left:
        counts = ", ".join(f"{count} {WORDS[outcome]}" for outcome, count in left.items())
        yield f"- and {left.total()} more: {counts}"


def _reading(reading: GroupReading, condition: str | None) -> str:
    parts = [group_text(reading.group), WORDS[reading.outcome]]
    if reading.measured is not None:
        parts.append(f"measured {measured(reading.measured, condition)}")
    if reading.samples is not None:
        parts.append(f"{number(reading.samples)} samples")
    return ", ".join(part for part in (*parts, one_line(reading.reason)) if part)
