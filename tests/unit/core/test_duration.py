from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from cvnpolicy.core.duration import UNITS, Duration, DurationField, parse_duration
from tests.support.faults import fault_of

HUNDRED_YEARS = 36_500


@pytest.mark.parametrize(
    ("text", "delta"),
    [
        ("1ms", timedelta(milliseconds=1)),
        ("250ms", timedelta(milliseconds=250)),
        ("30s", timedelta(seconds=30)),
        ("15min", timedelta(minutes=15)),
        ("24h", timedelta(hours=24)),
        ("14d", timedelta(days=14)),
        ("999999999ms", timedelta(milliseconds=999_999_999)),
        (f"{HUNDRED_YEARS}d", timedelta(days=HUNDRED_YEARS)),
        (f"{HUNDRED_YEARS * 24}h", timedelta(days=HUNDRED_YEARS)),
    ],
)
def test_reads_a_whole_number_and_a_unit(text, delta):
    assert parse_duration(text).delta == delta
    assert str(parse_duration(text)) == text


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("15m", "write 15min for minutes (m alone could be months)"),
        ("1m", "write 1min for minutes (m alone could be months)"),
        ("2w", "write 14d"),
        ("52w", "write 364d"),
        ("0m", "write a whole number and one of ms, s, min, h, d"),
        ("0w", "write a whole number and one of ms, s, min, h, d"),
        ("1mo", "write a whole number and one of ms, s, min, h, d"),
        ("1y", "write a whole number and one of ms, s, min, h, d"),
    ],
)
def test_says_what_to_write_for_a_unit_of_other_tools(text, right):
    assert fault_of(parse_duration, text) == {"what": f"'{text}' is not a duration", "right": right}


@pytest.mark.parametrize(
    "text",
    ["", "0d", "0ms", "00h", "07d", "-1d", "+1d", "1.5h", "1e3s", "1 d", " 1d", "1d ", "1d\n", "1D", "d", "14",
     "１d", "1000000000ms", "1µs", "P14D"],
)  # fmt: skip
def test_refuses_what_is_not_a_whole_number_and_a_unit(text):
    assert fault_of(parse_duration, text)["what"] == f"'{text}' is not a duration"


@pytest.mark.parametrize("text", [f"{HUNDRED_YEARS + 1}d", f"{HUNDRED_YEARS * 24 + 1}h", "999999999d"])
def test_refuses_more_than_a_hundred_years(text):
    assert fault_of(parse_duration, text) == {
        "what": f"'{text}' is longer than 100 years",
        "right": "write a shorter duration",
    }


@pytest.mark.parametrize("value", [14, 1.5, True, None, ["14d"], {"d": 14}])
def test_refuses_what_is_not_text(value):
    assert fault_of(parse_duration, value)["right"] == "write a whole number and a unit, for example 15min, 24h or 14d"


def test_repeats_only_the_start_of_a_long_text():
    for text in ("x" * 10_000, "1" * 10_000, "1" * 10_000 + "m", "1" * 10_000 + "w"):
        fault = fault_of(parse_duration, text)
        assert len(fault["what"]) + len(fault["right"]) < 200


def test_a_duration_stays_itself():
    day = parse_duration("1d")
    assert parse_duration(day) is day
    assert TypeAdapter(DurationField).validate_python("1d") == day


def test_compares_by_length():
    assert parse_duration("24h") == parse_duration("1d")
    assert hash(parse_duration("24h")) == hash(parse_duration("1d"))
    assert parse_duration("1000ms") == parse_duration("1s")
    ordered = ["999ms", "1s", "59s", "1min", "59min", "1h", "23h", "1d"]
    assert sorted(map(parse_duration, reversed(ordered))) == [parse_duration(text) for text in ordered]


def test_is_shown_as_written():
    assert [parse_duration(text).words() for text in ("24h", "15min", "7ms")] == ["24 h", "15 min", "7 ms"]


@given(st.integers(1, 999_999_999), st.sampled_from(sorted(UNITS)))
def test_every_number_and_unit_up_to_a_hundred_years_is_read(number, unit):
    microseconds = number * UNITS[unit]
    if microseconds <= HUNDRED_YEARS * UNITS["d"]:
        assert parse_duration(f"{number}{unit}") == Duration(microseconds, "")
    else:
        assert "longer than 100 years" in fault_of(parse_duration, f"{number}{unit}")["what"]


@given(st.text(max_size=12))
def test_any_text_is_read_or_refused(text):
    try:
        found = parse_duration(text)
    except ValueError:
        return
    assert str(found) == text
    assert text.isascii()
    assert found.microseconds > 0
