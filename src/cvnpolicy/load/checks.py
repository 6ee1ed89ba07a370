"""What only shows once a check's names are known: units, baselines, members, fields, circles among checks."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from cvnpolicy.core.condition import Answer, Condition, ConditionError, check_unit, decide, mentions, parse
from cvnpolicy.core.errors import Problem
from cvnpolicy.core.fields import Quantifier
from cvnpolicy.core.kind import PolicySet
from cvnpolicy.core.model import Model
from cvnpolicy.core.policy import Baseline, Policy
from cvnpolicy.core.resolve import Resolved, resolve_all
from cvnpolicy.core.rules import DocumentRule
from cvnpolicy.core.time import TPlus
from cvnpolicy.core.tree import same
from cvnpolicy.core.unit import Unit
from cvnpolicy.load.budget import budget_problems
from cvnpolicy.load.circles import circle_problems
from cvnpolicy.load.counts import always_or_never
from cvnpolicy.load.fields import field_problems
from cvnpolicy.load.looks import Looks
from cvnpolicy.load.metrics import metric_problems, planned_problems
from cvnpolicy.load.nearest import Suggestions
from cvnpolicy.load.replacing import replaced_problems, value_problems
from cvnpolicy.load.trees import declared_facts, fact_problems, tree_problems

MOST_GROUPS = 10_000
"""The most groups that one check may expect."""

MOST_QUESTIONS = 200_000
"""The most questions that one check may ask: its groups times the instants it looks back on."""


def check_problems(policies: PolicySet) -> list[Problem]:
    """Return what is wrong with the checks of documents whose names all resolve."""
    checks = resolve_all(policies.policies, policies.catalog)
    facts = declared_facts(policies)
    looks = Looks(checks)
    suggestions = Suggestions()
    found: list[Problem] = []
    for check in checks.values():
        found.extend(_one(check, suggestions))
        found.extend(tree_problems(check, looks, facts))
    for _kind, policy in policies.policies:
        found.extend(_anchors(policy))
        found.extend(_waivers(policy, checks, suggestions))
        found.extend(fact_problems(policy))
        found.extend(value_problems(policy))
        found.extend(planned_problems(policy, policies.catalog))
    found.extend(circle_problems(looks))
    if not found:  # only what is sound can be counted: without circles, and with groups that are not too many
        found.extend(budget_problems(looks))
    return found


def _one(check: Resolved, suggestions: Suggestions) -> Iterator[Problem]:
    if check.check.measure is None:
        return
    yield from _logs(check)
    missing = list(_baseline_names(check, suggestions))
    yield from missing
    yield from _units(check)
    yield from _reach(check)
    yield from _members(check)
    yield from field_problems(check, suggestions)
    yield from _reference(check)
    yield from metric_problems(check)
    yield from replaced_problems(check)
    if not missing:
        yield from _implication(check)


def _logs(check: Resolved) -> Iterator[Problem]:
    """Yield each part of a measure that asks a whole event log for rows: no source could answer it."""
    measure = check.check.measure
    if measure is None:
        return
    parts = [("measure", measure.dataset)]
    if measure.total is not None and measure.total.event is None:
        parts.append(("total", measure.total.dataset))
    for key, dataset in parts:
        if dataset is not None and dataset in check.catalog.logs:
            path = ("measure", "dataset") if key == "measure" else ("measure", "total", "dataset")
            what = f"dataset '{dataset}' is an event log, which has no columns of its own"
            yield Problem(DocumentRule.BAD_CHECK, what, "name one of its events with event:", check.place(*path))


def _baseline_names(check: Resolved, suggestions: Suggestions) -> Iterator[Problem]:
    known: Mapping[str, Baseline] = check.policy.baselines
    for key, test in check.check.tests.items():
        if isinstance(test, Condition):
            for name, at in mentions(test):
                if name not in known:
                    what = f"there is no baseline '{name}' in this document"
                    right = suggestions.did_you_mean(name, known) if known else "declare it under baselines"
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


def _reach(check: Resolved) -> Iterator[Problem]:
    """A condition must be able to hold and to fail on the answers that its statistic can give."""
    least, most = check.question.bounds
    try:
        inside, outside = _ranges(least, most, check.question.unit)
    except ConditionError:
        return  # a bound that no condition can spell, such as 1e-20: nothing is claimed about it
    for key, test in check.check.tests.items():
        if not isinstance(test, Condition) or test.is_unset:
            continue
        never = decide(test, outside) is Answer.YES
        if never or decide(inside, test) is Answer.YES:
            what = f"'{test}' {'can never hold' if never else 'always holds'}"
            ends = [f"from {least}"] if least is not None else []
            ends += [f"up to {most}"] if most is not None else []
            name = check.question.statistic.name
            right = f"'{name}' goes {' '.join(ends) or 'from anywhere to anywhere'}: write a limit that decides"
            yield Problem(DocumentRule.BAD_CONDITION, what, right, check.place(key))


@lru_cache(maxsize=256)
def _ranges(least: float | None, most: float | None, unit: Unit) -> tuple[Condition, Condition]:
    """Return the conditions "inside these bounds" and "outside of them", in a unit.

    Raises:
        ConditionError: If a bound has more digits than a condition can.
    """
    suffix = next(iter(unit.factors))
    mark = "" if suffix is None else suffix.value
    low, high = (None if end is None else f"{Decimal(str(end)):f}{mark}" for end in (least, most))
    within = [f">= {low}"] * (low is not None) + [f"<= {high}"] * (high is not None)
    beyond = [f"< {low}"] * (low is not None) + [f"> {high}"] * (high is not None)
    return parse(" and ".join(within) or f"> 0{mark} or <= 0{mark}"), parse(" or ".join(beyond) or "unset")


def _implication(check: Resolved) -> Iterator[Problem]:
    warn, crit = check.check.warn_if, check.check.crit_if
    if not isinstance(warn, Condition) or not isinstance(crit, Condition) or crit.is_unset or warn.is_unset:
        return
    signs = {name: baseline.sign for name, baseline in check.policy.baselines.items()}
    answer = decide(crit, warn, signs)
    if answer is Answer.NO:
        what = f"crit_if '{crit}' can hold where warn_if '{warn}' does not"
        right = "make crit_if imply warn_if"
        if mentions(crit) or mentions(warn):
            right += " (declare the sign: of its baselines if that is what is missing)"
        yield Problem(DocumentRule.BAD_CONDITION, what, right, check.place("crit_if"))
    elif answer is Answer.TOO_LARGE:
        what = f"whether crit_if '{crit}' implies warn_if '{warn}' has {answer.value}"
        yield Problem(DocumentRule.BAD_CONDITION, what, "write fewer clauses", check.place("crit_if"))


def _members(check: Resolved) -> Iterator[Problem]:
    count = math.prod(len(members) for members in check.members.values())
    if count > MOST_GROUPS:
        what = f"the check expects {count:,} groups"
        yield Problem(DocumentRule.BAD_CHECK, what, f"expect at most {MOST_GROUPS:,}", check.place("by"))
    back = [check.check.for_, *(step.after for step in check.check.escalate or ())]
    if check.check.every is not None:
        instants = 1 + sum(length.microseconds for length in back if length) // check.check.every.microseconds
        if count <= MOST_GROUPS and count * instants > MOST_QUESTIONS:
            what = f"{count:,} groups on {instants:,} instants are {count * instants:,} questions"
            yield Problem(DocumentRule.BAD_CHECK, what, f"ask at most {MOST_QUESTIONS:,}", check.place("every"))
    yield from _quantifiers(check)
    for name, members in check.members.items():
        if len(set(members)) != len(members):
            yield Problem(
                DocumentRule.BAD_CHECK, f"a member of '{name}' is listed twice", "list it once", check.place("by", name)
            )


def _quantifiers(check: Resolved) -> Iterator[Problem]:
    """A count of groups must be able to hold and to fail: what cannot do both decides nothing."""
    groups = check.check.groups
    if isinstance(groups, Quantifier):
        sizes = [(groups, math.prod(len(members) for members in check.members.values()))]
    else:
        sizes = [(quantifier, len(check.members[name])) for name, quantifier in (groups or {}).items()]
    for quantifier, size in sizes:
        if quantifier.count is None:
            continue
        always = always_or_never(quantifier.count, size)
        if always is not None:
            what = f"groups: '{quantifier}' {always} with {size} groups"
            yield Problem(DocumentRule.BAD_CHECK, what, f"count from 0 to {size}", check.place("groups"))


def _reference(check: Resolved) -> Iterator[Problem]:
    name = check.check.measure.reference if check.check.measure is not None else None
    if name is None:
        return
    baseline: Baseline = check.policy.baselines[name]
    for key in ("value", "statistic", "columns", "metric"):
        if getattr(baseline, key) is not None:
            what = f"baseline '{name}' replaces {key}, so it is no second sample"
            place = check.policy.locate(("spec", "baselines", name, key))
            yield Problem(DocumentRule.BAD_CHECK, what, "replace dataset, where or window only", place)


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


def _waivers(policy: Policy[Any], checks: Mapping[str, Resolved], suggestions: Suggestions) -> Iterator[Problem]:
    """Yield each waiver whose group its check does not have: it would never excuse anything."""
    for index, waiver in enumerate(policy.document.waivers or ()):
        check = checks.get(f"{policy.name}/{waiver.check}")
        if waiver.group is None or check is None:
            continue
        place = ("waivers", index, "group")
        if check.check.measure is not None and check.quantifiers is not None:
            what = f"the groups of '{waiver.check}' are judged together"
            yield Problem(DocumentRule.BAD_CHECK, what, "remove group:", policy.locate(place))
            continue
        members = check.members if check.check.measure is not None else {}
        for name, member in waiver.group.items():
            if name not in members:
                what = f"check '{waiver.check}' has no groups by '{name}'"
                right = suggestions.did_you_mean(name, members) if members else "remove group:"
                yield Problem(DocumentRule.BAD_CHECK, what, right, policy.locate((*place, name)))
            elif not any(same(member, known) for known in members[name]):
                what = f"'{member}' is no member of '{name}' in check '{waiver.check}'"
                right = suggestions.did_you_mean(str(member), [str(known) for known in members[name]])
                yield Problem(DocumentRule.BAD_CHECK, what, right, policy.locate((*place, name)))
