"""Text from outside, made safe to show: for terminals, and for build servers that read orders in logs."""

from __future__ import annotations

import re
import unicodedata

# What continuous integration reads as an order: GitHub takes "::" at the start of a line, indented or not, and,
# like its kin, "##[", "##vso[" or "##teamcity[" anywhere in it.
_ORDER = re.compile(r"(?<!\S)::|##(?=\w*\[)")

_UNSEEN = re.compile(r"[^\x20-\x7e\n]|#(?=#\w*\[)")


def visible(text: str) -> str:
    """Return text from outside on one line with nothing hidden in it.

    Control characters, terminal escapes, line ends, bidirectional overrides and everything else that does not
    print become escapes a person can see; any kind of space becomes a space; and what a build server would obey
    as a command loses its first character to an escape.
    """
    shown = text if text.isascii() and text.isprintable() else "".join(map(_shown, text))
    return _ORDER.sub(lambda match: f"\\x{ord(match[0][0]):02x}{match[0][1:]}", shown)


def visible_json(text: str) -> str:
    """Return JSON text that parses to the same, with an escape for what :func:`visible` would not let through.

    Args:
        text: JSON with no space but blanks and line feeds outside of its strings.
    """
    return _UNSEEN.sub(lambda match: _escaped(match[0]), text)


def _escaped(character: str) -> str:
    if character.isprintable() and character != "#":
        return character
    # JSON spells what lies beyond U+FFFF as two halves.
    halves = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{halves[at : at + 4]}" for at in range(0, len(halves), 4))


def _shown(character: str) -> str:
    if character.isprintable():
        return character
    if unicodedata.category(character) == "Zs":
        return " "
    # The standard library's own spelling: \x1b, \u202e, \U000e0001.
    return character.encode("unicode_escape").decode("ascii")


def visible_lines(text: str) -> str:
    """Return the same for a text of several lines: each line is made visible, the line ends stay."""
    return "\n".join(visible(line) for line in text.split("\n"))
