"""Text from outside, made safe inside Markdown that GitHub shows: it is read as it was written and does nothing.

A backslash or an entity does not keep GitHub from taking ``@name``, ``#1``, ``GH-1``, a commit or an address for a
link (and from writing to the person named): it looks for them in what Markdown leaves. In a code span it does not look.
So every word that is not plain goes into one. What is left is letters, digits and harmless signs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from cvnpolicy.report.wording import one_line

# No sign that Markdown, its extensions or GitHub's own marks (mentions, issues, mathematics, emoji) begin with.
_HARMLESS = re.compile(r"[^\\`*_\[\]{}<>&~|$@#^:]+:?")
# What GitHub links though it is made of harmless signs: addresses, issues, and what could be the start of a commit.
_LINKED = re.compile(r"www\.|gh-\d|[0-9a-f]{7}", re.IGNORECASE)
# What at the start of a line begins a list, or is the underline of a heading.
_LEADING = re.compile(r"(?P<before>\d{0,9})(?:(?<=\d)[.)](?=\s|$)|(?<!\d)[-+=](?=\s|[-=]*$))")
_OPENING, _CLOSING = '("', '.,;!?)"'
_TICKS = re.compile("`+")


def prose(text: str, limit: int) -> str:
    """Return a sentence from outside on one line: plain words as they are, all others in code spans.

    Args:
        text: Any text.
        limit: The most code points of it that are shown; one that is cut says so.
    """
    runs = groupby(clipped(text, limit).split(" "), key=_plain)
    joined = " ".join(" ".join(words) if plain else _in_sentence(" ".join(words)) for plain, words in runs)
    leading = _LEADING.match(joined)
    return joined if leading is None else f"{leading['before']}\\{joined[leading.end('before') :]}"


def code(text: str, limit: int) -> str:
    """Return text from outside on one line as code; empty for an empty text."""
    return _spans(clipped(text, limit))


def clipped(text: str, limit: int) -> str:
    """Return text on one line, made visible, of no more than this many code points and a word that says so."""
    line = one_line(text)
    return line if len(line) <= limit else f"{line[:limit]}… (cut)"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table without the columns in which every cell is empty. Cells are Markdown without a ``|``."""
    cells = [list(row) for row in rows]
    used = [place for place in range(len(head)) if any(row[place] for row in cells)]
    lines = [[head[place] for place in used], ["---"] * len(used), *([row[place] for place in used] for row in cells)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _plain(word: str) -> bool:
    return not word or (_HARMLESS.fullmatch(word) is not None and not _LINKED.search(word))


def _in_sentence(text: str) -> str:
    """Return code spans, the brackets and stops around them left to the sentence."""
    inner = text.lstrip(_OPENING)
    word = inner.removesuffix(":").rstrip(_CLOSING)
    while len(word) < len(inner) and (word.count("(") > word.count(")") or word.count('"') % 2):
        word = inner[: len(word) + 1]  # what closes something inside of the span belongs to it
    return text[: len(text) - len(inner)] + _spans(word) + inner[len(word) :]


def _spans(text: str) -> str:
    """Return code spans. A ``|`` stands between them as an entity: how a backslash before one reads differs."""
    return "&#124;".join(_span(part) if part else "" for part in text.split("|"))


def _span(text: str) -> str:
    """Return one code span, fenced with more backticks than it has in a row."""
    fence = "`" * (max((len(ticks) for ticks in _TICKS.findall(text)), default=0) + 1)
    edge = text[0] == "`" or text[-1] == "`" or (text[0] == text[-1] == " " and text.strip())
    return f"{fence} {text} {fence}" if edge else f"{fence}{text}{fence}"
