"""Phrases of a policy to patterns without backtracking traps: every part of them is bounded."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence

from cvnpolicy.kinds.readiness.forms import BUILT_IN, PARTS, PLACE, UNIT


class UnknownFormError(ValueError):
    """A phrase uses a form that there is not."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class Phrases:
    """Finds phrases in texts. One of it is made for a policy."""

    def __init__(self, forms: Mapping[str, str] | None = None) -> None:
        """Know these forms besides the built-in ones."""
        self.forms = dict(BUILT_IN)
        for name, phrase in (forms or {}).items():
            self.forms[name] = self._source(phrase)
        self._known: dict[tuple[str, ...], re.Pattern[str]] = {}

    def pattern(self, phrases: Sequence[str]) -> re.Pattern[str]:
        """Return what finds any of these phrases.

        Raises:
            UnknownFormError: If one uses a form that there is not.
        """
        key = tuple(phrases)
        if key not in self._known:
            self._known[key] = re.compile("|".join(self._whole(phrase) for phrase in key))
        return self._known[key]

    def form(self, name: str) -> re.Pattern[str]:
        """Return what finds a form."""
        return self.pattern((f"{{{name}}}",))

    def exact(self, phrase: str) -> str:
        """Return the source of a phrase whose dash is the long one, for text that must be written just so."""
        return self._source(phrase).replace(f"(?:{BUILT_IN['dash']})", "—")

    def _whole(self, phrase: str) -> str:
        source = self._source(phrase)
        before = r"(?<![\w@])" if re.match(r"\w|\{(?!handle)", phrase) else ""
        after = r"(?!\w)" if re.search(r"[\w}]$", phrase) else ""
        return f"(?:{before}{source}{after})"

    def _source(self, phrase: str) -> str:
        parts = []
        # Words in small letters are found in whatever case; P1, OK or PLANNED mean just these letters.
        flag = "i" if any(sign.islower() for sign in PLACE.sub("", phrase)) else ""
        for part in PARTS.split(phrase.strip()):
            if part.strip() in ("...", "…"):
                parts.append(r"(?!\w)[^\n]{0,80}?(?<!\w)")
            elif part == "*":
                parts.append(r"\w{0,30}")
            elif part.isspace():
                parts.append(r"\s{1,4}")
            elif part.startswith("{"):
                name = part[1:-1]
                if name not in self.forms:
                    raise UnknownFormError(name)
                parts.append(f"(?:{self.forms[name]})")
            else:
                words = re.sub(r"\\?[—–]", "[—–-]", re.escape(part))
                parts.append(f"(?{flag}:{words})")
        return "".join(parts)


_DURATION = re.compile(rf"([0-9]{{1,6}}(?:[.,][0-9]{{1,3}})?)\s?-?({UNIT})(?!\w)", re.IGNORECASE)
_SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


_UPPER = re.compile(r"(?:<|less than|under|below|at most|up to|max\.?|≤)\s{0,3}$", re.IGNORECASE)
_LOWER = re.compile(r"(?:>|more than|over|at least|≥|min\.?)\s{0,3}$", re.IGNORECASE)


def duration_in(text: str) -> tuple[float, str] | None:
    """Return the first duration in a text, in seconds, and ``<`` or ``>`` where it is a bound; None without one."""
    found = _DURATION.search(text)
    if found is None:
        return None
    unit = found[2].lower()
    seconds = float(found[1].replace(",", ".")) * _SECONDS["ms" if unit == "ms" else unit[0]]
    before = text[max(0, found.start() - 16) : found.start()]
    bound = "<" if _UPPER.search(before) else ">" if _LOWER.search(before) else ""
    return seconds, bound


def date_of(text: str) -> dt.date | None:
    """Return the day of the calendar that a text gives; None where there is no such day."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
