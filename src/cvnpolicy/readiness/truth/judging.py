"""Comparing the figures of one piece with what the checks state that it is about."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from cvnpolicy.readiness.truth.figure import FigureKind, Status
from cvnpolicy.readiness.truth.knowledge import Rank
from cvnpolicy.readiness.truth.readings import Reading
from cvnpolicy.readiness.truth.reads import Read
from cvnpolicy.readiness.truth.stated import Stated
from cvnpolicy.readiness.truth.texts import Scope
from cvnpolicy.readiness.truth.verdict import Verdict, against, hard

_LATER = re.compile(r"(?i:escalat|\brise[sn]?\b|\braise)")
_NEAR = 200
"""How many letters before and behind a figure say what sort of number it is."""
_NO_CHECK = "nothing here names a check, an event, a metric or a term"
_URGENT = {FigureKind.SEVERITY, FigureKind.LEVEL}
_LASTS = {FigureKind.MOMENT, FigureKind.LASTING}
_MOST_CELLS = 50
"""The most cells of a row whose limits say what the row is about."""
Levels = Mapping[str, frozenset[str]]
"""Checks, and the levels at which they agree; an empty name for one without levels."""


class Judge:
    """Judges the figures of one piece."""

    def __init__(self, read: Read, judge: Callable[[Read], Judge]) -> None:
        self.read = read
        self._judge = judge
        self._stated = read.knowledge.stated
        self._linked: dict[tuple[int, int], Levels] = {}
        self._counted: dict[tuple[int, int], Counter[FigureKind]] = {}
        self._later: dict[tuple[int, int], bool] = {}

    def verdicts(self) -> Iterator[tuple[Reading, Verdict]]:
        """Yield each figure with what came of it."""
        for reading, verdict in self.limits:
            if not reading.word or self._alarms(reading):
                yield reading, verdict
        for reading in self.read.readings:
            if reading.kind is FigureKind.LEVEL:
                yield from self._level(reading)
            elif reading.kind is not FigureKind.LIMIT:
                yield reading, self._follow(reading)

    @cached_property
    def limits(self) -> list[tuple[Reading, Verdict]]:
        """The limits, which the other figures follow."""
        limits = [reading for reading in self.read.readings if reading.kind is FigureKind.LIMIT]
        return [(reading, self._bind(reading)) for reading in limits if not reading.word or self._alarms(reading)]

    def _alarms(self, reading: Reading) -> bool:
        """Return whether the text says what happens on the first occurrence, and names no other number for it."""
        said = self._said(self.span(Scope.PART, reading))
        return said[FigureKind.LIMIT] == 1 and not _URGENT.isdisjoint(said)

    def _said(self, span: tuple[int, int]) -> Counter[FigureKind]:
        """Return how many figures of each kind a stretch has."""
        if span not in self._counted:
            every = self.read.readings
            first = bisect_left(every, span[0], key=lambda reading: reading.start)
            last = bisect_left(every, span[1], key=lambda reading: reading.start)
            self._counted[span] = Counter(reading.kind for reading in every[first:last])
        return self._counted[span]

    def span(self, scope: Scope, reading: Reading) -> tuple[int, int]:
        """Return the stretch of text around a figure."""
        return self.read.piece.span(scope, reading.start, reading.end)

    def _nearby(self, reading: Reading) -> str:
        """Return the words around a figure, itself excluded."""
        text = self.read.piece.text
        first, last = self.span(Scope.PART, reading)
        first, last = max(first, reading.start - _NEAR), min(last, reading.end + _NEAR)
        return f"{text[first : reading.start]} {text[reading.end : last]}"

    def _level(self, reading: Reading) -> Iterator[tuple[Reading, Verdict]]:
        """Judge "warning" or "critical" by the one limit that it stands beside."""
        for scope in (Scope.FRAGMENT, Scope.PART):
            span = self.span(scope, reading)
            linked = self.linked(span) if self._said(span)[FigureKind.LIMIT] == 1 else {}
            levels = {level for each in linked.values() for level in each if level}
            if levels:
                every = self._of(linked)
                stated = tuple(each for each in every if each.kind is FigureKind.LEVEL and each.word in levels)
                agreeing = tuple(each for each in stated if each.word == reading.word)
                status = Status.AGREES if agreeing else Status.CONTRADICTS
                yield reading, Verdict(status, agreeing or stated)
                return
        if len(self._said(self.span(Scope.PART, reading))) > 1:
            yield reading, Verdict(Status.UNBOUND, reason="no limit is bound that it could be the level of")

    def _follow(self, reading: Reading) -> Verdict:
        """Judge a figure by the limits beside it, or else by what is named around it."""
        scopes = [Scope.FRAGMENT] if reading.near else [Scope.FRAGMENT, Scope.PART, Scope.SENTENCE]
        for scope in scopes:
            linked = self.linked(self.span(scope, reading))
            candidates = self._severities(reading, linked) if reading.kind is FigureKind.SEVERITY else linked
            verdict = against(reading, self._nearby(reading), self._of(candidates), sure=not reading.loose)
            if verdict is not None:
                return verdict
        return self._bind(reading)

    def _of(self, checks: Iterable[str] | Iterable[Stated]) -> list[Stated]:
        found: list[Stated] = []
        for check in checks:
            found.extend(self._stated[check] if isinstance(check, str) else [check])
        return found

    def _severities(self, reading: Reading, linked: Levels) -> list[Stated]:
        return [
            stated
            for check, levels in linked.items()
            for stated in self._urgencies(check, reading)
            if not stated.level or not any(levels) or stated.level in levels
        ]

    def _urgencies(self, check: str, reading: Reading) -> Iterator[Stated]:
        """Yield the severities of a check; those of an escalation only where the text speaks of later."""
        later = self._speaks_of_later(self.span(Scope.PART, reading))
        for stated in self._stated[check]:
            if stated.kind is FigureKind.SEVERITY and (later or not stated.later):
                yield stated

    def _speaks_of_later(self, part: tuple[int, int]) -> bool:
        if part not in self._later:
            lasts = not _LASTS.isdisjoint(self._said(part))
            self._later[part] = lasts or _LATER.search(self.read.piece.text, *part) is not None
        return self._later[part]

    def linked(self, span: tuple[int, int]) -> Levels:
        """Return the checks that the limits of a stretch agree with, or else those that they contradict."""
        if not self.limits:
            return {}
        if span not in self._linked:
            first = bisect_left(self.limits, span[0], key=lambda pair: pair[0].start)
            last = bisect_left(self.limits, span[1], key=lambda pair: pair[0].start)
            inside = [verdict for _, verdict in self.limits[first:last] if verdict.stated]
            agreeing = [verdict for verdict in inside if verdict.status is Status.AGREES]
            found: dict[str, set[str]] = {}
            for verdict in agreeing or inside:
                for stated in verdict.stated:
                    found.setdefault(stated.check, set()).add(stated.level)
            self._linked[span] = {check: frozenset(levels) for check, levels in found.items()}
        return self._linked[span]

    @cached_property
    def row(self) -> frozenset[str]:
        """The checks that the limits of the row agree with, or else contradict."""
        others = self.read.row.reads[:_MOST_CELLS]
        return frozenset(check for other in others for check in self._judge(other).linked((0, len(other.piece.text))))

    def _bind(self, reading: Reading) -> Verdict:
        """Judge a figure by what is named around it, nearest first."""
        doubt: Verdict | None = None
        reason = _NO_CHECK
        named_other = False
        for scope, named in self._around(reading):
            verdicts: list[tuple[Rank, Verdict]] = []
            for rank, checks in named:
                candidates = self._candidates(reading, rank, checks)
                sure = hard(reading, scope, self.read.piece.header)
                sure = sure and not (named_other and reading.kind is FigureKind.LIMIT)
                verdict = against(reading, self._nearby(reading), candidates, sure=sure, bound=rank is not Rank.NAME)
                if verdict is not None:
                    verdicts.append((rank, verdict))
                else:
                    reason = f"{', '.join(checks[:2])} states no {reading.kind} that this could be"
            agreeing = next((verdict for _, verdict in verdicts if verdict.status is Status.AGREES), None)
            if agreeing is not None:
                return agreeing
            for rank, verdict in verdicts:
                if doubt is None and (rank is not Rank.NAME or reading.kind is not FigureKind.LIMIT):
                    return verdict
                # Only a metric's name: words further off may say which of its checks is meant.
                doubt = doubt or verdict
            named_other |= not verdicts and not self._only_runs(reading, named)
        return doubt or Verdict(Status.UNBOUND, reason=reason)

    def _around(self, reading: Reading) -> Iterator[tuple[Scope, list[tuple[Rank, tuple[str, ...]]]]]:
        """Yield the checks that are named around a figure. The name of a check in the same row comes first."""
        row = self.read.checks(Scope.ROW, (0, 0))
        if Rank.CHECK in row:
            sentence = self.read.checks(Scope.SENTENCE, self.span(Scope.SENTENCE, reading))
            scope = Scope.SENTENCE if Rank.CHECK in sentence else Scope.ROW
            yield scope, [(Rank.CHECK, row[Rank.CHECK])]
        before = (-1, -1)
        for scope in self.read.scopes:
            span = self.span(scope, reading)
            if scope > Scope.PIECE or span != before:
                ranked = self.read.checks(scope, span)
                if ranked:
                    yield scope, sorted(ranked.items())
            before = span

    def _candidates(self, reading: Reading, rank: Rank, checks: tuple[str, ...]) -> list[Stated]:
        if reading.kind is FigureKind.SEVERITY:
            return [stated for check in checks for stated in self._urgencies(check, reading)]
        if rank is Rank.NAME and reading.kind is FigureKind.LIMIT and self.read.row.timed:
            # A number of some days is not about a check that judges a whole run.
            checks = tuple(check for check in checks if not self._of_a_run(check))
        if reading.kind is not FigureKind.LIMIT:
            checks = tuple(check for check in checks if check in self.row) or checks
        return self._of(checks)

    def _only_runs(self, reading: Reading, named: Sequence[tuple[Rank, tuple[str, ...]]]) -> bool:
        """Return whether all that is named was left out, since it judges a whole run."""
        return not any(self._candidates(reading, rank, checks) for rank, checks in named)

    def _of_a_run(self, check: str) -> bool:
        measure = self.read.knowledge.known.resolved[check].check.measure
        return measure is not None and measure.window == "run"
