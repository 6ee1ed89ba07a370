"""The options of the commands that judge evidence: which bindings, or what was recorded."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any

import click

from cvnpolicy.cli.inputs import Destinations
from cvnpolicy.cli.names import environments
from cvnpolicy.cli.options import Common
from cvnpolicy.cli.output import say, write
from cvnpolicy.cli.types import NewFile, OldFile
from cvnpolicy.core.errors import UsageError
from cvnpolicy.core.evidence import Evidence
from cvnpolicy.core.time import rfc3339


@dataclass(frozen=True)
class Judging:
    """What to judge on."""

    env: str | None
    save_evidence: Path | None
    recorded: Path | None
    strict: bool

    def check(self, common: Common) -> None:
        """Refuse options that contradict one another.

        Raises:
            UsageError: If they do.
        """
        if self.recorded is not None and self.save_evidence is not None:
            raise UsageError("--evidence and --save-evidence exclude one another: name one")
        if self.recorded is not None and self.env is not None:
            raise UsageError("--evidence asks no source, so --env means nothing with it: leave one out")
        one, other = self.save_evidence, common.output
        if one is not None and other is not None and os.path.realpath(one) == os.path.realpath(other):
            raise UsageError("--save-evidence and --output name the same file: name two")

    def destinations(self, common: Common, written: Sequence[tuple[str, Path]] = ()) -> Destinations:
        """Return the files that are to be written."""
        return Destinations(common.output, self.save_evidence, tuple(path for _, path in written))

    def read(self, common: Common) -> tuple[Evidence | None, datetime]:
        """Return the recorded evidence, if any is named, and the instant to judge at.

        Raises:
            UsageError: If the evidence was recorded for another instant than the one asked for.
            InvalidEvidenceError: If it cannot be read, or is not what was saved.
        """
        if self.recorded is None:
            return None, common.instant
        # What reads evidence is imported only here: validating and explaining do not pay for it.
        from cvnpolicy.sources.recorded import read_evidence

        evidence = read_evidence(self.recorded)
        if common.at not in (None, evidence.at):
            recorded = rfc3339(evidence.at)
            raise UsageError(f"{self.recorded} was recorded for {recorded}: leave --at out, or record again")
        return evidence, evidence.at

    def save(self, evidence: Evidence | None) -> None:
        """Save what was judged, if that was asked for and anything was."""
        if self.save_evidence is not None and evidence is None:
            say(f"cvnpolicy: nothing was judged, so there is no evidence to save in {self.save_evidence}")
        elif self.save_evidence is not None and evidence is not None:
            from cvnpolicy.core.evidence_json import dump

            write(dump(evidence), self.save_evidence)


_JUDGING: tuple[Callable[[Callable[..., int]], Callable[..., int]], ...] = (
    click.option(
        "--env",
        metavar="NAME",
        shell_complete=environments,
        help="Which environment of cvnpolicy.yaml: what the names are bound to.  [default: default]",
    ),
    click.option("--save-evidence", type=NewFile(), help="Save the evidence here, to judge it again later."),
    click.option("--evidence", "recorded", type=OldFile(), help="Judge saved evidence; ask no source."),
    click.option("--strict", is_flag=True, help="A warning fails the run."),
)


def judging(function: Callable[..., int]) -> Callable[..., int]:
    """Add the options of :class:`Judging` to a command and hand it their values as ``judging``."""

    @wraps(function)
    def wrapper(**given: Any) -> int:  # noqa: ANN401  click hands over whatever the options are
        own = {field.name: given.pop(field.name) for field in fields(Judging)}
        return function(**given, judging=Judging(**own))

    wrapped: Callable[..., int] = wrapper
    for option in reversed(_JUDGING):
        wrapped = option(wrapped)
    return wrapped
