"""``cvnpolicy readiness render``."""

from __future__ import annotations

from pathlib import Path

import click

from cvnpolicy.app.readiness_render import render_story
from cvnpolicy.cli.help import epilog
from cvnpolicy.cli.inputs import Destinations
from cvnpolicy.cli.options import CONFIG, OUTPUT, project
from cvnpolicy.cli.output import write
from cvnpolicy.core.errors import ExitCode, InvalidInputError
from cvnpolicy.load.policies import load_policies


@click.command(
    name="render",
    epilog=epilog(
        "cvnpolicy readiness render CVN-N001-EE-S04",
        "cvnpolicy readiness render CVN-N001-EE-S04 --output mlops_readiness.md",
        exits=(ExitCode.OK, ExitCode.USAGE, ExitCode.INVALID),
        read="docs/how-to/readiness.md says which facts a story needs",
    ),
)
@click.argument("story")
@CONFIG
@OUTPUT
def command(story: str, config: Path | None, output: Path | None) -> int:
    """Write the readiness file of a story.

    STORY is the `metadata.story` of its policies. Metrics, alerts and drift come from the policies; the rest from
    `stories:` of the ReadinessPolicy. What nobody has written is a placeholder, at which the file fails.
    """
    loaded = load_policies(project(config, Destinations(output)))
    if loaded.problems:
        raise InvalidInputError(loaded.problems)
    write(render_story(story, loaded.policies), output)
    return 0
