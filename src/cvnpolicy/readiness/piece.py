"""A piece of a readiness file: what a rule looks at, and what of it can be evidence."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from cvnpolicy.markdown.page import Mark, Text

GAP = re.compile(r"<[A-Za-z_][A-Za-z0-9_ ./'-]{0,60}>|\bYYYY-MM-DD\b|#(?:NNN|TBD|XXX)\b|(?<!\w)<\s?/\s?>")
"""What a form leaves to be filled in. It is no evidence of anything."""

PLACEHOLDER = re.compile(rf"{GAP.pattern}|\b(?:TBD|TODO|FIXME)\b")
"""The same, and words that say that it is still to be filled in."""

HOLE = "\u2423"
"""What stands in a text where a gap stood."""

_EXAMPLE = re.compile(r"\(e\.g\.[^)\n]{0,200}\)?|\be\.g\.[^;)\n]{0,200}")
_SPACES = str.maketrans(dict.fromkeys("\xa0\u202f\u2007\u2009\u200a", " ") | {"\u200b": "", "\ufe0f": "", "\u2060": ""})
_LEADING = re.compile(r"^[^\w\s#@§`<(\[]+\s*|^\s+")
_NOTHING = re.compile(r"[\s—–·.,;:*()\[\]/|\u2423-]*", re.ASCII)
_EMPTY_WORDS = frozenset({"", "n/a", "na", "none", "nothing", "tbc", "?", "...", "…"})


@dataclass(frozen=True)
class Piece:
    """One cell, row, item, paragraph or value."""

    source: Text
    """As it is written."""
    label: str = ""
    """What stands before its colon, where it has a label."""
    above: Piece | None = None
    """The cell above, where this one repeats it."""
    row: Mapping[str, Piece] = field(default_factory=dict)
    """The cells of its row by column, where it is of a table."""

    @property
    def line(self) -> int:
        """Where it starts."""
        return self.source.line

    @cached_property
    def raw(self) -> str:
        """Its text with plain spaces."""
        return self.source.text.translate(_SPACES)

    @cached_property
    def plain(self) -> str:
        """What of it can be evidence: without placeholders and examples, with the addresses of its links."""
        # A line that is only wrapped goes on.
        text = GAP.sub(HOLE, _EXAMPLE.sub(" ", self.raw.replace("\n", " ")))
        addresses = [mark.target for mark in self.source.links if mark.target and mark.target not in text]
        text = " ".join([text, *addresses])
        return text if self.above is None else f"{text} {self.above.plain}"

    @cached_property
    def written(self) -> str:
        """All of it, with placeholders and examples, and with the cell above where it repeats that."""
        return self.raw if self.above is None else f"{self.raw} {self.above.written}"

    @cached_property
    def head(self) -> str:
        """The same without ticks and other marks at its start."""
        text = self.plain
        for _ in range(8):
            shorter = _LEADING.sub("", text)
            if shorter == text:
                break
            text = shorter
        return text

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """The code spans that can be evidence."""
        spans = tuple(self.raw[mark.start : mark.end] for mark in self.source.codes)
        own = tuple(span for span in spans if GAP.search(span) is None and span.strip() and span in self.plain)
        return own if self.above is None else own + self.above.codes

    @property
    def is_filled(self) -> bool:
        """Whether it says anything at all."""
        rest = self.plain.strip()
        return _NOTHING.fullmatch(rest) is None and rest.casefold().strip(" .`*") not in _EMPTY_WORDS

    @property
    def has_placeholder(self) -> bool:
        """Whether something in it is still to be filled in."""
        return PLACEHOLDER.search(self.raw) is not None

    def line_of(self, said: str) -> int:
        """Return the line of a part of it."""
        words = r"\s+".join(re.escape(word) for word in said.split())
        found = re.search(words, self.raw)
        return self.source.line_at(found.start() if found is not None else 0)

    @property
    def short(self) -> str:
        """Its beginning, for a message."""
        text = " ".join(self.raw.split())
        return text if len(text) <= 60 else f"{text[:57].rstrip()}…"


def joined(pieces: Sequence[Piece]) -> Piece | None:
    """Return several pieces as one text; its line is that of the first."""
    if not pieces:
        return None
    parts: list[str] = []
    codes, links = [], []
    at, line = 0, pieces[0].line
    for piece in pieces:
        # Lines are kept where the pieces follow one another in the file.
        gap = max(1, piece.line - line) if parts else 0
        at += gap
        codes += [(mark.start + at, mark.end + at) for mark in piece.source.codes]
        links += [(mark.start + at, mark.end + at, mark.target) for mark in piece.source.links]
        parts.append("\n" * gap + piece.source.text)
        at += len(piece.source.text)
        line += gap + piece.source.text.count("\n")
    text = "".join(parts)
    above = joined([piece.above for piece in pieces if piece.above is not None])
    return Piece(Text(text, pieces[0].line, _marks(codes), (), _marks(links)), pieces[0].label, above)


def _marks(places: Sequence[tuple[int, int] | tuple[int, int, str]]) -> tuple[Mark, ...]:
    return tuple(Mark(*place) for place in places)
