"""``cvnpolicy validate``."""

from __future__ import annotations

from pathlib import Path

import click

from cvnpolicy.app.validate import report_of, total
from cvnpolicy.cli.help import epilog
from cvnpolicy.cli.options import Common, common, project
from cvnpolicy.cli.output import write
from cvnpolicy.core.errors import ExitCode, exit_code_of
from cvnpolicy.core.visible import visible_lines
from cvnpolicy.load.policies import load_policies


@click.command(
    epilog=epilog(
        "cvnpolicy validate",
        "cvnpolicy validate policies/drift.yaml --format github",
        exits=(ExitCode.OK, ExitCode.USAGE, ExitCode.INVALID, ExitCode.NOTHING),
        read="cvnpolicy explain CVN007 says what a rule is about; docs/tutorials/first-gate.md shows a first policy",
    )
)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@common
def command(paths: tuple[Path, ...], common: Common) -> int:
    """Check policy files: YAML, schema, and names across files. No evidence is read.

    PATHS are files and folders; without any, the folder that cvnpolicy.yaml names. Every problem of every file is
    reported in one run, as file:line:column: what is wrong: what would be right.
    """
    loaded = load_policies(project(common.config), paths)
    if common.format == "terminal":
        lines = [*(str(problem) for problem in loaded.problems), total(loaded)]
        write(visible_lines("\n".join(lines) + "\n"), common.output)
        common.told(total(loaded))
    else:
        common.show(report_of(loaded.problems, common.instant))
    return exit_code_of(loaded.problems)
