"""``cvnpolicy contract verify``."""

from __future__ import annotations

import os
from pathlib import Path

import click

from cvnpolicy.cli.help import epilog
from cvnpolicy.cli.inputs import Destinations
from cvnpolicy.cli.options import Common, common, project
from cvnpolicy.cli.output import say
from cvnpolicy.cli.types import OldFile
from cvnpolicy.core.errors import ExitCode, InvalidInputError
from cvnpolicy.load.policies import load_policies


@click.command(
    name="verify",
    epilog=epilog(
        "cvnpolicy contract verify --help",
        exits=(ExitCode.OK, ExitCode.FAILED, ExitCode.USAGE, ExitCode.INVALID),
        read="docs/how-to/contracts.md says how a model is pinned and served",
    ),
)
@click.argument("name", required=False)
@click.option("--artefact", type=OldFile(), required=True, help="The artefact of the run.")
@click.option("--run-id", required=True, metavar="ID", help="The run that the model comes from.")
@click.option("--env-file", type=OldFile(), help="Variables to compare, NAME=value. Default: those of this process.")
@click.option("--tag", metavar="SHA256", help="What the registry's tag says, where it was asked.")
@common
def command(
    name: str | None, artefact: Path, run_id: str, env_file: Path | None, tag: str | None, common: Common
) -> int:
    """Say whether a model may be served: all mismatches in one report.

    NAME is a policy of kind FeatureContract; the only one that pins an artefact without. The library
    `cvnpolicy.contracts` compares the same when a process loads the model.
    """
    from cvnpolicy.app.contract import Asked, find_contract, read_artefact, read_variables, verify

    setting = project(common.config, Destinations(common.output))
    loaded = load_policies(setting)
    if loaded.problems:
        raise InvalidInputError(loaded.problems)
    contract = find_contract(setting, loaded.policies, name)
    environment = dict(os.environ) if env_file is None else read_variables(env_file)
    asked = Asked(run_id, read_artefact(artefact), artefact.as_posix(), environment, tag=tag)
    report, lines = verify(contract, loaded.policies, asked, common.instant)
    for line in lines:
        say(line)
    common.show(report)
    return report.exit_code
