"""JSON as the standard has it: UTF-8, each key once, no ``NaN`` and no ``Infinity``."""

from __future__ import annotations

import json
from typing import Any, NoReturn


class NotJsonError(ValueError):
    """The bytes are no such JSON."""


def loads(data: bytes) -> Any:  # noqa: ANN401  whatever the JSON holds
    """Return what JSON says.

    Raises:
        NotJsonError: It is no JSON, is not UTF-8, has a key twice, a number that is none, or nests too deeply.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotJsonError(f"it is not UTF-8 at byte {error.start}") from None
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_no_number, parse_float=_finite)
    except NotJsonError:
        raise
    except json.JSONDecodeError as error:
        raise NotJsonError(f"it is no JSON at line {error.lineno}, column {error.colno}") from None
    except (ValueError, RecursionError):  # a number of very many digits, and brackets without end
        raise NotJsonError("it holds a number of too many digits, or nests too deeply") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise NotJsonError(f"the key {shown(key)} stands twice")
        found[key] = value
    return found


def _no_number(text: str) -> NoReturn:
    raise NotJsonError(f"{text} is no number of JSON")


def _finite(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise NotJsonError("it holds a number that is too large")
    return number


LONGEST = 200
"""The most characters of a value that is shown."""


def shown(value: object) -> str:
    """Return a value on one line as JSON writes it, in ASCII, cut where it is long."""
    text = json.dumps(value, ensure_ascii=True, default=repr)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."
