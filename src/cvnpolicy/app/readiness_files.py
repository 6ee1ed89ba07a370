"""Which files are readiness files and runbooks, and reading them."""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from cvnpolicy.core.errors import InvalidInputError, Problem
from cvnpolicy.core.rules import DocumentRule
from cvnpolicy.kinds.readiness.model import ReadinessPolicySpec
from cvnpolicy.load.files import display, inside, read
from cvnpolicy.load.project import Project
from cvnpolicy.markdown.blocks import page
from cvnpolicy.markdown.page import Page

MOST_FILES = 10_000
"""The most names that are looked at below a folder of patterns."""


@dataclass(frozen=True)
class Read:
    """A file, or what is wrong with it."""

    path: Path
    name: str
    """As messages show it: from the folder of the configuration where it lies there."""
    page: Page | None
    problem: Problem | None = None


class Library:
    """The Markdown files of a repository, each read once; and of other folders, where files of them are named."""

    def __init__(self, project: Project) -> None:
        """Read below this project, and only what is asked for."""
        self.project = project
        self.root = project.repository.resolve()
        self._read: dict[Path, Read] = {}

    def matching(self, patterns: Iterable[str]) -> list[Path]:
        """Return the files of the repository that one of the patterns means, sorted."""
        found = {path for pattern in patterns for path in self._matches(self.root, PurePosixPath(pattern).parts)}
        return sorted(path for path in found if inside(path, self.root) is not None)

    def _matches(self, folder: Path, parts: tuple[str, ...]) -> Iterator[Path]:
        if not parts:
            return
        if inside(folder, self.root) is None:
            return
        names = sorted(fnmatch.filter(_names(folder), parts[0])) if "*" in parts[0] else [parts[0]]
        for name in names:
            path = folder / name
            if len(parts) > 1:
                yield from self._matches(path, parts[1:])
            elif os.path.isfile(path):  # noqa: PTH113  is_file raises where a folder may not be entered
                yield path

    def means(self, patterns: Iterable[str], path: Path) -> bool:
        """Return whether a file is one that the patterns mean."""
        name = self.place(path)
        if name is None:
            return False
        return any(matches(name, PurePosixPath(pattern).parts) for pattern in patterns)

    def place(self, path: Path) -> str | None:
        """Return a file's path from the top of the repository; None outside of it."""
        real = inside(path, self.root)
        return None if real is None else real.relative_to(self.root).as_posix()

    def read(self, path: Path) -> Read:
        """Return a file. One that was named on the command line may lie anywhere; links are not followed out of it."""
        real = Path(os.path.realpath(path))
        if real not in self._read:
            self._read[real] = self._fresh(path)
        return self._read[real]

    def _fresh(self, path: Path) -> Read:
        name = display(path, self.project.root)
        within = self.project.root if inside(path, self.project.root) is not None else path.parent
        data = read(path, within)
        if isinstance(data, Problem):
            return Read(path, name, None, data)
        try:
            return Read(path, name, page(data.decode("utf-8"), name))
        except UnicodeDecodeError as error:
            what = f"the file is not UTF-8 at byte {error.start}"
            return Read(path, name, None, Problem(DocumentRule.UNREADABLE, what, "save it as UTF-8"))
        except InvalidInputError as error:
            return Read(path, name, None, error.problems[0])

    def runbook(self, named: str, beside: Path, patterns: Iterable[str] = ()) -> Path | None:
        """Return the file that a readiness file means by the path of a runbook: in the repository, or beside it.

        A bare name means the runbook of that name among the files of the patterns.
        """
        home = self.root if self.place(beside) is not None else beside.parent
        for folder in (self.root if home == self.root else None, beside.parent):
            if folder is None:
                continue
            path = folder / named
            if inside(path, home) is not None and os.path.isfile(path):  # noqa: PTH113  as above
                return path
        if "/" not in named and home == self.root:
            return next((path for path in self.matching(patterns) if path.name == named), None)
        return None


def matches(name: str, pattern: Sequence[str]) -> bool:
    """Return whether a path from the top of the repository is one that the parts of a pattern mean."""
    parts = PurePosixPath(name).parts
    return len(parts) == len(pattern) and all(map(fnmatch.fnmatchcase, parts, pattern))


def _names(folder: Path) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return [entry.name for _, entry in zip(range(MOST_FILES), entries, strict=False)]
    except OSError:
        return []


def is_readiness(text: Page, spec: ReadinessPolicySpec) -> bool:
    """Return whether a page is a readiness file by what it says: it has most of the sections."""
    numbers = {heading.number for heading in text.headings if heading.level == 2}
    wanted = [section.number for section in spec.sections.values() if section.number is not None]
    return sum(number in numbers for number in wanted) * 2 > len(wanted)
