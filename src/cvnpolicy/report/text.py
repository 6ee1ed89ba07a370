"""Text that is safe and aligned on a terminal: escapes made visible, columns counted, words laid into lines."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from cvnpolicy.core.visible import visible

# One wide character and what follows it up to the next: the smallest part a word is broken into. The ranges are the
# scripts written without spaces; other wide characters (emoji) stay with their neighbours.
_WIDE = "\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
_UNIT = re.compile(f"[{_WIDE}][^{_WIDE}]*|[^{_WIDE}]+")


class Role(Enum):
    """What a word is, so how it is coloured; the value is its SGR code. Colour never carries meaning alone."""

    PLAIN = ""
    FAIL = "1;31"
    UNDECIDED = "1;35"
    WARN = "1;33"
    PASS = "32"
    STRONG = "1"
    DIM = "2"


@dataclass(frozen=True, slots=True)
class Word:
    """A piece of text that is not broken, and the spaces before it."""

    text: str
    role: Role = Role.PLAIN
    gap: int = 1


@dataclass(frozen=True, slots=True)
class Page:
    """How wide the page is, and whether it is coloured."""

    width: int
    colour: bool

    def paint(self, text: str, role: Role) -> str:
        """Return the text in the colour of its role, or as it is."""
        if not self.colour or role is Role.PLAIN or not text:
            return text
        return f"\x1b[{role.value}m{text}\x1b[0m"


def columns(text: str) -> int:
    """Return how many terminal columns a text fills: wide characters two, combining marks none."""
    return len(text) if text.isascii() else sum(map(_width, text))


def _width(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def words(text: str, role: Role = Role.PLAIN, *, gap: int = 1) -> list[Word]:
    """Return the words of a text from outside, made safe; ``gap`` spaces stand before the first."""
    split = visible(text).split()
    return [Word(word, role, gap if index == 0 else 1) for index, word in enumerate(split)]


def lay(content: Iterable[Word], page: Page, *, indent: int = 0, hang: int | None = None) -> list[str]:
    """Return words laid into lines no wider than the page, save where one word alone is.

    Args:
        content: The words; a word is broken only between wide characters, as their scripts are.
        page: Width and colour.
        indent: Spaces before the first line.
        hang: Spaces before the others; as ``indent`` when None.
    """
    rest = indent if hang is None else hang
    lines: list[str] = []
    line, used, empty = " " * indent, indent, True
    for word in content:
        for place, piece in enumerate(_pieces(word.text, page.width - rest)):
            gap = 0 if empty or place else word.gap
            # A word that starts at or before the hanging indent gains nothing from a new line.
            if not empty and used + gap > rest and used + gap + columns(piece) > page.width:
                lines.append(line)
                line, used, gap = " " * rest, rest, 0
            line += " " * gap + page.paint(piece, word.role)
            used += gap + columns(piece)
            empty = False
    return lines if empty else [*lines, line]


def _pieces(text: str, room: int) -> Iterator[str]:
    """Yield a word whole, or, too wide and in a wide script, in parts that each begin with a wide character."""
    if text.isascii() or columns(text) <= room:
        yield text
        return
    part, used = "", 0
    for unit in _UNIT.findall(text):
        if part and used + columns(unit) > room:
            yield part
            part, used = "", 0
        part, used = part + unit, used + columns(unit)
    yield part
