"""Finding and reading files that others wrote: nothing outside the root, nothing endless, nothing that hangs."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from cvnpolicy.core.errors import Problem
from cvnpolicy.core.location import Location
from cvnpolicy.core.rules import DocumentRule
from cvnpolicy.load.words import printable

LIMIT = 1024 * 1024
"""The most bytes of a file that is read."""

MOST_FILES = 10_000
"""The most files, and the most folders, that are looked at."""

SUFFIXES = frozenset({".yaml", ".yml"})

# Without O_NONBLOCK, opening a pipe waits for a writer. Windows has neither flag, nor pipes among files.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


class _RefusedError(Exception):
    """Carries a problem from where it is met to where it is collected."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def discover(paths: Sequence[Path], root: Path) -> tuple[list[Path], list[Problem]]:
    """Find the YAML files among and below paths.

    Args:
        paths: Files, taken whatever their suffix, and folders, searched for ``.yaml`` and ``.yml``. Below folders,
            files and folders whose name starts with a dot are passed over.
        root: The folder that nothing may lead out of.

    Returns:
        Real paths, sorted by their name below ``root``, each once; and a problem for each path that is missing, leads
        outside, cannot be listed, or is no ordinary file. Nothing is raised and no file is opened.
    """
    search = _Search(root)
    for path in paths:
        search.add(path)
        search.exhaust()
    return sorted(search.found, key=lambda path: display(path, root)), search.problems


def read(path: Path, root: Path) -> bytes | Problem:
    """Return the bytes of an ordinary file of at most 1 MiB inside ``root``, or what is wrong with it."""
    name = display(path, root)
    try:
        real = _resolve(path, root)
        _regular(real.stat(), name)
        return _read(real, name)
    except _RefusedError as refused:
        return refused.problem
    except OSError as error:
        return _unreadable(name, _reason(error), "make it a readable file")


def inside(path: Path, root: Path) -> Path | None:
    """Return the real path, symbolic links followed, if it is ``root`` or below it. It need not exist."""
    try:
        real, home = os.path.realpath(path), os.path.realpath(root)
    except (OSError, ValueError):
        # A NUL in the name: it leads nowhere.
        return None
    return Path(real) if _below(real, home) is not None else None


def real_name(path: Path, top: Path) -> str:
    """Return where a path leads, links followed, as a path from a folder, with forward slashes; ``.`` for itself."""
    return os.path.relpath(os.path.realpath(path), os.path.realpath(top)).replace(os.sep, "/")


def _below(path: str, folder: str) -> str | None:
    """Return the rest of an absolute path below a folder, empty for the folder itself; None outside of it."""
    if path == folder:
        return ""
    start = folder if folder.endswith(os.sep) else folder + os.sep
    return path[len(start) :] if path.startswith(start) else None


def display(path: Path, root: Path) -> str:
    """Return a path as messages show it: relative to ``root`` where it can be, with forward slashes, printable."""
    absolute = os.path.abspath(path)  # noqa: PTH100  resolve() would follow links, which have names of their own
    for home in _homes(root):
        below = _below(absolute, home)
        if below is not None:
            return printable(below.replace(os.sep, "/")) or "."
    return printable(path.as_posix())


@lru_cache(maxsize=16)
def _homes(root: Path) -> tuple[str, str]:
    """Return a folder as it is named, and as it is without links. For messages only: a link may move."""
    return os.path.abspath(root), os.path.realpath(root)  # noqa: PTH100  as above


def too_large(name: str) -> Problem:
    """Return the problem of a file over the limit."""
    return _unreadable(name, "the file is larger than 1 MiB", "split it")


class _Search:
    """Files and problems found so far, and folders still to search."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.found: set[Path] = set()
        self.problems: list[Problem] = []
        self.folders: list[Path] = []
        self.seen: set[Path] = set()

    def add(self, path: Path) -> None:
        """Take a file, remember a folder, or note the problem."""
        name = display(path, self.root)
        try:
            real = _resolve(path, self.root)
            status = real.stat()
            if stat.S_ISDIR(status.st_mode):
                self._remember(real)
            else:
                _regular(status, name)
                _as_called(path, real, name)
                self.found.add(real)
        except _RefusedError as refused:
            self.problems.append(refused.problem)
        except OSError as error:
            self.problems.append(_unreadable(name, _reason(error), "correct the path"))

    def exhaust(self) -> None:
        """Search every folder remembered."""
        while self.folders:
            folder = self.folders.pop()
            try:
                for path in _visible(folder):
                    self.add(path)
                    if self._too_many:
                        break
            except OSError as error:
                name = display(folder, self.root)
                self.problems.append(_unreadable(name, _reason(error), "make it a readable folder"))
            if self._too_many:
                what = f"more than {MOST_FILES} files or folders"
                self.problems.append(_unreadable(display(folder, self.root), what, "name fewer paths"))
                self.folders.clear()

    @property
    def _too_many(self) -> bool:
        return max(len(self.found), len(self.seen)) > MOST_FILES

    def _remember(self, folder: Path) -> None:
        if folder not in self.seen:
            self.seen.add(folder)
            self.folders.append(folder)


def _visible(folder: Path) -> Iterator[Path]:
    """The entries of a folder that can matter, sorted: folders, links and YAML files, none hidden."""
    with os.scandir(folder) as entries:
        ordered = sorted(entries, key=lambda entry: entry.name)
    for entry in ordered:
        path = Path(entry.path)
        if entry.name.startswith("."):
            continue
        if path.suffix.casefold() in SUFFIXES or entry.is_dir():
            yield path


def _resolve(path: Path, root: Path) -> Path:
    real = inside(path, root)
    if real is None:
        raise _RefusedError(_unreadable(display(path, root), "the path leads outside the repository", "keep it inside"))
    return real


def _as_called(path: Path, real: Path, name: str) -> None:
    """Refuse a name of YAML that leads to another file: who looks at what a change touches would not know it."""
    if path.suffix.casefold() in SUFFIXES and real.suffix.casefold() not in SUFFIXES:
        what = f"the link leads to '{real.name}', whose name is not that of a YAML file"
        raise _RefusedError(_unreadable(name, what, "end that name with .yaml, or put the file here"))


def _regular(status: os.stat_result, name: str) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise _RefusedError(_unreadable(name, "a folder, not a file", "name a file"))
    if not stat.S_ISREG(status.st_mode):
        raise _RefusedError(
            _unreadable(name, "not an ordinary file but a pipe, socket or device", "name an ordinary file")
        )


def _read(real: Path, name: str) -> bytes:
    descriptor = os.open(real, _FLAGS)
    with os.fdopen(descriptor, "rb") as file:
        # Again, on what was opened: it may have been exchanged since.
        _regular(os.fstat(descriptor), name)
        data = file.read(LIMIT + 1)
    if len(data) > LIMIT:
        raise _RefusedError(too_large(name))
    return data


def _reason(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "the path does not exist"
    if isinstance(error, PermissionError):
        return "no permission to read it"
    return f"it cannot be read ({error.strerror})"


def _unreadable(name: str, what: str, right: str) -> Problem:
    return Problem(DocumentRule.UNREADABLE, what, right, Location(name))
