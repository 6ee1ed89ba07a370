"""Constants that are computed in place: text that is put together, and numbers in disguise. Nothing is executed."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable, Iterator, Sequence

import libcst as cst

Lookup = Callable[[cst.BaseExpression], "cst.BaseExpression | None"]
"""Returns the expression that a name stands for, where that is known."""

MOST_TEXT = 100_000
"""More characters than this are not put together."""
MOST_STEPS = 2_000
"""A number of more parts than this is not followed as one number."""
DEEPEST = 24
"""The most steps from an expression to what it stands for."""

HOLE = "\0"
"""Stands in folded text for a part that is not known."""

NUMBER = r"[+-]?(?:\d[\d_]*+(?:\.[\d_]*+)?|\.\d[\d_]*+)(?:[eE][+-]?\d++)?"
"""A number as text; possessive, so that a long one is gone through once."""

_NUMBER = re.compile(rf"\s*+{NUMBER}\s*+")
_CHANGES = {"upper": 0, "lower": 0, "casefold": 0, "strip": 0, "replace": 2}
"""Methods of a text that change it in ways that are followed, and how many texts they are given."""
_JOINTS = ("-", "_", " ", ".", ":", "/")
_SLOT = re.compile(r"\{[^{}]*\}|%(?:\([^)]{0,99}\))?[-#0 +]{0,5}[\d*]{0,5}(?:\.[\d*]{1,5})?[sdrfiga]")


def is_number(text: str) -> bool:
    """Return whether text is a number and nothing else, as ``float`` would read it."""
    return _NUMBER.fullmatch(text) is not None


def literal_text(node: cst.SimpleString, *, of_bytes: bool = False) -> str | None:
    """Return the value of a string literal, escapes resolved; None where it is not valid, or of the other type."""
    if ("b" in node.prefix.lower()) is not of_bytes:
        return None
    if "\\" not in node.value:
        return node.raw_value
    if len(node.value) > MOST_TEXT:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an escape that is none
            value = ast.literal_eval(node.value)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None
    if isinstance(value, bytes):
        return value.decode("latin-1")
    return value if isinstance(value, str) else None


def text(node: cst.BaseExpression, lookup: Lookup, depth: int = 0) -> str | None:
    """Return the text of an expression, with :data:`HOLE` for parts that are not known; None where it is no text."""
    if depth > DEEPEST:
        return None
    if isinstance(node, cst.SimpleString):
        return literal_text(node)
    if isinstance(node, cst.ConcatenatedString):
        whole = _plain(node)
        if whole is not None:
            return whole
        return _joined((node.left, node.right), lookup, depth)
    if isinstance(node, cst.FormattedString):
        return _formatted(node, lookup, depth)
    if isinstance(node, cst.BinaryOperation):
        return _operation(node, lookup, depth)
    if isinstance(node, cst.Call):
        return _call(node, lookup, depth)
    found = lookup(node)
    return None if found is None else text(found, lookup, depth + 1)


def _plain(node: cst.ConcatenatedString) -> str | None:
    """Return the text of literals side by side, however many; None where one is no plain text."""
    parts: list[str] = []
    current: cst.BaseExpression = node
    while isinstance(current, cst.ConcatenatedString):
        said = literal_text(current.left) if isinstance(current.left, cst.SimpleString) else None
        if said is None:
            return None
        parts.append(said)
        current = current.right
    last = literal_text(current) if isinstance(current, cst.SimpleString) else None
    return None if last is None else "".join((*parts, last))


def _joined(parts: Sequence[cst.BaseExpression], lookup: Lookup, depth: int) -> str | None:
    found = [text(part, lookup, depth + 1) for part in parts]
    if all(part is None for part in found):
        return None
    whole = "".join(HOLE if part is None else part for part in found)
    return whole if len(whole) <= MOST_TEXT else None


def _formatted(node: cst.FormattedString, lookup: Lookup, depth: int) -> str | None:
    parts = []
    for part in node.parts:
        if isinstance(part, cst.FormattedStringText):
            raw = "r" in node.prefix.lower() or "\\" not in part.value
            parts.append(part.value.replace("{{", "{").replace("}}", "}") if raw else HOLE)
        else:
            inner = None
            if isinstance(part, cst.FormattedStringExpression) and part.conversion is None and part.format_spec is None:
                inner = text(part.expression, lookup, depth + 1)
            parts.append(HOLE if inner is None else inner)
    whole = "".join(parts)
    return whole if len(whole) <= MOST_TEXT else None


def _operation(node: cst.BinaryOperation, lookup: Lookup, depth: int) -> str | None:
    if isinstance(node.operator, cst.Add):
        return _joined((node.left, node.right), lookup, depth)
    if isinstance(node.operator, cst.Modulo):
        pattern = text(node.left, lookup, depth + 1)
        values = (
            [element.value for element in node.right.elements] if isinstance(node.right, cst.Tuple) else [node.right]
        )
        return None if pattern is None else _filled(pattern, values, lookup, depth)
    return None


def _call(node: cst.Call, lookup: Lookup, depth: int) -> str | None:
    function = node.func
    if isinstance(function, cst.Name) and function.value == "str" and len(node.args) == 1:
        return text(node.args[0].value, lookup, depth + 1)
    if not isinstance(function, cst.Attribute):
        return None
    method, values = function.attr.value, [argument.value for argument in node.args]
    if method == "format":
        pattern = text(function.value, lookup, depth + 1)
        return None if pattern is None else _filled(pattern, values, lookup, depth)
    if method == "join" and len(values) == 1 and isinstance(values[0], cst.List | cst.Tuple):
        between = text(function.value, lookup, depth + 1)
        parts = [text(element.value, lookup, depth + 1) for element in values[0].elements]
        if between is None:
            return None
        whole = between.join(HOLE if part is None else part for part in parts)
        return whole if len(whole) <= MOST_TEXT else None
    if _CHANGES.get(method) == len(values):
        given = [text(value, lookup, depth + 1) for value in (function.value, *values)]
        return _changed(method, [each for each in given if each is not None and len(each) <= MOST_TEXT])
    return None


def _changed(method: str, given: Sequence[str]) -> str | None:
    """Return a text after a method that changes it; None where it, or what the method is given, is not known."""
    if len(given) != _CHANGES[method] + 1:
        return None
    if not all(each.isascii() for each in given):
        return None  # some letters become two, and the triage would not know
    if method == "replace" and not (given[1] in _JOINTS and given[2] in ("_", "-")):
        return None  # the triage knows of no other
    return str(getattr(given[0], method)(*given[1:]))


def _filled(pattern: str, values: Sequence[cst.BaseExpression], lookup: Lookup, depth: int) -> str | None:
    """Return a pattern with its slots filled in order; a slot that names its value is not known."""
    left: Iterator[cst.BaseExpression] = iter(values)

    def fill(slot: re.Match[str]) -> str:
        value = next(left, None) if slot.group() in ("{}", "%s") else None
        inner = None if value is None else text(value, lookup, depth + 1)
        return HOLE if inner is None else inner

    whole = _SLOT.sub(fill, pattern)
    return whole if len(whole) <= MOST_TEXT else None


def signed_number(node: cst.BaseExpression) -> bool:
    """Return whether an expression is a number as written, perhaps with a sign."""
    while isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Minus | cst.Plus | cst.BitInvert):
        node = node.expression
    return isinstance(node, cst.Integer | cst.Float | cst.Imaginary)


_CONVERSIONS = frozenset(
    {
        "float",
        "int",
        "complex",
        "abs",
        "Decimal",
        "Fraction",
        "float16",
        "float32",
        "float64",
        "float_",
        "double",
        "half",
    }
    | {"single", "int8", "int16", "int32", "int64", "intp", "uint8", "uint16", "uint32", "uint64", "number", "asarray"}
    | {"array", "tensor", "Tensor", "scalar", "round", "min", "max", "pow", "sqrt", "exp", "log", "log10", "sum"}
    | {
        "constant",
        "as_tensor",
        "full",
        "loads",
        "literal_eval",
        "eval",
        "safe_load",
        "Float",
        "Int",
        "CFloat",
        "CInt",
        "Number",
        "Variable",
        "float128",
        "longdouble",
        "bfloat16",
        "fromhex",
        "deepcopy",
        "copy",
        "Constant",
    }
)
"""What makes a number of numbers."""


def constant_number(node: cst.BaseExpression) -> bool:
    """Return whether an expression is a number made of nothing but numbers: ``1/3``, ``float("0.1")``, ``-(1 / 8)``."""
    stack = [node]
    steps = 0
    seen = False
    while stack:
        steps += 1
        if steps > MOST_STEPS:
            return False
        current = stack.pop()
        if isinstance(current, cst.Integer | cst.Float | cst.Imaginary):
            seen = True
        elif isinstance(current, cst.UnaryOperation) and not isinstance(current.operator, cst.Not):
            stack.append(current.expression)
        elif isinstance(current, cst.BinaryOperation):
            stack += (current.left, current.right)
        elif isinstance(current, cst.SimpleString):
            value = literal_text(current)
            if current is node or value is None or not is_number(value):
                return False
            seen = True
        elif isinstance(current, cst.Call):
            if called(current) not in _CONVERSIONS or not current.args:
                return False
            if any(argument.star for argument in current.args):
                return False
            positional = [argument.value for argument in current.args if argument.keyword is None]
            if not positional:
                return False
            stack += positional
        else:
            return False
    return seen


def called(node: cst.Call) -> str:
    """Return the last name of what is called: ``np.float32`` is ``float32``."""
    function = node.func
    while isinstance(function, cst.Subscript):
        function = function.value
    if isinstance(function, cst.Attribute):
        return function.attr.value
    return function.value if isinstance(function, cst.Name) else ""


def dotted(node: cst.BaseExpression) -> str | None:
    """Return a chain of names, ``a.b.c``; None for anything else."""
    parts: list[str] = []
    current = node
    while isinstance(current, cst.Attribute):
        parts.append(current.attr.value)
        current = current.value
    if not isinstance(current, cst.Name):
        return None
    parts.append(current.value)
    return ".".join(reversed(parts))
