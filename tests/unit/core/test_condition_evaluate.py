from __future__ import annotations

import math
from fractions import Fraction

import pytest

from cvnpolicy.core.condition import BaselineValue, ConditionError, Number, evaluate, parse
from cvnpolicy.core.logic import Truth
from cvnpolicy.core.unit import Unit

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN
NONE: dict[str, BaselineValue] = {}


def ask(text: str, value: Number, unit: Unit = Unit.NUMBER, *, at_least: bool = False, **baselines: Number) -> Truth:
    values = {name: BaselineValue(number) for name, number in baselines.items()}
    return evaluate(parse(text), value, values, unit, at_least=at_least)


@pytest.mark.parametrize(
    ("op", "below", "equal", "above"),
    [("<", T, F, F), ("<=", T, T, F), (">", F, F, T), (">=", F, T, T), ("==", F, T, F), ("!=", T, F, T)],
)
def test_each_operator_below_at_and_above_its_limit(op: str, below: Truth, equal: Truth, above: Truth) -> None:
    limit = 0.4
    values = [math.nextafter(limit, 0), limit, math.nextafter(limit, 1)]
    assert [ask(f"{op} 0.40", value) for value in values] == [below, equal, above]


@pytest.mark.parametrize(
    ("text", "value", "unit", "truth"),
    [
        ("== 0.1", 0.1, Unit.NUMBER, T),
        ("== 5%", 5 / 100, Unit.NUMBER, T),
        ("== 5pp", 0.05, Unit.NUMBER, T),
        ("== 94.3%", 94.3, Unit.PERCENT, T),
        ("== 100%", 1.0, Unit.NUMBER, T),
        ("== 100%", 100, Unit.PERCENT, T),
        ("> 5min", 300.0, Unit.S, F),
        (">= 5min", 300, Unit.S, T),
        ("== 100ms", 0.1, Unit.S, T),
        ("== 90s", 1.5, Unit.MIN, T),
        ("== 1d", 24, Unit.H, T),
        ("abs > 3 sigma", -3.5, Unit.SIGMA, T),
        ("abs > 3 sigma", -3.0, Unit.SIGMA, F),
        ("abs == 3 sigma", -3.0, Unit.SIGMA, T),
        ("abs < -1 sigma", 0.0, Unit.SIGMA, F),
        ("abs >= -1 sigma", 0.0, Unit.SIGMA, T),
        ("== 0", -0.0, Unit.NUMBER, T),
        ("> 1 and < 2", 1.5, Unit.NUMBER, T),
        ("> 1 and < 2", 2.0, Unit.NUMBER, F),
        ("< 1 or > 2", 1.5, Unit.NUMBER, F),
        ("< 1 or > 2", 2.5, Unit.NUMBER, T),
    ],
)
def test_constants(text: str, value: Number, unit: Unit, truth: Truth) -> None:
    assert ask(text, value, unit) is truth


@pytest.mark.parametrize(
    ("text", "value", "b", "unit", "truth"),
    [
        ("> 2 * b", 0.2, 0.1, Unit.NUMBER, F),
        (">= 2 * b", 0.2, 0.1, Unit.NUMBER, T),
        (">= b - 1pp", 0.41, 0.42, Unit.NUMBER, T),
        (">= b - 1pp", 0.4099, 0.42, Unit.NUMBER, F),
        (">= b - 1pp", 41.0, 42.0, Unit.PERCENT, T),
        ("<= b + 5", 15, 10, Unit.COUNT, T),
        ("> b + 90s", 3, 1.5, Unit.MIN, F),
        ("within 1% of b", 101, 100, Unit.COUNT, T),
        ("within 1% of b", -101, -100, Unit.COUNT, T),
        ("within 1% of b", -99, -100, Unit.COUNT, T),
        ("within 1% of b", 101.1, 100, Unit.NUMBER, F),
        ("within 10% of b", 94.0, 100.0, Unit.PERCENT, T),
        ("within 1% of b", 0, 0, Unit.COUNT, T),
        ("within 1pp of b", 0.41, 0.4, Unit.NUMBER, T),
        ("within 1pp of b", 0.42, 0.4, Unit.NUMBER, F),
        ("within 5min of b", 0.0, 300.0, Unit.S, T),
        ("not within 5min of b", 0.0, 300.0, Unit.S, F),
        ("not within 5min of b", -0.1, 300.0, Unit.S, T),
        ("within 0% of b", 0.3, 0.3, Unit.NUMBER, T),
    ],
)
def test_baselines(text: str, value: Number, b: Number, unit: Unit, truth: Truth) -> None:
    assert ask(text, value, unit, b=b) is truth


@pytest.mark.parametrize(
    ("value", "inside"), [(0.35, T), (0.45, T), (math.nextafter(0.35, 0), F), (math.nextafter(0.45, 1), F)]
)
def test_the_interval_includes_its_ends(value: float, inside: Truth) -> None:
    baselines = {"b": BaselineValue(0.4, (0.35, 0.45))}
    assert evaluate(parse("within ci95 of b"), value, baselines) is inside
    assert evaluate(parse("not within ci95 of b"), value, baselines) is ~inside


@pytest.mark.parametrize(
    "baseline",
    [
        BaselineValue(0.4),
        BaselineValue(None, (0.3, 0.5)),
        BaselineValue(math.nan, (0.3, 0.5)),
        BaselineValue(0.4, (math.nan, 0.5)),
        BaselineValue(0.4, (-math.inf, 0.5)),
        BaselineValue(0.4, (0.3, math.inf)),
        BaselineValue(0.4, (0.5, 0.3)),
        BaselineValue(0.6, (0.3, 0.5)),
    ],
)
def test_an_interval_that_cannot_be_used_is_unknown(baseline: BaselineValue) -> None:
    assert evaluate(parse("within ci95 of b"), 0.4, {"b": baseline}) is U
    assert evaluate(parse("not within ci95 of b"), 0.4, {"b": baseline}) is U


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("text", ["> 5", "<= 5", "!= 5", "> 5 or <= 5", "not within 1% of b", "unset"])
@pytest.mark.parametrize("at_least", [False, True])
def test_what_is_not_finite_is_unknown(text: str, value: float, at_least: bool) -> None:
    assert ask(text, value, at_least=at_least, b=1.0) is U


@pytest.mark.parametrize("text", ["> b", "!= 2 * b", "within 1% of b", "not within 1pp of b", "within ci95 of b"])
@pytest.mark.parametrize("baseline", [None, math.nan, math.inf, -math.inf])
def test_a_baseline_that_is_not_finite_is_unknown(text: str, baseline: float | None) -> None:
    assert evaluate(parse(text), 9.0, {"b": BaselineValue(baseline)}) is U
    assert evaluate(parse(text), 9.0, NONE) is U


def test_clauses_combine_by_kleene() -> None:
    assert ask("> 5 or > missing", 9.0) is T
    assert ask("> 5 or > missing", 3.0) is U
    assert ask("> 5 and > missing", 3.0) is F
    assert ask("> 5 and > missing", 9.0) is U
    assert ask("> 5 or > b", 9.0, b=math.nan) is T


def test_baselines_that_are_not_used_do_not_count() -> None:
    assert ask("> 5", 9.0, other=math.nan) is T


@pytest.mark.parametrize("value", [0.0, 5, Fraction(1, 3)])
@pytest.mark.parametrize("at_least", [False, True])
def test_unset_is_unknown(value: Number, at_least: bool) -> None:
    assert ask("unset", value, at_least=at_least) is U


@pytest.mark.parametrize("value", [True, False, "5", None, 5j])
def test_what_is_no_number_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="an int, float or Fraction is needed"):
        evaluate(parse("> 5"), value, NONE)  # type: ignore[arg-type]
    if value is not None:
        with pytest.raises(TypeError, match="needed"):
            BaselineValue(value)  # type: ignore[arg-type]
        with pytest.raises(TypeError, match="needed"):
            BaselineValue(1, (0, value))  # type: ignore[arg-type]


def test_a_condition_in_another_unit_is_refused() -> None:
    with pytest.raises(ConditionError, match="has no unit") as caught:
        ask("> 50", 60.0, Unit.PERCENT)
    assert caught.value.offset == 2


def test_doubles_are_compared_with_the_rounded_end_and_fractions_with_the_exact_one() -> None:
    assert ask("== 0.1", 0.1) is T
    assert ask("== 0.1", Fraction(0.1)) is F
    assert ask("== 0.1", Fraction(1, 10)) is T
    assert ask("== 10 * b", 1, b=0.1) is T
    assert ask("== 10 * b", Fraction(1), b=0.1) is F
    assert ask("== 3 * b", Fraction(1), b=Fraction(1, 3)) is T


def test_large_counts_are_compared_exactly() -> None:
    large = 2**60 + 1
    assert ask("> b", large, Unit.COUNT, b=large) is F
    assert ask("> b - 1", large, Unit.COUNT, b=large) is T
    assert ask("== 100000000000000000000000", 10**23, Unit.COUNT) is T


@pytest.mark.parametrize(("text", "truth"), [("< 10 * b", T), ("> 10 * b", F), ("> -10 * b", T), ("abs < 10 * b", T)])
def test_an_end_beyond_the_largest_double_is_beyond_every_measurement(text: str, truth: Truth) -> None:
    largest = 1.7976931348623157e308
    assert ask(text, largest, b=largest) is truth
    assert ask(text, 5.0, at_least=True, b=largest) is truth


@pytest.mark.parametrize(
    ("text", "value", "truth"),
    [
        ("> 5", 6, T),
        ("> 5", 5, U),
        (">= 5", 5, T),
        ("< 5", 4, U),
        ("< 5", 5, F),
        ("<= 5", 5, U),
        ("<= 5", 6, F),
        ("== 5", 5, U),
        ("== 5", 6, F),
        ("!= 5", 6, T),
        ("!= 5", 5, U),
        ("!= 5", 4, U),
        ("< 5 or >= 5", 1, T),
        ("> 5 and < 3", 1, F),
        ("> 5 and < 9", 1, U),
        ("> 5 and < 9", 9, F),
        ("< 3 or > 7", 5, U),
        ("< 3 or > 7", 8, T),
        ("abs > 3", -5, U),
        ("abs > 3", 4, T),
        ("abs < 3", 3, F),
        ("abs >= 0", -5, T),
        ("> 5 or > missing", 9, T),
        ("> 5 or > missing", 3, U),
        ("< 5 and > missing", 9, F),
        ("within 50% of b", 5, U),
        ("within 50% of b", 16, F),
        ("not within 50% of b", 16, T),
        ("not within 50% of b", 15, U),
        (">= 1.5", 1.5, T),
        ("> 1.5", 1.5, U),
    ],
)
def test_a_lower_bound(text: str, value: Number, truth: Truth) -> None:
    assert ask(text, value, at_least=True, b=10) is truth
    assert ask(text, float(value), at_least=True, b=10.0) is truth
    assert ask(text, Fraction(value), at_least=True, b=Fraction(10)) is truth
