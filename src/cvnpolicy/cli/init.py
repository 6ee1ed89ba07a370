"""``cvnpolicy init``."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from cvnpolicy.app.init import FILES, PLACEHOLDER, init
from cvnpolicy.cli.help import epilog
from cvnpolicy.cli.output import write
from cvnpolicy.cli.types import Folder
from cvnpolicy.core.errors import ExitCode
from cvnpolicy.core.visible import visible_lines


@click.command(
    epilog=epilog(
        "cvnpolicy init demo",
        "cvnpolicy init another --owner @ada",
        exits=(ExitCode.OK, ExitCode.USAGE),
        read="docs/tutorials/first-gate.md in the project: what the files mean",
    )
)
@click.argument("folder", default=".", type=Folder(), metavar="[DIR]")
@click.option(
    "--owner", default=PLACEHOLDER, show_default=True, metavar="@NAME", help="Who owns the policies: an account name."
)
def command(folder: Path, owner: str) -> int:
    """Write a small repository that works: a configuration, policies, a runbook, and made-up evidence.

    DIR is where; without it, here. A folder that does not exist is made. Nothing is overwritten: where one of the files
    exists already, all that are in the way are listed and nothing is written. The checks look at every row of the
    evidence, so they hold on any day.
    """
    written = init(folder, owner)
    width = max(len(name) for name in written)
    here = folder.resolve() == Path.cwd()
    lines = [
        f"Wrote {len(written)} files{'' if here else f' in {folder}'}:",
        *(f"  {name:<{width}}  {FILES[name]}" for name in written),
        "",
        "Next:",
        *([] if here else [f"  cd {shlex.quote(str(folder))}"]),
        "  cvnpolicy validate",
        "  cvnpolicy check",
        "  cvnpolicy explain feature-drift/psi",
        "",
        "check reads the evidence. That needs the tables part: in a clone, pip install '.[tables]'",
        f"The owner of every policy is {owner}{': change it to an account of yours' if owner == PLACEHOLDER else ''}.",
    ]
    write(visible_lines("\n".join(lines) + "\n"), None)
    return 0
