"""Cases: what a kind does, written as YAML. They are its tests, and its reference page shows some of them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

import cvnpolicy
from cvnpolicy.core.errors import InvalidInputError, Problem
from cvnpolicy.core.finding import Scalar
from cvnpolicy.core.location import Location
from cvnpolicy.core.model import Lax, Many, ScalarValue
from cvnpolicy.core.rules import DocumentRule
from cvnpolicy.core.time import InstantField
from cvnpolicy.load.nodes import SequenceNode
from cvnpolicy.load.parse import parse
from cvnpolicy.load.policies import Loaded, load_policies
from cvnpolicy.load.project import FILE, Project, load
from cvnpolicy.load.validate import validate
from tests.support.tables import Tables, text_of
from tests.support.tree import write_tree

KINDS_FOLDER = Path(cvnpolicy.__file__).parent / "kinds"

POLICIES = "policies.yaml"

DEFAULT_BINDINGS: dict[str, dict[str, str]] = {
    "events": {"type": "logfmt", "path": "logs/*.log*", "time": "ts"},
    "data": {"type": "csv", "path": "data.csv", "time": "ts"},
    "results": {"type": "csv", "path": "results.csv"},
    "training": {"type": "csv", "path": "training.csv"},
    "facts": {"type": "yaml", "path": "facts.yaml"},
}
"""What each dataset is bound to where a case does not say otherwise. Only ``events`` and ``data`` have a time."""


class Shows(StrEnum):
    """What a case shows."""

    PASS = "pass"
    FAIL = "fail"
    WARN = "warn"
    BOUNDARY = "boundary"
    """Exactly at a limit."""
    NO_DATA = "no_data"
    INCONCLUSIVE = "inconclusive"
    ERROR = "error"
    NOT_APPLICABLE = "not_applicable"
    VALID = "valid"
    INVALID = "invalid"


STATIC = frozenset({Shows.VALID, Shows.INVALID})
"""What is shown without evidence."""

Subset = dict[str, ScalarValue | None]


class Part(BaseModel):
    """Strict like a policy, but ``null`` may be written: it expects that there is nothing."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class ExpectedGroup(Part):
    """One group inside a quantified finding; what is not written is not looked at."""

    group: Subset
    outcome: str
    measured: float | int | None = None
    samples: int | None = None
    reason: str | None = None
    """A part of it."""


class ExpectedFinding(Part):
    """A finding; what is not written is not looked at, and of texts a part is enough."""

    id: str
    """The check, or ``policy/check``."""
    outcome: str
    measured: float | int | None = None
    group: Subset | None = None
    level: str | None = None
    severity: str | None = None
    samples: int | None = None
    mode: str | None = None
    rule: str | None = None
    condition: str | None = None
    baselines: Subset | None = None
    window: Annotated[tuple[InstantField, InstantField], Field(strict=False)] | None = None
    """Start and end."""
    first_seen: InstantField | None = None
    waived_by: str | None = None
    requirement: str | None = None
    action: str | None = None
    runbook: str | None = None
    line: int | None = None
    message: Annotated[str, Field(min_length=1)] | None = None
    hint: Annotated[str, Field(min_length=1)] | None = None
    details: Subset | None = None
    groups: Many[ExpectedGroup] | None = None


class Expectation(Part):
    """What must come out."""

    exit_code: int | None = None
    findings: Annotated[tuple[ExpectedFinding, ...], Field(strict=False)] | None = None
    more: bool = False
    """Whether other findings may be there too."""
    problems: Annotated[tuple[str, ...], Field(strict=False)] | None = None
    """Each problem as it is printed."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.problems is None) == (self.findings is None):
            raise ValueError("a case expects either problems or findings")
        if (self.findings is None) != (self.exit_code is None):
            raise ValueError("findings go with an exit code")
        return self


class Case(Part):
    """One case."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    shows: Lax[Shows]
    says: Annotated[str, Field(min_length=1)] | None = None
    """For the reference page."""
    at: InstantField | None = None
    policies: str
    """One document or more, as a person writes them."""
    files: dict[str, str] = {}
    """Path to text, below the folder of the configuration."""
    tables: Tables = {}
    environments: dict[str, dict[str, dict[str, ScalarValue]]] | None = None
    """Instead of the default bindings."""
    environment: str = "default"
    sets: dict[str, Many[ScalarValue]] = {}
    strict: bool = False
    """Whether a warning fails the run."""
    expect: Expectation

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if (self.shows in STATIC) != (self.expect.problems is not None):
            raise ValueError("valid and invalid cases expect problems, the others findings")
        if self.expect.problems is not None and bool(self.expect.problems) != (self.shows is Shows.INVALID):
            raise ValueError("an invalid case has problems, a valid one none")
        if self.shows not in STATIC and self.at is None:
            raise ValueError("a case with evidence says at which instant it is judged")
        return self

    def configuration(self) -> str:
        """Return the text of the configuration; JSON is YAML."""
        environments = self.environments if self.environments is not None else {"default": DEFAULT_BINDINGS}
        sets: dict[str, list[Scalar]] = {name: list(members) for name, members in self.sets.items()}
        return json.dumps({"policies": POLICIES, "sets": sets, "environments": environments}, indent=2) + "\n"

    def write(self, root: Path) -> Path:
        """Write the repository of the case below a folder; return its configuration file."""
        tables = {path: text_of(path, tables) for path, tables in self.tables.items()}
        write_tree(root, {FILE: self.configuration(), POLICIES: self.policies})
        for path, text in (tables | self.files).items():
            file = root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")
        return root / FILE

    def load(self, root: Path) -> tuple[Project, Loaded]:
        """Write the repository and load it.

        Raises:
            InvalidInputError: If the configuration is wrong; a case is about policies.
        """
        project = load(self.write(root))
        return project, load_policies(project)


@dataclass(frozen=True)
class Found:
    """A case and where it stands."""

    kind: str
    """The folder of its kind."""
    file: Path
    case: Case

    @property
    def id(self) -> str:
        """Kind, file and name."""
        return f"{self.kind}/{self.file.stem}/{self.case.name}"


def read_cases(file: Path) -> tuple[Case, ...]:
    """Read a file of cases with the loader that policies have, so that its errors have a place too.

    Raises:
        InvalidInputError: With every problem of the file.
    """
    parsed = parse(file.read_bytes(), file.name)
    if parsed.problems:
        raise InvalidInputError(parsed.problems)
    problems: list[Problem] = []
    cases: list[Case] = []
    for node in parsed.documents:
        for item in node.items if isinstance(node, SequenceNode) else ():
            found = validate(Case, item)
            if isinstance(found, Case):
                cases.append(found)
            else:
                problems.extend(found)
    if problems or not cases:
        nothing = Problem(DocumentRule.NOTHING, "no cases", "write a list of cases", Location(file.name))
        raise InvalidInputError(problems or [nothing])
    return tuple(cases)


def all_cases(folder: Path = KINDS_FOLDER) -> list[Found]:
    """Return every case of every kind, in the order of kinds, files and places."""
    files = sorted(folder.glob("*/cases/*.yaml"))
    return [Found(file.parent.parent.name, file, case) for file in files for case in read_cases(file)]
