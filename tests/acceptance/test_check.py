"""``cvnpolicy check`` says of a whole repository what ``validate`` and ``evaluate`` say of its parts."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from cvnpolicy.cli.main import run
from tests.support.demo import AT, Demo
from tests.support.process import run_command, run_python


@pytest.fixture(scope="module")
def project(demo: Demo) -> Path:
    """The example and its policies, with its evidence made."""
    return demo.root


def report(folder: Path, *arguments: str) -> tuple[int, dict[str, object]]:
    done = run_command(*arguments, "--format", "json", "--at", AT, cwd=folder)
    assert done.stderr == ""
    return done.returncode, json.loads(done.stdout)


def test_on_the_example_it_finds_what_evaluate_finds_and_says_what_ran(project: Path) -> None:
    evaluated, alone = report(project, "evaluate")
    checked, together = report(project, "check")
    assert (evaluated, checked) == (1, 1)
    findings = together.pop("findings")
    assert isinstance(findings, list)
    gates = [finding for finding in findings if finding["rule"] == "CVN030"]
    of_files = ("CVN030", "CVN031", "CVN5", "CVN8")
    assert [finding for finding in findings if not finding["rule"].startswith(of_files)] == alone.pop("findings")
    said = {gate["id"].removeprefix("gate/"): (gate["outcome"], gate["message"]) for gate in gates}
    assert {name: outcome for name, (outcome, _) in said.items()} == {
        "policies": "pass",
        "change": "not_applicable",
        "pull-request": "not_applicable",
        "code": "pass",
        "dependencies": "pass",
        "readiness": "fail",  # the documents of the example have gaps, as those of the team had
        "schemas": "pass",
        "evidence": "fail",
    }
    assert said["code"][1] == "1 finding, none blocks"
    assert said["policies"][1].endswith(": no problems")
    assert said["evidence"][1] == "environment default: 281 findings, 9 block"
    assert together["evidence_sha256"] == alone["evidence_sha256"]


def test_a_mistake_in_one_policy_is_the_problem_that_validate_names(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(project / "cvnpolicy.yaml", tmp_path)
    shutil.copytree(project / "policies", tmp_path / "policies")
    shutil.copytree(project / "examples" / "cvntrade" / "documentation", tmp_path / "examples/cvntrade/documentation")
    broken = tmp_path / "policies" / "drift" / "btc_features.yaml"
    broken.write_text(broken.read_text(encoding="utf-8").replace("warn_if:", "warn_iff:", 1), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert run(["validate", "--format", "json", "--at", AT]) == 3
    named = json.loads(capfd.readouterr().out)["findings"]
    assert run(["check", "--format", "json", "--at", AT]) == 3
    found = json.loads(capfd.readouterr().out)["findings"]
    of_files = ("CVN030", "CVN031")
    assert [finding for finding in found if finding["rule"] not in of_files] == named
    gates = {finding["id"].removeprefix("gate/"): finding["outcome"] for finding in found}
    assert gates["policies"] == "fail"
    assert {gates[name] for name in ("code", "dependencies", "readiness", "evidence")} == {"inconclusive"}


def test_check_without_evidence_loads_nothing_heavy(project: Path) -> None:
    code = "import sys; from cvnpolicy.cli.main import run; c = run(sys.argv[1:]); print(*sys.modules); sys.exit(c)"
    done = run_python("-c", code, "check", "--skip", "evidence", cwd=project)
    assert (done.returncode, done.stderr) == (1, "")  # the readiness files of the example have gaps
    loaded = {name.partition(".")[0] for name in done.stdout.splitlines()[-1].split()}
    assert "cvnpolicy" in loaded
    assert not {"duckdb", "numpy", "pandas", "pyarrow", "scipy", "sqlite3"} & loaded
