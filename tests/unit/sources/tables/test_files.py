"""What single formats do with files that are odd, and how formats meet."""

from __future__ import annotations

import gzip
import json
import math

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cvnpolicy.core.errors import MissingExtraError
from cvnpolicy.core.evidence import MeasureNeed, Reading, Selection
from cvnpolicy.sources.tables import TablesSource, read_log, source
from cvnpolicy.sources.tables.connection import connect
from tests.sources.formats import Csv, Data, Frame, JsonLines, Parquet, Row, hour, hours

EVERY = Selection("rows")


@pytest.fixture
def data(tmp_path):
    return Data(tmp_path, Csv())


def text(data: Data, content: str | bytes, name: str = "rows.csv", kind: str = "csv") -> Data:
    data.bind("rows", type=kind, path=name)
    (data.root / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return data


def jsonl(data: Data, content: str) -> Data:
    return text(data, content, "rows.jsonl", "jsonl")


def mean(column: str = "x", **more) -> MeasureNeed:
    return MeasureNeed("mean", EVERY, (column,), **more)


# --- Parquet


@pytest.mark.parametrize("values", [[1, 2, math.nan, 4], [math.nan, 1, 1], [math.nan] * 5])
@pytest.mark.parametrize("options", [{}, {"use_dictionary": False}, {"write_statistics": False}, {"row_group_size": 1}])
def test_nan_is_found_whatever_the_statistics_of_a_file_say(data, values, options):
    # DuckDB prunes `WHERE NOT isnan(x)` by minima and maxima, which leave NaN out (its issue 25521).
    pq.write_table(pa.table({"x": np.array(values)}), data.root / "rows.parquet", **options)
    data.bind("rows", type="parquet", path="rows.parquet")
    bad = sum(math.isnan(value) for value in values)
    found = data.reading(mean())
    assert repr(found.value) == "nan"
    assert found.details["nonfinite"] == bad
    assert data.reading(MeasureNeed("distinct", EVERY, ("x",))).details["nonfinite"] == bad
    drift = data.reading(MeasureNeed("ks_pvalue", EVERY, ("x",), reference=EVERY))
    assert drift.details["nonfinite"] == {"reference": bad, "current": bad}
    assert drift.samples == len(values) - bad


def test_nan_in_a_group_column_is_no_group(data):
    pq.write_table(pa.table({"g": np.array([1.5, math.nan, 1.5])}), data.root / "rows.parquet")
    data.bind("rows", type="parquet", path="rows.parquet")
    groups = data.groups(MeasureNeed("count", EVERY, by=("g",)))
    assert groups == {(("g", 1.5),): Reading(2, 2, alive=False, details={"ungrouped": 1})}
    assert data.reading(MeasureNeed("count", Selection("rows", where=(("g", (1.5,)),)))).value == 2


def test_files_have_to_agree_on_types(data):
    for name, column in (("a", [1, 2]), ("b", [1.5, 2.5])):
        pq.write_table(pa.table({"x": column, "y": [1.0, 3.0]}), data.root / f"{name}.parquet")
    data.bind("rows", type="parquet", path="*.parquet")
    assert "is BIGINT in a.parquet but DOUBLE in b.parquet" in data.reason(mean())
    assert data.reading(mean("y")).value == 2


def test_a_column_that_one_file_lacks(data):
    pq.write_table(pa.table({"x": [1.0], "y": [1.0]}), data.root / "a.parquet")
    pq.write_table(pa.table({"y": [3.0]}), data.root / "b.parquet")
    data.bind("rows", type="parquet", path="*.parquet")
    assert "is missing in b.parquet" in data.reason(mean())
    assert data.reading(mean("y")).value == 2
    text(data, "x,y\n1,2\n", "a.csv")
    text(data, "y\n4\n", "b.csv")
    data.bind("rows", type="csv", path="*.csv")
    assert "is missing in b.csv" in data.reason(mean())
    assert data.reading(mean("y")).value == 3


def test_every_type_of_parquet(data):
    table = pa.table(
        {
            "i": pa.array([1, 2], pa.int8()),
            "u": pa.array([1, 2**63 + 2**11], pa.uint64()),
            "d": pa.array([1, 2], pa.decimal128(5, 2)),
            "f": pa.array([1, 2], pa.float32()),
            "day": pa.array([1, 2], pa.date32()),
            "list": pa.array([[1], [2]]),
            "word": pa.array(["a", "b"]).dictionary_encode(),
            "ns": pa.array([1_500, 2_500], pa.timestamp("ns", "UTC")),
            "naive": pa.array([1, 2], pa.timestamp("ns")),
        }
    )
    pq.write_table(table, data.root / "rows.parquet")
    data.bind("rows", type="parquet", path="rows.parquet", time="ns")
    assert data.reading(MeasureNeed("sum", EVERY, ("i",))).value == 3
    assert data.reading(MeasureNeed("max", EVERY, ("u",))).value == float(2**63 + 2**11)
    assert data.reading(mean("d")).value == 1.5
    assert data.reading(mean("f")).value == 1.5
    assert "holds values of another type (DATE)" in data.reason(mean("day"))
    assert "they cannot be groups" in data.reason(MeasureNeed("count", EVERY, by=("list",)))
    assert "no filter can name them" in data.reason(MeasureNeed("count", Selection("rows", where=(("day", ("x",)),))))
    assert data.groups(MeasureNeed("count", EVERY, by=("word",)))[("word", "a"),].value == 1
    assert "holds times without a time zone" in data.reason(mean("naive"))
    last = data.reading(MeasureNeed("last", EVERY, ("i",)))
    assert (last.value, last.details["at"]) == (2, "1970-01-01T00:00:00.000002Z")


def test_names_are_data(data):
    odd = 'x"; DROP TABLE rows; --'
    frame = pd.DataFrame({odd: [1.0, 2.0], "ts": [hour(0), hour(1)], "X": [7.0, 7.0], "'": ["a'b", 'c"d']})
    frame.to_parquet(data.root / "it's.parquet")
    data.bind("rows", type="parquet", path="it's.parquet")
    assert data.reading(mean(odd)).value == 1.5
    assert data.reading(mean("X")).value == 7
    assert "has no column 'x'" in data.reason(mean("x"))
    assert data.reading(MeasureNeed("count", Selection("rows", where=(("'", ("a'b", "' OR true --")),)))).value == 1


# --- CSV


@pytest.mark.parametrize(
    ("content", "part"),
    [
        ("", "rows.csv has no header"),
        ("\n1\n", "rows.csv has no header"),
        ("x,x\n1,2\n", "rows.csv names the column 'x' twice"),
        ("x,s\n1,a\n2\n", "rows.csv line 3 has 1 fields, its header 2"),
        ("x,s\n1,a\n2,b,c\n", "rows.csv line 3 has 3 fields, its header 2"),
        ('x,s\n1,"a\n2,b\n', "rows.csv line 2 opens a quote that is never closed"),
        ('x,s\n1,"a"b\n', "rows.csv"),
        ("x,s\n1,a\n2,b\r\n", "rows.csv ends its rows in different ways"),
        ("x,s\n1,a\n2,b", "rows.csv ends inside a row"),
        (b"x,s\n1,\xff\n", "rows.csv is not UTF-8"),
        (b"x,s\n" + b"1,a\n" * 9_000 + b"\xff,a\n", "rows.csv line 9002 is not UTF-8"),
        (b"x,\xff\n1,2\n", "rows.csv is not UTF-8"),
        ('"x,s\n1,a\n', "rows.csv has a damaged header"),
        ("x\n1\nabc\n2\n", "'abc' in rows.csv row 2 is not a number"),
        ("x\n1,5\n", "rows.csv line 2 has 2 fields, its header 1"),
        ("x\n1_000\n", "'1_000' in rows.csv row 1"),
        ("x\n0x10\n", "'0x10' in rows.csv row 1"),
        ("x\n 1\n", "' 1' in rows.csv row 1"),
        ("x\ntrue\n", "'true' in rows.csv row 1"),
    ],
)
def test_csv_that_is_not_read(data, content, part):
    assert part in text(data, content).reason(mean())


@pytest.mark.parametrize(
    ("content", "value"),
    [
        ("x\n1\n2\n", 1.5),
        ("x\r\n1\r\n2\r\n", 1.5),
        ("\ufeffx\n1\n2\n", 1.5),
        ('s,x\n"a,b",1\n"c ""d""\nnext line",2\n', 1.5),
        ("x,s\n,a\n2,b\n", 2),
        ("x\n1e400\n", math.nan),
        ("x\n+1\n.5\n1.\n-1e-1\n", 0.6),
        ("x\nNaN\n1\n", math.nan),
        ("x\n12345678901234567890\n", 12345678901234567890.0),
    ],
)
def test_csv_that_is_read(data, content, value):
    assert text(data, content).reading(mean()).value == pytest.approx(value, nan_ok=True)


def test_a_file_of_headers_has_no_rows(data):
    assert text(data, "x,ts\n").groups(mean()) == {}


def test_a_truncated_gzip_file(data):
    whole = gzip.compress(b"x\n" + b"1\n" * 5_000)
    for content in (whole[: len(whole) // 2], b"not gzip", whole[:-4]):
        assert "truncated or damaged gzip" in text(data, content, "rows.csv.gz").reason(mean())
    assert text(data, whole, "rows.csv.gz").reading(mean()).value == 1
    lines = gzip.compress(b'{"x": 1}\n' * 5_000)
    cut = text(data, lines[: len(lines) // 2], "rows.jsonl.gz", "jsonl")
    assert "truncated or damaged gzip file" in cut.reason(mean())


@pytest.mark.parametrize(
    ("written", "part"),
    [
        ("2026-05-04 00:00:00", "have no time zone: '2026-05-04 00:00:00' in rows.csv row 2"),
        ("2026-05-04T00:00", "have no time zone"),
        ("2026-05-04", "are not all instants: '2026-05-04' in rows.csv row 2"),
        ("2026-02-30T00:00:00Z", "are not all instants: '2026-02-30T00:00:00Z'"),
        ("2026-05-04T24:00:00Z", "are not all instants"),
        ("2026-05-04T00:00:00+16:00", "are not all instants"),
        ("1777852800", "are not all instants"),
        ("2026-05-04T02:00:00+02:00", "mix several time zones"),
        ("", "1 rows of dataset 'rows' have no instant in 'ts'"),
    ],
)
def test_instants_in_text(data, written, part):
    text(data, f"ts,x\n2026-05-04T00:00:00Z,1\n{written},2\n")
    assert part in data.reason(MeasureNeed("mean", Selection("rows", window=hours(0, 1)), ("x",)))


@pytest.mark.parametrize(
    "written",
    ["2026-05-04T00:30:00+00:00", "2026-05-04 00:30:00Z", "2026-05-04T00:30Z", "2026-05-04T00:30:00.000000999+0000"],
)
def test_instants_are_read_to_the_microsecond(data, written):
    text(data, f"ts,x\n2026-05-04T00:00:00.5Z,1\n{written},2\n")
    assert data.reading(MeasureNeed("last", Selection("rows", window=hours(0, 1)), ("x",))).value == 2
    window = hours(0.5, 0.5 + 1 / 3_600_000_000)
    assert data.reading(MeasureNeed("count", Selection("rows", window=window))).value == 1


# --- JSON lines


@pytest.mark.parametrize(
    ("content", "part"),
    [
        ('{"x": 1}\n{"x": 2', "rows.jsonl line 2 is not JSON"),
        ('{"x": 1}\n\n{"x": }\n', "rows.jsonl line 3 is not JSON"),
        ('{"x": 1}\n[1]\n', "rows.jsonl line 2 is no JSON object"),
        ('{"x": 1}\n1\n', "rows.jsonl line 2 is no JSON object"),
        ('{"x": 1} {"x": 2}\n', "rows.jsonl line 1 is not JSON"),
        ('{"x": "\\ud800"}\n', "rows.jsonl"),
        ('{"x": 1}\n{"x": "2"}\n', "column 'x' of dataset 'rows' mixes numbers and text"),
        ('{"x": 1}\n{"x": true}\n', "mixes booleans and numbers"),
        ('{"x": "1"}\n', "holds text"),
        ('{"x": {"y": 1}}\n', "holds values of another type (objects)"),
        ('{"x": [1]}\n', "holds values of another type (lists)"),
        ('{"y": 1}\n', "has no column 'x'"),
    ],
)
def test_json_lines_that_are_not_read(data, content, part):
    assert part in jsonl(data, content).reason(mean())


@pytest.mark.parametrize(
    ("content", "value"),
    [
        ('{"x": 1}\n{"x": 2}', 1.5),
        ('{"x": 1}\n\n{"x": 2.5}\n', 1.75),
        ('{"x": null}\n{"y": 1}\n', None),
        ('{"x": NaN}\n', math.nan),
        ('{"x": 18446744073709551615}\n', 2.0**64),
        ('{"x": -1}\n{"x": 1e3}\n', 499.5),
    ],
)
def test_json_lines_that_are_read(data, content, value):
    assert jsonl(data, content).reading(mean()).value == pytest.approx(value, nan_ok=True)


def test_null_is_no_value_of_any_type(data):
    jsonl(data, '{"o": {"a": 1}, "l": []}\n{"o": null, "l": null}\n{"o": {"a": null}, "l": [null]}\n{}\n')
    for name in ("o", "l"):
        assert data.reading(MeasureNeed("missing", EVERY, (name,))).details == {"rows": 4, "missing": 2}
        assert data.reading(MeasureNeed("distinct", EVERY, (name,))) == Reading(2, 2, details={"null": 2})
        assert data.reading(MeasureNeed("duplicates", EVERY, (name,))).value == 1


def test_keys_of_json_are_names_not_paths(data):
    row = {"a.b": 1, "a/b": 2, "a~b": 3, "$.x": 4, 'q"': 5, "a": {"b": 6}}
    jsonl(data, f"{json.dumps(row)}\n")
    for name in ("a.b", "a/b", "a~b", "$.x", 'q"'):
        assert data.reading(mean(name)).value == row[name]


# --- DataFrames


def frame(tmp_path, columns, index=None, **binding) -> Data:
    data = Data(tmp_path, Frame())
    data.frames["rows"] = pd.DataFrame(columns, index=index)
    if binding:
        data.bind("rows", type="parquet", path="unused.parquet", **binding)
    return data


def test_an_index_that_is_named_holds_the_instants(tmp_path):
    index = pd.DatetimeIndex([hour(0), hour(2)], name="when")
    window = MeasureNeed("mean", Selection("rows", window=hours(0, 1)), ("x",))
    assert "declares no column of instants" in frame(tmp_path, {"x": [1.0, 3.0]}, index).reason(window)
    assert frame(tmp_path, {"x": [1.0, 3.0]}, index, time="when").reading(window).value == 1
    assert frame(tmp_path, {"x": [1.0, 3.0]}, index.rename("ts")).reading(window).value == 1


def test_a_zone_with_summer_time_is_one_zone(tmp_path):
    instants = pd.to_datetime(["2026-03-29T00:30Z", "2026-03-29T01:30Z"]).tz_convert("Europe/Paris")
    data = frame(tmp_path, {"ts": instants, "x": [1.0, 2.0]})
    assert data.reading(MeasureNeed("last", EVERY, ("x",))).value == 2


def test_types_of_frames(tmp_path):
    columns = {
        "word": pd.Categorical(["a", "b"]),
        "level": pd.Categorical([1, 2]),
        "mixed": [1, "a"],
        "odd": [object(), object()],
        "none": [None, None],
        "flag": [True, False],
        "arrow": pd.Series([1, None], dtype="int64[pyarrow]"),
        "huge": [2**80, 1],
    }
    data = frame(tmp_path, columns)
    assert data.groups(MeasureNeed("count", EVERY, by=("word",)))[("word", "a"),].value == 1
    assert data.reading(mean("level")).value == 1.5
    for name in ("mixed", "odd", "huge"):
        assert "mixes types" in data.reason(mean(name))
    assert data.reading(mean("none")) == Reading(None, 0, details={"null": 2})
    assert "holds booleans" in data.reason(mean("flag"))
    assert data.reading(mean("arrow")) == Reading(1.0, 1, details={"null": 1})


def test_rows_of_a_frame_are_counted_from_one(tmp_path):
    data = frame(tmp_path, {"ts": ["2026-05-04T00:00:00Z", "tomorrow"], "x": [1.0, 2.0]})
    assert "are not all instants: 'tomorrow' in row 2" in data.reason(MeasureNeed("last", EVERY, ("x",)))


def test_an_empty_frame_has_no_columns(tmp_path):
    data = frame(tmp_path, {})
    assert "there are no columns" in data.reason(mean())


def test_a_column_of_several_chunks(tmp_path):
    chunks = pa.chunked_array([[1.0], [2.0, None]])
    data = frame(tmp_path, {"x": pd.Series(chunks, dtype=pd.ArrowDtype(pa.float64()))})
    assert data.reading(mean()) == Reading(1.5, 2, details={"null": 1})


def test_a_column_twice(tmp_path):
    data = frame(tmp_path, {"x": [1.0], "y": [2.0]})
    data.frames["rows"].columns = ["x", "x"]
    assert "is there twice" in data.reason(mean())


def test_a_frame_is_not_changed(tmp_path):
    data = frame(tmp_path, {"ts": [hour(0)], "x": [1.0]})
    before = data.frames["rows"].copy(deep=True)
    data.reading(mean())
    pd.testing.assert_frame_equal(data.frames["rows"], before)


# --- all of them


def test_groups_of_text_are_what_all_of_it_means(data):
    text(data, "number,flag,word\n1.5,true,a\n2,False,1\n")
    assert list(data.groups(MeasureNeed("count", EVERY, by=("number",)))) == [(("number", 1.5),), (("number", 2.0),)]
    assert list(data.groups(MeasureNeed("count", EVERY, by=("flag",)))) == [(("flag", False),), (("flag", True),)]
    assert list(data.groups(MeasureNeed("count", EVERY, by=("word",)))) == [(("word", "1"),), (("word", "a"),)]
    either = Selection("rows", where=(("word", (1, "a")),))
    assert list(data.groups(MeasureNeed("count", either, by=("word",)))) == [(("word", "a"),), (("word", 1),)]
    assert "can be nan" in data.reason(MeasureNeed("count", Selection("rows", where=(("number", (math.nan,)),))))


def test_distinct_values_of_any_type(tmp_path):
    data = frame(tmp_path, {"flag": [True, False], "word": ["1", "1.0"], "day": pd.to_datetime(["2026-01-01"] * 2)})
    counts = {name: data.reading(MeasureNeed("distinct", EVERY, (name,))).value for name in ("flag", "word", "day")}
    assert counts == {"flag": 2, "word": 2, "day": 1}
    loose = text(Data(tmp_path, Csv()), "x\n1\n1.0\n2\n")
    assert loose.reading(MeasureNeed("distinct", EVERY, ("x",))).value == 2


def test_drift_leaves_missing_values_out(data):
    text(data, "x,g\n1,a\n,a\n3,b\n")
    now, then = (Selection("rows", where=(("g", (name,)),)) for name in ("a", "b"))
    found = data.reading(MeasureNeed("psi", now, ("x",), reference=then))
    assert found.details["null"] == {"reference": 0, "current": 1}
    assert (found.details["n"], found.details["m"], found.samples) == (1, 1, 1)


def test_many_columns_at_once(data):
    names = [f"x{index}" for index in range(20)]
    text(data, ",".join(names) + "\n" + ",".join(str(index) for index in range(20)) + "\n")
    needs = [MeasureNeed(statistic, EVERY, (name,)) for statistic in ("sum", "max") for name in names]
    values = [answer.groups[()].value for answer in data.ask(*needs)]
    assert values == [*range(20), *range(20)]


def test_a_reference_may_lie_in_another_format(tmp_path):
    values = np.random.default_rng(1).normal(size=50)
    rows: list[Row] = [{"ts": hour(index), "symbol": "BTC", "x": float(value)} for index, value in enumerate(values)]
    data = Data(tmp_path, Parquet())
    for name, kind in (("now", Parquet()), ("then", JsonLines())):
        kind.add(data, name, rows, {})
    need = MeasureNeed("ks_statistic", Selection("now"), ("x",), ("symbol",), reference=Selection("then"))
    assert data.reading(need).value == 0


def test_sums_do_not_depend_on_order(data):
    values = [1e16, 1.0, -1e16, 1e-3] * 500
    for order in (values, values[::-1], sorted(values)):
        text(data, "x\n" + "".join(f"{value!r}\n" for value in order))
        assert data.reading(MeasureNeed("sum", EVERY, ("x",))).value == math.fsum(values)


def test_large_numbers(data):
    text(data, "x\n" + f"{10**18 - 1}\n" * 20)
    assert data.reading(MeasureNeed("sum", EVERY, ("x",))).value == 20 * (10**18 - 1)
    assert data.reading(MeasureNeed("variance", EVERY, ("x",))).value == 0
    text(data, "x\n1.7e308\n1.7e308\n-1.7e308\n")
    assert repr(data.reading(MeasureNeed("variance", EVERY, ("x",))).value) == "nan"
    total = text(data, "x\n1.7e308\n1.7e308\n").reading(MeasureNeed("sum", EVERY, ("x",)))
    assert repr(total.value) == "nan"


@pytest.mark.parametrize("wanted", [10**38, -(10**38), 10**400, math.nan])
def test_a_filter_beyond_38_digits(data, wanted):
    need = MeasureNeed("count", Selection("rows", where=(("x", (wanted,)),)))
    assert "so none of them can be" in text(data, "x\n1\n").reason(need)
    assert "so none of them can be" in jsonl(data, '{"x": 1}\n').reason(need)
    assert "so none of them can be" in jsonl(data, '{"x": 1.5}\n').reason(need)
    pq.write_table(pa.table({"x": pa.array([1], pa.uint64())}), data.root / "rows.parquet")
    data.bind("rows", type="parquet", path="rows.parquet")
    assert "so none of them can be" in data.reason(need)


def test_groups_have_a_limit(data, monkeypatch):
    from cvnpolicy.sources.tables import grouping

    text(data, "x\n1\n2\n3\n")
    monkeypatch.setattr(grouping, "MOST_GROUPS", 2)
    assert "more than 2 groups by x" in data.reason(MeasureNeed("count", EVERY, by=("x",)))


def test_grids_have_a_limit(data):
    text(data, "x\n1\n")
    expect = tuple((name, tuple(range(101))) for name in ("a", "b", "c"))
    assert "more than 1000000 cells" in data.reason(MeasureNeed("coverage", EVERY, expect=expect))


def test_a_group_outside_of_the_grid(data):
    text(data, "x,g\n1,a\n1,b\n")
    groups = data.groups(MeasureNeed("coverage", EVERY, by=("g",), expect=(("g", ("a",)), ("x", (1,)))))
    assert groups[("g", "a"),].value == 1
    assert groups[("g", "b"),] == Reading(None, 1, details={"cells": 0, "present": 0, "outside": 1})


def test_what_tables_do_not_answer(data):
    text(data, "x\n1\n")
    assert "tables do not answer 'leakage'" in data.reason(MeasureNeed("leakage", EVERY, ("x",)))
    assert "needs a reference" in data.reason(MeasureNeed("psi", EVERY, ("x",)))
    assert "needs a total" in data.reason(MeasureNeed("ratio", EVERY))


def test_equal_questions_of_other_types_are_told_apart(data):
    text(data, "flag\ntrue\nfalse\n")
    whole = MeasureNeed("count", Selection("rows", where=(("flag", (True,)),)))
    assert data.reading(whole).value == 1


def test_the_connection_opens_nothing_else(tmp_path):
    import duckdb

    (tmp_path / "in.csv").write_text("x\n1\n")
    (tmp_path / "out.csv").write_text("x\n1\n")
    connection = connect([tmp_path / "in.csv"])
    assert connection.execute("SELECT count(*) FROM read_csv(?)", [str(tmp_path / "in.csv")]).fetchall() == [(1,)]
    for query in (
        f"FROM read_csv('{tmp_path}/out.csv')",
        f"COPY (SELECT 1) TO '{tmp_path}/new.csv'",
        f"ATTACH '{tmp_path}/new.db'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        f"SET allowed_paths = ['{tmp_path}/out.csv']",
    ):
        with pytest.raises(duckdb.Error):
            connection.execute(query)
    connection.close()
    assert not (tmp_path / "new.csv").exists()


def test_too_little_memory_is_said(data, monkeypatch):
    import duckdb

    from cvnpolicy.sources.tables import answer as module

    def exhausted(*_):
        raise duckdb.OutOfMemoryException("Out of Memory Error: x")

    text(data, "x\n1\n")
    monkeypatch.setattr(module, "answer", exhausted)
    assert "does not fit into memory, of which 4GB may be used" in data.reason(mean())

    def starved(*_, **__):
        raise MemoryError

    monkeypatch.setattr(module, "answer", starved)
    assert "does not fit into memory" in data.reason(mean())
    monkeypatch.undo()
    monkeypatch.setattr(read_log, "load", starved)
    log = text(data, "event=bar ts=2026-05-04T00:00:00Z x=1\n", "rows.log", "logfmt")
    assert "does not fit into memory" in log.reason(MeasureNeed("mean", Selection("rows", "bar"), ("x",)))
    monkeypatch.setattr(module, "answer", exhausted)

    def failing(*_):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(module, "answer", failing)
    assert "dataset 'rows' cannot be read: Input/output error" in data.reason(mean())


def test_a_part_that_is_not_installed(tmp_path, monkeypatch):
    monkeypatch.setattr(source, "find_spec", lambda part: None if part == "duckdb" else part)
    with pytest.raises(MissingExtraError, match=r"\[tables\]"):
        TablesSource({}, tmp_path).answer([mean()])
    monkeypatch.setitem(__import__("sys").modules, "duckdb", None)
    with pytest.raises(MissingExtraError, match="event logs"):
        connect([])
