"""What a policy kind is: a model, and the pure functions that read it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from cvnpolicy.core.catalog import Catalog, Entry
from cvnpolicy.core.check import Check
from cvnpolicy.core.effect import Table
from cvnpolicy.core.errors import Problem
from cvnpolicy.core.finding import Finding
from cvnpolicy.core.model import Model
from cvnpolicy.core.names import Namespace
from cvnpolicy.core.policy import Policy

if TYPE_CHECKING:  # a hook that only validates meets no evidence
    from cvnpolicy.core.evidence import Evidence, Need

S = TypeVar("S", bound=Model)


@dataclass(frozen=True)
class Setting:
    """What a kind may look at when it says what it needs: the instant, and what the set declares."""

    at: datetime
    catalog: Catalog


@dataclass(frozen=True)
class Results:
    """What a kind may look at when it judges."""

    setting: Setting
    evidence: Evidence
    findings: Mapping[str, Sequence[Finding]]
    """The findings of this document's own checks, by check id."""


@dataclass(frozen=True)
class Said:
    """One sentence about a document, for a person who asks what it means."""

    text: str
    """With its full stop."""
    check: str | None = None
    """The id of the check that it is about; None for the whole document."""


@dataclass(frozen=True)
class Located:
    """A check and the path at which its document holds it."""

    check: Check
    path: tuple[str | int, ...]


def _no_checks(_spec: object) -> Sequence[Located]:
    return ()


def _declares_nothing(_policy: Policy[Any]) -> Iterable[Entry]:
    return ()


def _no_problems(_policy: Policy[Any], _catalog: Catalog) -> Iterable[Problem]:
    return ()


def _no_more_words(_policy: Policy[Any]) -> Iterable[Said]:
    return ()


def _no_needs(_policy: Policy[Any], _setting: Setting) -> Iterable[Need]:
    return ()


def own_checks(_policy: Policy[Any], results: Results) -> Iterable[Finding]:
    """Yield the findings of the document's checks as they are: the judge of most kinds."""
    for findings in results.findings.values():
        yield from findings


@dataclass(frozen=True)
class Kind(Generic[S]):
    """A policy kind. ``cvnpolicy.kinds.KINDS`` lists them; each folder exports one as ``KIND``."""

    name: str
    rule: str
    """The rule id its findings carry."""
    spec: type[S]
    named_as: Namespace | None = None
    """What others call a whole document of this kind when they name it, for example a contract."""
    judges: bool = True
    """False for a kind that only declares: it yields no findings of its own."""
    lints: bool = False
    """True for a kind that the linter reads: its findings come from code, and not from evidence."""
    reads: bool = False
    """True for a kind that readiness files and runbooks are judged by."""
    imports: bool = False
    """True for a kind that says what code may import: its findings come from code and requirement files."""
    effects: Table = field(default_factory=dict)
    """What a change to a part of a spec does. What it does not name is an open question to whoever reviews it."""
    checks: Callable[[S], Sequence[Located]] = _no_checks
    """The checks inside a spec; the engine plans and evaluates them."""
    declares: Callable[[Policy[S]], Iterable[Entry]] = _declares_nothing
    """What other documents may name."""
    problems: Callable[[Policy[S], Catalog], Iterable[Problem]] = _no_problems
    """What only this kind knows to be wrong, once all names are known."""
    explains: Callable[[Policy[S]], Iterable[Said]] = _no_more_words
    """What a document says beyond its checks, in sentences."""
    needs: Callable[[Policy[S], Setting], Iterable[Need]] = _no_needs
    """Questions beyond those of its checks."""
    judge: Callable[[Policy[S], Results], Iterable[Finding]] = own_checks
    """Findings, from the checks' findings and the evidence."""


@dataclass(frozen=True)
class PolicySet:
    """Every loaded policy with its kind, and what they declare together."""

    policies: tuple[tuple[Kind[Any], Policy[Any]], ...]
    catalog: Catalog

    def only(self, names: frozenset[str]) -> PolicySet:
        """Return the set with the policies of these names; the catalog stays whole."""
        return PolicySet(tuple(pair for pair in self.policies if pair[1].name in names), self.catalog)
