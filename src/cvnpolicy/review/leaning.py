"""Which checks others look at, and how: a check that is made tighter may let more through elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cvnpolicy.core.addresses import addressed
from cvnpolicy.core.check import Check
from cvnpolicy.core.effect import Table
from cvnpolicy.core.fields import ALL, ANY
from cvnpolicy.core.finding import UNDECIDED, OnUnknown, Outcome
from cvnpolicy.core.kind import PolicySet
from cvnpolicy.core.model import Model
from cvnpolicy.core.resolve import Resolved, resolve_all
from cvnpolicy.core.tree import GOOD_OUTCOMES, Tree

_BAD = UNDECIDED | {Outcome.WARN, Outcome.FAIL}


@dataclass(frozen=True)
class Leaning:
    """Who looks at the checks of a set."""

    plainly: Mapping[str, str]
    """By address, another check that is no looser where this one goes from pass to warn, or to fail."""
    otherwise: Mapping[str, str]
    """By address, a check or policy of which that cannot be said: it counts, or asks for warnings alone."""
    lenient: bool
    """Whether what is not decided passes somewhere."""
    counted: frozenset[str]
    """Sets of which one member more is not plainly tighter."""


def leaning(policies: PolicySet) -> Leaning:
    """Return who looks at the checks of a set."""
    checks = resolve_all(policies.policies, policies.catalog)
    plainly: dict[str, str] = {}
    otherwise: dict[str, str] = {}
    lenient = False
    for address, check in checks.items():
        lenient |= check.check.on_unknown is OnUnknown.PASS
        for leaf, good in _leaves(check.check):
            lenient |= good and not leaf.outcomes.isdisjoint(UNDECIDED)
            found = plainly if _is_plain(leaf, good=good) else otherwise
            for other in addressed(str(leaf.check), check.policy.name, checks):
                found.setdefault(other.address, address)
    for kind, policy in policies.policies:
        for name in _leant_on(policy.spec, kind.effects):
            otherwise.setdefault(f"{policy.name}/{name}", policy.name)
    counted = {name for check in checks.values() for name in _counted(check, otherwise)}
    return Leaning(plainly, otherwise, lenient, frozenset(counted))


def _leaves(check: Check) -> Iterator[tuple[Tree, bool]]:
    """Yield the leaves about checks, and whether one that is true lets more through."""
    trees = ((check.only_if, False), (check.pass_if, True), (check.warn_if, False), (check.crit_if, False))
    stack = [(tree, good) for tree, good in trees if isinstance(tree, Tree)]
    while stack:
        tree, good = stack.pop()
        if tree.check is not None:
            yield tree, good
        stack += ((below, good is (below is not tree.not_)) for below in tree.branches())


def _is_plain(leaf: Tree, *, good: bool) -> bool:
    """Return whether a leaf can only make its check stricter where a check that it names is made so."""
    if leaf.severity is not None:
        return False
    if good:
        return Outcome.PASS in leaf.outcomes and leaf.outcomes <= GOOD_OUTCOMES and leaf.groups in (None, ALL)
    upward = Outcome.FAIL in leaf.outcomes or Outcome.WARN not in leaf.outcomes
    return upward and leaf.outcomes <= _BAD and leaf.groups in (None, ANY)


def _leant_on(spec: object, table: Table) -> Iterator[str]:
    """Yield the checks that parts of a document name which let something through while these are bad."""
    stack = [spec]
    while stack:
        part = stack.pop()
        if isinstance(part, Model):
            known = table.get(type(part))
            yield from (getattr(part, name) for name in (known.leans if known is not None else ()))
            stack += (getattr(part, name) for name in type(part).model_fields)
        elif isinstance(part, Mapping):
            stack += part.values()
        elif isinstance(part, tuple):
            stack += part


def _counted(check: Resolved, otherwise: Mapping[str, str]) -> Iterator[str]:
    """Yield the sets whose members a check counts, or that others count by its groups."""
    grid: Mapping[str, Any] = {} if check.check.measure is None else check.check.measure.expect or {}
    yield from (name for name in grid.values() if isinstance(name, str))
    if check.address in otherwise or not each(check.check):
        yield from (name for name in check.check.by.values() if isinstance(name, str))


def each(check: Check) -> bool:
    """Return whether a group more can only make a check stricter: each counts for itself, or all must be good."""
    return check.groups in (None, ALL if check.pass_if is not None else ANY)
