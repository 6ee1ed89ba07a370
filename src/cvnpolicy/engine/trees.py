"""Trees of answers at an instant, in three values, with the reasons where the value is not known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cvnpolicy.core.addresses import addressed
from cvnpolicy.core.condition import Condition, evaluate
from cvnpolicy.core.evidence import Answer, FactNeed, FactReading, Need, Unavailable
from cvnpolicy.core.fields import ALL, ANY, Quantifier
from cvnpolicy.core.finding import UNDECIDED, Outcome, Pairs, Severity
from cvnpolicy.core.kind import PolicySet
from cvnpolicy.core.logic import Truth, conjunction, disjunction
from cvnpolicy.core.policy import Fact, Policy
from cvnpolicy.core.resolve import Resolved
from cvnpolicy.core.time import cadence_back
from cvnpolicy.core.tree import GOOD_OUTCOMES, Tree, same
from cvnpolicy.core.unit import Unit
from cvnpolicy.engine.quantify import count_between, joined
from cvnpolicy.engine.severity import State, first_seen, severity_of
from cvnpolicy.engine.state import Cause

Verdict = tuple[Truth, tuple[Cause, ...]]

FACTS_DATASET = "facts"
"""The dataset that facts with ``source: manual`` are read from."""


@dataclass(frozen=True, slots=True)
class Told:
    """One leaf of a tree, for a sentence."""

    leaf: Tree
    truth: Truth
    aside: str
    """What must be said with it; mostly nothing."""


class TreeJudge:
    """Evaluates trees. Every branch is always looked at, so that what is asked does not depend on answers."""

    def __init__(
        self,
        policies: PolicySet,
        checks: Mapping[str, Resolved],
        ask: Callable[[Need], Answer],
        state: State,
        now: datetime,
    ) -> None:
        """Keep what the leaves look at."""
        self._now = now
        self._checks = checks
        self._ask = ask
        self._state = state
        self._facts: dict[str, Fact] = {}
        for _kind, policy in policies.policies:
            self._facts.update(policy.facts)

    def judge(self, tree: Tree, policy: Policy[Any], at: datetime, asking: str) -> Verdict:
        """Return the truth of a tree of a document at an instant, and the causes where it is unknown."""
        if tree.all is not None or tree.any is not None:
            parts = [self.judge(branch, policy, at, asking) for branch in tree.branches()]
            join = conjunction if tree.all is not None else disjunction
            return _with_causes(join(truth for truth, _ in parts), (cause for _, causes in parts for cause in causes))
        if tree.not_ is not None:
            truth, causes = self.judge(tree.not_, policy, at, asking)
            return ~truth, causes
        if tree.check is not None:
            return self._check_leaf(tree, policy, at, asking)
        return self._fact_leaf(tree, at, past=at < self._checks[asking].instant(self._now))

    def told(self, tree: Tree, policy: Policy[Any], at: datetime, asking: str) -> tuple[Told, ...]:
        """Return every leaf of a tree with its truth, left to right: why the tree is as it is."""
        return tuple(
            Told(leaf, self.judge(leaf, policy, at, asking)[0], self._stand_in(leaf)) for leaf in tree.leaves()
        )

    def _stand_in(self, leaf: Tree) -> str:
        """Return why a fact was taken for its stand-in; empty where it was asked."""
        if leaf.fact is None:
            return ""
        fact = self._facts[leaf.fact]
        answer = self._ask(_fact_need(leaf.fact, fact))
        if isinstance(answer, Unavailable) and fact.unavailable is not None:
            return f"taken for {fact.unavailable} since {answer.reason}"
        return ""

    def _check_leaf(self, tree: Tree, policy: Policy[Any], at: datetime, asking: str) -> Verdict:
        truths: list[Truth] = []
        causes: list[Cause] = []
        for check in addressed(str(tree.check), policy.name, self._checks):
            if check.address == asking:
                continue
            for truth, cause in self._units(tree, check, at):
                truths.append(truth)
                causes.extend(cause)
        default = ALL if tree.outcomes <= GOOD_OUTCOMES else ANY
        return _with_causes(joined(tree.groups or default, truths), causes)

    def _units(self, tree: Tree, check: Resolved, at: datetime) -> list[Verdict]:
        """Return one truth a group of an addressed check; sustained over ``for`` on the check's own cadence."""
        instants = [at]
        if tree.for_ is not None and check.check.every is not None:
            instants += list(cadence_back(check.instant(at), check.check.every, tree.for_))[1:]
        units: list[Verdict] = []
        for group, _, _ in self._state(check, at).outcomes:
            verdicts = [self._unit(tree, check, group, instant) for instant in instants]
            causes = (cause for _, causes in verdicts for cause in causes)
            units.append(_with_causes(conjunction(truth for truth, _ in verdicts), causes))
        return units

    def _unit(self, tree: Tree, check: Resolved, group: Pairs, at: datetime) -> Verdict:
        answer = self._state(check, at).answer_for(group)
        if answer is None:
            text = f"{check.address} did not apply at {at:%Y-%m-%d %H:%M} UTC, or applied otherwise"
            return Truth.UNKNOWN, (Cause(Outcome.INCONCLUSIVE, text),)
        outcome, level = answer
        since = first_seen(check, group, at, self._state) if tree.severity is not None else None
        return _as_asked(tree, check, outcome, severity_of(check, level, at, since))

    def _fact_leaf(self, tree: Tree, at: datetime, *, past: bool) -> Verdict:
        name = str(tree.fact)
        fact = self._facts[name]
        answer = self._ask(_fact_need(name, fact))
        if isinstance(answer, Unavailable):
            stand_in = None if past else fact.unavailable
            if stand_in is not None and tree.is_ is not None:
                return Truth.of(any(same(stand_in, value) for value in tree.is_)), ()
            return Truth.UNKNOWN, (Cause(Outcome.ERROR, f"fact {name}: {answer.reason}", answer.hint),)
        if not isinstance(answer, FactReading):
            return Truth.UNKNOWN, (Cause(Outcome.ERROR, f"fact {name}: the source answered another question"),)
        cause = _distrust(name, fact, answer, at, past=past)
        if cause is not None:
            return Truth.UNKNOWN, (cause,)
        if tree.count is not None:
            return _count(name, tree, tree.count, answer)
        if tree.age is not None:
            return _age(name, tree.age, answer, at)
        if answer.value is None:
            return Truth.UNKNOWN, (Cause(Outcome.NO_DATA, f"fact {name} has no value"),)
        return Truth.of(any(same(answer.value, value) for value in tree.is_ or ())), ()


def _fact_need(name: str, fact: Fact) -> FactNeed:
    return FactNeed(name, FACTS_DATASET if fact.source == "manual" else fact.source)


def _as_asked(tree: Tree, check: Resolved, outcome: Outcome, severity: Severity | None) -> Verdict:
    """Return whether one answer of a check is as the leaf asks."""
    wanted = tree.outcomes
    if outcome in wanted:
        counts = tree.severity is None or severity in tree.severity
        return (Truth.of(counts), ())
    if outcome not in UNDECIDED:
        return (Truth.FALSE, ())
    possible = set(check.check.severities)
    if tree.severity is not None and not possible & set(tree.severity):
        return (Truth.FALSE, ())
    return (Truth.UNKNOWN, (Cause(outcome, f"{check.address} is {outcome.value.replace('_', ' ')}"),))


def _with_causes(truth: Truth, causes: Iterable[Cause]) -> Verdict:
    return truth, tuple(dict.fromkeys(causes)) if truth is Truth.UNKNOWN else ()


def _distrust(name: str, fact: Fact, answer: FactReading, at: datetime, *, past: bool) -> Cause | None:
    """Return why a fact's answer cannot be used: wrong person, too old, from the future, an undeclared value.

    ``past``: asked about an instant before the present one. What is known now was not always so.
    """
    if past and answer.at is None:
        return Cause(Outcome.INCONCLUSIVE, f"fact {name} does not say since when it is so", "add at:")
    if fact.attested_by is not None and answer.by not in fact.attested_by:
        who = " or ".join(fact.attested_by)
        return Cause(Outcome.INCONCLUSIVE, f"fact {name} is attested by {answer.by or 'nobody'}", f"ask {who}")
    if answer.at is not None and answer.at > at:
        return Cause(Outcome.INCONCLUSIVE, f"fact {name} was attested after the instant asked about")
    if fact.fresh_for is not None:
        if answer.at is None:
            return Cause(Outcome.INCONCLUSIVE, f"fact {name} does not say when it was attested", "add at:")
        if at - answer.at > fact.fresh_for.delta:
            text = f"fact {name} was attested at {answer.at:%Y-%m-%d %H:%M} UTC, longer than {fact.fresh_for} ago"
            return Cause(Outcome.INCONCLUSIVE, text, "attest it again")
    if fact.values is not None and answer.value is not None and not any(same(answer.value, v) for v in fact.values):
        known = ", ".join(str(value) for value in fact.values)
        return Cause(Outcome.ERROR, f"fact {name} is '{answer.value}'", f"it can be {known}")
    return None


def _count(name: str, tree: Tree, condition: Condition, answer: FactReading) -> Verdict:
    if answer.items is None:
        return Truth.UNKNOWN, (Cause(Outcome.NO_DATA, f"fact {name} has no items to count"),)
    certain = possible = 0
    for item in answer.items:
        matches = conjunction(
            Truth.UNKNOWN if key not in item else Truth.of(any(same(item[key], value) for value in values))
            for key, values in (tree.where or {}).items()
        )
        certain += matches is Truth.TRUE
        possible += matches is not Truth.FALSE
    truth = count_between(Quantifier(str(condition), condition), certain, possible)
    cause = Cause(Outcome.INCONCLUSIVE, f"fact {name}: {possible - certain} items lack a field that is asked for")
    return _with_causes(truth, (cause,))


def _age(name: str, condition: Condition, answer: FactReading, at: datetime) -> Verdict:
    if answer.at is None:
        return Truth.UNKNOWN, (
            Cause(Outcome.INCONCLUSIVE, f"fact {name} does not say when it was attested", "add at:"),
        )
    microseconds = (at - answer.at) // timedelta(microseconds=1)
    return evaluate(condition, microseconds / 1_000, {}, Unit.MS), ()
