"""A piece of text with all that stands in it and around it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from cvnpolicy.readiness.truth.figure import FigureKind
from cvnpolicy.readiness.truth.knowledge import Hit, Knowledge, Rank
from cvnpolicy.readiness.truth.naming import Mention, mentions
from cvnpolicy.readiness.truth.readings import Reading, readings
from cvnpolicy.readiness.truth.texts import Piece, Scope

_MOST_ABOVE = 100
"""The most places of a heading, or of what an item stands below, that are looked at for each item."""
Ranked = Mapping[Rank, tuple[str, ...]]


class Library:
    """The pieces of one page, each read once."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge
        self._reads: dict[Piece, Read] = {}
        self._rows: dict[int, Row] = {}

    def read(self, piece: Piece) -> Read:
        """Return what stands in a piece."""
        if piece not in self._reads:
            self._reads[piece] = Read(piece, self)
        return self._reads[piece]

    def row(self, piece: Piece) -> Row:
        """Return the row of a piece; one that is no cell is a row of its own."""
        if not piece.row:
            return Row([self.read(piece)])
        key = id(piece.row)
        if key not in self._rows:
            self._rows[key] = Row([self.read(cell) for cell in piece.row])
        return self._rows[key]


class Read:
    """What stands in one piece."""

    def __init__(self, piece: Piece, library: Library) -> None:
        self.piece = piece
        self.knowledge = library.knowledge
        self._library = library
        self._found: dict[tuple[Scope, int, int], Ranked] = {}

    @cached_property
    def scopes(self) -> tuple[Scope, ...]:
        """The scopes that there are around a figure of it."""
        wide = {Scope.ROW: self.piece.row, Scope.ABOVE: self.piece.above, Scope.HEADING: self.piece.heading}
        return tuple(scope for scope in Scope if wide.get(scope, True))

    @cached_property
    def readings(self) -> list[Reading]:
        """Its figures, other than names."""
        return readings(self.piece.text)

    @cached_property
    def mentions(self) -> list[Mention]:
        """Its names."""
        return mentions(self.piece, self.knowledge.known)

    @cached_property
    def hits(self) -> list[Hit]:
        """Where checks are named in it, in the order of the text."""
        named = [
            Hit(mention.start, mention.end, _rank(mention), mention.checks)
            for mention in self.mentions
            if mention.checks
        ]
        return sorted([*self._phrases[0], *named], key=lambda hit: hit.start)

    @cached_property
    def _phrases(self) -> tuple[list[Hit], frozenset[int]]:
        return self.knowledge.phrases(self.piece.text)

    @property
    def own_conditions(self) -> frozenset[int]:
        """The terms of which a condition stands in it."""
        return self._phrases[1]

    @cached_property
    def row(self) -> Row:
        """Its row."""
        return self._library.row(self.piece)

    @cached_property
    def above(self) -> Read | None:
        """What it stands below."""
        return None if self.piece.above is None else self._library.read(self.piece.above)

    @cached_property
    def heading(self) -> Read | None:
        """The heading of its section."""
        return None if self.piece.heading is None else self._library.read(self.piece.heading)

    @cached_property
    def conditions(self) -> frozenset[int]:
        """The terms of which a condition stands in its row, above it, or in its heading."""
        around = [other.conditions for other in (self.above, self.heading) if other is not None]
        return self.row.conditions.union(*around)

    @cached_property
    def filters(self) -> Mapping[str, frozenset[str]]:
        """The values that it names by field; of its row where it names none itself."""
        return merged(self.mentions) or self.row.filters

    def checks(self, scope: Scope, span: tuple[int, int]) -> Ranked:
        """Return the checks that are named in a stretch of the text, or in what a wider scope looks at."""
        key = (scope, *span) if scope <= Scope.SENTENCE else (scope, 0, 0)
        if key not in self._found:
            ranked = dict(self._ranked(scope, span))
            if Rank.NAME in ranked:
                ranked[Rank.NAME] = self.knowledge.narrowed(ranked[Rank.NAME], self.filters)
            self._found[key] = ranked
        return self._found[key]

    def _ranked(self, scope: Scope, span: tuple[int, int]) -> Ranked:
        if scope <= Scope.SENTENCE:
            return self.knowledge.ranked(list(within(self.hits, span)), self.conditions)
        if scope is Scope.PIECE:
            return self.knowledge.ranked(self.hits, self.conditions)
        if scope is Scope.ROW:
            return self.row.ranked
        other = self.above if scope is Scope.ABOVE else self.heading
        found: Ranked = {}
        while other is not None and not found:
            found = self.knowledge.ranked(other.hits[:_MOST_ABOVE], self.conditions)
            other = other.above if scope is Scope.ABOVE else None
        return found


class Row:
    """The cells of one row, or one text that is in no table."""

    def __init__(self, reads: list[Read]) -> None:
        self.reads = reads

    @cached_property
    def conditions(self) -> frozenset[int]:
        """The terms of which a condition stands in it."""
        return frozenset[int]().union(*(read.own_conditions for read in self.reads))

    @cached_property
    def filters(self) -> Mapping[str, frozenset[str]]:
        """The values that it names, by field."""
        return merged(mention for read in self.reads for mention in read.mentions)

    @cached_property
    def timed(self) -> bool:
        """Whether it speaks of a length of time that something is looked at."""
        kinds = {FigureKind.WINDOW, FigureKind.DURATION}
        return any(
            each.kind in kinds and each.op is None and not each.loose for read in self.reads for each in read.readings
        )

    @cached_property
    def ranked(self) -> Ranked:
        """The checks that it names."""
        first = self.reads[0]
        heading = first.heading.conditions if first.heading is not None else frozenset[int]()
        found: dict[Rank, dict[str, None]] = {}
        for read in self.reads:
            for rank, checks in read.knowledge.ranked(read.hits, self.conditions | heading).items():
                found.setdefault(rank, {}).update(dict.fromkeys(checks))
        return {rank: tuple(checks) for rank, checks in found.items()}


def _rank(mention: Mention) -> Rank:
    return Rank.CHECK if mention.kind is FigureKind.CHECK else Rank.NAME


def within(hits: list[Hit], span: tuple[int, int]) -> Iterator[Hit]:
    """Yield the places inside a stretch."""
    first = bisect_left(hits, span[0], key=lambda hit: hit.start)
    last = bisect_left(hits, span[1], key=lambda hit: hit.start)
    return (hit for hit in hits[first:last] if hit.end <= span[1])


def merged(named: Iterable[Mention]) -> dict[str, frozenset[str]]:
    """Return the values that are named, by field."""
    found: dict[str, set[str]] = {}
    for mention in named:
        if mention.key and mention.value:
            found.setdefault(mention.key, set()).add(mention.value)
    return {key: frozenset(values) for key, values in found.items()}
