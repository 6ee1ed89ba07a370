"""Field tables, and types in words, from a JSON Schema."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from tools.reference.docstrings import markdown

Schema = Mapping[str, Any]
Link = Callable[[str], str]
"""From the name of a definition to where it is explained."""

PREFIX = "#/$defs/"
_SCALAR = {"boolean", "number", "string"}
_WORDS = {
    "string": "text",
    "number": "number",
    "integer": "whole number",
    "boolean": "true or false",
    "array": "list",
    "object": "mapping",
}
_LIMITS = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}


def table(header: Sequence[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a Markdown table; a bar inside a cell is escaped."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def fields(schema: Schema, link: Link, definitions: Mapping[str, Schema]) -> str:
    """Return the table of a mapping's keys: name, type, whether required, default, meaning.

    Args:
        schema: The mapping.
        link: Where definitions are explained.
        definitions: For the meaning of a key that has none but that of its type.
    """
    required = schema.get("required", ())
    rows = [
        (
            f"`{name}`",
            words(each, link) + (" or null" if name in required and _nullable(each) else ""),
            "yes" if name in required else "",
            f"`{json.dumps(each['default'], ensure_ascii=False)}`" if each.get("default") not in (None, {}) else "",
            markdown(description(each, definitions)),
        )
        for name, each in schema["properties"].items()
    ]
    return table(("key", "type", "required", "default", "meaning"), rows)


def description(schema: Schema, definitions: Mapping[str, Schema]) -> str:
    """Return the description of a key, or else that of its type; empty where there is none."""
    target = definitions.get(str(schema.get("$ref", "")).removeprefix(PREFIX), {})
    return str(schema.get("description") or target.get("description") or "")


def _nullable(schema: Schema) -> bool:
    return "null" in schema.get("type", ()) or {"type": "null"} in schema.get("anyOf", ())


def words(schema: Schema, link: Link) -> str:
    """Return what a schema accepts, in words. That nothing may be written for a key is left out."""
    if "$ref" in schema:
        return link(schema["$ref"].removeprefix(PREFIX))
    values = [schema["const"]] if "const" in schema else schema.get("enum", ())
    if values:
        return ", ".join(f"`{value}`" for value in values)
    tagged = [part["then"] for part in schema.get("allOf", ()) if "required" in part["if"]]
    if tagged:
        return _either(words(part, link) for part in tagged)
    if "else" in schema:
        return _either(words({"type": schema["type"], **schema[part]}, link) for part in ("then", "else"))
    branches = {part["if"]["type"]: part["then"] for part in schema.get("allOf", ())}
    if "anyOf" in schema:
        return _either(words(member, link) for member in schema["anyOf"] if member != {"type": "null"})
    found = schema.get("type", "any value")
    names = [found] if isinstance(found, str) else [name for name in found if name != "null"]
    if set(names) >= _SCALAR:
        names = ["scalar", *(name for name in names if name not in _SCALAR)]
    return _either(_typed(name, schema, branches, link) for name in names)


def _typed(name: str, schema: Schema, branches: Mapping[str, Schema], link: Link) -> str:
    own = branches.get(name, schema)
    if "$ref" in own or "enum" in own or "const" in own or ("allOf" in own and own is not schema):
        return words(own, link)
    if name == "array" and "prefixItems" in own:
        return f"list of {', '.join(words(item, link) for item in own['prefixItems'])}"
    if name == "array" and "items" in own:
        return f"list of {words(own['items'], link)}"
    if name == "object" and isinstance(own.get("additionalProperties"), Mapping):
        key = words({"type": "string"} | dict(own.get("propertyNames", {})), link)
        return f"mapping of {key} to {words(own['additionalProperties'], link)}"
    limits = [f"{sign} {own[key]:g}" for key, sign in _LIMITS.items() if key in own and name in ("number", "integer")]
    return f"{_WORDS.get(name, name)} {', '.join(limits)}".strip()


def _either(parts: Iterable[str]) -> str:
    return " or ".join(dict.fromkeys(parts))
