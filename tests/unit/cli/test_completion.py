"""A shell that completes: real bash with the script that is printed, and what becomes of a broken repository."""

from __future__ import annotations

import os
import shlex
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from cvnpolicy.app.gates import GATES
from cvnpolicy.app.init import init
from cvnpolicy.cli.completing import SHELLS, VARIABLE
from cvnpolicy.cli.main import COMMANDS, run
from cvnpolicy.kinds import KINDS
from cvnpolicy.report import FORMATS
from tests.support.environment import child_environment
from tests.support.process import run_command

# What bash does when a person presses Tab: it splits the line, calls the function, and reads COMPREPLY.
PRESS = """
compopt() { echo "the shell's own files"; }
source <(cvnpolicy completion bash)
press() {
    COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
    local function
    function=$(complete -p cvnpolicy | sed 's/.*-F \\([^ ]*\\).*/\\1/')
    "$function" cvnpolicy "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
    echo "$? ${COMPREPLY[*]}"
}
"""


@pytest.fixture(scope="module")
def commands(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for PATH that holds `cvnpolicy`: the script calls it by its name."""
    folder = tmp_path_factory.mktemp("bin")
    command = folder / "cvnpolicy"
    command.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m cvnpolicy "$@"\n')
    command.chmod(command.stat().st_mode | stat.S_IXUSR)
    return folder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    init(tmp_path)
    return tmp_path


def pressed(commands: Path, root: Path, *lines: str) -> list[str]:
    """Press Tab at the end of each line, in one bash; what each proposes. Nothing may reach standard error."""
    script = PRESS + "\n".join(f"press {line}" for line in lines)
    done = subprocess.run(
        ["bash", "--norc", "-c", script],  # noqa: S607  the shell that is tested
        cwd=root,
        env=child_environment(PATH=f"{commands}{os.pathsep}{os.environ['PATH']}"),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    assert done.stderr == ""
    return done.stdout.splitlines()


def proposed(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], *words: str) -> list[str]:
    """Ask as bash does, without it; what is proposed for the last word."""
    monkeypatch.setenv(VARIABLE, "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "\n".join(words))
    monkeypatch.setenv("COMP_CWORD", str(len(words) - 1))
    assert run([]) == 0
    captured = capfd.readouterr()
    assert captured.err == ""
    return captured.out.split()


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("c", ["plain,contract", "plain,check", "plain,completion"]),
        ("--", ["plain,--version", "plain,--help"]),
        ("validate --format te", ["plain,terminal"]),
        ("validate --format = te", ["plain,terminal"]),
        ("validate --format=te", ["plain,terminal"]),
        ("validate x", ["file,x"]),
        ("validate --output x", ["file,x"]),
        ("evaluate --evidence x", ["file,x"]),
        ("evaluate --env d", ["plain,default"]),
        ("evaluate --env e", []),
        ("evaluate --config nowhere --env d", []),
        ("evaluate --only training-alerts", ["plain,training-alerts", "plain,training-alerts/failed-share"]),
        ("explain CVN03", ["plain,CVN030"]),
        ("explain Ev", ["plain,EventCatalog"]),
        ("explain --config nowhere feature", []),
        ("explain feature-drift/", ["plain,feature-drift/psi"]),
        ("schema Ev", ["plain,EventCatalog"]),
        ("check --skip e", ["plain,evidence"]),
        ("completion f", ["plain,fish"]),
    ],
)
def test_what_is_proposed(root, monkeypatch, capfd, line, expected):
    monkeypatch.chdir(root)
    assert proposed(monkeypatch, capfd, "cvnpolicy", *line.split()) == expected


def test_words_that_are_fixed(commands, root):
    every = pressed(
        commands,
        root,
        "cvnpolicy ''",
        "cvnpolicy va",
        "cvnpolicy --v",
        "cvnpolicy validate --fo",
        "cvnpolicy validate --format ''",
        "cvnpolicy validate --format = ma",
        "cvnpolicy validate --format =",
        "cvnpolicy check --skip ''",
        "cvnpolicy schema Dri",
        "cvnpolicy completion ''",
        "cvnpolicy explain CVN20",
    )
    assert every == [
        f"0 {' '.join(COMMANDS)}",
        "0 validate",
        "0 --version",
        "0 --format",
        f"0 {' '.join(FORMATS)}",
        "0 markdown",
        f"0 {' '.join(FORMATS)}",
        f"0 {' '.join(GATES)}",
        "0 DriftPolicy",
        "0 bash zsh fish",
        "0 CVN201",
    ]


def test_names_of_the_repository(commands, root):
    (root / "other.yaml").write_text("environments: {last-month: {like: live}, live: {}, x: {like: live}}\n")
    every = pressed(
        commands,
        root,
        "cvnpolicy evaluate --env ''",
        "cvnpolicy evaluate --config other.yaml --env l",
        "cvnpolicy evaluate --only feature",
        "cvnpolicy explain training-alerts/",
        "cvnpolicy explain events",
    )
    assert every == [
        "0 default",
        "0 last-month live",
        "0 feature-drift feature-drift/psi",
        "0 training-alerts/failed-share",
        "0 events",
    ]


def test_files_are_left_to_the_shell(commands, root):
    lines = [f"cvnpolicy {line} x" for line in ("validate", "validate --output", "check --evidence", "check --config")]
    assert pressed(commands, root, *lines) == ["the shell's own files", "0 "] * len(lines)


def test_a_broken_configuration_proposes_nothing_and_says_nothing(commands, root):
    broken = {"yaml": b"a: [\n", "key": b"polices: x\n", "type": b"environments: 3\n", "bytes": b"\xff"}
    for name, text in broken.items():
        (root / name).write_bytes(text)
    os.mkfifo(root / "pipe")
    files = [*broken, "pipe", "nowhere"]
    environments = pressed(commands, root, *(f"cvnpolicy evaluate --config {file} --env ''" for file in files))
    assert environments == ["0 "] * len(files)
    lines = ["cvnpolicy explain --config yaml feature", "cvnpolicy explain --config nowhere Alert"]
    assert pressed(commands, root, *lines) == ["0 ", "0 AlertPolicy"]


def test_of_a_set_with_mistakes_the_valid_documents_are_proposed(commands, root):
    (root / "policies" / "alerts.yaml").write_text("kind: [\n")
    assert pressed(commands, root, "cvnpolicy explain feature-drift/", "cvnpolicy explain training-") == [
        "0 feature-drift/psi",
        "0 ",
    ]


def test_a_line_that_is_wrong_is_answered_all_the_same(commands, root):
    lines = [
        "cvnpolicy check --output no/such/file --env d",
        "cvnpolicy check --at nonsense --env d",
        'cvnpolicy explain "\'x"',
    ]
    assert pressed(commands, root, *lines) == ["0 default", "0 default", "0 "]


# --- the script


def test_every_shell_has_a_script_that_asks_the_command(capfd):
    for shell in SHELLS:
        assert run(["completion", shell]) == 0
        captured = capfd.readouterr()
        assert captured.err == ""
        assert f"{VARIABLE}={shell}_complete" in captured.out
        assert "_cvnpolicy_completion" in captured.out


def test_another_shell_has_none(capfd):
    assert run(["completion", "tcsh"]) == 2
    captured = capfd.readouterr()
    assert captured.out == ""
    assert "'bash', 'zsh', 'fish'" in captured.err


@pytest.mark.parametrize(
    ("shell", "word", "expected"),
    [
        ("zsh", "1", "plain\nvalidate\nCheck policy files: YAML, schema, names.\n"),
        ("fish", "va", "plain,validate\tCheck policy files: YAML, schema, names.\n"),
    ],
)
def test_zsh_and_fish_are_told_what_a_command_is_for(tmp_path, shell, word, expected):
    words = {"COMP_WORDS": "cvnpolicy va", "COMP_CWORD": word}
    done = run_command(cwd=tmp_path, **{VARIABLE: f"{shell}_complete"}, **words)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == expected


# --- the variable


def test_without_a_shell_it_lists_them(capfd):
    assert run(["completion"]) == 2
    says = "Missing argument '{bash|zsh|fish}'. Choose from: bash, zsh, fish"
    assert capfd.readouterr() == ("", f"cvnpolicy: {says}\nsee cvnpolicy completion --help\n")


def test_a_shell_without_a_script_is_a_wrong_command_line(monkeypatch, capfd):
    monkeypatch.setenv(VARIABLE, "tcsh_complete")
    assert run(["--help"]) == 2
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("instruction", ["", "1", "bash", "bash_source", "bash_complete", "tcsh_complete", "_"])
def test_the_variable_alone_lets_no_gate_pass(root, instruction):
    done = run_command("check", cwd=root, **{VARIABLE: instruction})
    assert (done.returncode, done.stdout, done.stderr) == (2, "", "")


@pytest.mark.parametrize("word", ["", "x"])
def test_a_shell_that_says_nonsense_is_told_nothing(root, word):
    done = run_command(cwd=root, **{VARIABLE: "bash_complete", "COMP_WORDS": "cvnpolicy", "COMP_CWORD": word})
    assert (done.returncode, done.stdout, done.stderr) == (70, "", "")


def test_a_defect_is_not_typed_into_the_line_of_a_person(root, monkeypatch, capfd):
    def broken(*_arguments: object) -> None:
        raise RuntimeError("the reason")

    monkeypatch.chdir(root)
    monkeypatch.setattr("cvnpolicy.load.policies.load_policies", broken)
    for name, value in ((VARIABLE, "bash_complete"), ("COMP_WORDS", "cvnpolicy explain f"), ("COMP_CWORD", "2")):
        monkeypatch.setenv(name, value)
    assert run([]) == 70
    assert capfd.readouterr() == ("", "")


def test_completing_commands_imports_none_of_them(tmp_path):
    code = """
import sys
from cvnpolicy.cli.main import run

run([])
print(*(name for name in sys.modules if name.startswith(("cvnpolicy.cli.", "pydantic", "yaml"))), file=sys.stderr)
"""
    from tests.support.process import run_python

    words = {VARIABLE: "bash_complete", "COMP_WORDS": "cvnpolicy ", "COMP_CWORD": "1"}
    done = run_python("-c", code, cwd=tmp_path, **words)
    assert done.stdout.split() == [f"plain,{name}" for name in COMMANDS]
    loaded = set(done.stderr.split())
    assert "cvnpolicy.cli.completing" in loaded
    assert not loaded & {"pydantic", "yaml", *(f"cvnpolicy.cli.{name}" for name in COMMANDS)}


def test_every_kind_can_be_asked_for(commands, root):
    (answer,) = pressed(commands, root, "cvnpolicy schema ''")
    assert set(answer.split()[1:]) == {"policy", "configuration", "report", *KINDS}
