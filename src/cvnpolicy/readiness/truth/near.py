"""The known name that a word was probably meant to be: one slip of the hand away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

_SHORTEST, _LONGEST = 7, 80
_MOST = 2
"""The most letters that a slip changes."""


class Names:
    """Known names, found by a misspelt one in about the time that it takes to look one up."""

    def __init__(self, names: Iterable[str]) -> None:
        """Take the names; short ones are never guessed."""
        self._by_edge: dict[str, list[str]] = defaultdict(list)
        self._known = frozenset(names)
        for name in sorted(self._known):
            if _SHORTEST <= len(name) <= _LONGEST:
                self._by_edge[f"^{name[:4]}"].append(name)
                self._by_edge[f"{name[-4:]}$"].append(name)

    def near(self, word: str) -> str | None:
        """Return the name that differs by one slip: up to two neighbouring letters wrong, missing, added or swapped."""
        if word in self._known or not _SHORTEST <= len(word) <= _LONGEST:
            return None
        candidates = [*self._by_edge.get(f"^{word[:4]}", ()), *self._by_edge.get(f"{word[-4:]}$", ())]
        found = [(slip, name) for name in candidates if (slip := _slip(word, name)) is not None]
        return min(found)[1] if found else None


def alike(word: str, name: str) -> bool:
    """Return whether a word is one slip away from one name in particular; of a short one, one letter."""
    slip = _slip(word, name)
    return slip is not None and min(len(word), len(name)) >= 4 and slip <= (_MOST if len(name) >= _SHORTEST else 1)


def _slip(word: str, name: str) -> int | None:
    if abs(len(word) - len(name)) > _MOST:
        return None
    most = min(len(word), len(name))
    front = 0
    while front < most and word[front] == name[front]:
        front += 1
    back = 0
    while back < most - front and word[-1 - back] == name[-1 - back]:
        back += 1
    changed = max(len(word), len(name)) - front - back
    return changed if changed <= _MOST else None
