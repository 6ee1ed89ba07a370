"""What only event logs have: heartbeats, and events that others have to follow or to come before."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from cvnpolicy.core.evidence import Direction, Liveness, Match, MeasureNeed, Reading, Selection
from cvnpolicy.core.time import Window
from cvnpolicy.sources.tables.liveness import longest_silence
from tests.sources.formats import BINDING, Data, Frame, Logfmt, Row, hour, hours

DAY = 24 * 3_600_000_000
HOUR = 3_600_000_000


@pytest.fixture(params=[Logfmt(), Frame()], ids=["logfmt", "frame"])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Data:
    return Data(tmp_path, request.param)


def write(log: Data, *lines: tuple[float, str, dict[str, str]]) -> None:
    """Write events of several names, each with its hour."""
    rows: list[Row] = [{"event": name, "ts": hour(at), **fields} for at, name, fields in lines]
    if isinstance(log.kind, Frame):
        log.kind.add(log, "log", rows, {})
        return
    text = "".join(f"{Logfmt().line(row)}\n" for row in rows)
    (log.root / "app.log").write_text(text)
    log.bind("log", type="logfmt", path="app.log")


DAYLONG = hours(0, 24)


def select(event: str, window: Window | None = DAYLONG, **where: Any) -> Selection:
    return Selection("log", event, tuple((name, tuple(values)) for name, values in where.items()), window)


def count(alive: Liveness | None = None, **where: Any) -> MeasureNeed:
    return MeasureNeed("count", select("fallback", **where), by=tuple(sorted(where)), alive=alive)


def beat(interval: int = DAY, **where: Any) -> Liveness:
    return Liveness(select("started", **where), interval)


def test_a_count_with_a_heartbeat(log):
    write(log, (-1, "started", {}), (1, "fallback", {}), (2, "fallback", {}), (20, "started", {}))
    assert log.reading(count(beat())) == Reading(2, 2, details={"longest_silence_s": 21 * 3600.0})


def test_a_zero_is_vouched_for_by_the_heartbeat(log):
    write(log, (-1, "started", {}), (20, "started", {}))
    assert log.reading(count(beat())) == Reading(0, 0, details={"longest_silence_s": 21 * 3600.0})
    assert not log.reading(count(beat(20 * HOUR))).alive


def test_a_dead_source_has_no_zero(log):
    write(log, (-1, "other", {}))
    assert log.groups(count(beat())) == {}


def test_without_a_heartbeat_nothing_is_vouched_for(log):
    write(log, (1, "fallback", {}))
    assert log.reading(count()) == Reading(1, 1, alive=False)
    write(log, (1, "other", {}))
    assert log.groups(count()) == {}


def test_a_whole_run_has_no_silence_to_measure(log):
    write(log, (0, "started", {}), (1, "fallback", {}))
    need = MeasureNeed("count", select("fallback", None), alive=Liveness(select("started", None), DAY))
    assert log.reading(need) == Reading(1, 1, alive=False, details={"longest_silence_s": None})


def test_heartbeats_are_of_their_group(log):
    write(log, (-1, "started", {"model": "a"}), (1, "fallback", {"model": "b"}))
    groups = log.groups(count(beat(48 * HOUR, model=["a", "b"]), model=["a", "b"]))
    assert groups[("model", "a"),].alive
    assert groups[("model", "a"),].value == 0
    assert groups[("model", "b"),] == Reading(1, 1, alive=False)


@pytest.mark.parametrize("statistic", ["count", "rate", "unmatched"])
def test_events_without_their_group_spoil_every_count(log, statistic):
    write(log, (-1, "started", {"model": "a"}), (1, "fallback", {}), (2, "fallback", {"model": "a"}))
    more: dict[str, Any] = {"params": (("per", "1h"),)} if statistic == "rate" else {}
    if statistic == "unmatched":
        more = {"match": Match(select("review"), HOUR, ())}
    need = MeasureNeed(
        statistic, select("fallback", model=["a"]), by=("model",), alive=beat(48 * HOUR, model=["a"]), **more
    )
    reading = log.reading(need)
    assert not reading.alive
    assert reading.details["ungrouped"] == 1


@pytest.mark.parametrize(
    ("beats", "silence"),
    [
        ([0], 10),
        ([-3], 13),
        ([-3, 4], 7),
        ([-5, 2, 9], 7),
        ([0, 5], 5),
        ([5], 10),
        ([9], 14),
        ([-5, -4, 1, 2, 3, 4, 5, 6, 7, 8, 9], 5),
    ],
)
def test_the_longest_silence(beats, silence):
    assert longest_silence(np.array(beats), 0, 10, -5) == silence


@pytest.mark.parametrize(("interval", "alive"), [(DAY, True), (DAY - 1, False)])
def test_a_silence_of_exactly_the_interval_is_alive(log, interval, alive):
    write(log, (0, "started", {}))
    reading = log.reading(MeasureNeed("count", select("fallback"), alive=beat(interval)))
    assert (reading.value, reading.alive) == (0, alive)


def test_a_heartbeat_at_the_end_is_after_the_window(log):
    write(log, (-1, "started", {}), (24, "started", {}))
    assert log.reading(count(beat(25 * HOUR))).details == {"longest_silence_s": 25 * 3600.0}
    write(log, (-24, "started", {}), (1, "started", {}))
    assert log.reading(count(beat())).details == {"longest_silence_s": 25 * 3600.0}


def follow(hours_after: float = 2, *same: str, **where: Any) -> MeasureNeed:
    match = Match(select("review"), int(hours_after * HOUR), same)
    return MeasureNeed("unmatched", select("incident", **where), by=tuple(where), match=match)


def test_follow_ups_in_time(log):
    write(
        log,
        (1, "incident", {"id": "a"}),
        (2, "incident", {"id": "b"}),
        (3, "review", {"id": "a"}),
        (5, "review", {"id": "b"}),
        (6, "incident", {"id": "c"}),
    )
    found = log.reading(follow(2, "id"))
    assert (found.value, found.samples, found.alive) == (2, 3, False)
    assert found.details == {"events": 3, "pending": 0, "oldest": "2026-05-04T02:00:00Z"}
    assert log.reading(follow(3, "id")).value == 1


def test_the_deadline_itself_is_in_time(log):
    write(log, (1, "incident", {"id": "a"}), (3, "review", {"id": "a"}))
    assert log.reading(follow(2, "id")).value == 0
    just_short = timedelta(hours=2) / timedelta(hours=1) - 1 / HOUR
    assert log.reading(follow(just_short, "id")).value == 1


def test_a_review_before_the_incident_does_not_count(log):
    write(log, (0.5, "review", {"id": "a"}), (1, "incident", {"id": "a"}))
    assert log.reading(follow(2, "id")).value == 1


def test_a_review_at_the_same_instant_counts_for_all_before(log):
    write(log, (0.5, "incident", {"id": "a"}), (1, "incident", {"id": "a"}), (1, "review", {"id": "a"}))
    assert log.reading(follow(2, "id")).value == 0


@pytest.mark.parametrize(("at", "value", "pending"), [(21.9, 1, 0), (22, 0, 1), (23, 0, 1)])
def test_a_deadline_at_or_after_the_end_is_pending(log, at, value, pending):
    write(log, (at, "incident", {"id": "a"}), (25, "review", {"id": "a"}))
    found = log.reading(follow(2, "id"))
    assert found.value == value
    assert found.details["pending"] == pending


def test_an_incident_without_its_field_is_never_answered(log):
    write(log, (1, "incident", {}), (2, "incident", {"id": "a"}), (2, "review", {}), (2, "review", {"id": "a"}))
    assert log.reading(follow(2, "id")).value == 1


def test_without_fields_any_review_answers(log):
    write(log, (1, "incident", {}), (2, "review", {}))
    assert log.reading(follow(2)).value == 0


def test_follow_ups_by_group(log):
    write(
        log,
        (1, "incident", {"id": "a", "team": "x"}),
        (1, "incident", {"id": "b", "team": "y"}),
        (2, "review", {"id": "a"}),
    )
    found = log.groups(follow(2, "id", team=["x", "y", "z"]))
    assert {key[0][1]: reading.value for key, reading in found.items()} == {"x": 0, "y": 1}


def test_no_incidents_are_zero_only_with_a_heartbeat(log):
    write(log, (0, "started", {}), (1, "review", {}))
    assert log.groups(follow()) == {}
    need = MeasureNeed("unmatched", select("incident"), match=Match(select("review"), HOUR, ()), alive=beat())
    assert log.reading(need) == Reading(0, 0, details={"longest_silence_s": 24 * 3600.0})


def preceded(hours_before: float = 2, *same: str, alive: Liveness | None = None, **where: Any) -> MeasureNeed:
    """Incidents from the second hour on; their reviews may be from the first ones."""
    reach = timedelta(hours=hours_before)
    reviews = select("review", Window(hour(2) - reach, hour(24)))
    match = Match(reviews, reach // timedelta(microseconds=1), same, Direction.BEFORE)
    incidents = select("incident", hours(2, 24), **where)
    return MeasureNeed("unmatched", incidents, by=tuple(where), match=match, alive=alive)


MICROSECOND = 1 / HOUR


def test_what_came_before_in_time(log):
    write(
        log,
        (0.5, "incident", {"id": "z"}),
        (1, "review", {"id": "a"}),
        (2, "incident", {"id": "a"}),
        (3, "review", {"id": "b"}),
        (6, "incident", {"id": "b"}),
        (7, "incident", {"id": "c"}),
        (8, "review", {"id": "c"}),
        (24, "incident", {"id": "d"}),
    )
    found = log.reading(preceded(2, "id"))
    assert (found.value, found.samples, found.alive) == (2, 3, False)
    assert found.details == {"events": 3, "oldest": "2026-05-04T06:00:00Z"}
    assert log.reading(preceded(3, "id")).details == {"events": 3, "oldest": "2026-05-04T07:00:00Z"}


@pytest.mark.parametrize(
    ("review", "value"),
    [
        (4 + MICROSECOND, 1),
        (4, 0),
        (4 - MICROSECOND, 0),
        (2 + MICROSECOND, 0),
        (2, 0),
        (2 - MICROSECOND, 1),
    ],
)
def test_both_ends_of_the_time_before_are_in_it(log, review, value):
    write(log, (review, "review", {"id": "a"}), (4, "incident", {"id": "a"}))
    assert log.reading(preceded(2, "id")).value == value


def test_reviews_are_looked_for_before_the_window(log):
    write(log, (0, "review", {"id": "a"}), (2, "incident", {"id": "a"}), (23.9, "incident", {"id": "a"}))
    found = log.reading(preceded(2, "id"))
    assert (found.value, found.samples) == (1, 2)
    # An incident late in the window is judged in it: nothing can come any more that would be before it.
    assert found.details == {"events": 2, "oldest": "2026-05-04T23:54:00Z"}


def test_of_several_reviews_the_last_one_before_counts(log):
    write(
        log,
        *((at, "review", {"id": "a"}) for at in (0, 1, 3, 3, 5.5)),
        (3.5, "review", {"id": "b"}),
        (5, "incident", {"id": "a"}),
        (5, "incident", {"id": "a"}),
    )
    assert log.reading(preceded(2, "id")).value == 0
    assert log.reading(preceded(1.5, "id")).value == 2


def test_an_incident_without_its_field_has_nothing_before_it(log):
    write(log, (2, "review", {}), (2, "review", {"id": "a"}), (3, "incident", {}), (3, "incident", {"id": "a"}))
    assert log.reading(preceded(2, "id")).value == 1
    assert log.reading(preceded(2)).value == 0


def test_every_field_has_to_agree(log):
    write(
        log,
        (2, "review", {"id": "a", "team": "x"}),
        (2, "review", {"id": "b", "team": "y"}),
        (3, "incident", {"id": "a", "team": "y"}),
        (3, "incident", {"id": "b", "team": "y"}),
    )
    assert log.reading(preceded(2, "id", "team")).value == 1


def test_what_came_before_by_group(log):
    write(
        log,
        (2, "review", {"id": "a"}),
        (3, "incident", {"id": "a", "team": "x"}),
        (3, "incident", {"id": "b", "team": "y"}),
        (4, "incident", {"id": "a", "team": "y"}),
    )
    found = log.groups(preceded(2, "id", team=["x", "y", "z"]))
    assert {key[0][1]: (one.value, one.samples) for key, one in found.items()} == {"x": (0, 1), "y": (1, 2)}


def test_no_incidents_at_all_are_zero_only_with_a_heartbeat(log):
    write(log, (0, "started", {}), (1, "review", {}))
    assert log.groups(preceded()) == {}
    assert log.reading(preceded(alive=beat())) == Reading(0, 0, details={"longest_silence_s": 24 * 3600.0})


def test_what_came_before_needs_no_deadline(log):
    write(log, (1, "review", {}), (2, "incident", {}), (4, "incident", {}))
    match = Match(select("review", None), HOUR, (), Direction.BEFORE)
    found = log.reading(MeasureNeed("unmatched", select("incident", None), match=match))
    assert (found.value, found.samples, found.alive) == (1, 2, False)


def test_the_event_to_match_is_named(log):
    write(log, (2, "incident", {}))
    assert "need another event to match" in log.reason(MeasureNeed("unmatched", select("incident")))


def test_a_whole_run_has_no_deadlines(log):
    write(log, (1, "incident", {}))
    need = MeasureNeed("unmatched", select("incident", None), match=Match(select("review", None), HOUR, ()))
    assert "depends on the end of a window" in log.reason(need)


def test_a_rate_needs_a_window(log):
    write(log, (1, "fallback", {}))
    need = MeasureNeed("rate", select("fallback", None), params=(("per", "1h"),))
    assert "needs the length of a window" in log.reason(need)


def test_the_ratio_of_two_events(log):
    write(log, (1, "fallback", {}), (1, "started", {}), (2, "started", {}), (3, "started", {}), (4, "started", {}))
    need = MeasureNeed("ratio", select("fallback"), total=select("started"))
    assert log.reading(need) == Reading(0.25, 4, details={"numerator": 1, "denominator": 4})
    write(log, (1, "started", {}))
    assert log.reading(need) == Reading(0.0, 1, details={"numerator": 0, "denominator": 1})
    write(log, (1, "fallback", {}))
    assert log.reading(need) == Reading(None, 0, alive=False, details={"numerator": 1, "denominator": 0})


def test_a_log_is_asked_for_events_and_a_table_is_not(log, tmp_path):
    write(log, (1, "fallback", {}))
    if isinstance(log.kind, Logfmt):
        assert "is an event log" in log.reason(MeasureNeed("count", Selection("log", window=hours(0, 1))))
    log.bind("table", type="csv", path="t.csv")
    (tmp_path / "t.csv").write_text("ts,x\n")
    assert "has no events" in log.reason(MeasureNeed("count", Selection("table", "fallback")))
    log.bindings["facts"] = BINDING.validate_python({"type": "yaml", "path": "facts.yaml"})
    assert "is bound to type yaml" in log.reason(MeasureNeed("count", Selection("facts")))


def test_a_frame_without_events_is_no_log(tmp_path):
    log = Data(tmp_path, Frame())
    log.kind.add(log, "log", [{"ts": hour(0), "x": 1.0}], {})
    assert "has no column 'event'" in log.reason(MeasureNeed("count", select("fallback")))


def test_a_field_of_two_types_matches_nothing(tmp_path):
    log = Data(tmp_path, Frame())
    rows: list[Row] = [
        {"event": "incident", "ts": hour(2), "id": 7, "note": None},
        {"event": "review", "ts": hour(2), "id": "7", "note": "x"},
    ]
    log.kind.add(log, "log", rows, {})
    assert "'id' holds integers in log but text in log" in log.reason(follow(2, "id"))
    assert "'id' holds integers in log but text in log" in log.reason(preceded(2, "id"))
    assert log.reading(follow(2, "note")).value == 1
