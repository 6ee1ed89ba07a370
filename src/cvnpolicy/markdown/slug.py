"""The anchors that GitHub gives to headings, and the section numbers that headings start with."""

from __future__ import annotations

import re
import unicodedata

_NUMBER = re.compile(r"(\d{1,4}(?:\.\d{1,4}){0,5}(?:\.?(?:bis|ter|quater))?)[.):]?(?=\s|$)", re.ASCII)
_KEPT = frozenset({"Nd", "Nl", "Pc"})


class Slugs:
    """Gives each heading of one document a slug of its own."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._next: dict[str, int] = {}

    def of(self, text: str) -> str:
        """Return the slug: lower case, only letters, marks, digits, ``_`` and ``-``, spaces as ``-``.

        A second heading of the same slug gets ``-1``, a third ``-2``, past any that is taken.
        """
        plain = "".join("-" if sign == " " else sign for sign in text.lower() if sign in " -" or _is_word(sign))
        slug = plain
        while slug in self._taken:
            # Counted on, not searched from 1: a thousand equal headings stay cheap.
            self._next[plain] = self._next.get(plain, 0) + 1
            slug = f"{plain}-{self._next[plain]}"
        self._taken.add(slug)
        return slug


def section_number(text: str) -> str | None:
    """Return the number a heading starts with: ``1`` of "1. Symptom", ``6.bis`` of "6.bis Calendar", else None."""
    match = _NUMBER.match(text)
    return match[1] if match else None


def _is_word(sign: str) -> bool:
    category = unicodedata.category(sign)
    return category[0] in "LM" or category in _KEPT
