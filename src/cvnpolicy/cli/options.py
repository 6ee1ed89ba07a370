"""Options that several commands share."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Any

import click

from cvnpolicy.app.validate import report_of
from cvnpolicy.cli.inputs import NOTHING, Destinations
from cvnpolicy.cli.output import say, write
from cvnpolicy.cli.types import Format, Instant, Named, NewFile
from cvnpolicy.core.errors import InvalidInputError, UsageError
from cvnpolicy.core.finding import Report
from cvnpolicy.load.project import Project, below_git, find, load
from cvnpolicy.report import FORMATS, PLACED, render


@dataclass(frozen=True)
class Common:
    """The values of the options that every judging command has."""

    format: str
    output: Path | None
    at: datetime | None
    config: Path | None
    verbose: bool

    @property
    def instant(self) -> datetime:
        """The instant asked for, or now. This is the only place that reads the clock."""
        return self.at if self.at is not None else datetime.now(tz=UTC).replace(microsecond=0)

    def show(self, report: Report, before: str = "") -> None:
        """Write a report in the format asked for, to the place asked for.

        Args:
            report: What to show.
            before: Lines to stand above the page; data formats have no room for them.
        """
        terminal = self.output is None and sys.stdout is not None and sys.stdout.isatty()
        colour = terminal and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
        width = 80 if self.output is not None else max(40, shutil.get_terminal_size((80, 24)).columns)
        text = self._text(report, self.format, colour=colour, width=width)
        write(before + text if self.format == "terminal" else text, self.output)
        if self.output is not None:
            from cvnpolicy.report.verdict import why  # most reports go to the terminal, and say it themselves

            self.told(f"{report.verdict.value.upper()}, exit code {report.exit_code.value}: {why(report)}")

    def also(self, report: Report, format: str, path: Path) -> None:
        """Write a report to one more file, in a format of its own."""
        write(self._text(report, format), path)

    def _text(self, report: Report, format: str, *, colour: bool = False, width: int = 80) -> str:
        root = below_git(configuration(self.config).resolve().parent) if format in PLACED else ""
        return render(report, format, colour=colour, width=width, verbose=self.verbose, root=root)

    def told(self, verdict: str) -> None:
        """Where the page went to a file, say in one line on standard error how it ended and where it is."""
        if self.output is not None:
            say(f"cvnpolicy: {verdict} ({self.output})")


CONFIG = click.option(
    "--config",
    type=Named(),
    help="The configuration. Default: cvnpolicy.yaml here or in the nearest folder above.",
)
OUTPUT = click.option("--output", type=NewFile(), help="Write to this file instead of the terminal.")

_COMMON: tuple[Callable[[Callable[..., int]], Callable[..., int]], ...] = (
    click.option(
        "--format",
        type=Format(),
        default="terminal",
        show_default=True,
        help=f"How to write the report: {', '.join(FORMATS)}.",
    ),
    click.option(
        "--output",
        type=NewFile(),
        help="Write the report to this file. The terminal then shows one line, on standard error.",
    ),
    click.option(
        "--at", type=Instant(), help="The instant to judge at, with its zone: 2026-06-11T00:00:00Z. Default: now."
    ),
    CONFIG,
    click.option("--verbose", is_flag=True, help="Show every finding in full."),
)


def common(function: Callable[..., int]) -> Callable[..., int]:
    """Add the options of :class:`Common` to a command and hand it their values as ``common``.

    Files that are invalid become a report in every format but the page, where they are lines on standard error.
    """

    @wraps(function)
    def wrapper(**given: Any) -> int:  # noqa: ANN401  click hands over whatever the options are
        values = Common(**{field.name: given.pop(field.name) for field in fields(Common)})
        try:
            return function(**given, common=values)
        except InvalidInputError as error:
            if values.format == "terminal":
                raise
            report = report_of(error.problems, values.instant)
            values.show(report)
            return report.exit_code

    wrapped: Callable[..., int] = wrapper
    for option in reversed(_COMMON):
        wrapped = option(wrapped)
    return wrapped


def configuration(named: Path | None) -> Path:
    """Return the configuration file that is named, or the nearest one above the working directory.

    Raises:
        UsageError: If there is none.
    """
    if named is not None:
        return named
    try:
        return find(Path.cwd())
    except FileNotFoundError:
        raise UsageError("the working directory is not there any more: change to one that is") from None


def project(
    config: Path | None,
    destinations: Destinations = NOTHING,
    paths: Sequence[Path] = (),
    recorded: Path | None = None,
) -> Project:
    """Load the named configuration, or the nearest one above the working directory.

    Args:
        config: The file that was named.
        destinations: What the command is about to write.
        paths: The policies that were named.
        recorded: The evidence that was named.

    Raises:
        UsageError: If there is no configuration, or the command would write over what it reads.
        InvalidInputError: With every problem of the configuration.
    """
    file = configuration(config)
    destinations.spare_named(file, paths, recorded)
    try:
        loaded = load(file)
    except InvalidInputError:
        destinations.spare_unread(file)
        raise
    destinations.spare(loaded, paths)
    return loaded
