"""What is read out of a Markdown text: headings with their anchors, and links."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading."""

    level: int
    """1 to 6."""
    text: str
    """As it is read: without emphasis, code and link marks."""
    slug: str
    """The anchor that GitHub gives it; unique in the document."""
    number: str | None
    """The section number it starts with: ``1``, ``4.1``, ``6.bis``."""
    line: int
    """Counted from 1."""


@dataclass(frozen=True, slots=True)
class Link:
    """One link; images are none."""

    target: str
    """The address, percent-encoded."""
    line: int
    """Counted from 1. Early by the line breaks inside code spans and link targets before it in its paragraph."""


@dataclass(frozen=True, slots=True)
class Document:
    """Headings and links in the order of the text."""

    headings: tuple[Heading, ...] = ()
    links: tuple[Link, ...] = ()


def has_anchor(document: Document, anchor: str) -> bool:
    """Return whether an anchor, without ``#``, leads to a heading.

    It is a heading's slug, percent-encoded or not, or its section number: ``1``, ``4.1``, and for ``6.bis`` also the
    ``6bis`` that GitHub makes of it in the slug.
    """
    wanted = _decoded(anchor)
    return any(
        wanted == heading.slug or (heading.number is not None and wanted in {heading.number, short(heading.number)})
        for heading in document.headings
    )


def anchors(document: Document) -> tuple[str, ...]:
    """Return every slug and every section number, each once, in the order of the text: what can be suggested."""
    slugs = [heading.slug for heading in document.headings if heading.slug]
    numbers = [heading.number for heading in document.headings if heading.number]
    return tuple(dict.fromkeys([*slugs, *numbers]))


def short(number: str) -> str:
    """Return a section number without the dot before a word: ``6bis`` for ``6.bis``."""
    return re.sub(r"\.(?=[a-z])", "", number)


def _decoded(anchor: str) -> str:
    encoded = re.sub(rb"%([0-9A-Fa-f]{2})", lambda match: bytes.fromhex(match[1].decode()), anchor.encode())
    return encoded.decode("utf-8", "replace")
