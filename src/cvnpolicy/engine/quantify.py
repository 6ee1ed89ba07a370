"""Joining groups: any, all, or a count; nested dimensions; unknown members by Kleene's logic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cvnpolicy.core.condition import evaluate
from cvnpolicy.core.fields import ALL, ANY, Quantifier
from cvnpolicy.core.finding import Pairs
from cvnpolicy.core.logic import Truth, conjunction, disjunction
from cvnpolicy.core.unit import Unit


def count_between(quantifier: Quantifier, least: int, most: int) -> Truth:
    """Return the truth of a count condition when the count is known to lie in [least, most].

    True (false) only when the condition is true (false) for every whole number of the range.
    """
    if quantifier.count is None:
        raise AssertionError(f"'{quantifier}' does not count")
    seen = {evaluate(quantifier.count, count, {}, Unit.COUNT) for count in range(least, most + 1)}
    return seen.pop() if len(seen) == 1 else Truth.UNKNOWN


def joined(quantifier: Quantifier, truths: Sequence[Truth]) -> Truth:
    """Return the truth of "so many of these are true". An empty list is not known."""
    if not truths:
        return Truth.UNKNOWN
    if quantifier == ANY:
        return disjunction(truths)
    if quantifier == ALL:
        return conjunction(truths)
    true = sum(truth is Truth.TRUE for truth in truths)
    return count_between(quantifier, true, true + sum(truth is Truth.UNKNOWN for truth in truths))


def nested(quantifiers: Sequence[tuple[str, Quantifier]], truths: Mapping[Pairs, Truth]) -> Truth:
    """Return the truth of nested quantifiers, outermost dimension first; ``""`` stands for all groups at once."""
    if not quantifiers:
        return next(iter(truths.values()))
    (dimension, quantifier), *inner = quantifiers
    if not dimension:
        return joined(quantifier, list(truths.values()))
    parts: dict[object, dict[Pairs, Truth]] = {}
    for group, truth in truths.items():
        parts.setdefault(dict(group)[dimension], {})[group] = truth
    return joined(quantifier, [nested(inner, part) for part in parts.values()])
