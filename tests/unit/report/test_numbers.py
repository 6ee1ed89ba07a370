"""Numbers, instants and durations as people read them."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvnpolicy.core.numbers import instant, length, measured, number, utc


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"),
        (0, "0"),
        (7, "7"),
        (43680, "43,680"),
        (-1234567, "-1,234,567"),
        (0.0, "0"),
        (-0.0, "0"),
        (336.0, "336"),
        (0.0031, "0.0031"),
        (0.0123456, "0.01235"),
        (0.25, "0.25"),
        (-0.25, "-0.25"),
        (0.0001, "0.0001"),
        (0.00009999, "9.999e-05"),
        (3.1e-07, "3.1e-07"),
        (5e-324, "4.941e-324"),
        (93.4, "93.4"),
        (999.94, "999.9"),
        (999.99, "1000"),
        (1000.0, "1,000"),
        (1234.5678, "1,234.57"),
        (12345.678, "12,345.7"),
        (1234567.891, "1,234,568"),
        (999999.9999, "1,000,000"),
        (1e15, "1e+15"),
        (-1.2345678e20, "-1.235e+20"),
        (10**20, "100,000,000,000,000,000,000"),
        (math.nan, "NaN"),
        (math.inf, "infinite"),
        (-math.inf, "-infinite"),
    ],
)
def test_number(value: float | int | None, text: str) -> None:
    assert number(value) == text


@given(st.floats(-1e308, 1e308))
def test_a_number_is_short_and_close(value: float) -> None:
    text = number(value)
    assert len(text) <= 20
    assert float(text.replace(",", "")) == pytest.approx(value, rel=1e-3, abs=1e-320)


@given(st.floats(-1e-3, 1e-3), st.sampled_from([0.01, 0.4, 5.0, 100.0, 1234.5]))
def test_a_measured_number_never_reads_as_the_other_side_of_its_limit(offset: float, limit: float) -> None:
    value = limit + offset
    shown = float(measured(value, f"< {limit}").replace(",", ""))
    assert (shown < limit, shown > limit) == (value < limit, value > limit)


@pytest.mark.parametrize(
    ("value", "condition", "text"),
    [
        (0.00999996, "< 0.01", "0.00999996"),
        (0.01, "< 0.01", "0.01"),
        (0.0500000001, "> 5%", "0.0500000001"),
        (0.0500000001, "> 5 %", "0.0500000001"),
        (0.0199999, "within 2pp of champion", "0.0199999"),
        (0.39996, ">= 0.40", "0.39996"),
        (0.1 + 0.2, "> 0.3", "0.30000000000000004"),
        (0.123456, "< 0.01", "0.1235"),
        (0.123456, None, "0.1235"),
        (0.123456, "unset", "0.1235"),
        (12, "> 5", "12"),
        (math.nan, "> 5", "NaN"),
        (None, "> 5", "–"),
    ],
)
def test_measured_against_its_condition(value: float | int | None, condition: str | None, text: str) -> None:
    assert measured(value, condition) == text


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 6, 11, tzinfo=UTC), "2026-06-11 00:00 UTC"),
        (datetime(2026, 6, 11, 0, 0, 30, tzinfo=UTC), "2026-06-11 00:00:30 UTC"),
        (datetime(2026, 6, 11, 0, 0, 0, 5000, tzinfo=UTC), "2026-06-11 00:00:00.005000 UTC"),
        (datetime(2026, 6, 11, 1, tzinfo=timezone(timedelta(hours=2))), "2026-06-10 23:00 UTC"),
    ],
)
def test_instant(moment: datetime, text: str) -> None:
    assert instant(moment) == text


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        utc(datetime(2026, 6, 11, tzinfo=UTC).replace(tzinfo=None))


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        (timedelta(days=14), "14d"),
        (timedelta(hours=36), "1d 12h"),
        (timedelta(days=1, hours=2, minutes=3), "1d 2h"),
        (timedelta(minutes=15), "15min"),
        (timedelta(seconds=1, milliseconds=5), "1s 5ms"),
        (timedelta(microseconds=5), "0s"),
        (timedelta(0), "0s"),
        (timedelta(hours=-5), "-5h"),
    ],
)
def test_length(duration: timedelta, text: str) -> None:
    assert length(duration) == text
