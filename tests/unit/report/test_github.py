"""GitHub annotations, read back by the runner's own rules: what becomes a command, and what never does."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cvnpolicy.core.errors import ExitCode
from cvnpolicy.core.finding import Finding, GroupReading, Level, Mode, OnUnknown, Outcome, Report, Severity, Verdict
from cvnpolicy.core.location import Location
from cvnpolicy.core.visible import visible, visible_lines
from cvnpolicy.report.github import GROUPS, MESSAGE, SHOWN, TITLE, render
from cvnpolicy.report.ranking import Grade, bad, grade, importance, together

FINDING = Finding("p/c", "CVN201", Outcome.FAIL, "It is bad.", Location("p.yaml", 3, 5, 3, 9))
REGISTERED = {
    *("add-mask", "add-matcher", "add-path", "debug", "echo", "endgroup", "error", "group", "notice", "remove-matcher"),
    *("save-state", "set-env", "set-output", "stop-commands", "warning"),
}


@dataclass(frozen=True)
class Command:
    name: str
    properties: dict[str, str]
    data: str


def unescape(text: str, tokens: str) -> str:
    """As the runner does: one token after the other, the percent sign last."""
    for token in (*tokens, "%"):
        text = text.replace(f"%{ord(token):02X}", token)
    return text


def commands(text: str) -> list[Command]:
    """Read a log as the runner does: ``::name properties::data`` at a line's start, else ``##[name]`` anywhere."""
    found = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        stripped = line.lstrip()
        end = stripped.find("::", 2)
        if stripped.startswith("::") and end >= 0:
            name, _, listed = stripped[2:end].partition(" ")
            if name.lower() in REGISTERED:
                pairs = [pair.partition("=") for pair in listed.strip().split(",") if pair]
                properties = {key: unescape(value, "\r\n:,") for key, _, value in pairs if value}
                found.append(Command(name, properties, unescape(stripped[end + 2 :], "\r\n")))
                continue
        old = line.find("##[")
        if old >= 0 and (close := line.find("]", old)) >= 0:
            name = line[old + 3 : close].split(" ")[0]
            if name.lower() in REGISTERED:
                found.append(Command(name, {}, line[close + 1 :]))
    return found


def report(*findings: Finding, strict: bool = False, code: ExitCode = ExitCode.FAILED) -> Report:
    return Report(datetime(2026, 6, 11, tzinfo=UTC), Verdict.FAIL, code, None, findings, strict)


def log(*findings: Finding, root: str = "", strict: bool = False) -> str:
    return render(report(*findings, strict=strict), root=root)


def many(count: int, **changes: Any) -> list[Finding]:
    return [replace(FINDING, id=f"p/{place:03}", **changes) for place in range(count)]


def test_a_whole_log() -> None:
    finding = replace(
        FINDING,
        level=Level.CRIT,
        severity=Severity.P1,
        group={"symbol": "ETHUSDC"},
        measured=0.93,
        condition="< 95%",
        samples=1440,
        hint="mend it, 100 %",
        action="page",
        runbook="r.md#1",
        requirement="RBF-08",
    )
    assert log(finding, root="a,b:c/") == (
        "::error file=a%2Cb%3Ac/p.yaml,line=3,endLine=3,col=5,endColumn=9,title=fail P1 p/c symbol=ETHUSDC::It is bad."
        "%0Ameasured 0.93, crit_if < 95%25, 1,440 samples%0Anext: mend it, 100 %25%0Aaction: page%0Arunbook: r.md#1"
        "%0ACVN201 RBF-08\n"
        "cvnpolicy: FAIL at 2026-06-11 00:00 UTC: 1 of 1 finding blocks\n"
        "exit code 1: failed: p/c\n"
        "1 finding to look at, the most important first:\n"
        "a,b:c/p.yaml:3:5  fail P1 p/c symbol=ETHUSDC  It is bad.; measured 0.93, crit_if < 95%, 1,440 samples; "
        "next: mend it, 100 %; action: page; runbook: r.md#1; CVN201 RBF-08\n"
    )


def test_what_passes_has_no_command_and_no_line() -> None:
    good = [replace(FINDING, outcome=one) for one in (Outcome.PASS, Outcome.SKIPPED, Outcome.NOT_APPLICABLE)]
    assert render(Report(report().at, Verdict.PASS, ExitCode.OK, None, tuple(good))) == (
        "cvnpolicy: PASS at 2026-06-11 00:00 UTC: nothing blocks\nexit code 0: nothing blocks: 1 was left out\n"
    )
    empty = render(Report(report().at, Verdict.PASS, ExitCode.NOTHING, None, ()))
    assert empty.startswith("cvnpolicy: PASS at 2026-06-11 00:00 UTC: there was nothing to check\nexit code 5: ")


@pytest.mark.parametrize(
    ("changes", "strict", "expected"),
    [
        ({}, False, "error"),
        ({"outcome": Outcome.NO_DATA}, False, "error"),
        ({"outcome": Outcome.ERROR, "on_unknown": OnUnknown.FAIL}, False, "error"),
        ({"outcome": Outcome.INCONCLUSIVE, "on_unknown": OnUnknown.PASS}, False, "notice"),
        ({"outcome": Outcome.WARN}, False, "warning"),
        ({"outcome": Outcome.WARN}, True, "error"),
        ({"outcome": Outcome.WARN, "mode": Mode.ADVISE}, True, "warning"),
        ({"mode": Mode.ADVISE}, False, "warning"),
        ({"outcome": Outcome.NO_DATA, "mode": Mode.ADVISE}, False, "warning"),
        ({"waived_by": "@a"}, False, "notice"),
        ({"outcome": Outcome.PASS}, True, None),
    ],
)
def test_the_kind_of_command_says_what_the_finding_does(
    changes: dict[str, Any], strict: bool, expected: str | None
) -> None:
    finding = replace(FINDING, **changes)
    assert [one.name for one in commands(log(finding, strict=strict))] == ([expected] if expected else [])
    assert grade(finding, strict=strict) == expected


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"waived_by": "@ada\n::"}, "waived by @ada\\n::, does not block"),
        ({"mode": Mode.ADVISE}, "advises, does not block"),
        ({"outcome": Outcome.NO_DATA, "on_unknown": OnUnknown.PASS}, "on_unknown: pass, does not block"),
        ({"outcome": Outcome.NO_DATA, "on_unknown": OnUnknown.FAIL}, "on_unknown: fail, counts as a fail"),
    ],
)
def test_what_excuses_a_finding_is_said(changes: dict[str, Any], said: str) -> None:
    text = log(replace(FINDING, **changes))
    assert said in commands(text)[0].data.split("\n")
    assert f"; {said}; CVN201\n" in text


@pytest.mark.parametrize("count", [SHOWN - 1, SHOWN, SHOWN + 1, 25])
@pytest.mark.parametrize(
    ("changes", "name"),
    [({}, "error"), ({"outcome": Outcome.WARN}, "warning"), ({"waived_by": "@a"}, "notice")],
)
def test_no_more_than_ten_of_a_kind(count: int, changes: dict[str, Any], name: str) -> None:
    text = log(*many(count, **changes))
    found = commands(text)
    assert len(found) == min(count, SHOWN)
    assert {one.name for one in found} == {name}
    left = count - SHOWN + 1 if count > SHOWN else 0
    if left:
        assert found[-1].properties == {"title": f"cvnpolicy: and {left} more {name}s"}
        assert found[-1].data.startswith(f"and {left} more {name}s: GitHub shows 10 ")
    assert [f"p/{place:03}" in found[place].properties["title"] for place in range(count - left)] == [True] * (
        count - left
    )
    assert [line.split()[2] for line in text.split("\n") if line.startswith("p.yaml:3:5  ")] == [
        f"p/{place:03}" for place in range(count)
    ]


def test_one_more_is_not_a_plural() -> None:
    findings = [*many(9), *(replace(FINDING, id="p/z", group={"n": place}) for place in range(3)), *many(1)]
    assert commands(log(*findings))[-1].data.startswith("and 4 more errors: ")
    assert commands(log(*many(11)))[-1].data.startswith("and 2 more errors: ")


def test_the_most_important_come_first() -> None:
    findings = [
        replace(FINDING, id="late/none"),
        replace(FINDING, id="b/p3", severity=Severity.P3),
        replace(FINDING, id="c/p1-open", severity=Severity.P1, outcome=Outcome.NO_DATA),
        replace(FINDING, id="d/p1", severity=Severity.P1, location=Location("z.yaml", 9)),
        replace(FINDING, id="e/p1", severity=Severity.P1, location=Location("z.yaml", 8)),
        replace(FINDING, id="f/p2", severity=Severity.P2),
    ]
    titles = [one.properties["title"] for one in commands(log(*findings))]
    assert titles == [
        "fail P1 e/p1",
        "fail P1 d/p1",
        "no data P1 c/p1-open",
        "fail P2 f/p2",
        "fail P3 b/p3",
        "fail late/none",
    ]
    assert min(findings, key=importance).id == "e/p1"


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        (Location(""), {}),
        (Location("a.py", 3, 5, 3, 9), {"file": "a.py", "line": "3", "endLine": "3", "col": "5", "endColumn": "9"}),
        (Location("a.py", 3, 5, 3, 5), {"file": "a.py", "line": "3", "endLine": "3", "col": "5", "endColumn": "5"}),
        (Location("a.py", 3, 5, 3, 4), {"file": "a.py", "line": "3", "endLine": "3", "col": "5"}),
        (Location("a.py", 3, 5, 4, 9), {"file": "a.py", "line": "3", "endLine": "4"}),
        (Location("a.py", 3, 5, 2, 9), {"file": "a.py", "line": "3"}),
    ],
)
def test_positions_are_such_as_the_runner_keeps(location: Location, expected: dict[str, str]) -> None:
    properties = commands(log(replace(FINDING, location=location)))[0].properties
    assert properties == {**expected, "title": "fail p/c"}


def test_a_finding_without_a_file_is_listed_so() -> None:
    assert "\n(no file)  fail p/c  It is bad.; CVN201\n" in log(replace(FINDING, location=Location("")), root="a/")


def test_no_listed_line_looks_like_a_compiler_error() -> None:
    text = log(replace(FINDING, outcome=Outcome.ERROR))
    assert "\np.yaml:3:5  error p/c  It is bad.; CVN201\n" in text


def test_findings_that_differ_in_their_group_share_an_annotation() -> None:
    run = [
        replace(FINDING, group={"n": 100 + place}, measured=place / 4, condition="> 1", level=Level.WARN)
        for place in range(GROUPS + 2)
    ]
    (command,) = commands(log(*run))
    assert command.properties["title"] == "fail p/c, 12 groups"
    lines = command.data.split("\n")
    assert lines[:4] == ["The first of 12: It is bad.", "warn_if > 1", "n=100: measured 0", "n=101: measured 0.25"]
    assert lines[-2:] == ["and 2 more groups", "CVN201"]
    assert log(*run).count("\np.yaml:3:5  fail p/c n=") == 12
    bare = commands(log(*(replace(one, measured=None, condition=None) for one in run[:2])))[0].data
    assert bare.split("\n")[1:3] == ["n=100: fail", "n=101: fail"]
    assert len(together([FINDING, FINDING])) == 2


def test_the_groups_of_a_quantified_finding_are_listed_the_worst_first() -> None:
    readings = [GroupReading({"n": place}, Outcome.PASS, 1.0) for place in range(GROUPS)]
    readings.append(GroupReading({"n": 99}, Outcome.NO_DATA, None, None, "no\nrow"))
    text = log(replace(FINDING, groups=tuple(readings)))
    lines = commands(text)[0].data.split("\n")
    assert lines[1:3] == ["n=99: no data (no\\nrow)", "n=0: pass 1"]
    assert lines[-2:] == ["and 1 more group", "CVN201"]
    assert "It is bad.; n=99: no data (no\\nrow); CVN201\n" in text


@pytest.mark.parametrize("letter", ["x", "漂", "\U0001f600"])
def test_long_texts_are_cut_where_the_runner_would_and_say_so(letter: str) -> None:
    text = log(replace(FINDING, id=letter * 300, message=letter * 5000))
    (command,) = commands(text)
    assert len(command.data.encode("utf-16-le")) // 2 <= 4096
    assert command.data.endswith("… (cut; the log of this step has the rest)")
    assert len(command.properties["title"]) == TITLE + 1
    assert letter * 5000 in text
    exact = log(replace(FINDING, message="x" * (MESSAGE - len("\nCVN201"))))
    assert "cut;" not in exact
    assert "cut;" in log(replace(FINDING, message="x" * (MESSAGE - len("\nCVN201") + 1)))


def test_the_lines_of_a_message_stay_lines() -> None:
    (command,) = commands(log(replace(FINDING, message="one\n::error::two\nthree %0A")))
    assert command.data.split("\n") == ["one", "\\x3a:error::two", "three %0A", "CVN201"]


HOSTILE = [
    "::set-env name=PATH::/evil",
    "\n::set-env name=PATH::/evil",
    "\r\n  ::stop-commands::t",
    "##[error]no",
    "###[group]x",
    "##vso[task.setvariable variable=x]y",
    "##teamcity[buildStop]",
    "\x1b[31m\x9b2J\x00\x7f",
    "\u202eesrever\u2028\u2029\x85::error::x",
    "a,line=1,file=b::data",
    "%0A::error::x%25%2C",
    "\ud800",
    " :: ",
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("field", ["id", "message", "hint", "rule", "requirement", "action", "runbook", "waived_by"])
def test_hostile_text_is_never_a_command(field: str, text: str) -> None:
    changes: dict[str, Any] = {field: text}
    said = log(replace(FINDING, **changes), root="root/")
    assert [(one.name, one.properties["file"]) for one in commands(said)] in (
        [("error", "root/p.yaml")],
        [("notice", "root/p.yaml")],
    )
    assert all(line.isprintable() for line in said.split("\n"))
    assert "##[" not in said
    assert "##vso[" not in said


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_file_name_stays_in_its_property(text: str) -> None:
    said = log(replace(FINDING, location=Location(text, 3, 5, 3, 9), group={text: text}, condition=text))
    (command,) = commands(said)
    assert command.properties["file"].strip() == visible(text).strip()
    assert set(command.properties) == {"file", "line", "endLine", "col", "endColumn", "title"}
    assert all(line.isprintable() for line in said.split("\n"))


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), root=st.sampled_from(["", "a/", "漂 ,:%/"]))
def test_any_report_reads_back_as_it_was_meant(
    any_report: st.SearchStrategy[Report], data: st.DataObject, root: str
) -> None:
    drawn = data.draw(any_report)
    text = render(drawn, root=root)
    assert text.encode().decode() == text
    assert text.split("\n") == [*text.splitlines(), ""]
    assert all(line.isprintable() for line in text.splitlines())
    found = commands(text)
    expected = [(one, run) for one, findings in bad(drawn).items() for run in together(findings)]
    assert len(found) == len(expected)
    for command, (kind, run) in zip(found, expected, strict=True):
        first = run[0]
        assert command.name == kind.value
        lead = f"The first of {len(run)}: " if len(run) > 1 else ""
        assert command.data.startswith(lead + visible_lines(first.message)[: MESSAGE // 2])
        assert ("file" in command.properties) == bool(first.location.file)
        if first.location.file:
            assert command.properties["file"] == visible(root + first.location.file)
            assert command.properties["line"] == str(first.location.line)
        assert {"col", "endColumn"}.isdisjoint(command.properties) or first.location.line == first.location.end_line
    plain = [line for line in text.splitlines() if not commands(line)]
    assert len(plain) == 2 + sum(map(len, bad(drawn).values())) + any(bad(drawn).values())
    assert set(bad(drawn)) == set(Grade)


@pytest.mark.parametrize(("size", "cut"), [(TITLE, False), (TITLE + 1, True)])
def test_a_title_of_the_longest_length_is_whole(size: int, cut: bool) -> None:
    (command,) = commands(log(replace(FINDING, id="x" * (size - len("fail ")))))
    assert command.properties["title"].endswith("…") == cut
    assert command.properties["title"].startswith("fail " + "x" * (TITLE - len("fail ")))
