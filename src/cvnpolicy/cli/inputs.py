"""What a command reads is not what it writes: a report in place of a policy or of its data cannot be taken back."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cvnpolicy.cli.output import refused
from cvnpolicy.core.configuration import Binding, RecordedBinding
from cvnpolicy.load.files import SUFFIXES, discover, display, inside, read
from cvnpolicy.load.project import Project

_ANOTHER = "name another file"


@dataclass(frozen=True)
class Destinations:
    """The files that a command is about to write. Each method refuses one that the project needs.

    All of them raise :class:`~cvnpolicy.core.errors.UsageError` with the file and the reason, before anything is read.
    """

    report: Path | None
    evidence: Path | None = None
    more: tuple[Path, ...] = ()
    """The same report in other formats."""

    @property
    def _all(self) -> Iterator[Path]:
        return (path for path in (self.report, self.evidence, *self.more) if path is not None)

    def spare_named(self, config: Path, paths: Sequence[Path] = (), recorded: Path | None = None) -> None:
        """Refuse the configuration, the files of the command line, and YAML files in its folders."""
        for path in self._all:
            if _same(path, config):
                raise refused(path, f"it is the configuration: {_ANOTHER}")
            if recorded is not None and _same(path, recorded):
                raise refused(path, f"it is the evidence to judge: {_ANOTHER}")
            if any(_same(path, named) or (_is_yaml(path) and inside(path, named) is not None) for named in paths):
                raise refused(path, f"it is among the policies to read: {_ANOTHER}")

    def spare_unread(self, config: Path) -> None:
        """Refuse what can be a policy where the configuration is invalid: it does not say which files are."""
        for path in self._all:
            if _is_yaml(path) and os.path.lexists(path):
                raise refused(path, f"it can be a policy, and {config.name} is invalid: {_ANOTHER}")

    def spare(self, project: Project, paths: Sequence[Path] = ()) -> None:
        """Refuse policies, their runbooks, and what the environments bind."""
        for path in self._all:
            self._spare_policies(path, project)
            if not os.path.exists(path):  # noqa: PTH110  Path's own raises where a folder may not be entered
                continue
            for file in _mentions(path, project, paths):
                raise refused(path, f"{file} names it as a runbook: {_ANOTHER}")
            self._spare_bound(path, project)

    def _spare_policies(self, path: Path, project: Project) -> None:
        # Where everything is in one folder, only what would be read as a policy is one.
        if inside(path, project.policies) is not None and (_is_yaml(path) or not _same(project.policies, project.root)):
            folder = display(project.policies, project.root)
            raise refused(path, f"it is among the policies, '{folder}': name a file elsewhere")

    def _spare_bound(self, path: Path, project: Project) -> None:
        seen: set[tuple[str, int]] = set()
        for environment in project.configuration.environments:
            bindings, root = project.configuration.bindings(environment), project.data_root(environment)
            # However many environments are alike: the same bindings below the same folder are looked at once.
            same = (os.path.realpath(root), id(bindings))
            if same in seen or inside(path, root) is None:
                continue
            seen.add(same)
            for name, binding in bindings.items():
                # Recording again is what a file of recorded evidence is for.
                again = isinstance(binding, RecordedBinding) and path == self.evidence
                if not again and _binds(binding, path, root):
                    raise refused(path, f"environment {environment} reads '{name}' from it: {_ANOTHER}")


NOTHING = Destinations(None)
"""Of a command that writes no file."""


def _same(one: Path, other: Path) -> bool:
    return os.path.realpath(one) == os.path.realpath(other)


def _is_yaml(path: Path) -> bool:
    return path.suffix.casefold() in SUFFIXES


def _mentions(path: Path, project: Project, paths: Sequence[Path]) -> Iterator[str]:
    """Yield the files of policies in which the name of a Markdown file stands, whether they are valid or not."""
    if path.suffix != ".md" or inside(path, project.repository) is None:
        return
    label = os.path.relpath(os.path.realpath(path), os.path.realpath(project.repository)).replace(os.sep, "/")
    name = re.compile(rf"(?<![\w/.-])(?:\./)?{re.escape(label)}(?!\w)".encode())
    files, _ = discover([*paths, project.policies], project.root)
    for file in files:
        data = read(file, project.root)
        if isinstance(data, bytes) and name.search(data) is not None:
            yield display(file, project.root)


def _binds(binding: Binding, path: Path, data_root: Path) -> bool:
    """Whether a binding matches a file. One that cannot be looked through may."""
    from cvnpolicy.sources.globs import has_magic, walk  # only where a file that exists is written over
    from cvnpolicy.sources.refused import Refused

    real, root = os.path.realpath(path), os.path.realpath(data_root)
    if os.path.realpath(os.path.join(root, binding.path)) == real:  # noqa: PTH118  names as the system has them
        return True
    try:
        found = walk(binding.path, root) if has_magic(binding.path) else ()
        return any(os.path.realpath(os.path.join(root, name)) == real for name in found)  # noqa: PTH118  as above
    except Refused:
        return True
