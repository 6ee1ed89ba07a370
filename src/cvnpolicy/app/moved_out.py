"""Code that a change moves out of the sight of a policy."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain
from typing import Any

from cvnpolicy.app.change import Change, is_link_to_folder
from cvnpolicy.app.code_files import SUFFIXES
from cvnpolicy.core.effect import Effect
from cvnpolicy.core.kind import Kind
from cvnpolicy.core.location import Location
from cvnpolicy.core.paths import covers, finds
from cvnpolicy.core.policy import Policy
from cvnpolicy.review.loosened import Loosened, approvers


def moved_out(change: Change, at: datetime) -> Iterator[Loosened]:
    """Yield each Python file that a policy looked at and, under its new name, does not.

    A part of a file that goes elsewhere counts too, a submodule, and a file in a folder that nobody looks into. Git
    decides what has moved: half of a file that is the same. One that was written anew elsewhere is not seen.
    """
    for kind, policy in change.standing.policies.policies:
        told = (_submodules(change, kind, policy, at), _hidden(change, kind, policy, at), _linked(change, kind, policy))
        for one in chain.from_iterable(told):
            yield Loosened(f"{policy.name}/{one[0]}", Effect.UNKNOWN, one[1], Location(one[2]), approvers(policy))
    for old, new in change.git.moved(change.fork):
        if old.lower().endswith(SUFFIXES) and old.startswith(change.tree):
            yield from _moved(change, old, new, at)


def _moved(change: Change, old: str, new: str, at: datetime) -> Iterator[Loosened]:
    inside = new.startswith(change.tree)
    before, after = (path.removeprefix(change.tree) for path in (old, new))
    gone = not os.path.lexists(change.git.top / old)
    what = f"{old} moved to {new}" if gone else f"{new} holds much of {old}"
    for kind, policy in change.standing.policies.policies:
        if _sees(kind, policy, before, at) and not (inside and _sees(kind, policy, after, at)):
            effect = Effect.LOOSER if gone else Effect.UNKNOWN
            place = Location(new.removeprefix(change.below))
            yield Loosened(
                f"{policy.name}/moved", effect, f"{what}, where this policy does not look", place, approvers(policy)
            )


Told = tuple[str, str, str]
"""What a finding is called, what it says, and the file that it is about."""


def _submodules(change: Change, kind: Kind[Any], policy: Policy[Any], at: datetime) -> Iterator[Told]:
    """Yield each submodule that comes, or is at another commit, in a part that a policy looks at."""
    for path, one in change.in_repository.items():
        if one.submodule and _sees(kind, policy, f"{path}/any.py", at):
            text = f"{one.path} is a submodule: its files belong to another repository, and were not looked at"
            yield "submodule", text, one.path.removeprefix(change.below)


def _hidden(change: Change, kind: Kind[Any], policy: Policy[Any], at: datetime) -> Iterator[Told]:
    """Yield each file that comes or changes below a part that a policy looks at, in a folder that is passed over."""
    for path, one in change.in_repository.items():
        python = path.lower().endswith(SUFFIXES) and one.status != "D"
        if python and _asks(kind, policy, path, at) and not _finds(kind, policy, path):
            text = f"{one.path} is in a folder whose name begins with a dot, where this policy does not look"
            yield "hidden", text, one.path.removeprefix(change.below)


def _linked(change: Change, kind: Kind[Any], policy: Policy[Any]) -> Iterator[Told]:
    """Yield each folder above what a policy looks at that is a link now: all below it is other code, and unchanged."""
    tree = posixpath.normpath(change.below + change.standing.project.configuration.repository)
    parts = [posixpath.normpath(posixpath.join(tree, part)) for part in _parts(kind, policy)]
    for one in change.files:
        above = any(f"{part}/".startswith(f"{one.path}/") for part in parts)
        if above and one.status != "D" and is_link_to_folder(change.git.top / one.path):
            text = f"{one.path} is a link now: what it leads to was not compared with what was there"
            yield "link", text, one.path.removeprefix(change.below)


def _sees(kind: Kind[Any], policy: Policy[Any], path: str, at: datetime) -> bool:
    """Return whether a policy looks at a file."""
    trusted = kind.lints and path == policy.spec.resolver.module
    return not trusted and _asks(kind, policy, path, at) and _finds(kind, policy, path)


def _finds(kind: Kind[Any], policy: Policy[Any], path: str) -> bool:
    """Return whether who looks through the parts that a policy is about meets a file."""
    if kind.reads:
        return any(covers(part, path) for part in _parts(kind, policy))
    return path.lower().endswith(SUFFIXES) and any(finds(part, path) for part in _parts(kind, policy))


def _asks(kind: Kind[Any], policy: Policy[Any], path: str, at: datetime) -> bool:
    """Return whether a file lies in a part that a policy is about, and in none that it leaves out."""
    if kind.lints:
        left_out = any(at < one.until and covers(one.path, path) for one in policy.spec.excluded or ())
    else:
        left_out = kind.imports and any(covers(one, path) for one in policy.spec.excluded or ())
    return not left_out and any(covers(part, path) for part in _parts(kind, policy))


def _parts(kind: Kind[Any], policy: Policy[Any]) -> Iterable[str]:
    """Return the folders and files of code that a policy is about."""
    if kind.lints:
        found: Iterable[str] = policy.spec.scopes
    elif kind.imports:
        found = policy.spec.code
    else:
        asks = policy.spec.pull_request if kind.reads else None
        found = () if asks is None else asks.code
    return found
