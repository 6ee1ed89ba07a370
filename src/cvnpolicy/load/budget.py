"""How much the checks of a set look at, worked out before anything is asked: along every chain of leaves."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from cvnpolicy.core.duration import UNITS, Duration
from cvnpolicy.core.errors import Problem
from cvnpolicy.core.resolve import Resolved
from cvnpolicy.core.rules import DocumentRule
from cvnpolicy.load.looks import Look, Looks, components, units_of

MOST_ANSWERS = 200_000
"""The most answers that one check may have to give: its groups times the instants at which it is looked at."""

MOST_LOOKS = 500_000
"""The most answers of the past that the leaves of a whole set may look at, those they share counted each time."""

LONGEST_REACH = 36_500 * UNITS["d"]
"""How far back a set may look, in microseconds: along a chain, with the window at its end."""


@dataclass(slots=True)
class _Demand:
    """What is asked of a check, or of all that a wildcard finds."""

    looks: int = 0
    """Instants of leaves without ``for``."""
    stretch: int = 0
    """Microseconds of leaves with ``for``, added up."""
    graded: bool = False
    """Whether a leaf asks for severities, which have a history of their own."""
    reach: int = 0
    """Microseconds back from the instant of the run."""

    def add(self, other: _Demand) -> None:
        self.looks += other.looks
        self.stretch += other.stretch
        self.graded |= other.graded
        self.reach = max(self.reach, other.reach)


def budget_problems(looks: Looks) -> Iterator[Problem]:
    """Yield each check at which the set starts to look too far back, or at too much. There must be no circles."""
    demands = {node: _Demand() for node in looks.edges}
    total = 0
    for (node,) in reversed(components(looks.edges)):
        demand = demands[node]
        if node not in looks.checks:
            for target in looks.edges[node]:
                demands[target].add(demand)
            continue
        check = looks.checks[node]
        seen, instants = _instants(check, demand)
        total += max(0, seen - 1) * units_of(check)
        problem = _too_much(check, demand, instants, total)
        if problem is not None:
            yield problem
            return  # what it looks at is too much as well
        for look in looks.of[node]:
            for target in _targets(look, node, looks):
                demands[target].add(_of_leaf(look, instants, demand.reach + _history(check)))


def _too_much(check: Resolved, demand: _Demand, instants: int, total: int) -> Problem | None:
    measure = check.check.measure
    lengths = [_microseconds(check.check.for_), _history(check)]
    if measure is not None and isinstance(measure.window, Duration):
        lengths.append(measure.window.microseconds)
    back = demand.reach + sum(lengths)
    every = check.check.every
    own = _microseconds(check.check.for_) // every.microseconds if every is not None else 0
    groups = 1 if measure is None else math.prod(len(members) for members in check.members.values())
    if back > LONGEST_REACH:
        what = f"the checks that lead here and this one look back {back // UNITS['d']:,} d"
        right = f"look back at most {LONGEST_REACH // UNITS['d']:,} d"
    elif (answers := (instants + own) * groups) > MOST_ANSWERS:
        what = f"this check is looked at for {answers:,} answers"
        right = f"look at most at {MOST_ANSWERS:,}: write a longer every, or a shorter for or after"
    elif total > MOST_LOOKS:
        what = f"with this check the trees of the set look at {total:,} answers of the past"
        right = f"look at most at {MOST_LOOKS:,}: write a longer every, or a shorter for or after"
    else:
        return None
    return Problem(DocumentRule.BAD_CHECK, what, right, check.location)


def _instants(check: Resolved, demand: _Demand) -> tuple[int, int]:
    """Return how often a check is looked at, and at how many instants; its own run is one."""
    every = check.check.every
    if every is None:
        return demand.looks, 1 + demand.looks
    history = _history(check) // every.microseconds
    seen = (demand.looks + demand.stretch // every.microseconds) * (1 + history * demand.graded)
    # On its own cadence there are only so many instants as far back as anybody looks.
    return seen, 1 + min(seen, demand.reach // every.microseconds + 1) + history


def _of_leaf(look: Look, instants: int, reach: int) -> _Demand:
    length = _microseconds(look.leaf.for_)
    graded = look.leaf.severity is not None
    return _Demand(0 if length else instants, instants * length, graded, reach + length)


def _targets(look: Look, asking: str, looks: Looks) -> list[str]:
    if look.address in looks.edges:
        return [look.address]
    return [check.address for check in looks.addressed(look.address) if check.address != asking]


def _history(check: Resolved) -> int:
    """How far back the longest ``after`` goes."""
    return max((_microseconds(step.after) for step in check.check.escalate or ()), default=0)


def _microseconds(length: Duration | None) -> int:
    return 0 if length is None else length.microseconds
