"""The case runner must not be able to pass by accident."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cvnpolicy.core.errors import ExitCode, InvalidInputError
from cvnpolicy.core.finding import Finding, GroupReading, Outcome, Report, Span, Verdict
from cvnpolicy.core.location import Location
from tests.support.cases import Expectation, read_cases
from tests.support.compare import differences
from tests.support.tables import Column, Table, text_of

AT = datetime(2026, 6, 11, tzinfo=UTC)


FINDING = Finding(
    id="p/c",
    rule="CVN101",
    outcome=Outcome.FAIL,
    message="mean of x is 5",
    location=Location("policies.yaml", 7),
    group={"symbol": "A"},
    measured=5.0,
    details={"n": 4, "m": 2},
    window=Span(AT, AT),
    groups=(GroupReading({"fold": 1}, Outcome.PASS, 60, 3, "a reason"),),
)


def against(expected: dict[str, object], *found: Finding, more: bool = False) -> list[str]:
    report = Report(AT, Verdict.FAIL, ExitCode.FAILED, None, found or (FINDING,))
    written = {"exit_code": 1, "findings": [expected], "more": more}
    return differences(Expectation.model_validate(written), report)


@pytest.mark.parametrize(
    "expected",
    [
        {},
        {"measured": 5},
        {"group": {"symbol": "A"}},
        {"message": "x is 5", "line": 7},
        {"details": {"n": 4}},
        {"window": ["2026-06-11T00:00:00Z", "2026-06-11T02:00:00+02:00"]},
        {"severity": None},
        {"groups": [{"group": {"fold": 1}, "outcome": "pass", "measured": 60, "reason": "reason"}]},
    ],
)
def test_agrees_with_what_is_written(expected: dict[str, object]):
    assert against({"id": "c", "outcome": "fail", **expected}) == []


@pytest.mark.parametrize(
    "expected",
    [
        {"id": "p/other"},
        {"id": "q/c"},
        {"outcome": "warn"},
        {"measured": 5.000001},
        {"measured": None},
        {"group": {}},
        {"group": {"symbol": "A", "fold": 1}},
        {"group": {"symbol": "B"}},
        {"message": "x is 6"},
        {"line": 8},
        {"severity": "P1"},
        {"details": {"n": 5}},
        {"details": {"k": None}},
        {"window": None},
        {"window": ["2026-06-11T00:00:00Z", "2026-06-11T00:00:01Z"]},
        {"groups": [{"group": {"fold": 1}, "outcome": "fail"}]},
        {"groups": [{"group": {"fold": 2}, "outcome": "pass"}]},
        {"groups": [{"group": {"fold": 1}, "outcome": "pass", "samples": 4}]},
        {"groups": [{"group": {"fold": 1}, "outcome": "pass"}, {"group": {"fold": 2}, "outcome": "pass"}]},
    ],
)
def test_sees_every_difference(expected: dict[str, object]):
    assert against({"id": "p/c", "outcome": "fail", **expected}) != []


def test_a_bool_is_no_number():
    assert against({"id": "c", "outcome": "fail", "details": {"n": True}}, replace(FINDING, details={"n": 1})) != []


def test_a_finding_more_is_a_difference_unless_more_is_said():
    other = replace(FINDING, id="p/other")
    assert against({"id": "p/c", "outcome": "fail"}, FINDING, other) != []
    assert against({"id": "p/c", "outcome": "fail"}, FINDING, other, more=True) == []


def test_two_that_match_are_a_difference():
    assert against({"id": "c", "outcome": "fail"}, FINDING, replace(FINDING, id="q/c"), more=True) != []


def test_one_finding_cannot_be_expected_twice():
    report = Report(AT, Verdict.FAIL, ExitCode.FAILED, None, (FINDING, replace(FINDING, id="p/other")))
    expected = {"exit_code": 1, "findings": [{"id": "p/c", "outcome": "fail"}] * 2}
    assert "one finding is expected twice" in differences(Expectation.model_validate(expected), report)


def test_the_exit_code_counts():
    report = Report(AT, Verdict.PASS, ExitCode.OK, None, (FINDING,))
    expected = {"exit_code": 1, "findings": [{"id": "p/c", "outcome": "fail"}]}
    assert differences(Expectation.model_validate(expected), report)[0] == "exit code 0, expected 1"


CASE = """\
- name: one
  shows: {shows}
  policies: ""
  expect: {expect}
"""


@pytest.mark.parametrize(
    ("shows", "expect"),
    [
        ("pass", "{problems: []}"),
        ("invalid", "{problems: []}"),
        ("valid", "{problems: [wrong]}"),
        ("valid", "{exit_code: 0, findings: []}"),
        ("pass", "{exit_code: 0, findings: []}"),
        ("valid", "{problems: [], findings: [], exit_code: 0}"),
        ("valid", "{problems: [], finding: []}"),
        ("valid", "{}"),
        ("passes", "{problems: []}"),
    ],
)
def test_refuses_a_case_that_contradicts_itself(shows: str, expect: str, tmp_path: Path):
    file = tmp_path / "cases.yaml"
    file.write_text(CASE.format(shows=shows, expect=expect), encoding="utf-8")
    with pytest.raises(InvalidInputError):
        read_cases(file)


@pytest.mark.parametrize("text", ["", "- [", "cases: []", "[]", "- name: one\n  name: two\n"])
def test_refuses_a_file_without_cases(text: str, tmp_path: Path):
    file = tmp_path / "cases.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInputError):
        read_cases(file)


def test_reads_a_case(tmp_path: Path):
    file = tmp_path / "cases.yaml"
    file.write_text(CASE.format(shows="valid", expect="{problems: []}"), encoding="utf-8")
    assert [case.name for case in read_cases(file)] == ["one"]


def test_tables_are_written_row_by_row():
    table = Table.model_validate(
        {
            "rows": 2,
            "start": "2026-06-11T00:00:00Z",
            "every": "1h",
            "columns": {
                "symbol": {"each": ["A", "B"]},
                "x": {"ramp": [0, 3]},
                "y": {"cycle": [True, None, "c"]},
                "z": {"values": [1, 2, 3, 4]},
                "one": {"value": 1},
            },
        }
    )
    assert text_of("data.csv", [table]).splitlines() == [
        "ts,symbol,x,y,z,one",
        "2026-06-11T00:00:00Z,A,0.0,true,1,1",
        "2026-06-11T00:00:00Z,B,1.0,,2,1",
        "2026-06-11T01:00:00Z,A,2.0,c,3,1",
        "2026-06-11T01:00:00Z,B,3.0,true,4,1",
    ]
    assert text_of("app.log", [table]).splitlines()[1] == "ts=2026-06-11T00:00:00Z symbol=B x=1.0 z=2 one=1"
    assert text_of("a.jsonl", [table]).splitlines()[1].startswith('{"ts": "2026-06-11T00:00:00Z", "symbol": "B"')


def test_random_numbers_are_the_same_everywhere():
    column = Column.model_validate({"uniform": [0, 1], "seed": 1})
    assert column.cells(2) == [0.13436424411240122, 0.8474337369372327]


@pytest.mark.parametrize("column", [{}, {"value": 1, "each": [1]}, {"seed": 2}])
def test_a_column_is_filled_in_one_way(column: dict[str, object]):
    with pytest.raises(ValueError, match="one way"):
        Column.model_validate(column)


def test_values_are_as_many_as_rows():
    table = Table.model_validate({"rows": 2, "columns": {"x": {"values": [1]}}})
    with pytest.raises(ValueError, match="1 values for 2 rows"):
        table.build()


def test_other_formats_are_refused():
    with pytest.raises(ValueError, match="are written as"):
        text_of("data.parquet", [])
