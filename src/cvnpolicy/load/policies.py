"""Files of policies to a checked set: parse, validate, and then look at the documents together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from cvnpolicy.core.errors import Problem
from cvnpolicy.core.kind import Kind, PolicySet
from cvnpolicy.core.location import Location
from cvnpolicy.core.policy import Document, Policy
from cvnpolicy.core.rules import DocumentRule
from cvnpolicy.kinds import KINDS, load_kind
from cvnpolicy.load.catalog import build_catalog
from cvnpolicy.load.checks import check_problems
from cvnpolicy.load.files import discover, display, inside, read
from cvnpolicy.load.nearest import did_you_mean
from cvnpolicy.load.nodes import MappingNode, Node, ScalarNode, find, locate, to_plain
from cvnpolicy.load.parse import parse
from cvnpolicy.load.project import Project
from cvnpolicy.load.references import reference_problems
from cvnpolicy.load.validate import validate

Pair = tuple[Kind[Any], Policy[Any]]


@dataclass(frozen=True)
class Loaded:
    """What came of loading: the set (of the valid documents), and everything that is wrong."""

    policies: PolicySet
    problems: tuple[Problem, ...]
    files: tuple[str, ...]
    """The files that were read, relative to the folder of the configuration."""


def load_policies(project: Project, paths: Sequence[Path] = ()) -> Loaded:
    """Load the configured policies, or those below other paths.

    Args:
        project: The configuration.
        paths: Files and folders. Those below the configured ``policies`` mean the whole configured set, since names
            resolve across files. Others are a set of their own. None: the configured set.

    Returns:
        The set and every problem of every file, sorted by place.
    """
    wanted = [path for path in paths if not _is_configured(path, project)]
    if len(wanted) < len(paths) or not paths:
        wanted.append(project.policies)
    files, problems = discover(wanted, project.root)
    pairs: list[Pair] = []
    failed: list[Node] = []
    complete = not problems
    for file in files:
        complete &= _load_file(file, project, pairs, failed, problems)
    if not files and not problems:
        where = display(wanted[0], project.root)
        problems.append(
            Problem(DocumentRule.NOTHING, f"no policy files below '{where}'", "add one, or name another path")
        )
    policies, more = _together(project, pairs, failed, complete=complete)
    ordered = sorted({*problems, *more}, key=lambda problem: problem.order)
    return Loaded(policies, tuple(ordered), tuple(display(file, project.root) for file in files))


def _is_configured(path: Path, project: Project) -> bool:
    return inside(path, project.policies) is not None


def _load_file(file: Path, project: Project, pairs: list[Pair], failed: list[Node], problems: list[Problem]) -> bool:
    """Load one file; return whether every name it may define is known."""
    data = read(file, project.root)
    if isinstance(data, Problem):
        problems.append(data)
        return False
    parsed = parse(data, display(file, project.root))
    problems.extend(parsed.problems)
    for node in parsed.documents:
        pair, wrong = _load_document(node)
        problems.extend(wrong)
        if pair is None:
            failed.append(node)
        else:
            pairs.append(pair)
    return parsed.complete


def _load_document(node: Node) -> tuple[Pair | None, tuple[Problem, ...]]:
    kind = _kind_of(node)
    if isinstance(kind, Problem):
        return None, (kind,)
    document = validate(document_model(kind), node)
    if not isinstance(document, Document):
        return None, document
    return (kind, Policy(kind.name, document, lambda path: locate(node, path), partial(_within, node))), ()


def document_model(kind: Kind[Any]) -> type[Document[Any]]:
    """Return the model of a whole document of a kind."""
    model: type[Document[Any]] = Document.__class_getitem__(kind.spec)  # type: ignore[assignment]
    return model


def _within(node: Node, path: Sequence[str | int], offset: int, length: int) -> Location:
    scalar = find(node, path)
    return scalar.inside(offset, length) if isinstance(scalar, ScalarNode) else locate(node, path)


def _kind_of(node: Node) -> Kind[Any] | Problem:
    """Return the kind that a document says it is."""
    if not isinstance(node, MappingNode):
        what, right = "a policy document is a mapping", "start with apiVersion: cvnpolicy/v1"
        return Problem(DocumentRule.BAD_VALUE, what, right, node.location)
    entry = node.entry("kind")
    if entry is None:
        right = f"add kind: and one of {', '.join(KINDS)}"
        return Problem(DocumentRule.MISSING_KEY, "the document does not say its kind", right, _first_key(node))
    value = entry[1]
    name = value.value if isinstance(value, ScalarNode) else None
    if not isinstance(name, str) or name not in KINDS:
        shown = f"'{name}'" if isinstance(name, str) else "this"
        return Problem(DocumentRule.BAD_VALUE, f"{shown} is not a kind", did_you_mean(str(name), KINDS), value.location)
    return load_kind(name)


def _first_key(node: MappingNode) -> Location:
    return node.entries[0][0].location if node.entries else node.location


def _together(
    project: Project, pairs: Sequence[Pair], failed: Iterable[Node], *, complete: bool
) -> tuple[PolicySet, list[Problem]]:
    """Check what only shows with all documents at hand."""
    catalog = build_catalog(pairs, project.configuration)
    policies = PolicySet(tuple(pairs), catalog)
    perhaps = _words_in(failed)
    references = reference_problems(policies, project)
    problems = [found.problem for found in references if complete and found.name not in perhaps]
    sound = PolicySet(
        tuple(pair for pair in pairs if not any(found.policy is pair[1] for found in references)), catalog
    )
    for kind, policy in sound.policies:
        problems += kind.problems(policy, catalog)
    problems += check_problems(sound, policies)
    return policies, problems


def _words_in(nodes: Iterable[Node]) -> frozenset[str]:
    """Every key and text of documents that failed: a name that is missing may stand there."""
    words: set[str] = set()
    stack: list[object] = [to_plain(node) for node in nodes]
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
