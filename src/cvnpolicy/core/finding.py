"""The one currency: every analyser yields findings, every reporter reads them. Standard library only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from cvnpolicy.core.errors import ExitCode
from cvnpolicy.core.location import Location

Scalar = str | int | float | bool
"""What a group member, a filter value or a detail can be."""

Pairs = tuple[tuple[str, Scalar], ...]
"""A group or a filter as sorted (name, value) pairs: hashable."""


class Outcome(StrEnum):
    """What came of asking. Only ``pass`` is a pass."""

    PASS = "pass"
    WARN = "warn"
    FAIL = "fail"
    INCONCLUSIVE = "inconclusive"
    NO_DATA = "no_data"
    ERROR = "error"
    SKIPPED = "skipped"
    NOT_APPLICABLE = "not_applicable"


UNDECIDED = frozenset({Outcome.INCONCLUSIVE, Outcome.NO_DATA, Outcome.ERROR})
"""Outcomes that say "could not decide"."""


class Level(StrEnum):
    """Which of a check's two bad conditions held."""

    WARN = "warn"
    CRIT = "crit"


class Severity(StrEnum):
    """Who is woken: P1 at once, P2 in working hours, P3 in the next sprint."""

    P1 = "P1"
    P2 = "P2"
    P3 = "P3"


class Mode(StrEnum):
    """Whether a fail blocks or only advises."""

    BLOCK = "block"
    ADVISE = "advise"


class OnUnknown(StrEnum):
    """What an undecided check does to the verdict."""

    HOLD = "hold"
    FAIL = "fail"
    PASS = "pass"


class Verdict(StrEnum):
    """The answer of a whole report."""

    PASS = "pass"
    FAIL = "fail"
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open UTC interval, [start, end)."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class GroupReading:
    """One group inside a quantified finding."""

    group: Mapping[str, Scalar]
    outcome: Outcome
    measured: float | int | None = None
    samples: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One answer about one check or rule, for one group or for several taken together."""

    id: str
    """``policy/check``."""
    rule: str
    """The family rule, for example ``CVN201``."""
    outcome: Outcome
    message: str
    """What was found, in one sentence with the numbers."""
    location: Location
    hint: str = ""
    """What would decide or mend it."""
    requirement: str | None = None
    """Id of the sentence the check comes from."""
    level: Level | None = None
    severity: Severity | None = None
    mode: Mode = Mode.BLOCK
    group: Mapping[str, Scalar] = field(default_factory=dict)
    measured: float | int | None = None
    condition: str | None = None
    """The condition, in its canonical spelling: ``>= 0.40`` reads ``>= 0.4``."""
    baselines: Mapping[str, float | int | None] = field(default_factory=dict)
    samples: int | None = None
    window: Span | None = None
    """None for a whole run, or for a static rule."""
    first_seen: datetime | None = None
    action: str | None = None
    """What to do next; only where something is bad: one does not act on what could not be decided."""
    runbook: str | None = None
    waived_by: str | None = None
    details: Mapping[str, object] = field(default_factory=dict)
    """The statistic's own numbers; JSON values."""
    groups: tuple[GroupReading, ...] = ()
    tested: str | None = None
    """The key of the condition: ``warn_if``, ``crit_if`` or ``pass_if``; not part of the JSON report."""
    on_unknown: OnUnknown = OnUnknown.HOLD
    """What an undecided outcome does to the verdict; not part of the JSON report."""

    @property
    def order(self) -> tuple[str, int, int, str, tuple[tuple[str, str], ...]]:
        """File, line, column, id, group: the order of every report."""
        group = tuple(sorted((key, str(value)) for key, value in self.group.items()))
        return (self.location.file, self.location.line, self.location.column, self.id, group)


@dataclass(frozen=True, slots=True)
class Report:
    """Sorted findings and what they amount to."""

    at: datetime
    verdict: Verdict
    exit_code: ExitCode
    evidence_sha256: str | None
    findings: tuple[Finding, ...]
    strict: bool = False
    """Whether warnings were made to fail the run; not part of the JSON report."""

    @property
    def summary(self) -> dict[Outcome, int]:
        """How many findings have each outcome, all eight present, in the order of :class:`Outcome`."""
        counts = dict.fromkeys(Outcome, 0)
        for finding in self.findings:
            counts[finding.outcome] += 1
        return counts
