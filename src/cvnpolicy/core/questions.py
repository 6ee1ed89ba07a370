"""The questions of a check: which rows each of its groups asks about at an instant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from cvnpolicy.core.check import Counterpart
from cvnpolicy.core.evidence import Direction, Liveness, Match, MeasureNeed, Selection
from cvnpolicy.core.finding import Pairs, Scalar
from cvnpolicy.core.policy import Baseline
from cvnpolicy.core.resolve import Filter, Question, Resolved, expand_members, replaced
from cvnpolicy.core.time import Window


class Questions:
    """What one check asks. Groups that differ in row members only share a question, which is made once."""

    def __init__(self, check: Resolved) -> None:
        """Ask for this check."""
        self._check = check
        self._made: dict[tuple[str | None, Scalar | None, datetime], MeasureNeed] = {}

    def need(self, group: Pairs, at: datetime, baseline: str | None = None) -> tuple[MeasureNeed, Pairs]:
        """Return the question that answers for a group at an instant, and the group's key in the answer.

        Args:
            group: One of the check's expected groups.
            at: The instant.
            baseline: Ask for this measured baseline of the document instead.
        """
        check = self._check
        column = dict(group).get(check.column_dimension) if check.column_dimension is not None else None
        key = (baseline, column, at)
        if key not in self._made:
            question = check.question
            if baseline is not None:
                question = replaced(question, check.policy.baselines[baseline], check.catalog)
            self._made[key] = self._need(question, None if column is None else str(column), at)
        need = self._made[key]
        return need, tuple((name, value) for name, value in group if name in need.by)

    def _need(self, question: Question, column: str | None, at: datetime) -> MeasureNeed:
        measure = self._check.check.measure
        if measure is None:
            raise AssertionError(f"{self._check.address} has no measure")
        # A dimension that the filter pins (a baseline's champion) is no longer a group of the rows.
        members = {name: values for name, values in self._check.row_members().items() if name not in question.rows}
        seen = selection_of(question, members, at)
        selection, whole = self._due(seen), self._rested_on(seen)
        columns = question.columns if column is None else (column,)
        return MeasureNeed(
            statistic=question.statistic.name,
            selection=selection,
            columns=columns,
            by=tuple(sorted(members)),
            over=measure.over or (),
            params=tuple(sorted({**measure.params, **self._declared(question, columns)}.items())),
            reference=self._reference(question, members, at),
            total=self._total(question, members, selection),
            match=self._match(whole),
            expect=self._expect(),
            alive=self._alive(question, members, whole),
        )

    def _declared(self, question: Question, columns: tuple[str, ...]) -> Mapping[str, str]:
        """Return the type of the field of which ``missing`` is asked: a log's own text cannot tell it."""
        if question.statistic.name != "missing" or question.event is None:
            return {}
        declared = self._check.catalog.events[question.event].fields.get(columns[0])
        return {} if declared is None else {"declared": declared}

    def _reference(self, question: Question, members: Filter, at: datetime) -> Selection | None:
        measure = self._check.check.measure
        if measure is None or measure.reference is None or not question.statistic.reference:
            return None
        baseline: Baseline = self._check.policy.baselines[measure.reference]
        return selection_of(replaced(self._check.question, baseline, self._check.catalog), members, at)

    def _total(self, question: Question, members: Filter, selection: Selection) -> Selection | None:
        total = self._check.check.measure.total if self._check.check.measure is not None else None
        if total is None or question.statistic.name != "ratio":
            return None
        dataset, event, where = question.dataset, question.event, {**question.own, **total.where}
        if total.dataset is not None or total.event is not None:
            where = dict(total.where)
        if total.dataset is not None:
            dataset, event = total.dataset, None
        if total.event is not None:
            dataset, event = self._check.catalog.events[total.event].dataset, total.event
        return Selection(dataset, event, tuple(sorted({**members, **where}.items())), selection.window)

    @property
    def _counterpart(self) -> Counterpart | None:
        return self._check.check.measure.match if self._check.check.measure is not None else None

    def _due(self, selection: Selection) -> Selection:
        """Return the events that are judged in the window: with ``after`` those whose time was up in it.

        Selected by when they began, an event late in one window would still be pending there and be gone in the next.
        What has to come ``before`` an event is there or not once it happens: that is judged where it happened.
        """
        other = self._counterpart
        if other is None or other.direction is Direction.BEFORE or selection.window is None:
            return selection
        earlier = Window(selection.window.start - other.within.delta, selection.window.end - other.within.delta)
        return replace(selection, window=earlier)

    def _rested_on(self, selection: Selection) -> Selection:
        """Return the whole stretch that an answer rests on.

        With a match it begins earlier: with the first event that was due, or with the first answer to one.
        """
        other = self._counterpart
        if other is None or selection.window is None:
            return selection
        return replace(selection, window=Window(selection.window.start - other.within.delta, selection.window.end))

    def _match(self, whole: Selection) -> Match | None:
        other = self._counterpart
        if other is None:
            return None
        dataset = self._check.catalog.events[other.event].dataset
        answers = Selection(dataset, other.event, (), whole.window)
        return Match(answers, other.within.microseconds, other.same, other.direction)

    def _expect(self) -> tuple[tuple[str, tuple[Scalar, ...]], ...]:
        grid = self._check.check.measure.expect if self._check.check.measure is not None else None
        pairs = ((name, expand_members(members, (), self._check.catalog)) for name, members in (grid or {}).items())
        return tuple(sorted(pairs))

    def _alive(self, question: Question, members: Filter, selection: Selection) -> Liveness | None:
        """The heartbeat that can vouch for a silence of each single group, if one is declared."""
        if question.event is None or not question.statistic.counts:
            return None
        beat = self._check.catalog.heartbeat(question.event)
        if beat is None or beat.heartbeat_us is None or not set(members) <= set(beat.fields):
            return None
        filters = tuple(sorted(members.items()))
        return Liveness(Selection(beat.dataset, beat.name, filters, selection.window), beat.heartbeat_us)


def selection_of(question: Question, members: Filter, at: datetime) -> Selection:
    """Return the rows a question asks for at an instant, restricted to the expected members of the groups."""
    allowed = {**members, **question.rows}
    return Selection(question.dataset, question.event, tuple(sorted(allowed.items())), question.window_at(at))
