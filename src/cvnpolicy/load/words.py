"""How text from a file is quoted in a message: short, on one line, with nothing hidden in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

EXCERPT = 40
"""The most characters of a user's text that a message repeats."""

LONGEST_NAME = 300
"""The most characters of a name that a message shows; the longest that is valid is a runbook's."""

LISTED = 8
"""The most words that a message lists."""


def printable(text: str) -> str:
    """Return the text on one line, each character that does not print written as an escape."""
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode("ascii") for sign in text)


def shown(text: str, most: int = EXCERPT) -> str:
    """Return the text in single quotes, escaped, and cut where it is long."""
    cut = text if len(text) <= most else text[: most - 1] + "…"
    return f"'{printable(cut)}'"


def named(text: str) -> str:
    """Return a name in the same way. No valid name is cut; what only stands where one should be may be anything."""
    return shown(text, LONGEST_NAME)


def listing(words: Iterable[str]) -> str:
    """Return the words, sorted and joined by commas; of many, the first and how many more there are."""
    ordered = sorted(set(words))
    shortened = ", ".join(printable(word) for word in ordered[:LISTED])
    more = len(ordered) - LISTED
    return f"{shortened} and {more} more" if more > 0 else shortened


def alternatives(words: Sequence[str]) -> str:
    """Return ``a, b or c``, in the order given."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} or {words[-1]}"
