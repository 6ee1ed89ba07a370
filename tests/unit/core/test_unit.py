from __future__ import annotations

from fractions import Fraction

import pytest

from cvnpolicy.core.unit import SECONDS, Suffix, Unit

TIMES = [Unit.MS, Unit.S, Unit.MIN, Unit.H, Unit.D]


@pytest.mark.parametrize(
    ("unit", "suffixes"),
    [
        (Unit.NUMBER, {None, Suffix.PERCENT, Suffix.POINT}),
        (Unit.COUNT, {None}),
        (Unit.OTHER, {None}),
        (Unit.PERCENT, {Suffix.PERCENT, Suffix.POINT}),
        (Unit.SIGMA, {Suffix.SIGMA}),
        *((unit, set(SECONDS)) for unit in TIMES),
    ],
)
def test_what_may_stand_behind_a_number(unit: Unit, suffixes: set[Suffix | None]) -> None:
    assert set(unit.factors) == suffixes


def test_every_unit_has_factors_and_a_phrase() -> None:
    assert all(unit.factors and unit.phrase for unit in Unit)
    assert len({unit.phrase for unit in Unit}) == len(Unit)


@pytest.mark.parametrize(
    ("unit", "suffix", "factor"),
    [
        (Unit.NUMBER, Suffix.PERCENT, Fraction(1, 100)),
        (Unit.NUMBER, Suffix.POINT, Fraction(1, 100)),
        (Unit.PERCENT, Suffix.PERCENT, Fraction(1)),
        (Unit.D, Suffix.MS, Fraction(1, 86_400_000)),
        (Unit.MS, Suffix.D, Fraction(86_400_000)),
        (Unit.MIN, Suffix.S, Fraction(1, 60)),
        (Unit.H, Suffix.D, Fraction(24)),
        (Unit.S, Suffix.S, Fraction(1)),
    ],
)
def test_conversions_are_exact(unit: Unit, suffix: Suffix, factor: Fraction) -> None:
    assert unit.factors[suffix] == factor


def test_words_of_policies() -> None:
    assert [unit.value for unit in Unit] == ["1", "count", "%", "sigma", "ms", "s", "min", "h", "d", "other"]
    assert Unit.MS.phrase == "in ms"
