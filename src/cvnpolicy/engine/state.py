"""What a check says at an instant, before it becomes findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cvnpolicy.core.evidence import Reading
from cvnpolicy.core.finding import UNDECIDED, Level, Outcome, Pairs
from cvnpolicy.core.logic import Truth
from cvnpolicy.core.time import Window


@dataclass(frozen=True, slots=True)
class Cause:
    """Why something could not be decided."""

    outcome: Outcome
    reason: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """The truth of each written condition, and why where it is not known."""

    truths: Mapping[str, Truth]
    causes: tuple[Cause, ...] = ()

    @property
    def level(self) -> Level | None:
        """Which bad condition holds."""
        if self.truths.get("crit_if") is Truth.TRUE:
            return Level.CRIT
        return Level.WARN if self.truths.get("warn_if") is Truth.TRUE else None

    @property
    def outcome(self) -> Outcome:
        """The outcome of the polarity. An unknown ``crit_if`` is not decided by a ``warn_if`` that holds."""
        passes, crit, warn = (self.truths.get(key) for key in ("pass_if", "crit_if", "warn_if"))
        if passes is not None:
            return {Truth.TRUE: Outcome.PASS, Truth.FALSE: Outcome.FAIL}.get(passes, self._undecided())
        if crit is Truth.TRUE:
            return Outcome.FAIL
        if Truth.UNKNOWN in (crit, warn):
            return self._undecided()
        return Outcome.WARN if warn is Truth.TRUE else Outcome.PASS

    def _undecided(self) -> Outcome:
        return blend(cause.outcome for cause in self.causes)


def blend(outcomes: Iterable[Outcome]) -> Outcome:
    """Return one outcome for several reasons not to know: error if one is, no data if all are, else inconclusive."""
    found = {outcome for outcome in outcomes if outcome in UNDECIDED}
    if Outcome.ERROR in found:
        return Outcome.ERROR
    return Outcome.NO_DATA if found == {Outcome.NO_DATA} else Outcome.INCONCLUSIVE


@dataclass(frozen=True, slots=True)
class GroupState:
    """One group at one instant."""

    group: Pairs
    judged: Judged
    reading: Reading | None = None
    baselines: Mapping[str, float | int | None] = field(default_factory=dict)
    window: Window | None = None
    measures: bool = True
    """False for a tree, which has no number of its own."""

    @property
    def outcome(self) -> Outcome:
        """The group's own outcome."""
        return self.judged.outcome


@dataclass(frozen=True, slots=True)
class CheckState:
    """A check at one instant."""

    groups: tuple[GroupState, ...]
    combined: Judged | None = None
    """Set when a quantifier joins the groups into one answer."""
    suspended: Cause | None = None
    """Set when the check did not apply (or it is not known whether it does)."""

    @property
    def outcomes(self) -> tuple[tuple[Pairs, Outcome, Level | None], ...]:
        """What others see of it: one outcome a group, or the combined one."""
        if self.suspended is not None:
            return (((), self.suspended.outcome, None),)
        if self.combined is not None:
            return (((), self.combined.outcome, self.combined.level),)
        return tuple((state.group, state.outcome, state.judged.level) for state in self.groups)

    def answer_for(self, group: Pairs) -> tuple[Outcome, Level | None] | None:
        """Return the outcome and level that hold for a group: the combined or suspended one where there is one.

        None where the state has no answer for it: all groups are asked about, and each has an answer of its own.
        """
        return next(((outcome, level) for key, outcome, level in self.outcomes if key in ((), group)), None)
