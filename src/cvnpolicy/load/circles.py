"""Checks that look at one another: never in a circle, and never in a very long chain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cvnpolicy.core.errors import Problem
from cvnpolicy.core.rules import DocumentRule
from cvnpolicy.load.looks import Looks, components

DEEPEST = 32
"""The longest chain of checks that look at one another."""

NAMED = 10
"""The most checks of a circle that are named at each of its ends."""


def circle_problems(looks: Looks) -> Iterator[Problem]:
    """Yield one circle of each knot of checks, and each chain that is longer than :data:`DEEPEST`."""
    place = {address: index for index, address in enumerate(looks.checks)}
    depth: dict[str, int] = {}
    for members in components(looks.edges):
        checks = sorted((node for node in members if node in place), key=place.__getitem__)
        below = {target for node in members for target in looks.edges[node]}
        deepest = max((depth[target] for target in below if target in depth), default=0) + bool(checks)
        depth.update(dict.fromkeys(members, deepest))
        if checks and not below.isdisjoint(members):
            circle = _circle(checks[0], frozenset(members), looks)
            what = f"checks look at one another in a circle: {' → '.join(_shortened(circle))}"
            if len(checks) > len(set(circle)):
                what += f" (and others: {len(checks):,} checks in all)"
            yield Problem(DocumentRule.BAD_CHECK, what, "break it", looks.checks[checks[0]].location)
        elif checks and deepest == DEEPEST + 1:
            what = f"a chain of more than {DEEPEST} checks that look at one another ends here"
            yield Problem(DocumentRule.BAD_CHECK, what, "shorten it", looks.checks[checks[0]].location)


def _shortened(circle: Sequence[str]) -> Sequence[str]:
    """Return the names with those in the middle of a long way left out."""
    left_out = len(circle) - 2 * NAMED
    return circle if left_out <= 1 else [*circle[:NAMED], f"({left_out:,} more)", *circle[-NAMED:]]


def _circle(first: str, members: frozenset[str], looks: Looks) -> Sequence[str]:
    """Return a shortest way from a check back to itself, without the wildcards on it."""
    came_from = {target: first for target in reversed(looks.edges[first]) if target in members}
    waiting = list(came_from)
    for node in waiting:
        if first in came_from:
            break
        for target in looks.edges[node]:
            if target in members and target not in came_from:
                came_from[target] = node
                waiting.append(target)
    way = [first]
    while len(way) == 1 or way[-1] != first:
        way.append(came_from[way[-1]])
    named = [node for node in reversed(way) if node in looks.checks]
    if len(way) == 3 and len(named) == 2:  # through a wildcard to itself, which it does not do: another user does
        other = next(user for user in looks.users[way[1]] if user != first)
        return [first, other, first]
    return named
