"""``cvnpolicy explain``."""

from __future__ import annotations

from pathlib import Path

import click

from cvnpolicy.app.explain import explain
from cvnpolicy.app.rule_text import fixed_text
from cvnpolicy.cli.help import epilog
from cvnpolicy.cli.names import explainable
from cvnpolicy.cli.options import CONFIG, project
from cvnpolicy.cli.output import write
from cvnpolicy.core.errors import ExitCode, InvalidInputError
from cvnpolicy.core.visible import visible_lines
from cvnpolicy.load.policies import load_policies


@click.command(
    epilog=epilog(
        "cvnpolicy explain feature-drift/psi",
        "cvnpolicy explain CVN201",
        "cvnpolicy explain AlertPolicy",
        exits=(ExitCode.OK, ExitCode.USAGE, ExitCode.INVALID, ExitCode.NOTHING),
        read="docs/reference/README.md in the project: every kind, rule and statistic",
    )
)
@click.argument("name", shell_complete=explainable)
@CONFIG
def command(name: str, config: Path | None) -> int:
    """Say in plain English what NAME means.

    NAME is a check (policy/check), a policy, a kind such as DriftPolicy, a rule id such as CVN201, or a statistic
    such as psi. Kinds, rules and statistics need no cvnpolicy.yaml.
    """
    text = fixed_text(name)
    if text is not None:
        write(text, None)
        return 0
    loaded = load_policies(project(config))
    if loaded.problems:
        raise InvalidInputError(loaded.problems)
    write(visible_lines(explain(name, loaded.policies)), None)
    return 0
