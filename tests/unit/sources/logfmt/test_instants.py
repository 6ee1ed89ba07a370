from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvnpolicy.sources.logfmt.errors import LogError, Place
from cvnpolicy.sources.logfmt.instants import OneOffset, offset_us, read_instant

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
offsets = st.integers(-23 * 60 - 59, 23 * 60 + 59).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.datetimes(min_value=datetime(2, 1, 1), max_value=datetime(9998, 1, 1), timezones=offsets))  # noqa: DTZ001
def test_every_instant_with_an_offset_is_read(instant):
    read = read_instant(instant.isoformat())

    assert read.us == (instant - EPOCH) // timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("text", "us"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("1970-01-01 00:00:01.5Z", 1_500_000),
        ("1970-01-01T02:00:00+0200", 0),
        ("1969-12-31T19:00:00-05:00", 0),
        ("1970-01-01T00:00:00-00:00", 0),
        ("1970-01-01T00:00:00.000000999Z", 0),
        ("1969-12-31T23:59:59.999999999Z", -1),
        ("0001-01-01T00:00:00+23:59", -62_135_596_800_000_000 - (23 * 60 + 59) * 60_000_000),
    ],
)
def test_forms_and_boundaries(text, us):
    assert read_instant(text).us == us


@pytest.mark.parametrize("text", ["2024-05-12T03:04:05", "2024-05-12 03:04:05.123"])
def test_a_naive_timestamp_is_refused(text):
    with pytest.raises(ValueError, match="has no UTC offset"):
        read_instant(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1715483045",
        "2024-05-12",
        "2024-02-30T00:00:00Z",
        "2024-13-01T00:00:00Z",
        "0000-01-01T00:00:00Z",
        "2024-05-12T24:00:00Z",
        "2024-05-12T23:59:60Z",
        "2024-05-12T03:04Z",
        "2024-05-12T03:04:05,123Z",
        "2024-05-12T03:04:05.Z",
        "2024-05-12T03:04:05.1234567890Z",
        "2024-05-12T03:04:05+24:00",
        "2024-05-12T03:04:05+02",
        "2024-05-12T03:04:05z",
        "٢٠٢٤-05-12T03:04:05Z",
        "2024-05-12T03:04:05Z ",
    ],
)
def test_what_is_not_a_timestamp_is_refused(text):
    with pytest.raises(ValueError, match="is not a timestamp"):
        read_instant(text)


def test_offsets_are_compared_by_what_they_mean():
    offsets = OneOffset()
    for offset in ("Z", "+00:00", "-0000"):
        offsets.note(offset, Place("a.log", 1))

    with pytest.raises(LogError, match=r"a\.log line 7: the UTC offset is \+02:00 where a\.log line 1 has Z"):
        offsets.note("+02:00", Place("a.log", 7))


def test_offsets_west_are_negative():
    assert (offset_us("-05:30"), offset_us("+0530")) == (-19_800_000_000, 19_800_000_000)
