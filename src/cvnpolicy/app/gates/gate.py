"""What a gate is: a question about a whole repository, and what comes of asking it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from cvnpolicy.app.validate import report_of
from cvnpolicy.core.errors import ExitCode, InvalidInputError, exit_code_of, worst
from cvnpolicy.core.evidence import Evidence
from cvnpolicy.core.finding import Finding, Outcome, Report
from cvnpolicy.core.kind import PolicySet
from cvnpolicy.core.location import Location
from cvnpolicy.core.weight import Weight, weigh
from cvnpolicy.load.policies import Loaded
from cvnpolicy.load.project import Project
from cvnpolicy.report.wording import plural

if TYPE_CHECKING:  # git is started only where a base is named
    from cvnpolicy.app.change import Change


@dataclass(frozen=True)
class Asked:
    """What every gate may look at. Nothing in it depends on what another gate has found."""

    project: Project
    loaded: Loaded
    """The policies, and what is wrong with them."""
    at: datetime
    """The instant to judge at, UTC."""
    environment: str | None
    """Which bindings to use; None where nobody has said."""
    evidence: Evidence | None
    """Recorded evidence to judge instead of asking the sources."""
    strict: bool
    """Whether a warning fails the run."""
    change: Change | None = None
    """The change under review; None where the whole repository is asked about."""

    @cached_property
    def judged(self) -> tuple[Project, PolicySet] | None:
        """The configuration and the policies to judge by; None where they are not valid."""
        if self.change is not None:
            return self.change.standing.project, self.change.standing.policies
        if exit_code_of(self.loaded.problems) not in (ExitCode.OK, ExitCode.NOTHING):
            return None
        return self.project, self.loaded.policies


@dataclass(frozen=True)
class Answer:
    """What came of a gate."""

    outcome: Outcome
    """What it amounts to: where it ran, whether what it found fails or holds the run. Otherwise why it did not."""
    reason: str
    """What it looked at and found, or why it did not run, without a full stop."""
    code: ExitCode
    """The exit code that this gate alone would have."""
    location: Location
    """The part of the configuration that makes it apply."""
    ran: bool = False
    """Whether it looked at all that it is for."""
    findings: tuple[Finding, ...] = ()
    hint: str = ""
    """What would make it run, where it did not."""
    evidence: Evidence | None = None
    """What it judged, where it judged evidence."""
    evidence_sha256: str | None = None


@dataclass(frozen=True)
class Gate:
    """A gate. Its name is its key in :data:`~cvnpolicy.app.gates.GATES`."""

    asks: str
    """The question in plain English, with a question mark."""
    ask: Callable[[Asked], Answer]


_CODES = {Weight.FAILS: ExitCode.FAILED, Weight.HOLDS: ExitCode.UNDECIDED}
_OUTCOMES = {ExitCode.OK: Outcome.PASS, ExitCode.FAILED: Outcome.FAIL, ExitCode.UNDECIDED: Outcome.INCONCLUSIVE}


def total(report: Report) -> str:
    """Return how many findings there are, and how many of them block."""
    return _total(report.findings, strict=report.strict)


def _total(findings: Sequence[Finding], *, strict: bool) -> str:
    weights = [weigh(finding, strict=strict) for finding in findings]
    blocking = weights.count(Weight.FAILS) + weights.count(Weight.HOLDS)
    says = {0: "none blocks", 1: "1 blocks"}.get(blocking, f"{blocking} block")
    return f"{plural(len(weights), 'finding')}, {says}"


def of_report(report: Report, place: Location, about: str = "") -> Answer:
    """Return the answer of a gate that is a report of its own.

    Args:
        report: What was found.
        place: The part of the configuration that makes the gate apply.
        about: What was looked at, where not everything was.
    """
    if report.exit_code is ExitCode.NOTHING:
        return not_asked(f"{about}: nothing to judge" if about else "nothing to judge", place)
    reason = f"{about}: {total(report)}" if about else total(report)
    return Answer(_OUTCOMES[report.exit_code], reason, report.exit_code, place, ran=True, findings=report.findings)


def answered(asked: Asked, findings: Sequence[Finding], place: Location, about: str) -> Answer:
    """Return the answer of a gate from what it found."""
    code = worst(_CODES.get(weigh(finding, strict=asked.strict), ExitCode.OK) for finding in findings)
    reason = f"{about}: {_total(findings, strict=asked.strict)}"
    return Answer(_OUTCOMES[code], reason, code, place, ran=True, findings=tuple(findings))


def not_asked(reason: str, place: Location, *, hint: str = "") -> Answer:
    """Return the answer of a gate that does not apply."""
    return Answer(Outcome.NOT_APPLICABLE, reason, ExitCode.OK, place, hint=hint)


def not_valid(place: Location) -> Answer:
    """Return the answer of a gate that needs valid policies and has none."""
    reason, hint = "the policies are not valid", "mend the policies first"
    return Answer(Outcome.INCONCLUSIVE, reason, ExitCode.UNDECIDED, place, hint=hint)


def not_there(reason: str, error: InvalidInputError, asked: Asked, place: Location) -> Answer:
    """Return the answer of a gate whose policies name files that are not there, or cannot be looked at."""
    found = report_of(error.problems, asked.at)
    return Answer(Outcome.FAIL, reason, ExitCode.INVALID, place, findings=found.findings)
