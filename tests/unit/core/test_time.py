from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from cvnpolicy.core.duration import Duration, parse_duration
from cvnpolicy.core.time import (
    EPOCH,
    InstantField,
    MomentField,
    TPlus,
    Window,
    cadence_back,
    cadence_instant,
    from_us,
    parse_instant,
    parse_moment,
    rfc3339,
    to_us,
)
from tests.support.faults import fault_of

MONDAY = datetime(2026, 6, 8, tzinfo=UTC)
WEEK = parse_duration("7d")

# Naive, as hypothesis wants its bounds; far from the ends of the calendar, as evidence is.
ordinary = st.datetimes(datetime(1980, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
cadences = st.integers(1, 400 * 86_400_000).map(lambda ms: Duration(ms * 1_000, f"{ms}ms"))


# --- instants


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-05-12T00:00:00Z", datetime(2026, 5, 12, tzinfo=UTC)),
        ("2026-05-12T00:00Z", datetime(2026, 5, 12, tzinfo=UTC)),
        ("2026-05-12T02:00:00+02:00", datetime(2026, 5, 12, tzinfo=UTC)),
        ("2026-05-11T19:30:00-04:30", datetime(2026, 5, 12, tzinfo=UTC)),
        ("2026-05-12T00:00:00-00:00", datetime(2026, 5, 12, tzinfo=UTC)),
        ("2026-05-12T00:00:00.5Z", datetime(2026, 5, 12, 0, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-05-12T23:59:59.999999Z", datetime(2026, 5, 12, 23, 59, 59, 999_999, tzinfo=UTC)),
        ("2024-02-29T12:00:00Z", datetime(2024, 2, 29, 12, tzinfo=UTC)),
    ],
)
def test_an_instant_is_kept_in_utc(text, instant):
    found = parse_instant(text)
    assert found == instant
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("2026-05-12", "write 2026-05-12T00:00:00Z if it is UTC"),
        ("2026-05-12T00:00:00", "write 2026-05-12T00:00:00Z if it is UTC"),
        ("2026-05-12 08:30:00", "write 2026-05-12T08:30:00Z if it is UTC"),
        ("2026-05-12T08:30", "write 2026-05-12T08:30Z if it is UTC"),
        ("2026-05-12T08:30:00.25", "write 2026-05-12T08:30:00.25Z if it is UTC"),
    ],
)
def test_a_naive_instant_is_refused_and_can_be_mended_as_told(text, right):
    assert fault_of(parse_instant, text) == {"what": f"'{text}' has no time zone", "right": right}
    assert parse_instant(right.split()[1]).tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-04-31T00:00:00Z",
        "2026-06-30T23:59:60Z",  # a leap second: the arithmetic of windows has none
        "2026-06-30T24:00:00Z",
        "2026-06-30T23:60:00Z",
        "0000-01-01T00:00:00Z",
        "2026-06-30T00:00:00+24:00",
        "2026-06-30T00:00:00+05:60",  # RFC 3339: the minutes of an offset end at 59
        "2026-06-30T00:00:00-05:99",
        "9999-12-31T23:59:59-01:00",  # after the last instant of the calendar, in UTC
        "0001-01-01T00:00:00+00:01",  # before the first
    ],
)
def test_what_is_on_no_calendar_is_refused(text):
    assert fault_of(parse_instant, text)["right"].startswith("write it as 2026-05-12T00:00:00Z")


@pytest.mark.parametrize(
    "text",
    ["", "now", "yesterday", "1749600000", "2026-5-1T00:00:00Z", "2026-05-12t00:00:00z", "2026-05-12T00:00:00 Z",
     "2026-05-12T00:00:00Z\n", "2026-05-12T00:00:00.1234567Z", "20260512T000000Z", "2026-W20-2T00:00:00Z",
     "2026-05-12T00:00:00+0200", "2026-05-12T00:00:00+02", "٢٠٢٦-05-12T00:00:00Z", "-2026-05-12T00:00:00Z",
     "2026-05-12T00:00:00[Europe/Zurich]"],
)  # fmt: skip
def test_what_is_not_rfc_3339_is_refused(text):
    assert fault_of(parse_instant, text)["what"] == f"'{text}' is not an instant"


@pytest.mark.parametrize("value", [None, 0, 1749600000.0, True, ["2026-05-12T00:00:00Z"]])
def test_what_is_not_text_is_refused(value):
    assert "is not an instant" in fault_of(parse_instant, value)["what"]


def test_a_naive_datetime_is_refused():
    assert "is not an instant" in fault_of(parse_instant, datetime(2026, 5, 12))["what"]  # noqa: DTZ001  the point


def test_an_aware_datetime_is_taken_to_utc():
    there = datetime(2026, 5, 12, 2, tzinfo=timezone(timedelta(hours=2)))
    assert parse_instant(there) == datetime(2026, 5, 12, tzinfo=UTC)
    assert parse_instant(there).tzinfo is UTC


@pytest.mark.parametrize(
    "instant",
    [
        datetime(9999, 12, 31, 23, 30, tzinfo=timezone(timedelta(hours=-1))),
        datetime(1, 1, 1, 0, 30, tzinfo=timezone(timedelta(hours=1))),
    ],
    ids=["after the last instant", "before the first"],
)
def test_a_datetime_that_utc_does_not_reach_is_refused(instant):
    assert fault_of(parse_instant, instant)["right"]


def test_a_long_text_is_cut():
    for text in ("9" * 10_000, "2026-05-12T00:00:00." + "1" * 10_000):
        fault = fault_of(parse_instant, text)
        assert len(fault["what"]) + len(fault["right"]) < 200


@given(ordinary, st.integers(-1439, 1439))
def test_an_instant_reads_the_same_from_every_offset(instant, minutes):
    shifted = instant.astimezone(timezone(timedelta(minutes=minutes)))
    assert parse_instant(shifted.isoformat()) == instant


@given(ordinary)
def test_what_is_written_is_read_back(instant):
    assert rfc3339(instant).endswith("Z")
    assert parse_instant(rfc3339(instant)) == instant
    assert from_us(to_us(instant)) == instant


def test_microseconds_are_exact_where_floats_are_not():
    late = datetime(2261, 4, 11, 23, 47, 16, 854_775, tzinfo=UTC)
    assert to_us(late) % 1_000_000 == 854_775
    assert from_us(to_us(late)) == late
    assert to_us(datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)) == -1


def test_microseconds_are_written_only_where_there_are_any():
    assert rfc3339(MONDAY) == "2026-06-08T00:00:00Z"
    assert rfc3339(MONDAY + timedelta(microseconds=1)) == "2026-06-08T00:00:00.000001Z"
    assert rfc3339(datetime(2026, 6, 8, 2, tzinfo=timezone(timedelta(hours=2)))) == "2026-06-08T00:00:00Z"


# --- windows and cadences


def test_a_window_ends_at_the_instant_and_is_as_long_as_asked():
    window = Window.ending(MONDAY, parse_duration("14d"))
    assert (window.start, window.end) == (datetime(2026, 5, 25, tzinfo=UTC), MONDAY)


def test_neighbouring_windows_share_no_instant():
    first = Window.ending(MONDAY, WEEK)
    second = Window.ending(MONDAY + WEEK.delta, WEEK)
    assert first.end == second.start  # half-open: this instant is in the second only


@pytest.mark.parametrize(
    ("at", "every", "instant"),
    [
        ("2026-06-08T00:00:00Z", "7d", "2026-06-08T00:00:00Z"),  # a Monday is its own instant
        ("2026-06-14T23:59:59.999999Z", "7d", "2026-06-08T00:00:00Z"),
        ("2026-06-15T00:00:00Z", "7d", "2026-06-15T00:00:00Z"),
        ("2026-06-10T13:07:00Z", "15min", "2026-06-10T13:00:00Z"),
        ("2026-06-10T13:07:00Z", "24h", "2026-06-10T00:00:00Z"),
        ("1970-01-05T00:00:00Z", "7d", "1970-01-05T00:00:00Z"),
        ("1970-01-04T23:59:59Z", "7d", "1969-12-29T00:00:00Z"),  # floor, not towards zero
        ("1970-01-01T00:00:00Z", "1d", "1970-01-01T00:00:00Z"),
    ],
)
def test_the_last_instant_of_a_cadence(at, every, instant):
    assert cadence_instant(parse_instant(at), parse_duration(every)) == parse_instant(instant)


def test_cadences_count_from_a_monday():
    assert datetime(1970, 1, 5, tzinfo=UTC) == EPOCH
    assert EPOCH.weekday() == 0


@given(ordinary, cadences)
def test_the_last_instant_is_on_the_grid_and_not_after(at, every):
    instant = cadence_instant(at, every)
    assert (instant - EPOCH) % every.delta == timedelta(0)
    assert instant <= at < instant + every.delta


@given(ordinary, cadences, st.data())
def test_between_two_instants_of_a_cadence_the_answer_does_not_move(at, every, data):
    instant = cadence_instant(at, every)
    later = instant + data.draw(st.timedeltas(timedelta(0), every.delta - timedelta(microseconds=1)))
    assert cadence_instant(later, every) == instant
    assert cadence_instant(instant, every) == instant
    assert cadence_instant(instant - timedelta(microseconds=1), every) == instant - every.delta


@given(ordinary, cadences, st.integers(0, 60))
def test_going_back_visits_every_instant_and_covers_the_whole_reach(at, every, steps):
    end = cadence_instant(at, every)
    reach = Duration(every.microseconds * steps + every.microseconds // 2, "")
    visited = list(cadence_back(end, every, reach))
    assert visited == [end - k * every.delta for k in range(steps + 2)]
    assert visited[-1] <= end - reach.delta < visited[-1] + every.delta


def test_going_back_includes_the_far_end():
    assert list(cadence_back(MONDAY, WEEK, parse_duration("14d"))) == [
        MONDAY,
        datetime(2026, 6, 1, tzinfo=UTC),
        datetime(2026, 5, 25, tzinfo=UTC),
    ]
    assert list(cadence_back(MONDAY, WEEK, parse_duration("6d")))[1:] == [datetime(2026, 6, 1, tzinfo=UTC)]


# --- T+N


@pytest.mark.parametrize(
    ("anchor", "days", "instant"),
    [
        ("2026-05-12T00:00:00Z", 0, "2026-05-12T00:00:00Z"),
        ("2026-05-12T00:00:00Z", 7, "2026-05-19T00:00:00Z"),
        ("2026-05-12T23:59:59.999999Z", 7, "2026-05-19T00:00:00Z"),  # the day counts, not the hour
        ("2026-05-12T01:00:00+02:00", 7, "2026-05-18T00:00:00Z"),  # 23:00 of the 11th in UTC
        ("2026-05-11T23:00:00-02:00", 7, "2026-05-19T00:00:00Z"),  # 01:00 of the 12th in UTC
        ("2026-03-28T12:00:00+01:00", 2, "2026-03-30T00:00:00Z"),  # across a change of the clocks
        ("2024-02-28T00:00:00Z", 2, "2024-03-01T00:00:00Z"),
        ("2025-02-28T00:00:00Z", 1, "2025-03-01T00:00:00Z"),
    ],
)
def test_t_plus_is_midnight_utc_of_the_anchor_day_plus_whole_days(anchor, days, instant):
    moment = TPlus(days)
    assert moment.instant(parse_instant(anchor)) == parse_instant(instant)


def test_an_anchor_that_is_not_in_utc_yet_counts_by_its_day_in_utc():
    anchor = datetime(2026, 5, 12, 1, tzinfo=timezone(timedelta(hours=2)))
    assert TPlus(0).instant(anchor) == datetime(2026, 5, 11, tzinfo=UTC)


@pytest.mark.parametrize(("text", "days"), [("T+0d", 0), ("T+7d", 7), ("T+90d", 90), ("T+99999d", 99_999)])
def test_a_day_after_the_anchor_is_read(text, days):
    assert parse_moment(text) == TPlus(days)
    assert str(parse_moment(text)) == text


@pytest.mark.parametrize(
    "text", ["T", "T+", "T+7", "T-7d", "T+07d", "T+7h", "T+1.5d", "T+100000d", "T +7d", "T+7d ", "T+７d"]
)
def test_another_form_of_t_plus_is_refused(text):
    assert fault_of(parse_moment, text) == {
        "what": f"'{text}' is not a day after the anchor",
        "right": "write T+7d, whole days",
    }


def test_a_moment_is_a_day_after_the_anchor_or_an_instant():
    read = TypeAdapter(MomentField).validate_python
    assert read("T+7d") == read(TPlus(7)) == TPlus(7)
    assert read("2026-05-12T00:00:00Z") == datetime(2026, 5, 12, tzinfo=UTC)
    assert fault_of(parse_moment, "t+7d")["what"] == "'t+7d' is not an instant"
    assert TypeAdapter(InstantField).validate_python("2026-06-08T00:00:00Z") == MONDAY
