"""A value of the wrong kind, said so that a person sees what to type."""

from __future__ import annotations

import re

from cvnpolicy.load import annotations as a
from cvnpolicy.load.nodes import MappingNode, Node, ScalarNode
from cvnpolicy.load.scalars import NumberRefusedError, resolve
from cvnpolicy.load.words import EXCERPT, printable, shown

_YES_NO = {"yes": "true", "on": "true", "no": "false", "off": "false"}
_GROUPED = re.compile(r"[0-9]{1,3}(?:[_,][0-9]{3})+(?:\.[0-9]+)?", re.ASCII)


def written(node: Node | None) -> str:
    """Return how a message names a value: text in quotes, a number as it is written."""
    if isinstance(node, ScalarNode):
        if isinstance(node.value, str):
            return shown(node.value)
        return node.text or "nothing"
    return a.MAPPING if isinstance(node, MappingNode) else a.LIST


def mismatch(node: Node | None, expected: str, name: str) -> tuple[str, str]:
    """Return what is wrong with a value of the wrong kind, and what would be right.

    Args:
        node: The value.
        expected: What is allowed, in words.
        name: The key it stands under; empty for a whole document.
    """
    if not isinstance(node, ScalarNode):
        return f"expected {expected}, found {written(node)}", _EXAMPLES.get(expected, f"write {expected}")
    if node.value is None:
        what = f"nothing is written for {shown(name)}" if name else "nothing is written"
        return (f"{node.text} is not {expected}" if node.text else what), f"write {expected}"
    if expected in (a.LIST, a.MAPPING):
        right = f"write [{printable(node.text)}]" if expected == a.LIST and _short(node) else _EXAMPLES[expected]
        return f"expected {expected}, found {written(node)}", right
    # "5 is a number, not text", but "true is not text" and "1.5 is not a whole number".
    kind = {a.TEXT: a.TEXT, a.BOOLEAN: ""}.get(_kind(node.value), a.NUMBER if expected != a.WHOLE else "")
    what = f"{written(node)} is {kind}, not {expected}" if kind else f"{written(node)} is not {expected}"
    return what, _mended(node, expected) or f"write {expected}"


_EXAMPLES = {a.LIST: "start each item with '- '", a.MAPPING: "write 'key: value'"}


def _mended(node: ScalarNode, expected: str) -> str | None:
    """What to type, where that can be told from what was typed."""
    if not isinstance(node.value, str):
        return f'write it in quotes: "{node.text}"' if expected == a.TEXT else None
    if not node.plain and _kind(_value(node.text)) == expected:
        return f"write {printable(node.text)} without quotes"
    if not node.plain and expected == a.NUMBER and _kind(_value(node.text)) == a.WHOLE:
        return f"write {printable(node.text)} without quotes"
    if expected == a.BOOLEAN and node.text.lower() in _YES_NO:
        return f"write {_YES_NO[node.text.lower()]}"
    if expected in (a.NUMBER, a.WHOLE) and _GROUPED.fullmatch(node.text):
        return f"write {node.text.replace('_', '').replace(',', '')}"
    return None


def _value(text: str) -> str | int | float | bool | None:
    try:
        return resolve(text)
    except NumberRefusedError:
        return text


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return a.BOOLEAN
    if isinstance(value, int):
        return a.WHOLE
    return a.NUMBER if isinstance(value, float) else a.TEXT


def _short(node: ScalarNode) -> bool:
    return node.plain and len(node.text) <= EXCERPT
