"""The configuration and the policies of another revision of the repository."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from cvnpolicy.core.errors import ExitCode, Problem, UsageError, exit_code_of
from cvnpolicy.core.kind import PolicySet
from cvnpolicy.load.files import SUFFIXES, real_name
from cvnpolicy.load.git import Entry, Git
from cvnpolicy.load.policies import load_policies
from cvnpolicy.load.project import FILE, Project, load

_MARKDOWN = ".md"


@dataclass(frozen=True)
class Revision:
    """What a revision says. Its files are gone again: nothing of it is read after this was made."""

    project: Project
    """With the root of the working tree: what its configuration names is looked up there."""
    policies: PolicySet
    problems: tuple[Problem, ...] = ()


class NoneBeforeError(Exception):
    """The revision has no configuration: a change that brings one loosens nothing."""


def matters(path: str, project: Project, below: str) -> bool:
    """Return whether a file can change what a configuration or its policies say: a link may lead to any YAML.

    Args:
        path: From the top of the git repository.
        project: The configuration.
        below: The folder of the configuration below that top, with a slash at its end; empty where they are the same.
    """
    named = [below + part for part in (project.configuration.policies, project.configuration.repository)]
    policies, repository = map(posixpath.normpath, named)
    if PurePosixPath(path).suffix.casefold() in SUFFIXES or _holds(policies, path):
        return True
    # A folder above that is a link now, or was one, leads elsewhere.
    return any(_holds(path, one) for one in (policies, repository, below + project.locate(()).file))


def revision(git: Git, commit: str, project: Project, below: str) -> Revision:
    """Read what a commit says.

    Args:
        git: The repository.
        commit: The hash of the commit.
        project: The configuration of the working tree.
        below: Its folder, as in :func:`matters`.

    Raises:
        NoneBeforeError: The commit has no configuration.
        InvalidInputError: Its configuration is invalid.
        UsageError: It is not clear which of several configurations is the one.
    """
    entries = git.files(commit)
    name = project.locate(()).file
    place = _configuration(entries, below + name, git)
    if place is None:
        raise NoneBeforeError
    with TemporaryDirectory(prefix="cvnpolicy-") as made:
        top = Path(os.path.realpath(made))
        git.write([entry for entry in entries if entry.path == place], top)
        before = load(top / place)
        folder = posixpath.dirname(place)
        git.write(list(_wanted(entries, before, folder)), top)
        loaded = load_policies(before)
    here = replace(before, root=project.root)
    problems = () if exit_code_of(loaded.problems) is ExitCode.NOTHING else loaded.problems
    return Revision(here, loaded.policies, problems)


def governs(git: Git, commit: str, start: Path) -> str | None:
    """Return which configuration a command that starts in a folder finds in a commit; None where there is none.

    Returns:
        Its path from the top of the git repository.
    """
    there = {entry.path for entry in git.files(commit)}
    folder = PurePosixPath(real_name(start, git.top))
    return next((str(one / FILE) for one in (folder, *folder.parents) if str(one / FILE) in there), None)


def refuse_another(git: Git, commit: str, file: Path, start: Path | None) -> None:
    """Refuse a configuration that takes the place of the one that governs in a commit: it would judge the change.

    Args:
        git: The repository.
        commit: The hash of the commit where the change started.
        file: The configuration that was found, or named.
        start: The folder where it was looked for; None where it was named.

    Raises:
        UsageError: It does, or it is a link.
    """
    here = str(PurePosixPath(real_name(file.parent, git.top)) / file.name)
    if file.is_symlink() or _is_below_a_link(file, os.path.realpath(git.top)):
        raise UsageError(f"{here} is a link: which configuration judges a change may not depend on one")
    before = None if start is None else governs(git, commit, start)
    if before is None or before == here:
        return
    moved = not os.path.lexists(git.top / before) and all(entry.path != here for entry in git.files(commit))
    if not moved:
        what = "is gone" if not os.path.lexists(git.top / before) else f"is above {here}, which is new"
        right = f"take that back, or name the one to judge by with --config {before if 'new' in what else here}"
        raise UsageError(f"{before} governs this folder where the change started, and {what}: {right}")


def _is_below_a_link(file: Path, top: str) -> bool:
    """Return whether a folder between the top of the repository and a file is a link."""
    folders = Path(os.path.abspath(file)).parents  # noqa: PTH100  resolve() would follow what is looked for
    for folder in folders:
        if os.path.realpath(folder) == top:
            return False
        if folder.is_symlink():
            return True
    return False


def _configuration(entries: Sequence[Entry], place: str, git: Git) -> str | None:
    """Return where the configuration was: at its place, or, where that is new, at the one that is there no more."""
    if any(entry.path == place for entry in entries):
        return place
    name = posixpath.basename(place)
    gone = [
        entry.path
        for entry in entries
        if posixpath.basename(entry.path) == name and not os.path.lexists(git.top / entry.path)
    ]
    if len(gone) > 1:
        raise UsageError(f"'{place}' is new, and {len(gone)} others of its name are gone: move one at a time")
    return gone[0] if gone else None


def _wanted(entries: Sequence[Entry], project: Project, folder: str) -> Iterator[Entry]:
    """Yield policies, the Markdown that they may name, and links, which may lead to either."""
    policies, repository = (
        posixpath.normpath(posixpath.join(folder, path))
        for path in (project.configuration.policies, project.configuration.repository)
    )
    linked = any(entry.link and _holds(entry.path, policies) for entry in entries)
    for entry in entries:
        suffix = PurePosixPath(entry.path).suffix.casefold()
        policy = _holds(policies, entry.path) or (linked and suffix in SUFFIXES)
        runbook = suffix == _MARKDOWN and _holds(repository, entry.path)
        if entry.link or policy or runbook:
            yield entry


def _holds(outer: str, inner: str) -> bool:
    return outer in (".", inner) or inner.startswith(f"{outer}/")
