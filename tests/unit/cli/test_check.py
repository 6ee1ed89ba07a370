"""``cvnpolicy check``: the lines about the gates, the options, and what they may not be combined with."""

from __future__ import annotations

import json
import os
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from cvnpolicy.app.gates import GATES
from cvnpolicy.cli.main import run
from cvnpolicy.report import FORMATS
from tests.support.policies import EVENTS, checks, write
from tests.support.tree import write_tree

AT = "2026-06-08T00:00:00Z"
ONE = "{id: c, measure: {statistic: mean, dataset: data, columns: [a], window: 24h}, crit_if: '> 1'}"
ORDINARY = "is not an ordinary file but a pipe, socket or device: name an ordinary file"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write(tmp_path, EVENTS, checks(ONE), files={"data.csv": "ts,a\n2026-06-07T12:00:00Z,0.5\n"})
    monkeypatch.chdir(tmp_path)
    return tmp_path


def page(capfd: pytest.CaptureFixture[str], *arguments: str, code: int) -> list[str]:
    assert run(["check", "--at", AT, *arguments]) == code
    captured = capfd.readouterr()
    assert captured.err == ""
    return captured.out.splitlines()


def test_the_page_begins_with_the_gates(root, capfd):
    lines = page(capfd, code=0)
    assert lines[:10] == [
        "policies      ran             2 policies in 1 file: no problems",
        "change        does not apply  no base was named to compare with",
        "pull-request  does not apply  no base was named: there is no pull request",
        "code          does not apply  no policy is about code",
        "dependencies  does not apply  no policy is about dependencies",
        "readiness     does not apply  no policy is about readiness files",
        "schemas       does not apply  no policy names a JSON Schema of the repository for editors",
        "evidence      ran             environment default: 1 finding, none blocks",
        "",
        "PASS at 2026-06-08 00:00 UTC: nothing blocks",
    ]
    skipped = ["--skip", "evidence", "--skip", "code"]
    lines = page(capfd, *skipped, code=0)
    assert (lines[3], lines[7]) == (
        "code          skipped         left out with --skip",
        "evidence      skipped         left out with --skip",
    )
    assert page(capfd, *skipped, "--skip", "policies", code=5)[0] == (
        "policies      skipped         left out with --skip"
    )


def test_a_gate_that_could_not_run_and_one_that_does_not_apply(root, capfd):
    write_tree(root, {"policies/z.yaml": "kind: [\n"})
    lines = page(capfd, code=3)[:8]
    assert lines[0] == "policies      ran             1 problem in 2 files; names across files were not checked"
    needing = ["code", "dependencies", "readiness", "evidence"]
    assert [line for line in lines if "could not run" in line] == [
        f"{name:<14}could not run   the policies are not valid" for name in needing
    ]
    write_tree(root, {"cvnpolicy.yaml": "policies: nowhere\n"})
    lines = page(capfd, code=5)[:8]
    assert all("  does not apply  " in line for line in lines)
    assert lines[0].endswith("there are no policies to validate")
    assert lines[7].endswith("there are no policies to judge")


def test_the_page_in_a_file_is_the_page_on_the_terminal(root, capfd):
    lines = page(capfd, code=0)
    assert run(["check", "--at", AT, "--output", "out.txt"]) == 0
    assert (root / "out.txt").read_text(encoding="utf-8").splitlines() == lines


@pytest.mark.parametrize("format", [name for name in FORMATS if name != "terminal"])
def test_data_formats_hold_nothing_but_the_report(root, capfd, format):
    out = "\n".join(page(capfd, "--format", format, code=0))
    assert "policies  ran" not in out
    if format in ("json", "sarif"):
        json.loads(out)


def test_the_gates_are_findings_of_the_report(root, capfd):
    report = json.loads("\n".join(page(capfd, "--format", "json", code=0)))
    found = {finding["id"]: finding for finding in report["findings"]}
    assert [name for name in found if not name.startswith("gate/")] == ["p/c"]
    assert {name.removeprefix("gate/") for name in found} - {"p/c"} == set(GATES)
    assert {found[name]["rule"] for name in ("gate/policies", "gate/evidence")} == {"CVN030"}
    assert found["gate/evidence"]["location"]["file"] == "cvnpolicy.yaml"


def test_evidence_is_saved_and_judged_again(root, capfd):
    page(capfd, "--save-evidence", "e.json", code=0)
    (root / "data.csv").write_text("ts,a\n2026-06-07T12:00:00Z,2\n")
    page(capfd, code=1)
    assert page(capfd, "--evidence", "e.json", code=0)[7].endswith("recorded evidence: 1 finding, none blocks")


def test_nothing_is_saved_where_nothing_was_judged(root, capfd):
    write_tree(root, {"policies/z.yaml": "kind: [\n"})
    assert run(["check", "--save-evidence", "e.json"]) == 3
    assert "nothing was judged, so there is no evidence to save in e.json" in capfd.readouterr().err
    assert not (root / "e.json").exists()


def test_a_warning_fails_a_strict_run(root, capfd):
    write(root, EVENTS, checks(ONE.replace("crit_if: '> 1'", "warn_if: '> 0.1'")))
    page(capfd, code=0)
    assert page(capfd, "--strict", code=1)[7].endswith("environment default: 1 finding, 1 blocks")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--env", "prod"], "there is no environment 'prod': expected one of default"),
        (
            ["--skip", "all"],
            "there is no gate 'all': expected one of " + ", ".join(sorted(GATES)),
        ),
        (
            ["--skip", "evidence", "--evidence", "data.csv"],
            "--skip evidence leaves no evidence to read or save: leave one of the options out",
        ),
        (
            ["--skip", "evidence", "--save-evidence", "e.json"],
            "--skip evidence leaves no evidence to read or save: leave one of the options out",
        ),
        (
            ["--evidence", "data.csv", "--save-evidence", "e.json"],
            "--evidence and --save-evidence exclude one another: name one",
        ),
        (
            ["--evidence", "data.csv", "--env", "default"],
            "--evidence asks no source, so --env means nothing with it: leave one out",
        ),
        (
            ["--output", "e.json", "--save-evidence", "e.json"],
            "--save-evidence and --output name the same file: name two",
        ),
        (
            ["--output", "e.json", "--save-evidence", "policies/../e.json"],
            "--save-evidence and --output name the same file: name two",
        ),
    ],
)
def test_what_cannot_be_meant(root, capfd, arguments, says):
    for command in ("check",) if "--skip" in arguments else ("check", "evaluate"):
        assert run([command, *arguments]) == 2
        assert capfd.readouterr() == ("", f"cvnpolicy: {says}\n")
    assert not (root / "e.json").exists()


@pytest.mark.parametrize("command", ["check", "evaluate"])
def test_evidence_of_another_instant(root, capfd, command):
    page(capfd, "--save-evidence", "e.json", code=0)
    assert run([command, "--evidence", "e.json", "--at", "2026-06-09T00:00:00Z"]) == 2
    says = "cvnpolicy: e.json was recorded for 2026-06-08T00:00:00Z: leave --at out, or record again\n"
    assert capfd.readouterr() == ("", says)
    assert run([command, "--evidence", "e.json", "--at", AT]) == 0


@pytest.mark.parametrize("command", ["check", "evaluate"])
@pytest.mark.parametrize(
    ("name", "says"), [("pipe", f"pipe {ORDINARY}"), ("policies", "policies is a folder: name a file")]
)
def test_evidence_that_is_no_file_is_refused_without_opening_it(root, capfd, command, name, says):
    os.mkfifo(root / "pipe")
    assert run([command, "--evidence", name]) == 2
    expected = f"cvnpolicy: Invalid value for '--evidence': {says}\nsee cvnpolicy {command} --help\n"
    assert capfd.readouterr() == ("", expected)


@pytest.mark.parametrize("command", ["check", "evaluate"])
def test_evidence_that_is_not_there(root, capfd, command):
    assert run([command, "--evidence", "nowhere.json"]) == 2
    says = "Invalid value for '--evidence': nowhere.json is not there: name a file that exists"
    assert capfd.readouterr() == ("", f"cvnpolicy: {says}\nsee cvnpolicy {command} --help\n")


@pytest.mark.parametrize("command", ["check", "evaluate"])
def test_evidence_that_cannot_be_looked_up_is_not_said_to_be_missing(root, capfd, command):
    assert run([command, "--evidence", "n" * 256]) == 3
    assert "cannot be read (File name too long)" in capfd.readouterr().err


def junit_tests(root, capfd, code):
    suite = next(iter(ET.fromstring("\n".join(page(capfd, "--format", "junit", code=code))).iter("testsuite")))  # noqa: S314  ours
    tests = {case.attrib["name"]: [part.tag for part in case] for case in suite.iter("testcase")}
    return {name: tests[name] for name in ("policies", "code", "evidence")}


def test_a_build_server_sees_a_gate_that_fails_or_holds(root, capfd):
    assert junit_tests(root, capfd, 0) == {"policies": [], "code": ["skipped"], "evidence": []}
    (root / "data.csv").write_text("ts,a\n2026-06-07T12:00:00Z,2\n")
    assert junit_tests(root, capfd, 1) == {"policies": [], "code": ["skipped"], "evidence": ["failure"]}
    (root / "data.csv").write_text("ts,a\n")
    assert junit_tests(root, capfd, 4) == {"policies": [], "code": ["skipped"], "evidence": ["error"]}
    write_tree(root, {"policies/z.yaml": "kind: [\n"})
    assert junit_tests(root, capfd, 3) == {"policies": ["failure"], "code": ["error"], "evidence": ["error"]}


@pytest.mark.parametrize("command", ["validate", "check", "evaluate", "explain p"])
@pytest.mark.parametrize("name", ["pipe", "policies"])
def test_a_configuration_that_is_no_file_is_refused_without_opening_it(root, capfd, command, name):
    os.mkfifo(root / "pipe")
    assert run([*command.split(), "--config", name]) == 3
    captured = capfd.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(f"{name}:1:1: ")


@pytest.mark.parametrize("command", ["validate", "evaluate"])
def test_a_pipe_among_the_policies_is_refused_without_opening_it(root, capfd, command):
    os.mkfifo(root / "policies" / "pipe.yaml")
    assert run([command, "policies/pipe.yaml"]) == 3
    captured = capfd.readouterr()
    assert f"policies/pipe.yaml:1:1: {ORDINARY.removeprefix('is ')}" in captured.out + captured.err
