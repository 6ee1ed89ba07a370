r"""The exact grammar of one line, shared by the parser here and by the patterns that DuckDB runs.

A line is pairs separated by spaces and tabs. A pair is ``key=value``, ``key="quoted value"``, ``key=`` (an empty
value) or a bare ``key``, which means ``key=true``. This is logfmt as the Go library go-logfmt writes it, with three
decisions where writers and readers differ:

* An unquoted value may contain ``=`` (``sha=YWJj==``) and backslashes, which mean themselves. It holds no quote.
* A quoted value knows the escapes ``\" \\ \n \r \t`` and ``\uXXXX`` (no surrogates), and no others: guessing what
  ``"C:\users"`` means would be a silent error.
* A key twice in one line, a quote inside a key, text right after a closing quote, a value without a key, and control
  characters other than the tab make a line malformed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

CONTROL = r"\x00-\x08\x0a-\x1f"
"""Control characters that no line may contain, as the inside of a character class."""
KEY = r'[^ =\t"\x00-\x1f]'
"""A character of a key."""
BARE = r'[^ \t"\x00-\x1f]'
"""A character of an unquoted value."""
PLAIN = rf'[^"\\{CONTROL}]'
"""A character of a quoted value that means itself."""
ESCAPE = r'\\(?:["\\nrt]|u(?:[0-9a-ce-fA-CE-F][0-9a-fA-F]{3}|[dD][0-7][0-9a-fA-F]{2}))'
"""An escape in a quoted value."""

_PAIR = re.compile(rf'({KEY}++)(?:=("(?:{PLAIN}++|{ESCAPE})*+"|{BARE}*+))?+(?:[ \t]++|\Z)')
_ESCAPE = re.compile(r"\\(?:u(....)|(.))")
_MEANING = {"n": "\n", "r": "\r", "t": "\t"}

Pair = tuple[str, str | None]
"""A key and its value as written, quotes and escapes included; None for a bare key."""


class MalformedLineError(ValueError):
    """A line is not what the grammar says."""


def pairs(line: str) -> list[Pair]:
    """Return the pairs of a line as written, in order. Linear in the length of the line.

    Raises:
        MalformedLineError: The line breaks the grammar, or has a key twice.
    """
    text = line.removesuffix("\n").removesuffix("\r")
    position, end = len(text) - len(text.lstrip(" \t")), len(text)
    found: list[Pair] = []
    seen: set[str] = set()
    while position < end:
        match = _PAIR.match(text, position)
        if match is None:
            raise MalformedLineError(f"no key=value pair can be read at column {position + 1}")
        key, raw = match.groups()
        if key in seen:
            raise MalformedLineError(f"the key '{key}' appears twice, again at column {position + 1}")
        seen.add(key)
        found.append((key, raw))
        position = match.end()
    return found


def value(raw: str | None) -> str:
    """Return what a written value means: quotes removed, escapes resolved, ``true`` for a bare key."""
    if raw is None:
        return "true"
    if not raw.startswith('"'):
        return raw
    inside = raw[1:-1]
    return _ESCAPE.sub(_resolve, inside) if "\\" in inside else inside


def parse_line(line: str) -> dict[str, str]:
    r"""Return the keys and values of a line, in order; empty for a blank line.

    Args:
        line: One line, with or without its ending (``\n`` or ``\r\n``).

    Raises:
        MalformedLineError: The line breaks the grammar at the top of this module.
    """
    return {key: value(raw) for key, raw in pairs(line)}


def is_key(text: str) -> bool:
    """Whether a line can have this key."""
    return re.fullmatch(f"{KEY}+", text) is not None


def find(parsed: Sequence[Pair], key: str) -> tuple[bool, str | None]:
    """Return whether a line has the key, and the value as written."""
    return next(((True, raw) for name, raw in parsed if name == key), (False, None))


def _resolve(match: re.Match[str]) -> str:
    code, letter = match.groups()
    return chr(int(code, 16)) if code else _MEANING.get(letter, letter)
