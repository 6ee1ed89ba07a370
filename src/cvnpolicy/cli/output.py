"""Writing: to standard output, to standard error, and to files that are whole or not there."""

from __future__ import annotations

import os
import stat
import sys
from contextlib import suppress
from pathlib import Path

import click

from cvnpolicy.core.errors import UsageError
from cvnpolicy.core.visible import visible_lines


def say(text: str) -> None:
    """Write lines for a person to standard error. A verdict does not depend on whether anybody can read them."""
    with suppress(OSError):
        click.echo(visible_lines(text), err=True)


def write(text: str, output: Path | None) -> None:
    """Write text to a file, or to standard output, as UTF-8.

    A file is written beside its place and then moved there: whoever looks sees the old text or the new, never half.

    Raises:
        UsageError: If it cannot be written.
    """
    if output is None:
        _to_stdout(text)
        return
    check_destination(output)
    try:
        _replace(output, text.encode("utf-8"))
    except OSError as error:
        raise refused(output, error.strerror or str(error)) from None


def check_destination(path: Path) -> None:
    """Refuse what must not or cannot be written to: the folder is there, and no link, folder or pipe has the name.

    Raises:
        UsageError: With the reason.
    """
    try:
        mode = path.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        if not os.path.isdir(path.parent):  # noqa: PTH112  Path's own raises where a folder may not be entered
            raise refused(path, f"there is no folder '{path.parent}': make it first") from None
        return
    except OSError as error:
        raise refused(path, error.strerror or str(error)) from None
    if stat.S_ISLNK(mode):
        raise refused(path, "it is a link: name the file that it leads to, or leave the option out")
    if stat.S_ISDIR(mode):
        raise refused(path, "it is a folder: name a file in it")
    if not stat.S_ISREG(mode):
        raise refused(path, "it is not an ordinary file but a pipe, socket or device: name an ordinary file")


def refused(path: Path, why: str) -> UsageError:
    """Return the error that says why a file is not written."""
    return UsageError(f"{path} cannot be written: {why}")


def _replace(path: Path, data: bytes) -> None:
    beside = path.parent / f".cvnpolicy-{os.urandom(8).hex()}.tmp"
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            if path.exists():
                beside.chmod(stat.S_IMODE(path.stat().st_mode))
        beside.replace(path)
    finally:
        # Gone by now, unless something went wrong.
        beside.unlink(missing_ok=True)


def _to_stdout(text: str) -> None:
    try:
        click.echo(text.encode("utf-8"), nl=False)
    except BrokenPipeError:
        # The reader (head, less) has gone. The verdict still stands, and the exit code still tells it.
        discard_stdout()
    except OSError as error:
        discard_stdout()
        raise UsageError(f"standard output cannot be written: {error.strerror or error}") from None


def discard_stdout() -> None:
    """Let what is left in the buffer go nowhere when the interpreter ends, instead of failing again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
