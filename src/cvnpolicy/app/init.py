"""Write a small repository that works: a configuration, three policies, a runbook, and evidence to judge them on."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path
from types import MappingProxyType

from cvnpolicy.app.starter_evidence import events, live, training
from cvnpolicy.core.errors import UsageError
from cvnpolicy.core.patterns import OWNER, WORDS
from cvnpolicy.load.files import inside

PLACEHOLDER = "@you"
"""The owner in the templates."""

TEMPLATES: Mapping[str, str] = MappingProxyType(
    {
        "cvnpolicy.yaml": "where the policies are, and what their names are bound to",
        "policies/events.yaml": "the events that checks may name",
        "policies/alerts.yaml": "a check on the log: the share of trainings that fail",
        "policies/drift.yaml": "a check on tables: live features against training",
        "runbooks/training.md": "what to do when a check warns or fails",
    }
)
"""The files below ``starter/`` and what each is for."""

EVIDENCE: Mapping[str, str] = MappingProxyType(
    {
        "evidence/logs/training.log": "made-up events: replace them with your own",
        "evidence/training.csv": "a made-up sample from training: replace it with your own",
        "evidence/live.csv": "a made-up sample from production: replace it with your own",
    }
)
"""The files that code writes, and what each is for."""

FILES: Mapping[str, str] = MappingProxyType({**TEMPLATES, **EVIDENCE})
"""Every file that is written and what it is for, in this order."""

# An existing file or link is never followed nor replaced, even if it has appeared since it was looked for.
_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


def init(folder: Path, owner: str = PLACEHOLDER) -> tuple[str, ...]:
    """Write the files of :data:`FILES` below a folder, which is made where it does not exist.

    The files are the same on every day: their checks look at every row there is (``window: run``), so they hold
    whenever they are judged.

    Args:
        folder: Where to write.
        owner: The owner of every policy, as an account name: ``@name``.

    Returns:
        The files that were written, relative to the folder, in order.

    Raises:
        UsageError: If the owner is no account name, if anything stands where a file would, if a link leads out of the
            folder (nothing is written then), or if writing fails (the message says what was written before).
    """
    if re.fullmatch(OWNER, owner) is None:
        raise UsageError(f"'{owner}' is no owner: {WORDS[OWNER]}")
    texts = dict(contents(owner))
    obstacles = list(_obstacles(folder, texts))
    if obstacles:
        raise UsageError("\n".join(["nothing was written, as something is in the way:", *obstacles]))
    written: list[str] = []
    for name, text in texts.items():
        try:
            _write(folder / name, text)
        except OSError as error:
            raise UsageError("\n".join(_failure(folder, name, error, written))) from None
        written.append(name)
    return tuple(written)


def contents(owner: str) -> Iterator[tuple[str, str]]:
    """Yield every file and its text."""
    starter = resources.files(__package__).joinpath("starter")
    for name in TEMPLATES:
        text = starter.joinpath(name).read_text(encoding="utf-8")
        yield name, text.replace(f'"{PLACEHOLDER}"', f'"{owner}"')
    yield from zip(EVIDENCE, (events(), training(), live()), strict=True)


def _obstacles(folder: Path, names: Mapping[str, str]) -> Iterator[str]:
    """Yield ``file: what stands in the way: what would be right``, in the order of the names."""
    if os.path.lexists(folder) and not folder.is_dir():
        yield f"{folder}: it is not a folder: name one, or a name that is free"
        return
    for name in names:
        path = folder / name
        if inside(path, folder) is None:
            yield f"{name}: a link leads out of the folder: remove the link"
        elif os.path.lexists(path):
            yield f"{name}: it exists already: move it away, or name another folder"
        elif any(parent.exists() and not parent.is_dir() for parent in path.parents if parent.is_relative_to(folder)):
            yield f"{name}: its folder is a file: move that away, or name another folder"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, _FLAGS, 0o666)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.encode("utf-8"))
    except OSError:
        path.unlink(missing_ok=True)  # half a file would be taken for one of the user's at the next try
        raise


def _failure(folder: Path, name: str, error: OSError, written: list[str]) -> Iterator[str]:
    yield f"{folder / name} cannot be written: {error.strerror or error}"
    if not written:
        yield "nothing was written"
        return
    yield "these files were written before; remove them to try again:"
    yield from (f"  {folder / done}" for done in written)
