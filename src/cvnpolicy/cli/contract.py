"""``cvnpolicy contract``: its subcommands, each imported when it is called."""

from __future__ import annotations

from importlib import import_module

import click

from cvnpolicy.cli.help import epilog
from cvnpolicy.core.errors import ExitCode, UsageError
from cvnpolicy.load.nearest import did_you_mean

COMMANDS = {
    "pin": "Write an artefact's hash into the committed manifest.",
    "verify": "Say whether a model may be served, and why not.",
}
"""Subcommand to its one-line help."""


class _Contract(click.Group):
    """The group; what it lists it does not import."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        """Return the subcommands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  click's signature
        """Import and return a subcommand."""
        if cmd_name not in COMMANDS:
            raise UsageError(f"there is no command 'contract {cmd_name}': {did_you_mean(cmd_name, COMMANDS)}")
        found: click.Command = import_module(f"cvnpolicy.cli.contract_{cmd_name}").command
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  as above
        """List the subcommands from their one-line help."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=_Contract,
    epilog=epilog(
        "cvnpolicy contract verify --help",
        exits=(ExitCode.OK, ExitCode.FAILED, ExitCode.USAGE, ExitCode.INVALID),
        read="docs/how-to/contracts.md says how a model is pinned and served",
    ),
)
def command() -> None:
    """Feature contracts: what was trained is what is served."""
