"""``cvnpolicy lint``."""

from __future__ import annotations

from pathlib import Path

import click

from cvnpolicy.cli.help import epilog
from cvnpolicy.cli.inputs import Destinations
from cvnpolicy.cli.options import Common, common, project
from cvnpolicy.cli.types import Existing
from cvnpolicy.core.errors import ExitCode, InvalidInputError
from cvnpolicy.load.policies import load_policies


@click.command(
    epilog=epilog(
        "cvnpolicy lint",
        "cvnpolicy lint examples/cvntrade/src --format github",
        exits=(code for code in ExitCode if code is not ExitCode.INTERNAL),
        read="cvnpolicy explain CVN501 says what a rule sees; docs/how-to/lint.md how to adopt it",
    )
)
@click.argument("paths", nargs=-1, type=Existing())
@common
def command(paths: tuple[Path, ...], common: Common) -> int:
    """Find hyperparameter values in Python code: gate G5.

    What is looked for, and where, is in the policies of kind HyperparameterPolicy. PATHS are files and folders; only
    what a policy has in its scopes is linted of them. Nothing of the code is executed or imported.

    A file that cannot be read or parsed is an error at its line, never a pass.
    """
    from cvnpolicy.app.lint import lint_policies  # the syntax trees are imported only here

    setting = project(common.config, Destinations(common.output))
    loaded = load_policies(setting)
    if loaded.problems:
        raise InvalidInputError(loaded.problems)
    report = lint_policies(setting, loaded.policies, common.instant, paths)
    common.show(report)
    return report.exit_code
