"""Docstrings as Markdown."""

from __future__ import annotations

import inspect
import re
from enum import Enum

from cvnpolicy.core.docstrings import attribute_docs

_ROLE = re.compile(r":\w+:`~?([^`]+)`")


def member_docs(enumeration: type[Enum]) -> dict[str, str]:
    """Return the docstring below each member, as Markdown, by member name; members without one are left out."""
    return {name: markdown(text) for name, text in attribute_docs(enumeration).items()}


def markdown(docstring: str | None) -> str:
    """Return a docstring as Markdown: one backquote for code, and no line breaks inside a paragraph."""
    text = _ROLE.sub(lambda match: f"`{match[1].rsplit('.', 1)[-1]}`", inspect.cleandoc(docstring or ""))
    text = re.sub(r"``(.+?)``", r"`\1`", text)
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))
