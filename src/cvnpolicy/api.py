"""The Python API, for notebooks and pipeline tasks: load policies, judge them on files or DataFrames, get the report.

Example:
    >>> import pandas as pd
    >>> from cvnpolicy import api
    >>> policies = api.load("cvnpolicy.yaml")  # doctest: +SKIP
    >>> report = api.evaluate(policies, at="2026-06-11T00:00:00Z", frames={"inference": frame})  # doctest: +SKIP
    >>> report.verdict, [finding.id for finding in report.findings if finding.outcome == "fail"]  # doctest: +SKIP

The names below are all there is to rely on; other modules may change at any time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cvnpolicy.core.errors import CvnpolicyError, ExitCode, InvalidInputError, MissingExtraError, Problem, UsageError
from cvnpolicy.core.finding import (
    Finding,
    GroupReading,
    Level,
    Mode,
    Outcome,
    Report,
    Severity,
    Verdict,
)
from cvnpolicy.core.kind import PolicySet
from cvnpolicy.core.location import Location
from cvnpolicy.core.time import parse_instant
from cvnpolicy.load.policies import load_policies
from cvnpolicy.load.project import Project, find
from cvnpolicy.load.project import load as load_project
from cvnpolicy.report import render

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "CvnpolicyError",
    "ExitCode",
    "Finding",
    "GroupReading",
    "InvalidInputError",
    "Level",
    "Location",
    "MissingExtraError",
    "Mode",
    "Outcome",
    "Policies",
    "Problem",
    "Report",
    "Severity",
    "UsageError",
    "Verdict",
    "evaluate",
    "load",
    "render",
]


@dataclass(frozen=True)
class Policies:
    """A validated set of policies and the configuration it was loaded with."""

    project: Project
    policies: PolicySet
    named: PolicySet
    """Those that were named when loading; the whole set where none were."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the documents to judge, in the order of the files."""
        return tuple(policy.name for _, policy in self.named.policies)


def load(path: str | Path | None = None, *, paths: Sequence[str | Path] = ()) -> Policies:
    """Load and validate policies.

    Args:
        path: The configuration file, or a folder from which it is looked for upward. Default: the working directory.
        paths: Files and folders of policies, instead of the folder that the configuration names.

    Raises:
        UsageError: If there is no configuration.
        InvalidInputError: With every problem of every file.
    """
    start = Path(path) if path is not None else Path.cwd()
    project = load_project(find(start) if start.is_dir() else start)
    loaded = load_policies(project, [Path(item) for item in paths])
    if loaded.problems:
        raise InvalidInputError(loaded.problems)
    return Policies(project, loaded.policies, loaded.named)


def evaluate(
    policies: Policies,
    *,
    at: datetime | str,
    frames: Mapping[str, pd.DataFrame] | None = None,
    environment: str = "default",
    only: Sequence[str] = (),
    strict: bool = False,
) -> Report:
    """Judge policies at an instant and return the report. Nothing is printed and the process does not exit.

    Args:
        policies: What :func:`load` returned.
        at: The instant, timezone-aware: a datetime, or text such as ``2026-06-11T00:00:00Z``.
        frames: DataFrames by dataset name. A name here is used instead of its binding; its time column is the one the
            binding names, ``ts`` without a binding, and must be timezone-aware. An event log is a frame with a column
            ``event``.
        environment: Which bindings of the configuration to use for the other datasets.
        only: Addresses of the checks to report (``policy``, ``policy/check``); all without.
        strict: Whether a warning fails the run.

    Returns:
        Sorted findings, the verdict, and the exit code that a gate would have.

    Raises:
        UsageError: If the instant is naive, or an address or environment does not exist.
        MissingExtraError: If rows are asked for and the ``tables`` extra is not installed.
    """
    _check_arguments(policies, frames, only)
    from cvnpolicy.app.evaluate import evaluate as run  # what reads evidence is imported by those who evaluate

    result = run(
        policies.project,
        policies.policies,
        at=_instant(at),
        environment=environment,
        among=policies.named,
        only=only,
        frames=frames,
        strict=strict,
    )
    return result.report


def _check_arguments(policies: object, frames: object, only: object) -> None:
    """Refuse what a notebook easily gets wrong, in words instead of an error from deep inside."""
    if not isinstance(policies, Policies):
        raise UsageError(f"policies: {type(policies).__name__} is no loaded set: write evaluate(load(…), …)")
    if isinstance(only, str):
        raise UsageError(f"only: '{only}' is one text: write only=['{only}']")
    if frames is None:
        return
    if not isinstance(frames, Mapping):
        raise UsageError("frames: write a mapping of dataset names to DataFrames")
    for name, frame in frames.items():
        if type(frame).__name__ != "DataFrame":
            raise UsageError(f"frames: '{name}' is {type(frame).__name__}: give a pandas DataFrame")


def _instant(at: datetime | str) -> datetime:
    try:
        return parse_instant(at)
    except ValueError as error:
        raise UsageError(f"at: {error}: write a timezone-aware instant, for example 2026-06-11T00:00:00Z") from None
