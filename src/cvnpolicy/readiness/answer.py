"""What comes of asking one question about one file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from cvnpolicy.core.finding import Outcome
from cvnpolicy.kinds.readiness.model import ReadinessPolicySpec, Rule
from cvnpolicy.markdown.page import Page
from cvnpolicy.readiness.phrases import Phrases
from cvnpolicy.readiness.text import Readiness


@dataclass(frozen=True)
class Answer:
    """An outcome, the line that is the evidence, and what stands there."""

    outcome: Outcome
    line: int
    said: str = ""
    """What was found, without a full stop."""


@dataclass(frozen=True)
class Verdict:
    """The answer to a rule."""

    rule: Rule
    answer: Answer

    @property
    def outcome(self) -> Outcome:
        """What came of it."""
        return self.answer.outcome


def _no_page(_path: str) -> Page | None:
    return None


@dataclass(frozen=True)
class Around:
    """What stands around a file. Whoever reads files makes it; nothing here does."""

    path: str
    """The file's path from the top of the repository."""
    runbook: Callable[[str], Page | None] = _no_page
    """The page of a runbook that a file names, from the repository or from the folder of the file."""
    routed: Sequence[str] = ()
    """The alerts that readiness files route to this runbook."""
    inside: bool = True
    """Whether the file lies in the repository, so that its place there is known."""


@dataclass
class Asked:
    """One file while its rules are asked, in their order."""

    text: Readiness
    around: Around
    judged: Callable[[str], Mapping[str, Verdict] | None]
    """The verdicts on a runbook that is named, by rule; None where it is not there."""
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    """The answers so far."""

    @property
    def spec(self) -> ReadinessPolicySpec:
        """The policy."""
        return self.text.spec

    @property
    def phrases(self) -> Phrases:
        """Its phrases."""
        return self.text.phrases
