"""Types that keep more than a float does: decimals, unsigned integers, nanoseconds, and instants without an end."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvnpolicy.core.evidence import MeasureNeed, Selection
from cvnpolicy.core.finding import Pairs, Scalar
from cvnpolicy.core.time import from_us, rfc3339
from cvnpolicy.sources.tables.members import different, plain, same
from cvnpolicy.sources.tables.text import numeral
from tests.sources.formats import Csv, Data, Frame, Parquet, hours

EVERY = Selection("rows")
ODD = Decimal("12345678901234567.123")


@pytest.fixture
def data(tmp_path):
    return Data(tmp_path, Parquet())


def stored(data: Data, **columns: object) -> Data:
    pq.write_table(pa.table(columns), data.root / "rows.parquet")
    data.bind("rows", type="parquet", path="rows.parquet")
    return data


def count(**where: Sequence[Scalar]) -> MeasureNeed:
    return MeasureNeed("count", Selection("rows", where=tuple((name, tuple(values)) for name, values in where.items())))


def members(data: Data, name: str) -> list[object]:
    return [key[0][1] for key in data.groups(MeasureNeed("count", EVERY, by=(name,)))]


# --- decimals


def test_decimals_are_compared_digit_by_digit(data):
    wide = [Decimal(10**37 + index) for index in range(3)]
    stored(data, d=wide, p=[Decimal("0.10"), Decimal("2.50"), Decimal("2.50")], o=[ODD, ODD + Decimal("0.001"), ODD])
    for wanted in (10**37 + 1, str(10**37 + 1), f"{10**37 + 1}.0"):
        assert data.reading(count(d=[wanted])).value == 1
    assert data.reading(count(d=[10**37 + 1, 1.5, math.inf, "inf"])).value == 1
    assert data.groups(count(d=[1.5]))[()].value == 0
    for spelled in (2.5, "2.5", "2.500", "25e-1"):
        assert data.reading(count(p=[spelled])).value == 2
    assert data.reading(count(p=[0.1])).value == 1
    assert data.groups(count(p=[0.101]))[()].value == 0
    assert "so none of them can be 10" in data.reason(count(p=[10]))
    assert "so none of them can be 'a'" in data.reason(count(p=["a"]))
    assert "so none of them can be true" in data.reason(count(p=[True]))
    assert data.reading(count(o=[str(ODD)])).value == 2


def test_decimals_in_groups_and_tallies(data):
    wide = [Decimal(10**37 + index) for index in (0, 1, 0)]
    stored(data, d=wide, p=[Decimal("0.10"), Decimal("2.00"), Decimal("0.10")], o=[ODD, ODD + Decimal("0.001"), ODD])
    assert members(data, "d") == [10**37, 10**37 + 1]
    assert repr(sorted(map(str, members(data, "p")))) == "['0.1', '2.0']"
    assert sorted(map(str, members(data, "o"))) == [str(ODD), "12345678901234567.124"]
    for name in ("d", "p", "o"):
        assert data.reading(MeasureNeed("distinct", EVERY, (name,))).value == 2
        assert data.reading(MeasureNeed("duplicates", EVERY, (name,))).value == 1
    assert data.reading(MeasureNeed("mean", EVERY, ("p",))).value == pytest.approx(2.2 / 3)
    assert data.reading(MeasureNeed("max", EVERY, ("d",))).value == 1e37
    found = data.groups(MeasureNeed("sum", EVERY, ("p",), by=("o",)))
    assert found[("o", str(ODD)),].value == pytest.approx(0.2)


def test_unsigned_integers_keep_their_digits(data):
    stored(data, u=pa.array([2**64 - 1, 2**64 - 2, 5], pa.uint64()))
    assert data.reading(count(u=[2**64 - 1])).value == 1
    assert data.reading(count(u=[2**64 - 1, 5.0])).value == 2
    assert set(members(data, "u")) == {2**64 - 1, 2**64 - 2, 5}
    assert data.reading(MeasureNeed("max", EVERY, ("u",))).value == 2.0**64


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (Decimal(5), "5"),
        (Decimal("5.00"), "5.0"),
        (Decimal("0.10"), "0.1"),
        (ODD, "'12345678901234567.123'"),
        (Decimal("98765432109876543.00"), "98765432109876543"),
        (-0.0, "0.0"),
        (0.5, "0.5"),
        (7, "7"),
        (True, "True"),
        ("a", "'a'"),
        (None, "None"),
        (b"a", "None"),
    ],
)
def test_a_value_as_a_member(value, name):
    assert repr(plain(value)) == name


# --- numerals


@given(st.integers(-(10**38) + 1, 10**38 - 1), st.sampled_from(["", ".", ".0", ".000"]))
def test_whole_numerals_are_exact(value, ending):
    assert numeral(f"{value}{ending}") == value
    assert same(f"{value}{ending}", value)
    assert not same(f"{value + 1}{ending}", value)


@given(st.floats(allow_nan=False))
def test_other_numerals_are_floats(value):
    found = numeral(repr(value))
    assert found == value or (abs(value) < 1e38 and found == int(repr(value).partition(".")[0]))


@pytest.mark.parametrize("written", ["9" * 39, "9" * 5_000])
def test_numerals_of_more_than_38_digits_are_floats(written):
    assert isinstance(numeral(written), float)


def test_what_means_the_same_is_expected_once():
    assert different([1, "1", 1.0, True, "true", "TRUE", "1.0", "a", "a", 2]) == (1, True, "a", 2)
    assert repr(different(["1", 1, "1.0"])) == "('1',)"
    assert different(["1", "1.0", "true"]) == ("1", "1.0", "true")
    assert different([2**53, 2**53 + 1]) == (2**53, 2**53 + 1)
    assert different([]) == ()


@pytest.mark.parametrize("spelled", [["007", "7", "7.0", "+7", "7e0"], ["1e30", "1E+30", "10e29"], ["-0", "0", "0.0"]])
def test_spellings_among_long_numbers(tmp_path, spelled):
    data = Data(tmp_path, Csv())
    (tmp_path / "rows.csv").write_text("x\n" + "".join(f"{each}\n" for each in [*spelled, "12345678901234567890123"]))
    data.bind("rows", type="csv", path="rows.csv")
    assert data.reading(MeasureNeed("distinct", EVERY, ("x",))).value == 2
    assert data.reading(MeasureNeed("duplicates", EVERY, ("x",))).value == len(spelled) - 1
    assert data.reading(count(x=[float(spelled[0])])).value == len(spelled)
    keys: list[Pairs] = list(data.groups(MeasureNeed("count", EVERY, by=("x",))))
    assert len(keys) == 2
    assert 12345678901234567890123 in {key[0][1] for key in keys}


# --- instants


@pytest.mark.parametrize("ns", [-1, -999, -1_000, -1_001, 0, 999, 1_999, 1_777_852_799_999_999_999])
def test_nanoseconds_are_cut_to_the_microsecond_before(data, ns):
    array = pa.array([ns], pa.int64()).cast(pa.timestamp("ns", "UTC"))
    stored(data, ts=array, x=[1.0])
    frame = Data(data.root, Frame())
    frame.frames["rows"] = pd.DataFrame({"ts": pd.Series([ns], dtype="datetime64[ns, UTC]"), "x": [1.0]})
    arrow = Data(data.root, Frame())
    arrow.frames["rows"] = pd.DataFrame({"ts": pd.Series(array, dtype=pd.ArrowDtype(array.type)), "x": [1.0]})
    for each in (data, frame, arrow):
        at = each.reading(MeasureNeed("last", EVERY, ("x",))).details["at"]
        assert at == rfc3339(from_us(ns // 1_000)), each.kind.name


@pytest.mark.parametrize(
    ("us", "shown"),
    [
        (2**63 - 1, "infinity"),
        (1 - 2**63, "-infinity"),
        (-(2**63), "290309-12-21 (BC)"),
        (253_402_300_800_000_000, "10000-01-01"),
        (-62_135_596_800_000_001, "0001-12-31 (BC)"),
    ],
)
def test_instants_without_an_end_are_refused(data, us, shown):
    instants = pa.array([0, us], pa.int64()).cast(pa.timestamp("us", "UTC"))
    stored(data, ts=instants, x=[1.0, 2.0], y=[1, 2])
    window = Selection("rows", window=hours(0, 1))
    for need in (
        MeasureNeed("last", EVERY, ("x",)),
        MeasureNeed("delta", EVERY, ("x",)),
        MeasureNeed("count", window),
        MeasureNeed("mean", window, ("x",)),
    ):
        reason = data.reason(need)
        assert f"the instants 'ts' of dataset 'rows' go beyond the calendar: '{shown}" in reason
        assert "in rows.parquet row 2" in reason
    assert data.reading(MeasureNeed("mean", EVERY, ("x",))).value == 1.5


@pytest.mark.parametrize("unit", ["s", "ms", "us"])
def test_instants_of_frames_beyond_the_calendar(tmp_path, unit):
    data = Data(tmp_path, Frame())
    data.frames["rows"] = pd.DataFrame(
        {"ts": pd.Series(np.array([2**60 if unit == "us" else 2**55, 0], f"datetime64[{unit}]")), "x": [1.0, 2.0]}
    )
    data.frames["rows"]["ts"] = data.frames["rows"]["ts"].dt.tz_localize("UTC")
    reason = data.reason(MeasureNeed("last", EVERY, ("x",)))
    assert "beyond the calendar" in reason or "mixes types" in reason
    assert data.reading(MeasureNeed("mean", EVERY, ("x",))).value == 1.5


# --- the rest


def test_columns_without_values_and_durations(data):
    stored(data, n=pa.nulls(2), d=pa.array([1, 2], pa.duration("s")), x=[1.0, 2.0])
    found = data.reading(MeasureNeed("mean", EVERY, ("n",)))
    assert (found.value, found.samples, found.details) == (None, 0, {"null": 2})
    assert "holds durations, whose unit DuckDB does not know, in rows.parquet" in data.reason(
        MeasureNeed("mean", EVERY, ("d",))
    )
    assert data.reading(MeasureNeed("mean", EVERY, ("x",))).value == 1.5


def test_axes_of_any_type_are_shown(data):
    stored(data, fold=pa.array([1, 1], pa.timestamp("us", "UTC")), x=[1.0, 2.0])
    assert "has 2 rows for fold 1970-01-01 00:00:00.000001+00" in data.reason(
        MeasureNeed("mean", EVERY, ("x",), over=("fold",))
    )
