"""The command line: what is imported, what is written where, and what becomes of each error."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest

from cvnpolicy import __version__
from cvnpolicy.cli import main
from cvnpolicy.cli.main import COMMANDS, run
from cvnpolicy.core.errors import CvnpolicyError
from tests.support.policies import EVENTS, checks, write
from tests.support.process import run_python
from tests.support.tree import write_tree

AT = "2026-06-08T00:00:00Z"
ONE = "{id: c, measure: {statistic: mean, dataset: data, columns: [a], window: 24h}, crit_if: '> 1'}"
ROWS = "ts,a\n2026-06-07T12:00:00Z,0.5\n"

IMPORTS = """
import sys
from cvnpolicy.cli.main import run

code = run(sys.argv[1:])
print(*sorted({name.partition(".")[0] for name in sys.modules}), file=sys.stderr)
sys.exit(code)
"""
HEAVY = {"duckdb", "numpy", "pandas", "pyarrow", "scipy"}


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write(tmp_path, EVENTS, checks(ONE), files={"data.csv": ROWS})
    monkeypatch.chdir(tmp_path)
    return tmp_path


# --- help


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], *([name, "--help"] for name in COMMANDS)])
def test_help_explains_and_exits_with_zero(capfd, arguments):
    assert run(arguments) == 0
    out = capfd.readouterr().out
    assert out.startswith("Usage: cvnpolicy")
    if arguments[0].startswith("-"):
        for name, text in COMMANDS.items():
            assert name in out
            assert text.split(":")[0][:30] in out


def test_no_help_imports_anything_heavy():
    """All in one process: what none of them imports, each of them does not."""
    code = IMPORTS.replace("code = run(sys.argv[1:])", "code = max(run([*name, '--help']) for name in %r)")
    done = run_python("-c", code % ([[], *([name] for name in COMMANDS)],))
    assert done.returncode == 0
    assert set(done.stderr.split()) & HEAVY == set()


def test_the_first_page_imports_no_command():
    done = run_python("-c", IMPORTS.replace('.partition(".")[0]', ""), "--help")
    loaded = set(done.stderr.split())
    assert done.returncode == 0
    assert not {f"cvnpolicy.cli.{name}" for name in COMMANDS} & loaded
    assert not {"pydantic", "yaml"} & loaded


def test_the_version(capfd):
    assert run(["--version"]) == 0
    assert __version__ in capfd.readouterr().out


@pytest.mark.parametrize(
    "arguments", [["evalute"], ["--frmat"], ["validate", "--nope"], ["explain"], ["schema", "a", "b"]]
)
def test_a_wrong_command_line_is_two(arguments, capfd):
    assert run(arguments) == 2
    captured = capfd.readouterr()
    assert captured.out == ""
    assert captured.err != ""


def test_every_command_is_a_module():
    for name in COMMANDS:
        command = main.cli.get_command(click.Context(main.cli), name)
        assert isinstance(command, click.Command)
        assert command.help
    assert main.cli.get_command(click.Context(main.cli), "main") is None
    assert main.cli.list_commands(click.Context(main.cli)) == list(COMMANDS)


# --- validate


def test_valid_policies_are_counted(root, capfd):
    assert run(["validate"]) == 0
    assert capfd.readouterr().out == "2 policies in 1 file: no problems\n"


def test_each_problem_is_a_line_and_then_the_count(root, capfd):
    write_tree(root, {"policies/z.yaml": checks("{id: c, warn_iff: '> 1'}", name="z")})
    assert run(["validate"]) == 3
    lines = capfd.readouterr().out.splitlines()
    assert lines[0].startswith("policies/z.yaml:6:")
    assert lines[-1].endswith("in 2 files")
    assert lines[-1].split()[0] == str(len(lines) - 1)


def test_a_single_file_below_the_policies_loads_the_whole_set(root, capfd):
    write_tree(root, {"policies/t.yaml": checks("{id: t, crit_if: {check: p/c, is: [fail]}}", name="t")})
    assert run(["validate", "policies/t.yaml"]) == 0
    assert capfd.readouterr().out == "3 policies in 2 files: no problems\n"


def test_a_folder_outside_is_a_set_of_its_own(root, capfd):
    write_tree(root, {"draft/t.yaml": checks("{id: t, crit_if: {check: p/c, is: [fail]}}", name="t")})
    assert run(["validate", "draft"]) == 3
    assert "there is no policy 'p' with checks" in capfd.readouterr().out
    write_tree(root, {"draft/t.yaml": checks(ONE, name="t")})
    assert run(["validate", "draft"]) == 0
    assert capfd.readouterr().out == "1 policy in 1 file: no problems\n"


def test_paths_start_at_the_working_directory(root, monkeypatch, capfd):
    (root / "policies" / "deep").mkdir()
    monkeypatch.chdir(root / "policies" / "deep")
    assert run(["validate", ".."]) == 0
    assert run(["validate", "../all.yaml"]) == 0
    assert run(["validate", "all.yaml"]) == 2
    assert "all.yaml is not there" in capfd.readouterr().err


@pytest.mark.parametrize("command", ["validate", "evaluate"])
@pytest.mark.parametrize("name", ["nowhere", "policies/all.yaml/x", "broken"])
def test_a_path_that_is_not_there(root, capfd, command, name):
    (root / "broken").symlink_to("nothing")
    assert run([command, "policies", name]) == 2
    says = f"Invalid value for '[PATHS]...': {name} is not there: name a file or folder that exists"
    assert capfd.readouterr() == ("", f"cvnpolicy: {says}\nsee cvnpolicy {command} --help\n")


@pytest.mark.parametrize("command", ["validate", "evaluate"])
def test_a_path_that_cannot_be_is_not_said_to_be_missing(root, capfd, command):
    assert run([command, "n" * 256]) == 3
    captured = capfd.readouterr()
    assert "it cannot be read (File name too long): correct the path" in captured.out + captured.err


@pytest.mark.parametrize("format", ["terminal", "json"])
def test_three_ways_to_name_what_is_not_there_end_alike(root, capfd, format):
    for option in (["--evidence", "nowhere"], ["nowhere"], ["--config", "nowhere"]):
        assert run(["evaluate", "--format", format, *option]) == 2
        out, err = capfd.readouterr()
        assert out == ""
        assert "nowhere" in err


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (["validate", ""], "file or folder"),
        (["evaluate", ""], "file or folder"),
        (["validate", "--config", ""], "file"),
        (["validate", "--output", ""], "file"),
        (["evaluate", "--evidence", ""], "file"),
        (["evaluate", "--save-evidence", ""], "file"),
        (["init", ""], "folder"),
    ],
)
def test_an_empty_name_does_not_mean_here(root, capfd, arguments, what):
    before = sorted(root.rglob("*"))
    assert run(arguments) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert f": it is empty: name a {what}, or leave it out\n" in err
    assert sorted(root.rglob("*")) == before


def test_names_that_were_not_looked_up_are_said_to_be(root, capfd):
    write_tree(root, {"policies/z.yaml": "kind: [\n"})
    assert run(["validate"]) == 3
    assert capfd.readouterr().out.endswith("\n1 problem in 2 files; names across files were not checked\n")
    write_tree(root, {"policies/z.yaml": "kind: X\n"})
    assert run(["validate"]) == 3
    assert capfd.readouterr().out.endswith(" in 2 files\n")
    (root / "cvnpolicy.yaml").write_text("policies: nowhere\n")
    assert run(["validate"]) == 5
    assert capfd.readouterr().out.endswith("\n1 problem in 0 files\n")


def test_problems_as_json(root, capfd):
    write_tree(root, {"policies/z.yaml": checks("{id: c, warn_iff: '> 1'}", name="z")})
    assert run(["validate", "--format", "json", "--at", AT]) == 3
    report = json.loads(capfd.readouterr().out)
    assert (report["exit_code"], report["verdict"], report["at"]) == (3, "fail", AT)
    assert {finding["location"]["file"] for finding in report["findings"]} == {"policies/z.yaml"}


def test_another_configuration(root, tmp_path_factory, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    assert run(["validate"]) == 2
    assert "no cvnpolicy.yaml here" in capfd.readouterr().err
    assert run(["validate", "--config", str(root / "cvnpolicy.yaml")]) == 0
    assert run(["validate", "--config", "missing.yaml"]) == 2
    assert "missing.yaml" in capfd.readouterr().err


def test_a_configuration_in_a_folder_below(root, monkeypatch, capfd):
    """What a hook does that git starts at the top: docs/how-to/pre-commit.md."""
    (root.parent / "top").mkdir()
    root.rename(root.parent / "top" / "rules")
    monkeypatch.chdir(root.parent / "top")
    assert run(["validate"]) == 2
    capfd.readouterr()
    assert run(["validate", "--config", "rules/cvnpolicy.yaml"]) == 0
    assert capfd.readouterr().out == "2 policies in 1 file: no problems\n"


def test_a_broken_configuration_is_three(root, capfd):
    (root / "cvnpolicy.yaml").write_text("polices: x\n")
    for command in (["validate"], ["evaluate"], ["explain", "p/c"]):
        assert run(command) == 3
        assert capfd.readouterr().err == "cvnpolicy.yaml:1:1: unknown key 'polices': did you mean 'policies'?\n"


# --- explain and schema


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("p/c", "Fails when it is above 1."),
        ("p", "p/c"),
        ("catalog", "no checks of its own"),
        ("DriftPolicy", "DriftPolicy"),
        ("CVN201", "DriftPolicy"),
        ("CVN009", "dangling name"),
    ],
)
def test_explain(root, capfd, name, says):
    assert run(["explain", name]) == 0
    assert says in capfd.readouterr().out


def test_kinds_and_rules_are_explained_without_a_configuration(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    assert run(["explain", "CVN201"]) == 0
    assert run(["explain", "EventCatalog"]) == 0
    assert run(["explain", "CVN090"]) == 0
    assert run(["explain", "p/c"]) == 2
    assert "no cvnpolicy.yaml" in capfd.readouterr().err


def test_what_nothing_is_called(root, capfd):
    assert run(["explain", "p/d"]) == 2
    captured = capfd.readouterr()
    assert captured.err == "cvnpolicy: nothing is called 'p/d': did you mean 'p/c'?\n"
    assert captured.out == ""


def test_an_invalid_set_explains_nothing(root, capfd):
    write_tree(root, {"policies/z.yaml": "a: [\n"})
    assert run(["explain", "p/c"]) == 3
    assert "policies/z.yaml:" in capfd.readouterr().err


@pytest.mark.parametrize("name", ["policy", "configuration", "report", "DriftPolicy", "EventCatalog"])
def test_a_schema(capfd, name):
    assert run(["schema", name]) == 0
    assert json.loads(capfd.readouterr().out)["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_the_schema_of_any_policy_is_the_default(capfd):
    assert run(["schema"]) == 0
    default = capfd.readouterr().out
    assert run(["schema", "policy"]) == 0
    assert capfd.readouterr().out == default


def test_an_unknown_schema(capfd):
    assert run(["schema", "DriftPolcy"]) == 2
    assert "there is no schema 'DriftPolcy': did you mean 'DriftPolicy'?" in capfd.readouterr().err


# --- output


def test_a_report_goes_to_the_file_and_nowhere_else(root, capfd):
    assert run(["evaluate", "--at", AT]) == 0
    page = capfd.readouterr().out
    assert "VERDICT: PASS" in page
    assert run(["evaluate", "--at", AT, "--output", "out.txt"]) == 0
    ended = "PASS, exit code 0: everything asked was answered and holds"
    assert capfd.readouterr() == ("", f"cvnpolicy: {ended} (out.txt)\n")
    assert Path("out.txt").read_text(encoding="utf-8") == page
    assert "\x1b" not in page


@pytest.mark.parametrize(
    "command", [["validate"], ["schema"], ["evaluate", "--at", AT], ["validate", "--format", "json", "--at", AT]]
)
def test_every_command_can_write_to_a_file(root, capfd, command):
    assert run([*command, "--output", "out.txt"]) == 0
    assert capfd.readouterr().out == ""
    written = Path("out.txt").read_text(encoding="utf-8")
    assert run(command) == 0
    assert capfd.readouterr().out == written


@pytest.mark.parametrize("command", [["validate"], ["schema"], ["evaluate", "--at", AT]])
@pytest.mark.parametrize("output", ["no/such/folder.txt", "policies"])
def test_a_file_that_cannot_be_written(root, capfd, command, output):
    assert run([*command, "--output", output]) == 2
    captured = capfd.readouterr()
    assert captured.err.startswith(f"cvnpolicy: {output} cannot be written: ")
    assert len(captured.err.splitlines()) == 1


def test_text_is_utf_8_whatever_the_locale(root):
    bad = ONE.replace("id: c,", "id: c, because: über 10 °C – 漂,").replace("> 1", "> 0.1")
    write(root, EVENTS, checks(bad), files={"data.csv": ROWS})
    done = run_python(
        "-X",
        "utf8=0",
        "-m",
        "cvnpolicy",
        "evaluate",
        "--at",
        AT,
        "--verbose",
        cwd=root,
        LC_ALL="C",
        PYTHONIOENCODING="ascii",
    )
    assert (done.returncode, done.stderr) == (1, "")
    assert "über 10 °C – 漂" in " ".join(done.stdout.split())


def test_verbose_shows_all_that_passed(root, capfd):
    rows = "ts,a,s\n" + "".join(f"2026-06-07T12:00:00Z,0.5,s{number}\n" for number in range(60))
    members = ", ".join(f"s{number}" for number in range(60))
    grouped = ONE.replace("crit_if", f"by: {{s: [{members}]}}, crit_if")
    write(root, EVENTS, checks(grouped), files={"data.csv": rows})
    assert run(["evaluate", "--at", AT]) == 0
    short = capfd.readouterr().out
    assert run(["evaluate", "--at", AT, "--verbose"]) == 0
    long = capfd.readouterr().out
    assert all(f"s{number}" in long for number in range(60))
    assert not all(f"s{number}" in short for number in range(60))


def test_without_an_instant_it_is_now(root):
    """Whole seconds: the clock is read once, and only here."""
    assert run(["evaluate", "--format", "json", "--output", "out.json"]) == 4  # the rows are long past
    at = json.loads(Path("out.json").read_text())["at"]
    assert "." not in at
    assert at.endswith("Z")
    assert at > "2025"


# --- errors


def broken(*_arguments: object, **_options: object) -> None:
    raise RuntimeError("the reason\nin two lines")


def test_a_defect_keeps_its_message_and_says_what_to_report(root, monkeypatch, capfd):
    monkeypatch.setattr("cvnpolicy.app.evaluate.run", broken)
    assert run(["evaluate", "--at", AT]) == 70
    captured = capfd.readouterr()
    assert captured.out == ""
    for part in (
        "internal error",
        "defect of cvnpolicy",
        __version__,
        "command: evaluate",
        "RuntimeError: the reason",
        "in two lines",
        "Traceback",
    ):
        assert part in captured.err


def test_a_defect_before_any_command(monkeypatch, capfd):
    monkeypatch.setattr(main, "import_module", broken)
    assert run(["validate"]) == 70
    assert "RuntimeError: the reason" in capfd.readouterr().err


def test_arguments_are_not_repeated_in_a_report_of_a_defect(root, monkeypatch, capfd):
    monkeypatch.setattr("cvnpolicy.app.evaluate.run", broken)
    assert run(["evaluate", "--at", AT, "--output", "secret-name.txt"]) == 70
    assert "secret-name" not in capfd.readouterr().err


@pytest.mark.parametrize(
    ("raised", "code"),
    [(CvnpolicyError("odd"), 70), (click.FileError("f", "gone"), 2), (click.Abort(), 130), (KeyboardInterrupt(), 130)],
)
def test_what_else_can_come_out_of_a_command(root, monkeypatch, capfd, raised, code):
    def raising(*_arguments: object, **_options: object) -> None:
        raise raised

    monkeypatch.setattr("cvnpolicy.cli.evaluate.load_policies", raising)
    assert run(["evaluate", "--at", AT]) == code
    assert capfd.readouterr().err != ""


def test_the_entry_point_exits_with_the_code(monkeypatch):
    monkeypatch.setattr("sys.argv", ["cvnpolicy", "explain", "CVN090"])
    with pytest.raises(SystemExit) as done:
        main.main()
    assert done.value.code == 0
