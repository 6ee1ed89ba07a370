"""Globs below a folder, in work that is bounded by what lies there.

The standard library's ``**`` follows symbolic links, so two that lead back multiply with every level, and tries several
``**`` in every combination. Here each folder is looked at once for each part of the pattern.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from fnmatch import translate
from pathlib import PurePosixPath

from cvnpolicy.sources.refused import Refused

MOST_ENTRIES = 1_000_000
"""The most files and folders that one glob looks at."""

_MAGIC = re.compile(r"[*?[]")
_STARS = re.compile(r"\*{2,}")


def has_magic(pattern: str) -> bool:
    """Whether a path is a pattern."""
    return _MAGIC.search(pattern) is not None


def walk(pattern: str, root: str, *, most: int = MOST_ENTRIES) -> Iterator[str]:
    """Yield what a pattern matches, relative to ``root``, in no order; files and folders.

    ``*``, ``?`` and ``[…]`` match within one name, ``**`` any number of folders. None matches a leading dot. ``**``
    enters the folder that a symbolic link leads to only if no other way leads there.

    Args:
        pattern: Relative, with forward slashes.
        root: An absolute path without symbolic links.
        most: How many entries are looked at.

    Raises:
        Refused: There are more, or ``**`` meets a link that leads out of the root.
    """
    return _Walk(pattern, root, most).run()


class _Walk:
    """One glob. Folders still to be looked at wait with the part of the pattern that their entries have to match."""

    def __init__(self, pattern: str, root: str, most: int) -> None:
        self._pattern, self._root, self._most = pattern, root, most
        parts = PurePosixPath(pattern).parts
        # Two in a row say what one does; so do two stars in a name, which a regular expression would try in turns.
        self._parts = [
            part if part == "**" else _STARS.sub("*", part)
            for part, before in zip(parts, ("", *parts), strict=False)
            if part != "**" or before != "**"
        ]
        self._names = [re.compile(translate(part)) for part in self._parts]
        self._waiting: list[tuple[str, int]] = [("", 0)]
        self._links: list[tuple[str, int]] = []
        self._met: set[tuple[str, int]] = set()
        self._entered: set[tuple[int, int, int]] = set()
        self._looked = 0

    def run(self) -> Iterator[str]:
        while self._waiting or self._links:
            # Links last: then a folder has its own name, and not that of a link to it.
            folder, index = self._waiting.pop() if self._waiting else self._links.pop(0)
            if (folder, index) in self._met:
                continue
            self._met.add((folder, index))
            yield from self._look(folder, index)

    def _look(self, folder: str, index: int) -> Iterator[str]:
        part = self._parts[index]
        if part == "**":
            yield from self._everywhere(folder, index)
        elif has_magic(part):
            for name in self._entries(folder):
                if self._names[index].match(name):
                    yield from self._matched(self._below(folder, name), index)
        elif os.path.lexists(os.path.join(self._root, folder, part)):  # noqa: PTH118  names as the system has them
            yield from self._matched(self._below(folder, part), index)

    def _everywhere(self, folder: str, index: int) -> Iterator[str]:
        """Go on with the next part here, and with this one in every folder below."""
        if not self._enter(folder, index):
            return
        last = index + 1 == len(self._parts)
        if not last:
            self._waiting.append((folder, index + 1))
        for name in self._entries(folder):
            path = self._below(folder, name)
            if last:
                yield path
            self._go_on(path, index)

    def _enter(self, folder: str, index: int) -> bool:
        """Whether ``**`` comes here for the first time."""
        path = os.path.join(self._root, folder)  # noqa: PTH118  as above
        try:
            state = os.stat(path)  # noqa: PTH116  as above
        except OSError as error:
            raise _unlisted(folder, error) from error
        key = (state.st_dev, state.st_ino, index)
        if key in self._entered:
            return False
        self._entered.add(key)
        real = os.path.realpath(path)
        if real != self._root and not real.startswith(self._root.rstrip(os.sep) + os.sep):
            reason = f"'{folder[:80]}' leads out of the data root through a symbolic link"
            raise Refused(reason, "copy the data below data_root, or write a path without **")
        return True

    def _matched(self, name: str, index: int) -> Iterator[str]:
        if index + 1 == len(self._parts):
            yield name
        else:
            self._go_on(name, index + 1)

    def _go_on(self, name: str, index: int) -> None:
        """Look at it later, if it is a folder."""
        path = os.path.join(self._root, name)  # noqa: PTH118  as above
        if os.path.isdir(path):  # noqa: PTH112  as above
            (self._links if os.path.islink(path) else self._waiting).append((name, index))  # noqa: PTH114  as above

    def _entries(self, folder: str) -> Iterator[str]:
        """Yield the names in a folder that do not start with a dot, sorted.

        Raises:
            Refused: It cannot be listed: what it holds may be some of the rows.
        """
        names: list[str] = []
        try:
            with os.scandir(os.path.join(self._root, folder)) as entries:  # noqa: PTH118  as above
                for entry in entries:
                    self._looked += 1
                    if self._looked > self._most:
                        reason = f"'{self._pattern[:80]}' looks at more than {self._most:,} files and folders"
                        raise Refused(reason, "write a narrower path")
                    if not entry.name.startswith("."):
                        names.append(entry.name)
        except OSError as error:
            raise _unlisted(folder, error) from error
        yield from sorted(names)

    @staticmethod
    def _below(folder: str, name: str) -> str:
        return f"{folder}/{name}" if folder else name


def _unlisted(folder: str, error: OSError) -> Refused:
    return Refused(f"the folder '{folder[:80]}' cannot be listed: {error.strerror}", "mend its permissions")
