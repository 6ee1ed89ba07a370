"""Help for newcomers: examples that run, exit codes, where to read on; and what is said to who mistypes."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from cvnpolicy.app.gates import GATES, load_gate
from cvnpolicy.cli.help import EXITS, epilog
from cvnpolicy.cli.main import COMMANDS, cli, run
from cvnpolicy.core.errors import ExitCode
from cvnpolicy.report import FORMATS
from tests.support.environment import child_environment

ROOT = Path(__file__).parents[3]
PAGES = ["", *COMMANDS]
FIRST_COMMANDS = ", ".join(sorted(COMMANDS)[:8])


def help_of(name: str, capfd: pytest.CaptureFixture[str]) -> str:
    assert run([*name.split(), "--help"]) == 0
    return capfd.readouterr().out


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("name", PAGES)
def test_every_page_has_an_example_exit_codes_and_where_to_read_on(capfd, name):
    page = help_of(name, capfd)
    assert re.search(r"^  Examples:\n    \$ .*cvnpolicy", page, re.MULTILINE)
    codes = [int(code) for code in re.findall(r"^    (\d+) +\S", page.partition("Exit codes:")[2], re.MULTILINE)]
    assert codes == sorted(codes)
    assert {0, 2, 70} <= set(codes) <= set(ExitCode)
    assert "Read on: " in page
    assert max(map(len, page.splitlines())) <= 80


@pytest.mark.parametrize("name", PAGES)
def test_the_pages_it_names_exist(capfd, name):
    for path in re.findall(r"docs/[\w/.-]+\.md", help_of(name, capfd).replace("\n", " ")):
        assert (ROOT / path).is_file(), path


ELSEWHERE = {"lint": (0,), "readiness": (0, 1)}
"""What init writes nothing for: it is tried on our own repository, whose stories are not all ready. The exit codes."""


@pytest.mark.parametrize("name", PAGES)
def test_every_example_runs_in_the_repository_that_init_writes(capfd, tmp_path, name):
    page = help_of(name, capfd)
    examples = re.findall(r"^    \$ (.*)$", page, re.MULTILINE)
    assert run(["init", str(tmp_path / "repository")]) == 0
    for example in examples:
        if " --base " in example:
            continue  # it needs a pull request: tests/acceptance/pull_requests has thirty
        script = f'cvnpolicy() {{ "{sys.executable}" -m cvnpolicy "$@"; }}\n{example}'
        done = subprocess.run(
            ["bash", "-c", script],  # noqa: S607  the reader's own shell
            cwd=ROOT if name in ELSEWHERE else tmp_path / "repository",
            env=child_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=60,
        )
        assert (done.returncode in ELSEWHERE.get(name, (0,)), done.stderr) == (True, ""), example


def test_every_exit_code_has_its_words():
    assert set(EXITS) == set(ExitCode)
    codes = epilog("cvnpolicy", exits=(ExitCode.OK,), read="x").splitlines()
    assert codes[-4:] == ["  0   all that was asked holds", "  70  a defect of cvnpolicy", "", "Read on: x"]


@pytest.mark.parametrize("name", ["validate", "check", "evaluate"])
def test_the_formats_are_those_that_exist(capfd, name):
    assert f"How to write the report: {', '.join(FORMATS)}. [default: terminal]" in flat(help_of(name, capfd))


def test_the_gates_are_those_that_exist(capfd):
    page = help_of("check", capfd)
    for gate in GATES:
        assert re.search(rf"^    {gate} +{re.escape(load_gate(gate).asks)}$", page, re.MULTILINE)
    assert f"Leave this gate out: {', '.join(GATES)}." in flat(page)


def test_the_page_of_a_command_begins_with_what_the_list_says_of_it(capfd):
    page = help_of("", capfd)
    listed = [line.split()[0] for line in page.partition("Commands:\n")[2].splitlines() if line[:3].strip()]
    assert listed[: len(COMMANDS)] == list(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_says_what_it_is_for(name):
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    options = [option for option in command.params if isinstance(option, click.Option)]
    assert all(option.help and option.help.rstrip("] ")[-1] in ".t" for option in options)


# --- nothing, and mistakes


def test_without_arguments_the_help_is_shown_and_nothing_holds(capfd):
    assert run([]) == 2
    captured = capfd.readouterr()
    assert captured.out == ""
    assert run(["--help"]) == 0
    assert captured.err == capfd.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["valdiate"], "cvnpolicy: there is no command 'valdiate': did you mean 'validate'?\n"),
        (["Check"], "cvnpolicy: there is no command 'Check': did you mean 'check'?\n"),
        (
            ["frobnicate"],
            f"cvnpolicy: there is no command 'frobnicate': expected one of {FIRST_COMMANDS} and 2 more\n",
        ),
        (
            ["evaluate", "--frmat", "json"],
            "cvnpolicy: there is no option '--frmat': did you mean '--format'?\nsee cvnpolicy evaluate --help\n",
        ),
        (["--hlp"], "cvnpolicy: there is no option '--hlp': did you mean '--help'?\nsee cvnpolicy --help\n"),
        (
            ["evaluate", "--at", "2026-06-11T00:00:00"],
            (
                "cvnpolicy: Invalid value for '--at': '2026-06-11T00:00:00' has no time zone: "
                "write 2026-06-11T00:00:00Z if it is UTC\nsee cvnpolicy evaluate --help\n"
            ),
        ),
        (
            ["check", "--format", "jsn"],
            (
                "cvnpolicy: Invalid value for '--format': unknown format 'jsn': did you mean json? "
                f"use one of: {', '.join(FORMATS)}\nsee cvnpolicy check --help\n"
            ),
        ),
        (["explain"], "cvnpolicy: Missing argument 'NAME'\nsee cvnpolicy explain --help\n"),
        (
            ["check", "--skip", "evidnce"],
            "cvnpolicy: there is no gate 'evidnce': did you mean 'evidence'?\n",
        ),
    ],
)
def test_a_mistake_is_told_with_what_would_be_right(capfd, arguments, says):
    assert run(arguments) == 2
    assert capfd.readouterr() == ("", says)


@pytest.mark.parametrize(
    "arguments", [["validate", "--\x1b[31m"], ["\x1b[31m"], ["schema", "\x1b[31m"], ["\n::error::x"]]
)
def test_what_was_typed_is_shown_harmless(capfd, arguments):
    assert run(arguments) == 2
    shown = capfd.readouterr().err
    assert "\x1b" not in shown
    assert not [line for line in shown.splitlines() if line.lstrip().startswith("::")]


def test_a_working_directory_that_is_gone(tmp_path, monkeypatch, capfd):
    folder = tmp_path / "gone"
    folder.mkdir()
    monkeypatch.chdir(folder)
    folder.rmdir()
    assert run(["validate"]) == 2
    says = "cvnpolicy: the working directory is not there any more: change to one that is\n"
    assert capfd.readouterr() == ("", says)
    monkeypatch.chdir(tmp_path)
