"""The parts of a syntax node that are code, in order: no whitespace, no punctuation, no annotations, no patterns."""

from __future__ import annotations

import dataclasses
from functools import cache

import libcst as cst

_LEFT_OUT = frozenset(
    {"lpar", "rpar", "lbracket", "rbracket", "lbrace", "rbrace", "comma", "semicolon", "equal", "colon", "operator"}
    | {"leading_lines", "lines_after_decorators", "lines_after_module_docstring", "header", "footer", "asynchronous"}
    | {"annotation", "returns", "type_parameters", "pattern", "star_ind", "posonly_ind", "newline", "comment"}
)


@cache
def _fields(kind: type[cst.CSTNode]) -> tuple[str, ...]:
    return tuple(
        each.name for each in dataclasses.fields(kind) if each.name not in _LEFT_OUT and "whitespace" not in each.name
    )


def children(node: cst.CSTNode) -> list[cst.CSTNode]:
    """Return the nodes right below a node."""
    found: list[cst.CSTNode] = []
    for name in _fields(type(node)):
        value = getattr(node, name)
        if isinstance(value, cst.CSTNode):
            found.append(value)
        elif isinstance(value, list | tuple):
            found += [each for each in value if isinstance(each, cst.CSTNode)]
    return found
