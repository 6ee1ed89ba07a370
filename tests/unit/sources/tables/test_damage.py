"""Damaged, half-written and oddly named files: said with the name that the binding gives, and never half believed."""

from __future__ import annotations

import gzip
import json
from importlib import import_module

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cvnpolicy.core.evidence import MeasureNeed, Readings, Selection, Unavailable
from cvnpolicy.sources.tables import packed, read_jsonl, samples, workspace
from tests.sources.formats import FILES, Csv, Data, Format, Parquet, Row, hour

EVERY = Selection("rows")
PLAIN = [kind for kind in FILES if kind.name != "csv-gz"]
TEXTS = [kind for kind in PLAIN if kind.name != "parquet"]


@pytest.fixture
def data(tmp_path):
    return Data(tmp_path, Csv())


def total(data: Data) -> MeasureNeed:
    return MeasureNeed("sum", data.selection(), ("x",))


def bound(data: Data, content: bytes, path: str, kind: str, **binding: object) -> Data:
    data.bind("rows", type=kind, path=path, **binding)
    (data.root / path).parent.mkdir(parents=True, exist_ok=True)
    (data.root / path).write_bytes(content)
    return data


@pytest.mark.parametrize("kind", TEXTS, ids=lambda kind: kind.name)
def test_a_flipped_bit_in_a_gzip_file_never_changes_a_number(tmp_path, kind: Format):
    data = Data(tmp_path, kind)
    rows: list[Row] = [{"ts": hour(index / 60), "x": index * 37 % 101 / 4} for index in range(60)]
    plain = tmp_path / "plain"
    kind.write(plain, rows)
    whole = gzip.compress(plain.read_bytes(), mtime=0)
    path = f"rows{kind.suffix}.gz"
    assert bound(data, whole, path, kind.name).reading(total(data)).value == sum(row["x"] for row in rows)
    # The last eight bytes are the checksum and the length.
    for place in [*range(10, len(whole) - 8, 17), *range(len(whole) - 8, len(whole))]:
        broken = bytearray(whole)
        broken[place] ^= 4
        reason = bound(data, bytes(broken), path, kind.name).reason(total(data))
        assert "gzip" in reason, place
        assert path in reason


@pytest.mark.parametrize("kind", TEXTS, ids=lambda kind: kind.name)
def test_what_is_gzipped_shows_in_its_first_bytes(tmp_path, kind: Format):
    data = Data(tmp_path, kind)
    kind.write(tmp_path / "plain", [{"ts": hour(0), "x": 1.5}])
    content = (tmp_path / "plain").read_bytes()
    for path in (f"rows{kind.suffix}", f"rows{kind.suffix}.GZ", f"rows{kind.suffix}.zst", "rows.gz"):
        assert bound(data, gzip.compress(content), path, kind.name).reading(total(data)).value == 1.5
    for path in ("rows.gz", f"rows{kind.suffix}.gz"):
        assert "gzip file" in bound(data, content, path, kind.name).reason(total(data))


def test_a_gzip_file_has_a_limit(data, monkeypatch):
    monkeypatch.setattr(packed, "MOST_UNPACKED", 1_000)
    content = gzip.compress(b"x\n" + b"1\n" * 2**20)
    assert "rows.csv.gz holds more than" in bound(data, content, "rows.csv.gz", "csv").reason(total(data))
    assert bound(data, gzip.compress(b"x\n1\n"), "rows.csv.gz", "csv").reading(total(data)).value == 1


# --- names


@pytest.mark.parametrize("odd", ["day[1]", "day?", "day*", "[a]/day", "da'y", "day[!1]", "d[[]*"])
@pytest.mark.parametrize("kind", PLAIN, ids=lambda kind: kind.name)
def test_a_name_is_no_pattern(tmp_path, kind: Format, odd):
    data = Data(tmp_path, kind)
    for name, values in ((odd, [100.0]), ("day1", [1.0, 2.0]), ("a/day", [3.0])):
        path = tmp_path / f"{name}{kind.suffix}"
        path.parent.mkdir(exist_ok=True)
        kind.write(path, [{"ts": hour(index), "x": value} for index, value in enumerate(values)])
    data.bind("rows", type=kind.name, path=f"**/*{kind.suffix}")
    found = data.reading(total(data))
    assert (found.value, found.samples) == (106.0, 4)
    data.bind("rows", type=kind.name, path=f"{odd}{kind.suffix}")
    found = data.reading(total(data))
    assert (found.value, found.samples) == (100.0, 1)


# --- messages


def test_a_cut_parquet_file_is_named_as_it_is_bound(data):
    Parquet().write(data.root / "whole.parquet", [{"ts": hour(0), "x": 1.0}])
    whole = (data.root / "whole.parquet").read_bytes()
    for content in (whole[:-20], whole[:3], b"", b"PAR1" * 5, whole[:-8] + b"\xff\xff\xff\x7fPAR1"):
        reason = bound(data, content, "deep/rows.parquet", "parquet").reason(total(data))
        assert reason.startswith("deep/rows.parquet is not a whole Parquet file | it may be half-written or damaged")


def test_damage_inside_of_a_parquet_file_is_named_without_a_place_on_this_machine(data):
    table = pa.table({"x": [float(index) for index in range(5_000)]})
    pq.write_table(table, data.root / "whole.parquet", compression="zstd", use_dictionary=False)
    whole = (data.root / "whole.parquet").read_bytes()
    bound(data, whole[:50] + b"\xff" * 2_000 + whole[2_050:], "rows.parquet", "parquet")
    reason = data.reason(total(data))
    assert str(data.root) not in reason
    assert "dataset 'rows' cannot be read" in reason
    assert "half-written" in reason


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b'\xef\xbb\xbf{"x": 1}\n', "rows.jsonl line 1 is not JSON"),
        (b'{"x": 1}\n{"x": 1, "s": "\\ud800"}\n', "rows.jsonl is not JSON lines: no low surrogate in string"),
        (b'{"x": 1}\n{"s": "' + b"a" * 40_000_000 + b'"}\n', "rows.jsonl line 2 is longer than 16,777,216 bytes"),
        (b'{"x": 1}\n{"x": 2, "y": 3, "x": 4}\n', "rows.jsonl line 2 has the key 'x' twice"),
        (b'{"x": 1}\n{"y": {"a": 1, "a": 2}, "z": 1, "z": 2}\n', "rows.jsonl line 2 has the key 'a' twice"),
    ],
)
def test_json_lines_are_named_without_a_place_on_this_machine(data, content, part):
    reason = bound(data, content, "rows.jsonl", "jsonl").reason(total(data))
    assert part in reason
    assert str(data.root) not in reason


def test_too_long_a_line_of_csv(data):
    reason = bound(data, b"x,s\n1," + b"a" * 60_000_000 + b"\n2,b\n", "rows.csv", "csv").reason(total(data))
    assert "rows.csv line 2 is longer than 2,097,152 bytes" in reason


def test_too_little_memory_for_json_lines(data, monkeypatch):
    import duckdb

    def exhausted(*_):
        raise duckdb.OutOfMemoryException("Out of Memory Error: x")

    monkeypatch.setattr(read_jsonl, "address", exhausted)
    assert "does not fit into memory" in bound(data, b'{"x": 1}\n', "rows.jsonl", "jsonl").reason(total(data))


# --- columns and keys


def test_a_key_that_one_file_lacks(data):
    for name, lines in (("a", [{"x": 1.0, "y": 1}]), ("b", [{"y": 2}]), ("c", [])):
        (data.root / f"{name}.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    data.bind("rows", type="jsonl", path="*.jsonl")
    assert "column 'x' of dataset 'rows' is missing in b.jsonl" in data.reason(total(data))
    assert data.reading(MeasureNeed("sum", EVERY, ("y",))).value == 3
    (data.root / "b.jsonl").write_text('{"y": 2, "x": null}\n')
    assert data.reading(total(data)).details["null"] == 1


def test_a_column_of_parquet_that_is_there_twice(data):
    columns = [pa.array([1.0]), pa.array([5.0]), pa.array([7.0])]
    pq.write_table(pa.Table.from_arrays(columns, names=["x", "x", "y"]), data.root / "rows.parquet")
    data.bind("rows", type="parquet", path="rows.parquet")
    assert "column 'x' of dataset 'rows' is there twice" in data.reason(total(data))
    assert data.reading(MeasureNeed("sum", EVERY, ("y",))).value == 7
    pq.write_table(pa.Table.from_arrays(columns, names=["x", "X", "y"]), data.root / "rows.parquet")
    assert "upper and lower case being one, in rows.parquet" in data.reason(total(data))


@pytest.mark.parametrize("name", ["file_row_number", "__cvnpolicy_file", "File_Row_Number"])
def test_a_reserved_column_of_parquet(data, name):
    pq.write_table(pa.table({name: [1], "x": [1.0]}), data.root / "rows.parquet")
    data.bind("rows", type="parquet", path="rows.parquet")
    assert f"a column '{name.lower()}', a name that is reserved | rename the column" in data.reason(total(data))


# --- bounds


def test_more_rows_than_fit_are_not_measured(data, monkeypatch):
    bound(data, b"ts,x\n" + b"".join(b"2026-05-04T00:00:%02dZ,1\n" % second for second in range(11)), "r.csv", "csv")
    monkeypatch.setattr(samples, "MOST_VALUES", 10)
    for need in (total(data), MeasureNeed("last", EVERY, ("x",))):
        assert "11 rows of dataset 'rows' are too many to be measured at once | ask for 10" in data.reason(need)
    assert data.reading(MeasureNeed("count", EVERY)).value == 11
    monkeypatch.setattr(samples, "MOST_VALUES", 11)
    assert data.reading(total(data)).value == 11


def test_sums_are_added_in_parts(data, monkeypatch):
    monkeypatch.setattr(import_module("cvnpolicy.statistics.moments"), "_FEW", 3)
    values = [1e16, 1.0, -1e16, 0.1, 0.2, 0.3, 0.7]
    content = "x\n" + "".join(f"{value!r}\n" for value in values)
    assert bound(data, content.encode(), "r.csv", "csv").reading(total(data)).value == 2.3


@pytest.mark.parametrize(("most", "bytes_", "made"), [(8, 2**30, 1), (1, 2**30, 2), (8, 15, 2), (8, 16, 1)])
def test_samples_are_kept_while_they_are_small(data, monkeypatch, most, bytes_, made):
    monkeypatch.setattr(workspace, "MOST_RECENT", most)
    monkeypatch.setattr(workspace, "MOST_RECENT_BYTES", bytes_)
    with workspace.Workspace({}, data.root, {}, []) as one:
        calls: list[int] = []

        def make() -> list[int]:
            calls.append(1)
            return calls

        for key in ("a", "b", "a"):
            one.recently((key,), make if key == "a" else list, lambda _: 16)
        assert len(calls) == made


def test_a_file_that_may_not_be_opened_as_parquet(data, monkeypatch):
    import pyarrow.parquet

    def denied(*_):
        raise PermissionError(13, "Permission denied")

    def starved(*_):
        raise MemoryError

    bound(data, b"PAR1", "rows.parquet", "parquet")
    monkeypatch.setattr(pyarrow.parquet, "read_schema", denied)
    assert "rows.parquet cannot be read: Permission denied" in data.reason(total(data))
    monkeypatch.setattr(pyarrow.parquet, "read_schema", starved)
    assert "does not fit into memory" in data.reason(total(data))


def test_an_event_that_no_line_can_have(data):
    bound(data, b"event=bar ts=2026-05-04T00:00:00Z\n", "rows.log", "logfmt")
    for event in ("", "a\nb", "a\0"):
        (answer,) = data.ask(MeasureNeed("count", Selection("rows", event)))
        assert isinstance(answer, Unavailable)
        assert "cannot hold such events" in answer.reason
    bound(data, b"event=bar ts=2026-05-04T00:00:00Z\n", "rows.log", "logfmt", time="event")
    (answer,) = data.ask(MeasureNeed("count", Selection("rows", "bar")))
    assert isinstance(answer, Unavailable)
    assert isinstance(data.ask(MeasureNeed("count", Selection("rows", "bar")))[0], Unavailable | Readings)
