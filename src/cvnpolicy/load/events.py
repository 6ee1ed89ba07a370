"""From parser events to located nodes, in one pass and without recursion. What is refused is reported and passed over.

Libyaml's own composer is not used: it recurses, and crashes the process on 30,000 nested brackets.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from yaml import events as ev

from cvnpolicy.core.errors import Problem
from cvnpolicy.core.location import Location
from cvnpolicy.core.rules import DocumentRule
from cvnpolicy.load.characters import complaint, first_hidden, without_hidden
from cvnpolicy.load.nodes import MappingNode, Node, RefusedNode, ScalarNode, SequenceNode
from cvnpolicy.load.scalars import NumberRefusedError, resolve
from cvnpolicy.load.words import printable, shown

DEPTH = 64
"""The deepest nesting that is read."""

HOPELESS = 1000
"""Nesting at which reading stops: the parser's time grows with the square of it."""


class Mark(Protocol):
    """A point in the text, counted from 0; libyaml's class and PyYAML's own have these."""

    index: int
    line: int
    column: int


class TooDeepError(Exception):
    """Nesting beyond hope: what follows in the file is not read."""


@dataclass(slots=True)
class _Frame:
    """A list or mapping that is being read."""

    start: ev.CollectionStartEvent
    mapping: bool
    entries: list[tuple[ScalarNode, Node]] = field(default_factory=list)
    items: list[Node] = field(default_factory=list)
    first_lines: dict[str, int] = field(default_factory=dict)
    key: ScalarNode | None = None
    wants_value: bool = False
    """In a mapping: whether a key was read, kept in ``key`` unless it was refused."""
    partial: bool = False

    @property
    def wants_key(self) -> bool:
        return self.mapping and not self.wants_value


class Builder:
    """Takes events and keeps the documents they make."""

    def __init__(self, file: str, first_line: int, problems: list[Problem]) -> None:
        """Add to ``problems``; lines count from ``first_line`` (0 for a whole file)."""
        self.documents: list[Node] = []
        self.resume = 0
        """Code points from the start of the text to the end of the last ``---``."""
        self._file = file
        self._first_line = first_line
        self._problems = problems
        self._frames: list[_Frame] = []
        self._skipping = 0
        self._skip_start: ev.Event | None = None
        self._opening: ev.Event | None = None
        self._root: Node | None = None
        self.long_quote: Location | None = None
        """The last text in quotes that goes over several lines: its end is often the start of the next one."""

    def take(self, event: ev.Event) -> None:
        """Use one event.

        Raises:
            TooDeepError: If nesting is beyond hope.
        """
        if self._skipping:
            self._skip(event)
        elif isinstance(event, ev.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, ev.CollectionStartEvent):
            self._open(event)
        elif isinstance(event, ev.CollectionEndEvent):
            self._close(event)
        elif isinstance(event, ev.AliasEvent):
            self._refuse(event, f"the alias {shown(f'*{event.anchor}')}", "write the value out; quote it if it is text")
            self._attach_refused(event)
        elif isinstance(event, ev.DocumentStartEvent):
            self._start_document(event)
        elif isinstance(event, ev.DocumentEndEvent):
            self._end_document()

    def span(self, event: ev.Event) -> Location:
        """Return where an event is."""
        return self.place(event.start_mark, event.end_mark)

    def place(self, start: Mark | None, end: Mark | None) -> Location:
        """Return the span between two marks. Only events made by hand have none: those are at the file's start."""
        if start is None or end is None:
            return Location(self._file)
        line, end_line = start.line + 1 + self._first_line, end.line + 1 + self._first_line
        return Location(self._file, line, start.column + 1, end_line, end.column + 1)

    def _start_document(self, event: ev.DocumentStartEvent) -> None:
        self._opening = event
        self.resume = event.end_mark.index if event.end_mark else 0
        if event.version and tuple(event.version) != (1, 2):
            version = ".".join(str(number) for number in event.version)
            self._refuse(event, f"the directive %YAML {version}", "remove it: documents are read as YAML 1.2")
        if event.tags:
            self._refuse(event, "the directive %TAG", "remove it: tags are not allowed")

    def _end_document(self) -> None:
        if self._root is not None:
            self.documents.append(self._root)
        self._root = None

    def _scalar(self, event: ev.ScalarEvent) -> None:
        if event.anchor is not None or event.tag is not None:
            self._check_properties(event, event.tag)
        place = self.place(event.start_mark, event.end_mark)
        plain = not event.style
        text = event.value
        if event.style in ("'", '"') and place.line != place.end_line:
            self.long_quote = place
        if not plain and (hidden := first_hidden(text)):
            self._problem(DocumentRule.UNREADABLE, place, *complaint(hidden[0]))
            text = without_hidden(text)
        if self._frames and self._frames[-1].wants_key:
            self._key(text, place, plain=plain)
            return
        if not self._frames and plain and not text:
            what, right = "the document is empty", "write it, or remove the '---'"
            self._problem(DocumentRule.SYNTAX, self._opening_place(event), what, right)
            return
        try:
            value = resolve(text) if plain else text
        except NumberRefusedError as error:
            self._problem(DocumentRule.BAD_VALUE, place, error.what, error.right)
            self._attach(RefusedNode(place))
            return
        self._attach(ScalarNode(value, place, text, plain))

    def _key(self, text: str, place: Location, *, plain: bool) -> None:
        frame = self._frames[-1]
        frame.wants_value = True
        frame.key = None
        if plain and text == "<<":
            frame.partial = True
            self._problem(DocumentRule.REFUSED_YAML, place, "the merge key '<<'", "write the merged keys out")
            return
        self._check_text_key(text, place, plain=plain)
        if text in frame.first_lines:
            right = f"keep one of them; the first is on line {frame.first_lines[text]}"
            self._problem(DocumentRule.DUPLICATE_KEY, place, f"the key {shown(text)} comes twice", right)
            return
        frame.first_lines[text] = place.line
        frame.key = ScalarNode(text, place, text, plain)

    def _check_text_key(self, text: str, place: Location, *, plain: bool) -> None:
        """Report a key that is not text. It is read on as the text it was most likely meant to be."""
        if not plain:
            return
        try:
            is_text = isinstance(resolve(text), str)
        except NumberRefusedError:
            is_text = False
        if not text:
            self._problem(DocumentRule.REFUSED_YAML, place, "a key is empty", "write a name before the ':'")
        elif not is_text:
            self._problem(DocumentRule.REFUSED_YAML, place, f"the key {shown(text)[1:-1]} is not text", "quote it")

    def _open(self, event: ev.CollectionStartEvent) -> None:
        if event.anchor is not None or event.tag is not None:
            self._check_properties(event, event.tag)
        if self._frames and self._frames[-1].wants_key:
            shape = "mapping" if isinstance(event, ev.MappingStartEvent) else "list"
            self._refuse(event, f"a {shape} as a key", "write a key of plain text")
        elif len(self._frames) >= DEPTH:
            self._refuse(event, f"nesting deeper than {DEPTH} levels", "write it flatter")
        else:
            self._frames.append(_Frame(event, isinstance(event, ev.MappingStartEvent)))
            return
        self._skip_start = event
        self._skipping = 1

    def _skip(self, event: ev.Event) -> None:
        if isinstance(event, ev.CollectionStartEvent):
            self._skipping += 1
            if self._skipping > HOPELESS:
                raise TooDeepError
        elif isinstance(event, ev.CollectionEndEvent):
            self._skipping -= 1
            if not self._skipping:
                self._attach_refused(self._skip_start or event)

    def _close(self, event: ev.CollectionEndEvent) -> None:
        frame = self._frames.pop()
        last: Node | None = None
        if frame.start.flow_style is False:
            # The parser ends a block only where the next thing begins, past comments and blank lines.
            last = frame.entries[-1][1] if frame.entries else frame.items[-1] if frame.items else None
        place = self.place(frame.start.start_mark, event.end_mark)
        if last is not None:
            place = Location(place.file, place.line, place.column, last.location.end_line, last.location.end_column)
        if frame.mapping:
            self._attach(MappingNode(tuple(frame.entries), place, frame.partial))
        else:
            self._attach(SequenceNode(tuple(frame.items), place))

    def _attach(self, node: Node) -> None:
        if not self._frames:
            self._root = node
            return
        frame = self._frames[-1]
        if not frame.mapping:
            frame.items.append(node)
            return
        frame.wants_value = False
        if frame.key is not None:
            frame.entries.append((frame.key, node))

    def _attach_refused(self, event: ev.Event) -> None:
        """Put a stand-in where something was refused; a refused key takes its value with it."""
        if self._frames and self._frames[-1].wants_key:
            frame = self._frames[-1]
            frame.key, frame.wants_value, frame.partial = None, True, True
        else:
            self._attach(RefusedNode(self.span(event)))

    def _check_properties(self, event: ev.NodeEvent, tag: str | None) -> None:
        """Report an anchor and a tag. The value itself is read on as if they were not there."""
        if event.anchor is not None:
            right = "remove it, and write the value where it is used"
            self._refuse(event, f"the anchor {shown(f'&{event.anchor}')}", right)
        if tag is not None:
            name = tag.replace("tag:yaml.org,2002:", "!!")
            self._refuse(event, f"the tag {shown(name)}", "remove it; quote the value if it is meant as text")

    def _opening_place(self, event: ev.Event) -> Location:
        opening = self._opening or event
        return self.span(opening)

    def _refuse(self, event: ev.Event, what: str, right: str) -> None:
        place = self.span(event)
        self._problem(DocumentRule.REFUSED_YAML, place, what, right)

    def _problem(self, rule: DocumentRule, place: Location, what: str, right: str) -> None:
        self._problems.append(Problem(rule, printable(what), right, place))
