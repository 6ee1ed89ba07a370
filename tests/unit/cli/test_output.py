"""Where output goes: whole or not at all, never through a link or into a pipe, and one line where it went."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cvnpolicy.cli.main import run
from cvnpolicy.cli.output import write
from cvnpolicy.core.errors import UsageError
from cvnpolicy.report import FORMATS
from tests.support.environment import child_environment
from tests.support.policies import EVENTS, checks
from tests.support.policies import write as repository
from tests.support.tree import write_tree

AT = "2026-06-08T00:00:00Z"
ONE = "{id: c, measure: {statistic: mean, dataset: data, columns: [a], window: 24h}, crit_if: '> 1'}"
ORDINARY = "it is not an ordinary file but a pipe, socket or device: name an ordinary file"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    files = {"data.csv": "ts,a\n2026-06-07T12:00:00Z,0.5\n"}
    repository(tmp_path, EVENTS, checks(ONE), files=files)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def shell(command: str, root: Path) -> subprocess.CompletedProcess[str]:
    """Run a line of bash in which `cvnpolicy` is this tree's command."""
    script = f'cvnpolicy() {{ "{sys.executable}" -m cvnpolicy "$@"; }}\n{command}'
    return subprocess.run(
        ["bash", "-c", script],  # noqa: S607  the user's own shell
        cwd=root,
        env=child_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )


# --- files


def test_a_file_is_made_or_replaced_and_nothing_is_left_beside_it(tmp_path):
    target = tmp_path / "out.txt"
    for text in ("first, and longer\n", "second ü\n", ""):
        write(text, target)
        assert target.read_bytes() == text.encode("utf-8")
    assert os.listdir(tmp_path) == ["out.txt"]  # noqa: PTH208  hidden names too


def test_a_new_file_has_the_mode_that_files_have_and_an_old_one_keeps_its_own(tmp_path):
    (tmp_path / "plain").touch()
    write("x", tmp_path / "new")
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "plain").stat().st_mode
    (tmp_path / "new").chmod(0o640)
    write("y", tmp_path / "new")
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("failing", ["fdopen", "replace"])
def test_a_failure_leaves_the_old_text_and_nothing_beside_it(tmp_path, monkeypatch, failing):
    target = tmp_path / "out.txt"
    target.write_text("old")

    def full(*_arguments: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    name = "cvnpolicy.cli.output.os.fdopen" if failing == "fdopen" else "pathlib.Path.replace"
    monkeypatch.setattr(name, full)
    with pytest.raises(UsageError, match="cannot be written: No space left on device"):
        write("new", target)
    monkeypatch.undo()
    assert target.read_text() == "old"
    assert os.listdir(tmp_path) == ["out.txt"]  # noqa: PTH208  as above


def test_a_limit_on_the_size_of_files(root):
    """As a full disk does, and without a mock."""
    (root / "out.json").write_text("old")
    done = shell("ulimit -f 1; cvnpolicy schema --output out.json", root)
    assert (done.returncode, done.stdout, done.stderr) == (
        2,
        "",
        "cvnpolicy: out.json cannot be written: File too large\n",
    )
    assert (root / "out.json").read_text() == "old"
    assert not list(root.glob(".cvnpolicy-*"))


@pytest.mark.parametrize("command", ["validate --output", "check --output", "schema --output", "check --save-evidence"])
@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("no/such/out.txt", "there is no folder 'no/such': make it first"),
        ("data.csv/out.txt", "there is no folder 'data.csv': make it first"),
        ("policies", "it is a folder: name a file in it"),
        ("linked", "it is a link: name the file that it leads to, or leave the option out"),
        ("broken", "it is a link: name the file that it leads to, or leave the option out"),
        ("pipe", ORDINARY),
        ("/dev/null", ORDINARY),
        ("n" * 256, "File name too long"),
    ],
)
def test_what_is_not_written_to(root, capfd, command, name, why):
    (root / "linked").symlink_to("data.csv")
    (root / "broken").symlink_to("nowhere")
    os.mkfifo(root / "pipe")
    before = (root / "data.csv").read_bytes()
    assert run([*command.split(), name]) == 2
    assert capfd.readouterr() == ("", f"cvnpolicy: {name} cannot be written: {why}\n")
    assert (root / "data.csv").read_bytes() == before
    assert not (root / "nowhere").exists()


def test_it_is_refused_before_any_work(root, monkeypatch):
    monkeypatch.setattr("cvnpolicy.cli.evaluate.load_policies", lambda *_: pytest.fail("work was done"))
    assert run(["evaluate", "--output", "no/such/out.txt"]) == 2


def test_one_line_says_how_it_ended_and_where_it_is(root, capfd):
    assert run(["check", "--at", AT, "--output", "out.txt"]) == 0
    ended = "PASS, exit code 0: everything asked was answered and holds"
    assert capfd.readouterr() == ("", f"cvnpolicy: {ended} (out.txt)\n")
    assert run(["validate", "--output", "out.txt"]) == 0
    assert capfd.readouterr() == ("", "cvnpolicy: 2 policies in 1 file: no problems (out.txt)\n")
    write_tree(root, {"policies/z.yaml": "kind: X\n"})
    assert run(["validate", "--format", "json", "--output", "out.txt"]) == 3
    ended = "FAIL, exit code 3: a policy, schema or configuration file is invalid: policies/z.yaml"
    assert capfd.readouterr() == ("", f"cvnpolicy: {ended} (out.txt)\n")


# --- standard output


@pytest.mark.parametrize(
    "error", [BrokenPipeError(errno.EPIPE, "gone"), OSError(errno.ENOSPC, "No space left on device")]
)
def test_what_is_left_for_standard_output_is_thrown_away(root, monkeypatch, capfd, error):
    def failing(*_arguments: object, **_options: object) -> None:
        raise error

    thrown: list[tuple[int, int]] = []
    monkeypatch.setattr("cvnpolicy.cli.output.os.dup2", lambda one, other: thrown.append((one, other)))
    with monkeypatch.context() as patch:
        patch.setattr("cvnpolicy.cli.output.click.echo", failing)
        if isinstance(error, BrokenPipeError):
            write("x", None)
        else:
            with pytest.raises(UsageError, match="standard output cannot be written: No space left on device"):
                write("x", None)
    ((opened, replaced),) = thrown
    assert replaced == sys.stdout.fileno()
    os.close(opened)


def test_a_reader_that_has_gone_changes_nothing(root):
    done = shell(f"cvnpolicy check --at {AT} | true; echo ${{PIPESTATUS[0]}}", root)
    assert (done.stdout, done.stderr) == ("0\n", "")


def test_a_help_page_that_nobody_reads_is_no_verdict(root, monkeypatch, capfd):
    done = shell("for i in 1 2 3; do cvnpolicy --help | true; echo ${PIPESTATUS[0]}; done", root)
    assert set(done.stdout.split()) <= {"0", "141"}
    assert done.stderr == ""

    def gone(*_arguments: object, **_options: object) -> None:
        raise BrokenPipeError(errno.EPIPE, "gone")

    discarded: list[bool] = []
    monkeypatch.setattr("cvnpolicy.cli.main.discard_stdout", lambda: discarded.append(True))
    monkeypatch.setattr("cvnpolicy.cli.main.cli.make_context", gone)
    assert run(["--help"]) == 141
    assert capfd.readouterr() == ("", "")
    assert discarded == [True]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_standard_output_that_is_full(root):
    done = shell("cvnpolicy validate > /dev/full", root)
    says = "cvnpolicy: standard output cannot be written: No space left on device\n"
    assert (done.returncode, done.stderr) == (2, says)


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
@pytest.mark.parametrize(("command", "code"), [(f"check --at {AT}", 0), ("validate", 0), ("nope", 2)])
def test_a_stream_that_is_closed_changes_no_exit_code(root, closed, command, code):
    assert shell(f"cvnpolicy {command} {closed}", root).returncode == code


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_errors_that_nobody_can_read_change_no_exit_code(root):
    assert shell("cvnpolicy nope 2> /dev/full", root).returncode == 2
    assert shell("cvnpolicy validate nowhere > /dev/null 2> /dev/full", root).returncode == 2


# --- formats


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("command", ["validate", "check", "evaluate"])
def test_invalid_policies_are_three_in_every_format(root, capfd, format, command):
    write_tree(root, {"policies/z.yaml": "kind: [\n"})
    assert run([command, "--format", format]) == 3
    captured = capfd.readouterr()
    assert "policies/z.yaml" in captured.out + captured.err
    assert (captured.out != "") == ((command, format) != ("evaluate", "terminal"))


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("command", ["validate", "check", "evaluate"])
def test_so_is_an_invalid_configuration(root, capfd, format, command):
    (root / "cvnpolicy.yaml").write_text("polices: x\n")
    assert run([command, "--format", format]) == 3
    captured = capfd.readouterr()
    shown = captured.err if format == "terminal" else captured.out
    assert "cvnpolicy.yaml" in shown
    assert "unknown key" in shown


@pytest.mark.parametrize("format", ["github", "sarif"])
@pytest.mark.parametrize("arguments", [["validate"], ["check"], ["validate", "--config", "../tools/cvnpolicy.yaml"]])
def test_places_begin_at_the_top_of_the_git_repository(tmp_path, monkeypatch, capfd, format, arguments):
    repository(tmp_path / "tools", "kind: X\n")
    write_tree(tmp_path, {".git/HEAD": "", "tools/cvnpolicy.yaml": "policies: policies\n"})
    monkeypatch.chdir(tmp_path / "tools")
    assert run([*arguments, "--format", format]) == 3
    assert "tools/policies/all.yaml" in capfd.readouterr().out
    (tmp_path / "tools" / "cvnpolicy.yaml").write_text("polices: x\n")
    assert run([*arguments, "--format", format]) == 3
    assert "tools/cvnpolicy.yaml" in capfd.readouterr().out
    (tmp_path / ".git" / "HEAD").unlink()
    (tmp_path / ".git").rmdir()
    assert run([*arguments, "--format", format]) == 3
    assert "tools/" not in capfd.readouterr().out
