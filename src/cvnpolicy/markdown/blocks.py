"""Markdown text to a page: paragraphs, items, tables and code, each with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cvnpolicy.markdown.document import Heading
from cvnpolicy.markdown.page import EMPTY, Block, Code, Item, Mark, Page, Paragraph, Row, Table, Text
from cvnpolicy.markdown.parse import headings_of, tokens_of

if TYPE_CHECKING:
    from markdown_it.token import Token

_TASK = re.compile(r"\[([ xX])\](?:\s+|$)")
_LINE_END = re.compile(r"\r\n?|\n")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)


def page(text: str, file: str) -> Page:
    """Read a whole text.

    Args:
        text: The Markdown.
        file: Its name in errors.

    Raises:
        InvalidInputError: If the text is larger than 1 MiB.
    """
    tokens = tokens_of(text, file)
    headings = headings_of(tokens)
    return Page(headings, tuple(_Reader(headings).blocks(tokens)), len(_LINE_END.findall(text)) + 1)


@dataclass
class _Reader:
    """Reads the tokens once, from the first to the last."""

    headings: Sequence[Heading]
    section: int = -1
    items: list[int] = field(default_factory=list)
    """The items that are open, as indexes among the blocks; -1 for one that has no text of its own yet."""
    count: int = 0

    def blocks(self, tokens: Sequence[Token]) -> Iterator[Block]:
        place = 0
        while place < len(tokens):
            token = tokens[place]
            block: Block | None = None
            if token.type == "heading_open":
                self.section += 1
                place += 2
            elif token.type == "list_item_open":
                self.items.append(-1)
            elif token.type == "list_item_close":
                self.items.pop()
            elif token.type == "inline":
                block = self._prose(token)
            elif token.type in {"fence", "code_block"}:
                fenced = token.type == "fence" and token.content != ""
                block = Code(token.content, _line(token) + fenced, self.section)
            elif token.type == "table_open":
                end = next(i for i in range(place, len(tokens)) if tokens[i].type == "table_close")
                block = _table(tokens[place:end], self.section)
                place = end
            if block is not None:
                yield block
                self.count += 1
            place += 1

    def _prose(self, token: Token) -> Block | None:
        text = inline(token, _line(token))
        if not text.text.strip():
            return None
        if not self.items:
            return Paragraph(text, self.section)
        outer = next((index for index in reversed(self.items[:-1]) if index >= 0), None)
        if self.items[-1] >= 0:
            # A later paragraph of the same item stands below it.
            return Item(text, self.section, len(self.items), self.items[-1], None)
        self.items[-1] = self.count
        box = _TASK.match(text.text)
        if box is None:
            return Item(text, self.section, len(self.items) - 1, outer, None)
        return Item(_from(text, box.end()), self.section, len(self.items) - 1, outer, box[1] != " ")


def _table(tokens: Sequence[Token], section: int) -> Table:
    rows: list[Row] = []
    cells: list[Text] = []
    line = 0
    for token in tokens:
        if token.type == "tr_open":
            cells, line = [], _line(token)
        elif token.type == "inline":
            cells.append(inline(token, line))
        elif token.type == "tr_close":
            rows.append(Row(tuple(cells), line))
    width = len(rows[0].cells)
    even = [Row((*row.cells, *[EMPTY] * (width - len(row.cells)))[:width], row.line) for row in rows]
    return Table(even[0], tuple(even[1:]), section)


def inline(token: Token, line: int) -> Text:
    """Return the text of an inline token that starts on a line."""
    parts: list[str] = []
    codes: list[Mark] = []
    strong: list[Mark] = []
    links: list[Mark] = []
    opened: list[tuple[int, str]] = []
    at = 0
    for child in token.children or ():
        said = _said(child)
        if child.type == "code_inline":
            codes.append(Mark(at, at + len(said)))
        elif child.type in {"strong_open", "link_open"}:
            opened.append((at, str(child.attrGet("href") or "")))
        elif child.type == "strong_close":
            strong.append(Mark(opened.pop()[0], at))
        elif child.type == "link_close":
            start, target = opened.pop()
            links.append(Mark(start, at, target))
        parts.append(said)
        at += len(said)
    return Text("".join(parts), line, tuple(codes), tuple(strong), tuple(links))


def _said(child: Token) -> str:
    """What a reader sees of one part. A tag that HTML does not have, such as ``<handle>``, is seen as it is."""
    if child.type in {"text", "code_inline"}:
        return child.content
    if child.type in {"softbreak", "hardbreak"}:
        return "\n"
    if child.type == "html_inline" and not child.content.startswith("<!--"):
        return " " if _BREAK.fullmatch(child.content) else child.content
    if child.type == "image":
        return child.content
    return ""


def _from(text: Text, start: int) -> Text:
    def moved(marks: tuple[Mark, ...]) -> tuple[Mark, ...]:
        return tuple(Mark(mark.start - start, mark.end - start, mark.target) for mark in marks if mark.start >= start)

    line = text.line_at(start)
    return Text(text.text[start:], line, moved(text.codes), moved(text.strong), moved(text.links))


def _line(token: Token) -> int:
    return token.map[0] + 1 if token.map else 1
