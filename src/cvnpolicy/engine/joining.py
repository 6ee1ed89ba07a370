"""Many answers to one: the groups of an instant, and the instants of a ``for``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from cvnpolicy.core.finding import UNDECIDED, Outcome
from cvnpolicy.core.logic import Truth, conjunction
from cvnpolicy.core.numbers import instant as instant_text
from cvnpolicy.core.resolve import Resolved
from cvnpolicy.engine.quantify import nested
from cvnpolicy.engine.state import Cause, GroupState, Judged


def over_groups(check: Resolved, states: Sequence[GroupState]) -> Judged:
    """Join the groups of one instant by the check's quantifiers."""
    truths = {
        key: nested(check.quantifiers or (), {state.group: state.judged.truths[key] for state in states})
        for key in check.check.tests
    }
    causes = [cause for state in states for cause in state.judged.causes]
    return _joined(truths, causes, [state.judged for state in states], "groups")


def over_time(instants: Sequence[datetime], answers: Sequence[Judged]) -> Judged:
    """Join the answers of several instants, newest first: true only when true at every one of them."""
    if len(instants) == 1:
        return answers[0]
    truths = {key: conjunction(answer.truths[key] for answer in answers) for key in answers[0].truths}
    causes = [
        Cause(cause.outcome, f"at {instant_text(instant)}: {cause.reason}", cause.hint)
        for instant, answer in zip(instants, answers, strict=True)
        for cause in answer.causes
    ]
    return _joined(truths, causes, answers, "instants")


def _joined(truths: dict[str, Truth], causes: list[Cause], parts: Sequence[Judged], what: str) -> Judged:
    if Truth.UNKNOWN not in truths.values():
        return Judged(truths)
    unknown = sum(part.outcome in UNDECIDED for part in parts)
    if unknown < len(parts):
        # Some of them are known, so it is not that there is nothing.
        causes.insert(0, Cause(Outcome.INCONCLUSIVE, f"{unknown} of {len(parts)} {what} could not be decided"))
    return Judged(truths, tuple(dict.fromkeys(causes)))
