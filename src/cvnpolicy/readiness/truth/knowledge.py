"""What policies and terms say, looked up once for any number of documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from cvnpolicy.kinds.readiness.model import Term
from cvnpolicy.readiness.truth.stated import Stated, stated
from cvnpolicy.readiness.truth.vocabulary import Vocabulary
from cvnpolicy.readiness.truth.words import Words


class Rank(IntEnum):
    """How sure a name stands for its checks, surest first."""

    CHECK = 0
    """The check's own name."""
    TERM = 1
    """Words that the team has bound to it."""
    NAME = 2
    """An event or a metric that it measures."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A place in a text that names checks."""

    start: int
    end: int
    rank: Rank
    checks: tuple[str, ...]
    term: int = -1
    """The index of the term, where it is one."""


class Knowledge:
    """The names, the figures of every check, and the words of the team."""

    def __init__(self, known: Vocabulary, terms: Sequence[Term]) -> None:
        self.known = known
        self.terms = terms
        self.stated: Mapping[str, tuple[Stated, ...]] = {
            address: tuple(stated(resolved)) for address, resolved in known.resolved.items()
        }
        self.checks = [tuple(self._addresses(term)) for term in terms]
        said = [(phrase, (index, False)) for index, term in enumerate(terms) for phrase in term.words]
        asked = [(phrase, (index, True)) for index, term in enumerate(terms) for phrase in term.only_if or ()]
        self._words = Words([*said, *asked])

    def _addresses(self, term: Term) -> Iterator[str]:
        for address in term.checks:
            policy, _, check = address.rpartition("/")
            for full in self.known.resolved:
                own, _, name = full.rpartition("/")
                if check in {"*", name} and policy in {"", own}:
                    yield full

    def phrases(self, text: str) -> tuple[list[Hit], frozenset[int]]:
        """Return the places of a text that name checks, and the terms of which a condition stands in it."""
        hits: list[Hit] = []
        conditions: set[int] = set()
        for found in self._words.find(text):
            index, asked = found.meant
            if asked:
                conditions.add(index)
            else:
                # Of phrases that start at one word, only the longest ones count.
                while hits and hits[-1].start == found.start and hits[-1].end < found.end:
                    hits.pop()
                hits.append(Hit(found.start, found.end, Rank.TERM, self.checks[index], index))
        return hits, frozenset(conditions)

    def conditional(self, hit: Hit) -> bool:
        """Return whether a place only counts where a condition of its term is met."""
        return hit.term >= 0 and self.terms[hit.term].only_if is not None

    def ranked(self, hits: Sequence[Hit], conditions: frozenset[int]) -> dict[Rank, tuple[str, ...]]:
        """Return the checks that places name, by how sure that is.

        A term whose condition is met wins over one without a condition, for the same words.
        """
        kept = [hit for hit in hits if not self.conditional(hit) or hit.term in conditions]
        special = {(hit.start, hit.end) for hit in kept if self.conditional(hit)}
        ranked: dict[Rank, dict[str, None]] = {}
        for hit in kept:
            if hit.rank is not Rank.TERM or self.conditional(hit) or (hit.start, hit.end) not in special:
                ranked.setdefault(hit.rank, {}).update(dict.fromkeys(hit.checks))
        return {rank: tuple(checks) for rank, checks in ranked.items() if checks}

    def narrowed(self, checks: tuple[str, ...], filters: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
        """Return the checks that filter by what a text names; where it names nothing, those without a filter."""
        fitting, plain = [], []
        for check in checks:
            measure = self.known.resolved[check].check.measure
            where = measure.where if measure is not None else {}
            keys = [key for key in where if key in filters]
            if keys and all(frozenset(map(str, where[key])) <= filters[key] for key in keys):
                fitting.append(check)
            elif not where:
                plain.append(check)
        return tuple(fitting or plain) or checks
