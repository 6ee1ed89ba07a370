"""The ``cvnpolicy`` command: lazy subcommands, and what becomes of every error."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from importlib import import_module
from typing import TYPE_CHECKING

import click

from cvnpolicy import __version__
from cvnpolicy.cli.help import epilog
from cvnpolicy.cli.output import discard_stdout, say
from cvnpolicy.cli.startup import prepare
from cvnpolicy.core.errors import CvnpolicyError, ExitCode, InvalidInputError, UsageError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

_COMPLETE = "_CVNPOLICY_COMPLETE"
"""Set by a shell that completes; see :mod:`cvnpolicy.cli.completing`."""

_INTERRUPTED, _UNREAD = 130, 141
"""What a shell says of a process that SIGINT, or SIGPIPE, has ended."""

COMMANDS = {
    "init": "Write a small repository that works, to start from.",
    "validate": "Check policy files: YAML, schema, names.",
    "lint": "Find hyperparameter values in Python code: gate G5.",
    "readiness": "Judge readiness files and runbooks.",
    "contract": "Feature contracts: what was trained is what is served.",
    "check": "Ask every gate: one report, one exit code.",
    "evaluate": "Judge policies on evidence and print the verdicts.",
    "explain": "Say in plain English what a check, policy, kind or rule means.",
    "schema": "Print a JSON Schema, for editors and other tools.",
    "completion": "Print the completion script of a shell.",
}
"""Command to its one-line help: ``--help`` imports none of them."""


class LazyGroup(click.Group):
    """A group that imports a command's module only when that command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        """Return the commands in the order a newcomer meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  click's signature
        """Import and return a command."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"cvnpolicy.cli.{cmd_name}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command; of a misspelt one, say which is near."""
        name = args[0]
        if name not in COMMANDS and not ctx.resilient_parsing:
            raise UsageError(f"there is no command '{name}': {_suggestion(name, COMMANDS)}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  as above
        """List the commands from their one-line help."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return the commands and options that begin so, without importing any command."""
        from click.shell_completion import CompletionItem  # only for a shell that completes

        found = [CompletionItem(name, help=says) for name, says in COMMANDS.items() if name.startswith(incomplete)]
        return [*found, *click.Command.shell_complete(self, ctx, incomplete)]


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=epilog(
        "cvnpolicy init demo",
        "cvnpolicy check",
        "cvnpolicy evaluate --help",
        exits=(code for code in ExitCode if code is not ExitCode.INTERNAL),
        read="docs/tutorials/first-gate.md in the project, ten minutes; then docs/reference/README.md",
    ),
)
@click.version_option(__version__, prog_name="cvnpolicy")
def cli() -> None:
    """Production rules for trading-ML systems: written as YAML, judged on evidence.

    Policies and what they are judged on are named in cvnpolicy.yaml, which is looked for here and in the folders above.
    New here? `init` writes a small repository that works; `validate` and `check` then say what holds in it.
    """


def main() -> None:
    """Run the command line and exit with a code of :class:`~cvnpolicy.core.errors.ExitCode`."""
    prepare()
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run the command line; return the exit code. Errors of the user are lines on standard error.

    Without arguments nothing was asked, and nothing holds: that is a wrong command line, answered with the help.
    """
    instruction = os.environ.get(_COMPLETE)
    if instruction is not None:
        from cvnpolicy.cli.completing import answer  # only for a shell that completes

        return answer(cli, instruction)
    try:
        if not arguments:
            say(cli.get_help(cli.make_context("cvnpolicy", [], resilient_parsing=True)))
            return ExitCode.USAGE
        # Not click's main(): it leaves with 1, "a policy failed", when the reader of a help page has gone.
        with cli.make_context("cvnpolicy", list(arguments)) as context:
            return int(cli.invoke(context) or 0)
    except click.exceptions.Exit as done:
        return done.exit_code
    except (click.Abort, KeyboardInterrupt):
        say("cvnpolicy: interrupted")
        return _INTERRUPTED
    except BrokenPipeError:
        discard_stdout()
        return _UNREAD
    except (click.ClickException, CvnpolicyError) as error:
        return _mistake(error)
    except Exception:  # noqa: BLE001  the last line of defence: a defect is named as one, with what a report needs
        return _defect(arguments)


def _mistake(error: click.ClickException | CvnpolicyError) -> int:
    """Say what the user can mend, and return its exit code."""
    if isinstance(error, click.ClickException):
        say(f"cvnpolicy: {_usage(error)}")
        return ExitCode.USAGE
    # Problems begin with their place, so that an editor finds it.
    say(str(error) if isinstance(error, InvalidInputError) else f"cvnpolicy: {error}")
    return error.exit_code


def _usage(error: click.ClickException) -> str:
    """Return what is wrong with the command line, and where help is."""
    context = getattr(error, "ctx", None)
    if isinstance(error, click.NoSuchOption):
        options = [name for option in context.command.params for name in option.opts] if context is not None else []
        known = [name for name in [*options, "--help"] if name.startswith("--")]
        text = f"there is no option '{error.option_name}': {_suggestion(error.option_name, known)}"
    else:
        text = error.format_message().rstrip(".")
        if isinstance(error, click.MissingParameter):
            text = " ".join(text.split())  # click lists what can be chosen below one another, behind tabs
    help_page = f"\nsee {context.command_path} --help" if context is not None else ""
    return text + help_page


def _suggestion(word: str, known: Iterable[str]) -> str:
    from cvnpolicy.load.nearest import did_you_mean  # only where something is misspelt

    return did_you_mean(word, known)


def _defect(arguments: list[str]) -> int:
    import traceback  # needed for a defect only

    say("cvnpolicy: internal error. This is a defect of cvnpolicy, not of your files.")
    say("Please report it with these lines and, if you can, the file that shows it:")
    say(f"  cvnpolicy {__version__}, Python {sys.version.split()[0]}, {sys.platform}")
    say(f"  command: {' '.join(arguments[:1])}")
    say(traceback.format_exc())
    return ExitCode.INTERNAL
