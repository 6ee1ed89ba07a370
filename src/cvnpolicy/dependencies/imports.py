"""The imports of a Python file, and how each of them is reached. The file is parsed, and never run."""

from __future__ import annotations

import ast
import re
import warnings
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate

from cvnpolicy.core.location import Location

_LINES = re.compile(r"\r\n|\r|\n")
_MARK = "TYPE_CHECKING"
_TYPING = frozenset({"typing", "typing_extensions"})
_Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


class UnparsedError(Exception):
    """The file is no Python that can be parsed."""

    def __init__(self, what: str, line: int = 1) -> None:
        """Say what is wrong, and where."""
        super().__init__(what)
        self.line = line


@dataclass(frozen=True)
class Reach:
    """How the flow of a program comes to an import."""

    function: str = ""
    """The function that it waits in; empty at the top of the file."""
    guarded: bool = False
    """Whether it stands in a ``try``: code may go on without it."""
    typing: bool = False
    """Whether only a type checker sees it."""

    def __str__(self) -> str:
        """Return it in words: ``in a try, when load() is called``."""
        words = ["for type checkers"] if self.typing else []
        words += ["in a try"] if self.guarded else []
        words += [f"when {self.function}() is called"] if self.function else []
        return ", ".join(words) or "at the top"


@dataclass(frozen=True)
class Import:
    """One module that a file imports."""

    module: str
    """Dotted; of ``from a import b`` it is ``a.b``, as ``b`` may be a module. Empty where only the run knows it."""
    location: Location
    reach: Reach

    @property
    def top(self) -> str:
        """The name that stands first."""
        return self.module.partition(".")[0]


def imports(text: str, file: str) -> list[Import]:
    """Return the imports of a file in the order of places; imports of its own package aside.

    Args:
        text: The text of the file.
        file: Its path for locations.

    Raises:
        UnparsedError: It cannot be parsed.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what the compiler thinks of a stranger's escapes is not ours to print
            tree = ast.parse(text)
    except SyntaxError as error:
        raise UnparsedError(error.msg, error.lineno or 1) from None
    except (ValueError, RecursionError, MemoryError):
        raise UnparsedError("it is nested too deeply, or holds a character that no program may") from None
    walk = _Walk(_marks(tree), _importers(tree), _LINES.split(text), file)
    return sorted(walk.all(tree), key=lambda one: (one.location.line, one.location.column, one.module))


def _marks(tree: ast.Module) -> frozenset[str]:
    """Return the names that are true for a type checker alone: ``TYPE_CHECKING``, ``t.TYPE_CHECKING``.

    A name of that spelling which is bound to anything else means nothing.
    """
    found: set[str] = set()
    wrong: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                right = node.module in _TYPING and node.level == 0 and alias.name == _MARK
                (found if right else wrong).add(alias.asname or alias.name)
        elif isinstance(node, ast.Import):
            found |= {f"{alias.asname or alias.name}.{_MARK}" for alias in node.names if alias.name in _TYPING}
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            false = isinstance(node.value, ast.Constant) and node.value.value is False
            for target in targets:
                name = _dotted(target)
                if name.endswith(_MARK):
                    (found if false else wrong).add(name)
    return frozenset(found - wrong)


def _importers(tree: ast.Module) -> frozenset[str]:
    """Return what a file calls the functions that import."""
    found = {"__import__", "importlib.import_module", "importlib.__import__"}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "importlib" and node.level == 0:
            names = (
                alias.asname or alias.name for alias in node.names if alias.name in ("import_module", "__import__")
            )
            found.update(names)
        elif isinstance(node, ast.Import):
            found.update(
                f"{alias.asname}.import_module" for alias in node.names if alias.name == "importlib" and alias.asname
            )
    return frozenset(found)


def _dotted(node: ast.AST) -> str:
    """Return ``a.b`` of a name or an attribute; empty for anything else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""


@dataclass(frozen=True)
class _Walk:
    """Goes through a tree without recursion."""

    marks: frozenset[str]
    importers: frozenset[str]
    lines: Sequence[str]
    file: str
    ends: dict[int, Sequence[int] | None] = field(default_factory=dict)

    def all(self, tree: ast.Module) -> Iterator[Import]:
        stack: list[tuple[ast.AST, Reach]] = [(tree, Reach())]
        while stack:
            node, reach = stack.pop()
            yield from self._of(node, reach)
            stack += self._below(node, reach)

    def _below(self, node: ast.AST, reach: Reach) -> Iterator[tuple[ast.AST, Reach]]:
        """Yield what stands below a node, and how it is reached."""
        if isinstance(node, ast.If):
            body, other = self._branches(node.test, reach)
            yield node.test, reach
            yield from ((each, body) for each in node.body)
            yield from ((each, other) for each in node.orelse)
            return
        if isinstance(node, ast.Try | ast.TryStar):
            inside = replace(reach, guarded=True)
            yield from ((each, inside) for each in (*node.body, *node.handlers))
            yield from ((each, reach) for each in (*node.orelse, *node.finalbody))
            return
        if isinstance(node, _Function):
            reach = replace(reach, function=reach.function or getattr(node, "name", "a lambda"))
        yield from ((each, reach) for each in ast.iter_child_nodes(node))

    def _branches(self, test: ast.expr, reach: Reach) -> tuple[Reach, Reach]:
        """Return how both branches of an ``if`` are reached."""
        inside = replace(reach, typing=True)
        if _dotted(test) in self.marks:
            return inside, reach
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not) and _dotted(test.operand) in self.marks:
            return reach, inside
        parts = test.values if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) else []
        return (inside if any(_dotted(part) in self.marks for part in parts) else reach), reach

    def _of(self, node: ast.AST, reach: Reach) -> Iterator[Import]:
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, self._place(alias), reach) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            for alias in node.names:
                module = node.module if alias.name == "*" else f"{node.module}.{alias.name}"
                yield Import(module, self._place(node), reach)
        elif isinstance(node, ast.Call) and _dotted(node.func) in self.importers:
            named = node.args[0] if node.args else next((one.value for one in node.keywords if one.arg == "name"), None)
            if not isinstance(named, ast.Constant) or not isinstance(named.value, str):
                yield Import("", self._place(node), reach)
            elif not named.value.startswith("."):
                yield Import(named.value, self._place(node), reach)

    def _place(self, node: ast.alias | ast.stmt | ast.expr) -> Location:
        end_line, end = node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
        column = self._column(node.lineno, node.col_offset)
        return Location(self.file, node.lineno, column, end_line, self._column(end_line, end))

    def _column(self, line: int, offset: int) -> int:
        """Return the column of an offset, which Python counts in bytes of UTF-8."""
        ends = self._ends(line)
        return offset + 1 if ends is None else bisect_right(ends, offset - 1) + 1

    def _ends(self, line: int) -> Sequence[int] | None:
        """Return at which byte each character of a line ends that is not all ASCII; None where bytes are characters.

        Worked out once for each line: one line may hold very many imports.
        """
        if line not in self.ends:
            text = self.lines[line - 1] if line <= len(self.lines) else ""
            sizes = (len(one.encode("utf-8", "surrogatepass")) for one in text)
            self.ends[line] = None if text.isascii() else array("L", (end - 1 for end in accumulate(sizes)))
        return self.ends[line]
