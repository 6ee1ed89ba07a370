from __future__ import annotations

import pytest

from cvnpolicy.core.condition import ConditionError, check_unit, parse
from cvnpolicy.core.unit import Unit

OWN = "the statistic is in a unit of its own"
SPAN = ">= name - 1 and <= name + 1"
TIMES = [Unit.MS, Unit.S, Unit.MIN, Unit.H, Unit.D]


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("> 5", [Unit.NUMBER, Unit.COUNT, Unit.OTHER]),
        ("> 0", [Unit.NUMBER, Unit.COUNT, Unit.OTHER]),
        ("> 5%", [Unit.NUMBER, Unit.PERCENT]),
        ("> 5pp", [Unit.NUMBER, Unit.PERCENT]),
        ("> 3 sigma", [Unit.SIGMA]),
        ("> 3ms", TIMES),
        ("> 3d", TIMES),
        ("> 2 * b", list(Unit)),
        ("within 1% of b", list(Unit)),
        ("not within ci95 of b", list(Unit)),
        ("unset", list(Unit)),
        ("> b + 1", [Unit.NUMBER, Unit.COUNT, Unit.OTHER]),
        ("> b + 1pp", [Unit.NUMBER, Unit.PERCENT]),
        ("within 1pp of b", [Unit.NUMBER, Unit.PERCENT]),
        ("within 1 sigma of b", [Unit.SIGMA]),
        ("> b - 1h", TIMES),
        ("> 5s and < 3", []),
    ],
)
def test_which_units_fit(text: str, units: list[Unit]) -> None:
    def accepted(unit: Unit) -> bool:
        try:
            check_unit(parse(text), unit)
        except ConditionError:
            return False
        return True

    assert [unit for unit in Unit if accepted(unit)] == units


@pytest.mark.parametrize(
    ("text", "unit", "offset", "length", "message"),
    [
        ("> 5", Unit.MS, 2, 1, "5 has no unit, but the statistic is in ms: write 5ms or 5s or 5min or 5h or 5d"),
        ("> -5", Unit.PERCENT, 2, 2, "-5 has no unit, but the statistic is a percentage: write -5% or -5pp"),
        ("> 2 * b - 1", Unit.PERCENT, 10, 1, "1 has no unit, but the statistic is a percentage: write 1pp"),
        ("> 0", Unit.SIGMA, 2, 1, "0 has no unit, but the statistic is in sigma: write 0 sigma"),
        ("> 5 min", Unit.NUMBER, 4, 3, "min does not fit: the statistic is a plain number: write 5 or 5% or 5pp"),
        ("> b + 5min", Unit.NUMBER, 7, 3, "min does not fit: the statistic is a plain number: write 5 or 5pp"),
        ("> 1 and < 5%", Unit.COUNT, 11, 1, "% does not fit: the statistic is a count: write 5"),
        ("within 5min of b", Unit.NUMBER, 8, 3, "min does not fit: the statistic is a plain number: write 5pp"),
        ("within 1pp of b", Unit.OTHER, 8, 2, f"pp does not fit: {OWN}: write {SPAN}, or a share in %"),
    ],
)
def test_the_place_of_what_does_not_fit(text: str, unit: Unit, offset: int, length: int, message: str) -> None:
    with pytest.raises(ConditionError) as caught:
        check_unit(parse(text), unit)
    assert (caught.value.offset, caught.value.length) == (offset, length)
    assert str(caught.value) == message
