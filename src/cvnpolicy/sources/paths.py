"""The files of a binding: found below the data root, and nowhere else."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath

from cvnpolicy.sources.globs import has_magic, walk
from cvnpolicy.sources.refused import Refused

MOST_FILES = 10_000
"""A binding that matches more is taken for a mistake."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A regular file below the data root, and what it looked like when it was found."""

    path: Path
    """Absolute, without symbolic links."""
    label: str
    """Relative to the data root, with forward slashes: what messages show."""
    state: tuple[int, ...]
    """Device, inode, size, and the times of the last change in nanoseconds."""

    def changed(self) -> bool:
        """Whether the file is no longer what it was when it was found."""
        try:
            return _state(self.path.stat()) != self.state
        except OSError:
            return True


def expand(pattern: str, root: Path, *, most: int = MOST_FILES) -> tuple[FoundFile, ...]:
    """Return the files that a path or glob below the data root names, sorted by label.

    ``*`` and ``?`` match within one folder, ``**`` across folders; neither matches a leading dot. A glob skips folders.

    Args:
        pattern: Relative, with forward slashes.
        root: The data root.
        most: How many files a binding may match.

    Raises:
        Refused: The pattern leaves the root, nothing matches, or a match is no regular file, leads out of the root
            through a symbolic link, or is the same file as another match.
    """
    _check_pattern(pattern)
    try:
        real_root = root.resolve(strict=True)
    except (OSError, RuntimeError):
        raise Refused("the data root does not exist", "see data_root in cvnpolicy.yaml") from None
    found: dict[str, FoundFile] = {}
    for label in _matches(pattern, real_root):
        file = _found(label, pattern, real_root)
        if file is not None:
            found[label] = file
        if len(found) > most:
            raise Refused(f"'{pattern}' matches more than {most} files", "write a narrower path")
    if not found:
        raise Refused(f"no file matches '{pattern}' below the data root", "see path and data_root in cvnpolicy.yaml")
    files = tuple(found[label] for label in sorted(found))
    _check_distinct(files)
    return files


def _check_pattern(pattern: str) -> None:
    """Refuse what could name a place outside of the root, before anything is looked up."""
    parts = PurePosixPath(pattern).parts
    if not pattern or "\0" in pattern or "\\" in pattern:
        raise Refused(f"{pattern[:80]!r} is not a path below the data root", "write it with forward slashes")
    if pattern.startswith("/") or PureWindowsPath(pattern).drive:
        raise Refused(f"'{pattern[:80]}' is absolute", "write a path below data_root")
    if ".." in parts:
        raise Refused(f"'{pattern[:80]}' leaves the data root with '..'", "write a path below data_root")


def _matches(pattern: str, root: Path) -> Iterator[str]:
    """Yield relative names. A file that is called exactly like the pattern wins over what the pattern could match."""
    # Unlike Path's own, this takes a name that is too long for one that is not there.
    if os.path.lexists(root / pattern) or not has_magic(pattern):
        yield PurePosixPath(pattern).as_posix()
        return
    yield from walk(pattern, os.fspath(root))


def _found(label: str, pattern: str, root: Path) -> FoundFile | None:
    """Return one match as a file; None for what a glob skips, and for a plain path that is not there."""
    try:
        real = (root / label).resolve(strict=True)
        state = real.stat()
    except FileNotFoundError:
        if (root / label).is_symlink():
            raise Refused(f"'{label}' is a symbolic link to nothing", "remove it or mend its target") from None
        return None
    except (OSError, RuntimeError) as error:
        raise Refused(f"'{label}' cannot be looked up: {_why(error)}") from None
    if not real.is_relative_to(root):
        reason = f"'{label}' leads out of the data root through a symbolic link"
        raise Refused(reason, "copy the data below data_root")
    if stat.S_ISDIR(state.st_mode):
        if label != PurePosixPath(pattern).as_posix():
            return None
        raise Refused(f"'{label}' is a folder", f"name its files, for example {label}/*")
    if not stat.S_ISREG(state.st_mode):
        raise Refused(f"'{label}' is not a regular file", "pipes, sockets and devices are not read")
    return FoundFile(real, label, _state(state))


def _check_distinct(files: Sequence[FoundFile]) -> None:
    """Refuse a file under two names: its rows would count twice."""
    seen: dict[tuple[int, ...], str] = {}
    for file in files:
        other = seen.setdefault(file.state[:2], file.label)
        if other != file.label:
            reason = f"'{other}' and '{file.label}' are the same file"
            raise Refused(reason, "its rows would count twice: remove a link")


def _state(state: object) -> tuple[int, ...]:
    names = ("st_dev", "st_ino", "st_size", "st_mtime_ns", "st_ctime_ns")
    return tuple(int(getattr(state, name)) for name in names)


def _why(error: Exception) -> str:
    """Return the cause without the machine's absolute path."""
    return str(getattr(error, "strerror", None) or "the path has a loop")
