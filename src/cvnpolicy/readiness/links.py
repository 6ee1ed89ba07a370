"""What a readiness file or a runbook points at inside the repository: links, anchors and scripts."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from cvnpolicy.markdown.document import Document, has_anchor
from cvnpolicy.markdown.page import Code, Item, Page, Paragraph, Table, Text

_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{1,20}:|//|#")
_NAME = r"[A-Za-z0-9_.-]{1,80}"
_FILE = re.compile(rf"(?<![\w/.<-])({_NAME}(?:/{_NAME}){{1,12}})(#[\w.-]{{1,120}})?(?![\w/>])")


@dataclass(frozen=True)
class Pointer:
    """Something that must be there."""

    path: str
    """From the top of the repository; empty for the file itself."""
    anchor: str
    """Without ``#``; empty for a whole file."""
    line: int
    written: str
    """As it stands in the file."""


def pointers(page: Page, file: str, scripts: Sequence[str]) -> Iterator[Pointer]:
    """Yield what a file points at: links that stay in the repository, and scripts and Markdown in code.

    Args:
        page: The file.
        file: Its path from the top of the repository: links are relative to its folder.
        scripts: The folders of scripts, from the top of the repository.
    """
    for text in _texts(page):
        for mark in text.links:
            if mark.target.startswith("#"):
                yield Pointer("", unquote(mark.target[1:]), text.line_at(mark.start), mark.target)
            elif mark.target and _ELSEWHERE.match(mark.target) is None:
                path, _, anchor = unquote(mark.target).partition("#")
                place = path.lstrip("/") if path.startswith("/") else posixpath.join(posixpath.dirname(file), path)
                yield Pointer(posixpath.normpath(place), anchor, text.line_at(mark.start), mark.target)
        for mark in text.codes:
            yield from _in_code(text.text[mark.start : mark.end], text.line_at(mark.start), scripts)
    for block in page.blocks:
        if isinstance(block, Code):
            for offset, line in enumerate(block.text.split("\n")):
                yield from _in_code(line, block.line + offset, scripts)


def _in_code(code: str, line: int, scripts: Sequence[str]) -> Iterator[Pointer]:
    for found in _FILE.finditer(code):
        path = posixpath.normpath(found[1].rstrip("."))
        if any(path.startswith(folder) for folder in scripts):
            yield Pointer(path, "", line, found[1])
        elif path.endswith(".md") and found[2]:
            yield Pointer(path, found[2][1:], line, found[0])


def _texts(page: Page) -> Iterator[Text]:
    for block in page.blocks:
        if isinstance(block, Paragraph | Item):
            yield block.text
        elif isinstance(block, Table):
            for row in (block.header, *block.rows):
                yield from row.cells


def trouble(
    pointer: Pointer, own: Page, exists: Callable[[str], bool], page: Callable[[str], Page | None]
) -> str | None:
    """Return what is wrong with a pointer; None where it leads somewhere.

    Args:
        pointer: What is pointed at.
        own: The page it stands on.
        exists: Whether a path of the repository is there.
        page: The page of a Markdown file of the repository; None where it is not there.
    """
    if pointer.path.startswith("..") or posixpath.isabs(pointer.path):
        return "leads out of the repository"
    if pointer.path and not exists(pointer.path):
        return "is not there"
    if not pointer.anchor:
        return None
    target = own if not pointer.path else page(pointer.path)
    if target is not None and not has_anchor(Document(tuple(target.headings)), pointer.anchor):
        return f"has no heading '#{pointer.anchor}'"
    return None
