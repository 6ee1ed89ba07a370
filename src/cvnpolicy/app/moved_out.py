"""Code that a change moves out of the sight of a policy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from cvnpolicy.app.change import Change
from cvnpolicy.app.code_files import SUFFIXES
from cvnpolicy.core.effect import Effect
from cvnpolicy.core.kind import Kind
from cvnpolicy.core.location import Location
from cvnpolicy.core.paths import covers
from cvnpolicy.core.policy import Policy
from cvnpolicy.review.loosened import Loosened, approvers


def moved_out(change: Change, at: datetime) -> Iterator[Loosened]:
    """Yield each Python file that a policy looked at and, under its new name, does not, and each submodule.

    Git decides what has moved: a file that is mostly the same. One that was written anew elsewhere is not seen.
    """
    yield from _submodules(change, at)
    part = change.standing.project.configuration.repository
    prefix = "" if part == "." else f"{part.rstrip('/')}/"
    top = change.below + prefix
    for old, new in change.git.moved(change.fork):
        if not old.lower().endswith(SUFFIXES) or not old.startswith(top):
            continue
        inside = new.startswith(top)
        for kind, policy in change.standing.policies.policies:
            if _sees(kind, policy, old.removeprefix(top), at) and not (
                inside and _sees(kind, policy, new.removeprefix(top), at)
            ):
                text = f"{old} moved to {new}, where this policy does not look"
                place = Location(new.removeprefix(change.below))
                yield Loosened(f"{policy.name}/moved", Effect.LOOSER, text, place, approvers(policy))


def _submodules(change: Change, at: datetime) -> Iterator[Loosened]:
    """Yield each submodule that comes, or is at another commit, in a part that a policy looks at."""
    for path, one in change.in_repository.items():
        for kind, policy in change.standing.policies.policies:
            if one.submodule and _sees(kind, policy, f"{path}/any.py", at):
                text = f"{one.path} is a submodule: its files belong to another repository, and were not looked at"
                place = Location(one.path.removeprefix(change.below))
                yield Loosened(f"{policy.name}/submodule", Effect.UNKNOWN, text, place, approvers(policy))


def _sees(kind: Kind[Any], policy: Policy[Any], path: str, at: datetime) -> bool:
    spec = policy.spec
    if kind.lints:
        left_out = any(at < one.until and covers(one.path, path) for one in spec.excluded or ())
        return any(covers(scope, path) for scope in spec.scopes) and not left_out
    if kind.imports:
        left_out = any(covers(one, path) for one in spec.excluded or ())
        return any(covers(scope, path) for scope in spec.code) and not left_out
    return kind.reads and spec.pull_request is not None and path.startswith(tuple(spec.pull_request.code))
