"""From evidence to states: each check at each instant that somebody asks about, once.

The same walk serves planning. Given a recorder instead of evidence it meets every question it would ever put,
because what it asks never depends on what it was answered.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from cvnpolicy.core.condition import BaselineValue, Condition, evaluate, interval_names, names
from cvnpolicy.core.evidence import Answer, Liveness, MeasureNeed, Need, Reading, Readings, Unavailable
from cvnpolicy.core.finding import Outcome, Pairs
from cvnpolicy.core.kind import PolicySet
from cvnpolicy.core.logic import Truth
from cvnpolicy.core.numbers import instant as instant_text
from cvnpolicy.core.policy import Baseline
from cvnpolicy.core.questions import Questions
from cvnpolicy.core.resolve import Resolved, resolve_all
from cvnpolicy.core.statistic import STATISTICS
from cvnpolicy.core.time import cadence_back
from cvnpolicy.core.tree import Tree
from cvnpolicy.engine.doubts import baseline_doubt, doubt, silence, silence_hint
from cvnpolicy.engine.joining import over_groups, over_time
from cvnpolicy.engine.state import Cause, CheckState, GroupState, Judged
from cvnpolicy.engine.trees import Told, TreeJudge, Verdict

Ask = Callable[[Need], Answer]


class Evaluator:
    """Judges checks at instants. Keeps every state it has worked out, and nothing between runs."""

    def __init__(self, policies: PolicySet, ask: Ask, now: datetime) -> None:
        """Look up every check of the set.

        Args:
            policies: The loaded set.
            ask: Answers a question; must be a pure function while the evaluator lives.
            now: The instant that is judged at; what lies before it is the past.
        """
        self.checks: Mapping[str, Resolved] = resolve_all(policies.policies, policies.catalog)
        self._questions = {address: Questions(check) for address, check in self.checks.items()}
        self._source = ask
        self._answers: dict[int, tuple[Need, Answer]] = {}
        self._beats: dict[int, tuple[MeasureNeed, MeasureNeed]] = {}
        self._trees = TreeJudge(policies, self.checks, ask, self.state, now)
        self._states: dict[tuple[str, datetime], CheckState] = {}
        self._group_states: dict[tuple[str, Pairs, datetime], GroupState] = {}

    def _ask(self, need: Need) -> Answer:
        """Ask once for each question that the checks made: comparing one with thousands of members is dear."""
        if id(need) not in self._answers:
            self._answers[id(need)] = (need, self._source(need))  # kept, so that its id stays its own
        return self._answers[id(need)][1]

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
        suspended = self._suspension(check, at)
        if check.check.measure is None:
            tree = GroupState((), self._tree_tests(check, at), measures=False)
            return CheckState((tree,), None, suspended)
        instants = self._instants(check, at)
        rounds = [[self._group(check, group, instant) for group in check.groups] for instant in instants]
        if check.quantifiers is not None:
            # First the groups of each instant, then the instants: "two of five" may be other two every day.
            combined = over_time(instants, [over_groups(check, states) for states in rounds])
            return CheckState(tuple(rounds[0]), combined, suspended)
        groups = (
            replace(newest, judged=over_time(instants, [state.judged for state in history]))
            for newest, history in zip(rounds[0], zip(*rounds, strict=True), strict=True)
        )
        return CheckState(tuple(groups), None, suspended)

    def _instants(self, check: Resolved, at: datetime) -> list[datetime]:
        """Return the instants at which ``for`` wants the condition to be true, newest first; one without it."""
        if check.check.for_ is None or check.check.every is None:
            return [at]
        return list(cadence_back(at, check.check.every, check.check.for_))

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

    def _tree_tests(self, check: Resolved, at: datetime) -> Judged:
        truths: dict[str, Truth] = {}
        causes: list[Cause] = []
        for key, test in check.check.tests.items():
            if not isinstance(test, Tree):
                raise AssertionError(f"{check.address}: {key} is no tree")
            truths[key], why = self._trees.judge(test, check.policy, at, check.address)
            causes.extend(why)
        return Judged(truths, tuple(dict.fromkeys(causes)))

    def _group(self, check: Resolved, group: Pairs, at: datetime) -> GroupState:
        """Judge a group at one instant; once, since the stretches of ``for`` of neighbouring instants overlap."""
        key = (check.address, group, at)
        if key not in self._group_states:
            self._group_states[key] = self._judged_group(check, group, at)
        return self._group_states[key]

    def _judged_group(self, check: Resolved, group: Pairs, at: datetime) -> GroupState:
        need, key = self._questions[check.address].need(group, at)
        reading, cause = self._read(need, key)
        baselines, missing = self._baselines(check, group, at)
        window = need.selection.window
        if cause is None and reading is not None:
            cause = doubt(check, reading)
        if cause is not None or reading is None or reading.value is None:
            why = cause or Cause(Outcome.NO_DATA, "the statistic is undefined for these rows")
            truths = dict.fromkeys(check.check.tests, Truth.UNKNOWN)
            return GroupState(group, Judged(truths, (why,)), reading, _numbers(baselines), window)
        silent = None if reading.alive else Cause(Outcome.INCONCLUSIVE, silence(need, reading), silence_hint(need))
        judged = _judge(check, silent, reading.value, baselines, missing)
        return GroupState(group, judged, reading, _numbers(baselines), window)

    def _read(self, need: Need, key: Pairs) -> tuple[Reading | None, Cause | None]:
        answer = self._ask(need)
        life = self._life(need, key)
        if isinstance(answer, Unavailable):
            return None, Cause(Outcome.ERROR, answer.reason, answer.hint)
        if not isinstance(answer, Readings):
            return None, Cause(Outcome.ERROR, "the source answered another question", "report this as a defect")
        reading = answer.groups.get(key)
        if reading is not None and life is not None:
            # A share of something shows by itself that its source wrote; only of a share of nothing must it be shown.
            alive = reading.alive and (life.alive or reading.value != 0)
            reading = replace(reading, alive=alive, details={**reading.details, **life.details})
        if reading is None:
            return None, Cause(Outcome.NO_DATA, _no_rows(need), silence_hint(need))
        if reading.value == 0 and not reading.alive and _counts(need):
            return reading, Cause(
                Outcome.NO_DATA, f"nothing was counted, and {silence(need, reading)}", silence_hint(need)
            )
        return reading, None

    def _life(self, need: Need, key: Pairs) -> Reading | None:
        """Return what the heartbeat says of a group of a ratio, whose own answer only tells of its denominator."""
        if not isinstance(need, MeasureNeed) or need.selection.event is None or need.total is None:
            return None
        if need.alive is None:
            # Without a heartbeat a ratio's denominator vouches for its numerator, if both come from one log.
            elsewhere = need.total.dataset != need.selection.dataset
            return Reading(None, 0, alive=False) if elsewhere else None
        beat = self._ask(self._beat_of(need, need.alive))
        found = beat.groups.get(key) if isinstance(beat, Readings) else None
        if found is None:
            return Reading(None, 0, alive=False)
        told = {name: value for name, value in found.details.items() if name == "longest_silence_s"}
        return replace(found, details=told)

    def _beat_of(self, need: MeasureNeed, alive: Liveness) -> MeasureNeed:
        """Return the question about the heartbeat of a question, made once."""
        if id(need) not in self._beats:
            self._beats[id(need)] = (need, MeasureNeed("count", alive.selection, by=need.by, alive=alive))
        return self._beats[id(need)][1]

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
            reading, cause = self._read(*self._questions[check.address].need(group, at, name))
            if cause is None and reading is not None and (why := baseline_doubt(check, baseline, reading)) is not None:
                cause = Cause(Outcome.INCONCLUSIVE, why)
            values[name] = BaselineValue(reading.value if reading is not None and cause is None else None)
            if cause is not None:
                # Without its baseline a measurement is there and means nothing yet: that is inconclusive, not no data.
                outcome = Outcome.ERROR if cause.outcome is Outcome.ERROR else Outcome.INCONCLUSIVE
                missing[name] = Cause(outcome, f"baseline {name}: {cause.reason}", cause.hint)
        return values, missing


def _numbers(baselines: Mapping[str, BaselineValue]) -> dict[str, float | int | None]:
    return {
        name: value.value if isinstance(value.value, int) else None if value.value is None else float(value.value)
        for name, value in baselines.items()
    }


def _counts(need: Need) -> bool:
    return isinstance(need, MeasureNeed) and STATISTICS[need.statistic].counts


def _judge(
    check: Resolved,
    silent: Cause | None,
    value: float | int,
    baselines: Mapping[str, BaselineValue],
    missing: Mapping[str, Cause],
) -> Judged:
    # Through a stretch of silence a count is only a lower bound: more may have happened unseen. Of a mean, or of what
    # went unanswered, nothing can be said then.
    at_least = check.question.statistic.grows and silent is not None
    if silent is not None and not at_least:
        lost = replace(silent, reason=f"{silent.reason}, so rows may have been lost")
        return Judged(dict.fromkeys(check.check.tests, Truth.UNKNOWN), (lost,))
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
    if silent is not None:
        causes.append(replace(silent, reason=f"{silent.reason}, so this is a lower bound"))
    asked = {
        name for test in check.check.tests.values() if isinstance(test, Condition) for name in interval_names(test)
    }
    without = sorted(name for name in asked if baselines[name].ci95 is None)
    causes.extend(Cause(Outcome.INCONCLUSIVE, f"baseline {name} has no 95 % interval") for name in without)
    if any(isinstance(test, Condition) and test.is_unset for test in check.check.tests.values()):
        causes.append(Cause(Outcome.INCONCLUSIVE, "no limit is written yet", "write one in a review"))
    return Judged(truths, tuple(causes) or (Cause(Outcome.INCONCLUSIVE, "the condition cannot be decided"),))


def _no_rows(need: Need) -> str:
    whole = isinstance(need, MeasureNeed) and need.selection.window is None
    return "no rows" if whole else "no rows in the window"
