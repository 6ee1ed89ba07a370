"""What a value comes down to: through conditions, conversions and names, to the numbers that are written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

import libcst as cst

from cvnpolicy.lint.fold import called, constant_number, is_number, literal_text, signed_number
from cvnpolicy.lint.scope import Scope

_WRAPS = frozenset({"float", "int", "str", "round", "Decimal", "abs", "cast", "deepcopy", "copy", "float32", "float64"})
"""Conversions: what they are given is what counts."""
_FIELDS = frozenset({"Field", "field", "Option", "Argument", "attrib", "ib", "Factory", "Param", "Parameter", "Column"})
"""What declares a field or an option; its first argument, or ``default=``, is its value."""
_SPACES = frozenset(
    {"range", "arange", "linspace", "logspace", "geomspace", "uniform", "loguniform", "quniform", "qloguniform"}
    | {"randint", "qrandint", "lograndint", "qlograndint", "choice", "pchoice", "normal", "lognormal", "qnormal"}
    | {"grid_search", "Real", "Integer", "Categorical", "FloatDistribution", "IntDistribution", "reciprocal"}
    | {"CategoricalDistribution", "UniformDistribution", "LogUniformDistribution", "IntUniformDistribution", "randn"}
    | {"suggest_float", "suggest_int", "suggest_uniform", "suggest_loguniform", "suggest_categorical", "uniformint"}
    | {
        "suggest_discrete_uniform",
        "Uniform",
        "LogUniform",
        "Choice",
        "cycle",
        "repeat",
        "product",
        "chain",
        "rv_discrete",
    }
)
"""What spans a range of values."""
_SPACE_MODULES = ("scipy.stats.", "hyperopt.hp.", "hp.", "ray.tune.", "tune.", "hypothesis.strategies.", "skopt.space.")
"""Where everything that is called makes a space."""
_CONTAINERS = frozenset(
    {"list", "tuple", "set", "frozenset", "array", "asarray", "tensor", "Series", "sorted", "deque"}
)
_FALLBACKS = frozenset({"get", "getattr", "pop", "setdefault", "getenv", "getfloat", "getint", "next"})
_SCALES = (cst.Multiply, cst.Divide, cst.FloorDivide, cst.Power)


Seen = set[int]


class Shape(Enum):
    """How a number is written."""

    LITERAL = "a number"
    DISGUISED = "a number in disguise"
    FALLBACK = "a silent fallback"
    SPACE = "a range or list of values"


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """A number that a value comes down to."""

    node: cst.BaseExpression
    shape: Shape
    through: str | None = None
    """The name that stands for it, where one does."""


def numbers(value: cst.BaseExpression, scope: Scope, seen: Seen | None = None) -> Iterator[Found]:
    """Yield the numbers that a value comes down to.

    Args:
        value: The expression.
        scope: Where it stands.
        seen: The ids of what names stood for on the way here; none is followed twice.
    """
    seen = set() if seen is None else seen
    if signed_number(value):
        yield Found(value, Shape.LITERAL)
    elif constant_number(value):
        yield Found(value, Shape.DISGUISED)
    else:
        yield from _BY_TYPE.get(type(value), _through_names)(value, scope, seen)


def _text(value: cst.SimpleString | cst.ConcatenatedString, _scope: Scope, _seen: Seen) -> Iterator[Found]:
    if _numeric_text(value):
        yield Found(value, Shape.DISGUISED)


def _sequence(value: cst.Tuple | cst.List | cst.Set, _scope: Scope, _seen: Seen) -> Iterator[Found]:
    if _has_numbers(value):
        yield Found(value, Shape.SPACE)


def _dict(value: cst.Dict, _scope: Scope, _seen: Seen) -> Iterator[Found]:
    if any(isinstance(each, cst.DictElement) and _is_number(each.value) for each in value.elements):
        yield Found(value, Shape.SPACE)


def _condition(value: cst.IfExp, scope: Scope, seen: Seen) -> Iterator[Found]:
    yield from _as(Shape.DISGUISED, (value.body, value.orelse), scope, seen)


def _either(value: cst.BooleanOperation, scope: Scope, seen: Seen) -> Iterator[Found]:
    yield from _as(Shape.FALLBACK, (value.left, value.right), scope, seen)


def _walrus(value: cst.NamedExpr, scope: Scope, seen: Seen) -> Iterator[Found]:
    yield from numbers(value.value, scope, seen)


def _lambda(value: cst.Lambda, scope: Scope, seen: Seen) -> Iterator[Found]:
    yield from numbers(value.body, scope, seen)


def _await(value: cst.Await, scope: Scope, seen: Seen) -> Iterator[Found]:
    yield from numbers(value.expression, scope, seen)


def _signed(value: cst.UnaryOperation, scope: Scope, seen: Seen) -> Iterator[Found]:
    if not isinstance(value.operator, cst.Not):
        yield from _as(Shape.DISGUISED, (value.expression,), scope, seen)


def _as(shape: Shape, values: tuple[cst.BaseExpression, ...], scope: Scope, seen: Seen) -> Iterator[Found]:
    """Yield what values come down to; a plain number among them is of the given shape."""
    for value in values:
        for found in numbers(value, scope, seen):
            yield Found(found.node, shape if found.shape is Shape.LITERAL else found.shape, found.through)


def _numeric_text(value: cst.SimpleString | cst.ConcatenatedString) -> bool:
    said = literal_text(value) if isinstance(value, cst.SimpleString) else value.evaluated_value
    return isinstance(said, str) and is_number(said)


def _is_number(value: cst.BaseExpression) -> bool:
    if isinstance(value, cst.SimpleString | cst.ConcatenatedString):
        return _numeric_text(value)
    return signed_number(value) or constant_number(value)


def _has_numbers(value: cst.Tuple | cst.List | cst.Set, depth: int = 0) -> bool:
    for element in value.elements:
        inner = element.value
        if _is_number(inner):
            return True
        if depth < 4 and isinstance(inner, cst.Tuple | cst.List | cst.Set) and _has_numbers(inner, depth + 1):
            return True
    return False


def _scaled(value: cst.BinaryOperation, scope: Scope, seen: Seen) -> Iterator[Found]:
    """A number by which something is multiplied or divided is one that somebody chose; the one of ``1 / x`` is not."""
    for side in (value.left, value.right):
        if isinstance(side, cst.Tuple | cst.List) and _has_numbers(side):
            yield Found(value, Shape.SPACE)
            return
    if isinstance(value.operator, _SCALES):
        sides = (value.right,) if _is_reciprocal(value) else (value.left, value.right)
        yield from _as(Shape.DISGUISED, sides, scope, seen)
    elif isinstance(value.operator, cst.BitOr):
        yield from _as(Shape.FALLBACK, (value.left, value.right), scope, seen)


def _is_reciprocal(value: cst.BinaryOperation) -> bool:
    over = isinstance(value.operator, cst.Divide)
    return over and isinstance(value.left, cst.Integer | cst.Float) and value.left.evaluated_value == 1


def _call(value: cst.Call, scope: Scope, seen: Seen) -> Iterator[Found]:
    name = called(value)
    positional = [each.value for each in value.args if each.keyword is None and not each.star]
    keywords = {each.keyword.value: each.value for each in value.args if each.keyword is not None}
    if name in _WRAPS and positional:
        yield from _as(Shape.DISGUISED, (positional[-1 if name == "cast" else 0],), scope, seen)
    elif name in _CONTAINERS or _spans(value, name, scope):
        everything = [*positional, *keywords.values()]
        if any(
            _is_number(each) or (isinstance(each, cst.Tuple | cst.List | cst.Set) and _has_numbers(each))
            for each in everything
        ):
            yield Found(value, Shape.SPACE)
        elif name in _CONTAINERS and any(isinstance(each, cst.Call) for each in positional):
            yield from _as(Shape.SPACE, tuple(positional[:1]), scope, seen)
        elif name not in _CONTAINERS:
            yield from _as(Shape.SPACE, tuple(everything), scope, seen)
    elif name in _FALLBACKS:
        given = positional[2:] if name == "getattr" else positional[1:]
        yield from _as(Shape.FALLBACK, tuple(given), scope, seen)
    if name in _FIELDS:
        yield from _as(Shape.LITERAL, tuple(positional[:1]), scope, seen)
    if not _spans(value, name, scope):
        for word in ("default", "fallback", "default_factory", "default_value"):
            if word in keywords:
                shape = Shape.LITERAL if name in _FIELDS else Shape.FALLBACK
                yield from _as(shape, (keywords[word],), scope, seen)


def _spans(value: cst.Call, name: str, scope: Scope) -> bool:
    """Whether a call makes a space: by its name, or by the library that it is of."""
    return name in _SPACES or (scope.path(value.func) or "").startswith(_SPACE_MODULES)


def _picked(value: cst.Subscript, scope: Scope, seen: Seen) -> Iterator[Found]:
    """One of several written numbers: ``(0.1, 0.2)[fast]``, ``{"a": 0.1}[mode]``."""
    base = value.value
    if isinstance(base, cst.Dict):
        values = tuple(each.value for each in base.elements if isinstance(each, cst.DictElement))
    elif isinstance(base, cst.Tuple | cst.List):
        values = tuple(each.value for each in base.elements)
    else:
        values = ()
    if values:
        yield from _as(Shape.DISGUISED, values, scope, seen)
    else:
        yield from _through_names(value, scope, seen)


def _through_names(value: cst.BaseExpression, scope: Scope, seen: Seen) -> Iterator[Found]:
    for meaning in scope.meanings(value):
        if isinstance(meaning, cst.BaseExpression) and id(meaning) not in seen:
            seen.add(id(meaning))
            through = meaning_name(value)
            for found in numbers(meaning, scope, seen):
                shape = found.shape if found.shape is not Shape.LITERAL else Shape.DISGUISED
                yield Found(found.node, shape, through)


def meaning_name(value: cst.BaseExpression) -> str:
    """Return how a reference is written, for a message."""
    return cst.Module([]).code_for_node(value)


_BY_TYPE: Mapping[type[cst.CSTNode], Callable[..., Iterator[Found]]] = {
    cst.SimpleString: _text,
    cst.ConcatenatedString: _text,
    cst.Tuple: _sequence,
    cst.List: _sequence,
    cst.Set: _sequence,
    cst.Dict: _dict,
    cst.IfExp: _condition,
    cst.BooleanOperation: _either,
    cst.NamedExpr: _walrus,
    cst.Lambda: _lambda,
    cst.Await: _await,
    cst.UnaryOperation: _signed,
    cst.BinaryOperation: _scaled,
    cst.Call: _call,
    cst.Subscript: _picked,
}
"""What each kind of expression comes down to; any other may be a name."""
