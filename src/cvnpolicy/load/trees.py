"""What the leaves of trees say about checks and facts must be something that can be so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cvnpolicy.core.addresses import addressed
from cvnpolicy.core.check_rules import MOST_INSTANTS
from cvnpolicy.core.condition import ConditionError, check_unit, mentions
from cvnpolicy.core.duration import Duration
from cvnpolicy.core.errors import Problem
from cvnpolicy.core.kind import PolicySet
from cvnpolicy.core.policy import Fact, Policy
from cvnpolicy.core.resolve import Resolved
from cvnpolicy.core.rules import DocumentRule
from cvnpolicy.core.tree import Tree, same
from cvnpolicy.core.unit import Unit


def declared_facts(policies: PolicySet) -> dict[str, Fact]:
    """Return every fact that the documents declare."""
    return {name: fact for _, policy in policies.policies for name, fact in policy.facts.items()}


def fact_problems(policy: Policy[Any]) -> Iterator[Problem]:
    """Yield each fact whose stand-in for "cannot be asked" is none of its values."""
    for name, fact in policy.facts.items():
        if fact.unavailable is not None and fact.values is not None and not _among(fact.unavailable, fact):
            what = f"fact '{name}' cannot be '{fact.unavailable}'"
            place = policy.locate(("spec", "facts", name, "unavailable"))
            yield Problem(DocumentRule.BAD_VALUE, what, f"it can be {_listed(fact)}", place)


def tree_problems(check: Resolved, checks: Mapping[str, Resolved], facts: Mapping[str, Fact]) -> Iterator[Problem]:
    """Yield what is wrong with the leaves of a check's trees."""
    for key, tree in {"only_if": check.check.only_if, **check.check.tests}.items():
        if isinstance(tree, Tree):
            for leaf in tree.leaves():
                yield from _conditions(check, key, leaf)
                if leaf.check in ("*", f"{check.policy.name}/*") and {
                    other.address for other in addressed(leaf.check, check.policy.name, checks)
                } <= {check.address}:
                    what = f"'{leaf.check}' finds no check but this one"
                    yield Problem(DocumentRule.DANGLING_NAME, what, "name other checks", check.place(key))
                if leaf.for_ is not None and leaf.check is not None:
                    yield from _cadences(check, key, leaf, checks)
                if leaf.fact is not None and leaf.fact in facts:
                    yield from _values(check, key, leaf, facts[leaf.fact])


def _conditions(check: Resolved, key: str, leaf: Tree) -> Iterator[Problem]:
    for name, condition, unit in (("count", leaf.count, Unit.COUNT), ("age", leaf.age, Unit.MS)):
        if condition is None:
            continue
        for mentioned, _ in mentions(condition):
            what = f"{name}: '{mentioned}' is a baseline, which a fact has none of"
            yield Problem(DocumentRule.BAD_CONDITION, what, "write a number", check.place(key))
        try:
            check_unit(condition, unit)
        except ConditionError as error:
            yield Problem(DocumentRule.BAD_CONDITION, f"{name}: {error.what}", error.right, check.place(key))


def _cadences(check: Resolved, key: str, leaf: Tree, checks: Mapping[str, Resolved]) -> Iterator[Problem]:
    """``for`` holds at every instant of a cadence, so each check that is addressed needs one that fits."""
    if leaf.for_ is None or leaf.check is None:
        return
    for other in addressed(leaf.check, check.policy.name, checks):
        if other.address == check.address:  # a check does not look at itself
            continue
        every = other.check.every
        if every is None:
            what = f"'for' needs a cadence, and {other.address} has none"
            yield Problem(DocumentRule.BAD_CHECK, what, f"add every: to {other.address}", check.place(key))
        elif leaf.for_.microseconds % every.microseconds:
            what = f"for: {leaf.for_} is not a multiple of every: {every} of {other.address}"
            yield Problem(DocumentRule.BAD_CHECK, what, f"write a multiple of {every}", check.place(key))
        elif (instants := _looked_at(leaf, other, leaf.for_)) > MOST_INSTANTS:
            what = f"for: {leaf.for_} looks at {instants:,} instants of {other.address}"
            yield Problem(DocumentRule.BAD_CHECK, what, f"look at most at {MOST_INSTANTS:,}", check.place(key))


def _looked_at(leaf: Tree, other: Resolved, length: Duration) -> int:
    """How many instants of another check a leaf looks at; for its severity, each with its own history."""
    every = other.check.every
    if every is None:
        return 1
    back = [step.after.microseconds for step in other.check.escalate or () if step.after is not None]
    history = max(back, default=0) // every.microseconds if leaf.severity is not None else 0
    return length.microseconds // every.microseconds * (1 + history)


def _values(check: Resolved, key: str, leaf: Tree, fact: Fact) -> Iterator[Problem]:
    if fact.values is None:
        return
    for value in leaf.is_ or ():
        if not _among(value, fact):
            what = f"fact '{leaf.fact}' cannot be '{value}'"
            yield Problem(DocumentRule.BAD_CHECK, what, f"it can be {_listed(fact)}", check.place(key))


def _among(value: object, fact: Fact) -> bool:
    return any(same(value, known) for known in fact.values or ())


def _listed(fact: Fact) -> str:
    return ", ".join(str(value) for value in fact.values or ())
