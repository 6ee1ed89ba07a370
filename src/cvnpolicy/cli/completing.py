"""Answering a shell that completes: click's protocol, in which the shell calls the command with this variable set."""

from __future__ import annotations

import os

import click
from click.shell_completion import BashComplete, FishComplete, ShellComplete, ZshComplete

from cvnpolicy.core.errors import ExitCode

VARIABLE = "_CVNPOLICY_COMPLETE"
"""Set by the script of ``cvnpolicy completion`` to ``<shell>_complete``, together with COMP_WORDS and COMP_CWORD."""


class _Bash(BashComplete):
    """Bash hands over ``--format=js`` as three words; click knows only the first two."""

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words before the one to complete, without a ``=`` between an option and its value."""
        words, incomplete = super().get_completion_args()
        return (words[:-1] if words[-1:] == ["="] else words), incomplete


SHELLS: dict[str, type[ShellComplete]] = {"bash": _Bash, "zsh": ZshComplete, "fish": FishComplete}
"""The shells that there is a script for."""


def script(group: click.Command, shell: str) -> str:
    """Return what a shell has to read in order to complete the command.

    Raises:
        KeyError: If there is none for this shell.
    """
    completer = SHELLS[shell](group, {}, "cvnpolicy", VARIABLE)
    # Not source(): for bash it starts a shell to learn its version, and prints what it thinks of it.
    return completer.source_template % completer.source_vars()


def answer(group: click.Command, instruction: str) -> int:
    """Print what can stand where the cursor is. Nothing else is ever printed, not even about a defect.

    Returns:
        0 only for an answer to a shell: the variable alone must not let a gate pass.
    """
    shell, _, verb = instruction.partition("_")
    if shell not in SHELLS or verb != "complete" or not {"COMP_WORDS", "COMP_CWORD"} <= os.environ.keys():
        return ExitCode.USAGE
    completer = SHELLS[shell](group, {}, "cvnpolicy", VARIABLE)
    try:
        click.echo(completer.complete().encode("utf-8"))
    except Exception:  # noqa: BLE001  a traceback would be typed into the line that a person is writing
        return ExitCode.INTERNAL
    return ExitCode.OK
