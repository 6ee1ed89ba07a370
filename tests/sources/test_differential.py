"""Random tables against a second implementation, in exact fractions and plain loops, written from the documents."""

from __future__ import annotations

import itertools
import math
import random
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest

from cvnpolicy.core.evidence import Direction, Liveness, Match, MeasureNeed, Reading, Readings, Selection
from cvnpolicy.core.finding import Pairs
from cvnpolicy.core.time import Window
from tests.sources.formats import FORMATS, Data, Format, Row, hour, hours

Groups = dict[Pairs, list[Row]]
Where = dict[str, tuple[str | int, ...]]

NAMES = ("BTC", "über", "日本", "O'Neil;DROP")
BEAT = ("beat", "fix")


def tables(draw: random.Random, count: int) -> list[Row]:
    """Rows in order of time, with gaps, ties of values, NULL, NaN and ±inf."""
    at, rows = 0.0, list[Row]()
    for _ in range(count):
        odd = draw.random()
        x = draw.choice([draw.gauss(0, 2), round(draw.gauss(0, 2), 1), draw.gauss(1e9, 1), float(draw.randint(-2, 2))])
        rows.append(
            {
                "ts": hour(at),
                "symbol": None if draw.random() < 0.02 else draw.choice(NAMES),
                "fold": draw.randint(0, 3),
                "x": draw.choice([math.nan, math.inf, -math.inf]) if odd < 0.02 else x,
                "k": None if odd > 0.9 else draw.randint(-4, 4),
                "y": draw.randint(0, 1),
                "p": draw.randint(0, 1),
            }
        )
        at += draw.choice([0.25, 0.5, 1, 1, 3])
    return rows


def chosen(rows: Iterable[Row], where: Where, window: Window | None) -> list[Row]:
    found = [row for row in rows if all(row[name] in allowed for name, allowed in where.items())]
    return [row for row in found if window is None or window.start <= row["ts"] < window.end]


def grouped(rows: Iterable[Row], by: Sequence[str]) -> Groups:
    found: Groups = {}
    for row in rows:
        if all(row[name] is not None for name in by):
            found.setdefault(tuple((name, row[name]) for name in sorted(by)), []).append(row)
    return found


def percentile(values: Sequence[float], percent: int) -> float:
    """Linear between neighbours at (n - 1)·q."""
    ordered = [Fraction(value) for value in sorted(values)]
    place = Fraction(percent * (len(ordered) - 1), 100)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return float(ordered[low] + (place - low) * (ordered[high] - ordered[low]))


def variance(values: Sequence[float]) -> float | None:
    if len(values) < 2:
        return None
    exact = [Fraction(value) for value in values]
    mean = sum(exact) / len(exact)
    return float(sum((value - mean) ** 2 for value in exact) / (len(exact) - 1))


def deviation(values: Sequence[float]) -> float | None:
    found = variance(values)
    return None if found is None else math.sqrt(found)


MOMENTS: dict[str, Callable[[Sequence[float]], float | None]] = {
    "sum": lambda values: float(sum(Fraction(value) for value in values)),
    "mean": lambda values: float(sum(Fraction(value) for value in values) / len(values)),
    "min": min,
    "max": max,
    "p50": lambda values: percentile(values, 50),
    "p73": lambda values: percentile(values, 73),
    "p95": lambda values: percentile(values, 95),
    "variance": variance,
    "std": deviation,
    "distinct": lambda values: len(set(values)),
}


def of_column(statistic: str, rows: Sequence[Row], column: str) -> tuple[float | None, int]:
    """Value and samples: NULL is left out, one value that is not finite makes NaN."""
    values = [row[column] for row in rows if row[column] is not None]
    if statistic in ("last", "delta"):
        used = [values[-1], *values[:1]][: 1 + (statistic == "delta")] if values else []
        if not all(map(math.isfinite, used)):
            return math.nan, len(values)
        return (used[0] - sum(used[1:]) if used else None), len(values)
    if not all(map(math.isfinite, values)):
        return math.nan, len(values)
    if statistic == "increase":
        grown = [after - before if after >= before else after for before, after in pairwise(values)]
        return (math.fsum(grown) if values else None), len(values)
    empty = 0 if statistic == "distinct" else None
    return (MOMENTS[statistic](values) if values else empty), len(values)


def psi(reference: Sequence[float], current: Sequence[float]) -> float:
    """Edges are the least values with a tenth, two tenths, … of the reference at or below them."""
    size = len(reference)
    at_most = {value: sum(other <= value for other in reference) for value in reference}
    edges = sorted({min(v for v in reference if 10 * at_most[v] >= tenth * size) for tenth in range(1, 10)})
    bounds = [-math.inf, *edges, math.inf]

    def shares(values: Sequence[float]) -> list[float]:
        bins = [sum(low < v <= high for v in values) for low, high in itertools.pairwise(bounds)]
        return [count / len(values) or 1e-4 for count in bins]

    return sum((q - p) * math.log(q / p) for p, q in zip(shares(reference), shares(current), strict=True))


def ks_numerator(reference: Sequence[float], current: Sequence[float]) -> int:
    n, m = len(reference), len(current)
    gaps = [m * sum(v <= at for v in reference) - n * sum(v <= at for v in current) for at in {*reference, *current}]
    return max(map(abs, gaps))


def mean_shift(reference: Sequence[float], current: Sequence[float]) -> float | None:
    spread = deviation(reference)
    if not spread:
        return None
    then, now = (sum(map(Fraction, values)) / len(values) for values in (reference, current))
    return float((now - then) / Fraction(spread))


def usable(value: float | None) -> bool:
    return value is not None and math.isfinite(value)


def same(found: float | None, expected: float | None) -> bool:
    if found is None or expected is None:
        return found is expected
    return math.isclose(found, expected, rel_tol=1e-12, abs_tol=1e-12) or (math.isnan(found) and math.isnan(expected))


@pytest.fixture(params=range(2), ids=lambda seed: f"seed{seed}")
def draw(request: pytest.FixtureRequest) -> random.Random:
    return random.Random(request.param)  # noqa: S311  test data, seeded on purpose


def windows(draw: random.Random, rows: Sequence[Row]) -> list[Window]:
    """Windows whose ends are instants of rows, so that the edges are hit."""
    instants = [row["ts"] for row in rows]
    pairs = [sorted(draw.sample(instants, 2)) for _ in range(2)]
    short = Window(instants[5], instants[5] + (hour(0.5) - hour(0)))
    return [hours(0, 200), short, *(Window(*pair) for pair in pairs)]


def selection(data: Data, window: Window, where: Where) -> Selection:
    return Selection("rows", data.kind.event, tuple(sorted(where.items())), window)


def ask(data: Data, *needs: MeasureNeed) -> list[Mapping[Pairs, Reading]]:
    """Ask several questions that all have answers."""
    found: list[Mapping[Pairs, Reading]] = []
    for need, answer in zip(needs, data.ask(*needs), strict=True):
        assert isinstance(answer, Readings), (need, answer)
        found.append(answer.groups)
    return found


BY: tuple[tuple[str, ...], ...] = ((), ("symbol",), ("fold", "symbol"))


def test_statistics_of_a_column(data, draw):
    rows = tables(draw, 60)
    data.add("rows", rows)
    asked: list[tuple[MeasureNeed, dict[Pairs, tuple[float | None, int]]]] = []
    for window in windows(draw, rows):
        by, column = draw.choice(BY), draw.choice(["x", "k"])
        where: Where = {"fold": (0, 2, 3)} if draw.random() < 0.5 else {}
        groups = grouped(chosen(rows, where, window), by)
        for statistic in (*MOMENTS, "last", "delta", "increase"):
            need = MeasureNeed(statistic, selection(data, window, where), (column,), by)
            asked.append((need, {key: of_column(statistic, found, column) for key, found in groups.items()}))
    for (need, expected), answer in zip(asked, ask(data, *(need for need, _ in asked)), strict=True):
        assert set(answer) == set(expected), need
        for key, (value, samples) in expected.items():
            assert same(answer[key].value, value), (need, key, answer[key], value)
            assert answer[key].samples == samples, (need, key)


def test_counts_and_shares(data, draw):
    rows = tables(draw, 60)
    data.add("rows", rows, **({} if data.kind.event else {"cadence": "90min", "time": "ts"}))
    for window in windows(draw, rows):
        by = draw.choice(BY[:2])
        where: Where = {"fold": (1, 2)}
        # Every group that has any rows vouches for its own zero; nothing does for an event without a heartbeat.
        there = [row for row in rows if row["symbol"] is not None or not by]
        every, some = grouped(chosen(there, {}, window), by), grouped(chosen(there, where, window), by)
        whole = not by or all(row["symbol"] is not None for row in chosen(rows, where, window))
        count = MeasureNeed("count", selection(data, window, where), by=by)
        found = data.groups(count)
        assert {key: one.value for key, one in found.items()} == {
            key: len(some.get(key, ())) for key in (some if data.kind.event else every)
        }
        for key, one in found.items():
            assert one.alive is (whole and data.kind.event is None)
            if data.kind.event is None:
                length = window.end - window.start
                slots = {(row["ts"] - window.start) // (hour(1.5) - hour(0)) for row in every[key]}
                assert same(one.coverage, min(1.0, len(slots) * 1.5 * 3600 / length.total_seconds()))
        known: Where = {"symbol": NAMES}
        over, under = (
            selection(data, window, {**known, **more}) for more in ({"fold": (1, 2)}, {"fold": tuple(range(4))})
        )
        if all(row["symbol"] is not None for row in chosen(rows, {}, window)):
            shares = data.groups(MeasureNeed("ratio", over, by=by, total=under))
            assert {key: (one.value, one.samples) for key, one in shares.items()} == {
                key: (len(some.get(key, ())) / len(found), len(found)) for key, found in every.items()
            }


def test_tallies(data, draw):
    rows = [row for row in tables(draw, 60) if row["symbol"] is not None]
    data.add("rows", rows)
    for window in windows(draw, rows):
        by = draw.choice(BY)
        groups, cut = grouped(chosen(rows, {}, window), by), selection(data, window, {})
        expect = (("fold", (0, 1, 9)), ("symbol", (*NAMES[:2], "none")))
        f1, twice, grid = ask(
            data,
            MeasureNeed("f1", cut, ("y", "p"), by),
            MeasureNeed("duplicates", cut, ("k", "y", "symbol"), by),
            MeasureNeed("coverage", cut, by=by, expect=expect),
        )
        assert set(f1) == set(twice) == set(grid) == set(groups)
        for key, found in groups.items():
            table = Counter((row["y"], row["p"]) for row in found)
            below = 2 * table[1, 1] + table[0, 1] + table[1, 0]
            assert same(f1[key].value, 2 * table[1, 1] / below if below else None)
            assert twice[key].value == len(found) - len({(r["k"], r["y"], r["symbol"]) for r in found})
            axes = {name: [m for m in members if m == dict(key).get(name, m)] for name, members in expect}
            cells = {(fold, symbol) for fold in axes["fold"] for symbol in axes["symbol"]}
            present = cells & {(row["fold"], row["symbol"]) for row in found}
            assert same(grid[key].value, len(present) / len(cells) if cells else None)


def test_missing_values(data, draw):
    rows = tables(draw, 60)
    data.add("rows", rows)
    for window in windows(draw, rows):
        by, cut = draw.choice(BY), selection(data, window, {})
        groups = grouped(chosen(rows, {}, window), by)
        columns = ("x", "k", "symbol")
        answers = ask(data, *(MeasureNeed("missing", cut, (column,), by) for column in columns))
        for column, answer in zip(columns, answers, strict=True):
            assert set(answer) == set(groups)
            for key, found in groups.items():
                missing = sum(row[column] is None or (column == "x" and not usable(row[column])) for row in found)
                assert (answer[key].value, answer[key].samples) == (missing / len(found), len(found))
                assert answer[key].details["missing"] == missing


def test_drift(data, draw):
    rows = tables(draw, 80)
    data.add("rows", rows)
    half, by = rows[len(rows) // 2]["ts"], draw.choice(BY[:2])
    before, after = Window(hour(0), half), Window(half, hour(1000))
    reference, current = (grouped(chosen(rows, {}, window), by) for window in (before, after))
    answers = ask(
        data,
        *(
            MeasureNeed(name, selection(data, after, {}), ("x",), by, reference=selection(data, before, {}))
            for name in ("psi", "ks_statistic", "mean_shift")
        ),
    )
    for key, found in current.items():
        now, then = ([row["x"] for row in part if usable(row["x"])] for part in (found, reference.get(key, [])))
        index, distance, shift = (answer[key] for answer in answers)
        assert index.samples == distance.samples == shift.samples == len(now)
        if not now or not then:
            assert index.value is distance.value is shift.value is None
            continue
        assert same(shift.value, mean_shift(then, now))
        assert same(index.value, psi(then, now))
        assert distance.details["numerator"] == ks_numerator(then, now)
        assert same(distance.value, ks_numerator(then, now) / (len(then) * len(now)))


def test_silences_and_follow_ups(tmp_path, draw):
    log: Format = next(kind for kind in FORMATS if kind.event)
    data, rows = Data(tmp_path, log), tables(draw, 90)
    kinds = [draw.choice(["bar", *BEAT]) for _ in rows]
    lines = (
        f"event={kind} ts={row['ts'].isoformat()} fold={row['fold']}\n" for kind, row in zip(kinds, rows, strict=True)
    )
    (tmp_path / "rows.log").write_text("".join(lines), encoding="utf-8")
    data.bind("rows", type="logfmt", path="rows.log")
    of = {name: [row for kind, row in zip(kinds, rows, strict=True) if kind == name] for name in ("bar", *BEAT)}
    fix_in = hour(2) - hour(0)
    beat_starts = [Window(row["ts"], hour(60)) for row in of["beat"][1:3]]
    for window in [*windows(draw, rows)[1:], *beat_starts]:
        limit = fix_in
        beats = [row["ts"] for row in of["beat"] if window.start - limit <= row["ts"] < window.end]
        silence = longest_silence(beats, window, limit)
        events, fixes = chosen(of["bar"], {}, window), chosen(of["fix"], {}, window)
        late = [event for event in events if event["ts"] + fix_in < window.end and not _answered(event, fixes, fix_in)]
        reach = Window(window.start - fix_in, window.end)
        earlier = chosen(of["fix"], {}, reach)
        bare = [event for event in events if not _preceded(event, earlier, fix_in)]
        # The second is exactly as long as the silence: that is still alive.
        for allowed in (limit, silence) if silence >= limit else (limit,):
            again = [row["ts"] for row in of["beat"] if window.start - allowed <= row["ts"] < window.end]
            longest = longest_silence(again, window, allowed)
            alive = Liveness(Selection("rows", "beat", (), window), allowed // timedelta(microseconds=1))
            us, cut = 2 * 3_600_000_000, Selection("rows", "bar", (), window)
            after = Match(Selection("rows", "fix", (), window), us, ("fold",))
            before = Match(Selection("rows", "fix", (), reach), us, ("fold",), Direction.BEFORE)
            unmatched, unprepared, count = ask(
                data,
                MeasureNeed("unmatched", cut, match=after, alive=alive),
                MeasureNeed("unmatched", cut, match=before, alive=alive),
                MeasureNeed("count", cut, alive=alive),
            )
            if not events and not again:
                assert unmatched == unprepared == count == {}
                continue
            assert (count[()].value, count[()].alive) == (len(events), bool(again) and longest <= allowed)
            assert (unmatched[()].value, unmatched[()].samples) == (len(late), len(events))
            assert (unprepared[()].value, unprepared[()].samples) == (len(bare), len(events))
            if again:
                assert count[()].details["longest_silence_s"] == longest.total_seconds()


def longest_silence(beats: Iterable[datetime], window: Window, before: timedelta) -> timedelta:
    """From the last heartbeat at or before the window, or from where one was looked for, to the window's end."""
    start = max((beat for beat in beats if beat <= window.start), default=window.start - before)
    marks = [start, *sorted(beat for beat in beats if beat > window.start), window.end]
    return max(later - earlier for earlier, later in itertools.pairwise(marks))


def _answered(event: Row, fixes: Iterable[Row], limit: timedelta) -> bool:
    return any(fix["fold"] == event["fold"] and event["ts"] <= fix["ts"] <= event["ts"] + limit for fix in fixes)


def _preceded(event: Row, fixes: Iterable[Row], limit: timedelta) -> bool:
    return any(fix["fold"] == event["fold"] and event["ts"] - limit <= fix["ts"] <= event["ts"] for fix in fixes)
