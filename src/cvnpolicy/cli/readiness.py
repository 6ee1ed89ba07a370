"""``cvnpolicy readiness``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from cvnpolicy.cli.help import epilog
from cvnpolicy.cli.inputs import Destinations
from cvnpolicy.cli.options import Common, common, project
from cvnpolicy.cli.types import Existing
from cvnpolicy.core.errors import ExitCode, InvalidInputError
from cvnpolicy.load.policies import load_policies


class _Readiness(click.Command):
    """The command, and in front of a story ``render``, which is one of its own."""

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,  # noqa: ANN401  click's signature
    ) -> click.Context:
        """Hand over to ``render`` where that is the first word."""
        if args[:1] == ["render"]:
            from cvnpolicy.cli.readiness_render import command as render  # only where something is written

            context: click.Context = render.make_context(f"{info_name} render", args[1:], parent, **extra)
            return context
        return super().make_context(info_name, args, parent, **extra)


@click.command(
    cls=_Readiness,
    epilog=epilog(
        "cvnpolicy readiness",
        "cvnpolicy readiness --format markdown",
        "cvnpolicy readiness render CVN-N001-EE-S04",
        exits=(code for code in ExitCode if code is not ExitCode.INTERNAL),
        read="docs/how-to/readiness.md says how to adopt it",
    ),
)
@click.argument("paths", nargs=-1, type=Existing())
@common
def command(paths: tuple[Path, ...], common: Common) -> int:
    """Judge readiness files and runbooks.

    What they must contain is in the policies of kind ReadinessPolicy; what they say in figures is compared with all
    other policies. PATHS are files and folders; without any, every file that the policies mean is judged.

    `readiness render STORY` writes a readiness file from the policies instead.
    """
    from cvnpolicy.app.readiness import judge_files  # the Markdown is read only here

    setting = project(common.config, Destinations(common.output))
    loaded = load_policies(setting)
    if loaded.problems:
        raise InvalidInputError(loaded.problems)
    report = judge_files(setting, loaded.policies, common.instant, paths)
    common.show(report)
    return report.exit_code
