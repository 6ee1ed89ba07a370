"""One walk over a file: what its names stand for, and every place where a value may meet a hyperparameter's name.

The walk keeps its own stack: depth is bounded by memory and not by Python's recursion.
"""

from __future__ import annotations

import libcst as cst

from cvnpolicy.lint import calls
from cvnpolicy.lint.children import children
from cvnpolicy.lint.expressions import EXPRESSIONS
from cvnpolicy.lint.facts import Facts
from cvnpolicy.lint.notes import Notes
from cvnpolicy.lint.scope import Scope
from cvnpolicy.lint.settings import Settings
from cvnpolicy.lint.statements import STATEMENTS

_HANDLERS = {**STATEMENTS, **EXPRESSIONS}


def gather(module: cst.Module, settings: Settings) -> Facts:
    """Return the facts of a module: what its names stand for, and where a value may meet a hyperparameter."""
    notes = Notes(settings)
    stack: list[tuple[cst.CSTNode, Scope]] = [(module, Scope())]
    while stack:
        node, scope = stack.pop()
        handler = _HANDLERS.get(type(node))
        inner = handler(notes, node, scope) if handler is not None else None
        below = scope if inner is None else inner
        parts = children(node)
        if inner is not None and isinstance(node, cst.FunctionDef | cst.ClassDef):
            # Decorators, defaults and bases are evaluated outside.
            outside = {id(part) for part in parts if part is not node.body}
            stack += [(part, scope if id(part) in outside else inner) for part in reversed(parts)]
        else:
            stack += [(part, below) for part in reversed(parts)]
    for call, scope in notes.calls:
        calls.hand_over(call, scope)
    for later in notes.keyed:
        later()
    for call, scope in notes.calls:
        calls.gather(call, scope, notes.settings, notes.facts)
    return notes.facts
