"""``cvnpolicy contract pin``."""

from __future__ import annotations

from pathlib import Path

import click

from cvnpolicy.cli.help import epilog
from cvnpolicy.cli.inputs import Destinations
from cvnpolicy.cli.options import CONFIG, project
from cvnpolicy.cli.output import say, write
from cvnpolicy.cli.types import OldFile
from cvnpolicy.core.errors import ExitCode, InvalidInputError
from cvnpolicy.load.policies import load_policies


@click.command(
    name="pin",
    epilog=epilog(
        "cvnpolicy contract pin --help",
        exits=(ExitCode.OK, ExitCode.FAILED, ExitCode.USAGE, ExitCode.INVALID),
        read="docs/how-to/contracts.md says how a model is pinned and served",
    ),
)
@click.argument("name", required=False)
@click.option("--artefact", type=OldFile(), required=True, help="The artefact of the run.")
@click.option("--run-id", required=True, metavar="ID", help="The run that made it.")
@CONFIG
def command(name: str | None, artefact: Path, run_id: str, config: Path | None) -> int:
    """Write the hash of an artefact into the manifest of a contract.

    NAME is a policy of kind FeatureContract; the only one that pins an artefact without. An artefact that is not as the
    contract says is refused. The rest of the manifest is written anew from the policy. Commit the file.
    """
    from cvnpolicy.app.contract import find_contract, pinned, read_artefact  # only where a contract is asked about

    setting = project(config, Destinations(None))
    loaded = load_policies(setting)
    if loaded.problems:
        raise InvalidInputError(loaded.problems)
    contract = find_contract(setting, loaded.policies, name)
    text, wrong = pinned(contract, read_artefact(artefact), run_id)
    for one in wrong:
        say(f"{artefact}: {one.field}: {one}")
    if wrong:
        say(f"cvnpolicy: {contract.shown} stays as it is: an artefact that does not fit is not pinned")
        return ExitCode.FAILED
    contract.manifest.parent.mkdir(parents=True, exist_ok=True)
    write(text, contract.manifest)
    say(f"cvnpolicy: {contract.shown} has the artefact of run {run_id}: commit it")
    return 0
