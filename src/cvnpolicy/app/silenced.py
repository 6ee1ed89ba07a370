"""What a change silences in code by comments that were not there before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

from cvnpolicy.app.change import Change
from cvnpolicy.app.code_files import SUFFIXES, read
from cvnpolicy.app.lint import Spec, lint_text, settings_of
from cvnpolicy.core.effect import Effect
from cvnpolicy.core.paths import covers
from cvnpolicy.core.policy import Policy
from cvnpolicy.lint.runner import Violation
from cvnpolicy.lint.source import UnreadableError
from cvnpolicy.lint.suppress import may_have
from cvnpolicy.review.loosened import Loosened, approvers

_NEVER = datetime.max.replace(tzinfo=UTC)


def silenced(change: Change, at: datetime) -> Iterator[Loosened]:
    """Yield each finding in a changed file that a comment silences, and that none silenced before.

    A comment that moved with its code, to another line or another file, silences nothing new; one that ends later does.
    """
    texts = dict(_texts(change))
    if not texts:
        return
    old = _before(change)
    part = change.standing.project.configuration.repository
    prefix = "" if part == "." else f"{part}/"
    for kind, policy in change.standing.policies.policies:
        if kind.lints:
            was = _ends(_silenced(policy, old, at, prefix))
            for one in _silenced(policy, texts, at, prefix):
                if _was(was[_about(one)], one):
                    continue
                reason = one.silenced.reason if one.silenced is not None else ""
                text = f"a comment silences: {one.message} ({reason})"
                subject = f"{policy.name}/{one.rule}"
                yield Loosened(subject, Effect.LOOSER, text, one.location, approvers(policy))


def _texts(change: Change) -> Iterator[tuple[str, bytes]]:
    """Yield the changed files of Python that may have such a comment."""
    root = change.standing.project.repository.resolve()
    for path, one in change.in_repository.items():
        if path.lower().endswith(SUFFIXES) and one.status != "D":
            try:
                data = read(root, path)
            except UnreadableError:
                continue  # the gate of the code tells of it, where a policy is about it
            if may_have(data):
                yield path, data


def _before(change: Change) -> Mapping[str, bytes]:
    """Return the changed files as they were."""
    names = {one.path: path for path, one in change.in_repository.items() if path.lower().endswith(SUFFIXES)}
    entries = [one for one in change.git.files(change.fork) if one.path in names and not one.link]
    data = change.git.read([one.blob for one in entries])
    return {names[one.path]: data[one.blob] for one in entries}


def _silenced(policy: Policy[Spec], texts: Mapping[str, bytes], at: datetime, prefix: str) -> Iterator[Violation]:
    settings = settings_of(policy.spec, at)
    for path, data in sorted(texts.items()):
        where = _where(policy.spec, path, at)
        if any(where) and may_have(data):
            found = lint_text(data, f"{prefix}{path}", policy.spec, settings, at, where)
            yield from (one for one in found if one.silenced is not None)


def _where(spec: Spec, path: str, at: datetime) -> tuple[bool, bool]:
    """Return whether numbers are looked for in a file, and whether reads of the environment are."""
    if path == spec.resolver.module:
        return False, False
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
