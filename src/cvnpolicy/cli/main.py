"""The ``cvnpolicy`` command: lazy subcommands, and what becomes of every error."""

from __future__ import annotations

import sys
import traceback
from importlib import import_module

import click

from cvnpolicy import __version__
from cvnpolicy.core.errors import CvnpolicyError, ExitCode, InvalidInputError
from cvnpolicy.core.visible import visible_lines

COMMANDS = {
    "validate": "Check policy files: YAML, schema, names.",
    "evaluate": "Judge policies on evidence and print the verdicts.",
    "explain": "Say in plain English what a check, policy, kind or rule means.",
    "schema": "Print a JSON Schema, for editors and other tools.",
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

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  as above
        """List the commands from their one-line help."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="cvnpolicy")
def cli() -> None:
    """Production rules for trading-ML systems: written as YAML, judged on evidence.

    Policies and what they are judged on are named in cvnpolicy.yaml, which is looked for here and in the folders above.
    """


def main() -> None:
    """Run the command line and exit with a code of :class:`~cvnpolicy.core.errors.ExitCode`."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run the command line; return the exit code. Errors of the user are one line on standard error."""
    try:
        code = cli.main(arguments, prog_name="cvnpolicy", standalone_mode=False)
        return int(code or 0)
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.ClickException as error:
        error.show()
        return ExitCode.USAGE
    except click.Abort:
        click.echo("cvnpolicy: interrupted", err=True)
        return 130
    except InvalidInputError as error:
        click.echo(visible_lines(str(error)), err=True)
        return error.exit_code
    except CvnpolicyError as error:
        click.echo(f"cvnpolicy: {visible_lines(str(error))}", err=True)
        return error.exit_code
    except Exception:  # noqa: BLE001  the last line of defence: a defect is named as one, with what a report needs
        return _defect(arguments)


def _defect(arguments: list[str]) -> int:
    click.echo("cvnpolicy: internal error. This is a defect of cvnpolicy, not of your files.", err=True)
    click.echo("Please report it with these lines and, if you can, the file that shows it:", err=True)
    click.echo(f"  cvnpolicy {__version__}, Python {sys.version.split()[0]}, {sys.platform}", err=True)
    click.echo(f"  command: {' '.join(arguments[:1])}", err=True)
    click.echo(visible_lines(traceback.format_exc()), err=True)
    return ExitCode.INTERNAL
