"""The types of options: what a value must be, and what can be completed."""

from __future__ import annotations

import stat
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cvnpolicy.cli.output import check_destination
from cvnpolicy.core.errors import UsageError
from cvnpolicy.core.time import parse_instant
from cvnpolicy.core.visible import visible
from cvnpolicy.report import FORMATS, check_format

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    InstantBase = click.ParamType[datetime]
    FormatBase = click.ParamType[str]
    PathBase = click.ParamType[Path]
    WrittenBase = click.ParamType[tuple[str, Path]]
else:  # generic only since click 8.4
    InstantBase = FormatBase = PathBase = WrittenBase = click.ParamType


class Instant(InstantBase):
    """An instant with a time zone."""

    name = "instant"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read it; a naive one is refused."""
        try:
            # A byte that is no text comes as half a character, which no error can hold.
            return parse_instant(visible(value) if isinstance(value, str) else value)
        except ValueError as error:
            context = getattr(error, "context", {}) or {}
            self.fail(f"{error}: {context.get('right', '')}", param, ctx)


class Format(FormatBase):
    """The name of an output format."""

    name = "format"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Refuse an unknown one: there is no fallback."""
        try:
            check_format(str(value))
        except UsageError as error:
            self.fail(str(error), param, ctx)
        return str(value)

    def shell_complete(
        self,
        ctx: click.Context,  # noqa: ARG002  click's signature
        param: click.Parameter,  # noqa: ARG002  click's signature
        incomplete: str,
    ) -> list[CompletionItem]:
        """Return the formats that begin so."""
        from click.shell_completion import CompletionItem  # only for a shell that completes

        return [CompletionItem(name) for name in FORMATS if name.startswith(incomplete)]


class Written(WrittenBase):
    """A format and the file that it is written to: ``sarif=report.sarif``."""

    name = "format=file"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, Path]:
        """Refuse what is not both, an unknown format, and a file that cannot be written."""
        if isinstance(value, tuple):
            return value
        format, mark, file = str(value).partition("=")
        if not mark:
            self.fail(f"'{visible(str(value))}' names no file: write for example markdown=comment.md", param, ctx)
        return Format().convert(format, param, ctx), NewFile().convert(file, param, ctx)


class _File(PathBase):
    """A path that the shell completes. An empty one is most often a variable that is not set: it does not mean here."""

    name = "file"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Refuse an empty name."""
        if not str(value):
            self.fail(f"it is empty: name a {self.name}, or leave it out", param, ctx)
        return Path(str(value))

    def shell_complete(
        self,
        ctx: click.Context,  # noqa: ARG002  click's signature
        param: click.Parameter,  # noqa: ARG002  click's signature
        incomplete: str,
    ) -> list[CompletionItem]:
        """Leave it to the shell, which knows its files."""
        from click.shell_completion import CompletionItem  # as above

        return [CompletionItem(incomplete, type="file")]

    def _there(self, path: Path, param: click.Parameter | None, ctx: click.Context | None) -> None:
        """Refuse a name that nothing has, or only a link to nothing."""
        try:
            path.stat()
        except (FileNotFoundError, NotADirectoryError):
            self.fail(f"{path} is not there: name a {self.name} that exists", param, ctx)
        except (OSError, ValueError):
            return  # It may be there: whoever reads it says why it cannot.


class Named(_File):
    """A file or folder, which need not exist."""


class Folder(_File):
    """A folder, which need not exist."""

    name = "folder"


class Existing(_File):
    """A file or folder that is there."""

    name = "file or folder"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Refuse what is not there."""
        path = super().convert(value, param, ctx)
        self._there(path, param, ctx)
        return path


class NewFile(_File):
    """A file to write. What cannot be written is refused before any work is done."""

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Refuse a folder, a link, a pipe, and a folder that is not there."""
        path = super().convert(value, param, ctx)
        check_destination(path)
        return path


class OldFile(_File):
    """A file to read. Opening a pipe could wait for ever, so only what is missing or ordinary passes."""

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Refuse what is not there, a folder, a pipe and a device; whoever reads it says what else is wrong."""
        path = super().convert(value, param, ctx)
        self._there(path, param, ctx)
        try:
            mode = path.stat().st_mode
        except OSError:
            return path
        if stat.S_ISDIR(mode):
            self.fail(f"{path} is a folder: name a file", param, ctx)
        if not stat.S_ISREG(mode):
            self.fail(f"{path} is not an ordinary file but a pipe, socket or device: name an ordinary file", param, ctx)
        return path
