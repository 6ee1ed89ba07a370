"""When a check is bad, as a part of a sentence: limits on a measure, or a tree of other answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from cvnpolicy.core.finding import Outcome
from cvnpolicy.core.resolve import Resolved
from cvnpolicy.core.tree import Tree
from cvnpolicy.readiness.render.inline import code, listed, plain
from cvnpolicy.readiness.render.words import conditions, extent, subject

_DEEPEST = 3
"""How far the checks that a tree names are followed."""

_BAD = frozenset({Outcome.WARN, Outcome.FAIL})

Checks = Mapping[str, Resolved]


def trigger(resolved: Resolved, checks: Checks, *, levels: bool = False, alone: bool = False, depth: int = 0) -> str:
    """Return when a check is bad; empty where no limit is written.

    Args:
        resolved: The check.
        checks: Every check by address: what a tree is about is said too.
        levels: Whether a lone limit also says its level.
        alone: Whether what is measured is said elsewhere.
        depth: How many trees this one is already in.
    """
    limits = list(conditions(resolved))
    if limits:
        lone = len(limits) == 1 and not levels
        said = ", ".join(limit if lone else f"{level} {limit}" for level, limit in limits)
        what = "" if alone else f"{subject(resolved)} "
        out = f"{what}{said}{extent(resolved)}"
    else:
        out = "; ".join(_trees(resolved, checks, levels=levels, depth=_DEEPEST if alone else depth))
    if not out:
        return ""
    check = resolved.check
    if check.only_if is not None:
        out += f", while {tree(check.only_if, resolved, checks, depth)}"
    return out if check.active_from is None else f"{out}, from {check.active_from} on"


def _trees(resolved: Resolved, checks: Checks, *, levels: bool, depth: int) -> Iterator[str]:
    for key, test in resolved.check.tests.items():
        if isinstance(test, Tree):
            level = "warn" if key == "warn_if" else "crit"
            joined = "unless" if key == "pass_if" else "when"
            yield f"{f'{level} ' if levels else ''}{joined} {tree(test, resolved, checks, depth)}"


def tree(node: Tree, inside: Resolved, checks: Checks, depth: int = 0) -> str:
    """Return a tree of answers as words."""
    branches = node.branches()
    if branches:
        said = [
            f"({words})" if branch.branches() else words for branch, words in _each(branches, inside, checks, depth)
        ]
        return f"not {said[0]}" if node.not_ is not None else f" {'and' if node.all is not None else 'or'} ".join(said)
    return _check(node, inside, checks, depth) if node.check is not None else _fact(node, inside)


def _each(branches: Sequence[Tree], inside: Resolved, checks: Checks, depth: int) -> Iterator[tuple[Tree, str]]:
    return ((branch, tree(branch, inside, checks, depth)) for branch in branches)


def _check(leaf: Tree, inside: Resolved, checks: Checks, depth: int) -> str:
    values = listed((plain(str(value)) for value in leaf.is_ or ()), "or")
    named = leaf.check or ""
    out = f"{code(named)} is {values}"
    if leaf.severity is not None:
        out += f" as {listed(map(str, leaf.severity), 'or')}"
    if leaf.groups is not None:
        out += f" in {plain(str(leaf.groups))} groups"
    if leaf.for_ is not None:
        out += f", sustained for {leaf.for_.words()}"
    other = named_check(leaf, inside, checks)
    if other is None or depth >= _DEEPEST or not leaf.outcomes <= _BAD:
        return out
    means = trigger(other, checks, depth=depth + 1)
    return f"{out} ({means})" if means else out


def named_check(leaf: Tree, inside: Resolved, checks: Checks) -> Resolved | None:
    """Return the one check that a leaf names, whose own document it may be in."""
    named = leaf.check or ""
    return checks.get(named if "/" in named else f"{inside.policy.name}/{named}")


def _fact(leaf: Tree, inside: Resolved) -> str:
    name = code(leaf.fact or "")
    fact = inside.policy.facts.get(leaf.fact or "")
    fresh = f", attested within {fact.fresh_for.words()}" if fact is not None and fact.fresh_for is not None else ""
    if leaf.count is not None:
        where = (
            listed(
                f"{code(key)} {listed((code(str(value)) for value in values), 'or')}"
                for key, values in leaf.where.items()
            )
            if leaf.where
            else ""
        )
        return f"the count of {name}{f' with {where}' if where else ''} {plain(str(leaf.count))}{fresh}"
    if leaf.age is not None:
        return f"the age of {name} {plain(str(leaf.age))}"
    return f"{name} is {listed((plain(str(value)) for value in leaf.is_ or ()), 'or')}{fresh}"
