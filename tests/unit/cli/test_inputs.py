"""What a command reads it never writes over: not its configuration, its policies, their runbooks, nor their data."""

from __future__ import annotations

from pathlib import Path

import pytest

from cvnpolicy.cli.main import run
from tests.support.policies import EVENTS, checks, write
from tests.support.tree import write_tree

AT = "2026-06-08T00:00:00Z"
ONE = (
    "{id: c, measure: {statistic: mean, dataset: data, columns: [a], window: 24h}, crit_if: '> 1', "
    "runbook: docs/run.md#now}"
)
WRITING = ["validate --output", "check --output", "check --save-evidence", "evaluate --output", "schema --output"]
POLICIES = "it is among the policies, 'policies': name a file elsewhere"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    files = {
        "data.csv": "ts,a\n2026-06-07T12:00:00Z,0.5\n",
        "docs/run.md": "# Now\n",
        "docs/other.md": "# Mine\n",
        "logs/a.log": "ts=2026-06-07T12:00:00Z event=work\n",
        "logs/deep/b.log": "",
        "run.md": "# The same name elsewhere\n",
    }
    write(tmp_path, EVENTS, checks(ONE), files=files)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def contents(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def refusal(root: Path, capfd: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The line that says why; nothing was written, nor printed."""
    before = contents(root)
    assert run([*arguments]) == 2
    out, err = capfd.readouterr()
    assert (out, contents(root)) == ("", before)
    return err


@pytest.mark.parametrize("command", WRITING)
@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("cvnpolicy.yaml", "it is the configuration: name another file"),
        ("docs/../cvnpolicy.yaml", "it is the configuration: name another file"),
        ("policies/all.yaml", POLICIES),
        ("policies/new.json", POLICIES),
        ("data.csv", "environment default reads 'data' from it: name another file"),
        ("logs/a.log", "environment default reads 'events' from it: name another file"),
        ("docs/run.md", "policies/all.yaml names it as a runbook: name another file"),
    ],
)
def test_what_the_project_needs_is_not_written_over(root, capfd, command, name, why):
    assert refusal(root, capfd, *command.split(), name) == f"cvnpolicy: {name} cannot be written: {why}\n"


@pytest.mark.parametrize("name", ["new.txt", "old.txt", "run.md", "docs/other.md", "logs/deep/b.log"])
def test_everything_else_is(root, capfd, name):
    write_tree(root, {"old.txt": "old"})
    for command in WRITING:
        assert run([*command.split(), name, *(["--at", AT] if "schema" not in command else [])]) == 0, command
    assert (root / name).read_text(encoding="utf-8").startswith("{")


def test_data_is_only_below_the_data_root(root, capfd):
    bound = 'data_root: logs\nenvironments: {default: {events: {type: logfmt, path: "**/*.log"}}}\n'
    write_tree(root, {"cvnpolicy.yaml": bound, "old.log": "old"})
    assert run(["schema", "--output", "old.log"]) == 0
    assert "reads 'events' from it" in refusal(root, capfd, "schema", "--output", "logs/deep/b.log")


def test_data_of_an_environment_like_another_is_spared_too(root, capfd):
    bound = """\
data_root: logs
environments:
  default: {events: {type: logfmt, path: "*.log"}, old: {type: recorded, path: e.json}}
  quiet: {like: default, data_root: weeks/quiet}
  again: {like: default}
"""
    files = {"weeks/quiet/x.log": "ts=2026-06-07T12:00:00Z event=work\n", "weeks/quiet/x.txt": "old", "x.log": "old"}
    write_tree(root, {"cvnpolicy.yaml": bound, "policies/all.yaml": EVENTS, "weeks/quiet/e.json": "{}", **files})
    for name, dataset in (("x.log", "events"), ("e.json", "old")):
        says = f"weeks/quiet/{name} cannot be written: environment quiet reads '{dataset}' from it: name another file"
        for command in ("schema --output", "check --output"):
            assert refusal(root, capfd, *command.split(), f"weeks/quiet/{name}") == f"cvnpolicy: {says}\n"
    assert "environment default reads 'events'" in refusal(root, capfd, "schema", "--output", "logs/a.log")
    assert "environment quiet reads 'events'" in refusal(root, capfd, "check", "--save-evidence", "weeks/quiet/x.log")
    for name in ("x.log", "weeks/quiet/x.txt", "weeks/x.log"):
        assert run(["schema", "--output", name]) == 0


def test_a_link_to_the_data_is_the_data(root, capfd):
    (root / "store").mkdir()
    (root / "data.csv").rename(root / "store" / "x.csv")
    (root / "logs" / "a.log").rename(root / "store" / "y.txt")
    (root / "data.csv").symlink_to("store/x.csv")
    (root / "logs" / "a.log").symlink_to("../store/y.txt")
    assert "reads 'data' from it" in refusal(root, capfd, "check", "--output", "store/x.csv")
    assert "reads 'events' from it" in refusal(root, capfd, "check", "--output", "store/y.txt")


def test_data_that_cannot_be_looked_through_may_hold_it(root, capfd):
    (root / "cvnpolicy.yaml").write_text('environments: {default: {x: {type: csv, path: "**/*.csv"}}}\n')
    outside = root.parent / "outside"
    outside.mkdir()
    write_tree(root, {"old.txt": "old"})
    assert run(["schema", "--output", "old.txt"]) == 0
    (root / "away").symlink_to(outside, target_is_directory=True)
    assert "reads 'x' from it" in refusal(root, capfd, "schema", "--output", "old.txt")


def test_where_all_is_in_one_folder_only_yaml_is_a_policy(root, capfd):
    (root / "cvnpolicy.yaml").write_text("policies: .\n")
    for _ in range(2):
        assert run(["schema", "--output", "out.json"]) == 0
    says = "cvnpolicy: new.yml cannot be written: it is among the policies, '.': name a file elsewhere\n"
    capfd.readouterr()
    assert refusal(root, capfd, "schema", "--output", "new.yml") == says


@pytest.mark.parametrize("command", ["validate", "evaluate"])
def test_so_is_what_the_command_line_names(root, capfd, command):
    write_tree(root, {"draft/d.yaml": checks(ONE, name="d"), "draft/notes.txt": "mine", "one.txt": checks(ONE)})
    why = "it is among the policies to read: name another file"
    for paths, name in ((["draft"], "draft/new.yaml"), (["draft"], "draft/d.yaml"), (["one.txt"], "one.txt")):
        says = f"cvnpolicy: {name} cannot be written: {why}\n"
        assert refusal(root, capfd, command, *paths, "--output", name) == says
    write_tree(root, {"draft/d.yaml": checks(ONE.replace("docs/run", "docs/other").replace("#now", ""), name="d")})
    assert "draft/d.yaml names it" in refusal(root, capfd, command, "draft", "--output", "docs/other.md")
    assert run([command, "draft", "--output", "draft/notes.txt", "--at", AT]) == 0


@pytest.mark.parametrize("command", ["validate", "check", "evaluate"])
def test_policies_that_are_invalid_are_spared_too(root, capfd, command):
    write_tree(root, {"policies/z.yaml": "kind: [  # docs/other.md\n"})
    for name in ("policies/z.yaml", "data.csv", "docs/other.md"):
        assert f"{name} cannot be written" in refusal(root, capfd, command, "--format", "json", "--output", name)


@pytest.mark.parametrize("command", ["validate", "check", "evaluate"])
def test_an_invalid_configuration_does_not_say_which_files_are_policies(root, capfd, command):
    (root / "cvnpolicy.yaml").write_text("polices: x\n")
    why = "it can be a policy, and cvnpolicy.yaml is invalid: name another file"
    says = refusal(root, capfd, command, "--format", "json", "--output", "policies/all.yaml")
    assert says == f"cvnpolicy: policies/all.yaml cannot be written: {why}\n"
    says = refusal(root, capfd, command, "--format", "json", "--output", "cvnpolicy.yaml")
    assert says == "cvnpolicy: cvnpolicy.yaml cannot be written: it is the configuration: name another file\n"
    assert run([command, "--format", "json", "--output", "report.json"]) == 3
    assert (root / "report.json").exists()


def test_the_evidence_to_judge_is_kept(root, capfd):
    assert run(["check", "--at", AT, "--save-evidence", "e.json"]) == 0
    capfd.readouterr()
    says = "cannot be written: it is the evidence to judge: name another file\n"
    for command in ("check", "evaluate"):
        assert refusal(root, capfd, command, "--evidence", "e.json", "--output", "docs/../e.json").endswith(says)


def test_recorded_evidence_is_recorded_again_but_no_report_goes_there(root, capfd):
    bound = "{default: {data: {type: csv, path: data.csv, time: ts}}, old: {data: {type: recorded, path: e.json}}}"
    (root / "cvnpolicy.yaml").write_text(f"environments: {bound}\n")
    write_tree(root, {"policies/all.yaml": checks(ONE)})
    for _ in range(2):
        assert run(["check", "--at", AT, "--save-evidence", "e.json"]) == 0
    capfd.readouterr()
    assert "environment old reads 'data' from it" in refusal(root, capfd, "check", "--output", "e.json")


def test_a_schema_needs_no_project(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    assert run(["schema", "--output", "s.yaml"]) == 0
    assert run(["schema", "--output", "s.yaml"]) == 0
    (tmp_path / "cvnpolicy.yaml").write_text("polices: x\n")
    assert run(["schema", "--output", "s.json"]) == 0
    capfd.readouterr()
    assert "it can be a policy" in refusal(tmp_path, capfd, "schema", "--output", "s.yaml")
