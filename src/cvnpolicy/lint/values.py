"""What a value comes down to: through conditions, conversions and names, to the numbers that are written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

import libcst as cst

from cvnpolicy.lint.fold import called, constant_number, dotted, is_number, literal_text, signed_number, text
from cvnpolicy.lint.scope import Elsewhere, Imported, Scope

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
_PASSES = frozenset({"astype", "tolist", "item", "reshape"})
"""Methods that give back what they are called on."""
_CONTAINERS = frozenset(
    {"list", "dict", "tuple", "set", "frozenset", "array", "asarray", "tensor", "Series", "sorted", "deque"}
)
_FALLBACKS = frozenset({"get", "getattr", "pop", "setdefault", "getenv", "getfloat", "getint", "next"})
_DEFAULTS = ("default", "fallback", "default_factory", "default_value")
_BOUNDS = frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "ge", "gt", "le", "lt"})
_WRITTEN = (cst.Tuple, cst.List, cst.Set, cst.Dict)
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
    scope.whole.add(1)
    if signed_number(value):
        yield Found(value, Shape.LITERAL)
    elif _is_constant(value, scope):
        yield Found(value, Shape.DISGUISED)
    else:
        yield from _BY_TYPE.get(type(value), _through_names)(value, scope, seen)


def _is_constant(value: cst.BaseExpression, scope: Scope) -> bool:
    known = scope.whole.constants
    if id(value) not in known:
        known[id(value)] = constant_number(value)
    return known[id(value)]


def _text(value: cst.SimpleString | cst.ConcatenatedString, _scope: Scope, _seen: Seen) -> Iterator[Found]:
    if _numeric_text(value):
        yield Found(value, Shape.DISGUISED)


def _sequence(value: cst.Tuple | cst.List | cst.Set | cst.Dict, scope: Scope, seen: Seen) -> Iterator[Found]:
    scope.whole.add(len(value.elements))
    if isinstance(value, cst.Dict) and _is_schema(value):
        return
    if _has_numbers(value):
        yield Found(value, Shape.SPACE)
    else:
        yield from _as(Shape.SPACE, tuple(each.value for each in value.elements), scope, seen)


def _is_schema(value: cst.Dict) -> bool:
    """Whether a dictionary says what is allowed, as JSON Schema and validators do, and holds no value."""
    keys = (each.key for each in value.elements if isinstance(each, cst.DictElement))
    return any(isinstance(key, cst.SimpleString) and literal_text(key) in _BOUNDS for key in keys)


def _comprehension(value: cst.ListComp | cst.SetComp | cst.GeneratorExp, scope: Scope, seen: Seen) -> Iterator[Found]:
    yield from _as(Shape.SPACE, (value.elt, value.for_in.iter), scope, seen)


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


def _has_numbers(value: cst.Tuple | cst.List | cst.Set | cst.Dict, depth: int = 0) -> bool:
    for element in value.elements:
        inner = element.value
        if _is_number(inner):
            return True
        if depth < 4 and isinstance(inner, _WRITTEN) and _has_numbers(inner, depth + 1):
            return True
    return False


def _scaled(value: cst.BinaryOperation, scope: Scope, seen: Seen) -> Iterator[Found]:
    """A number by which something is multiplied or divided is one that somebody chose; the one of ``1 / x`` is not."""
    for side in (value.left, value.right):
        if isinstance(side, cst.Tuple | cst.List) and _has_numbers(side):
            yield Found(value, Shape.SPACE)
            return
    if isinstance(value.operator, _SCALES):
        sides: tuple[cst.BaseExpression, ...] = () if _is_reciprocal(value) else (value.left,)
        # What something is divided by is a factor only where it is written.
        if isinstance(value.operator, cst.Multiply) or _is_number(value.right):
            sides = (*sides, value.right)
        yield from _as(Shape.DISGUISED, sides, scope, seen)
    elif isinstance(value.operator, cst.BitOr):
        yield from _as(Shape.FALLBACK, (value.left, value.right), scope, seen)


def _is_reciprocal(value: cst.BinaryOperation) -> bool:
    over = isinstance(value.operator, cst.Divide)
    return over and isinstance(value.left, cst.Integer | cst.Float) and value.left.evaluated_value == 1


def _call(value: cst.Call, scope: Scope, seen: Seen) -> Iterator[Found]:
    name = called(value)
    positional = tuple(each.value for each in value.args if each.keyword is None and not each.star)
    keywords = {each.keyword.value: each.value for each in value.args if each.keyword is not None}
    spans = _spans(value, name, scope)
    if name in _WRAPS and positional:
        yield from _as(Shape.DISGUISED, (positional[-1 if name == "cast" else 0],), scope, seen)
    elif name in _CONTAINERS or spans:
        yield from _container(value, (*positional, *keywords.values()), scope, seen)
    elif name in _FALLBACKS:
        yield from _as(Shape.FALLBACK, positional[2 if name == "getattr" else 1 :], scope, seen)
        yield from _looked_up(value, scope, seen)
    elif name == "where":
        yield from _as(Shape.DISGUISED, positional[1:], scope, seen)
    elif name in _PASSES and isinstance(value.func, cst.Attribute):
        yield from numbers(value.func.value, scope, seen)
    else:
        yield from _results(value, name, scope, seen)
    if name in _FIELDS:
        yield from _as(Shape.LITERAL, positional[:1], scope, seen)
    shape = Shape.LITERAL if name in _FIELDS else Shape.FALLBACK
    given = tuple(keywords[word] for word in _DEFAULTS if word in keywords and not spans)
    yield from _as(shape, given, scope, seen)


def _container(value: cst.Call, given: tuple[cst.BaseExpression, ...], scope: Scope, seen: Seen) -> Iterator[Found]:
    """A call that makes a list or a space: whole where numbers are written in it, else what its parts come down to."""
    if any(_is_number(each) or (isinstance(each, _WRITTEN) and _has_numbers(each)) for each in given):
        yield Found(value, Shape.SPACE)
    else:
        yield from _as(Shape.SPACE, given, scope, seen)


def _looked_up(value: cst.Call, scope: Scope, seen: Seen) -> Iterator[Found]:
    """What stands in a dictionary of this file that is asked for one of its values."""
    table = scope.one(value.func.value) if isinstance(value.func, cst.Attribute) else None
    key = text(value.args[0].value, scope.one) if value.args else None
    elements = table.elements if isinstance(table, cst.Dict) else ()
    scope.whole.add(len(elements))
    for element in elements:
        own = text(element.key, scope.one) if isinstance(element, cst.DictElement) else None
        if key is None or own is None or key == own:
            yield from _as(Shape.DISGUISED, (element.value,), scope, seen)


def _results(value: cst.Call, name: str, scope: Scope, seen: Seen) -> Iterator[Found]:
    """What a function of this file gives back."""
    results = [result for function in scope.called(value) for result in function.results]
    scope.whole.add(len(results))
    for result in results:
        if id(result.value) not in seen:
            seen.add(id(result.value))
            for found in numbers(result.value, result.scope, seen):
                yield Found(found.node, Shape.DISGUISED if found.shape is Shape.LITERAL else found.shape, f"{name}()")
    made = scope.one(value.func) if isinstance(value.func, cst.Name) else None
    if isinstance(made, cst.Lambda):
        yield from _as(Shape.DISGUISED, (made.body,), scope, seen)


def _spans(value: cst.Call, name: str, scope: Scope) -> bool:
    """Whether a call makes a space: by its name, or by the library that it is of."""
    return name in _SPACES or _of_library(value, scope)


def _of_library(value: cst.Call, scope: Scope) -> bool:
    """Whether a call is of a library of spaces: imported, or under a name that this file gives no other meaning."""
    root = (dotted(value.func) or "").partition(".")[0]
    other = any(not isinstance(each, Imported) for each in scope.find(root))
    return not other and (scope.path(value.func) or "").startswith(_SPACE_MODULES)


def _through_names(value: cst.BaseExpression, scope: Scope, seen: Seen) -> Iterator[Found]:
    for meaning in scope.meanings(value):
        where = meaning.scope if isinstance(meaning, Elsewhere) else scope
        inner = meaning.value if isinstance(meaning, Elsewhere) else meaning
        if isinstance(inner, cst.BaseExpression) and id(inner) not in seen:
            seen.add(id(inner))
            through = meaning_name(value)
            for found in numbers(inner, where, seen):
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
    cst.Dict: _sequence,
    cst.ListComp: _comprehension,
    cst.SetComp: _comprehension,
    cst.GeneratorExp: _comprehension,
    cst.IfExp: _condition,
    cst.BooleanOperation: _either,
    cst.NamedExpr: _walrus,
    cst.Lambda: _lambda,
    cst.Await: _await,
    cst.UnaryOperation: _signed,
    cst.BinaryOperation: _scaled,
    cst.Call: _call,
}
"""What each kind of expression comes down to; any other may be a name."""
