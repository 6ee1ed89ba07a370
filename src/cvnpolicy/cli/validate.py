"""``cvnpolicy validate``."""

from __future__ import annotations

from pathlib import Path

import click

from cvnpolicy.app.validate import report_of, total
from cvnpolicy.cli.help import epilog
from cvnpolicy.cli.inputs import Destinations
from cvnpolicy.cli.options import Common, common, project
from cvnpolicy.cli.output import write
from cvnpolicy.cli.types import Existing
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
@click.argument("paths", nargs=-1, type=Existing())
@common
def command(paths: tuple[Path, ...], common: Common) -> int:
    """Check policy files: YAML, schema, and names across files. No evidence is read.

    PATHS are files and folders; without any, the folder that cvnpolicy.yaml names. Those in that folder are judged with
    all of it, as names resolve across files; others are a set of their own, and its files do not know them. In folders
    only .yaml and .yml files are read, and names that begin with a dot are passed over.

    Every problem that can be seen is reported in one run, as file:line:column: what is wrong: what would be right. What
    depends on a broken file shows once that is mended.
    """
    loaded = load_policies(project(common.config, Destinations(common.output), paths), paths)
    if common.format == "terminal":
        lines = [*(str(problem) for problem in loaded.problems), total(loaded)]
        write(visible_lines("\n".join(lines) + "\n"), common.output)
        common.told(total(loaded))
    else:
        common.show(report_of(loaded.problems, common.instant))
    return exit_code_of(loaded.problems)
