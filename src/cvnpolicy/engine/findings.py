"""From a check's state to the findings that a report shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from cvnpolicy.core.condition import Condition
from cvnpolicy.core.finding import UNDECIDED, Finding, GroupReading, Level, Outcome, Pairs, Span
from cvnpolicy.core.numbers import instant
from cvnpolicy.core.resolve import Resolved
from cvnpolicy.engine import words
from cvnpolicy.engine.evaluate import Evaluator
from cvnpolicy.engine.severity import first_seen, severity_of
from cvnpolicy.engine.state import CheckState, GroupState, Judged

_MEASURED = frozenset({Outcome.PASS, Outcome.WARN, Outcome.FAIL, Outcome.INCONCLUSIVE})


def findings_of(check: Resolved, at: datetime, evaluator: Evaluator) -> Iterator[Finding]:
    """Yield the findings of a check at an instant: one a group, or one for all groups together."""
    asked = _Asked(check, at, evaluator)
    state = evaluator.state(check, at)
    if state.suspended is not None:
        yield asked.finding(state.suspended.outcome, None, (), f"{check.check.id}: {state.suspended.reason}")
    elif state.combined is not None:
        yield _combined(asked, state, state.combined)
    else:
        for group in state.groups:
            yield _single(asked, group)


@dataclass(frozen=True)
class _Asked:
    """A check and the instant it is asked about."""

    check: Resolved
    at: datetime
    evaluator: Evaluator

    def finding(self, outcome: Outcome, level: Level | None, group: Pairs, message: str) -> Finding:
        """Return the finding without its numbers: what it is, how urgent, since when, and what to do."""
        written = self.check.check
        bad = outcome in (Outcome.WARN, Outcome.FAIL)
        since = first_seen(self.check, group, self.at, self.evaluator.state)
        if bad and since is not None:
            message = f"{message}; so since {'at least ' if since.at_least else ''}{instant(since.at)}"
        if written.because is not None:
            message = f"{message} (because {written.because})"
        return Finding(
            id=self.check.address,
            rule=self.check.kind.rule,
            outcome=outcome,
            message=message,
            location=self.check.location,
            requirement=written.requirement,
            level=level if bad else None,
            severity=severity_of(self.check, level, self.at, since),
            group=dict(group),
            first_seen=since.at if bad and since is not None else None,
            action=written.action if bad else None,
            runbook=written.runbook,
            on_unknown=written.on_unknown,
            details={"first_seen_at_least": True} if bad and since is not None and since.at_least else {},
        )


def deciding_condition(check: Resolved, level: Level | None) -> str | None:
    """Return the condition that a finding shows: the one that held, else the first to be crossed."""
    test = check.check.tests[deciding_key(check, level)]
    return str(test) if isinstance(test, Condition) else None


def deciding_key(check: Resolved, level: Level | None) -> str:
    """Return under which key that condition is written."""
    tests = check.check.tests
    wanted = "pass_if" if "pass_if" in tests else ("crit_if" if level is Level.CRIT else "warn_if")
    return wanted if wanted in tests else next(iter(tests))


def _single(asked: _Asked, state: GroupState) -> Finding:
    check, level = asked.check, state.judged.level
    if not state.measures:
        key = deciding_key(check, level)
        message = words.tree_message(
            check, key, state.judged, asked.evaluator.told(check, key, check.instant(asked.at))
        )
        return replace(asked.finding(state.outcome, level, (), message), hint=words.hint(state.judged))
    condition = deciding_condition(check, level)
    message = words.group_message(check, state, state.outcome, condition)
    base = asked.finding(state.outcome, level, state.group, message)
    reading = state.reading
    return replace(
        base,
        hint=words.hint(state.judged),
        measured=reading.value if reading is not None and state.outcome in _MEASURED else None,
        condition=condition,
        tested=deciding_key(check, level),
        baselines=state.baselines,
        samples=reading.samples if reading is not None else None,
        window=None if state.window is None else Span(state.window.start, state.window.end),
        details={**(reading.details if reading is not None else {}), **base.details},
    )


def _combined(asked: _Asked, state: CheckState, judged: Judged) -> Finding:
    check = asked.check
    message = words.combined_message(check, state, judged)
    base = asked.finding(judged.outcome, judged.level, (), message)
    windows = {group.window for group in state.groups}
    window = windows.pop() if len(windows) == 1 else None
    return replace(
        base,
        hint=words.hint(judged),
        condition=deciding_condition(check, judged.level),
        tested=deciding_key(check, judged.level),
        window=None if window is None else Span(window.start, window.end),
        groups=tuple(_group_reading(group) for group in state.groups),
    )


def _group_reading(state: GroupState) -> GroupReading:
    reading = state.reading
    undecided = state.outcome in UNDECIDED
    return GroupReading(
        group=dict(state.group),
        outcome=state.outcome,
        measured=reading.value if reading is not None and state.outcome in _MEASURED else None,
        samples=reading.samples if reading is not None else None,
        reason=words.reasons(state.judged) if undecided else "",
    )
