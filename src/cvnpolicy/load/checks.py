"""What only shows once a check's names are known: units, baselines, members, fields, circles among checks."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any

from cvnpolicy.core.addresses import addressed
from cvnpolicy.core.condition import Answer, Condition, ConditionError, check_unit, decide, mentions
from cvnpolicy.core.errors import Problem
from cvnpolicy.core.kind import PolicySet
from cvnpolicy.core.model import Model
from cvnpolicy.core.policy import Baseline, Policy
from cvnpolicy.core.resolve import Resolved, resolve_all
from cvnpolicy.core.rules import DocumentRule
from cvnpolicy.core.time import TPlus
from cvnpolicy.core.tree import Tree
from cvnpolicy.core.unit import Unit
from cvnpolicy.load.nearest import did_you_mean

MOST_GROUPS = 10_000
"""The most groups that one check may expect."""

DEEPEST = 32
"""The longest chain of checks that look at one another."""


def check_problems(sound: PolicySet, whole: PolicySet) -> list[Problem]:
    """Return what is wrong with the checks of documents whose names all resolve.

    Args:
        sound: The documents to look at.
        whole: All documents: trees may address any check.
    """
    checks = resolve_all(whole.policies, whole.catalog)
    names = {policy.name for _, policy in sound.policies}
    found: list[Problem] = []
    for check in checks.values():
        if check.policy.name in names:
            found.extend(_one(check))
    for _kind, policy in sound.policies:
        found.extend(_anchors(policy))
    found.extend(_circles(checks))
    return found


def _one(check: Resolved) -> Iterator[Problem]:
    yield from _trees(check)
    if check.check.measure is None:
        return
    missing = list(_baseline_names(check))
    yield from missing
    yield from _units(check)
    yield from _members(check)
    yield from _fields(check)
    yield from _reference(check)
    if not missing:
        yield from _implication(check)


def _baseline_names(check: Resolved) -> Iterator[Problem]:
    known: Mapping[str, Baseline] = check.policy.spec.baselines
    for key, test in check.check.tests.items():
        if isinstance(test, Condition):
            for name, at in mentions(test):
                if name not in known:
                    what = f"there is no baseline '{name}' in this document"
                    right = did_you_mean(name, known) if known else "declare it under baselines"
                    place = check.place_within(key, at.offset, at.length)
                    yield Problem(DocumentRule.DANGLING_NAME, what, right, place)


def _units(check: Resolved) -> Iterator[Problem]:
    for key, test in check.check.tests.items():
        if isinstance(test, Condition):
            try:
                check_unit(test, check.question.unit)
            except ConditionError as error:
                place = check.place_within(key, error.offset, max(1, error.length))
                yield Problem(DocumentRule.BAD_CONDITION, error.what, error.right, place)


def _implication(check: Resolved) -> Iterator[Problem]:
    warn, crit = check.check.warn_if, check.check.crit_if
    if not isinstance(warn, Condition) or not isinstance(crit, Condition) or crit.is_unset or warn.is_unset:
        return
    signs = {name: baseline.sign for name, baseline in check.policy.spec.baselines.items()}
    answer = decide(crit, warn, signs)
    if answer is Answer.NO:
        what = f"crit_if '{crit}' can hold where warn_if '{warn}' does not"
        right = "make crit_if imply warn_if (declare the sign: of its baselines if that is what is missing)"
        yield Problem(DocumentRule.BAD_CONDITION, what, right, check.place("crit_if"))
    elif answer is Answer.TOO_LARGE:
        what = f"whether crit_if '{crit}' implies warn_if '{warn}' has {answer.value}"
        yield Problem(DocumentRule.BAD_CONDITION, what, "write fewer clauses", check.place("crit_if"))


def _members(check: Resolved) -> Iterator[Problem]:
    count = math.prod(len(members) for members in check.members.values())
    if count > MOST_GROUPS:
        what = f"the check expects {count:,} groups"
        yield Problem(DocumentRule.BAD_CHECK, what, f"expect at most {MOST_GROUPS:,}", check.place("by"))
    for name, members in check.members.items():
        if len(set(members)) != len(members):
            yield Problem(
                DocumentRule.BAD_CHECK, f"a member of '{name}' is listed twice", "list it once", check.place("by", name)
            )


def _fields(check: Resolved) -> Iterator[Problem]:
    """Columns, filters and dimensions of an event are fields that its catalog entry declares."""
    measure = check.check.measure
    event = check.question.event
    if measure is None or event is None:
        return
    fields = check.catalog.events[event].fields
    used = [
        *((name, ("measure", "columns")) for name in check.question.columns if measure.metric is None),
        *((name, ("measure", "metric")) for name in check.question.columns if measure.metric is not None),
        *((name, ("measure", "where", name)) for name in measure.where),
        *((name, ("by", name)) for name in check.row_members()),
        *((name, ("measure", "over")) for name in measure.over or ()),
        *((name, ("measure", "match", "same")) for name in (measure.match.same if measure.match else ())),
    ]
    for name, path in used:
        if name not in fields:
            what = f"event '{event}' has no field '{name}'"
            right = did_you_mean(name, fields) if fields else "declare its fields in the EventCatalog"
            yield Problem(DocumentRule.DANGLING_NAME, what, right, check.place(*path))


def _reference(check: Resolved) -> Iterator[Problem]:
    name = check.check.measure.reference if check.check.measure is not None else None
    if name is None:
        return
    baseline: Baseline = check.policy.spec.baselines[name]
    for key in ("value", "statistic", "columns", "metric"):
        if getattr(baseline, key) is not None:
            what = f"baseline '{name}' replaces {key}, so it is no second sample"
            place = check.policy.locate(("spec", "baselines", name, key))
            yield Problem(DocumentRule.BAD_CHECK, what, "replace dataset, where or window only", place)


def _trees(check: Resolved) -> Iterator[Problem]:
    for key, tree in {"only_if": check.check.only_if, **check.check.tests}.items():
        if isinstance(tree, Tree):
            for leaf in tree.leaves():
                yield from _leaf(check, key, leaf)


def _leaf(check: Resolved, key: str, leaf: Tree) -> Iterator[Problem]:
    for name in ("count", "age"):
        condition = getattr(leaf, name)
        if condition is not None:
            try:
                check_unit(condition, Unit.COUNT if name == "count" else Unit.MS)
            except ConditionError as error:
                yield Problem(DocumentRule.BAD_CONDITION, f"{name}: {error.what}", error.right, check.place(key))
            for mentioned, _ in mentions(condition):
                what = f"{name}: '{mentioned}' is a baseline, which a fact has none of"
                yield Problem(DocumentRule.BAD_CONDITION, what, "write a number", check.place(key))


def _anchors(policy: Policy[Any]) -> Iterator[Problem]:
    """``T+N`` needs the document's anchor."""
    if policy.document.metadata.anchor is not None:
        return
    for moment, path in _moments(policy.document, ()):
        what = f"{moment} counts from an anchor that the document does not have"
        yield Problem(DocumentRule.MISSING_KEY, what, "add metadata: anchor:", policy.locate(path))


def _moments(value: object, path: tuple[str | int, ...]) -> Iterator[tuple[TPlus, tuple[str | int, ...]]]:
    if isinstance(value, TPlus):
        yield value, path
    elif isinstance(value, tuple):
        for index, part in enumerate(value):
            yield from _moments(part, (*path, index))
    elif isinstance(value, Model):
        for field, info in type(value).model_fields.items():
            yield from _moments(getattr(value, field), (*path, info.alias or field))


def _circles(checks: Mapping[str, Resolved]) -> Iterator[Problem]:
    """Checks must not look at one another in a circle, nor in a very long chain."""
    looks_at = {address: _looked_at(check, checks) for address, check in checks.items()}
    while True:
        try:
            order = list(TopologicalSorter(looks_at).static_order())
            break
        except CycleError as error:
            circle: list[str] = error.args[1]
            what = f"checks look at one another in a circle: {' → '.join(reversed(circle))}"
            yield Problem(DocumentRule.BAD_CHECK, what, "break it", checks[circle[0]].location)
            looks_at[circle[0]] = ()  # broken here, so that another circle can be seen
    depth: dict[str, int] = {}
    for address in order:
        depth[address] = 1 + max((depth[name] for name in looks_at[address]), default=0)
        if depth[address] == DEEPEST + 1:
            what = f"a chain of more than {DEEPEST} checks that look at one another ends here"
            yield Problem(DocumentRule.BAD_CHECK, what, "shorten it", checks[address].location)


def _looked_at(check: Resolved, checks: Mapping[str, Resolved]) -> tuple[str, ...]:
    trees = [tree for tree in (check.check.only_if, *check.check.tests.values()) if isinstance(tree, Tree)]
    found = [
        other.address
        for tree in trees
        for leaf in tree.leaves()
        if leaf.check is not None
        for other in addressed(leaf.check, check.policy.name, checks)
        if other.address != check.address or leaf.check not in ("*", f"{check.policy.name}/*")
    ]
    return tuple(dict.fromkeys(found))
