"""Checks that look at one another: never in a circle, and never in a very long chain."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from cvnpolicy.core.addresses import addressed
from cvnpolicy.core.errors import Problem
from cvnpolicy.core.resolve import Resolved
from cvnpolicy.core.rules import DocumentRule
from cvnpolicy.core.tree import Tree

DEEPEST = 32
"""The longest chain of checks that look at one another."""


def circle_problems(checks: Mapping[str, Resolved]) -> Iterator[Problem]:
    """Yield each circle, and each chain that is longer than :data:`DEEPEST`."""
    looks_at = {address: _looked_at(check, checks) for address, check in checks.items()}
    while True:
        try:
            order = list(TopologicalSorter(looks_at).static_order())
            break
        except CycleError as error:
            circle: list[str] = error.args[1]
            what = f"checks look at one another in a circle: {' → '.join(reversed(circle))}"
            yield Problem(DocumentRule.BAD_CHECK, what, "break it", checks[circle[0]].location)
            looks_at[circle[0]] = ()  # broken here, so that another circle can be seen
    depth: dict[str, int] = {}
    for address in order:
        depth[address] = 1 + max((depth[name] for name in looks_at[address]), default=0)
        if depth[address] == DEEPEST + 1:
            what = f"a chain of more than {DEEPEST} checks that look at one another ends here"
            yield Problem(DocumentRule.BAD_CHECK, what, "shorten it", checks[address].location)


def _looked_at(check: Resolved, checks: Mapping[str, Resolved]) -> tuple[str, ...]:
    trees = [tree for tree in (check.check.only_if, *check.check.tests.values()) if isinstance(tree, Tree)]
    found = [
        other.address
        for tree in trees
        for leaf in tree.leaves()
        if leaf.check is not None
        for other in addressed(leaf.check, check.policy.name, checks)
        if other.address != check.address or leaf.check not in ("*", f"{check.policy.name}/*")
    ]
    return tuple(dict.fromkeys(found))
