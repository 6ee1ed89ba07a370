"""Whether one condition implies another, and what a change means. Decided exactly, never by sampling."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from itertools import product
from types import MappingProxyType

from cvnpolicy.core.condition.ast import Clause, Condition, Joiner, name_of
from cvnpolicy.core.condition.linear import Budget, TooLargeError, satisfiable
from cvnpolicy.core.condition.move import described, moved
from cvnpolicy.core.condition.truthset import Sign, choice, facts
from cvnpolicy.core.condition.units import fits
from cvnpolicy.core.unit import Unit

MAX_WORK = 30_000
"""Inequalities made for one question before it is given up; well under a second.

Without a limit the worst case is exponential: 12 clauses on 12 baselines against 12 others branch up to 4 ** 24 times,
and elimination squares the rows with each of up to 72 baseline variables. Conditions that people write need 10 to 200.
"""
NO_SIGNS: Mapping[str, Sign] = MappingProxyType({})


class Polarity(StrEnum):
    """What it means that a condition is true."""

    GOOD = "good"
    """``pass_if``."""
    BAD = "bad"
    """``warn_if`` and ``crit_if``."""


class Answer(StrEnum):
    """Whether one condition implies another; what is not ``YES`` must not be relied on."""

    YES = "it follows"
    NO = "it does not follow"
    UNITS = "no unit fits both conditions"
    TOO_LARGE = "too many cases to decide"


class Order(StrEnum):
    """What a change does to who gets through."""

    EQUAL = "equal"
    LOOSER = "looser"
    TIGHTER = "tighter"
    INCOMPARABLE = "incomparable"


@dataclass(frozen=True, slots=True)
class Change:
    """What a change from one condition to another means."""

    order: Order
    amount: str
    """For people: ``5% -> 10%, +5pp``."""
    delta: Fraction | None = None
    """The move of the end in the statistic's unit, where there is one end and it is constant before and after."""
    reason: str = ""
    """Why the two are incomparable; empty otherwise."""


def decide(a: Condition, b: Condition, signs: Mapping[str, Sign] = NO_SIGNS) -> Answer:
    """Say whether b holds wherever a holds, for all finite measurements and all baselines their signs allow.

    An unset condition never holds: it implies every condition, and only what can never hold implies it.

    Args:
        a: The condition that holds.
        b: The condition that should follow.
        signs: What is known of the baselines; those not named may have any sign.
    """
    return _decided(a, b, tuple(sorted(signs.items())))


@lru_cache(maxsize=4096)
def _decided(a: Condition, b: Condition, signs: tuple[tuple[str, Sign], ...]) -> Answer:
    """Answer once: a repository writes the same few limits over and over."""
    if a == b or a.is_unset:
        return Answer.YES
    unit = next((unit for unit in Unit if fits(a, unit) and fits(b, unit)), None)
    if unit is None:
        return Answer.UNITS
    try:
        return Answer.YES if _implied(a, b, dict(signs), unit) else Answer.NO
    except TooLargeError:
        return Answer.TOO_LARGE


def implies(a: Condition, b: Condition, signs: Mapping[str, Sign] = NO_SIGNS) -> bool:
    """Say whether b surely holds wherever a holds; :func:`decide` also says why not."""
    return decide(a, b, signs) is Answer.YES


def _implied(a: Condition, b: Condition, signs: Mapping[str, Sign], unit: Unit) -> bool:
    """Ask for each part of an "or" in a, and each part of an "and" in b, one by one; one budget for all."""
    budget = Budget(MAX_WORK)

    def follows(inside: Sequence[Clause], outside: Sequence[Clause]) -> bool:
        known = [fact for clause in (*inside, *outside) for fact in facts(clause, signs)]
        holds = [choice(clause, unit) for clause in inside]
        fails = [choice(clause, unit, negated=True) for clause in outside]
        return not satisfiable([[known], *holds, *fails], budget)

    def found(inside: Sequence[Clause], outside: Sequence[Clause]) -> bool:
        # Mostly one clause follows from one other about the same baseline; that is cheap, however long the rest.
        pairs = (pair for pair in product(inside, outside) if name_of(pair[0]) == name_of(pair[1]))
        return any(follows([one], [other]) for one, other in pairs) or follows(inside, outside)

    return all(found(*parts) for parts in product(_parts(a, Joiner.OR), _parts(b, Joiner.AND)))


def _parts(condition: Condition, joiner: Joiner) -> Iterable[tuple[Clause, ...]]:
    if condition.joiner is joiner and not condition.is_unset:
        return [(clause,) for clause in condition.clauses]
    return [condition.clauses]


def compare(
    old: Condition,
    new: Condition,
    polarity: Polarity,
    signs: Mapping[str, Sign] = NO_SIGNS,
    unit: Unit = Unit.NUMBER,
) -> Change:
    """Say whether a new condition is looser or tighter than the old one, and by how much.

    A good condition is looser when it holds in more places, a bad one when it holds in fewer. ``unset`` is equal to
    itself and incomparable with all else: it never passes, which is tight, and it never fires, which is loose.

    Args:
        old: The condition before.
        new: The condition after.
        polarity: Whether true is good.
        signs: What is known of the baselines.
        unit: What the statistic is measured in.
    """
    order, reason = _ordered(old, new, polarity, signs, unit)
    return Change(order, described(old, new), moved(old, new, unit), reason)


def _ordered(
    old: Condition, new: Condition, polarity: Polarity, signs: Mapping[str, Sign], unit: Unit
) -> tuple[Order, str]:
    if old == new:
        return Order.EQUAL, ""
    if old.is_unset or new.is_unset:
        return Order.INCOMPARABLE, "an unset condition decides nothing"
    if not (fits(old, unit) and fits(new, unit)):
        return Order.INCOMPARABLE, f"not both fit a statistic that is {unit.phrase}"
    smaller, larger = (old, new) if polarity is Polarity.GOOD else (new, old)
    answers = (decide(smaller, larger, signs), decide(larger, smaller, signs))
    if Answer.TOO_LARGE in answers:
        return Order.INCOMPARABLE, Answer.TOO_LARGE.value
    order = _ORDERS[answers]
    return order, "each holds somewhere the other does not" if order is Order.INCOMPARABLE else ""


_ORDERS = {
    (Answer.YES, Answer.YES): Order.EQUAL,
    (Answer.YES, Answer.NO): Order.LOOSER,
    (Answer.NO, Answer.YES): Order.TIGHTER,
    (Answer.NO, Answer.NO): Order.INCOMPARABLE,
}
"""Whether the truth set of a good condition grew, and whether it shrank."""
