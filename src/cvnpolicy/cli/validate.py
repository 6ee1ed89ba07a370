"""``cvnpolicy validate``."""

from __future__ import annotations

from pathlib import Path

import click

from cvnpolicy.app.validate import report_of
from cvnpolicy.cli.options import Common, common, project, write
from cvnpolicy.core.errors import exit_code_of
from cvnpolicy.core.visible import visible_lines
from cvnpolicy.load.policies import Loaded, load_policies


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@common
def command(paths: tuple[Path, ...], common: Common) -> int:
    """Check policy files: YAML, schema, and names across files.

    PATHS are files and folders; without any, the folder that cvnpolicy.yaml names. Every problem of every file is
    reported in one run, as file:line:column: what is wrong: what would be right.
    """
    loaded = load_policies(project(common.config), paths)
    if common.format == "terminal":
        write(visible_lines(_page(loaded)), common.output)
    else:
        common.show(report_of(loaded.problems, common.instant))
    return exit_code_of(loaded.problems)


def _page(loaded: Loaded) -> str:
    lines = [str(problem) for problem in loaded.problems]
    files = _counted(len(loaded.files), "file")
    if lines:
        lines.append(f"{_counted(len(lines), 'problem')} in {files}")
    else:
        lines.append(f"{_counted(len(loaded.policies.policies), 'policy', 'policies')} in {files}: no problems")
    return "\n".join(lines) + "\n"


def _counted(count: int, one: str, many: str | None = None) -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"
