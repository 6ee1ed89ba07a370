"""The contract of the JSON report."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, NoReturn

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from cvnpolicy.core.errors import ExitCode
from cvnpolicy.core.finding import Finding, Outcome, Report, Verdict
from cvnpolicy.core.location import Location
from cvnpolicy.report.json_v1 import render, to_dict
from cvnpolicy.report.json_v1_model import Report as Model
from cvnpolicy.report.json_v1_model import schema

AT = datetime(2026, 6, 11, tzinfo=UTC)
FINDING = Finding("p/c", "CVN201", Outcome.PASS, "Good.", Location("p.yaml", 1, 1, 1, 2))
KEYS = [
    "id",
    "rule",
    "requirement",
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
    "message",
    "hint",
    "action",
    "runbook",
    "waived_by",
    "details",
    "groups",
    "location",
]


def report(**changes: Any) -> Report:
    return Report(AT, Verdict.PASS, ExitCode.OK, None, (replace(FINDING, **changes),))


def strict(text: str) -> Any:
    def refuse(name: str) -> NoReturn:
        raise AssertionError(f"{name} is not JSON")

    return json.loads(text, parse_constant=refuse)


def only(made: Report) -> Any:
    return strict(render(made))["findings"][0]


def test_the_keys_are_those_of_the_contract_in_its_order(sample: Report) -> None:
    parsed = strict(render(sample))
    assert list(parsed) == ["schema", "at", "verdict", "exit_code", "evidence_sha256", "summary", "findings"]
    assert parsed["schema"] == "cvnpolicy.report/v1"
    assert list(parsed["summary"]) == [outcome.value for outcome in Outcome]
    assert all(list(finding) == KEYS for finding in parsed["findings"])
    assert list(parsed["findings"][0]["location"]) == ["file", "line", "column", "end_line", "end_column"]
    readings = [reading for finding in parsed["findings"] for reading in finding["groups"]]
    assert readings
    assert all(list(reading) == ["group", "outcome", "measured", "samples", "reason"] for reading in readings)
    assert [finding["id"] for finding in parsed["findings"]] == [finding.id for finding in sample.findings]


@pytest.mark.parametrize(
    ("value", "written"),
    [(None, None), (0, 0), (0.0031, 0.0031), (float("nan"), None), (float("inf"), None), (-float("inf"), None)],
)
def test_numbers_are_numbers_or_null(value: float | None, written: float | None) -> None:
    finding = only(report(measured=value, baselines={"b": value}, details={"list": [value, {"x": value}]}))
    assert finding["measured"] == written
    assert finding["baselines"] == {"b": written}
    assert finding["details"] == {"list": [written, {"x": written}]}


def test_keys_are_sorted_and_nested_details_too() -> None:
    finding = only(report(group={"b": 1, "a": True}, baselines={"z": 1, "y": 2}, details={"d": {"b": 1, "a": (2,)}}))
    assert list(finding["group"]) == ["a", "b"]
    assert finding["group"]["a"] is True
    assert list(finding["baselines"]) == ["y", "z"]
    assert finding["details"] == {"d": {"a": [2], "b": 1}}
    assert list(finding["details"]["d"]) == ["a", "b"]


def test_instants_are_utc_with_z() -> None:
    east = datetime(2026, 6, 11, 2, 0, 0, 5, tzinfo=timezone(timedelta(hours=2)))
    finding = only(report(first_seen=east, details={"at": east}))
    assert finding["first_seen"] == finding["details"]["at"] == "2026-06-11T00:00:00.000005Z"
    with pytest.raises(ValueError, match="no time zone"):
        render(report(first_seen=AT.replace(tzinfo=None)))


def test_a_detail_that_is_not_json_is_refused() -> None:
    with pytest.raises(TypeError, match="set is not a JSON value"):
        render(report(details={"names": {"a"}}))


def test_text_survives_and_a_terminal_cannot_be_steered_by_it() -> None:
    hostile = "\x1b[2J\x9b\u202e\u200b\x7f\n漂移"
    text = render(report(message=hostile))
    assert only(report(message=hostile))["message"] == hostile
    assert "漂移" in text
    assert all(character.isprintable() or character == "\n" for character in text)


def test_half_a_surrogate_pair_becomes_a_replacement_character() -> None:
    text = render(report(message="a\ud800b", group={"\udfff": "x"}))
    assert strict(text)["findings"][0]["message"] == "a\ufffdb"
    assert strict(text)["findings"][0]["group"] == {"\ufffd": "x"}
    text.encode("utf-8")


def test_the_schema_is_a_draft_2020_12_schema_that_closes_every_object() -> None:
    written = schema()
    jsonschema.Draft202012Validator.check_schema(written)
    assert written["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert written["title"] == "cvnpolicy report, version 1"
    parts = [written, *(part for part in written["$defs"].values() if part.get("type") == "object")]
    assert len(parts) == 6
    for part in parts:
        assert part["additionalProperties"] is False
        assert part["required"] == list(part["properties"])
        assert part["description"]
    described = [field for part in parts for field in part["properties"].values() if "$ref" not in field]
    assert all(field["description"] for field in described)
    assert written["$defs"]["Finding"]["required"] == KEYS
    assert schema() == written


@pytest.mark.parametrize(
    "change",
    [
        {"extra": 1},
        {"schema": "cvnpolicy.report/v2"},
        {"at": "2026-06-11T00:00:00+00:00"},
        {"verdict": "maybe"},
        {"exit_code": 6},
        {"evidence_sha256": "abc"},
        {"summary": {}},
        {"findings": [{}]},
    ],
)
def test_schema_and_models_refuse_what_is_not_a_report(sample: Report, change: dict[str, Any]) -> None:
    wrong = to_dict(sample) | change
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(wrong, schema())
    with pytest.raises(ValidationError):
        Model.model_validate_json(json.dumps(wrong))


def test_the_model_reads_back_what_was_written(sample: Report) -> None:
    text = render(sample)
    assert strict(Model.model_validate_json(text).model_dump_json()) == strict(text)


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_any_report_keeps_the_contract(any_report: st.SearchStrategy[Report], data: st.DataObject) -> None:
    made = data.draw(any_report)
    text = render(made)
    parsed = strict(text)
    assert text == render(made)
    jsonschema.validate(parsed, schema())
    Model.model_validate_json(text)
    assert parsed == strict(json.dumps(to_dict(made)))
