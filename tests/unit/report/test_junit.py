"""JUnit XML: the schema of Jenkins, the counts, and what becomes of each kind of finding."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import xmlschema
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cvnpolicy.core.errors import ExitCode
from cvnpolicy.core.finding import (
    Finding,
    GroupReading,
    Level,
    Mode,
    OnUnknown,
    Outcome,
    Report,
    Severity,
    Span,
    Verdict,
)
from cvnpolicy.core.location import Location
from cvnpolicy.core.weight import Weight, weigh
from cvnpolicy.report.junit import _unique, render

XSD = Path(__file__).parents[2] / "vendor" / "junit" / "junit-10.xsd"
SCHEMA = xmlschema.XMLSchema(str(XSD))
AT = datetime(2026, 6, 11, tzinfo=UTC)
FINDING = Finding("p/c", "CVN201", Outcome.FAIL, "It is bad.", Location("p.yaml", 3, 5, 3, 9))
ASIDE = (Outcome.SKIPPED, Outcome.NOT_APPLICABLE)
# What XML 1.0 can carry, and what of it can be seen.
_LEGAL = re.compile("[\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]*")


def read(text: str) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314  written by this process a moment ago


def report(*findings: Finding, strict: bool = False) -> Report:
    return Report(AT, Verdict.FAIL, ExitCode.FAILED, None, findings, strict=strict)


def parsed(made: Report, root: str = "") -> ET.Element:
    """Return the document, after holding it against the schema in all but the two attributes that it does not know."""
    written = render(made, root=root)
    assert written.startswith('<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ')
    assert _LEGAL.fullmatch(written)
    top = read(written)
    for case in top.iter("testcase"):
        assert ("file" in case.attrib) is ("line" in case.attrib)
    bare = read(written)
    for case in bare.iter("testcase"):
        case.attrib.pop("file", None)
        case.attrib.pop("line", None)
    assert [error.reason for error in SCHEMA.iter_errors(bare)] == []
    return top


def only(finding: Finding, root: str = "", *, strict: bool = False) -> ET.Element:
    (case,) = parsed(report(finding, strict=strict), root).iter("testcase")
    return case


def body(**changes: Any) -> list[str]:
    (part,) = only(replace(FINDING, **changes))
    return (part.text or "").split("\n")


def test_the_vendored_schema_is_the_one_its_readme_names() -> None:
    readme = XSD.with_name("README.md").read_text("utf-8")
    assert f"SHA-256: {sha256(XSD.read_bytes()).hexdigest()}" in readme
    assert "The MIT License" in XSD.read_text("utf-8")


@pytest.mark.parametrize(
    "wrong",
    [
        "<testsuites><testsuite name='a' tests='0' failures='0'/></testsuites>",
        "<testsuites><testsuite name='a' tests='0' failures='0' errors='0'><testcase/></testsuite></testsuites>",
        "<testsuites><testcase name='a'/></testsuites>",
        "<testsuites skipped='1'/>",
    ],
)
def test_the_schema_refuses_what_is_wrong(wrong: str) -> None:
    assert not SCHEMA.is_valid(read(wrong))


def test_the_sample(sample: Report) -> None:
    top = parsed(sample, "services/trading/")
    assert (top.attrib["tests"], top.attrib["failures"], top.attrib["errors"]) == ("32", "4", "2")
    names = [suite.attrib["name"] for suite in top]
    assert names == ["hp-alerts", "btc-features-drift", "ftf-btc-experiment", "readiness-s04", "névé-漂移"]
    cases = list(top.iter("testcase"))
    assert len(cases) == len(sample.findings)
    assert len({(case.attrib["classname"], case.attrib["name"]) for case in cases}) == len(cases)
    assert all(case.attrib["file"].startswith("services/trading/policies/") for case in cases)
    at = {part.attrib["value"] for part in top.iter("property") if part.attrib["name"] == "at"}
    assert at == {"2026-06-11T00:00:00Z"}
    sha = {part.attrib["value"] for part in top.iter("property") if part.attrib["name"] == "evidence_sha256"}
    assert sha == {sample.evidence_sha256}


def test_an_empty_report_is_an_empty_document() -> None:
    top = parsed(report())
    assert top.attrib == {"name": "cvnpolicy", "tests": "0", "failures": "0", "errors": "0"}
    assert list(top) == []


@pytest.mark.parametrize(
    ("changes", "strict", "tag", "kind", "lead"),
    [
        ({}, False, "failure", "fail", "It is bad."),
        ({"outcome": Outcome.NO_DATA}, False, "error", "no_data", "It is bad."),
        ({"outcome": Outcome.ERROR, "on_unknown": OnUnknown.FAIL}, False, "failure", "error", "It is bad."),
        ({"outcome": Outcome.WARN}, True, "failure", "warn", "It is bad."),
        ({"outcome": Outcome.WARN}, False, "system-out", None, "Outcome: warn. A warning does not block."),
        ({"mode": Mode.ADVISE}, True, "system-out", None, "Outcome: fail. It only advises: it does not block."),
        ({"waived_by": "@o"}, False, "system-out", None, "Outcome: fail. It is waived: it does not block."),
        (
            {"outcome": Outcome.INCONCLUSIVE, "on_unknown": OnUnknown.PASS},
            False,
            "system-out",
            None,
            "Outcome: inconclusive. Its policy lets that pass.",
        ),
    ],
)
def test_bad_findings(changes: dict[str, Any], strict: bool, tag: str, kind: str | None, lead: str) -> None:
    (part,) = only(replace(FINDING, **changes), strict=strict)
    assert (part.tag, part.get("type")) == (tag, kind)
    assert part.get("message") == ("It is bad." if kind else None)
    lines = (part.text or "").split("\n")
    assert lines[0] == lead
    assert lines.count("It is bad.") == 1


@pytest.mark.parametrize("outcome", ASIDE)
def test_what_was_not_asked_is_skipped_with_its_reason(outcome: Outcome) -> None:
    (part,) = only(replace(FINDING, outcome=outcome, message="Not\nnow."))
    assert (part.tag, part.attrib, part.text) == ("skipped", {"type": outcome.value, "message": "Not\\nnow."}, None)


def test_a_pass_is_bare() -> None:
    case = only(replace(FINDING, outcome=Outcome.PASS, waived_by="@o"))
    assert list(case) == []
    assert case.attrib == {"classname": "p", "name": "c", "file": "p.yaml", "line": "3"}


def test_counts_of_each_suite() -> None:
    found = [replace(FINDING, group={"n": number}, outcome=outcome) for number, outcome in enumerate(Outcome)]
    other = replace(FINDING, id="q/c")
    top = parsed(report(*found, other, other))
    first, second = top
    counts = {key: first.attrib[key] for key in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": "8", "failures": "1", "errors": "3", "skipped": "2"}
    assert (second.attrib["name"], second.attrib["tests"], second.attrib["failures"]) == ("q", "2", "2")
    assert (top.attrib["tests"], top.attrib["failures"], top.attrib["errors"]) == ("10", "3", "3")


def test_the_findings_of_a_policy_stand_together() -> None:
    found = [replace(FINDING, id=name) for name in ("p/a", "q/a", "p/b")]
    top = parsed(report(*found))
    names = [[case.attrib["name"] for case in suite.iter("testcase")] for suite in top]
    assert names == [["a", "b"], ["a"]]


@pytest.mark.parametrize(
    ("changes", "classname", "name"),
    [
        ({}, "p", "c"),
        ({"id": "p/c/d"}, "p", "c/d"),
        ({"group": {"b": True, "a": 2.5}}, "p", "c a=2.5 b=true"),
        ({"id": "CVN005"}, "CVN005", "p.yaml"),
        ({"id": "CVN012", "location": Location("")}, "CVN012", "CVN012"),
        ({"id": "a\x1b/b\n"}, "a\\x1b", "b\\n"),
    ],
)
def test_names(changes: dict[str, Any], classname: str, name: str) -> None:
    case = only(replace(FINDING, **changes))
    assert (case.attrib["classname"], case.attrib["name"]) == (classname, name)


def test_a_name_that_is_taken_gets_a_number() -> None:
    taken = replace(FINDING, id="p/c #2")
    cases = parsed(report(FINDING, taken, FINDING, FINDING)).iter("testcase")
    assert [case.attrib["name"] for case in cases] == ["c", "c #2", "c #3", "c #4"]


def test_ids_that_look_the_same_share_a_suite() -> None:
    (suite,) = parsed(report(replace(FINDING, id="\x1b/c"), replace(FINDING, id="\\x1b/c")))
    assert [case.attrib["name"] for case in suite.iter("testcase")] == ["c", "c #2"]


def test_places() -> None:
    case = only(replace(FINDING, location=Location("特 征/\x07.yaml", 7)), "services/")
    assert (case.attrib["file"], case.attrib["line"]) == ("services/特 征/\\x07.yaml", "7")
    nowhere = only(replace(FINDING, location=Location("")), "services/")
    assert not {"file", "line"} & set(nowhere.attrib)
    assert "services" not in (nowhere[0].text or "")


def test_everything_a_finding_knows_is_in_its_text() -> None:
    lines = body(
        level=Level.CRIT,
        severity=Severity.P1,
        measured=0.00999996,
        condition="< 0.01",
        baselines={"b": 1, "a": None},
        samples=1440,
        window=Span(AT - timedelta(days=1), AT),
        first_seen=AT,
        hint="mend\nit",
        action="page",
        runbook="r.md#2",
        requirement="R-1",
    )
    assert lines == [
        "It is bad.",
        "severity: P1",
        "measured: 0.00999996",
        "condition: crit_if < 0.01",
        "baselines: a –, b 1",
        "samples: 1,440",
        "window: 2026-06-10 00:00 UTC until 2026-06-11 00:00 UTC",
        "first seen: 2026-06-11 00:00 UTC",
        "next: mend\\nit",
        "action: page",
        "runbook: r.md#2",
        "requirement: R-1",
        "check: p/c",
        "rule: CVN201",
        "at: p.yaml:3:5",
    ]


def test_what_is_not_known_is_not_told() -> None:
    assert body() == ["It is bad.", "check: p/c", "rule: CVN201", "at: p.yaml:3:5"]
    assert body(condition="unset", samples=0, measured=0)[1:4] == ["measured: 0", "condition: unset", "samples: 0"]
    assert body(id="CVN005", rule="CVN005") == ["It is bad.", "rule: CVN005", "at: p.yaml:3:5"]
    assert body(waived_by="@o")[2:4] == ["waived by: @o", "check: p/c"]
    terms = {"waiver": {"expires": "2026-07-01T00:00:00Z", "reason": "the  feed\x1bmoved"}}
    assert body(waived_by="@o", details=terms)[2:5] == [
        "waived by: @o",
        "waived until: 2026-07-01T00:00:00Z",
        "waived because: the feed\\x1bmoved",
    ]
    assert body(level=Level.WARN) == body()


def test_groups_are_listed_worst_first_and_the_rest_counted() -> None:
    good = GroupReading({"n": 1}, Outcome.PASS, 0.5, 7, "")
    bad = GroupReading({"n": 2}, Outcome.NO_DATA, None, None, "no\x1brow")
    lines = body(groups=(good, bad))
    assert lines[-2:] == ["- n=2, no data, no\\x1brow", "- n=1, pass, measured 0.5, 7 samples"]
    many = body(groups=(*(replace(good, group={"n": number}) for number in range(14)), *(bad,) * 11))
    assert [line.split(",")[0] for line in many[-13:]] == [*["- n=2"] * 11, "- n=0", "- and 13 more: 13 pass"]
    assert not any("more" in line for line in body(groups=(good,) * 12))


def test_text_is_escaped_and_nothing_is_hidden() -> None:
    hostile = "</failure><x a=\"1\" b='2'>&amp;]]> \x00\x1b[2J\x9b\u202e\u200b\ud800\ufffe::error::x ##[group]y\r\n漂移"
    made = report(replace(FINDING, message=hostile, group={"k": hostile}))
    (case,) = parsed(made).iter("testcase")
    (part,) = case
    assert list(part) == []
    seen = (
        "</failure><x a=\"1\" b='2'>&amp;]]> \\x00\\x1b[2J\\x9b\\u202e\\u200b\\ud800\\ufffe::error::x "
        "\\x23#[group]y\\r\\n漂移"
    )
    assert part.attrib["message"] == seen
    assert (part.text or "").startswith(seen)
    assert case.attrib["name"] == f'c k="{seen}"'


def test_an_instant_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        render(replace(report(FINDING), at=AT.replace(tzinfo=None)))


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)
@given(data=st.data())
def test_any_report_parses_and_its_counts_agree(any_report: st.SearchStrategy[Report], data: st.DataObject) -> None:
    made = replace(data.draw(any_report), strict=data.draw(st.booleans()))
    root = data.draw(st.sampled_from(["", "services/trading/"]))
    top = parsed(made, root)
    assert render(made, root=root) == render(made, root=root)
    weights = [weigh(finding, strict=made.strict) for finding in made.findings]
    assert int(top.attrib["tests"]) == len(made.findings) == len(list(top.iter("testcase")))
    assert int(top.attrib["failures"]) == weights.count(Weight.FAILS) == len(list(top.iter("failure")))
    assert int(top.attrib["errors"]) == weights.count(Weight.HOLDS) == len(list(top.iter("error")))
    aside = sum(finding.outcome in ASIDE for finding in made.findings)
    assert sum(int(suite.attrib["skipped"]) for suite in top) == aside == len(list(top.iter("skipped")))
    for suite in top:
        tags = [part.tag for case in suite.iter("testcase") for part in case]
        counts = {"failures": "failure", "errors": "error", "skipped": "skipped"}
        assert {key: suite.attrib[key] for key in counts} == {key: str(tags.count(tag)) for key, tag in counts.items()}
        assert int(suite.attrib["tests"]) == len(suite.findall("testcase"))
    names = [(case.attrib["classname"], case.attrib["name"]) for case in top.iter("testcase")]
    assert len(set(names)) == len(names)
    strings = [text for part in top.iter() for text in (*part.attrib.values(), *(part.text or "").split("\n"))]
    assert all(text.isprintable() for text in strings)
    assert not any(text.lstrip().startswith("::") or re.search(r"##\w*\[", text) for text in strings)


def test_names_that_are_taken_get_the_next_free_number() -> None:
    used: dict[str, int] = {}
    asked = ["a", "a #2", "a", "a", "b", "a"]
    assert [_unique(name, used) for name in asked] == ["a", "a #2", "a #3", "a #4", "b", "a #5"]
