"""One document of a policy file, valid or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from cvnpolicy.core.errors import Problem
from cvnpolicy.core.kind import Kind
from cvnpolicy.core.location import Location
from cvnpolicy.core.policy import Document, Policy
from cvnpolicy.core.rules import DocumentRule
from cvnpolicy.kinds import KINDS, load_kind
from cvnpolicy.load.marks import Mark, marks
from cvnpolicy.load.nearest import did_you_mean
from cvnpolicy.load.nodes import MappingNode, Node, ScalarNode, find, locate, to_plain
from cvnpolicy.load.validate import validate
from cvnpolicy.load.words import shown


@dataclass(frozen=True)
class LoadedDocument:
    """A document, what kind it says it is, and its policy when it is valid."""

    node: Node
    kind: Kind[Any] | None
    """None when it does not say a kind that exists: then the names it may define are not known."""
    policy: Policy[Any] | None
    problems: tuple[Problem, ...]
    plain: object
    """The document as plain dicts, lists and scalars."""

    @cached_property
    def name(self) -> str:
        """Its ``metadata.name``; empty where there is none."""
        metadata = self.plain.get("metadata") if isinstance(self.plain, Mapping) else None
        name = metadata.get("name") if isinstance(metadata, Mapping) else None
        return name if isinstance(name, str) else ""

    @cached_property
    def marks(self) -> tuple[Mark, ...]:
        """The names it defines and uses."""
        return () if self.kind is None else tuple(marks(document_model(self.kind), self.plain))

    def place(self, mark: Mark) -> Location:
        """Where a name stands."""
        return locate(self.node, mark.path, key=mark.key)


def load_document(node: Node) -> LoadedDocument:
    """Validate one document."""
    kind, plain = _kind_of(node), to_plain(node)
    if isinstance(kind, Problem):
        return LoadedDocument(node, None, None, (kind,), plain)
    document = validate(document_model(kind), node, plain)
    if isinstance(document, tuple):
        return LoadedDocument(node, kind, None, document, plain)
    policy = Policy(kind.name, document, partial(locate, node), partial(_within, node))
    return LoadedDocument(node, kind, policy, (), plain)


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
        place = node.entries[0][0].location if node.entries else node.location
        return Problem(DocumentRule.MISSING_KEY, "the document does not say its kind", right, place)
    value = entry[1]
    name = value.value if isinstance(value, ScalarNode) else None
    if not isinstance(name, str) or name not in KINDS:
        said = shown(name) if isinstance(name, str) else "this"
        return Problem(DocumentRule.BAD_VALUE, f"{said} is not a kind", did_you_mean(str(name), KINDS), value.location)
    return load_kind(name)
