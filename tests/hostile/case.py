"""One hostile input beside its harmless twin, as data."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.hostile.limited import HEAVY, LIGHT, Limits

FAILED, USAGE, INVALID, UNDECIDED, NOTHING = 1, 2, 3, 4, 5


@dataclass(frozen=True, slots=True)
class Link:
    """A symbolic link."""

    target: str


@dataclass(frozen=True, slots=True)
class Same:
    """A second name of a file that was written before (a hard link)."""

    other: str


class Pipe:
    """A named pipe that nobody writes to: whoever opens it, waits."""


Content = str | bytes | Link | Same | Pipe | Callable[[], str | bytes]
"""What stands at a path. A function makes what is too large to be held for all cases at once."""
Tree = Mapping[str, Content]


@dataclass(frozen=True, slots=True)
class Case:
    """A hostile tree, what the command says of it, and a tree nearly the same that passes."""

    name: str
    """What is hostile about it, in a few words."""
    hostile: Tree
    """Files of the hostile repository, over those of ``base``."""
    says: tuple[str, ...]
    """Parts of the output; the first is the place: ``file:line`` where there is a line, else the file."""
    twin: Tree = field(default_factory=dict)
    """Files of the harmless one, over those of ``base``."""
    base: Tree = field(default_factory=dict)
    command: str = "validate"
    twin_command: str | None = None
    """Where it differs: a path given on the command line."""
    code: int = INVALID
    limits: Limits = LIGHT
    meanwhile: Mapping[str, Any] | None = None
    """What happens to the hostile files while they are read; see ``meanwhile.py``."""


def build(root: Path, *trees: Tree) -> Path:
    """Write trees below a folder, later ones over earlier ones, and return the folder."""
    merged: dict[str, Content] = {}
    for tree in trees:
        merged.update(tree)
    for name, content in merged.items():
        _write(root, root / name, content() if callable(content) else content)
    return root


def _write(root: Path, path: Path, content: Content) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, Link):
        path.symlink_to(content.target)
    elif isinstance(content, Same):
        os.link(root / content.other, path)
    elif isinstance(content, Pipe):
        os.mkfifo(path)
    elif isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(str(content), encoding="utf-8", newline="\n")


__all__ = [
    "FAILED",
    "HEAVY",
    "INVALID",
    "LIGHT",
    "NOTHING",
    "UNDECIDED",
    "USAGE",
    "Case",
    "Content",
    "Link",
    "Pipe",
    "Same",
    "Tree",
    "build",
]
