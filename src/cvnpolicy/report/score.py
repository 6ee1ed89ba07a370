"""The score card of a readiness file or a runbook: how much of each section is stated, and its weakest section.

After the ML Test Score (Breck, Cai, Nielsen, Salib and Sculley, "The ML Test Score: A Rubric for ML Production
Readiness and Technical Debt Reduction", IEEE International Conference on Big Data, 2017): half a point for what is done
by hand and written down, a whole one for what runs by itself; a score for each section, and the smallest of these is
the score of the whole, since what is strong does not make up for what is weak. There each section has seven tests and
the points are added up. Here sections differ in length, so a section's score is its share of the points there are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cvnpolicy.core.finding import UNDECIDED, Finding, Outcome, Report
from cvnpolicy.core.rules import ReadinessRule
from cvnpolicy.core.weight import Weight, weigh

RULES = frozenset({ReadinessRule.READINESS, ReadinessRule.RUNBOOK})
"""The rules whose findings have a section."""

STATEMENTS = frozenset({ReadinessRule.AGREES, ReadinessRule.CONTRADICTS, ReadinessRule.UNBOUND})
"""The rules of a figure that was compared with the policies, or could not be."""

_MUST = "must"
_DIGITS = re.compile(r"([0-9]{1,9})")


@dataclass(frozen=True, slots=True)
class Section:
    """The rules of one section of a file, and what came of them."""

    name: str
    points: float
    """The points that its rules got: a half for what is stated, one for what a policy check states too."""
    possible: int
    """How many of its rules have points."""
    open: int
    """How many could not be decided: any of them may be worth nothing, or a whole point."""
    counts: Mapping[Outcome, int]
    """How many rules have each outcome; only those that there are."""
    failed: tuple[str, ...]
    """The rules that it must satisfy and does not, in the order of their ids."""

    @property
    def asked(self) -> int:
        """How many of its rules count: skipped ones and those that do not apply are left out."""
        return self.possible + self.open

    @property
    def score(self) -> float | None:
        """Its score from 0 to 1, the least that it can be; None where no rule counts."""
        return self.points / self.asked if self.asked else None

    @property
    def upper(self) -> float | None:
        """The most that its score can be; None where no rule counts."""
        return (self.points + self.open) / self.asked if self.asked else None


@dataclass(frozen=True, slots=True)
class Card:
    """One file: its sections, and how its figures compare with the policies."""

    file: str
    sections: tuple[Section, ...]
    """In the order of the smallest id of their rules, which is the order of the policy, the same for every file."""
    agree: int
    contradict: int
    unbound: int

    @property
    def score(self) -> float | None:
        """The smallest score of its sections, the least that it can be; None where no rule counts."""
        return min((one.score for one in self.sections if one.score is not None), default=None)

    @property
    def upper(self) -> float | None:
        """The most that the smallest score can be."""
        return min((one.upper for one in self.sections if one.upper is not None), default=None)

    @property
    def unsure(self) -> bool:
        """Whether what could not be decided could change the score."""
        return self.score != self.upper

    @property
    def weakest(self) -> tuple[str, ...]:
        """The names of the sections that have the smallest score; several where they tie."""
        return tuple(one.name for one in self.sections if one.score is not None and one.score == self.score)

    @property
    def points(self) -> float:
        """The points of all sections."""
        return sum(one.points for one in self.sections)

    @property
    def asked(self) -> int:
        """How many rules count in all sections."""
        return sum(one.asked for one in self.sections)

    @property
    def open(self) -> int:
        """How many rules could not be decided in all sections."""
        return sum(one.open for one in self.sections)

    @property
    def failed(self) -> tuple[str, ...]:
        """The rules that the file must satisfy and does not."""
        return tuple(name for one in self.sections for name in one.failed)


def belongs(finding: Finding) -> bool:
    """Return whether a card counts a finding: one on a rule with its section, or on a figure that was compared."""
    return finding.rule in STATEMENTS or _section(finding) is not None


def uncompared(finding: Finding) -> bool:
    """Return whether a finding is a figure that no check states and that blocks nothing: a list of these suffices."""
    return finding.rule == ReadinessRule.UNBOUND and weigh(finding) is Weight.TOLERATED


def cards(report: Report) -> tuple[Card, ...]:
    """Return a card for each file that the report has such findings of, in the order of the report; often none."""
    files: dict[str, list[Finding]] = {}
    for finding in report.findings:
        if belongs(finding):
            files.setdefault(finding.location.file, []).append(finding)
    return tuple(_card(file, findings) for file, findings in files.items())


def rule_name(finding: Finding) -> str:
    """Return how a rule of readiness is called: its requirement, or the last part of its id."""
    return finding.requirement or finding.id.rpartition("/")[2]


def _section(finding: Finding) -> str | None:
    section = finding.details.get("section") if finding.rule in RULES else None
    return section if isinstance(section, str) else None


def _card(file: str, findings: Iterable[Finding]) -> Card:
    sections: dict[str, list[Finding]] = {}
    statements: Counter[str] = Counter()
    for finding in findings:
        name = _section(finding)
        if name is None:
            statements[finding.rule] += 1
        else:
            sections.setdefault(name, []).append(finding)
    return Card(
        file,
        tuple(_counted(name, found) for name, found in sorted(sections.items(), key=lambda item: _first(item[1]))),
        agree=statements[ReadinessRule.AGREES],
        contradict=statements[ReadinessRule.CONTRADICTS],
        unbound=statements[ReadinessRule.UNBOUND],
    )


def _first(findings: Sequence[Finding]) -> tuple[tuple[int, str], ...]:
    return min(_natural(rule_name(finding)) for finding in findings)


def _natural(name: str) -> tuple[tuple[int, str], ...]:
    """Return a key that sorts R2 before R10."""
    parts = _DIGITS.split(name)
    return tuple((int(part), "") if place % 2 else (0, part) for place, part in enumerate(parts))


def _counted(name: str, findings: Sequence[Finding]) -> Section:
    points = [given for finding in findings if (given := _points(finding)) is not None]
    failed = {
        rule_name(finding)
        for finding in findings
        if finding.outcome is Outcome.FAIL and finding.details.get("level") == _MUST
    }
    return Section(
        name,
        points=sum(points),
        possible=len(points),
        open=sum(finding.outcome in UNDECIDED for finding in findings),
        counts={outcome: count for outcome in Outcome if (count := sum(one.outcome is outcome for one in findings))},
        failed=tuple(sorted(failed, key=_natural)),
    )


def _points(finding: Finding) -> float | None:
    """Return the points of a rule that was decided; None for any other."""
    points = finding.details.get("points")
    if finding.outcome in UNDECIDED or isinstance(points, bool) or not isinstance(points, int | float):
        return None
    return float(points)
