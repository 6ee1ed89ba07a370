from __future__ import annotations

import contextlib
import math

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from cvnpolicy.load.scalars import NumberRefusedError, resolve


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *[(text, None) for text in ("", "~", "null", "Null", "NULL")],
        *[(text, True) for text in ("true", "True", "TRUE")],
        *[(text, False) for text in ("false", "False", "FALSE")],
        ("0", 0),
        ("-7", -7),
        ("+7", 7),
        ("007", 7),
        ("0o17", 15),
        ("0x1F", 31),
        ("1" * 40, int("1" * 40)),
        ("1.", 1.0),
        (".5", 0.5),
        ("-.5", -0.5),
        ("1e3", 1000.0),
        ("1.5E-3", 0.0015),
        ("0.70", 0.7),
        (".inf", math.inf),
        ("+.Inf", math.inf),
        ("-.INF", -math.inf),
    ],
)
def test_core_schema_values(text, value):
    found = resolve(text)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize("text", [".nan", ".NaN", ".NAN"])
def test_nan(text):
    found = resolve(text)
    assert isinstance(found, float)
    assert math.isnan(found)


@pytest.mark.parametrize(
    "text",
    [
        *("NO", "no", "yes", "on", "off", "y", "n", "nUll", "tRUE", "None"),
        *("12:30:45", "1_000", "0b1", "-0x1F", "0o8", "0xg", "1,5", "2026-05-12", "2026-05-12T00:00:00Z"),
        *("+", "-", ".", "e3", "1e", "1e+", ".e3", "--1", "1.2.3", "=", "nan", "inf", "+.nan", "٣", "1٣"),
    ],
)
def test_text_stays_text(text):
    assert resolve(text) == text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1" * 41, "a number of 41 digits: write at most 40, or quote it as text"),
        ("-" + "1" * 41, "a number of 41 digits: write at most 40, or quote it as text"),
        ("0x" + "f" * 41, "a number of 41 digits: write at most 40, or quote it as text"),
        ("0." + "1" * 40, "a number of 41 digits: write at most 40, or quote it as text"),
        ("1e999", "1e999 is too large for a number: write a smaller one, or quote it as text"),
        ("-1e309", "-1e309 is too large for a number: write a smaller one, or quote it as text"),
    ],
)
def test_refused_numbers(text, message):
    with pytest.raises(NumberRefusedError) as caught:
        resolve(text)
    assert str(caught.value) == message


@given(st.integers(-(10**39), 10**39))
def test_integers_survive(value):
    assert resolve(str(value)) == value


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_floats_survive(value):
    assert resolve(repr(value)) == value
    assert resolve(yaml.safe_dump(value).split("\n")[0]) == value


@given(st.text(max_size=30))
def test_any_text_has_a_value_or_is_refused(text):
    value: object = NumberRefusedError
    with contextlib.suppress(NumberRefusedError):
        value = resolve(text)
    assert value in (None, NumberRefusedError) or isinstance(value, str | int | float | bool)
