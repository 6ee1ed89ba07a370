"""Every small change to a module that a test has to notice: comparisons, boundaries, and the logic between them."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from types import CodeType

Slot = tuple[ast.AST, str, int | None]
"""A node's place: parent, field, and index where the field is a list."""

NEIGHBOURS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
SWAPPED = {"min": "max", "max": "min", "any": "all", "all": "any"}
CONSTRAINTS = frozenset({"ge", "gt", "le", "lt", "max_length", "min_length", "multiple_of"})
"""Arguments of pydantic's Field that are boundaries. They count in annotations too, where nothing else does."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change. File, function, texts and ``nth`` name it, so a line added above does not rename it."""

    file: str
    function: str
    before: str
    after: str
    nth: int
    """1, or which of several equal changes in one function."""
    line: int
    column: int
    index: int
    """Which change of its file."""
    lines: range
    """The lines of its statement; of an ``if`` or a loop those above the body."""
    at_import: bool
    """Whether the statement runs when the module is imported, and not when a function is called."""

    @property
    def key(self) -> tuple[str, str, str, str, int]:
        """What tells it from all others."""
        return (self.file, self.function, self.before, self.after, self.nth)

    def __str__(self) -> str:
        """Return place, function and change."""
        again = f" (nth = {self.nth})" if self.nth > 1 else ""
        return f"{self.file}:{self.line}:{self.column + 1}: {self.function}: {self.before}  ->  {self.after}{again}"


@dataclass(frozen=True, slots=True)
class _Where:
    """What surrounds a node."""

    function: str
    statement: ast.stmt
    at_import: bool = True
    limit: ast.AST | None = None
    """The comparison, subscript or range in which a whole number is a boundary."""
    annotation: bool = False


@dataclass(frozen=True, slots=True)
class _Edit:
    where: _Where
    node: ast.AST
    slot: Slot
    new: ast.AST
    shown: ast.AST | Callable[[str], str]
    """What its text is: a node around it, or a sentence to put it in."""


def mutants(file: str, text: str) -> list[Mutant]:
    """Return every mutant of a module, in the order of the text."""
    found: list[Mutant] = []
    seen: Counter[tuple[str, str, str]] = Counter()
    for index, edit in enumerate(_edits(ast.parse(text))):
        before = _shown(edit, edit.node)
        _put(edit.slot, edit.new)
        after = _shown(edit, edit.new)
        _put(edit.slot, edit.node)
        name = (edit.where.function, before, after)
        seen[name] += 1
        line, column = getattr(edit.node, "lineno", 0), getattr(edit.node, "col_offset", 0)
        lines, early = _lines(edit.where.statement), edit.where.at_import
        found.append(Mutant(file, *name, seen[name], line, column, index, lines, early))
    return found


def compiled(text: str, index: int, filename: str) -> CodeType:
    """Compile a module with its change of that number applied."""
    tree = ast.parse(text)
    edit = list(_edits(tree))[index]
    _put(edit.slot, ast.copy_location(edit.new, edit.node))
    return compile(ast.fix_missing_locations(tree), filename, "exec", dont_inherit=True)


def _shown(edit: _Edit, node: ast.AST) -> str:
    if callable(edit.shown):
        return edit.shown(ast.unparse(node))
    return ast.unparse(node if edit.shown is edit.node else edit.shown)


def _put(slot: Slot, node: ast.AST) -> None:
    parent, field, index = slot
    if index is None:
        setattr(parent, field, node)
    else:
        getattr(parent, field)[index] = node


def _lines(statement: ast.stmt) -> range:
    body = getattr(statement, "body", None)
    last = body[0].lineno - 1 if body else statement.end_lineno or statement.lineno
    return range(statement.lineno, max(last, statement.lineno) + 1)


def _edits(tree: ast.Module) -> Iterator[_Edit]:
    for index, statement in enumerate(tree.body):
        yield from _visit(statement, (tree, "body", index), _Where("<module>", statement))


def _visit(node: ast.AST, slot: Slot, where: _Where) -> Iterator[_Edit]:
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        return
    where = _entered(node, slot, where)
    if not where.annotation:
        yield from _changes(node, slot, where)
    if isinstance(node, ast.Call):
        yield from _constraints(node, where)
    for name, value in ast.iter_fields(node):
        if name in {"decorator_list", "ctx", "op", "ops"}:
            continue
        inner = _inside(node, name, where)
        for position, child in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(child, ast.AST):
                yield from _visit(child, (node, name, position if isinstance(value, list) else None), inner)


def _entered(node: ast.AST, slot: Slot, where: _Where) -> _Where:
    if isinstance(node, ast.stmt):
        where = replace(where, statement=node, limit=None)
    if slot[1] in {"annotation", "returns"}:
        where = replace(where, annotation=True)
    if isinstance(node, ast.Compare | ast.Subscript) or _called(node) == "range":
        return replace(where, limit=node)
    # A number stays a boundary behind a sign and in a sum; in other expressions it is only a number.
    passed = (ast.BinOp, ast.UnaryOp, ast.Slice, ast.Tuple, ast.List, ast.Constant)
    return where if isinstance(node, passed) else replace(where, limit=None)


def _inside(node: ast.AST, field: str, where: _Where) -> _Where:
    """Return what surrounds the children in a field: the body of a function runs later, and has its name."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        outer = "" if where.function == "<module>" else f"{where.function}."
        later = field == "body" and not isinstance(node, ast.ClassDef)
        return replace(where, function=f"{outer}{node.name}", at_import=where.at_import and not later)
    if isinstance(node, ast.Lambda) and field == "body":
        return replace(where, at_import=False)
    if isinstance(node, ast.Subscript) and field == "value":
        return replace(where, limit=None)
    return where


def _changes(node: ast.AST, slot: Slot, where: _Where) -> Iterator[_Edit]:
    if isinstance(node, ast.Constant):
        yield from _constant(node, slot, where)
        return
    for new in _turned(node):
        yield _Edit(where, node, slot, new, node)
    if _is_condition(slot) and isinstance(node, ast.Name | ast.Attribute | ast.Call | ast.Subscript | ast.BinOp):
        yield _Edit(where, node, slot, ast.UnaryOp(ast.Not(), node), node)


def _turned(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what stands for a node in its mutants, apart from numbers and truth values."""
    match node:
        case ast.Compare(left, ops, comparators):
            for index, op in enumerate(ops):
                yield ast.Compare(left, [*ops[:index], NEIGHBOURS[type(op)](), *ops[index + 1 :]], comparators)
        case ast.BoolOp(op, values):
            yield ast.BoolOp(ast.And() if isinstance(op, ast.Or) else ast.Or(), values)
        case ast.UnaryOp(ast.Not(), operand):
            yield operand
        case ast.BinOp(left, ast.Add() | ast.Sub() as sign, right) if not (_is_text(left) or _is_text(right)):
            yield ast.BinOp(left, _other(sign), right)
        case ast.AugAssign(target, ast.Add() | ast.Sub() as sign, value):
            yield ast.AugAssign(target, _other(sign), value)
        case ast.Call(ast.Name(name), arguments, keywords) if name in SWAPPED:
            yield ast.Call(ast.Name(SWAPPED[name], ast.Load()), arguments, keywords)
        case _:
            return


def _other(sign: ast.Add | ast.Sub) -> ast.operator:
    return ast.Sub() if isinstance(sign, ast.Add) else ast.Add()


def _is_text(node: ast.AST) -> bool:
    """Whether an operand is visibly a text or a list: such a sum is no arithmetic."""
    return isinstance(node, ast.JoinedStr | ast.List) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)
    )


def _is_condition(slot: Slot) -> bool:
    parent, field, _ = slot
    if isinstance(parent, ast.BoolOp):
        return True
    return field == "ifs" or (field == "test" and isinstance(parent, ast.If | ast.IfExp | ast.While))


def _constant(node: ast.Constant, slot: Slot, where: _Where) -> Iterator[_Edit]:
    sentence = _sentence(slot)
    if isinstance(node.value, bool):
        # zip(strict=True) guards against a defect of ours that no input shows; repr= is for debugging.
        keyword = slot[0] if isinstance(slot[0], ast.keyword) else None
        if keyword is None or not (keyword.arg == "repr" or _called_with(slot, where) == "zip"):
            yield _Edit(where, node, slot, ast.Constant(not node.value), sentence or node)
    elif isinstance(node.value, int):
        around: ast.AST | Callable[[str], str] | None = where.limit
        if isinstance(slot[0], ast.Assign | ast.AnnAssign) and _target(slot[0]).strip("_").isupper():
            around = sentence
        for step in (1, -1) if around is not None else ():
            # Before the first element stands the last: that is no neighbour.
            if not (node.value + step < 0 and isinstance(slot[0], ast.Subscript)):
                yield _Edit(where, node, slot, ast.Constant(node.value + step), around or node)


def _constraints(call: ast.Call, where: _Where) -> Iterator[_Edit]:
    """Yield both neighbours of each boundary that pydantic enforces."""
    for keyword in call.keywords:
        value = keyword.value
        if keyword.arg in CONSTRAINTS and isinstance(value, ast.Constant) and type(value.value) is int:
            slot: Slot = (keyword, "value", None)
            for step in (1, -1):
                yield _Edit(where, value, slot, ast.Constant(value.value + step), _sentence(slot) or value)


def _sentence(slot: Slot) -> Callable[[str], str] | None:
    """Return how the text of a constant reads where it stands."""
    match slot[0]:
        case ast.keyword(arg=name):
            start = f"{name}="
        case ast.Return():
            start = "return "
        case ast.Assign() | ast.AnnAssign() as statement:
            start = f"{_target(statement)} = "
        case ast.arguments() as arguments:
            start = f"{_argument(arguments, slot)}="
        case _:
            return None
    return lambda text: f"{start}{text}"


def _target(statement: ast.Assign | ast.AnnAssign) -> str:
    return ast.unparse(statement.targets[0] if isinstance(statement, ast.Assign) else statement.target)


def _argument(arguments: ast.arguments, slot: Slot) -> str:
    index = slot[2] or 0
    if slot[1] == "kw_defaults":
        return arguments.kwonlyargs[index].arg
    return (arguments.posonlyargs + arguments.args)[index - len(arguments.defaults)].arg


def _called(node: ast.AST) -> str:
    return node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""


def _called_with(slot: Slot, where: _Where) -> str:
    """Return the function that takes this keyword, looked up in the statement."""
    calls = (node for node in ast.walk(where.statement) if isinstance(node, ast.Call) and slot[0] in node.keywords)
    return next((_called(call) for call in calls), "")
