"""Finding and reading ``cvnpolicy.yaml``."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PureWindowsPath

from cvnpolicy.core.configuration import Binding, Configuration, LikeEnvironment
from cvnpolicy.core.errors import InvalidInputError, Problem, UsageError
from cvnpolicy.core.location import Location
from cvnpolicy.core.rules import DocumentRule
from cvnpolicy.load.environments import alike_problems
from cvnpolicy.load.files import inside, read, real_name
from cvnpolicy.load.nearest import did_you_mean
from cvnpolicy.load.nodes import locate
from cvnpolicy.load.parse import parse
from cvnpolicy.load.validate import validate
from cvnpolicy.load.words import shown

FILE = "cvnpolicy.yaml"


@dataclass(frozen=True)
class Project:
    """A configuration and the folder it stands in. Every path of it has been shown to stay inside that folder."""

    root: Path
    """The folder of the configuration file, real."""
    configuration: Configuration
    locate: Callable[[Sequence[str | int]], Location]
    """Where a part of the configuration stands."""

    @property
    def repository(self) -> Path:
        """The tree that the policies govern."""
        return self.root / self.configuration.repository

    @cached_property
    def part(self) -> str:
        """Where that tree is below the folder of the configuration, links followed: ``system/``, or empty.

        It stands before a path from the top of the tree where a message shows the file.
        """
        path = real_name(self.repository, self.root)
        return "" if path == "." else f"{path}/"

    @property
    def policies(self) -> Path:
        """The folder (or file) of policies."""
        return self.root / self.configuration.policies

    def data_root(self, environment: str) -> Path:
        """Return where the paths of an environment's bindings start.

        Raises:
            UsageError: If the configuration has no such environment.
        """
        self._known(environment)
        return self.root / self.configuration.root_of(environment)

    def datasets(self, environment: str) -> dict[str, Binding]:
        """Return the bindings of an environment.

        Raises:
            UsageError: If the configuration has no such environment.
        """
        self._known(environment)
        return dict(self.configuration.bindings(environment))

    def _known(self, environment: str) -> None:
        known = self.configuration.environments
        if environment not in known:
            if not known:
                raise UsageError(f"{FILE} declares no environments: add environments: {{default: {{…}}}}")
            raise UsageError(f"there is no environment '{environment}': {did_you_mean(environment, known)}")


def find(start: Path) -> Path:
    """Return the configuration file in a folder or the nearest folder above it, in the same git repository.

    Whatever bears the name and is no folder is the one: a broken link or a pipe must not hand over to a file above.

    Raises:
        UsageError: If there is none.
    """
    home = start.resolve()
    for folder in (home, *home.parents):
        file = folder / FILE
        # These two, unlike Path's own, take a folder that may not be entered for one that holds nothing.
        if os.path.lexists(file) and not os.path.isdir(file):  # noqa: PTH112
            return file
        if os.path.lexists(folder / ".git"):
            # What lies above belongs to another repository: a gate must not judge that one and call this one good.
            top = "up to the top of the git repository"
            raise UsageError(f"no {FILE} here or in a folder above, {top}: create one, or name it with --config")
    raise UsageError(f"no {FILE} here or in a folder above: create one, or name it with --config")


def below_git(folder: Path) -> str:
    """Return where a folder is below the top of its git repository: ``tools/rules/``, or empty at the top.

    The top is the nearest folder, the folder itself included, with an entry ``.git``: a folder, or in a worktree or
    submodule a file. Without any the answer is empty. Git itself is not asked.
    """
    home = folder.resolve()
    for top in (home, *home.parents):
        if os.path.lexists(top / ".git"):
            return "" if top == home else f"{home.relative_to(top).as_posix()}/"
    return ""


def load(file: Path) -> Project:
    """Read and check a configuration file.

    Raises:
        UsageError: If the file is not there.
        InvalidInputError: With every problem of the file.
    """
    if not os.path.exists(file):  # noqa: PTH110  Path's own raises where a folder may not be entered
        raise UsageError(f"{file}: there is no such file: name a configuration with --config")
    root = file.resolve().parent
    if inside(file, file.parent) is None:
        what = "the configuration is a link that leads out of its folder"
        right = "put the file itself there, or name it with --config"
        raise InvalidInputError([Problem(DocumentRule.UNREADABLE, what, right, Location(file.name))])
    data = read(file, root)
    if isinstance(data, Problem):
        raise InvalidInputError([data])
    parsed = parse(data, file.name)
    if parsed.problems:
        raise InvalidInputError(parsed.problems)
    if len(parsed.documents) != 1:
        place = Location(file.name)
        found = len(parsed.documents)
        raise InvalidInputError([Problem(DocumentRule.SYNTAX, f"{found} documents", "write exactly one", place)])
    node = parsed.documents[0]
    configuration = validate(Configuration, node)
    if not isinstance(configuration, Configuration):
        raise InvalidInputError(configuration)
    project = Project(root, configuration, lambda path: locate(node, path))
    problems = [*_escapes(project), *alike_problems(configuration, project.locate)]
    if problems:
        raise InvalidInputError(sorted(problems, key=lambda problem: problem.order))
    return project


def _escapes(project: Project) -> Iterator[Problem]:
    """Yield each folder that is not below that of the configuration, links followed, and each such binding."""
    configuration = project.configuration
    folders: list[tuple[tuple[str, ...], str]]
    folders = [((key,), getattr(configuration, key)) for key in ("repository", "policies", "data_root")]
    for name, environment in configuration.environments.items():
        if isinstance(environment, LikeEnvironment) and environment.data_root is not None:
            folders.append((("environments", name, "data_root"), environment.data_root))
    for path, written in folders:
        if inside(project.root / written, project.root) is None:
            what = f"{path[-1]}: '{written}' leads out of the folder of {FILE}"
            yield Problem(DocumentRule.UNREADABLE, what, "name a folder below it", project.locate(path))
    yield from _bindings(project)


def _bindings(project: Project) -> Iterator[Problem]:
    """Yield each binding whose path is no path below ``data_root`` on any system."""
    for environment, datasets in project.configuration.bound.items():
        for name, binding in datasets.items():
            # As Windows reads it: a drive, and both slashes.
            path = PureWindowsPath(binding.path)
            if path.anchor or ".." in path.parts:
                what = f"path: {shown(binding.path)} leads out of data_root"
                place = project.locate(("environments", environment, name, "path"))
                yield Problem(DocumentRule.UNREADABLE, what, "name a path below it", place)
