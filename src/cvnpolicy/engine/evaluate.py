"""From evidence to states: each check at each instant that somebody asks about, once.

The same walk serves planning. Given a recorder instead of evidence it meets every question it would ever put,
because what it asks never depends on what it was answered.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from cvnpolicy.core.condition import BaselineValue, Condition, evaluate, names
from cvnpolicy.core.evidence import Answer, Need, Pairs, Reading, Readings, Unavailable
from cvnpolicy.core.finding import UNDECIDED, Outcome
from cvnpolicy.core.kind import PolicySet
from cvnpolicy.core.logic import Truth, conjunction
from cvnpolicy.core.numbers import instant as instant_text
from cvnpolicy.core.policy import Baseline
from cvnpolicy.core.resolve import Resolved, resolve_all
from cvnpolicy.core.time import cadence_back
from cvnpolicy.core.tree import Tree
from cvnpolicy.engine.doubts import baseline_doubt, doubt, silence, silence_hint
from cvnpolicy.engine.quantify import nested
from cvnpolicy.engine.state import Cause, CheckState, GroupState, Judged
from cvnpolicy.engine.trees import Told, TreeJudge, Verdict

Ask = Callable[[Need], Answer]


class Evaluator:
    """Judges checks at instants. Keeps every state it has worked out, and nothing between runs."""

    def __init__(self, policies: PolicySet, ask: Ask) -> None:
        """Look up every check of the set.

        Args:
            policies: The loaded set.
            ask: Answers a question; must be a pure function while the evaluator lives.
        """
        self.checks: Mapping[str, Resolved] = resolve_all(policies.policies, policies.catalog)
        self._ask = ask
        self._trees = TreeJudge(policies, self.checks, ask, self.state)
        self._states: dict[tuple[str, datetime], CheckState] = {}
        self._group_states: dict[tuple[str, Pairs, datetime], GroupState] = {}

    def told(self, check: Resolved, key: str, at: datetime) -> tuple[Told, ...]:
        """Return the leaves of a check's tree with their truth; none where the check tests a number."""
        test = check.check.tests[key]
        return self._trees.told(test, check.policy, at, check.address) if isinstance(test, Tree) else ()

    def state(self, check: Resolved, at: datetime) -> CheckState:
        """Return what a check says at an instant: its answer on its own cadence, if it is active by then."""
        instant = check.instant(at)
        key = (check.address, instant)
        if key not in self._states:
            self._states[key] = self._work_out(check, instant)
        state = self._states[key]
        # A date is reached at its first instant, not at the check's next one.
        start = check.check.active_from
        if start is None or at >= (begins := check.policy.instant(start)):
            return state
        return replace(state, suspended=Cause(Outcome.NOT_APPLICABLE, f"not active before {instant_text(begins)}"))

    def _work_out(self, check: Resolved, at: datetime) -> CheckState:
        # Everything is asked even when the check turns out not to apply: what is asked must not depend on answers.
        groups = tuple(self._groups(check, at))
        suspended = self._suspension(check, at)
        return CheckState(groups, self._combine(check, groups), suspended)

    def _suspension(self, check: Resolved, at: datetime) -> Cause | None:
        only_if = self._only_if(check, at)
        if only_if is None or only_if[0] is Truth.TRUE:
            return None
        if only_if[0] is Truth.FALSE:
            return Cause(Outcome.NOT_APPLICABLE, "its only_if does not hold")
        reasons = "; ".join(cause.reason for cause in only_if[1])
        return Cause(Outcome.INCONCLUSIVE, f"it is not known whether it applies: {reasons}")

    def _only_if(self, check: Resolved, at: datetime) -> Verdict | None:
        tree = check.check.only_if
        return None if tree is None else self._trees.judge(tree, check.policy, at, check.address)

    def _groups(self, check: Resolved, at: datetime) -> Iterator[GroupState]:
        if check.check.measure is None:
            yield GroupState((), self._tree_tests(check, at), measures=False)
            return
        for group in check.groups:
            yield self._sustained(check, group, at)

    def _tree_tests(self, check: Resolved, at: datetime) -> Judged:
        truths: dict[str, Truth] = {}
        causes: list[Cause] = []
        for key, test in check.check.tests.items():
            if not isinstance(test, Tree):
                raise AssertionError(f"{check.address}: {key} is no tree")
            truths[key], why = self._trees.judge(test, check.policy, at, check.address)
            causes.extend(why)
        return Judged(truths, tuple(dict.fromkeys(causes)))

    def _sustained(self, check: Resolved, group: Pairs, at: datetime) -> GroupState:
        """Judge a group over ``for``: true only when true at every instant of the closed [at − for, at]."""
        newest = self._group(check, group, at)
        if check.check.for_ is None or check.check.every is None:
            return newest
        instants = list(cadence_back(at, check.check.every, check.check.for_))
        states = [newest, *(self._group(check, group, instant) for instant in instants[1:])]
        truths = {key: conjunction(state.judged.truths[key] for state in states) for key in newest.judged.truths}
        causes = tuple(
            Cause(cause.outcome, f"at {instant_text(instant)}: {cause.reason}", cause.hint)
            for instant, state in zip(instants, states, strict=True)
            for cause in state.judged.causes
        )
        unknown = sum(state.outcome in UNDECIDED for state in states)
        if unknown < len(states):
            text = f"{unknown} of {len(states)} instants could not be decided"
            causes = (Cause(Outcome.INCONCLUSIVE, text), *causes)
        judged = Judged(truths, causes if Truth.UNKNOWN in truths.values() else ())
        return GroupState(group, judged, newest.reading, newest.baselines, newest.window)

    def _group(self, check: Resolved, group: Pairs, at: datetime) -> GroupState:
        """Judge a group at one instant; once, since the stretches of ``for`` of neighbouring instants overlap."""
        key = (check.address, group, at)
        if key not in self._group_states:
            self._group_states[key] = self._judged_group(check, group, at)
        return self._group_states[key]

    def _judged_group(self, check: Resolved, group: Pairs, at: datetime) -> GroupState:
        need, key = check.need(group, at)
        reading, cause = self._read(need, key)
        baselines, missing = self._baselines(check, group, at)
        window = need.selection.window
        if cause is None and reading is not None:
            cause = doubt(check, reading)
        if cause is not None or reading is None or reading.value is None:
            why = cause or Cause(Outcome.NO_DATA, "the statistic is undefined for these rows")
            truths = dict.fromkeys(check.check.tests, Truth.UNKNOWN)
            return GroupState(group, Judged(truths, (why,)), reading, _numbers(baselines), window)
        judged = _judge(check, reading, reading.value, baselines, missing)
        return GroupState(group, judged, reading, _numbers(baselines), window)

    def _read(self, need: Need, key: Pairs) -> tuple[Reading | None, Cause | None]:
        answer = self._ask(need)
        if isinstance(answer, Unavailable):
            return None, Cause(Outcome.ERROR, answer.reason, answer.hint)
        if not isinstance(answer, Readings):
            return None, Cause(Outcome.ERROR, "the source answered another question", "report this as a defect")
        reading = answer.groups.get(key)
        if reading is None:
            return None, Cause(Outcome.NO_DATA, "no rows in the window", silence_hint(need))
        if reading.value == 0 and not reading.alive:
            return reading, Cause(
                Outcome.NO_DATA, f"nothing was counted, and {silence(need, reading)}", silence_hint(need)
            )
        return reading, None

    def _baselines(
        self, check: Resolved, group: Pairs, at: datetime
    ) -> tuple[dict[str, BaselineValue], dict[str, Cause]]:
        """Return the value of each baseline that a condition names, and why where there is none."""
        used = sorted(
            {name for test in check.check.tests.values() if isinstance(test, Condition) for name in names(test)}
        )
        values: dict[str, BaselineValue] = {}
        missing: dict[str, Cause] = {}
        for name in used:
            baseline: Baseline = check.policy.baselines[name]
            if baseline.value is not None:
                values[name] = BaselineValue(baseline.value)
                continue
            reading, cause = self._read(*check.baseline_need(baseline, group, at))
            if cause is None and reading is not None and (why := baseline_doubt(check, baseline, reading)) is not None:
                cause = Cause(Outcome.INCONCLUSIVE, why)
            values[name] = BaselineValue(reading.value if reading is not None and cause is None else None)
            if cause is not None:
                # Without its baseline a measurement is there and means nothing yet: that is inconclusive, not no data.
                outcome = Outcome.ERROR if cause.outcome is Outcome.ERROR else Outcome.INCONCLUSIVE
                missing[name] = Cause(outcome, f"baseline {name}: {cause.reason}", cause.hint)
        return values, missing

    def _combine(self, check: Resolved, groups: tuple[GroupState, ...]) -> Judged | None:
        """Join the groups by the quantifier; None where each group is its own finding."""
        quantifiers = check.quantifiers
        if check.check.measure is None or quantifiers is None:
            return None
        truths = {
            key: nested(quantifiers, {state.group: state.judged.truths[key] for state in groups})
            for key in check.check.tests
        }
        if Truth.UNKNOWN not in truths.values():
            return Judged(truths)
        unknown = sum(state.outcome in UNDECIDED for state in groups)
        causes = [cause for state in groups for cause in state.judged.causes]
        if unknown < len(groups):
            # Some groups are known, so it is not that there is nothing.
            causes.insert(0, Cause(Outcome.INCONCLUSIVE, f"{unknown} of {len(groups)} groups could not be decided"))
        return Judged(truths, tuple(dict.fromkeys(causes)))


def _numbers(baselines: Mapping[str, BaselineValue]) -> dict[str, float | int | None]:
    return {
        name: value.value if isinstance(value.value, int) else None if value.value is None else float(value.value)
        for name, value in baselines.items()
    }


def _judge(
    check: Resolved,
    reading: Reading,
    value: float | int,
    baselines: Mapping[str, BaselineValue],
    missing: Mapping[str, Cause],
) -> Judged:
    # A count through a stretch of silence is only a lower bound: more may have happened unseen. Of what went
    # unanswered nothing can be said then: answers may have been lost too.
    if not reading.alive and check.question.statistic.name == "unmatched":
        silent = "the source was silent for a while, so answers may have been lost too"
        return Judged(dict.fromkeys(check.check.tests, Truth.UNKNOWN), (Cause(Outcome.INCONCLUSIVE, silent),))
    at_least = check.question.statistic.counts and not reading.alive
    truths: dict[str, Truth] = {}
    for key, test in check.check.tests.items():
        if not isinstance(test, Condition):
            raise AssertionError(f"{check.address}: {key} is no condition")
        truths[key] = evaluate(test, value, baselines, check.question.unit, at_least=at_least)
    if Truth.UNKNOWN not in truths.values():
        return Judged(truths)
    causes = list(missing.values())
    for name, baseline in baselines.items():
        if name not in missing and (baseline.value is None or not math.isfinite(baseline.value)):
            causes.append(Cause(Outcome.INCONCLUSIVE, f"baseline {name} is not a finite number"))
    if at_least:
        causes.append(Cause(Outcome.INCONCLUSIVE, "the source was silent for a while, so the count is a lower bound"))
    if any("ci95" in str(test) for test in check.check.tests.values()):
        without = [name for name, baseline in baselines.items() if baseline.ci95 is None]
        causes.extend(Cause(Outcome.INCONCLUSIVE, f"baseline {name} has no 95 % interval") for name in without)
    if any(isinstance(test, Condition) and test.is_unset for test in check.check.tests.values()):
        causes.append(Cause(Outcome.INCONCLUSIVE, "no limit is written yet", "write one in a review"))
    return Judged(truths, tuple(causes) or (Cause(Outcome.INCONCLUSIVE, "the condition cannot be decided"),))
