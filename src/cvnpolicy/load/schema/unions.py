"""One schema for several: by JSON type, or by a tag. Never ``oneOf``, whose errors name no culprit.

Where a validator meets ``oneOf`` it can only say that no member fits. With a list of types, and ``if``/``then`` for
each, one member is chosen first, and what is wrong is said of that one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from cvnpolicy.load.schema.named import ANNOTATIONS

Schema = dict[str, Any]
Resolve = Callable[[Schema], Schema]
"""Follow a ``$ref``; what is none is returned as it is."""

_BY_TYPE: dict[str, frozenset[str]] = {
    "string": frozenset({"minLength", "maxLength", "pattern", "format"}),
    "number": frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"}),
    "array": frozenset({"items", "prefixItems", "minItems", "maxItems"}),
    "object": frozenset({"properties", "required", "additionalProperties", "propertyNames", "minProperties"}),
}
_BY_TYPE["integer"] = _BY_TYPE["number"]
"""Keywords that say nothing about values of other types."""

_JSON_TYPES = {str: "string", bool: "boolean", int: "integer", float: "number", type(None): "null"}


class SchemaError(ValueError):
    """A model whose union a JSON Schema cannot tell apart."""


def union(members: Sequence[Schema], resolve: Resolve) -> Schema:
    """Return one schema that accepts what any of the members accepts.

    Args:
        members: Schemas without ``anyOf`` and ``oneOf``.
        resolve: How to follow their references.

    Raises:
        SchemaError: If two members share a type and have neither a tag nor the form of words and any other text.
    """
    if len(members) == 1:
        return members[0]
    groups: dict[str, list[Schema]] = {}
    for member in members:
        for name in types_of(resolve(member)):
            groups.setdefault(name, []).append(member)
    if "number" in groups and "integer" in groups:
        groups["number"] += groups.pop("integer")
    branches = {name: _same_type(name, group, resolve) for name, group in groups.items()}
    if len(branches) == 1:
        return next(iter(branches.values()))
    return _flat(branches) or _chosen(branches)


def types_of(schema: Schema) -> tuple[str, ...]:
    """Return the JSON types of a resolved schema.

    Raises:
        SchemaError: If it does not say.
    """
    if "type" in schema:
        found = schema["type"]
        return (found,) if isinstance(found, str) else tuple(found)
    values = constants(schema)
    if not values:
        raise SchemaError(f"a union member without a type: {schema}")
    return tuple(dict.fromkeys(_JSON_TYPES[type(value)] for value in values))


def constants(schema: Schema) -> tuple[Any, ...]:
    """Return the only values that a schema accepts; empty if it does not list them."""
    return (schema["const"],) if "const" in schema else tuple(schema.get("enum", ()))


def _same_type(name: str, members: Sequence[Schema], resolve: Resolve) -> Schema:
    """Return one schema for the members of one type."""
    plain: Schema = {"type": name}
    if any(set(member) - set(ANNOTATIONS) == {"type"} for member in members):
        return plain
    if len(members) == 1:
        return members[0]
    if name == "object":
        return _tagged(members, resolve)
    if name == "string":
        return _words_or_text(members, resolve)
    raise SchemaError(f"a union cannot tell these apart: {members}")


def _tagged(members: Sequence[Schema], resolve: Resolve) -> Schema:
    """Return objects told apart by a key that each of them requires and has its own words for."""
    models = [resolve(member) for member in members]
    for key in models[0].get("required", ()):
        tags = [constants(model.get("properties", {}).get(key, {})) for model in models]
        words = [word for tag in tags for word in tag]
        if all(tags) and len(set(words)) == len(words) and all(key in model.get("required", ()) for model in models):
            branches = [_when_tag(key, tag, member) for tag, member in zip(tags, members, strict=True)]
            described = {"description": models[0]["properties"][key].get("description", "Which form this is.")}
            properties = {key: described | {"enum": words}}
            return {"type": "object", "required": [key], "properties": properties, "allOf": branches}
    return _by_text(models, members, resolve) or _untold(members)


def _untold(members: Sequence[Schema]) -> Schema:
    raise SchemaError(f"mappings without a tag: {members}")


def _by_text(models: Sequence[Schema], members: Sequence[Schema], resolve: Resolve) -> Schema | None:
    """Return a mapping with its own keys and one of any names, told apart by a key behind which a text stands.

    Behind the names of the other there are no texts, so that a name may be the same as the key.
    """
    for own, other in ((0, 1), (1, 0)):
        values = models[other].get("additionalProperties")
        if len(models) > 2 or not isinstance(values, dict) or types_of(resolve(values)) != ("object",):
            continue
        for key in models[own].get("required", ()):
            said = models[own]["properties"][key]
            if types_of(resolve(said)) == ("string",):
                # Without its form, which holds for the text only: editors offer the key, and say what it is for.
                offered = {name: said[name] for name in ("description",) if name in said}
                scalar = {"not": {"type": ["object", "array"]}}
                return {
                    "type": "object",
                    "properties": {key: offered},
                    "if": {"type": "object", "required": [key], "properties": {key: scalar}},
                    "then": members[own],
                    "else": {name: part for name, part in members[other].items() if name != "type"},
                }
    return None


def _when_tag(key: str, tag: Sequence[Any], member: Schema) -> Schema:
    value = {"const": tag[0]} if len(tag) == 1 else {"enum": list(tag)}
    return {"if": {"required": [key], "properties": {key: value}}, "then": member}


def _words_or_text(members: Sequence[Schema], resolve: Resolve) -> Schema:
    """Return text, some words of which have a meaning of their own; they must have the form of the others."""
    words = [word for member in members for word in constants(resolve(member))]
    free = [member for member in members if not constants(resolve(member))]
    if not free:
        return {"type": "string", "enum": words}
    pattern = resolve(free[0]).get("pattern")
    if len(free) > 1 or pattern is None or not all(re.search(pattern, word) for word in words):
        raise SchemaError(f"texts that cannot be told apart: {members}")
    return {**free[0], "examples": words}


def _flat(branches: dict[str, Schema]) -> Schema | None:
    """Return the branches side by side where each one's keywords concern its own type only."""
    merged: Schema = {}
    for name, branch in branches.items():
        keywords = set(branch) - {"type", "examples"}
        if keywords - _BY_TYPE.get(name, frozenset()) or keywords & set(merged):
            return None
        merged |= {key: branch[key] for key in branch if key in keywords}
    examples = [example for branch in branches.values() for example in branch.get("examples", ())]
    return {"type": list(branches), **merged, **({"examples": examples} if examples else {})}


def _chosen(branches: dict[str, Schema]) -> Schema:
    """Return the branches each behind its type."""
    chosen = [
        {"if": {"type": name}, "then": {key: branch[key] for key in branch if key != "type"}}
        for name, branch in branches.items()
        if set(branch) != {"type"}
    ]
    return {"type": list(branches), "allOf": chosen}
