"""What is wrong with a document that a model refuses. Imported when the first one is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from cvnpolicy.core.errors import Problem
from cvnpolicy.core.rules import DocumentRule
from cvnpolicy.load import annotations as a
from cvnpolicy.load.faults import CHOICES, is_mismatch, not_a_choice, problem_of
from cvnpolicy.load.mismatch import mismatch
from cvnpolicy.load.nearest import nearest
from cvnpolicy.load.nodes import Node, ScalarNode
from cvnpolicy.load.places import Fork, Place, trace
from cvnpolicy.load.words import printable

MOST_PROBLEMS = 100
"""The most problems that are reported for one document."""


@dataclass(frozen=True, slots=True)
class _Trouble:
    """A pydantic error with its place."""

    kind: str
    message: str
    context: Mapping[str, Any]
    place: Place


def problems_of(model: type[BaseModel], node: Node, error: ValidationError) -> tuple[Problem, ...]:
    """Return the problems of a document that is not valid, sorted by place."""
    count = error.error_count()
    found = [
        _Trouble(item["type"], item["msg"], item.get("ctx", {}), _place(model, node, item["type"], item["loc"]))
        for item in error.errors(include_url=False, include_input=False)[: 2 * MOST_PROBLEMS]
    ]
    ordered = sorted(set(_settle(_without_misspelt(found), 0)), key=lambda problem: problem.order)
    if len(ordered) <= MOST_PROBLEMS and count <= 2 * MOST_PROBLEMS:
        return tuple(ordered)
    last = ordered[:MOST_PROBLEMS][-1]
    more = "more problems in this document than are shown"
    note = Problem(DocumentRule.BAD_VALUE, more, "mend these first", last.location)
    return (*ordered[:MOST_PROBLEMS], note)


def _place(model: type[BaseModel], node: Node, kind: str, loc: tuple[str | int, ...]) -> Place:
    return trace(model, node, loc, ends_in_key=kind in {"extra_forbidden", "missing"})


def _without_misspelt(troubles: Sequence[_Trouble]) -> list[_Trouble]:
    """Leave out that a key is missing where an unknown key beside it is most likely that key, misspelt."""
    meant = {
        (*trouble.place.path[:-1], nearest(str(trouble.place.path[-1]), a.field_names(trouble.place.above)))
        for trouble in troubles
        if trouble.kind == "extra_forbidden"
    }
    return [trouble for trouble in troubles if trouble.kind != "missing" or trouble.place.path not in meant]


def _settle(troubles: Sequence[_Trouble], level: int) -> list[Problem]:
    """Report the errors of the union member that was meant, not those of every member that was tried."""
    problems: list[Problem] = []
    forked: dict[tuple[str | int, ...], dict[str, list[_Trouble]]] = {}
    for trouble in troubles:
        if len(trouble.place.forks) > level:
            fork = trouble.place.forks[level]
            forked.setdefault(fork.path, {}).setdefault(fork.label, []).append(trouble)
            continue
        problem = problem_of(trouble.kind, trouble.message, trouble.context, trouble.place)
        if problem is not None:
            problems.append(problem)
    for path, members in forked.items():
        meant = [tried for tried in members.values() if not all(_elsewhere(trouble, path) for trouble in tried)]
        if meant:
            problems += _settle(min(meant, key=len), level + 1)
        else:
            first = next(iter(members.values()))[0]
            problems += _no_member(first, first.place.forks[level], [t for tried in members.values() for t in tried])
    return problems


def _elsewhere(trouble: _Trouble, path: tuple[str | int, ...]) -> bool:
    """Whether the error says only that the value is not of the member's kind."""
    return trouble.place.path == path and is_mismatch(trouble.kind)


def _no_member(first: _Trouble, fork: Fork, troubles: Sequence[_Trouble]) -> list[Problem]:
    """One problem for a value that is of no member's kind."""
    place = Place(first.place.root, fork.path, fork.allowed, ())
    if place.refused:
        return []
    node = place.node
    if isinstance(node, ScalarNode) and all(trouble.kind in CHOICES for trouble in troubles):
        what, right = not_a_choice(place, fork.allowed, first.message)
    else:
        what, right = mismatch(node, a.describe(fork.allowed), place.name)
    return [Problem(DocumentRule.BAD_VALUE, printable(what), printable(right), place.location())]
