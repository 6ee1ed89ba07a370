"""The model of a ReadinessPolicy."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from cvnpolicy.core.fault import fault
from cvnpolicy.core.model import Identifier, Lax, Many, Model, Owner
from cvnpolicy.core.names import Namespace, Ref
from cvnpolicy.core.patterns import ADDRESS, FOLDER, HEADING_NUMBER
from cvnpolicy.kinds.readiness.ask import Ask, Phrase, RuleId, Test
from cvnpolicy.kinds.readiness.story import Story, StoryId

Said = Annotated[str, Field(min_length=1, max_length=300)]


def _markdown_below(pattern: str) -> str:
    if pattern.startswith(("/", "~")) or "\\" in pattern or ".." in pattern.split("/"):
        raise fault(f"the path '{pattern}' may leave the repository", "write it from the top of the repository with /")
    if not pattern.endswith(".md"):
        raise fault(f"the path '{pattern}' is no Markdown file", "end it with .md")
    if "**" in pattern or re.search(r"[?\[\]]", pattern):
        raise fault(f"the path '{pattern}' has more than single '*'", "write * for one name: documentation/*/ready.md")
    return pattern


Files = Annotated[str, Field(min_length=4, max_length=200), AfterValidator(_markdown_below)]
"""Markdown files from the top of the repository; ``*`` stands for one name, or a part of one."""


class Level(StrEnum):
    """What it means not to follow a rule."""

    MUST = "must"
    """It fails."""
    SHOULD = "should"
    """It fails, and does not block: advice that was not followed."""


class Unknown(StrEnum):
    """What a question that nobody could decide does to the verdict."""

    HOLD = "hold"
    PASS = "pass"


class Section(Model):
    """A section, known by its number or by its title."""

    number: Annotated[str, Field(pattern=HEADING_NUMBER)] | None = None
    """What its heading starts with."""
    titles: Many[Phrase]
    """What its heading says; the first is how it is called in reports."""


class Labelled(Model):
    """A value behind a label and a colon: ``**Owner** : @handle``, ``- DRI: @handle``."""

    labels: Many[Phrase]
    """How the label reads."""
    section: Identifier | None = None
    """The section it stands in; without one, above the first section."""


class Table(Model):
    """A table, known by its columns."""

    section: Identifier
    """The section it stands in."""
    columns: dict[Identifier, Many[Phrase]]
    """Each column, and how its head may read."""
    optional: dict[Identifier, Many[Phrase]] | None = None
    """Columns that may be there."""
    items_below: Many[Phrase] | None = None
    """Where there is no such table: the items below an item that starts with this stand for its rows."""


class Runbook(Model):
    """What a runbook is made of."""

    files: Many[Files]
    """Which files are runbooks."""
    entry_level: Annotated[int, Field(ge=1, le=6)] = 2
    """The level of the headings that start an entry."""
    common: Many[Phrase] | None = None
    """Headings of that level that start no entry: what all entries share."""
    scripts: Many[Annotated[str, Field(pattern=FOLDER)]] | None = None
    """The folders of scripts, each with ``/`` at its end: one that is named in code must be there."""
    detection: Many[Phrase] | None = None
    """How the line starts that says how the symptom is seen; it is no step of the diagnosis."""


class PullRequest(Model):
    """What a pull request must bring."""

    code: Many[Annotated[str, Field(pattern=FOLDER)]]
    """Folders of machine-learning code, each with ``/`` at its end. Whoever changes a file in one of them links, in the
    text of the pull request, a readiness file that is signed off and follows the rules."""


class Rule(Model):
    """One sentence that a readiness file or a runbook must satisfy."""

    id: RuleId
    """The requirement's id; it stands in every report as ``requirement``."""
    section: Identifier
    """The section it is about, or ``header``, ``exceptions``, ``gate`` or ``runbook``."""
    says: Said
    """The rule as a sentence, without a full stop."""
    right: Said | None = None
    """What to write where it fails."""
    level: Lax[Level] = Level.MUST
    """Whether it must be followed, or should be."""
    ask: Ask
    """What is asked."""
    only_if: Ask | None = None
    """Where this does not pass, the rule is not applicable."""
    skip: Many[Phrase] | None = None
    """It may be skipped by a marker with a reason: one that stands alone, or one whose label has one of these words."""
    on_unknown: Lax[Unknown] = Unknown.HOLD
    """What happens where nobody can tell: ``hold``, or ``pass`` with ``because``."""
    because: Said | None = None
    """Why that may pass."""

    @model_validator(mode="after")
    def _reason(self) -> Self:
        if (self.on_unknown is Unknown.PASS) != (self.because is not None):
            what = "on_unknown: pass has no reason" if self.because is None else "because has nothing to explain"
            raise fault(what, "write on_unknown: pass and because together, or neither", key="on_unknown")
        return self


class Term(Model):
    """Words of the team, and the checks that they are about."""

    words: Many[Phrase]
    """How people write it."""
    checks: Many[Annotated[str, Field(pattern=ADDRESS), Ref(Namespace.CHECK)]]
    """The checks that state the same in policies."""
    only_if: Many[Phrase] | None = None
    """One of these stands in the same statement."""


class ReadinessPolicySpec(Model):
    """What a readiness file and a runbook must contain."""

    files: Many[Files]
    """Which files are readiness files."""
    template: Files | None = None
    """The blank form: its own sentences are instructions, and never evidence."""
    forms: dict[Identifier, Phrase] | None = None
    """Forms of this team, made of the built-in ones: ``story: CVN-N{digits}-{capitals}-S{digits}``."""
    instructions: Many[Phrase] | None = None
    """What only a form says: prose with one of these is an instruction, and never evidence."""
    repeats: Many[Phrase] | None = None
    """What a cell starts with that repeats the one above it: ``same``."""
    marker: Phrase = "SKIP {dash} JUSTIFICATION"
    """How something is left out on purpose; a colon and the reason follow."""
    persons: Many[Owner] | None = None
    """Handles of people."""
    teams: Many[Owner] | None = None
    """Handles of teams."""
    sections: dict[Identifier, Section]
    """The sections of a readiness file."""
    fields: dict[Identifier, Labelled]
    """Values behind labels."""
    tables: dict[Identifier, Table]
    """The tables."""
    runbook: Runbook
    """What runbooks are."""
    rules: Many[Rule]
    """The rules, in the order of the report."""
    terms: Many[Term] | None = None
    """What words mean, for comparing statements with the policies."""
    pull_request: PullRequest | None = None
    """What ``cvnpolicy check --base`` asks of a pull request; nothing without."""
    stories: dict[StoryId, Story] = {}
    """What no policy says of a story: ``readiness render`` writes its file from these facts and from the policies."""


__all__ = [
    "Labelled",
    "Level",
    "PullRequest",
    "ReadinessPolicySpec",
    "Rule",
    "Runbook",
    "Section",
    "Table",
    "Term",
    "Test",
    "Unknown",
]
