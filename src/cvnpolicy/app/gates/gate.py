"""What a gate is: a question about a whole repository, and what comes of asking it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from cvnpolicy.core.errors import ExitCode
from cvnpolicy.core.evidence import Evidence
from cvnpolicy.core.finding import Finding, Outcome, Report
from cvnpolicy.core.location import Location
from cvnpolicy.core.weight import Weight, weigh
from cvnpolicy.load.policies import Loaded
from cvnpolicy.load.project import Project
from cvnpolicy.report.wording import plural


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


def total(report: Report) -> str:
    """Return how many findings there are, and how many of them block."""
    weights = [weigh(finding, strict=report.strict) for finding in report.findings]
    blocking = weights.count(Weight.FAILS) + weights.count(Weight.HOLDS)
    says = {0: "none blocks", 1: "1 blocks"}.get(blocking, f"{blocking} block")
    return f"{plural(len(weights), 'finding')}, {says}"
