"""Text from policies as Markdown that is read back as the same text: nothing in it is markup, nothing breaks a row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from cvnpolicy.core.visible import visible

_LETTER = r"[^\W_]"
_MARKUP = re.compile(
    r"[\\`\[\]$~]"
    r"|<(?=[A-Za-z/!?])"  # a tag, a comment, an address; "< 0.01" is none
    r"|&(?=#?\w)"  # an entity
    r"|(?<! )\*|\*(?! )"  # "2 * x" is no emphasis
    rf"|(?<!{_LETTER})_|_(?!{_LETTER})"  # nor is f1_buy
    r"|(?<!#)#(?=#*\Z)"  # the end of a heading
)
_PIPE = "\\|"


def one_line(text: str) -> str:
    """Return a text on one line, with nothing hidden in it."""
    return visible(" ".join(text.split()))


def plain(text: str) -> str:
    """Return a text so that it is read as it is written. It stands behind other words, or in a cell."""
    return _MARKUP.sub(lambda match: f"\\{match[0]}", one_line(text))


def code(text: str) -> str:
    """Return a code span with just this text in it; nothing where it says nothing."""
    line = one_line(text)
    if not line:
        return ""
    longest = max((len(run) for run in re.findall(r"`+", line)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if longest else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def gap(what: str) -> str:
    """Return what a form leaves to be filled in, called by what is missing."""
    return f"`<{what}>`"


def row(cells: Iterable[str]) -> str:
    """Return a row of a table: a pipe in a cell, in code too, stays in its cell."""
    return f"| {' | '.join(cell.replace('|', _PIPE) for cell in cells)} |"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return the lines of a table."""
    return [row(head), f"|{'---|' * len(head)}", *(row(cells) for cells in rows)]


def listed(words: Iterable[str], last: str = "and") -> str:
    """Return words as a list in a sentence."""
    *most, end = words
    return f"{', '.join(most)} {last} {end}" if most else end
