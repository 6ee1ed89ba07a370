from __future__ import annotations

import time
from fractions import Fraction

import pytest

from cvnpolicy.core.condition import Answer, Condition, Order, Polarity, Sign, compare, decide, implies, order, parse
from cvnpolicy.core.unit import Unit

GOOD, BAD = Polarity.GOOD, Polarity.BAD
UP, DOWN = {"x": Sign.POSITIVE}, {"x": Sign.NEGATIVE}
ANY: dict[str, Sign] = {}


@pytest.mark.parametrize(
    ("a", "b", "signs", "follows"),
    [
        ("> 5", ">= 5", ANY, True),
        (">= 5", "> 5", ANY, False),
        ("> 5%", "> 0.05", ANY, True),
        ("> 0.05", "> 5pp", ANY, True),
        ("> 1min", ">= 60s", ANY, True),
        (">= 60s", "> 1min", ANY, False),
        ("> 1d", "> 86399999ms", ANY, True),
        ("== 5", ">= 5 and <= 5", ANY, True),
        (">= 5 and <= 5", "== 5", ANY, True),
        ("!= 5", "< 5 or > 5", ANY, True),
        ("< 5 or > 5", "!= 5", ANY, True),
        ("> 1 and < 2", "> 0", ANY, True),
        ("> 1", "> 1 and < 2", ANY, False),
        ("> 1", "> 0 or < -5", ANY, True),
        ("> 1 or < -9", "> 0 or < -5", ANY, True),
        ("> 1 or < -4", "> 0 or < -5", ANY, False),
        ("> 5 and < 3", "== 99", ANY, True),
        ("== 99", "> 0 or <= 0", ANY, True),
        ("> 1 and < 4", "< 3 or > 2", ANY, True),
        ("> 1 and < 4", "< 2 or > 2", ANY, False),
        # Absolute values.
        ("> 3", "abs > 3", ANY, True),
        ("abs > 3", "> 3", ANY, False),
        ("abs > 3", "> 3 or < -3", ANY, True),
        ("> 3 or < -3", "abs > 3", ANY, True),
        ("abs < 3", "> -3 and < 3", ANY, True),
        ("abs == 3", "== 3 or == -3", ANY, True),
        ("== 3 or == -3", "abs == 3", ANY, True),
        ("abs == -3", "unset", ANY, True),
        ("abs != 3", "!= 3 and != -3", ANY, True),
        ("!= 3 and != -3", "abs != 3", ANY, True),
        ("abs >= 0", "> 7", ANY, False),
        # Baselines, and what their sign decides.
        ("> 2 * x", "> 1.5 * x", ANY, False),
        ("> 2 * x", "> 1.5 * x", UP, True),
        ("> 2 * x", "> 1.5 * x", DOWN, False),
        ("> 1.5 * x", "> 2 * x", DOWN, True),
        ("> 2 * x", "> 1.5 * x", {"y": Sign.POSITIVE}, False),
        ("> x", "> 0", UP, True),
        ("> x", "> 0", ANY, False),
        ("== x", "!= 0", UP, True),
        ("== x", "!= 0", DOWN, True),
        ("== x", "!= 0", {"x": Sign.ANY}, False),
        (">= x - 1pp", ">= x - 2pp", ANY, True),
        (">= x - 2pp", ">= x - 1pp", ANY, False),
        ("> x", "> y", ANY, False),
        ("> x and <= y", "> x", ANY, True),
        ("> x", "> x - 1 or < y", ANY, True),
        ("abs > x", "!= 0", UP, True),
        ("abs > x", "!= 0", ANY, False),
        ("abs < x", "unset", DOWN, True),
        # Within.
        ("within 1% of x", "within 2% of x", ANY, True),
        ("within 2% of x", "within 1% of x", ANY, False),
        ("not within 2% of x", "not within 1% of x", ANY, True),
        ("within 1% of x", ">= 0.99 * x and <= 1.01 * x", UP, True),
        ("within 1% of x", ">= 0.99 * x and <= 1.01 * x", ANY, False),
        ("within 1% of x", "<= 0.99 * x and >= 1.01 * x", DOWN, True),
        (">= 0.99 * x and <= 1.01 * x", "within 1% of x", ANY, True),
        ("within 1% of x", "> 0", UP, True),
        ("within 1% of x", ">= 0 or < 0", ANY, True),
        ("within 150% of x", "> 0", UP, False),
        ("within 1pp of x", ">= x - 1pp and <= x + 1pp", ANY, True),
        (">= x - 1pp and <= x + 1pp", "within 1pp of x", ANY, True),
        ("within 0% of x", "== x", ANY, True),
        ("== x", "within ci95 of x", ANY, True),
        ("within ci95 of x", "== x", ANY, False),
        ("within ci95 of x", "within ci95 of y", ANY, False),
        ("not within ci95 of x", "!= x", ANY, True),
        (">= x", ">= x or within ci95 of x", ANY, True),
        ("> x and not within ci95 of x", "> x", ANY, True),
        # Unset never holds.
        ("unset", "> 5", ANY, True),
        ("unset", "unset", ANY, True),
        ("> 5", "unset", ANY, False),
        ("> 5 and < 3", "unset", ANY, True),
    ],
)
def test_implies(a: str, b: str, signs: dict[str, Sign], follows: bool) -> None:
    assert implies(parse(a), parse(b), signs) is follows
    assert decide(parse(a), parse(b), signs) is (Answer.YES if follows else Answer.NO)


def test_conditions_in_different_units_are_not_ordered() -> None:
    assert decide(parse("> 5s"), parse("> 3")) is Answer.UNITS
    assert not implies(parse("> 5s"), parse("> 3"))
    mixed = parse("> 5s and < 3")
    assert implies(mixed, mixed), "a condition follows from itself, even one that fits no statistic"


@pytest.mark.parametrize(
    ("old", "new", "polarity", "signs", "order"),
    [
        ("> 5", "> 10", BAD, ANY, Order.LOOSER),
        ("> 5", "> 10", GOOD, ANY, Order.TIGHTER),
        ("> 10", "> 5", BAD, ANY, Order.TIGHTER),
        ("> 10", "> 5", GOOD, ANY, Order.LOOSER),
        (">= 0.40", ">= 0.4", GOOD, ANY, Order.EQUAL),
        ("> 5%", "> 0.05", BAD, ANY, Order.EQUAL),
        ("> 5", ">= 5", BAD, ANY, Order.TIGHTER),
        ("> 5", "< 5", BAD, ANY, Order.INCOMPARABLE),
        ("> 1.5 * x", "> 2 * x", BAD, ANY, Order.INCOMPARABLE),
        ("> 1.5 * x", "> 2 * x", BAD, UP, Order.LOOSER),
        ("> 1.5 * x", "> 2 * x", BAD, DOWN, Order.TIGHTER),
        ("within 1% of x", "within 2% of x", GOOD, ANY, Order.LOOSER),
        (">= x", ">= x or within ci95 of x", GOOD, ANY, Order.LOOSER),
        ("unset", "unset", GOOD, ANY, Order.EQUAL),
    ],
)
def test_compare(old: str, new: str, polarity: Polarity, signs: dict[str, Sign], order: Order) -> None:
    change = compare(parse(old), parse(new), polarity, signs)
    assert change.order is order
    mirror = {Order.LOOSER: Order.TIGHTER, Order.TIGHTER: Order.LOOSER}
    assert compare(parse(new), parse(old), polarity, signs).order is mirror.get(order, order)
    assert bool(change.reason) is (order is Order.INCOMPARABLE)


@pytest.mark.parametrize("polarity", list(Polarity))
@pytest.mark.parametrize(("old", "new"), [("unset", "> 5"), ("> 5", "unset"), ("> 5 and < 3", "unset")])
def test_unset_is_comparable_with_nothing_else(old: str, new: str, polarity: Polarity) -> None:
    change = compare(parse(old), parse(new), polarity)
    assert change.order is Order.INCOMPARABLE
    assert change.reason == "an unset condition decides nothing"
    assert change.amount == f"{old} -> {new}"
    assert change.delta is None


@pytest.mark.parametrize(
    ("old", "new", "unit", "amount", "delta"),
    [
        ("> 5%", "> 10%", Unit.NUMBER, "5% -> 10%, +5pp", Fraction(1, 20)),
        ("> 5%", "> 10%", Unit.PERCENT, "5% -> 10%, +5pp", Fraction(5)),
        ("> 5pp", "> 4.5pp", Unit.NUMBER, "5pp -> 4.5pp, -0.5pp", Fraction(-1, 200)),
        ("> 5pp", "> 6%", Unit.NUMBER, "5pp -> 6%, +1pp", Fraction(1, 100)),
        ("< 0.05", "< 10%", Unit.NUMBER, "0.05 -> 10%, +5pp", Fraction(1, 20)),
        ("< 0.05", "< 0.1", Unit.NUMBER, "0.05 -> 0.1, +0.05", Fraction(1, 20)),
        (">= 50", ">= 40", Unit.COUNT, "50 -> 40, -10", Fraction(-10)),
        ("abs > 3 sigma", "abs > 4 sigma", Unit.SIGMA, "3 sigma -> 4 sigma, +1 sigma", Fraction(1)),
        ("> 1s", "> 1500ms", Unit.MS, "1s -> 1500ms, +500ms", Fraction(500)),
        ("> 1500ms", "> 2s", Unit.MIN, "1500ms -> 2s, +500ms", Fraction(1, 120)),
        ("> 1min", "> 2min", Unit.S, "1min -> 2min, +1min", Fraction(60)),
        ("> 1s", "> 1000ms", Unit.S, "1s -> 1000ms", Fraction(0)),
        ("> 5", ">= 6", Unit.NUMBER, "> 5 -> >= 6, +1", Fraction(1)),
        ("> 5", ">= 5", Unit.NUMBER, "> 5 -> >= 5", Fraction(0)),
        ("== 5", "== 6", Unit.NUMBER, "5 -> 6, +1", Fraction(1)),
        ("== 5", "!= 6", Unit.NUMBER, "== 5 -> != 6", None),
        ("> 5", "< 6", Unit.NUMBER, "> 5 -> < 6", None),
        ("> 5", "abs > 6", Unit.NUMBER, "> 5 -> abs > 6", None),
        ("> 1.5 * x", "> 2 * x", Unit.NUMBER, "1.5 * x -> 2 * x", None),
        ("> 5", "> x", Unit.NUMBER, "5 -> x", None),
        ("> x", "> 5", Unit.NUMBER, "x -> 5", None),
        ("> 5", "> 5 and < 9", Unit.NUMBER, "> 5 -> > 5 and < 9", None),
        ("within 1% of x", "within 2% of x", Unit.NUMBER, "within 1% of x -> within 2% of x", None),
        ("> 5", "> 5", Unit.NUMBER, "unchanged", Fraction(0)),
        ("> x", "> x", Unit.NUMBER, "unchanged", None),
        (
            "> 0.00000000000000012",
            "> 123456789012345",
            Unit.NUMBER,
            "0.00000000000000012 -> 123456789012345, +123456789012344.99999999999999988",
            Fraction(123456789012345) - Fraction(12, 10**17),
        ),
    ],
)
def test_amount(old: str, new: str, unit: Unit, amount: str, delta: Fraction | None) -> None:
    change = compare(parse(old), parse(new), BAD, unit=unit)
    assert change.amount == amount
    assert change.delta == delta


@pytest.mark.parametrize(("old", "new"), [("> 5", "> 5s"), ("> 5s", "> 5"), ("> 5 sigma", "> 5%")])
def test_a_change_of_unit_is_incomparable(old: str, new: str) -> None:
    change = compare(parse(old), parse(new), BAD, unit=Unit.S)
    assert (change.order, change.delta) == (Order.INCOMPARABLE, None)
    assert change.reason == "not both fit a statistic that is in s"
    assert change.amount == f"{old[2:]} -> {new[2:]}"


def hostile() -> tuple[Condition, Condition]:
    """Two conditions about 12 baselines that branch and square as much as they can."""
    inside = " and ".join(f"abs > {(i * 7) % 11 - 5} * b{i} + 1" for i in range(10))
    outside = " or ".join(f"within {(i * 5) % 9}% of b{(i * 5 + 3) % 12}" for i in range(12))
    return parse(inside), parse(outside)


def test_hostile_conditions_end_soon_and_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    a, b = hostile()
    start = time.process_time()
    decide(a, b)
    assert time.process_time() - start < 5, "seconds; usually a tenth"
    monkeypatch.setattr(order, "MAX_WORK", 10)
    order._decided.cache_clear()
    assert decide(a, b) is Answer.TOO_LARGE
    assert not implies(a, b)
    change = compare(a, b, GOOD)
    assert (change.order, change.reason) == (Order.INCOMPARABLE, "too many cases to decide")


def test_a_long_condition_with_one_plain_reason_is_decided() -> None:
    inside = " and ".join(f"within 90% of b{i}" for i in range(12))
    outside = " or ".join(f"within 95% of b{i}" for i in range(12))
    assert decide(parse(inside), parse(outside)) is Answer.YES
