"""How urgent a bad outcome is: by level, then risen by date or by how long it has been so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from cvnpolicy.core.finding import UNDECIDED, Level, Outcome, Pairs, Severity
from cvnpolicy.core.resolve import Resolved
from cvnpolicy.core.shapes import Severities
from cvnpolicy.core.time import cadence_back
from cvnpolicy.engine.state import CheckState

State = Callable[[Resolved, datetime], CheckState]
_BAD = frozenset({Outcome.WARN, Outcome.FAIL})


@dataclass(frozen=True, slots=True)
class FirstSeen:
    """Since when a group has been bad."""

    at: datetime
    at_least: bool
    """The history ends before a good instant was found: it may have been bad for longer."""


def severity_of(check: Resolved, level: Level | None, at: datetime, since: FirstSeen | None) -> Severity | None:
    """Return the severity at an instant: the most urgent of the level's own and the escalations that were reached."""
    severity = check.check.severity
    if isinstance(severity, Severities):
        severity = severity.warn if level is Level.WARN else severity.crit
    if severity is None:
        return None
    reached = [severity]
    for step in check.check.escalate or ():
        dated = step.at is not None and at >= check.policy.instant(step.at)
        lasted = step.after is not None and since is not None and at - since.at >= step.after.delta
        if dated or lasted:
            reached.append(step.to)
    return min(reached)


def first_seen(check: Resolved, group: Pairs, at: datetime, state: State) -> FirstSeen | None:
    """Return since when a group is bad with no good instant between; None where no escalation asks for it.

    The history goes back on the check's cadence as far as its longest ``after``. An instant that could not be decided
    neither counts as bad nor ends the run: a gap does not reset escalation.
    """
    steps = [step.after for step in check.check.escalate or () if step.after is not None]
    if not steps or check.check.every is None:
        return None
    since: datetime | None = None
    ended = False
    # Every instant is looked at even after the run has ended: what is asked must not depend on answers.
    for instant in cadence_back(check.instant(at), check.check.every, max(steps)):
        # The newest is asked about as it is now: it may have become active since its cadence instant.
        answer = state(check, max(instant, at) if instant == check.instant(at) else instant).answer_for(group)
        ended = ended or answer is None or answer[0] not in _BAD | UNDECIDED
        if not ended and answer is not None and answer[0] in _BAD:
            since = instant
    return None if since is None else FirstSeen(since, at_least=not ended)
