"""A Python file as text, and whether anything in it can matter. What is decided here may only err towards looking."""

from __future__ import annotations

import ast
import io
import re
import tokenize
import unicodedata
import warnings
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache

from cvnpolicy.lint.settings import Settings

LIMIT = 2**20
"""The most bytes of a file that is linted."""
DEEP = 150
"""Deeper than this a file is first parsed by a process of its own."""
DEEP_IN_CASE = 10
"""The same for brackets in a file with ``case``."""
MOST_BRACKETS = 60_000
"""The most opening brackets of a file: Python's own tree does not show them, and libcst keeps each."""
MOST_NODES = 100_000
"""The most parts of the syntax of a file that is parsed by libcst, which takes up to 8 KB for each. Of 20,990 files of
installed packages two have more."""

_BOM = b"\xef\xbb\xbf"
_BRACKET = re.compile(r"[(\[{}\])]")
_CASE = re.compile(r"^[ \t\f]*case\b", re.MULTILINE)
_JOINT = re.compile(r"\W")
_SLOT = re.compile(r"\{[^{}]*\}|%(?:\([^)]{0,99}\))?[-#0 +]{0,5}[\d*]{0,5}(?:\.[\d*]{1,5})?[a-z]")
"""Where a pattern takes in another text."""


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
    except (SyntaxError, ValueError, LookupError) as error:
        raise UnreadableError(f"the file cannot be decoded: {error}") from None
    return Source(data, text)


@cache
def _names(settings: Settings) -> re.Pattern[str]:
    parts = [re.escape(word).replace("_", r"[\W_]") for word in sorted(settings.names)]
    if settings.env_prefix:
        parts.append(re.escape(settings.env_prefix))
    return re.compile("|".join(parts), re.IGNORECASE)


def candidate(source: Source, settings: Settings) -> tuple[bool, bool]:
    """Return whether a file has to be looked at closely, and whether it is to be parsed apart first.

    It has to be where a name of the policy stands, as Python reads it, elsewhere than in a comment or a text that
    nothing uses, and is not only read; or where a name can be put together of the texts in the file. Where Python's
    own parser does not know, the answer is yes: so a file that is broken is looked at, whatever stands in it.

    Raises:
        UnreadableError: It has more parts than memory is for.
    """
    brackets, nested = _brackets(source.text)
    if brackets > MOST_BRACKETS:
        raise UnreadableError(f"the file has more than {MOST_BRACKETS} brackets")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source.text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return True, True
    if not _may_matter(tree, settings):
        return False, False
    depth, nodes = _size(tree)
    if nodes > MOST_NODES:
        raise UnreadableError(f"the file has more than {MOST_NODES} parts of syntax")
    # libcst takes twice as long for each bracket around a pattern.
    return True, depth > DEEP or (nested > DEEP_IN_CASE and _CASE.search(source.text) is not None)


def _brackets(text: str) -> tuple[int, int]:
    """Return how many brackets are opened, and how deep they stand in one another at most; texts count too."""
    count = depth = deepest = 0
    for found in _BRACKET.finditer(text):
        if found[0] in "([{":
            count += 1
            depth += 1
            deepest = max(deepest, depth)
        else:
            depth = max(0, depth - 1)
    return count, deepest


def _may_matter(tree: ast.AST, settings: Settings) -> bool:
    pattern = _names(settings)
    unused: set[int] = set()
    texts: set[str] = set()
    words: set[str] = set()
    for node in ast.walk(tree):
        words.update(_words(node))
        if words & settings.defaults and words & settings.resolvers:
            return True  # what the resolver is given for when it has no value
        if isinstance(node, ast.Expr):
            unused.add(id(node.value))  # ast.walk goes from the outside in: the text itself comes later
        elif isinstance(node, ast.Constant):
            said = node.value.decode("latin-1") if isinstance(node.value, bytes) else node.value
            if isinstance(said, str) and id(node) not in unused:
                texts.add(unicodedata.normalize("NFKC", said))
        elif any(pattern.search(name) for name in _given(node)):
            return True
    return any(pattern.search(text) for text in texts) or _can_be_joined(texts, settings)


def _words(node: ast.AST) -> Iterator[str]:
    """Yield the names of arguments, and of what may be called."""
    if isinstance(node, ast.keyword) and node.arg is not None:
        yield node.arg
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.Attribute):
        yield node.attr
    elif isinstance(node, ast.alias):
        yield node.name


def _given(node: ast.AST) -> Iterator[str]:
    """Yield the names that a node gives a meaning or a value."""
    if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        yield node.id
    elif isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load):
        yield node.attr
    elif isinstance(node, ast.keyword | ast.arg) and node.arg is not None:
        yield node.arg
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        yield node.name
    elif isinstance(node, ast.BoolOp | ast.IfExp):
        # What is only read here may be given a value all the same: `cfg.learning_rate or 0.1`.
        asked = node.values if isinstance(node, ast.BoolOp) else [node.body]
        yield from (each.attr for each in asked if isinstance(each, ast.Attribute))
    elif isinstance(node, ast.Attribute) and node.attr.startswith("set_"):
        yield node.attr
    elif isinstance(node, ast.Name) and node.id.startswith("set_"):
        yield node.id
    elif isinstance(node, ast.alias):
        yield node.name


def _can_be_joined(texts: Collection[str], settings: Settings) -> bool:
    """Whether a name is the end of a text, any number of whole texts, and the beginning of another, in a row."""
    words = [word.lower() for word in (*settings.names, settings.env_prefix) if word]
    plain = [text.lower() for text in texts]
    split = {piece.strip() for text in plain for piece in (text, *_SLOT.split(text)) if piece.strip()}
    pieces = {*split, *(_JOINT.sub("_", piece) for piece in split)}
    longest = max(map(len, words), default=0)
    ends = {piece[-size:] for piece in pieces for size in range(1, longest)}
    beginnings = {piece[:size] for piece in pieces for size in range(1, longest)}
    return any(_joins(word, pieces, ends, beginnings) for word in words)


def _joins(word: str, pieces: Collection[str], ends: Collection[str], beginnings: Collection[str]) -> bool:
    places = range(1, len(word))
    reached = {place for place in places if word[:place] in ends}
    for place in places:
        if place in reached:
            if word[place:] in beginnings:
                return True
            reached |= {end for end in places if word[place:end] in pieces}
    return False


def _size(tree: ast.AST) -> tuple[int, int]:
    """Return how deep a tree is, and how many nodes it has."""
    deepest, nodes, level = 0, 0, [tree]
    while level:
        deepest += 1
        nodes += len(level)
        level = [child for node in level for child in ast.iter_child_nodes(node)]
    return deepest, nodes
