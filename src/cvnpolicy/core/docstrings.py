"""The docstrings below attributes, which Python does not keep: read from the source when they are asked for.

Pydantic can read them as each class is made. That costs a hook a tenth of a second for texts it does not show.
"""

from __future__ import annotations

import ast
import inspect
from functools import cache
from itertools import pairwise
from textwrap import dedent

_LIBRARIES = frozenset({"builtins", "enum", "pydantic", "typing"})
"""What their classes say of their own attributes is not for our users."""


@cache
def attribute_docs(cls: type) -> dict[str, str]:
    """Return the docstring below each attribute of a class, inherited ones included, by name.

    An attribute is an assignment in the body of a class, annotated or not, that a text stands right below.
    """
    found: dict[str, str] = {}
    for base in reversed(cls.__mro__):
        # A parametrised generic model has no source of its own: the class it is made from stands beside it.
        if base.__module__.partition(".")[0] not in _LIBRARIES and "[" not in base.__name__:
            found |= _own(base)
    return found


@cache
def _own(cls: type) -> dict[str, str]:
    try:
        tree = ast.parse(dedent(inspect.getsource(cls)))
    except (OSError, TypeError):
        return {}  # an installation without sources, such as a frozen one: its messages are shorter, and as right
    body = next(node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)).body
    found = {}
    for statement, after in pairwise(body):
        target = _target(statement)
        if target is not None and isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant):
            text = after.value.value
            if isinstance(text, str):
                found[target] = inspect.cleandoc(text)
    return found


def _target(statement: ast.stmt) -> str | None:
    """Return the name that a statement assigns, where it assigns one."""
    targets: list[ast.expr] = []
    if isinstance(statement, ast.AnnAssign):
        targets = [statement.target]
    elif isinstance(statement, ast.Assign):
        targets = statement.targets
    return next((target.id for target in targets if isinstance(target, ast.Name)), None)
