"""A Python file as text, and whether anything in it can matter. What is decided here may only err towards looking."""

from __future__ import annotations

import ast
import io
import re
import tokenize
import warnings
from dataclasses import dataclass
from functools import cache

from cvnpolicy.lint.settings import Settings

LIMIT = 2**20
"""The most bytes of a file that is linted."""
DEEP = 150
"""Deeper than this a file is first parsed by a process of its own."""

_BOM = b"\xef\xbb\xbf"
_UNPLAIN = re.compile(rb"[\x80-\xff]|\\[xuUN0-7]")
"""What may spell a name otherwise: letters beyond ASCII, and escapes."""


class UnreadableError(Exception):
    """A file that cannot be linted, and why: a finding of its own, never a pass."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file's text."""

    data: bytes
    """As it is on the disk."""
    text: str
    """Decoded by its own cookie, without a byte order mark."""


def read(data: bytes) -> Source:
    """Decode a file.

    Raises:
        UnreadableError: It is too large, has NUL bytes, or is not in the encoding that it says.
    """
    if len(data) > LIMIT:
        raise UnreadableError(f"the file has more than {LIMIT} bytes")
    if b"\0" in data:
        raise UnreadableError("the file has NUL bytes")
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        text = data.removeprefix(_BOM).decode("utf-8" if encoding == "utf-8-sig" else encoding)
    except (SyntaxError, UnicodeDecodeError, LookupError) as error:
        raise UnreadableError(f"the file cannot be decoded: {error}") from None
    return Source(data, text)


@cache
def _names(settings: Settings) -> re.Pattern[bytes]:
    words = sorted({*settings.names}, key=len, reverse=True)
    parts = [re.escape(word).replace("_", "[_-]") for word in words]
    if settings.env_prefix:
        parts.append(re.escape(settings.env_prefix))
    return re.compile("|".join(parts).encode(), re.IGNORECASE)


@cache
def _beginnings(settings: Settings) -> frozenset[str]:
    """Return the beginnings, of two letters or more, of what can be put together in a file."""
    words = [*settings.names, *([settings.env_prefix] if settings.env_prefix else ())]
    return frozenset(word[:end] for word in words for end in range(2, len(word)))


def candidate(source: Source, settings: Settings) -> tuple[bool, bool]:
    """Return whether a file has to be looked at closely, and whether it is to be parsed apart first.

    A name is written out, spelt with escapes or letters that Python takes for others, or put together of pieces the
    first of which has two letters or more. Where Python's own parser does not know, the answer is yes.
    """
    named = _names(settings).search(source.data) is not None or _UNPLAIN.search(source.data) is not None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source.text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return True, True
    return named or _pieced(tree, settings), _depth(tree) > DEEP


def _pieced(tree: ast.AST, settings: Settings) -> bool:
    """Whether a text ends as a name begins, where texts are put together."""
    beginnings = _beginnings(settings)
    joined = False
    ends = False
    for node in ast.walk(tree):
        joined = joined or isinstance(node, ast.JoinedStr | ast.BinOp | ast.Call)
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            tail = node.value
            ends = ends or any(tail.endswith(each) for each in beginnings)
        if joined and ends:
            return True
    return False


def _depth(tree: ast.AST) -> int:
    deepest, level = 0, [tree]
    while level:
        deepest += 1
        level = [child for node in level for child in ast.iter_child_nodes(node)]
    return deepest
