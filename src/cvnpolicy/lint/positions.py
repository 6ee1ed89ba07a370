"""Where nodes stand: computed for those that something was found in, and for no others."""

from __future__ import annotations

import bisect
import re
from collections.abc import Collection, Mapping

import libcst as cst
from libcst._nodes.internal import CodegenState

from cvnpolicy.core.location import Location

_ENDS = re.compile(r"\r\n|\r|\n")
_REACH = 400
"""How far, in code points, a node may stand from where writing the tree out again puts it."""


class _Recorder(CodegenState):
    """Writes a tree out, and notes where the wanted nodes begin and end."""

    def __init__(self, module: cst.Module, wanted: Collection[int]) -> None:
        super().__init__(default_indent=module.default_indent, default_newline=module.default_newline)
        self.wanted = frozenset(wanted)
        self.spans: dict[int, tuple[int, int, str]] = {}
        self._offset = 0
        self._open: list[tuple[int, int]] = []
        self._counted = 0

    def _here(self) -> int:
        tokens = self.tokens
        while self._counted < len(tokens):
            self._offset += len(tokens[self._counted])
            self._counted += 1
        return self._offset

    def before_codegen(self, node: cst.CSTNode) -> None:
        if id(node) in self.wanted:
            self._open.append((self._here(), len(self.tokens)))

    def after_codegen(self, node: cst.CSTNode) -> None:
        if id(node) in self.wanted:
            start, first = self._open.pop()
            self.spans[id(node)] = (start, self._here(), "".join(self.tokens[first:]))


class Lines:
    """The lines of a text; offsets count code points from 0."""

    def __init__(self, text: str) -> None:
        """Find the line ends: LF, CRLF and CR, and no form feed."""
        self.text = text
        self.starts = [0, *(found.end() for found in _ENDS.finditer(text))]

    def place(self, offset: int) -> tuple[int, int]:
        """Return line and column, both from 1."""
        line = bisect.bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1

    def line(self, number: int) -> str:
        """Return the text of a line, without its end; empty for the one before the first."""
        if number < 1:
            return ""
        start = self.starts[number - 1]
        end = self.starts[number] if number < len(self.starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")

    def location(self, file: str, start: int, end: int) -> Location:
        """Return the location of a stretch of the text."""
        line, column = self.place(start)
        end_line, end_column = self.place(end)
        return Location(file, line, column, end_line, end_column)


def locate(module: cst.Module, nodes: Collection[cst.CSTNode], lines: Lines) -> Mapping[int, tuple[int, int]]:
    """Return start and end of each node in the text, by the node's id.

    Writing a tree out again loses a space here and there. So what stands at a place is compared with the node, and
    where it is not the same the nearest place where it is counts.
    """
    recorder = _Recorder(module, {id(node) for node in nodes})
    module._codegen(recorder)  # noqa: SLF001  what libcst's own position provider calls
    found = {}
    for key, (start, end, code) in recorder.spans.items():
        place = start if lines.text.startswith(code, start) else _nearest(lines.text, code, start)
        found[key] = (start, end) if place is None else (place, place + len(code))
    return found


def _nearest(text: str, code: str, start: int) -> int | None:
    behind = text.find(code, start, start + _REACH + len(code))
    before = text.rfind(code, max(0, start - _REACH), start + len(code))
    places = [place for place in (behind, before) if place >= 0]
    return min(places, key=lambda place: abs(place - start), default=None)
