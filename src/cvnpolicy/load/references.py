"""Names across documents: each used name is defined somewhere, and defined once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from cvnpolicy.core.errors import Problem
from cvnpolicy.core.location import Location
from cvnpolicy.core.names import Namespace
from cvnpolicy.core.rules import DocumentRule
from cvnpolicy.load.document import LoadedDocument
from cvnpolicy.load.marks import Mark
from cvnpolicy.load.nearest import Suggestions
from cvnpolicy.load.project import Project
from cvnpolicy.load.words import named

if TYPE_CHECKING:
    from cvnpolicy.load.runbooks import Runbooks

_LOCAL = frozenset({Namespace.BASELINE, Namespace.CHECK})
"""Names of one document; an address makes a check's name reach further."""


@dataclass(frozen=True)
class Dangling:
    """A name that does not resolve (or is taken), and whose document it is in."""

    document: LoadedDocument
    mark: Mark
    problem: Problem

    @property
    def spoils(self) -> bool:
        """Whether the document cannot be looked at closely without the name. A runbook is for people."""
        return self.mark.namespace is not Namespace.RUNBOOK


@dataclass(frozen=True)
class _Names:
    """Every defined name."""

    shared: Mapping[Namespace, frozenset[str]]
    checks: Mapping[str, frozenset[str]]
    """Check ids by policy."""
    baselines: Mapping[str, frozenset[str]]
    """Baseline names by policy."""


def reference_problems(documents: Sequence[LoadedDocument], project: Project) -> list[Dangling]:
    """Return every name that is defined twice or not at all, each at its place.

    Documents that are not valid count too: what they define is defined.
    """
    found: list[Dangling] = []
    names = _definitions(documents, project, found)
    suggestions = Suggestions()
    runbooks = cache(lambda: _runbooks(project.repository, suggestions))
    for document in documents:
        for mark in document.marks:
            if not mark.defines:
                found.extend(_use(document, mark, names, runbooks, suggestions))
    return found


def _runbooks(repository: Path, suggestions: Suggestions) -> Runbooks:
    from cvnpolicy.load.runbooks import Runbooks  # what reads Markdown is imported where a runbook is named

    return Runbooks(repository, suggestions)


def _definitions(documents: Sequence[LoadedDocument], project: Project, found: list[Dangling]) -> _Names:
    first: dict[tuple[Namespace, str, str], tuple[LoadedDocument, Mark]] = {}
    for document in documents:
        for mark in document.marks:
            if mark.defines:
                scope = document.name if mark.namespace in _LOCAL else ""
                earlier = first.setdefault((mark.namespace, scope, mark.name), (document, mark))
                if earlier[1] is not mark:
                    found.append(_twice(document, mark, earlier[0].place(earlier[1])))
    shared: dict[Namespace, set[str]] = {namespace: set() for namespace in Namespace}
    local: dict[Namespace, dict[str, set[str]]] = {namespace: {} for namespace in _LOCAL}
    for namespace, scope, name in first:
        shared[namespace].add(name)
        if namespace in _LOCAL:
            local[namespace].setdefault(scope, set()).add(name)
    for bindings in project.configuration.bound.values():
        shared[Namespace.DATASET].update(bindings)
    shared[Namespace.SET].update(project.configuration.sets)
    for document in documents:
        if document.kind is not None and document.kind.named_as is not None:
            shared[document.kind.named_as].add(document.name)
    return _Names(
        {namespace: frozenset(known) for namespace, known in shared.items()},
        {scope: frozenset(known) for scope, known in local[Namespace.CHECK].items()},
        {scope: frozenset(known) for scope, known in local[Namespace.BASELINE].items()},
    )


def _twice(document: LoadedDocument, mark: Mark, earlier: Location) -> Dangling:
    what = f"{mark.namespace} {named(mark.name)} is defined twice"
    problem = Problem(DocumentRule.DUPLICATE_NAME, what, f"the first is at {earlier}", document.place(mark))
    return Dangling(document, mark, problem)


def _use(
    document: LoadedDocument, mark: Mark, names: _Names, runbooks: Callable[[], Runbooks], suggestions: Suggestions
) -> Iterator[Dangling]:
    match mark.namespace:
        case Namespace.CHECK:
            trouble = _address(document.name, mark.name, names, suggestions)
        case Namespace.RUNBOOK:
            trouble = runbooks().trouble(mark.name)
        case Namespace.BASELINE:
            known = names.baselines.get(document.name, frozenset())
            what = f"there is no baseline {named(mark.name)}"
            trouble = None if mark.name in known else (what, _near(mark.name, known, suggestions))
        case _:
            known = names.shared[mark.namespace]
            what = f"there is no {mark.namespace} {named(mark.name)}"
            trouble = None if mark.name in known else (what, _near(mark.name, known, suggestions))
    if trouble is not None:
        yield Dangling(document, mark, Problem(DocumentRule.DANGLING_NAME, *trouble, document.place(mark)))


def _near(name: str, known: frozenset[str], suggestions: Suggestions) -> str:
    return suggestions.did_you_mean(name, known) if known else "define it"


def _address(policy: str, address: str, names: _Names, suggestions: Suggestions) -> tuple[str, str] | None:
    """Return what is wrong with an address; wildcards must find something."""
    if address == "*":
        return None
    owner, _, check = address.rpartition("/")
    owner = owner or policy
    if owner not in names.checks:
        if owner in names.shared[Namespace.POLICY]:
            return f"policy {named(owner)} has no checks", "name a policy that has"
        return f"there is no policy {named(owner)} with checks", _near(owner, frozenset(names.checks), suggestions)
    if check == "*" or check in names.checks[owner]:
        return None
    return f"policy {named(owner)} has no check {named(check)}", _near(check, names.checks[owner], suggestions)
