"""``cvnpolicy explain``."""

from __future__ import annotations

from pathlib import Path

import click

from cvnpolicy.app.explain import explain
from cvnpolicy.cli.options import CONFIG, project, write
from cvnpolicy.core.errors import InvalidInputError
from cvnpolicy.core.rules import DocumentRule
from cvnpolicy.core.visible import visible_lines
from cvnpolicy.kinds import KINDS, load_kind
from cvnpolicy.load.policies import load_policies


@click.command()
@click.argument("name")
@CONFIG
def command(name: str, config: Path | None) -> int:
    """Say in plain English what NAME means.

    NAME is a check (policy/check), a policy, a kind such as DriftPolicy, or a rule id such as CVN201.
    """
    fixed = {*KINDS, *DocumentRule, *(load_kind(kind).rule for kind in KINDS)}
    if name in fixed:
        write(explain(name, None), None)
        return 0
    loaded = load_policies(project(config))
    if loaded.problems:
        raise InvalidInputError(loaded.problems)
    write(visible_lines(explain(name, loaded.policies)), None)
    return 0
