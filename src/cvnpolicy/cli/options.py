"""Options that several commands share, and writing their output."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Any

import click

from cvnpolicy.core.errors import UsageError
from cvnpolicy.core.finding import Report
from cvnpolicy.core.time import parse_instant
from cvnpolicy.load.project import Project, find, load
from cvnpolicy.report import check_format, render


class Instant(click.ParamType[datetime]):
    """An instant with a time zone."""

    name = "instant"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read it; a naive one is refused."""
        try:
            return parse_instant(value)
        except ValueError as error:
            context = getattr(error, "context", {}) or {}
            self.fail(f"{error}: {context.get('right', '')}", param, ctx)


class Format(click.ParamType[str]):
    """The name of an output format."""

    name = "format"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Refuse an unknown one: there is no fallback."""
        try:
            check_format(str(value))
        except UsageError as error:
            self.fail(str(error), param, ctx)
        return str(value)


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

    def show(self, report: Report) -> None:
        """Write a report in the format asked for, to the place asked for."""
        terminal = self.output is None and sys.stdout.isatty()
        colour = terminal and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
        width = 80 if self.output is not None else max(40, shutil.get_terminal_size((80, 24)).columns)
        write(render(report, self.format, colour=colour, width=width, verbose=self.verbose), self.output)


CONFIG = click.option(
    "--config", type=click.Path(path_type=Path), help="The configuration. Default: cvnpolicy.yaml, looked for upward."
)

_COMMON: tuple[Callable[[Callable[..., int]], Callable[..., int]], ...] = (
    click.option("--format", type=Format(), default="terminal", show_default=True, help="terminal or json."),
    click.option("--output", type=click.Path(path_type=Path), help="Write to this file instead of the terminal."),
    click.option("--at", type=Instant(), help="The instant to judge at, with its zone. Default: now, UTC."),
    CONFIG,
    click.option("--verbose", is_flag=True, help="Show every finding in full."),
)


def common(function: Callable[..., int]) -> Callable[..., int]:
    """Add the options of :class:`Common` to a command and hand it their values as ``common``."""

    @wraps(function)
    def wrapper(**given: Any) -> int:  # noqa: ANN401  click hands over whatever the options are
        own = {field.name: given.pop(field.name) for field in fields(Common)}
        return function(**given, common=Common(**own))

    wrapped: Callable[..., int] = wrapper
    for option in reversed(_COMMON):
        wrapped = option(wrapped)
    return wrapped


def project(config: Path | None) -> Project:
    """Load the named configuration, or the nearest one above the working directory."""
    return load(config if config is not None else find(Path.cwd()))


def write(text: str, output: Path | None) -> None:
    """Write text to a file, or to standard output, as UTF-8.

    Raises:
        UsageError: If the file cannot be written.
    """
    if output is None:
        try:
            click.echo(text.encode("utf-8"), nl=False)
        except BrokenPipeError:
            # The reader (head, less) has gone. The verdict still stands, and the exit code still tells it.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{output} cannot be written: {error.strerror or error}") from None
