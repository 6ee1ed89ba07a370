"""Which files of Python code a policy is about, and their bytes. Nothing outside of the repository is read."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NoReturn

from cvnpolicy.core.errors import InvalidInputError, Problem
from cvnpolicy.core.policy import Policy
from cvnpolicy.core.rules import DocumentRule
from cvnpolicy.kinds.hyperparameters.model import HyperparameterPolicySpec
from cvnpolicy.lint.source import LIMIT, UnreadableError
from cvnpolicy.load.files import inside
from cvnpolicy.load.project import Project

SUFFIXES = (".py", ".pyi", ".pyw")
"""What the name of a file of Python source ends with, in whatever case."""


@dataclass(frozen=True)
class Scoped:
    """The files that a policy is about, as paths from the top of the repository."""

    literal: frozenset[str]
    """Where numbers are looked for."""
    environment: frozenset[str]
    """Where reads of the environment are looked for."""


def scoped(root: Path, policy: Policy[HyperparameterPolicySpec], at: datetime) -> Scoped:
    """Return the files that a policy is about at an instant.

    Raises:
        InvalidInputError: A scope or an exclusion has no file, nothing of a scope is left, the resolver's module is not
            there, or a folder cannot be read.
    """
    spec = policy.spec
    problems: list[Problem] = []

    def files(path: str, *where: str | int) -> set[str]:
        found = set(python_files(root, path))
        if not found:
            what, place = f"no Python file is below '{path}'", policy.locate(("spec", *where))
            problems.append(Problem(DocumentRule.DANGLING_NAME, what, "correct the path, or remove it", place))
        return found

    left_out = {spec.resolver.module}
    for index, one in enumerate(spec.excluded or ()):
        found = files(one.path, "excluded", index, "path")
        left_out |= found if at < one.until else set()
    literal: set[str] = set()
    for index, path in enumerate(spec.scopes):
        found = files(path, "scopes", index)
        if found and not found - left_out:
            what, place = f"nothing of '{path}' is left to look at", policy.locate(("spec", "scopes", index))
            right = "remove the scope: all of it is excluded, or the resolver itself"
            problems.append(Problem(DocumentRule.BAD_VALUE, what, right, place))
        literal |= found - left_out
    environment: set[str] = set()
    for index, path in enumerate(spec.environment.scopes if spec.environment is not None else ()):
        found = files(path, "environment", "scopes", index)
        if found == {spec.resolver.module}:
            what, place = (
                f"nothing of '{path}' is left to look at",
                policy.locate(("spec", "environment", "scopes", index)),
            )
            right = "name the folders of the code: the resolver itself may read"
            problems.append(Problem(DocumentRule.BAD_VALUE, what, right, place))
        environment |= found - {spec.resolver.module}
    if not (root / spec.resolver.module).is_file():
        place = policy.locate(("spec", "resolver", "module"))
        what = f"there is no file '{spec.resolver.module}'"
        problems.append(Problem(DocumentRule.DANGLING_NAME, what, "name the module that resolves", place))
    if problems:
        raise InvalidInputError(problems)
    return Scoped(frozenset(literal), frozenset(environment))


def python_files(root: Path, path: str) -> Iterator[str]:
    """Yield the Python files at or below a path of the repository, and links, which are not followed.

    Raises:
        InvalidInputError: A folder cannot be read: nobody knows what is in it.
    """
    start = root / path
    if start.is_symlink() or _is_python(start):
        if inside(start.parent, root) is not None and os.path.lexists(start):
            yield start.relative_to(root).as_posix()
        return
    if not os.path.isdir(start) or inside(start, root) is None:  # noqa: PTH112  is_dir raises on a closed folder above
        return
    for folder, folders, names in os.walk(start, onerror=_refuse):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        links = [name for name in folders if (Path(folder) / name).is_symlink()]
        for name in sorted([*links, *(name for name in names if _is_python(Path(folder) / name))]):
            yield (Path(folder) / name).relative_to(root).as_posix()


def chosen(paths: Sequence[Path], project: Project) -> frozenset[str]:
    """Return the Python files among and below paths, from the top of the repository.

    Raises:
        InvalidInputError: A path leads out of it.
    """
    root = project.repository.resolve()
    places = [path.parent.resolve() / path.name if path.is_symlink() else path.resolve() for path in paths]
    outside = [path for path, place in zip(paths, places, strict=True) if not place.is_relative_to(root)]
    if outside:
        what = f"'{outside[0]}' is not in the repository '{project.configuration.repository}'"
        raise InvalidInputError([Problem(DocumentRule.UNREADABLE, what, "name files of the repository", None)])
    return frozenset(file for place in places for file in python_files(root, place.relative_to(root).as_posix()))


def _is_python(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES and not (path.is_dir() and not path.is_symlink())


def _refuse(error: OSError) -> NoReturn:
    what = f"the folder '{error.filename}' cannot be read ({error.strerror})"
    raise InvalidInputError([Problem(DocumentRule.UNREADABLE, what, "let it be read, or exclude it", None)])


def read(root: Path, file: str) -> bytes:
    """Return the bytes of a file: of a greater one than is linted only so many that this shows.

    Raises:
        UnreadableError: It is no ordinary file of the repository, or cannot be read.
    """
    path = root / file
    if path.is_symlink() and (path.is_dir() or inside(path, root) is None):
        raise UnreadableError("it is a link, which is not followed: name in scopes what it leads to")
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise UnreadableError("it is no ordinary file")
        with path.open("rb") as stream:
            return stream.read(LIMIT + 1)
    except OSError as error:
        raise UnreadableError(f"it cannot be read ({error.strerror})") from None
