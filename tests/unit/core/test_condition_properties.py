"""Laws of conditions, on generated ones."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cvnpolicy.core.condition import (
    BaselineValue,
    Clause,
    Comparison,
    Condition,
    ConditionError,
    Constant,
    Joiner,
    Multiple,
    Op,
    Order,
    Polarity,
    Sign,
    Within,
    compare,
    evaluate,
    implies,
    parse,
)
from cvnpolicy.core.condition.units import fits
from cvnpolicy.core.logic import Truth
from cvnpolicy.core.unit import Suffix, Unit

T, F, U = Truth.TRUE, Truth.FALSE, Truth.UNKNOWN

# --- any condition ---------------------------------------------------------------------------------------------------

ANY_NUMBER = st.tuples(st.integers(-(10**15) + 1, 10**15 - 1), st.integers(-20, 20)).map(
    lambda parts: Decimal(parts[0]).scaleb(parts[1])
)
ANY_SUFFIX = st.sampled_from([None, *Suffix])
ANY_NAME = st.sampled_from(["b", "champion", "min", "s", "d", "e3", "x_1", "A", "Percent", "andy"])
ANY_CONSTANT = st.builds(Constant, ANY_NUMBER, ANY_SUFFIX)
ANY_OFFSET = st.builds(Constant, ANY_NUMBER, ANY_SUFFIX.filter(lambda suffix: suffix is not Suffix.PERCENT))
ANY_CLAUSE = st.one_of(
    st.builds(Comparison, st.sampled_from(Op), ANY_CONSTANT, st.booleans()),
    st.builds(
        Comparison,
        st.sampled_from(Op),
        st.builds(Multiple, ANY_NAME, ANY_NUMBER, st.none() | ANY_OFFSET),
        st.booleans(),
    ),
    st.builds(
        Within,
        st.none() | st.builds(Constant, ANY_NUMBER.map(abs), st.sampled_from(Suffix)),
        ANY_NAME,
        st.booleans(),
    ),
)
ANY_CONDITION = st.builds(Condition, st.lists(ANY_CLAUSE, max_size=5).map(tuple), st.sampled_from(Joiner))


@given(ANY_CONDITION)
def test_what_is_printed_reads_back(condition: Condition) -> None:
    assert parse(str(condition)) == condition
    assert str(parse(str(condition))) == str(condition)
    assert hash(parse(str(condition))) == hash(condition)


PIECES = st.sampled_from(
    [
        *Op,
        *Suffix,
        *Joiner,
        "abs",
        "not",
        "within",
        "of",
        "ci95",
        "unset",
        "b",
        "5",
        "0.5",
        "-",
        "+",
        "*",
        " ",
        "",
        "e3",
    ]
)


def outcome(text: str) -> Condition | ConditionError:
    try:
        return parse(text)
    except ConditionError as error:
        return error


def check_fails_cleanly(text: str) -> None:
    result = outcome(text)
    if isinstance(result, Condition):
        assert parse(str(result)) == result
        return
    assert 0 <= result.offset <= result.offset + result.length <= len(text)
    assert result.what
    assert result.right
    assert str(result).isprintable()


@given(st.text(max_size=320))
def test_any_text_parses_or_is_a_condition_error(text: str) -> None:
    check_fails_cleanly(text)


@settings(max_examples=400)
@given(st.lists(PIECES, max_size=14), st.sampled_from(["", " "]))
def test_any_words_parse_or_are_a_condition_error(pieces: list[str], space: str) -> None:
    check_fails_cleanly(space.join(pieces))


# --- small conditions, whose places of change can all be visited -----------------------------------------------------

SMALL = st.integers(-30, 30).map(lambda tenths: Decimal(tenths) / 10)
CONSTANTS = st.one_of(
    st.builds(Constant, SMALL), st.builds(Constant, SMALL.map(lambda number: number * 100), st.just(Suffix.PERCENT))
)
OPS = st.sampled_from(Op)
LITERAL_CLAUSE = st.builds(Comparison, OPS, CONSTANTS, st.booleans())


def clauses(*names: str, interval: bool = False) -> st.SearchStrategy[Clause]:
    name = st.sampled_from(names)
    multiple = st.builds(Multiple, name, SMALL, st.none() | st.builds(Constant, SMALL))
    width = st.one_of(
        st.builds(Constant, st.sampled_from([Decimal(0), Decimal(10), Decimal(150)]), st.just(Suffix.PERCENT)),
        st.builds(Constant, st.sampled_from([Decimal(0), Decimal(50)]), st.just(Suffix.POINT)),
        *([st.none()] if interval else []),
    )
    return st.one_of(
        LITERAL_CLAUSE,
        st.builds(Comparison, OPS, multiple, st.booleans()),
        st.builds(Within, width, name, st.booleans()),
    )


def conditions(clause: st.SearchStrategy[Clause], most: int = 3) -> st.SearchStrategy[Condition]:
    return st.builds(Condition, st.lists(clause, min_size=1, max_size=most).map(tuple), st.sampled_from(Joiner))


def lines(condition: Condition) -> set[tuple[Fraction, Fraction]]:
    """Every line in the (b, x) plane on which the condition can change, as slope and intercept."""
    found: set[tuple[Fraction, Fraction]] = set()
    for clause in condition.clauses:
        if isinstance(clause, Within):
            assert clause.tolerance is not None
            width = Fraction(clause.tolerance.number) / 100
            share = clause.tolerance.suffix is Suffix.PERCENT
            found |= {(1 + sign * width, Fraction(0)) if share else (Fraction(1), sign * width) for sign in (-1, 1)}
            continue
        quantity, slope = clause.quantity, Fraction(0)
        if isinstance(quantity, Multiple):
            slope = Fraction(quantity.factor)
            intercept = Fraction(quantity.offset.number) if quantity.offset else Fraction(0)
        else:
            intercept = Fraction(quantity.number) / (100 if quantity.suffix is Suffix.PERCENT else 1)
        found |= {(slope, intercept)} | ({(-slope, -intercept)} if clause.absolute else set())
    return found


def visited(points: set[Fraction]) -> list[Fraction]:
    """The points, one between each two neighbours, and one outside on each side."""
    ends = sorted(points) or [Fraction(0)]
    return [ends[0] - 1, *ends, *((low + high) / 2 for low, high in pairwise(ends)), ends[-1] + 1]


def holds(condition: Condition, x: Fraction, b: Fraction) -> bool:
    truth = evaluate(condition, x, {"b": BaselineValue(b)})
    assert truth is not U
    return truth is T


@settings(max_examples=150, deadline=None)
@given(conditions(clauses("b"), 2), conditions(clauses("b"), 2), st.sampled_from(Sign))
def test_implies_is_what_a_visit_to_every_cell_of_the_plane_says(a: Condition, b: Condition, sign: Sign) -> None:
    edges = lines(a) | lines(b)
    crossings = {(d2 - d1) / (s1 - s2) for (s1, d1), (s2, d2) in combinations(edges, 2) if s1 != s2}
    allowed = {Sign.ANY: lambda _: True, Sign.POSITIVE: lambda base: base > 0, Sign.NEGATIVE: lambda base: base < 0}
    bases = [base for base in visited(crossings | {Fraction(0)}) if allowed[sign](base)]
    counterexample = any(
        holds(a, x, base) and not holds(b, x, base)
        for base in bases
        for x in visited({slope * base + intercept for slope, intercept in edges})
    )
    assert implies(a, b, {"b": sign}) is not counterexample


RATIONAL = st.fractions(-5, 5, max_denominator=20)


@settings(deadline=None)
@given(
    conditions(clauses("b", "c", interval=True)),
    conditions(clauses("b", "c", interval=True)),
    st.sampled_from(Polarity),
    st.lists(st.tuples(RATIONAL, *([RATIONAL, RATIONAL.map(abs), RATIONAL.map(abs)] * 2)), min_size=1, max_size=6),
)
def test_order_agrees_with_evaluation(
    old: Condition, new: Condition, polarity: Polarity, samples: list[tuple[Fraction, ...]]
) -> None:
    order = compare(old, new, polarity).order
    for x, b, left, right, c, under, over in samples:
        baselines = {"b": BaselineValue(b, (b - left, b + right)), "c": BaselineValue(c, (c - under, c + over))}
        before, after = evaluate(old, x, baselines), evaluate(new, x, baselines)
        through_before, through_after = ((truth is T) is (polarity is Polarity.GOOD) for truth in (before, after))
        assert U not in (before, after)
        if order is Order.EQUAL:
            assert before is after
        if order is Order.LOOSER:
            assert through_after or not through_before
        if order is Order.TIGHTER:
            assert through_before or not through_after


@settings(max_examples=300, deadline=None)
@given(conditions(LITERAL_CLAUSE), conditions(LITERAL_CLAUSE))
def test_order_agrees_with_evaluation_of_doubles(a: Condition, b: Condition) -> None:
    ends = [float(intercept) for _, intercept in lines(a) | lines(b)]
    values = [value for end in ends for value in (end, math.nextafter(end, math.inf), math.nextafter(end, -math.inf))]
    counterexample = any(evaluate(a, value, {}) is T and evaluate(b, value, {}) is F for value in [*values, 1e9, -1e9])
    if implies(a, b):
        assert not counterexample
    if implies(a, b) and implies(b, a):
        assert all(evaluate(a, value, {}) is evaluate(b, value, {}) for value in values)


@settings(deadline=None)
@given(*[conditions(clauses("b", "c", interval=True), 2)] * 3)
def test_implication_is_reflexive_and_transitive(a: Condition, b: Condition, c: Condition) -> None:
    assert implies(a, a)
    assert implies(a, Condition(tuple(reversed(a.clauses)), a.joiner))
    if implies(a, b) and implies(b, c):
        assert implies(a, c)


@given(ANY_CONDITION, st.sampled_from([math.nan, math.inf, -math.inf]), st.booleans())
def test_what_is_not_finite_is_unknown(condition: Condition, value: float, at_least: bool) -> None:
    unit = next((unit for unit in Unit if fits(condition, unit)), None)
    assume(unit is not None)
    assert evaluate(condition, value, {}, unit or Unit.NUMBER, at_least=at_least) is U


@settings(max_examples=200, deadline=None)
@given(
    conditions(clauses("b", "missing")),
    st.one_of(st.integers(-4, 4), st.floats(-4, 4), RATIONAL),
    st.one_of(st.integers(-4, 4), st.floats(-4, 4), RATIONAL),
)
def test_a_lower_bound_agrees_with_every_larger_value(
    condition: Condition, value: float | Fraction, base: float | Fraction
) -> None:
    baselines = {"b": BaselineValue(base)}
    bound = evaluate(condition, value, baselines, at_least=True)
    steps = [0, 1, 2, 3, 10, 1000] if isinstance(value, int) else [0, 0.25, 1, 2.5, 10, 1000]
    larger = [evaluate(condition, value + type(value)(step), baselines) for step in steps]
    if bound is U:
        assert len({*larger}) > 1 or larger[0] is U or _changes(condition, Fraction(value), Fraction(base))
    else:
        assert set(larger) == {bound}


def _changes(condition: Condition, value: Fraction, base: Fraction) -> bool:
    """Whether the condition can change at or above the value, so that a sample may have missed it."""
    known = Condition(tuple(clause for clause in condition.clauses if "missing" not in str(clause)), condition.joiner)
    return any(slope * base + intercept >= value - Fraction(1, 10**12) for slope, intercept in lines(known))


@pytest.mark.parametrize("number", ["0.1", "0.3", "0.7", "94.3", "0.0001", "12345.6789"])
def test_a_measured_double_equals_its_literal(number: str) -> None:
    assert evaluate(parse(f"== {number}"), float(number), {}) is T
    assert evaluate(parse(f"== {number}%"), float(Fraction(number) / 100), {}) is T
