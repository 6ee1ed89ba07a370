"""From what pydantic generates to what validators and editors explain well."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from cvnpolicy.load.schema.named import ANNOTATIONS, NAMED, PREFIX, Named, key_of, named_by_key
from cvnpolicy.load.schema.unions import Schema, SchemaError, union

_ONE = frozenset({"items", "additionalProperties", "propertyNames", "if", "then", "else"})
_LIST = frozenset({"prefixItems", "allOf"})
_UNION = ("anyOf", "oneOf")
_NULL = {"type": "null"}
_ORDER = ("$schema", "$id", "title", "description", "type", "$ref", "const", "enum", "required", "properties")
_LAST = ("if", "then", "else", "allOf", "default", "examples", "$defs")


def rewrite(schema: Schema, *, written: bool = True) -> Schema:
    """Return a schema whose unions are chosen by type or tag, and whose common texts are named definitions.

    Args:
        schema: As pydantic generates it.
        written: Whether people write such documents. They leave a key out where a program says ``null``, and their
            common texts become named definitions.

    Raises:
        SchemaError: If a union cannot be told apart, or two definitions have one name.
    """
    definitions = schema.get("$defs", {})
    body = {key: value for key, value in schema.items() if key != "$defs"}
    # Pydantic also defines the classes behind types that have a schema of their own, which nothing refers to.
    used = {name: definitions[name] for name in reachable(body, definitions)}
    return _Rewriter(used, written=written).whole(body)


class _Rewriter:
    """Rewrites one schema; keeps which named definitions it needs."""

    def __init__(self, definitions: Mapping[str, Schema], *, written: bool) -> None:
        self._definitions = definitions
        self._named = {one.name: one.schema() for one in NAMED} if written else {}
        self._by_key: Mapping[str, Named] = named_by_key() if written else {}
        self._left_out = [_NULL] if written else []
        clash = sorted(set(self._named) & set(definitions))
        if clash:
            raise SchemaError(f"'{clash[0]}' is the name of a model and of a kind of text: rename the model")

    def whole(self, schema: Schema) -> Schema:
        body = self.part(schema)
        definitions = {name: _titled(self.part(each)) for name, each in self._definitions.items()} | self._named
        used = reachable(body, definitions)
        return ordered(body | {"$defs": {name: definitions[name] for name in sorted(used)}})

    def part(self, schema: Schema) -> Schema:
        notes = {key: value for key, value in schema.items() if key in ANNOTATIONS}
        notes = {key: _note(key, value) for key, value in notes.items() if value is not None}
        named = self._by_key.get(key_of(schema))
        if named is not None:
            return ordered({"$ref": f"{PREFIX}{named.name}"} | notes)
        body = {key: self._keyword(key, value) for key, value in schema.items() if key not in (*ANNOTATIONS, *_UNION)}
        members = [member for member in _members(schema) if member not in self._left_out]
        if members:
            body |= union([self.part(member) for member in members], self._resolve)
        return ordered(_keyed(body) | notes)

    def _keyword(self, key: str, value: Any) -> Any:  # noqa: ANN401  keywords hold anything
        if key in {"properties", "patternProperties"}:
            return {name: self.part(each) for name, each in value.items()}
        if key in _ONE and isinstance(value, dict):
            return self.part(value)
        return [self.part(each) for each in value] if key in _LIST else value

    def _resolve(self, schema: Schema) -> Schema:
        name = str(schema.get("$ref", "")).removeprefix(PREFIX)
        return self._named.get(name) or self._definitions.get(name) or schema


def ordered(schema: Schema) -> Schema:
    """Return the schema with its keywords in the order in which people read them."""
    middle = sorted(set(schema) - {*_ORDER, *_LAST})
    return {key: schema[key] for key in (*_ORDER, *middle, *_LAST) if key in schema}


def _members(schema: Schema) -> Iterator[Schema]:
    """Yield the members of a union, those of unions inside it among them."""
    for key in _UNION:
        for member in schema.get(key, ()):
            if any(inner in member for inner in _UNION):
                yield from _members(member)
            else:
                yield member


def _keyed(schema: Schema) -> Schema:
    """Say of a mapping what its keys are like, so that a bad key is an error and not merely free of rules."""
    patterns = schema.get("patternProperties", {})
    if len(patterns) != 1:
        return schema
    pattern, values = next(iter(patterns.items()))
    named = named_by_key().get(key_of({"type": "string", "pattern": pattern}))
    keys = {"$ref": f"{PREFIX}{named.name}"} if named is not None else {"pattern": pattern}
    rest = {key: value for key, value in schema.items() if key != "patternProperties"}
    return rest | {"propertyNames": keys, "additionalProperties": values}


def _titled(schema: Schema) -> Schema:
    """Let the title of a definition be words and not the name of a class: editors show it."""
    if "title" not in schema:
        return schema
    first, *rest = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", schema["title"]).split()
    return schema | {"title": " ".join([first, *map(str.lower, rest)])}


def _note(key: str, value: Any) -> Any:  # noqa: ANN401  a default is any JSON value
    if key == "description":
        return re.sub(r"``(.+?)``", r"`\1`", " ".join(value.split()))
    if key == "default" and isinstance(value, dict):
        return {name: each for name, each in value.items() if each is not None}
    return value


def reachable(body: Schema, definitions: Mapping[str, Schema]) -> set[str]:
    """Return the names of the definitions that a schema refers to, by way of others too."""
    found: set[str] = set()
    waiting = list(_references(body))
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _references(definitions[name])
    return found


def _references(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"].removeprefix(PREFIX)
        for value in part.values():
            yield from _references(value)
    elif isinstance(part, list):
        for value in part:
            yield from _references(value)
