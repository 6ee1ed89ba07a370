"""What the leaves of trees say about checks and facts must be something that can be so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cvnpolicy.core.check_rules import MOST_INSTANTS
from cvnpolicy.core.condition import ConditionError, check_unit, mentions
from cvnpolicy.core.duration import Duration
from cvnpolicy.core.errors import Problem
from cvnpolicy.core.finding import Outcome
from cvnpolicy.core.kind import PolicySet
from cvnpolicy.core.policy import Fact, Policy
from cvnpolicy.core.resolve import Resolved
from cvnpolicy.core.rules import DocumentRule
from cvnpolicy.core.tree import Tree, same
from cvnpolicy.core.unit import Unit
from cvnpolicy.load.counts import always_or_never
from cvnpolicy.load.looks import Looks, Profile, full_address, matches, trees_of


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


def tree_problems(check: Resolved, looks: Looks, facts: Mapping[str, Fact]) -> Iterator[Problem]:
    """Yield what is wrong with the leaves of a check's trees."""
    for key, tree in trees_of(check).items():
        for leaf in tree.leaves():
            yield from _conditions(check, key, leaf)
            if leaf.check is not None:
                yield from _others(check, key, leaf, looks)
            if leaf.fact is not None and leaf.fact in facts:
                yield from _values(check, key, leaf, facts[leaf.fact])


def _others(check: Resolved, key: str, leaf: Tree, looks: Looks) -> Iterator[Problem]:
    """Yield what is wrong with a leaf about other checks; a check does not look at itself."""
    address = full_address(str(leaf.check), check.policy.name)
    others = [profile for profile in looks.profiles(address) if profile.but(check.address) is not None]
    if not others:
        if matches(address, check.address):
            what = f"'{leaf.check}' finds no check but this one"
            yield Problem(DocumentRule.DANGLING_NAME, what, "name other checks", check.place(key))
        return
    if leaf.for_ is not None:
        yield from _cadences(check, key, leaf, others)
    if not address.endswith("*"):  # a wildcard is also about checks that are yet to come
        yield from _reachable(check, key, leaf, others)
    units = looks.units(address, check.address)
    if leaf.groups is not None and leaf.groups.count is not None:
        always = always_or_never(leaf.groups.count, units)
        if always is not None:
            what = f"groups: '{leaf.groups}' {always}: '{leaf.check}' gives {units:,}"
            yield Problem(DocumentRule.BAD_CHECK, what, f"count from 0 to {units:,}", check.place(key))


_DECIDED = frozenset({Outcome.PASS, Outcome.WARN, Outcome.FAIL})


def _reachable(check: Resolved, key: str, leaf: Tree, others: Sequence[Profile]) -> Iterator[Problem]:
    """Yield a leaf whose outcomes, or their severities, no addressed check can have.

    Outcomes that say "could not decide" or "did not apply" are taken to be possible for every check.
    """
    asked = leaf.outcomes
    able = [profile.traits for profile in others if asked - _DECIDED or asked & profile.traits.outcomes]
    if not able:
        can = sorted(set().union(*(profile.traits.outcomes for profile in others)))
        what = f"'{leaf.check}' is never {' or '.join(sorted(asked))}"
        yield Problem(DocumentRule.BAD_CHECK, what, f"it can be {', '.join(can)}", check.place(key))
    elif leaf.severity is not None and not any(traits.severities & set(leaf.severity) for traits in able):
        known = sorted(set().union(*(traits.severities for traits in able)))
        what = f"'{leaf.check}' never has severity {' or '.join(leaf.severity)}"
        right = f"it has {', '.join(known)}" if known else "it has none: add severity: to it, or remove this"
        yield Problem(DocumentRule.BAD_CHECK, what, right, check.place(key))
    elif asked == set(Outcome) and leaf.severity is None and leaf.groups is None:
        yield Problem(
            DocumentRule.BAD_CHECK, "every outcome is asked for, so it always holds", "name some", check.place(key)
        )


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
            continue
        always = always_or_never(condition, None) if unit is Unit.COUNT and not mentions(condition) else None
        if always is not None:
            what = f"{name}: '{condition}' {always}"
            yield Problem(DocumentRule.BAD_CONDITION, what, "a count goes from 0 on", check.place(key))


def _cadences(check: Resolved, key: str, leaf: Tree, others: Sequence[Profile]) -> Iterator[Problem]:
    """``for`` holds at every instant of a cadence, so each check that is addressed needs one that fits."""
    if leaf.for_ is None:
        return
    for profile in others:
        other, every = profile.but(check.address), profile.every
        if every is None:
            what, right = f"'for' needs a cadence, and {other} has none", f"add every: to {other}"
        elif leaf.for_.microseconds % every.microseconds:
            what = f"for: {leaf.for_} is not a multiple of every: {every} of {other}"
            right = f"write a multiple of {every}"
        elif profile.timeless:
            what = f"'for' asks the same rows again at every instant, since {other} has window: run"
            right = f"remove for, or give {other} a window such as 24h"
        elif (instants := _looked_at(leaf.for_, profile if leaf.severity else None, every)) > MOST_INSTANTS:
            what = f"for: {leaf.for_} looks at {instants:,} instants of {other}"
            right = f"look at most at {MOST_INSTANTS:,}"
        else:
            continue
        yield Problem(DocumentRule.BAD_CHECK, what, right, check.place(key))


def _looked_at(length: Duration, graded: Profile | None, every: Duration) -> int:
    """How many instants of another check a leaf looks at; for its severity, each with its own history."""
    history = graded.history if graded is not None else 0
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
