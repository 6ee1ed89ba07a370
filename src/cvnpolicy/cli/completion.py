"""``cvnpolicy completion``."""

from __future__ import annotations

import click

from cvnpolicy.cli.completing import SHELLS, script
from cvnpolicy.cli.help import epilog
from cvnpolicy.cli.output import write
from cvnpolicy.core.errors import ExitCode


@click.command(
    epilog=epilog(
        "source <(cvnpolicy completion bash)",
        "cvnpolicy completion zsh > _cvnpolicy",
        "cvnpolicy completion fish > cvnpolicy.fish",
        exits=(ExitCode.OK, ExitCode.USAGE),
        read="what your shell says about completions: ~/.bashrc, a folder of $fpath, ~/.config/fish/completions",
    )
)
@click.argument("shell", type=click.Choice(tuple(SHELLS)))
@click.pass_context
def command(ctx: click.Context, shell: str) -> int:
    """Print the script by which a shell completes this command.

    It completes commands, options, formats, environments, gates, kinds, rules and the addresses of your policies. Put
    the first line of the examples into ~/.bashrc, or the script where zsh or fish looks for completions.
    """
    write(script(ctx.find_root().command, shell), None)
    return 0
