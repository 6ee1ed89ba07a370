"""``cvnpolicy schema``."""

from __future__ import annotations

import json
from pathlib import Path

import click

from cvnpolicy.app.schema import schema, schema_names
from cvnpolicy.cli.options import write
from cvnpolicy.core.errors import UsageError
from cvnpolicy.load.nearest import did_you_mean


@click.command()
@click.argument("name", default="policy")
@click.option("--output", type=click.Path(path_type=Path), help="Write to this file instead of the terminal.")
def command(name: str, output: Path | None) -> int:
    """Print a JSON Schema (draft 2020-12).

    NAME is a kind such as DriftPolicy, or policy (any kind), configuration (cvnpolicy.yaml), or report (--format json).
    """
    if name not in schema_names():
        raise UsageError(f"there is no schema '{name}': {did_you_mean(name, schema_names())}")
    write(json.dumps(schema(name), indent=2, ensure_ascii=False) + "\n", output)
    return 0
