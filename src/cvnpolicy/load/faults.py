"""One pydantic error in plain words, at its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cvnpolicy.core.errors import Problem
from cvnpolicy.core.location import Location
from cvnpolicy.core.patterns import WORDS
from cvnpolicy.core.rules import DocumentRule
from cvnpolicy.load import annotations as a
from cvnpolicy.load.mismatch import mismatch, written
from cvnpolicy.load.nearest import did_you_mean
from cvnpolicy.load.nodes import MappingNode, RefusedNode, ScalarNode, SequenceNode, find
from cvnpolicy.load.places import Place
from cvnpolicy.load.words import printable, shown

Context = Mapping[str, Any]
Words = tuple[str, str]

TYPES: dict[str, str] = {
    **dict.fromkeys(("string_type", "string_sub_type", "string_unicode"), a.TEXT),
    **dict.fromkeys(("int_type", "int_parsing", "int_from_float", "int_parsing_size"), a.WHOLE),
    **dict.fromkeys(("float_type", "float_parsing"), a.NUMBER),
    **dict.fromkeys(("bool_type", "bool_parsing"), a.BOOLEAN),
    **dict.fromkeys(("list_type", "tuple_type", "set_type", "frozen_set_type", "iterable_type"), a.LIST),
    **dict.fromkeys(("dict_type", "mapping_type", "model_type", "model_attributes_type", "dataclass_type"), a.MAPPING),
}
CHOICES = frozenset({"literal_error", "enum"})


def is_mismatch(kind: str) -> bool:
    """Return whether an error of this type says only that the value is of another kind."""
    return kind in TYPES or kind in CHOICES


def problem_of(kind: str, message: str, context: Context, place: Place) -> Problem | None:
    """Return the problem for an error, or None for one that only follows from another.

    Args:
        kind: Pydantic's type of the error, or that of a custom error.
        message: Its message.
        context: Its context. A custom error may give ``what``, ``right``, ``rule``, ``key``, ``offset``, ``length``.
        place: Where it is.
    """
    if place.refused:
        return None
    if kind == "extra_forbidden":
        key = str(place.path[-1])
        right = did_you_mean(key, a.field_names(place.above))
        return _problem(DocumentRule.UNKNOWN_KEY, f"unknown key {shown(key)}", right, place.key_location())
    if kind == "missing":
        return _missing(place)
    if "right" in context:
        return _custom(message, context, place)
    if kind == "too_short" and isinstance(place.node, SequenceNode) and len(place.node.items) >= context["min_length"]:
        # Pydantic counts only the items that are valid.
        return None
    what, right = in_words(kind, message, context, place)
    return _problem(DocumentRule.BAD_VALUE, what, right, place.location())


def in_words(kind: str, message: str, context: Context, place: Place) -> Words:
    """Return what is wrong and what would be right for a bad value."""
    node = place.node
    if kind in CHOICES:
        return not_a_choice(place, place.allowed, message)
    if kind in TYPES:
        described = a.describe(place.allowed) if place.allowed else TYPES[kind]
        return mismatch(node, described, place.name)
    if kind.startswith(("datetime_", "date_", "timezone_")):
        return _not_an_instant(kind, place)
    if kind in _LIMITS:
        return _LIMITS[kind](context, place)
    if kind in {"value_error", "assertion_error"}:
        what, _, right = str(context["error"]).partition(": ")
        return what or f"{written(node)} is not valid", right or "write another value"
    return f"{written(node)} is not allowed for {shown(place.name)}", message[:1].lower() + message[1:]


def not_a_choice(place: Place, allowed: tuple[a.Option, ...], message: str) -> Words:
    """Return the words for a value that is not among those that are allowed."""
    node, choices = place.node, a.words(allowed)
    if not isinstance(node, ScalarNode) or node.value is None:
        return mismatch(node, a.describe(allowed), place.name)
    what = f"{written(node)} is not a value of {shown(place.name)}" if place.name else f"{written(node)} is not valid"
    return what, did_you_mean(node.text, choices) if choices else message[:1].lower() + message[1:]


def _missing(place: Place) -> Problem | None:
    parent = find(place.root, place.path[:-1])
    if getattr(parent, "partial", False):
        return None
    name = str(place.path[-1])
    purpose = _first_sentence(a.purpose_of(place.above, name))
    right = f"add it ({a.describe(place.allowed)})" + (f": {purpose}" if purpose else "")
    return _problem(DocumentRule.MISSING_KEY, f"the key {shown(name)} is missing", right, place.key_location())


def _custom(message: str, context: Context, place: Place) -> Problem | None:
    if "key" in context and isinstance(find(place.root, (*place.path, str(context["key"]))), RefusedNode):
        return None  # whatever a rule says of it, it speaks of the stand-in
    rule = str(context.get("rule", DocumentRule.BAD_VALUE))
    what = str(context.get("what", message))
    return Problem(rule, printable(what), printable(str(context["right"])), _pointed_at(context, place))


def _pointed_at(context: Context, place: Place) -> Location:
    """The key or the part of the text that a custom error names."""
    target = place
    if "key" in context:
        path = (*place.path, str(context["key"]))
        if find(place.root, path) is None:
            return place.key_location()
        target = Place(place.root, path, (), place.allowed, about_key="offset" not in context)
    node = target.node
    if "offset" in context and isinstance(node, ScalarNode):
        return node.inside(int(context["offset"]), int(context.get("length", 1)))
    return target.location()


def _not_an_instant(kind: str, place: Place) -> Words:
    value = written(place.node)
    if kind == "timezone_aware":
        return f"the instant {value} has no time zone", "end it with Z"
    return f"{value} is not an instant", "write it like 2026-05-12T00:00:00Z"


def _first_sentence(text: str) -> str:
    return " ".join(text.split()).split(". ", maxsplit=1)[0].rstrip(".").replace("``", "'")


def _problem(rule: str, what: str, right: str, location: Location) -> Problem:
    return Problem(rule, printable(what), printable(right), location)


def _pattern(context: Context, place: Place) -> Words:
    pattern = str(context["pattern"])
    right = WORDS.get(pattern, f"write text that matches {pattern}")
    if place.about_key:
        return f"the key {shown(place.name)} does not have the form of a key here", right
    return f"{written(place.node)} does not have the form of {shown(place.name)}", right


def _bound(size: str, limit: str, key: str) -> Callable[[Context, Place], Words]:
    return lambda context, place: (f"{written(place.node)} is too {size}", f"write a number {limit} {context[key]}")


def _counted(size: str, limit: str, key: str, unit: Words) -> Callable[[Context, Place], Words]:
    def words(context: Context, place: Place) -> Words:
        bound = context[key]
        right = f"write {limit} {bound} {unit[1] if bound != 1 else unit[1].removesuffix('s')}"
        nothing = any(getattr(place.node, part, None) in ("", ()) for part in ("text", "items", "entries"))
        thing = "mapping" if isinstance(place.node, MappingNode) else unit[0]
        return f"the {thing} for {shown(place.name)} is {'empty' if nothing else f'too {size}'}", right

    return words


_TEXT, _LIST = ("text", "characters"), ("list", "items")
_LIMITS: dict[str, Callable[[Context, Place], Words]] = {
    "greater_than": _bound("small", "above", "gt"),
    "greater_than_equal": _bound("small", "of at least", "ge"),
    "less_than": _bound("large", "below", "lt"),
    "less_than_equal": _bound("large", "of at most", "le"),
    "multiple_of": lambda context, place: (
        f"{written(place.node)} is not a multiple of {context['multiple_of']}",
        f"write a multiple of {context['multiple_of']}",
    ),
    "finite_number": lambda _, place: (f"{written(place.node)} is not a finite number", "write a finite number"),
    "string_too_short": _counted("short", "at least", "min_length", _TEXT),
    "string_too_long": _counted("long", "at most", "max_length", _TEXT),
    "too_short": _counted("short", "at least", "min_length", _LIST),
    "too_long": _counted("long", "at most", "max_length", _LIST),
    "string_pattern_mismatch": _pattern,
}
