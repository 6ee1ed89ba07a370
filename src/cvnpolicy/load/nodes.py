"""What a YAML document is made of, each part with its place. Tuples: a file has thousands, and tuples are made fast."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cvnpolicy.core.location import Location

Step = str | int
"""One step of a path: a key, or the index of an item."""


class ScalarNode(NamedTuple):
    """One value: text, number, true, false or nothing."""

    value: str | int | float | bool | None
    location: Location
    text: str
    """As written, without quotes and with escapes resolved: ``0.70`` for the number 0.7."""
    plain: bool = True
    """Without quotes and not a block."""

    def inside(self, offset: int, length: int) -> Location:
        """Return the place of ``length`` code points from ``offset`` on.

        The whole scalar where columns do not follow from the text: over several lines, with escapes, or outside it.
        """
        place = self.location
        margin = 0 if self.plain else 1
        # An escape is always longer in the file than what it stands for, so equal widths mean there is none.
        as_written = place.line == place.end_line and place.end_column - place.column == len(self.text) + 2 * margin
        if not as_written or offset < 0 or length < 0 or offset > len(self.text):
            return place
        return place.within(margin + offset, length)


class SequenceNode(NamedTuple):
    """A list."""

    items: tuple[Node, ...]
    location: Location


class MappingNode(NamedTuple):
    """Keys with values, in the order written. Every key is text; none comes twice."""

    entries: tuple[tuple[ScalarNode, Node], ...]
    location: Location
    partial: bool = False
    """Whether entries were refused and left out, so that a key not here may yet be written."""

    def entry(self, key: str) -> tuple[ScalarNode, Node] | None:
        """Return the key and its value, or None."""
        return next((entry for entry in self.entries if entry[0].text == key), None)


class RefusedNode(NamedTuple):
    """Stands where something was refused, such as an alias. A problem has been reported; its value is not known."""

    location: Location


Node = ScalarNode | SequenceNode | MappingNode | RefusedNode


def to_plain(node: Node) -> object:
    """Return dicts, lists and scalars. A refused node is None: see :func:`sound`."""
    if isinstance(node, MappingNode):
        return {key.text: to_plain(value) for key, value in node.entries}
    if isinstance(node, SequenceNode):
        return [to_plain(item) for item in node.items]
    return node.value if isinstance(node, ScalarNode) else None


def sound(node: Node) -> bool:
    """Return whether nothing in the document was refused."""
    waiting: list[Node] = [node]
    while waiting:
        current = waiting.pop()
        if isinstance(current, RefusedNode) or (isinstance(current, MappingNode) and current.partial):
            return False
        waiting.extend(children(current))
    return True


def children(node: Node) -> tuple[Node, ...]:
    """Return the values directly below a node."""
    if isinstance(node, MappingNode):
        return tuple(value for _, value in node.entries)
    return node.items if isinstance(node, SequenceNode) else ()


def find(node: Node, path: Sequence[Step]) -> Node | None:
    """Return the node at a path of keys and indices, or None when there is none."""
    current: Node | None = node
    for step in path:
        current = None if current is None else _child(current, step)
    return current


def locate(node: Node, path: Sequence[Step], *, key: bool = False) -> Location:
    """Return the place of the value at a path, or of its nearest existing ancestor.

    Args:
        node: Where the path starts.
        path: Keys and indices.
        key: The place of the key itself, if the last existing step is a key.
    """
    current, place = node, node.location
    for step in path:
        below = _child(current, step)
        if below is None:
            return place
        current, place = below, below.location if not key else _key_place(current, step, below)
    return place


def _key_place(parent: Node, step: Step, below: Node) -> Location:
    entry = parent.entry(step) if isinstance(parent, MappingNode) and isinstance(step, str) else None
    return entry[0].location if entry else below.location


def _child(node: Node, step: Step) -> Node | None:
    if isinstance(node, MappingNode) and isinstance(step, str):
        entry = node.entry(step)
        return entry[1] if entry else None
    if isinstance(node, SequenceNode) and isinstance(step, int) and 0 <= step < len(node.items):
        return node.items[step]
    return None
