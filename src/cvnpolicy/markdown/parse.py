"""Markdown text to a located document, by CommonMark with GitHub's tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from cvnpolicy.core.errors import InvalidInputError, Problem
from cvnpolicy.core.location import Location
from cvnpolicy.core.rules import DocumentRule
from cvnpolicy.markdown.document import Document, Heading, Link
from cvnpolicy.markdown.slug import Slugs, section_number

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

LIMIT = 1024 * 1024
"""The most bytes of UTF-8 that are parsed."""


def parse(text: str, file: str) -> Document:
    """Read headings and links.

    Args:
        text: The Markdown.
        file: Its name in errors.

    Raises:
        InvalidInputError: If the text is larger than 1 MiB.
    """
    tokens = tokens_of(text, file)
    return Document(headings_of(tokens), tuple(_links(tokens)))


def tokens_of(text: str, file: str) -> Sequence[Token]:
    """Return the tokens of a text.

    Raises:
        InvalidInputError: If the text is larger than 1 MiB.
    """
    if len(text) > LIMIT or len(text.encode("utf-8", "replace")) > LIMIT:
        problem = Problem(DocumentRule.UNREADABLE, "the file is larger than 1 MiB", "split it", Location(file))
        raise InvalidInputError([problem])
    return _parser().parse(text.removeprefix("\ufeff"))


def headings_of(tokens: Sequence[Token]) -> tuple[Heading, ...]:
    """Return the headings among tokens, in the order of the text."""
    return tuple(_headings(tokens))


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt  # 35 ms: paid only by a run that meets Markdown

    return MarkdownIt("commonmark").enable("table")


def _headings(tokens: Sequence[Token]) -> Iterator[Heading]:
    slugs = Slugs()
    for index, token in enumerate(tokens):
        if token.type == "heading_open":
            text = _text(tokens[index + 1].children or ()).strip()
            yield Heading(int(token.tag[1:]), text, slugs.of(text), section_number(text), _line(token))


def _links(tokens: Sequence[Token]) -> Iterator[Link]:
    line = 1
    for token in tokens:
        if token.map is not None:
            line = _line(token)
        here = line
        for child in token.children or ():
            if child.type == "link_open":
                yield Link(str(child.attrGet("href") or ""), here)
            here += child.content.count("\n") + (child.type in {"softbreak", "hardbreak"})


def _text(children: Sequence[Token]) -> str:
    """The text a reader sees. Images and HTML tags have none."""
    breaks = {"softbreak": " ", "hardbreak": " "}
    return "".join(
        child.content if child.type in {"text", "code_inline"} else breaks.get(child.type, "") for child in children
    )


def _line(token: Token) -> int:
    return token.map[0] + 1 if token.map else 1
