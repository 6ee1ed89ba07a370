"""What a change silences in code by comments that were not there before."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime

from cvnpolicy.app.change import Change
from cvnpolicy.app.code_files import read
from cvnpolicy.app.lint import Spec, lint_text, settings_of
from cvnpolicy.core.effect import Effect
from cvnpolicy.core.paths import covers
from cvnpolicy.core.policy import Policy
from cvnpolicy.lint.runner import Violation
from cvnpolicy.lint.source import UnreadableError
from cvnpolicy.lint.suppress import may_have
from cvnpolicy.load.files import real_name
from cvnpolicy.review.loosened import Loosened, approvers

_NEVER = datetime.max.replace(tzinfo=UTC)


def silenced(change: Change, at: datetime) -> Iterator[Loosened]:
    """Yield each finding in a changed file that a comment silences, and that none silenced before.

    A comment that moved with its code to another line, or with its file to another name, silences nothing new; one that
    ends later does. In the resolver's own file nobody looks for values, so each that comes into it counts as silenced.
    """
    linting = [policy for kind, policy in change.standing.policies.policies if kind.lints]
    trusted = {policy.spec.resolver.module for policy in linting}
    texts = {path: data for path, data in _texts(change) if path in trusted or may_have(data)}
    if not texts:
        return
    old = _before(change, texts)
    for policy in linting:
        for path, data in sorted(texts.items()):
            was = _ends(_unseen(policy, path, old.get(path, b""), at, change))
            for one in _unseen(policy, path, data, at, change):
                if not _was(was[_about(one)], one):
                    subject = f"{policy.name}/{one.rule}"
                    yield Loosened(subject, Effect.LOOSER, _says(one), one.location, approvers(policy))


def _says(one: Violation) -> str:
    if one.silenced is None:
        return f"in the resolver's own file, where nobody looks: {one.message}"
    return f"a comment silences: {one.message} ({one.silenced.reason})"


def _texts(change: Change) -> Iterator[tuple[str, bytes]]:
    """Yield the changed files of Python."""
    root = change.standing.project.repository.resolve()
    for path in change.code:
        if os.path.lexists(root / path):
            try:
                yield path, read(root, path)
            except UnreadableError:
                continue  # the gate of the code tells of it, where a policy is about it


def _before(change: Change, texts: Collection[str]) -> Mapping[str, bytes]:
    """Return what was in files of these names, or in those that now have these names."""
    top = change.git.top
    moved = {new: old for old, new in change.git.moved(change.fork) if not os.path.lexists(top / old)}
    names: dict[str, list[str]] = {}
    for path in texts:
        real = real_name(top / change.tree / path, top)
        names.setdefault(moved.get(real, real), []).append(path)
    entries = [one for one in change.git.files(change.fork) if one.path in names and not one.link]
    data = change.git.read([one.blob for one in entries])
    return {path: data[one.blob] for one in entries for path in names[one.path]}


def _unseen(policy: Policy[Spec], path: str, data: bytes, at: datetime, change: Change) -> list[Violation]:
    """Return what a comment silences in a file; in the resolver's own, all that would be found elsewhere."""
    spec = policy.spec
    trusted = path == spec.resolver.module
    where = (True, False) if trusted else _where(spec, path, at)
    if not data or not any(where):
        return []
    name = f"{change.standing.project.part}{path}"
    found = lint_text(data, name, spec, settings_of(spec, at), at, where)
    return [one for one in found if one.silenced is not None or (trusted and one.name)]


def _where(spec: Spec, path: str, at: datetime) -> tuple[bool, bool]:
    """Return whether numbers are looked for in a file, and whether reads of the environment are."""
    left_out = any(at < one.until and covers(one.path, path) for one in spec.excluded or ())
    reads = spec.environment.scopes if spec.environment is not None else ()
    literal = not left_out and any(covers(scope, path) for scope in spec.scopes)
    return literal, any(covers(scope, path) for scope in reads)


def _about(one: Violation) -> tuple[str, str, str]:
    return one.rule, one.name, one.value


def _end(one: Violation) -> datetime:
    """Return when a comment ends; one without an end, never."""
    until = one.silenced.until if one.silenced is not None else None
    return until if until is not None else _NEVER


def _ends(found: Iterable[Violation]) -> defaultdict[tuple[str, str, str], list[datetime]]:
    """Return, by what is silenced, when each comment ends."""
    ends: defaultdict[tuple[str, str, str], list[datetime]] = defaultdict(list)
    for one in found:
        ends[_about(one)].append(_end(one))
    return ends


def _was(ends: list[datetime], one: Violation) -> bool:
    """Return whether a comment was there before and ends no later than then; each of them is used up once."""
    enough = sorted(end for end in ends if end >= _end(one))
    if enough:
        ends.remove(enough[0])
    return bool(enough)
