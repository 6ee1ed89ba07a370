"""Plain scalars by the core schema of YAML 1.2 (chapter 10.3): one reading for each text."""

from __future__ import annotations

import math
import re

DIGITS = 40
"""The most digits a number may have, so that reading one is bounded work."""

_WORDS: dict[str, float | bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **{f"{sign}{word}": math.inf for sign in ("", "+") for word in (".inf", ".Inf", ".INF")},
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
}
_DECIMAL = re.compile(r"[-+]?[0-9]+", re.ASCII)
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+", re.ASCII)
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", re.ASCII)
_FIRST = frozenset("+-.0123456789")


class NumberRefusedError(ValueError):
    """A number that cannot be read exactly or in bounded time."""

    def __init__(self, what: str, right: str) -> None:
        """Keep both halves of the message."""
        super().__init__(f"{what}: {right}")
        self.what = what
        self.right = right


def resolve(text: str) -> str | int | float | bool | None:
    """Return the value of a plain scalar.

    ``null``, ``true``, ``false``, decimal, ``0o`` and ``0x`` integers and floats are themselves. ``NO``, ``yes``,
    ``12:30:45``, ``1_000``, ``0b1`` and dates are text.

    Raises:
        NumberRefusedError: If a number has over 40 digits or is too large for a float.
    """
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _FIRST:
        return text
    if _DECIMAL.fullmatch(text):
        _check_digits(len(text.lstrip("+-")))
        return int(text)
    if _BASED.fullmatch(text):
        _check_digits(len(text) - 2)
        return int(text, 0)
    if _FLOAT.fullmatch(text):
        _check_digits(sum(sign in "0123456789" for sign in text))
        return _finite(text)
    return text


def _check_digits(count: int) -> None:
    if count > DIGITS:
        raise NumberRefusedError(f"a number of {count} digits", f"write at most {DIGITS}, or quote it as text")


def _finite(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        raise NumberRefusedError(f"{text} is too large for a number", "write a smaller one, or quote it as text")
    return value
