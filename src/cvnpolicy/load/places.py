"""From the path of a pydantic error to the place in the document and in the model."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel

from cvnpolicy.core.location import Location
from cvnpolicy.load.annotations import Option, below, field_names, labelled, options, tagged
from cvnpolicy.load.nodes import MappingNode, Node, RefusedNode, ScalarNode, SequenceNode, Step, find, locate

KEY_MARK = "[key]"
"""What pydantic adds to the path of an error about a mapping's key."""


@dataclass(frozen=True, slots=True)
class Fork:
    """A union without tags that the path of an error leads through."""

    path: tuple[Step, ...]
    label: str
    """Which member was tried."""
    allowed: tuple[Option, ...]
    """All members."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an error is."""

    root: Node
    path: tuple[Step, ...]
    """Keys and indices only."""
    allowed: tuple[Option, ...]
    """What the model allows there."""
    above: tuple[Option, ...]
    """What it allows one step up."""
    forks: tuple[Fork, ...] = ()
    about_key: bool = False

    @property
    def node(self) -> Node | None:
        """The value there; None for one that is missing."""
        return find(self.root, self.path)

    @property
    def name(self) -> str:
        """The key there, or the nearest key above; empty at the top."""
        return next((step for step in reversed(self.path) if isinstance(step, str)), "")

    @property
    def refused(self) -> bool:
        """Whether the value, or what it is part of, was refused already."""
        return any(isinstance(find(self.root, self.path[:end]), RefusedNode) for end in range(len(self.path) + 1))

    def location(self) -> Location:
        """Return the value's place: the scalar itself, or the key of what spans lines or is not written."""
        node = self.node
        if self.about_key:
            return locate(self.root, self.path, key=True)
        if isinstance(node, ScalarNode) and node.location.column != node.location.end_column:
            return node.location
        return self.key_location()

    def key_location(self) -> Location:
        """Return the place of the key; for an item or a whole document, of what it begins with."""
        found = self.path
        while find(self.root, found) is None:
            found = found[:-1]
        if found and isinstance(found[-1], str):
            return locate(self.root, found, key=True)
        return _head(find(self.root, found) or self.root)


def trace(model: type[BaseModel], root: Node, loc: tuple[Step, ...], *, ends_in_key: bool) -> Place:
    """Follow an error's path.

    Args:
        model: What the document was validated as.
        root: The document.
        loc: Pydantic's path: keys, indices, tags of unions, labels of union members.
        ends_in_key: Whether the last part is known to be a key (one that is missing or should not be there).
    """
    allowed = above = options(model)
    path: tuple[Step, ...] = ()
    forks: tuple[Fork, ...] = ()
    about_key = False
    for index, part in enumerate(loc):
        here = find(root, path)
        certain = ends_in_key and index == len(loc) - 1
        written = isinstance(here, MappingNode) and isinstance(part, str) and here.entry(part) is not None
        if part == KEY_MARK and not written and not certain:
            about_key = True
        elif isinstance(part, int) or certain or written:
            path, above, allowed = (*path, part), allowed, below(allowed, part)
        elif part.startswith("<"):
            allowed = tagged(allowed, part)
        elif len(allowed) > 1 and part not in field_names(allowed):
            forks = (*forks, Fork(path, part, allowed))
            allowed = labelled(allowed, part)
        else:
            path, above, allowed = (*path, part), allowed, below(allowed, part)
    return Place(root, path, allowed, above, forks, about_key)


def _head(node: Node) -> Location:
    """The place of a node's first key or item, as the node itself can span many lines."""
    while node.location.line != node.location.end_line:
        if isinstance(node, MappingNode) and node.entries:
            return node.entries[0][0].location
        if not isinstance(node, SequenceNode) or not node.items:
            break
        node = node.items[0]
    return node.location
