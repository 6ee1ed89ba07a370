"""Phrases: how they are written, and the forms that every policy has."""

from __future__ import annotations

import re
from collections.abc import Mapping

UNIT = r"(?:ms|s|sec(?:onds?)?|m|min(?:utes?)?|h|hours?|hr?s?|d|days?|w|weeks?)"
"""The units of a duration, as people write them."""

BUILT_IN: Mapping[str, str] = {
    "digits": r"[0-9]{1,9}",
    "capitals": r"[A-Z]{1,12}",
    "symbol": r"[A-Z0-9]{2,12}",
    "word": r"[^\s<>]{1,80}",
    "text": r"[^\s—–-][^\n]{1,300}",
    "hex": r"[0-9a-fA-F]{8}",
    "date": r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
    "handle": r"@[A-Za-z0-9][A-Za-z0-9-]{0,38}",
    "url": r"(?i:https?)://[^\s<>]{3,300}",
    "number": r"[0-9]{1,12}(?:[.,][0-9]{1,9})?",
    "duration": rf"(?i:[0-9]{{1,6}}(?:[.,][0-9]{{1,3}})?\s?-?{UNIT})",
    "comparison": r"(?i:[<>=≤≥]{1,2}\s{0,3}[~±+-]?\s?[A-Za-z0-9_.]{1,40}|"
    r"(?:within|at least|at most|more than|less than|over|under|below|above)\s{0,3}[~±+-]?\s?[0-9][0-9.,]{0,12})",
    "limit": r"(?i:[<>=≤≥]{1,2}|!=|within|at least|at most|more than|less than|over|under|below|above)"
    r"\s{0,3}[~±+-]?\s?[0-9][0-9.,]{0,12}",
    "dash": r"[—–-]",
    "setting": r"(?!event\b)[A-Za-z_][A-Za-z0-9_.]{2,80}\s?=\s?[^\s<>=|,;)\u2423]{1,80}(?![^\s,;)]{0,40}\u2423)",
    "alias": r"(?i:alias)\b[^\n]{0,60}?(?:→|->|points to|to)\s?"
    r"[A-Za-z_][\w.-]{0,60}[0-9_][\w.-]{0,20}(?!\S{0,40}\u2423)",
    "loki": r"\{\s?[A-Za-z_]\w{0,40}\s?(?:=~|!=|!~|=)\s?\"[^\"\n]{1,120}\"",
    "path": r"[A-Za-z0-9_.-]{1,80}(?:/[A-Za-z0-9_.-]{1,80}){0,12}\.md",
}
"""Forms that every policy has. A form of a policy is made of them."""

RUNNING = frozenset({"text", "alias"})
"""Forms that run on over words, as ``...`` does."""

LONG = frozenset({"word", "url", "path", "setting", "loki"})
"""Forms that run on to the end of a word, as ``*`` does."""

PLACE = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]{0,79})\}")
"""A form in a phrase."""

GAP = r"\.\.\.|…"
"""What skips a few words."""

PARTS = re.compile(rf"(\{{[A-Za-z_][A-Za-z0-9_]{{0,79}}\}}|\s*(?:{GAP})\s*|\*|\s+)")
"""What a phrase is made of besides its words: forms, gaps, ends of words, blanks."""


def forms_of(phrase: str) -> list[str]:
    """Return the names of the forms that a phrase uses."""
    return PLACE.findall(phrase)
