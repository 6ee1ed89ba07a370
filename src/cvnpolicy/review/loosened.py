"""What a change to a set of policies lets through that the set before did not, and who may approve that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from cvnpolicy.core.effect import Effect
from cvnpolicy.core.kind import Kind, PolicySet
from cvnpolicy.core.location import Location
from cvnpolicy.core.model import alike
from cvnpolicy.core.policy import Policy
from cvnpolicy.core.resolve import resolve_all
from cvnpolicy.core.unit import Unit
from cvnpolicy.load.project import Project
from cvnpolicy.review.checks import Context, comparer
from cvnpolicy.review.difference import Difference, Path
from cvnpolicy.review.leaning import Leaning, leaning
from cvnpolicy.review.shared import SHARED

LOOSENS = frozenset({Effect.LOOSER, Effect.UNKNOWN})


@dataclass(frozen=True)
class Loosened:
    """One part of a policy, or of the configuration, that lets more through than before, or perhaps does."""

    subject: str
    """``policy/check``, ``policy/key`` or ``policy``; of the configuration ``cvnpolicy.yaml/key``."""
    effect: Effect
    """``looser``, or ``unknown``."""
    text: str
    location: Location
    """In the new version; of what is gone, where it stood."""
    approvers: tuple[str, ...]
    """Whom the old version names: one of them is enough."""


Pair = tuple[Kind[Any], Policy[Any]]


def loosened(old: PolicySet, new: PolicySet) -> Iterator[Loosened]:
    """Yield what the policies of a set loosen. A policy that only moved or has another name loosens nothing."""
    yield from _Sets(old, new).all()


def loosened_configuration(
    old: Project, new: Project, owners: Sequence[str], policies: Sequence[PolicySet] = ()
) -> Iterator[Loosened]:
    """Yield what the configuration loosens: members of sets, the tree that is looked at, what names are bound to.

    Args:
        old: The configuration before.
        new: The configuration after.
        owners: Who may approve it; a configuration names nobody itself.
        policies: The policies before and after: where they count the members of a set, one more is not plainly tighter.
    """
    compare = comparer(SHARED, Context({}, {}))
    counted = frozenset[str]().union(*(leaning(each).counted for each in policies))
    for one in compare.models(old.configuration, new.configuration, ()):
        if one.effect is Effect.TIGHTER and one.path[0] == "sets" and one.path[1] in counted:
            one = replace(one, effect=Effect.UNKNOWN, text=f"{one.text}, whose members a check counts")  # noqa: PLW2901
        if one.effect in LOOSENS:
            subject = f"cvnpolicy.yaml/{'/'.join(map(str, one.path[:2]))}"
            yield Loosened(subject, one.effect, one.text, new.locate(one.path), tuple(owners))


def approvers(policy: Policy[Any]) -> tuple[str, ...]:
    """Return who may approve a change that loosens a policy."""
    metadata = policy.document.metadata
    return metadata.approvers or (metadata.owner,)


@dataclass(frozen=True)
class _Sets:
    """Both sets, by the names of their policies."""

    old: PolicySet
    new: PolicySet

    def all(self) -> Iterator[Loosened]:
        before, after = _by_name(self.old), _by_name(self.new)
        come = {name: pair for name, pair in after.items() if name not in before}
        for name, (kind, policy) in before.items():
            if name in after:
                yield from self._both((kind, policy), after[name])
                continue
            renamed = next((other for other, pair in come.items() if self._same((kind, policy), pair)), None)
            if renamed is not None:
                del come[renamed]
                continue
            text = f"the policy is gone: {policy.document.metadata.title}"
            yield Loosened(name, Effect.LOOSER, text, policy.locate(("metadata", "name")), approvers(policy))
        yield from self._counted(before)

    def _counted(self, before: Mapping[str, Pair]) -> Iterator[Loosened]:
        """Yield each new check of which one that was there counts the answers."""
        old, new = (resolve_all(policies.policies, policies.catalog) for policies in (self.old, self.new))
        for address, by in self._leaning.otherwise.items():
            if address not in old and by in old:
                who = approvers(before[by.partition("/")[0]][1])
                text = f"the check is new, and {by} looks at it"
                yield Loosened(address, Effect.UNKNOWN, text, new[address].location, who)

    def _both(self, old: Pair, new: Pair) -> Iterator[Loosened]:
        (kind, before), (other, after) = old, new
        if kind.name != other.name:
            text = f"the policy is of another kind: {other.name} instead of {kind.name}"
            yield Loosened(before.name, Effect.LOOSER, text, after.locate(("kind",)), approvers(before))
            return
        for one in self._differences(old, new):
            if one.effect in LOOSENS:
                subject = "/".join([before.name, *_part(after, one.path)])
                yield Loosened(subject, one.effect, one.text, after.locate(one.path), approvers(before))

    def _same(self, old: Pair, new: Pair) -> bool:
        """Return whether a policy is another one under a new name."""
        if old[0].name != new[0].name:
            return False
        return all(one.effect not in LOOSENS or one.path == ("metadata", "name") for one in self._differences(old, new))

    def _differences(self, old: Pair, new: Pair) -> Iterator[Difference]:
        (kind, before), (_, after) = old, new
        if alike(before.document, after.document):
            return
        signs = {name: one.sign for name, one in before.baselines.items()}
        agreed = {name: one.sign for name, one in after.baselines.items() if signs.get(name) is one.sign}
        seen = self._leaning
        plainly, otherwise = (_within(after.name, looks) for looks in (seen.plainly, seen.otherwise))
        context = Context(agreed, self._units.get(before.name, {}), seen.lenient, plainly, otherwise)
        yield from comparer(kind.effects, context).models(before.document, after.document, ())

    @cached_property
    def _leaning(self) -> Leaning:
        """Who looks at the checks of the new set."""
        return leaning(self.new)

    @cached_property
    def _units(self) -> Mapping[str, Mapping[str, Unit]]:
        """By policy and check, the unit of the answer where it is the same before and after."""
        old, new = (_units(policies) for policies in (self.old, self.new))
        return {
            policy: {check: unit for check, unit in units.items() if new.get(policy, {}).get(check) is unit}
            for policy, units in old.items()
        }


def _by_name(policies: PolicySet) -> dict[str, Pair]:
    return {policy.name: (kind, policy) for kind, policy in policies.policies}


def _within(policy: str, looks: Mapping[str, str]) -> dict[str, str]:
    """Return who looks at the checks of one policy, by their id."""
    start = f"{policy}/"
    return {address.removeprefix(start): by for address, by in looks.items() if address.startswith(start)}


def _units(policies: PolicySet) -> dict[str, dict[str, Unit]]:
    found: dict[str, dict[str, Unit]] = {}
    for check in resolve_all(policies.policies, policies.catalog).values():
        if check.check.measure is not None:
            found.setdefault(check.policy.name, {})[check.check.id] = check.question.unit
    return found


def _part(policy: Policy[Any], path: Path) -> list[str]:
    """Return the id of the check or rule that a path leads through, or the key of the part of the document."""
    value: Any = policy.document
    for step in path:
        if isinstance(step, int):
            value = value[step]
            name = getattr(value, "id", None)
            if isinstance(name, str):
                return [name]
            break
        value = value.get(step) if isinstance(value, dict) else getattr(value, step, None)
    keys = [str(step) for step in path if isinstance(step, str)]
    return keys[1:2] if keys[:1] == ["spec"] else keys[:1]
