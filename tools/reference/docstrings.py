"""The docstrings of enumeration members, which Python does not keep: read from the source."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from enum import Enum
from itertools import pairwise
from textwrap import dedent

_ROLE = re.compile(r":\w+:`~?([^`]+)`")


def member_docs(enumeration: type[Enum]) -> dict[str, str]:
    """Return the docstring below each member, by member name; members without one are left out."""
    tree = ast.parse(dedent(inspect.getsource(enumeration)))
    body = next(node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)).body
    return dict(_pairs(body))


def _pairs(body: list[ast.stmt]) -> Iterator[tuple[str, str]]:
    for statement, after in pairwise(body):
        if not isinstance(statement, ast.Assign) or not isinstance(after, ast.Expr):
            continue
        target, value = statement.targets[0], after.value
        if isinstance(target, ast.Name) and isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield target.id, markdown(value.value)


def markdown(docstring: str | None) -> str:
    """Return a docstring as Markdown: one backquote for code, and no line breaks inside a paragraph."""
    text = _ROLE.sub(lambda match: f"`{match[1].rsplit('.', 1)[-1]}`", inspect.cleandoc(docstring or ""))
    text = re.sub(r"``(.+?)``", r"`\1`", text)
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))
