"""Finding the phrases of terms in texts, word by word: one walk over the text, however many phrases there are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")

_WORD = re.compile(r"\w{1,200}|[^\w\s-]")
"""A hyphen divides words as a space does: ``wick-to-body`` is ``wick to body``."""
_LONGEST = 24
"""The most words of a phrase."""


@dataclass(slots=True)
class _Node(Generic[T]):
    below: dict[str, _Node[T]] = field(default_factory=dict)
    begun: dict[str, _Node[T]] = field(default_factory=dict)
    """By how a word begins, for phrases with ``outperform*``."""
    ends: list[tuple[str, T]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A phrase in a text."""

    start: int
    end: int
    meant: T


class Words(Generic[T]):
    """Phrases, each with what it means. One without small letters is found in just these letters."""

    def __init__(self, phrases: Iterable[tuple[str, T]]) -> None:
        """Take pairs of a phrase and its meaning."""
        self._top: _Node[T] = _Node()
        for phrase, meant in phrases:
            self._add(phrase, meant)

    def _add(self, phrase: str, meant: T) -> None:
        words = [match[0] for match in _WORD.finditer(phrase)]
        exact = "" if any(sign.islower() for sign in phrase) else " ".join(word for word in words if word != "*")
        node = self._top
        place = 0
        while place < len(words[:_LONGEST]):
            starred = words[place + 1 : place + 2] == ["*"]
            ways = node.begun if starred else node.below
            node = ways.setdefault(words[place].casefold(), _Node())
            place += 2 if starred else 1
        if node is not self._top:
            node.ends.append((exact, meant))

    def find(self, text: str) -> Iterator[Found[T]]:
        """Yield every phrase in the text, by where it starts, shorter ones first."""
        words = list(_WORD.finditer(text))
        folded = [match[0].casefold() for match in words]
        for first, word in enumerate(folded):
            reached = self._next([self._top], word)
            place = first
            while reached:
                for node in reached:
                    for meant in self._ends(node, words[first : place + 1]) if node.ends else ():
                        yield Found(words[first].start(), words[place].end(), meant)
                place += 1
                if place == len(words) or place == first + _LONGEST:
                    break
                reached = self._next(reached, folded[place])

    @staticmethod
    def _ends(node: _Node[T], words: list[re.Match[str]]) -> list[T]:
        said = " ".join(match[0] for match in words)
        return [meant for exact, meant in node.ends if exact in {"", said}]

    @staticmethod
    def _next(nodes: list[_Node[T]], word: str) -> list[_Node[T]]:
        found = []
        for node in nodes:
            if word in node.below:
                found.append(node.below[word])
            if node.begun:
                found += [below for begin, below in node.begun.items() if word.startswith(begin)]
        return found
