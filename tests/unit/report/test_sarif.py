"""SARIF: the official schema, what becomes a result and at which level, where it lies, and what it is called."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import unquote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator, FormatChecker

from cvnpolicy import __version__
from cvnpolicy.core.errors import ExitCode
from cvnpolicy.core.finding import UNDECIDED, Finding, Mode, OnUnknown, Outcome, Report, Severity, Verdict
from cvnpolicy.core.location import Location
from cvnpolicy.core.rules import DocumentRule
from cvnpolicy.report import sarif
from cvnpolicy.report.sarif import FINGERPRINT, render

SCHEMA = Path(__file__).parents[2] / "vendor" / "sarif" / "sarif-schema-2.1.0.json"
AT = datetime(2026, 6, 11, tzinfo=UTC)
FINDING = Finding("p/c", "CVN201", Outcome.FAIL, "It is bad.", Location("p.yaml", 3, 5, 3, 9))
BAD = UNDECIDED | {Outcome.FAIL, Outcome.WARN}

CHECKER = FormatChecker(())
"""The formats that the schema names. The library has no check of its own for addresses without further packages."""

_REFERENCE = re.compile(r"(?:[\w.~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-F]{2})*", re.ASCII)


@CHECKER.checks("uri-reference")
def is_reference(text: object) -> bool:
    return not isinstance(text, str) or _REFERENCE.fullmatch(text) is not None


@CHECKER.checks("uri")
def is_uri(text: object) -> bool:
    return not isinstance(text, str) or (is_reference(text) and re.match(r"[a-z]+:", text) is not None)


@CHECKER.checks("date-time", raises=ValueError)
def is_instant(text: object) -> bool:
    return not isinstance(text, str) or datetime.fromisoformat(text).tzinfo is not None


VALIDATOR = Draft7Validator(json.loads(SCHEMA.read_text("utf-8")), format_checker=CHECKER)


def report(*findings: Finding, code: ExitCode = ExitCode.FAILED, strict: bool = False) -> Report:
    return Report(AT, Verdict.FAIL, code, None, findings, strict=strict)


def parsed(made: Report, root: str = "") -> Any:
    """Return the run of a document, after holding it against the schema and what a schema cannot say."""

    def refuse(name: str) -> NoReturn:
        raise AssertionError(f"{name} is not JSON")

    document = json.loads(render(made, root=root), parse_constant=refuse)
    assert [error.message for error in VALIDATOR.iter_errors(document)] == []
    (run,) = document["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == sorted({result["ruleId"] for result in run["results"]})
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert isinstance(result["suppressions"], list)
    return run


def results(*findings: Finding, root: str = "", strict: bool = False) -> Any:
    return parsed(report(*findings, strict=strict), root)["results"]


def text(**changes: Any) -> Any:
    (result,) = results(replace(FINDING, **changes))
    return result["message"]["text"]


def marks(*findings: Finding) -> list[Any]:
    return [result["partialFingerprints"][FINGERPRINT] for result in results(*findings)]


def test_the_vendored_schema_is_the_official_one() -> None:
    assert sha256(SCHEMA.read_bytes()).hexdigest() in SCHEMA.with_name("README.md").read_text("utf-8")
    schema = json.loads(SCHEMA.read_text("utf-8"))
    assert schema["$id"].endswith("/oasis-tcs/sarif-spec/master/Schemata/sarif-schema-2.1.0.json")
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    Draft7Validator.check_schema(schema)
    used = set(re.findall(r'"format": "([a-z-]+)"', SCHEMA.read_text("utf-8")))
    assert used == set(CHECKER.checkers)


@pytest.mark.parametrize(
    ("keys", "value"),
    [
        (("version",), "2.0.0"),
        (("runs", 0, "results", 0, "level"), "critical"),
        (("runs", 0, "results", 0, "severity"), "P1"),
        (("runs", 0, "results", 0, "locations", 0, "physicalLocation", "artifactLocation", "uri"), "a b"),
        (("runs", 0, "results", 0, "locations", 0, "physicalLocation", "region", "startLine"), 0),
        (("runs", 0, "invocations", 0, "endTimeUtc"), "2026-06-11T00:00:00"),
        (("$schema",), "no-scheme"),
    ],
)
def test_the_validator_refuses_what_is_wrong(keys: tuple[Any, ...], value: object) -> None:
    document = json.loads(render(report(FINDING)))
    assert VALIDATOR.is_valid(document)
    part = document
    for key in keys[:-1]:
        part = part[key]
    part[keys[-1]] = value
    assert not VALIDATOR.is_valid(document)


def test_the_sample_has_a_result_for_each_bad_finding(sample: Report) -> None:
    run = parsed(sample, "services/trading/")
    bad = [finding for finding in sample.findings if finding.outcome in BAD]
    assert len(bad) > 20
    assert sorted(result["properties"]["id"] for result in run["results"]) == sorted(finding.id for finding in bad)
    assert len({result["partialFingerprints"][FINGERPRINT] for result in run["results"]}) == len(bad)
    assert run["tool"]["driver"]["name"] == "cvnpolicy"
    assert run["tool"]["driver"]["version"] == run["tool"]["driver"]["semanticVersion"] == __version__
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["properties"]["at"] == "2026-06-11T00:00:00Z"
    for result in run["results"]:
        uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert unquote(uri).startswith("services/trading/policies/")


def test_the_version_is_a_semantic_one() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?", __version__), "leave semanticVersion out of the document"


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome not in BAD])
def test_what_is_good_or_was_not_asked_is_no_result(outcome: Outcome) -> None:
    run = parsed(report(replace(FINDING, outcome=outcome), code=ExitCode.OK))
    assert run["results"] == run["tool"]["driver"]["rules"] == []


@pytest.mark.parametrize(
    ("changes", "strict", "level"),
    [
        ({}, False, "error"),
        ({"mode": Mode.ADVISE}, True, "warning"),
        ({"outcome": Outcome.WARN}, False, "warning"),
        ({"outcome": Outcome.WARN}, True, "error"),
        ({"outcome": Outcome.WARN, "mode": Mode.ADVISE}, True, "warning"),
        ({"outcome": Outcome.NO_DATA}, False, "error"),
        ({"outcome": Outcome.ERROR, "on_unknown": OnUnknown.FAIL}, False, "error"),
        ({"outcome": Outcome.INCONCLUSIVE, "on_unknown": OnUnknown.PASS}, False, "note"),
        ({"outcome": Outcome.INCONCLUSIVE, "mode": Mode.ADVISE}, False, "warning"),
    ],
)
def test_levels(changes: dict[str, Any], strict: bool, level: str) -> None:
    finding = replace(FINDING, **changes)
    (result,) = results(finding, strict=strict)
    assert (result["kind"], result["level"], result["suppressions"]) == ("fail", level, [])
    (result,) = results(replace(finding, waived_by="@owner"), strict=strict)
    waiver = {"kind": "external", "status": "accepted", "justification": "Waived by @owner."}
    assert (result["kind"], result["level"], result["suppressions"]) == ("fail", level, [waiver])
    assert result["properties"]["waived_by"] == "@owner"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "p/c: It is bad."),
        ({"message": "Why?"}, "p/c: Why?"),
        ({"message": " no stop \n", "hint": "mend it"}, "p/c: no stop. Next: mend it."),
        ({"group": {"b": 1, "a": "x y"}}, 'p/c (a="x y" b=1): It is bad.'),
        ({"id": "CVN201"}, "It is bad."),
        ({"id": "CVN201", "group": {"a": 1}}, "(a=1): It is bad."),
        ({"id": "CVN201", "message": ""}, "fail."),
        ({"action": "page", "runbook": "r.md#2"}, "p/c: It is bad. Action: page. Runbook: r.md#2"),
        ({"waived_by": "@o"}, "p/c: It is bad. This does not block. Waived by: @o."),
        ({"mode": Mode.ADVISE}, "p/c: It is bad. This only advises."),
        ({"outcome": Outcome.WARN}, "p/c: It is bad."),
        (
            {"outcome": Outcome.NO_DATA},
            "p/c: It is bad. This could not be decided (no data), and it blocks until it is.",
        ),
        (
            {"outcome": Outcome.ERROR, "on_unknown": OnUnknown.FAIL},
            "p/c: It is bad. This could not be decided (error), which counts as a fail.",
        ),
        (
            {"outcome": Outcome.INCONCLUSIVE, "on_unknown": OnUnknown.PASS},
            "p/c: It is bad. This could not be decided (inconclusive), which its policy lets pass.",
        ),
        (
            {"outcome": Outcome.ERROR, "mode": Mode.ADVISE},
            "p/c: It is bad. This could not be decided (error), and it only advises.",
        ),
        (
            {"outcome": Outcome.ERROR, "waived_by": "@o"},
            "p/c: It is bad. This could not be decided (error), and it does not block. Waived by: @o.",
        ),
        ({"message": "{0} and {x}"}, "p/c: {{0}} and {{x}}."),
        ({"message": "[free](http://x) [a]"}, "p/c: [free] (http://x) [a]."),
    ],
)
def test_messages(changes: dict[str, Any], said: str) -> None:
    assert text(**changes) == said


def test_hostile_text_is_kept_but_nothing_hidden_is_written_raw() -> None:
    hostile = "\x1b[2J\x9b\u202e\u200b\x7f漂移\U000e0001\u2028\n\xa0"
    made = report(replace(FINDING, message=f"{hostile}!", group={"k": hostile}))
    written = render(made)
    assert all(character.isprintable() or character == "\n" for character in written)
    assert "漂移" in written
    (result,) = parsed(made)["results"]
    assert result["message"]["text"].endswith(f"{hostile}!")
    assert result["properties"]["group"] == {"k": hostile}


def test_half_a_surrogate_pair_becomes_a_replacement_character() -> None:
    finding = replace(FINDING, id="p/\ud800", message="a\udfffb.", location=Location("\ud800.yaml"), waived_by="\ud800")
    (result,) = results(finding)
    assert result["message"]["text"] == "p/\ufffd: a\ufffdb. This does not block. Waived by: \ufffd."
    place = result["locations"][0]
    assert place["physicalLocation"]["artifactLocation"]["uri"] == "%EF%BF%BD.yaml"
    assert place["logicalLocations"] == [{"fullyQualifiedName": "p/\ufffd"}]
    assert result["suppressions"][0]["justification"] == "Waived by \ufffd."


@pytest.mark.parametrize(
    ("file", "root", "uri"),
    [
        ("policies/a.yaml", "", "policies/a.yaml"),
        ("a.yaml", "services/trading/", "services/trading/a.yaml"),
        ("a b#c?d%e:f.yaml", "", "a%20b%23c%3Fd%25e%3Af.yaml"),
        ("http://x", "", "http%3A//x"),
        ("a\\b.yaml", "", "a%5Cb.yaml"),
        ("漂移.yaml", "ü/", "%C3%BC/%E6%BC%82%E7%A7%BB.yaml"),
    ],
)
def test_addresses_are_relative_and_encoded(file: str, root: str, uri: str) -> None:
    (result,) = results(replace(FINDING, location=Location(file, 3, 5, 4, 1)), root=root)
    (place,) = result["locations"]
    assert place["physicalLocation"] == {
        "artifactLocation": {"uri": uri, "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 3, "startColumn": 5, "endLine": 4, "endColumn": 1},
    }
    assert place["logicalLocations"] == [{"fullyQualifiedName": "p/c"}]


@pytest.mark.parametrize(("root", "uri"), [("", "./"), ("services/trading/", "services/trading/")])
def test_a_finding_without_a_file_lies_in_the_folder_of_the_configuration(root: str, uri: str) -> None:
    (result,) = results(replace(FINDING, id="CVN012", rule="CVN012", location=Location("")), root=root)
    place = {"artifactLocation": {"uri": uri, "uriBaseId": "%SRCROOT%"}}
    assert result["locations"] == [{"physicalLocation": place}]


@pytest.mark.parametrize(
    ("span", "region"),
    [
        ((3, 5, 3, 5), {"startLine": 3, "startColumn": 5, "endLine": 3, "endColumn": 5}),
        ((3, 5, 3, 4), {"startLine": 3, "startColumn": 5}),
        ((3, 5, 2, 9), {"startLine": 3, "startColumn": 5}),
        ((3, 5, 4, 1), {"startLine": 3, "startColumn": 5, "endLine": 4, "endColumn": 1}),
    ],
)
def test_a_span_never_ends_before_it_starts(span: tuple[int, int, int, int], region: dict[str, int]) -> None:
    (result,) = results(replace(FINDING, location=Location("p.yaml", *span)))
    assert result["locations"][0]["physicalLocation"]["region"] == region


def test_properties_are_those_of_the_json_report_that_have_a_value() -> None:
    finding = replace(FINDING, measured=float("nan"), samples=0, baselines={"b": float("inf")}, severity=Severity.P1)
    (result,) = results(finding)
    assert result["properties"] == {
        "id": "p/c",
        "outcome": "fail",
        "severity": "P1",
        "mode": "block",
        "baselines": {"b": None},
        "samples": 0,
    }


def test_the_most_important_come_first() -> None:
    tolerated = replace(FINDING, id="p/note", outcome=Outcome.ERROR, on_unknown=OnUnknown.PASS)
    waived = replace(FINDING, id="p/waived", waived_by="@o", severity=Severity.P1)
    warning = replace(FINDING, id="p/warn", outcome=Outcome.WARN, severity=Severity.P1)
    held = replace(FINDING, id="p/held", outcome=Outcome.NO_DATA)
    first = replace(FINDING, id="p/first", severity=Severity.P1)
    third = replace(FINDING, id="p/third", severity=Severity.P3, location=Location("z.yaml"))
    found = results(tolerated, waived, warning, held, third, FINDING, first)
    names = [result["properties"]["id"] for result in found]
    assert names == ["p/first", "p/third", "p/c", "p/held", "p/warn", "p/note", "p/waived"]


def test_a_document_holds_a_bounded_number_of_results_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif, "LIMIT", 3)
    found = [replace(FINDING, group={"n": number}, severity=Severity.P2) for number in range(3)]
    run = parsed(report(*found))
    assert len(run["results"]) == 3
    assert "toolExecutionNotifications" not in run["invocations"][0]
    urgent = replace(FINDING, id="p/urgent", rule="CVN401", severity=Severity.P1)
    run = parsed(report(*found, replace(FINDING, rule="CVN301", outcome=Outcome.WARN), urgent))
    assert [result["properties"]["id"] for result in run["results"]] == ["p/urgent", "p/c", "p/c"]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["CVN201", "CVN401"]
    (note,) = run["invocations"][0]["toolExecutionNotifications"]
    said = "2 less important findings are left out: a document holds 3. The JSON report has all."
    assert note == {"level": "warning", "message": {"text": said}}


def test_the_limit_is_the_number_that_github_takes() -> None:
    assert sarif.LIMIT == 25_000


def test_rules_of_documents_say_what_they_are_about_and_those_of_kinds_what_their_family_is_about() -> None:
    overdue = replace(FINDING, id="CVN020", rule="CVN020")
    rules = parsed(report(FINDING, overdue, replace(FINDING, id="p/d")))["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["CVN020", "CVN201"]
    assert rules[0]["shortDescription"]["text"] == "An advisory policy is past its `review_by` instant."
    assert (
        rules[1]["shortDescription"]
        == rules[1]["fullDescription"]
        == {"text": "Drift: what is served no longer looks like what was trained on."}
    )
    assert rules[1]["help"]["text"].startswith("`cvnpolicy explain CVN201` says")
    assert not any("helpUri" in rule for rule in rules)
    assert "``" in DocumentRule.REVIEW_OVERDUE.says


@pytest.mark.parametrize("code", ExitCode)
def test_a_policy_that_fails_is_no_failure_of_the_tool(code: ExitCode) -> None:
    (invocation,) = parsed(report(FINDING, code=code))["invocations"]
    assert invocation["exitCode"] == code
    assert invocation["executionSuccessful"] is (code not in (ExitCode.USAGE, ExitCode.INTERNAL))
    assert invocation["exitCodeDescription"]
    assert "endTimeUtc" not in invocation


def test_a_fingerprint_does_not_change() -> None:
    """A contract: another value would close every alert and open it anew."""
    finding = replace(FINDING, group={"b": "x", "a": 1})
    identity = '["CVN201", "p/c", [["a", 1], ["b", "x"]], ""]'
    assert marks(finding) == [sha256(f"{identity}1".encode()).hexdigest()]


@pytest.mark.parametrize(
    "changes",
    [
        {"location": Location("renamed.yaml", 90, 1, 91, 2)},
        {"measured": 3.5, "samples": 9, "message": "Otherwise."},
        {"outcome": Outcome.ERROR, "hint": "x", "severity": Severity.P1, "waived_by": "@o"},
        {"condition": "> 1", "mode": Mode.ADVISE, "requirement": "R-1"},
    ],
)
def test_what_changes_between_runs_does_not_change_the_fingerprint(changes: dict[str, Any]) -> None:
    finding = replace(FINDING, group={"a": 1, "b": "x"})
    assert marks(finding) == marks(replace(finding, **changes))
    assert marks(finding) == marks(replace(finding, group={"b": "x", "a": 1}))


@pytest.mark.parametrize(
    "changes",
    [{"rule": "CVN301"}, {"id": "p/d"}, {"group": {"a": "1"}}, {"group": {"a": True}}, {"group": {}}],
)
def test_another_check_or_group_has_another_fingerprint(changes: dict[str, Any]) -> None:
    finding = replace(FINDING, group={"a": 1})
    assert marks(finding) != marks(replace(finding, **changes))


def test_mistakes_in_documents_are_told_apart_by_file() -> None:
    first = replace(FINDING, id="CVN005", rule="CVN005")
    second = replace(first, location=Location("q.yaml", 3, 5, 3, 9))
    assert marks(first) + marks(second) == marks(first, second)
    assert marks(first) != marks(second)


def test_findings_of_one_identity_are_numbered_by_place_whatever_their_order() -> None:
    found = [replace(FINDING, message=f"Bad {line}.", location=Location("p.yaml", line)) for line in (1, 5, 9)]
    by_message = {result["message"]["text"]: result["partialFingerprints"] for result in results(*found)}
    assert len({str(mark) for mark in by_message.values()}) == 3
    turned = {result["message"]["text"]: result["partialFingerprints"] for result in results(*reversed(found))}
    assert turned == by_message
    assert marks(*found)[0] == marks(found[0])[0]


def test_a_finding_that_passes_keeps_the_number_of_its_twin() -> None:
    first = replace(FINDING, location=Location("p.yaml", 1))
    assert marks(first, FINDING)[1:] == marks(replace(first, outcome=Outcome.PASS), FINDING)


def test_an_instant_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        render(replace(report(FINDING), at=AT.replace(tzinfo=None)))


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from strings(inner)


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)
@given(data=st.data())
def test_any_report_keeps_to_the_schema(any_report: st.SearchStrategy[Report], data: st.DataObject) -> None:
    made = data.draw(any_report)
    strict, root = data.draw(st.booleans()), data.draw(st.sampled_from(["", "services/trading/", "漂 移/"]))
    made = replace(made, strict=strict)
    run = parsed(made, root)
    assert render(made, root=root) == render(made, root=root)
    assert len(run["results"]) == sum(finding.outcome in BAD for finding in made.findings)
    found = [result["partialFingerprints"][FINGERPRINT] for result in run["results"]]
    assert len(set(found)) == len(found)
    shuffled = data.draw(st.permutations(made.findings))
    moved = tuple(replace(one, location=one.location._replace(line=one.location.line + 7)) for one in shuffled)
    other = parsed(replace(made, findings=moved), root)["results"]
    assert {result["partialFingerprints"][FINGERPRINT] for result in other} == set(found)
    assert not any("](" in result["message"]["text"] for result in run["results"])
    assert all(not re.search("[\ud800-\udfff]", string) for string in strings(run))
