"""Files of policies to a checked set: parse, validate, and then look at the documents together."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cvnpolicy.core.errors import Problem
from cvnpolicy.core.kind import PolicySet
from cvnpolicy.core.names import Namespace
from cvnpolicy.core.rules import DocumentRule
from cvnpolicy.load.bounds import bounded
from cvnpolicy.load.catalog import build_catalog
from cvnpolicy.load.checks import check_problems
from cvnpolicy.load.document import LoadedDocument, load_document
from cvnpolicy.load.files import discover, display, inside, read
from cvnpolicy.load.parse import parse
from cvnpolicy.load.project import Project
from cvnpolicy.load.references import reference_problems


@dataclass(frozen=True)
class Loaded:
    """What came of loading: the set (of the valid documents), and everything that is wrong."""

    policies: PolicySet
    problems: tuple[Problem, ...]
    files: tuple[str, ...]
    """The files that were read, relative to the folder of the configuration."""
    named: PolicySet
    """Those of the set that stand in the files and folders that were named; the whole set where none were."""
    complete: bool = True
    """Whether every file could be read to its end. If not, names that nothing seems to define were not reported."""
    names: frozenset[str] = frozenset()
    """What the documents call themselves, those that are not valid too."""


def load_policies(project: Project, paths: Sequence[Path] = ()) -> Loaded:
    """Load the configured policies, or those below other paths.

    Args:
        project: The configuration.
        paths: Files and folders. Those below the configured ``policies`` mean the whole configured set, since names
            resolve across files. Others are a set of their own. None: the configured set.

    Returns:
        The set and every problem of every file, sorted by place.
    """
    named, problems = discover(paths, project.root)
    wanted = [path for path in paths if inside(path, project.policies) is None]
    if len(wanted) < len(paths) or not paths:
        wanted.append(project.policies)
    files, more = discover(wanted, project.root)
    problems = [*problems, *(problem for problem in more if problem not in problems)]
    # Unlike Path's own, this takes a name that is too long for one that is not there.
    if not paths and not os.path.exists(project.policies):  # noqa: PTH110
        what = f"there is no folder or file '{project.configuration.policies}'"
        place = project.locate(("policies",))
        problems = [Problem(DocumentRule.NOTHING, what, "make it, or name another", place)]
    complete = not problems
    documents: list[LoadedDocument] = []
    for file in files:
        complete &= _load_file(file, project, documents, problems)
    if not files and not problems:
        what = f"no policy files below '{display(wanted[0], project.root)}'"
        where = None if paths else project.locate(("policies",))
        problems.append(Problem(DocumentRule.NOTHING, what, "add one, or name another path", where))
    policies, wrong = _together(project, documents, complete=complete)
    chosen = _within(policies, {display(file, project.root) for file in named}) if paths else policies
    shown = tuple(display(file, project.root) for file in files)
    names = frozenset(document.name for document in documents)
    return Loaded(policies, bounded([*problems, *wrong]), shown, chosen, complete, names)


def _within(policies: PolicySet, files: Collection[str]) -> PolicySet:
    """Return the policies that stand in these files."""
    return policies.only(frozenset(policy.name for _, policy in policies.policies if policy.locate(()).file in files))


def _load_file(file: Path, project: Project, documents: list[LoadedDocument], problems: list[Problem]) -> bool:
    """Load one file; return whether every name it may define is known."""
    data = read(file, project.root)
    if isinstance(data, Problem):
        problems.append(data)
        return False
    parsed = parse(data, display(file, project.root))
    problems.extend(parsed.problems)
    loaded = [load_document(node) for node in parsed.documents]
    documents.extend(loaded)
    problems.extend(problem for document in loaded for problem in document.problems)
    return parsed.complete


def _together(
    project: Project, documents: Sequence[LoadedDocument], *, complete: bool
) -> tuple[PolicySet, list[Problem]]:
    """Check what only shows with all documents at hand."""
    dangling = reference_problems(documents, project)
    perhaps = _words_in(document.plain for document in documents if document.kind is None)
    problems = [found.problem for found in dangling if complete and found.mark.name not in perhaps]
    wrong = {id(found.document) for found in dangling if found.spoils}
    sound = _sound([document for document in documents if id(document) not in wrong], project)
    for kind, policy in sound.policies:
        problems += kind.problems(policy, sound.catalog)
    problems += check_problems(sound)
    return sound, problems


def _sound(documents: Sequence[LoadedDocument], project: Project) -> PolicySet:
    """Return the valid documents whose names all lead to valid documents: only those can be looked at closely."""
    while True:
        pairs = tuple(
            (document.kind, document.policy)
            for document in documents
            if document.kind is not None and document.policy is not None
        )
        catalog = build_catalog(pairs, project.configuration)
        known = {
            Namespace.EVENT: catalog.events,
            Namespace.METRIC: catalog.metrics,
            Namespace.CONTRACT: catalog.contracts,
        }
        kept = [
            document
            for document in documents
            if all(mark.name in known[mark.namespace] for mark in document.marks if mark.namespace in known)
        ]
        if len(kept) == len(documents):
            return PolicySet(pairs, catalog)
        documents = kept


def _words_in(values: Iterable[object]) -> frozenset[str]:
    """Every key and text of documents of no known kind: a name that is missing may stand there."""
    words: set[str] = set()
    stack = list(values)
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            words.update(value)
            stack.extend(value.values())
        elif isinstance(value, list):
            stack.extend(value)
        elif isinstance(value, str):
            words.add(value)
    return frozenset(words)
