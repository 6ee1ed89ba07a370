"""What an editor shows that a validator does not need: help in words, and what to write.

The language server for YAML reads a few keywords that JSON Schema does not have, and other readers skip them:
``patternErrorMessage`` and ``errorMessage`` say what would be right, ``enumDescriptions`` explains words, and
``defaultSnippets`` are offered where a key or a value is expected.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from cvnpolicy.core.patterns import WORDS
from cvnpolicy.load.schema.named import NAMED, PREFIX
from cvnpolicy.load.schema.unions import Schema, constants

_NAMES = frozenset({"properties", "$defs"})
"""Keywords whose values are schemas by name."""
_LISTS = frozenset({"allOf", "prefixItems"})
"""Keywords whose values are lists of schemas."""
_PLAIN = frozenset({"default", "examples", "enum", "const", "if", "defaultSnippets"})
"""Keywords whose values are to be left alone."""
_SHAPES = {
    "array": "list",
    "object": "mapping",
    "number": "number",
    "integer": "whole number",
    "boolean": "truth value",
}
_CONDITION = '"${6:> 0}"'
_RANKED = {"warn_if": _CONDITION, "severity": "${7:P2}"}

_CHECKS: tuple[tuple[str, str, Schema], ...] = (
    (
        "check of a dataset",
        "A statistic of a column, over a window.",
        {
            "id": "${1:name}",
            "measure": {
                "statistic": "${2:mean}",
                "dataset": "${3:dataset}",
                "columns": "[${4:column}]",
                "window": "${5:24h}",
            },
            **_RANKED,
        },
    ),
    (
        "check of an event",
        "How often something is logged, over a window.",
        {
            "id": "${1:name}",
            "measure": {"statistic": "${2:count}", "event": "${3:event}", "window": "${5:24h}"},
            **_RANKED,
        },
    ),
    (
        "check of a metric",
        "A statistic of a declared metric, over a window.",
        {
            "id": "${1:name}",
            "measure": {"statistic": "${2:last}", "metric": "${3:metric}", "window": "${5:24h}"},
            **_RANKED,
        },
    ),
    (
        "check of other checks",
        "What it means that several checks say something at once.",
        {
            "id": "${1:name}",
            "warn_if": {"all": ["{check: ${2:name}, is: [${3:warn}]}", "{check: ${4:other}, is: [${5:pass}]}"]},
            "severity": "${6:P2}",
        },
    ),
)
"""Whole checks, with places to fill in: label, what it is, body."""


def helped(schema: Schema) -> Schema:
    """Return a schema that :func:`~cvnpolicy.load.schema.rewrite.rewrite` made, with help for editors."""
    return _Helper(schema["$defs"]).part(schema)


class _Helper:
    def __init__(self, definitions: Mapping[str, Schema]) -> None:
        self._definitions = definitions
        self._hints = WORDS | {one.schema()["pattern"]: one.hint for one in NAMED if one.hint}

    def part(self, schema: Schema) -> Schema:
        found = {key: self._keyword(key, value) for key, value in schema.items()}
        branches = {
            each["if"]["type"]: each["then"] for each in found.get("allOf", ()) if set(each.get("if", ())) == {"type"}
        }
        for branch in branches.values():
            self._describe(branch, found.get("description"))
        found |= self._hint(schema) | _number(schema) | self._checks(schema)
        return found | self._text(branches) if "string" in branches else found

    def _keyword(self, key: str, value: Any) -> Any:  # noqa: ANN401  keywords hold anything
        if key in _PLAIN:
            return value
        if key in _NAMES:
            return {name: self.part(each) for name, each in value.items()}
        if isinstance(value, dict):
            return self.part(value)
        return [self.part(each) for each in value] if key in _LISTS else value

    def _describe(self, branch: Schema, description: str | None) -> None:
        """Say in a branch what the key is for: editors show what stands deepest."""
        own = branch.get("description") or self._resolved(branch).get("description")
        said = " ".join(text for text in (description, own) if text)
        if said:
            branch["description"] = said

    def _hint(self, schema: Schema) -> Schema:
        """Say what would be right where a text has not the right form."""
        hint = self._hints.get(schema.get("pattern", ""))
        return {"patternErrorMessage": _sentence(hint)} if hint else {}

    def _checks(self, schema: Schema) -> Schema:
        """Offer whole checks where a list of them is."""
        item = self._resolved(schema.get("items") or {})
        if not {"id", "measure", "warn_if", "severity"} <= set(item.get("properties", ())):
            return {}
        return {
            "defaultSnippets": [{"label": label, "description": says, "body": body} for label, says, body in _CHECKS]
        }

    def _text(self, branches: Mapping[str, Schema]) -> Schema:
        """Offer the words of a union of a text and something else, and say what is right where a value is neither."""
        text = branches["string"]
        target = self._resolved(text)
        words = constants(target) or (*text.get("examples", ()), *target.get("examples", ()))
        listed = f"write one of {', '.join(map(str, words))}" if words else ""
        hint = self._hints.get(target.get("pattern", "")) or listed
        if not hint:
            return {}
        others = " or ".join(f"a {_SHAPES[name]}" for name in branches if name != "string")
        snippets = [_word(str(word)) for word in words]
        return {"errorMessage": _sentence(f"{hint}; or {others}"), "defaultSnippets": snippets}

    def _resolved(self, schema: Schema) -> Schema:
        return self._definitions.get(str(schema.get("$ref", "")).removeprefix(PREFIX), schema)


def _sentence(hint: str) -> str:
    return f"{hint[0].upper()}{hint[1:]}."


def _word(word: str) -> Schema:
    """Return the offer of a text; anything but a plain word stands in quotes."""
    written = word if re.fullmatch(r"[A-Za-z0-9_.-]+", word) else json.dumps(word, ensure_ascii=False)
    return {"label": written, "bodyText": written}


def _number(schema: Schema) -> Schema:
    """Offer a number where 0, which editors write otherwise, would be wrong."""
    above = schema.get("exclusiveMinimum")
    least = int(schema.get("minimum", -1)) if above is None else int(above) + 1
    if schema.get("type") not in ("integer", "number") or least <= 0:
        return {}
    return {"defaultSnippets": [{"label": str(least), "body": least}]}
