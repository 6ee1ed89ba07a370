"""``cvnpolicy schema``."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

import click

from cvnpolicy.app.schema import schema, schema_names
from cvnpolicy.cli.help import epilog
from cvnpolicy.cli.inputs import Destinations
from cvnpolicy.cli.names import schemas
from cvnpolicy.cli.options import OUTPUT, configuration, project
from cvnpolicy.cli.output import write
from cvnpolicy.core.errors import ExitCode, InvalidInputError, UsageError
from cvnpolicy.load.nearest import did_you_mean


@click.command(
    epilog=epilog(
        "cvnpolicy schema policy --output policy.schema.json",
        "cvnpolicy schema DriftPolicy",
        exits=(ExitCode.OK, ExitCode.USAGE),
        read="docs/tutorials/first-gate.md in the project: how an editor uses it",
    )
)
@click.argument("name", default="policy", shell_complete=schemas)
@OUTPUT
def command(name: str, output: Path | None) -> int:
    """Print a JSON Schema (draft 2020-12), for editors and other tools.

    NAME is a kind such as DriftPolicy, or policy (any kind), configuration (cvnpolicy.yaml), or report (--format json).
    """
    if name not in schema_names():
        raise UsageError(f"there is no schema '{name}': {did_you_mean(name, schema_names())}")
    if output is not None:
        _spare(Destinations(output))
    write(json.dumps(schema(name), indent=2, ensure_ascii=False) + "\n", output)
    return 0


def _spare(destinations: Destinations) -> None:
    """Keep from writing over a project, where there is one: a schema needs none."""
    try:
        file = configuration(None)
    except UsageError:
        return
    # An invalid one keeps nobody from a schema; what can be a policy has been refused by then.
    with suppress(InvalidInputError):
        project(file, destinations)
