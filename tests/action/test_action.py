"""The action on hostile pull requests: its own steps in the runner's shell, and nothing of a stranger is obeyed.

`cvnpolicy` is a stand-in here, which notes how it was called and writes what it was asked to write: these tests are
about what stands around it. `test_the_real_command_judges` takes the real one.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.composite import Job

ROOT = Path(__file__).resolve().parents[2]
BASE = "0123456789abcdef" * 2 + "01234567"
HEAD = "f" * 40
STAND_IN = """
import json, os, sys
from pathlib import Path
assert sys.flags.isolated
Path(os.environ["RUNNER_TEMP"], "called.json").write_text(json.dumps([sys.argv[1:], dict(os.environ), sys.path]))
written = [sys.argv[i + 1].split("=", 1) for i, each in enumerate(sys.argv) if each == "--write"]
for name, path in written:
    Path(path).write_text("<!-- cvnpolicy -->\\n## report\\n" if name == "markdown" else "{}")
print("::error title=ours::a finding")
sys.exit(int(Path(os.environ["RUNNER_TEMP"], "status").read_text()))
"""
OURS = ["::error title=ours::a finding"]
CANARY = "canary"
ORDERS = f"touch {CANARY}; touch $RUNNER_TEMP/{CANARY}; touch $HOME/{CANARY}"
HOSTILE = {
    "nothing": None,
    "empty": "",
    "backticks": f"`{ORDERS}`",
    "dollar": f"$({ORDERS}) ${{IFS}} $HOME",
    "quotes": f"\"'; {ORDERS}; echo '\"",
    "lines": f"a\n{ORDERS}\n\n",
    "error": "::error::not ours\n::set-output name=base::evil\n  ::add-mask::a\n##[error]not ours\n",
    "returns": "a\r::error::not ours\r\n::stop-commands::x\r",
    "escapes": "\x1b[2J\x1b]0;title\x07\x9b31m",
    "heredoc": f"EOF\n{ORDERS}\nEOF\nghadelimiter_1\nbase=evil\nGITHUB_OUTPUT<<EOF\nbase=evil\nEOF\n",
    "expression": "${{ github.token }} ${{ secrets.X }}",
    "option": "--config=/etc/passwd",
    "long": "a`b$(c)\n" * 131_072,
    "nul": f"a\0b\n{ORDERS}",
    "half": "a\ud800b\udfff",
    "separators": "a\u2028::error::x\u0085::error::y\u202e",
}


def event_of(text: str | None, **changes: Any) -> dict[str, Any]:
    """Return the event of a pull request that has one text everywhere."""
    side = {"ref": text, "label": text, "repo": {"full_name": text}}
    head = {**side, "sha": HEAD}
    request = {"number": 7, "title": text, "body": text, "head": head, "user": {"login": text}} | changes
    return {"action": "opened", "number": 7, "pull_request": {"base": {**side, "sha": BASE}} | request}


def job_of(tmp_path: Path, event: Any, *, status: int = 0, **settings: Any) -> Job:
    """Return a job with the stand-in installed, and a checkout full of modules that must not be imported."""
    job = Job(tmp_path / "runner", ROOT, **settings)
    (job.root / "event.json").write_text(json.dumps(event), encoding="utf-8")
    (job.temp / "status").write_text(str(status))
    binaries = job.temp / "cvnpolicy-venv" / "bin"
    binaries.mkdir(parents=True)
    # Not a link: Python finds an environment by the name that it was started with.
    (binaries / "python").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    (binaries / "python").chmod(0o755)
    (binaries / "cvnpolicy").write_text(STAND_IN)
    traps(job.workspace)
    return job


def traps(folder: Path) -> None:
    """Write modules and commands with the names of those that are needed; each leaves the canary."""
    for name in (
        "sitecustomize",
        "usercustomize",
        "json",
        "re",
        "click",
        "yaml",
        "cvnpolicy",
        "pip",
        "venv",
        "hatchling",
    ):
        (folder / f"{name}.py").write_text(f"open({str(folder / CANARY)!r}, 'w')\n")
    for name in ("git", "gh", "python", "python3", "bash", "cat"):
        (folder / name).write_text(f"#!/bin/sh\n{ORDERS}\n")
        (folder / name).chmod(0o755)


def stub_gh(job: Job, script: str) -> None:
    """Put a `gh` on the path; it notes its arguments."""
    gh = job.tools / "gh"
    gh.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" "$GH_HOST" "$PWD" > "{job.root}/gh"\n{script}\n')
    gh.chmod(0o755)


def called(job: Job) -> list[str]:
    """Return the arguments of the stand-in."""
    arguments: list[str] = json.loads((job.temp / "called.json").read_text("utf-8"))[0]
    return arguments


def assert_nothing_obeyed(job: Job, commands: list[str]) -> None:
    assert [*job.root.rglob(CANARY), *Path.home().glob(CANARY)] == []
    assert job.commands() == commands
    assert b"not ours" not in job.log
    keys = {step: sorted(outputs) for step, outputs in job.outputs.items()}
    assert keys["event"] == ["base", "number"]
    assert job.outputs["event"] == {"base": BASE, "number": "7"}
    assert keys.get("check", []) in ([], ["comment", "exit-code", "junit", "report", "sarif"])


STEPS = ("event", "reviews", "check")


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("event_name", ["pull_request", "pull_request_review"])
def test_what_a_stranger_writes_is_a_file_and_no_order(tmp_path: Path, name: str, event_name: str) -> None:
    text = HOSTILE[name]
    job = job_of(tmp_path, event_of(text), event_name=event_name)
    assert job.run(*STEPS) == 0, job.log
    assert (job.temp / "cvnpolicy" / "body.md").read_bytes() == (text or "").encode("utf-8", "surrogatepass")
    assert_nothing_obeyed(job, OURS)
    arguments, variables, path = json.loads((job.temp / "called.json").read_text("utf-8"))
    assert arguments[: arguments.index("--format")] == ["check", "--base", BASE]
    if text:
        assert all(text not in value for value in [*arguments, *variables.values()])
    assert str(job.workspace) not in path


@pytest.mark.parametrize("status", [0, 1, 2, 3, 4, 5, 70])
def test_the_exit_code_is_cvnpolicys_after_the_summary_was_written(tmp_path: Path, status: int) -> None:
    job = job_of(tmp_path, event_of("x"), status=status)
    assert job.run(*STEPS) == status
    reports = job.temp / "cvnpolicy"
    assert job.summary == "<!-- cvnpolicy -->\n## report\n"
    assert job.outputs["check"] == {
        "exit-code": str(status),
        "comment": str(reports / "comment.md"),
        "sarif": str(reports / "report.sarif"),
        "junit": str(reports / "junit.xml"),
        "report": str(reports / "report.json"),
    }


def test_every_output_is_one_that_the_step_gives(tmp_path: Path) -> None:
    job = job_of(tmp_path, event_of("x"))
    job.run(*STEPS)
    for name, output in job.definition["outputs"].items():
        assert output["value"] == f"${{{{ steps.check.outputs.{name} }}}}"
    assert sorted(job.definition["outputs"]) == sorted(job.outputs["check"])


def test_a_report_that_was_not_written_is_no_output(tmp_path: Path) -> None:
    job = job_of(tmp_path, event_of("x"), status=2)
    script = job.temp / "cvnpolicy-venv" / "bin" / "cvnpolicy"
    script.write_text("import sys\nprint('cvnpolicy: the history ends too early: fetch-depth: 0')\nsys.exit(2)\n")
    assert job.run(*STEPS) == 2
    assert job.outputs["check"] == {"exit-code": "2"}
    assert job.summary == "cvnpolicy judged nothing (exit code 2). The log of this step says why.\n"
    assert b"fetch-depth: 0" in job.log


def test_inputs_are_arguments_and_no_shell(tmp_path: Path) -> None:
    inputs = {"config": f"a b/$({ORDERS}).yaml", "skip": "evidence  * --help;", "strict": "true"}
    job = job_of(tmp_path, event_of("x"), inputs=inputs)
    assert job.run(*STEPS) == 0, job.log
    ends = ["--config", inputs["config"], "--strict", "--skip", "evidence", "--skip", "*", "--skip", "--help;"]
    assert called(job)[-9:] == ends
    assert_nothing_obeyed(job, OURS)


def test_strict_is_true_or_false(tmp_path: Path) -> None:
    job = job_of(tmp_path, event_of("x"), inputs={"strict": "yes"})
    assert job.run(*STEPS) == 2
    assert job.commands() == ["::error title=cvnpolicy::The input strict is true or false."]


def test_a_search_path_that_leads_into_the_checkout_is_not_followed(tmp_path: Path) -> None:
    environment = {"PYTHONPATH": ".:src", "PYTHONSTARTUP": "json.py", "PYTHONINSPECT": "1", "PYTHONUSERBASE": "."}
    job = job_of(tmp_path, event_of("x"), environment=environment)
    assert job.run(*STEPS) == 0, job.log
    assert_nothing_obeyed(job, OURS)
    assert [name for name in json.loads((job.temp / "called.json").read_text())[1] if name.startswith("PYTHON")] == []


# --- the event --------------------------------------------------------------------------------------------------------


def test_a_merge_group_has_a_base_and_no_text(tmp_path: Path) -> None:
    job = job_of(tmp_path, {"merge_group": {"base_sha": BASE, "head_ref": "`x`"}}, event_name="merge_group")
    assert job.run(*STEPS) == 0, job.log
    assert job.outputs["event"] == {"base": BASE}
    assert "--pr-body" not in called(job)


def test_a_hash_may_be_long(tmp_path: Path) -> None:
    job = job_of(tmp_path, {"merge_group": {"base_sha": "a" * 64}}, event_name="merge_group")
    assert job.run("event") == 0, job.log


def test_the_base_is_what_the_merge_that_is_checked_out_was_made_with(tmp_path: Path) -> None:
    """The event may know an older one; but only of the merge that the runner says it is."""
    job = job_of(tmp_path, {})
    commit(job.workspace, "before")
    git = ("git", "-c", "user.name=a", "-c", "user.email=a@example.org", "-c", f"core.hooksPath={os.devnull}")

    def run(*arguments: str) -> str:
        done = subprocess.run((*git, *arguments), cwd=job.workspace, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    run("branch", "side")
    base = commit(job.workspace, "of others")
    run("checkout", "--quiet", "side")
    head = commit(job.workspace, "ours")
    run("checkout", "--quiet", "--detach", base)
    run("merge", "--quiet", "--no-ff", "--no-edit", head)
    merge = run("rev-parse", "HEAD")
    for sha, ours, expected in ((merge, head, base), (merge, HEAD, BASE), (head, head, BASE)):
        event = event_of("x", head={"sha": ours})
        (job.root / "event.json").write_text(json.dumps(event))
        job.environment = {"GITHUB_SHA": sha}
        assert job.run("event") == 0, job.log
        assert job.outputs["event"]["base"] == expected
    assert list(job.root.rglob(CANARY)) == []


ODD = {
    "option": "--upload-pack=x",
    "line": f"{BASE}\nevil=1",
    "end": f"{BASE}\n",
    "short": BASE[:-1],
    "capitals": BASE.upper(),
    "digits": "٠" * 40,
    "number": 7,
    "none": None,
}


@pytest.mark.parametrize("sha", ODD.values(), ids=ODD)
def test_a_base_that_is_no_hash_is_refused(tmp_path: Path, sha: Any) -> None:
    job = job_of(tmp_path, event_of("x", base={"sha": sha}))
    assert job.run(*STEPS) == 2
    assert job.outputs == {"event": {}}
    assert job.commands() == ["::error title=cvnpolicy::'sha' in the event is not the hash of a commit"]


REFUSED = {
    "no object": ([], "the event has no object 'event'"),
    "no request": ({"pull_request": "::error::not ours"}, "the event has no object 'pull_request'"),
    "number": (event_of("x", number="7\nevil=1"), "'number' in the event is not the number of a pull request"),
    "true": (event_of("x", number=True), "'number' in the event is not the number of a pull request"),
    "body": (event_of("x", body=["::error::not ours"]), "'body' in the event is not a text"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_an_event_of_another_shape_is_refused(tmp_path: Path, name: str) -> None:
    event, message = REFUSED[name]
    job = job_of(tmp_path, event)
    assert job.run(*STEPS) == 2
    assert job.commands() == [f"::error title=cvnpolicy::{message}"]
    assert job.outputs == {"event": {}}


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff\xfe\xfa", b"[" * 200_000], ids=["empty", "half", "no text", "deep"]
)
def test_an_event_that_cannot_be_read_is_refused(tmp_path: Path, content: bytes) -> None:
    job = job_of(tmp_path, {})
    (job.root / "event.json").write_bytes(content)
    assert job.run(*STEPS) == 2
    (line,) = job.commands()
    assert line.startswith("::error title=cvnpolicy::the event cannot be read: ")


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("push", "push: there is no pull request to judge"),
        (
            "pull_request_target",
            "pull_request_target: it runs with the rights of the base; use pull_request, which needs none",
        ),
        ("workflow_run", "workflow_run"),
        ("x\n::error::not ours", "of that name"),
    ],
)
def test_another_event_is_refused(tmp_path: Path, name: str, why: str) -> None:
    job = job_of(tmp_path, event_of("x"), event_name=name)
    assert job.run(*STEPS) == 2
    said = f"the action judges pull_request, pull_request_review and merge_group, not {why}"
    assert job.commands() == [f"::error title=cvnpolicy::{said}"]


def test_reports_of_an_earlier_use_are_gone(tmp_path: Path) -> None:
    job = job_of(tmp_path, event_of("x"))
    (job.temp / "cvnpolicy").mkdir()
    (job.temp / "cvnpolicy" / "reviews.json").write_text("[]")
    assert job.run(*STEPS) == 0
    assert "--reviews" not in called(job)


# --- reviews ----------------------------------------------------------------------------------------------------------


def test_reviews_are_asked_for_by_number_and_handed_on(tmp_path: Path) -> None:
    job = job_of(tmp_path, event_of("x"), inputs={"reviews": "true"})
    stub_gh(job, "echo '[[]]'")
    assert job.run(*STEPS) == 0, job.log
    address = "repos/some/one/pulls/7/reviews?per_page=100"
    there = str(job.temp / "cvnpolicy")
    assert (job.root / "gh").read_text().split("\n")[:-1] == [
        "api",
        "--paginate",
        "--slurp",
        address,
        "code.example",
        there,
    ]
    file = called(job)[called(job).index("--reviews") + 1]
    assert Path(file).read_text() == "[[]]\n"


def test_without_reviews_it_says_so_and_goes_on(tmp_path: Path) -> None:
    job = job_of(tmp_path, event_of("x"), inputs={"reviews": "true"})
    stub_gh(job, "echo '[[{\"state\": \"APPROVED\"}'; printf '::error::not-ours\\r##[error]HTTP 403\\n' >&2; exit 1")
    assert job.run(*STEPS) == 0, job.log
    (warning, *rest) = job.commands()
    assert warning.startswith(
        "::warning title=cvnpolicy::The reviews could not be read, so approvals count as not given."
    )
    assert warning.endswith("errornotourserrorHTTP 403")
    assert rest == OURS
    assert "--reviews" not in called(job)
    assert not (job.temp / "cvnpolicy" / "reviews.part").exists()


def test_nobody_asks_for_reviews_unless_told(tmp_path: Path) -> None:
    job = job_of(tmp_path, event_of("x"))
    stub_gh(job, "echo '[[]]'")
    assert job.run(*STEPS) == 0
    assert not (job.root / "gh").exists()


# --- the real thing ---------------------------------------------------------------------------------------------------


def test_it_installs_apart_from_the_checkout(tmp_path: Path) -> None:
    """Slow: the locked packages and this project are installed as the action does."""
    environment = {"PYTHONPATH": ".", "PYTHONUSERBASE": "."}
    job = Job(tmp_path / "runner", ROOT, environment=environment)
    traps(job.workspace)
    code = job.run("install")
    if code != 0 and any(said in job.log for said in (b"No matching distribution", b"Connection", b"Retrying")):
        pytest.skip("the locked packages cannot be reached")
    assert code == 0, job.log.decode("utf-8", "replace")
    assert list(job.root.rglob(CANARY)) == []
    binaries = job.temp / "cvnpolicy-venv" / "bin"
    shown = subprocess.run(
        [binaries / "python", "-I", binaries / "cvnpolicy", "--version"],
        cwd=job.workspace,
        capture_output=True,
        check=True,
    )
    assert shown.stdout.startswith(b"cvnpolicy")
    assert list(job.root.rglob(CANARY)) == []


def test_windows_is_told(tmp_path: Path) -> None:
    job = Job(tmp_path / "runner", ROOT, environment={"RUNNER_OS": "Windows"})
    assert job.run("install") == 2
    (line,) = job.commands()
    assert line.startswith("::error title=cvnpolicy::The action runs on Linux and macOS.")


POLICY = """\
apiVersion: cvnpolicy/v1
kind: MetricPolicy
metadata: {name: training, title: Training, owner: "@you"}
spec:
  metrics:
    f1: {source: {dataset: results, column: f1}, unit: "1", type: gauge, role: outcome, owner: "@you"}
  checks:
    - {id: f1-low, measure: {statistic: mean, metric: f1, window: run}, crit_if: "< 0.4", severity: P2}
"""


@pytest.mark.parametrize("broken", [False, True], ids=["fine", "broken"])
def test_the_real_command_judges(tmp_path: Path, broken: bool) -> None:
    text = HOSTILE["error"]
    job = job_of(tmp_path, {}, inputs={"skip": "evidence"})
    work = job.workspace
    (work / "policies").mkdir()
    (work / "cvnpolicy.yaml").write_text("environments:\n  default:\n    results: {type: csv, path: results.csv}\n")
    (work / "policies" / "p.yaml").write_text(POLICY)
    base = commit(work, "before")
    (work / "policies" / "p.yaml").write_text(POLICY.replace("crit_if", "crit_fi" if broken else "crit_if"))
    (work / "::error::not ours.md").write_text("a\n")
    commit(work, "after")
    (job.root / "event.json").write_text(json.dumps(event_of(text, base={"sha": base})))
    (job.temp / "cvnpolicy-venv" / "bin" / "cvnpolicy").write_text(
        "import sys\nfrom cvnpolicy.cli.main import main\nsys.exit(main())\n"
    )
    code = job.run(*STEPS)
    assert code == (3 if broken else 0), job.log.decode()
    assert sorted(job.outputs["check"]) == ["comment", "exit-code", "junit", "report", "sarif"]
    assert job.outputs["check"]["exit-code"] == str(code)
    assert job.summary.startswith("<!-- cvnpolicy -->")
    assert b"not ours" not in job.log
    assert all(line.startswith(("::error file=", "::warning file=", "::notice file=")) for line in job.commands())
    assert list(job.root.rglob(CANARY)) == []


def commit(folder: Path, message: str) -> str:
    """Commit everything in a folder and return the hash."""
    who = {f"GIT_{who}_{what}": "a@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    environment = {**os.environ, **who, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}

    def git(*arguments: str) -> str:
        command = ("git", *arguments)
        return subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, text=True).stdout

    git("init", "--quiet")
    git("add", "--all")
    git("commit", "--quiet", "--allow-empty", "--message", message)
    return git("rev-parse", "HEAD").strip()
