"""``cvnpolicy evaluate``."""

from __future__ import annotations

from pathlib import Path

import click

from cvnpolicy.cli.help import epilog
from cvnpolicy.cli.judging import Judging, judging
from cvnpolicy.cli.names import addresses
from cvnpolicy.cli.options import Common, common, project
from cvnpolicy.cli.types import Existing
from cvnpolicy.core.errors import ExitCode, InvalidInputError
from cvnpolicy.load.policies import load_policies


@click.command(
    epilog=epilog(
        "cvnpolicy evaluate",
        "cvnpolicy evaluate --only feature-drift --at 2026-06-11T00:00:00Z",
        "cvnpolicy evaluate --save-evidence evidence.json --format json",
        exits=(code for code in ExitCode if code is not ExitCode.INTERNAL),
        read="docs/how-to/bind-evidence.md, docs/explanation/fail-closed.md in the project",
    )
)
@click.argument("paths", nargs=-1, type=Existing())
@click.option(
    "--only",
    multiple=True,
    metavar="ADDRESS",
    shell_complete=addresses,
    help="Report only this policy, policy/check or policy/*. May be repeated.",
)
@judging
@common
def command(paths: tuple[Path, ...], only: tuple[str, ...], judging: Judging, common: Common) -> int:
    """Judge policies on evidence: logs, tables and facts.

    PATHS are the files and folders of policies to judge; without any, the folder that cvnpolicy.yaml names. What could
    not be asked is never a pass. Reading tables and logs needs an optional part: in a clone,
    pip install '.[tables]'.
    """
    from cvnpolicy.app.evaluate import evaluate  # what reads evidence is imported only here

    judging.check(common)
    setting = project(common.config, judging.destinations(common), paths, judging.recorded)
    loaded = load_policies(setting, paths)
    if loaded.problems:
        raise InvalidInputError(loaded.problems)
    evidence, at = judging.read(common)
    result = evaluate(
        setting,
        loaded.policies,
        at=at,
        environment=judging.env or "default",
        among=loaded.named,
        only=only,
        evidence=evidence,
        strict=judging.strict,
    )
    judging.save(result.evidence)
    common.show(result.report)
    return result.report.exit_code
