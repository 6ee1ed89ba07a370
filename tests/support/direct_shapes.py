"""Numbers that are bound to names in the plainest ways, found by Python's own parser: independent of the linter."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from cvnpolicy.lint.settings import Settings

Span = tuple[int, int, int, int]
"""Line, column, end line, end column: from 1, in code points, the end exclusive."""


def direct(code: str, settings: Settings) -> Iterator[tuple[Span, str]]:
    """Yield place and name of each number that is a keyword, a value under a key, assigned, or a default."""
    lines = code.splitlines(keepends=True) if "\f" not in code else code.split("\n")
    for node in ast.walk(ast.parse(code)):
        for name, value, bare in _pairs(node):
            if name in settings.names and not (bare and name in settings.ambiguous) and is_number(value):
                yield span(value, lines), name


def span(node: ast.expr, lines: list[str]) -> Span:
    """Return where a node stands."""

    def column(line: int, offset: int) -> int:
        return len(lines[line - 1].encode()[:offset].decode()) + 1

    end, end_offset = node.end_lineno or 0, node.end_col_offset or 0
    return node.lineno, column(node.lineno, node.col_offset), end, column(end, end_offset)


def is_number(node: ast.expr) -> bool:
    """Whether it is a number as written, perhaps with signs."""
    while isinstance(node, ast.UnaryOp) and not isinstance(node.op, ast.Not):
        node = node.operand
    return isinstance(node, ast.Constant) and type(node.value) in (int, float, complex)


def _pairs(node: ast.AST) -> Iterator[tuple[str | None, ast.expr, bool]]:
    """Yield name, value, and whether a plain variable or attribute is assigned."""
    if isinstance(node, ast.keyword):
        yield node.arg, node.value, False
    elif isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            yield _text(key), value, False
    elif isinstance(node, ast.Assign):
        for target in node.targets:
            yield from _target(target, node.value)
    elif isinstance(node, ast.AnnAssign) and node.value is not None:
        yield from _target(node.target, node.value)
    elif isinstance(node, ast.arguments):
        positional = [*node.posonlyargs, *node.args]
        for argument, default in zip(reversed(positional), reversed(node.defaults), strict=False):
            yield argument.arg, default, False
        for argument, given in zip(node.kwonlyargs, node.kw_defaults, strict=True):
            if given is not None:
                yield argument.arg, given, False


def _target(target: ast.expr, value: ast.expr) -> Iterator[tuple[str | None, ast.expr, bool]]:
    if isinstance(target, ast.Name):
        yield target.id, value, True
    elif isinstance(target, ast.Attribute):
        yield target.attr, value, True
    elif isinstance(target, ast.Subscript):
        yield _text(target.slice), value, False


def _text(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
