"""The valid word nearest to a misspelt one."""

from __future__ import annotations

from collections.abc import Iterable

from cvnpolicy.load.words import listing, shown

MOST_CANDIDATES = 1_000
"""The most words that one word is compared with."""

MOST_SUGGESTIONS = 50
"""The most suggestions of a run: whoever has more problems than that mends the first ones first."""

LONGEST = 64
"""Longer words get no suggestion: nobody misspells them by a letter, and the work stays bounded."""


def nearest(word: str, valid: Iterable[str]) -> str | None:
    """Return the valid word most like ``word``, or None when none is near.

    Equal but for case, ``-`` and ``_`` comes first, then the fewest edits (insert, delete, replace, swap of
    neighbours; Damerau 1964, as optimal string alignment), then the alphabet.
    """
    candidates = sorted({candidate for candidate in valid if candidate and len(candidate) <= LONGEST})
    if not 0 < len(word) <= LONGEST:
        return None
    plain = _plain(word)
    for candidate in candidates:
        if _plain(candidate) == plain:
            return candidate
    limit = _limit(len(word))
    compared = 0
    best: tuple[int, str] | None = None
    letters = set(word)
    for candidate in candidates:
        # One edit changes the length by at most one, and the set of letters by at most two.
        if abs(len(candidate) - len(word)) > limit or len(letters ^ set(candidate)) > 2 * limit:
            continue
        compared += 1
        if compared > MOST_CANDIDATES:
            break
        found = distance(word, candidate, limit)
        if found is not None and (best is None or found < best[0]):
            best = (found, candidate)
    return best[1] if best else None


def did_you_mean(word: str, valid: Iterable[str]) -> str:
    """Return the right-hand side of a problem: the nearest valid word, or else what is valid."""
    words = tuple(valid)
    if not words:
        return "nothing can stand here"
    near = nearest(word, words)
    return f"did you mean {shown(near)}?" if near is not None else f"expected one of {listing(words)}"


class Suggestions:
    """The suggestions of one run: after the first so many, problems no longer say which word is near."""

    def __init__(self, most: int = MOST_SUGGESTIONS) -> None:
        """Suggest at most so often."""
        self._left = most

    def did_you_mean(self, word: str, valid: Iterable[str]) -> str:
        """Return the right-hand side of a problem, as :func:`did_you_mean` does while there are any left."""
        self._left -= 1
        return did_you_mean(word, valid) if self._left >= 0 else "name one that is defined"


def distance(one: str, other: str, limit: int) -> int | None:
    """Return how many edits turn one word into the other, or None when more than ``limit``."""
    before: list[int] = []
    previous = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        current = [row]
        for column, against in enumerate(other, start=1):
            edits = min(previous[column] + 1, current[-1] + 1, previous[column - 1] + (letter != against))
            swapped = row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == against
            current.append(min(edits, before[column - 2] + 1) if swapped else edits)
        # Two rows, as a swap reaches over one.
        if min(current) > limit and min(previous) > limit:
            return None
        before, previous = previous, current
    return previous[-1] if previous[-1] <= limit else None


def _limit(length: int) -> int:
    """How many edits still count as a slip: none in one or two letters, at most three."""
    return min(3, length // 3)


def _plain(word: str) -> str:
    return word.casefold().replace("-", "").replace("_", "")
