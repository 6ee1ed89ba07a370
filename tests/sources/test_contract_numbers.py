"""Numbers at the edges of what machines hold: in every format the exact answer, or none."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest

from cvnpolicy.core.evidence import MeasureNeed, Readings, Selection, Unavailable
from cvnpolicy.core.time import from_us, rfc3339
from tests.sources.formats import Data, Row, hour, hours

LEAST, MOST = -(2**63), 2**63 - 1
ID = 123_456_789_012_345_678
"""An identifier as exchanges give them; the nearest float also stands for its neighbours."""
IDS = (ID, ID + 1, ID - 1)
SNOWFLAKES = (MOST, MOST - 1, MOST - 2)


def rows(values) -> list[Row]:
    return [{"ts": hour(index / 10), "id": value, "x": 1.0} for index, value in enumerate(values)]


def moment(statistic: str, values: list[int]) -> float | int:
    """The definition, in fractions."""
    exact = [Fraction(value) for value in values]
    mean = sum(exact) / len(exact)
    if statistic in ("variance", "std"):
        variance = sum((value - mean) ** 2 for value in exact) / (len(exact) - 1)
        return math.sqrt(variance) if statistic == "std" else float(variance)
    if statistic.startswith("p"):
        place = Fraction((len(exact) - 1) * int(statistic[1:]), 100)
        ordered, below = sorted(exact), math.floor(place)
        above = ordered[min(below + 1, len(exact) - 1)]
        return float(ordered[below] + (above - ordered[below]) * (place - below))
    found = {"sum": sum(values), "mean": float(mean), "min": min(values), "max": max(values)}
    return {**found, "last": values[-1], "delta": values[-1] - values[0]}[statistic]


@pytest.mark.parametrize(
    "values",
    [
        [-9 * 10**18, -9 * 10**18, 9 * 10**18],
        [LEAST, MOST],
        [MOST, MOST, MOST],
        [LEAST, 5, 7],
        [MOST, MOST - 1, MOST - 3],
        [LEAST, LEAST + 1, LEAST],
    ],
    ids=str,
)
def test_integers_of_64_bits(data, values):
    data.add("rows", rows(values))
    for statistic in ("variance", "std", "p50", "p75", "p99", "mean", "sum", "min", "max", "last", "delta"):
        found = data.reading(MeasureNeed(statistic, data.selection(), ("id",)))
        assert found.value == pytest.approx(moment(statistic, values), rel=1e-15), statistic
        assert found.samples == len(values)


def test_percentiles_are_rounded_once(data):
    values = [4.6, 4.7, 4.65, 0.1, 1e308, -1e308, 1 / 3]
    data.add("rows", [{"ts": hour(index / 10), "x": value} for index, value in enumerate(values)])
    for percent in (50, 63, 90, 95, 99):
        place = Fraction((len(values) - 1) * percent, 100)
        below, above = (Fraction(sorted(values)[math.floor(place) + more]) for more in (0, 1))
        exact = float(below + (above - below) * (place - math.floor(place)))
        assert data.reading(MeasureNeed(f"p{percent}", data.selection(), ("x",))).value == exact


@pytest.mark.parametrize("first", [0, 2**53, ID, MOST - 4, LEAST])
def test_the_shift_of_integers_does_not_depend_on_where_they_lie(data, first):
    data.add("rows", [{"ts": hour(at / 10), "id": first + at, "x": 1.0} for at in range(5)])
    then, now = data.selection(window=hours(0, 0.25)), data.selection(window=hours(0.25, 1))
    found = data.reading(MeasureNeed("mean_shift", now, ("id",), reference=then))
    assert (found.value, found.details["reference_sd"]) == (2.5, 1.0)
    assert (found.details["n"], found.details["m"]) == (3, 2)


def test_a_shift_above_the_range_of_floats_is_no_number(data):
    data.add("rows", [{"ts": hour(at), "x": x} for at, x in enumerate([1.7e308, 1.6e308, 1.0, 2.0])])
    huge, small = data.selection(window=hours(0, 2)), data.selection(window=hours(2, 4))
    for now, then, kept in ((huge, small, {"reference_mean", "reference_sd"}), (small, huge, {"mean"})):
        found = data.reading(MeasureNeed("mean_shift", now, ("x",), reference=then))
        assert math.isnan(found.value)
        assert set(found.details) == {*kept, "n", "m"}


@pytest.mark.parametrize("ids", [IDS, SNOWFLAKES, (MOST + 1, MOST + 2, 2**64 - 1)], ids=str)
def test_identifiers_have_neighbours(data, ids):
    data.add("rows", rows([*ids, ids[0]]))
    for wanted in ([ids[0]], [str(ids[0])], [ids[0], 1.5], [ids[0], float(2**62)], [1.5, str(ids[0])]):
        assert data.reading(MeasureNeed("count", data.selection(id=wanted))).value == 2, wanted
        assert set(data.groups(MeasureNeed("count", data.selection(id=wanted), by=("id",)))) == {
            (("id", wanted[0] if len(wanted) == 1 else next(each for each in wanted if str(each) == str(ids[0]))),)
        }
    groups = data.groups(MeasureNeed("count", data.selection(), by=("id",)))
    assert {key[0][1]: one.value for key, one in groups.items()} == {ids[0]: 2, ids[1]: 1, ids[2]: 1}
    assert data.reading(MeasureNeed("distinct", data.selection(), ("id",))).value == 3
    assert data.reading(MeasureNeed("duplicates", data.selection(), ("id",))).value == 1


def test_identifiers_among_other_numbers(data):
    if data.kind.name in ("parquet", "frame"):
        return  # their columns have one type, and it is float64: no such identifiers
    data.add("rows", rows([*IDS, 0.5, 2**64 + 1, 2**64]))
    assert data.reading(MeasureNeed("count", data.selection(id=[ID]))).value == 1
    assert data.reading(MeasureNeed("count", data.selection(id=[2**64 + 1, 0.5]))).value == 2
    assert data.reading(MeasureNeed("distinct", data.selection(), ("id",))).value == 6
    assert data.reading(MeasureNeed("duplicates", data.selection(), ("id",))).value == 0
    keys = {key[0][1] for key in data.groups(MeasureNeed("count", data.selection(), by=("id",)))}
    assert keys == {*IDS, 0.5, 2**64 + 1, 2**64}
    total = data.reading(MeasureNeed("sum", data.selection(), ("id",)))
    assert total.value == math.fsum([*IDS, 0.5, 2**64 + 1, 2**64])


def test_floats_that_cannot_be_an_identifier(data):
    data.add("rows", rows([float(ID), 0.5]))
    need = MeasureNeed("count", data.selection(id=[ID + 1]))
    if data.kind.has_types and data.kind.name != "jsonl":
        assert "so none of them can be" in data.reason(need)
    else:
        assert data.groups(need).get((), None) is None or data.reading(need).value == 0
    assert data.reading(MeasureNeed("count", data.selection(id=[float(ID)]))).value == 1


def test_zero_has_no_sign_in_a_group(data):
    data.add("rows", [{"ts": hour(index / 10), "g": value} for index, value in enumerate([-0.0, 0.0, 1.5])])
    groups = data.groups(MeasureNeed("count", data.selection(), by=("g",)))
    assert repr(sorted(key[0][1] for key in groups)) == "[0.0, 1.5]"
    assert groups[("g", 0.0),].value == 2


def test_nan_is_no_group(data):
    data.add("rows", [{"ts": hour(index / 10), "g": value} for index, value in enumerate([math.nan, 2.0, 1.5])])
    groups = data.groups(MeasureNeed("count", data.selection(), by=("g",)))
    assert {key[0][1] for key in groups} == {1.5, 2.0}
    assert all(reading.details["ungrouped"] == 1 for reading in groups.values())


# --- what is asked together


def test_an_answer_does_not_depend_on_what_else_is_asked(data):
    data.add(
        "rows",
        [{"ts": hour(-500), "x": "abc", "k": "abc"}]
        + [{"ts": hour(index / 10), "x": value, "k": value} for index, value in enumerate(["1", "1.0", "1e0"])],
    )
    window = hours(0, 1)
    needs = [
        MeasureNeed("distinct", data.selection(window=window), ("x",)),
        MeasureNeed("mean", data.selection(window=window), ("x",)),
        MeasureNeed("count", data.selection(window=window), by=("k",)),
        MeasureNeed("count", data.selection(window=window, x=[1])),
        MeasureNeed("last", data.selection(window=window), ("x",)),
        MeasureNeed("duplicates", data.selection(window=window), ("x",)),
        MeasureNeed("missing", data.selection(window=window), ("x",)),
        MeasureNeed("mean_shift", data.selection(window=window), ("x",), reference=data.selection(window=window)),
    ]
    alone = [data.ask(need)[0] for need in needs]
    others = [MeasureNeed("count", data.selection(window=hours(-900, 1))), MeasureNeed("count", data.selection())]
    assert data.ask(*needs, *others)[: len(needs)] == alone
    if data.kind.event is not None:
        assert [one.groups[()].value for one in alone[:2] if isinstance(one, Readings)] == [1, 1.0]


# --- the calendar's ends


@pytest.mark.parametrize(
    "written",
    ["9999-12-31T23:00:00-02:00", "0001-01-01T00:00:00+02:00", "infinity", "-infinity", "0000-05-05T00:00:00Z"],
)
def test_instants_outside_of_the_calendar(data, written):
    if data.kind.name in ("parquet", "frame"):
        return  # tested with their own types
    data.add("rows", [{"ts": written, "x": 1.0}])
    for statistic in ("last", "count", "mean"):
        columns = () if statistic == "count" else ("x",)
        for window in (None, hours(0, 1)):
            if statistic != "last" and window is None:
                continue
            (answer,) = data.ask(MeasureNeed(statistic, data.selection(window=window), columns))
            if data.kind.event is not None and window is not None and "infinity" not in written:
                assert isinstance(answer, Readings | Unavailable)
                continue
            assert isinstance(answer, Unavailable), (statistic, window, answer)


@pytest.mark.parametrize("us", [0, -1, -62_135_596_800_000_000, 253_402_300_799_999_999])
def test_instants_at_the_ends_of_the_calendar(data, us):
    data.add("rows", [{"ts": rfc3339(from_us(us)) if data.kind.name != "frame" else from_us(us), "x": 1.0}])
    if data.kind.name == "parquet":
        data.add("rows", [{"ts": from_us(us), "x": 1.0}])
    found = data.reading(MeasureNeed("last", data.selection(), ("x",)))
    assert found.details["at"] == rfc3339(from_us(us))


# --- one thing under two spellings


def test_the_cells_of_an_axis_are_what_they_mean(data):
    spelled: list[object] = [1, 2, 3, 1.0] if data.kind.has_types else ["1", "2", "3", "1.0"]
    data.add("rows", [{"ts": hour(index / 10), "fold": fold, "x": 1.0} for index, fold in enumerate(spelled)])
    assert "2 rows" in data.reason(MeasureNeed("mean", data.selection(), ("x",), over=("fold",)))
    data.add("more", [{"ts": hour(index / 10), "fold": fold, "x": 1.0} for index, fold in enumerate([1.5, math.nan])])
    assert "have no fold" in data.reason(
        MeasureNeed("mean", Selection("more", data.kind.event), ("x",), over=("fold",))
    )


def test_a_member_expected_twice_is_one_cell(data):
    data.add("rows", [{"ts": hour(index / 10), "fold": fold, "x": 1.0} for index, fold in enumerate([1, 2])])
    found = data.reading(MeasureNeed("coverage", data.selection(), expect=(("fold", (1, "1", 1.0, 2, 3)),)))
    assert (found.details["cells"], found.details["present"]) == (3, 2)
    assert found.value == 2 / 3


def test_f1_leaves_out_rows_without_both_values(data):
    values = [(1.0, 1.0), (None, math.nan), (math.nan, None), (0.0, 0.0)]
    data.add("rows", [{"ts": hour(index / 10), "y": y, "p": p} for index, (y, p) in enumerate(values)])
    found = data.reading(MeasureNeed("f1", data.selection(), ("y", "p")))
    assert (found.value, found.samples) == (1.0, 2)
    assert found.details["null"] == 2
    assert "nonfinite" not in found.details


# --- drift without a sample


@pytest.mark.parametrize("statistic", ["ks_statistic", "ks_pvalue", "psi", "mean_shift"])
def test_both_sizes_are_always_said(data, statistic):
    values = {"both": [1.0, 2.0], "nan": [math.nan, math.nan], "some": [1.0, math.nan]}
    data.add("rows", [{"ts": hour(index), "g": g, "x": x} for g, xs in values.items() for index, x in enumerate(xs)])
    for then, n in (("both", 2), ("nan", 0), ("some", 1), ("nothing", 0)):
        for now, m in (("both", 2), ("nan", 0), ("some", 1)):
            need = MeasureNeed(statistic, data.selection(g=[now]), ("x",), reference=data.selection(g=[then]))
            found = data.reading(need)
            assert (found.details["n"], found.details["m"], found.samples) == (n, m, m)
            assert (found.value is None) is (n < (2 if statistic == "mean_shift" else 1) or not m)
            left_out = {"reference": {"nan": 2, "some": 1}.get(then, 0), "current": {"nan": 2, "some": 1}.get(now, 0)}
            assert found.details.get("nonfinite", {"reference": 0, "current": 0}) == left_out


# --- a feed that writes rows without values


def cadence(data: Data) -> dict[str, str]:
    """What only tables declare."""
    return {"cadence": "1h"} if data.kind.event is None else {}


def test_a_row_without_a_value_fills_no_slot(data):
    values = [1.0, None, None, 2.0]
    data.add("rows", [{"ts": hour(index), "x": x, "y": 1.0} for index, x in enumerate(values)], **cadence(data))
    selection = data.selection(window=hours(0, 4))
    table = data.kind.event is None
    for statistic in ("mean", "sum", "last", "distinct"):
        found = data.reading(MeasureNeed(statistic, selection, ("x",)))
        assert (found.samples, found.coverage) == (2, 0.5 if table else None)
    assert data.reading(MeasureNeed("mean", selection, ("y",))).coverage == (1.0 if table else None)
    assert data.reading(MeasureNeed("count", selection)).coverage == (1.0 if table else None)
    for statistic in ("duplicates", "missing"):
        assert data.reading(MeasureNeed(statistic, selection, ("x",))).coverage == (1.0 if table else None)


def test_a_value_that_drift_leaves_out_fills_no_slot(data):
    values = [1.0, math.nan, math.inf, 2.0]
    data.add("rows", [{"ts": hour(index), "x": x} for index, x in enumerate(values)], **cadence(data))
    selection = data.selection(window=hours(0, 4))
    for statistic in ("ks_pvalue", "mean_shift"):
        found = data.reading(MeasureNeed(statistic, selection, ("x",), reference=data.selection()))
        assert found.coverage == (0.5 if data.kind.event is None else None)
    assert math.isnan(data.reading(MeasureNeed("mean", selection, ("x",))).value or 0)
