"""What cannot be read is unavailable with a reason, never a number: for every format in which it can happen."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from cvnpolicy.core.evidence import MeasureNeed, Readings, Unavailable
from cvnpolicy.sources.tables import TablesSource
from tests.sources.formats import BINDING, FILES, Data, Format, Row, hour, hours

ROWS: list[Row] = [{"ts": hour(index), "symbol": "BTC", "fold": index, "x": index / 2} for index in range(4)]


@pytest.fixture(params=FILES, ids=lambda kind: kind.name)
def files(request: pytest.FixtureRequest, tmp_path: Path) -> Data:
    kind: Format = request.param
    return Data(tmp_path, kind)


def mean(data: Data, column: str = "x", **more: Any) -> MeasureNeed:
    return MeasureNeed("mean", data.selection(window=hours(0, 4)), (column,), **more)


def test_a_missing_file(files):
    files.bind("rows", type=files.kind.name.partition("-")[0], path="nowhere/*.data")
    assert files.reason(mean(files)).startswith("dataset 'rows': no file matches 'nowhere/*.data'")


def test_a_link_out_of_the_root(files):
    outside = files.root / "outside"
    inside = files.root / "inside"
    outside.mkdir()
    inside.mkdir()
    files.kind.write(outside / f"rows{files.kind.suffix}", ROWS)
    (inside / f"rows{files.kind.suffix}").symlink_to(outside / f"rows{files.kind.suffix}")
    files.root = inside
    files.bind("rows", type=files.kind.name.partition("-")[0], path=f"*{files.kind.suffix}")
    reason = files.reason(mean(files))
    assert "leads out of the data root" in reason
    assert str(outside) not in reason


def test_a_missing_column(data):
    data.add("rows", ROWS)
    if data.kind.event is not None:
        # Whether an event can have a key is the catalog's to know; here no row has a value.
        assert data.reading(mean(data, "xx")).value is None
        return
    reason = data.reason(mean(data, "fo1d"))
    assert "has no column 'fo1d'" in reason
    assert "did you mean 'fold'?" in reason
    assert "columns: " in data.reason(mean(data, "zzzzzz"))
    assert "has no column 'stage'" in data.reason(MeasureNeed("count", data.selection(stage=["x"])))
    assert "has no column 'stage'" in data.reason(MeasureNeed("count", data.selection(), by=("stage",)))


def test_one_missing_column_leaves_the_others(data):
    data.add("rows", ROWS)
    bad, good = data.ask(MeasureNeed("mean", data.selection(stage=["1"]), ("x",)), mean(data))
    assert isinstance(good, Readings)
    assert good.groups[()].value == 0.75
    if data.kind.event is None:
        assert isinstance(bad, Unavailable)
    else:
        assert bad == Readings({})


def test_naive_times(data):
    data.add("rows", [{"ts": hour(index).replace(tzinfo=None), "x": 1.0} for index in range(3)])
    reason = data.reason(mean(data))
    assert "time zone" in reason or "UTC offset" in reason


def test_naive_times_do_not_matter_to_a_whole_run(data):
    data.add("rows", [{"ts": hour(index).replace(tzinfo=None), "x": 1.0} for index in range(3)])
    (answer,) = data.ask(MeasureNeed("mean", data.selection(), ("x",)))
    if data.kind.event is None:
        assert isinstance(answer, Readings)
    else:
        assert isinstance(answer, Unavailable)


def test_several_time_zones(data):
    instants = [hour(0), datetime.fromisoformat("2026-05-04T03:00:00+02:00")]
    if data.kind.name == "parquet":
        # Parquet holds instants; the zone that a column names is for display and one for all.
        data.add("rows", [{"ts": instant, "x": 1.0} for instant in instants])
        assert data.reading(mean(data)).samples == 2
        return
    texts: list[Row] = [
        {"ts": instant.isoformat() if data.kind.name != "frame" else instant, "x": 1.0} for instant in instants
    ]
    data.add("rows", texts)
    if data.kind.name == "frame":
        data.frames["rows"]["ts"] = data.frames["rows"]["ts"].astype(object)
        data.frames["rows"].loc[:, "ts"] = instants
    reason = data.reason(mean(data))
    assert "time zones" in reason or "offset" in reason


def test_instants_that_are_none(data):
    data.add("rows", [{"ts": hour(0), "x": 1.0}, {"ts": None, "x": 1.0}])
    reason = data.reason(mean(data))
    assert "1 rows of dataset 'rows' have no instant in 'ts'" in reason or "has no 'ts'" in reason


def test_no_column_of_instants(data):
    if data.kind.event is None:
        data.add("rows", ROWS, time=None)
        if data.kind.name == "frame":
            data.frames["rows"] = data.frames["rows"].rename(columns={"ts": "when"})
        assert "declares no column of instants" in data.reason(mean(data))
        assert data.reading(MeasureNeed("mean", data.selection(), ("x",))).value == 0.75


def test_numbers_are_no_instants(data):
    data.add("rows", [{"ts": 1_700_000_000_000 + index, "x": 1.0} for index in range(3)])
    reason = data.reason(mean(data))
    assert "not" in reason
    assert "2026-05-12T00:00:00Z" in reason or "2024-05-12T03:04:05" in reason


def test_text_is_not_measured(data):
    data.add("rows", [*ROWS, {"ts": hour(3), "symbol": "BTC", "fold": 9, "x": 1.0}])
    reason = data.reason(mean(data, "symbol"))
    assert "text" in reason
    if data.kind.event is not None:
        assert "'BTC' in rows.log line 2 is not a number" in reason
    elif not data.kind.has_types:
        assert f"'BTC' in rows{data.kind.suffix} row 1 is not a number" in reason


def test_booleans_are_not_numbers(data):
    data.add("rows", [{"ts": hour(0), "x": True}, {"ts": hour(1), "x": False}])
    reason = data.reason(mean(data))
    assert "booleans" in reason or "'true'" in reason
    assert data.groups(MeasureNeed("count", data.selection(x=[True]), by=("x",)))[(("x", True),)].value == 1
    answer = data.reason(MeasureNeed("count", data.selection(x=[1])))
    assert "so none of them can be 1" in answer


def test_a_filter_that_can_match_nothing_is_refused(data):
    data.add("rows", ROWS)
    assert "so none of them can be 7" in data.reason(MeasureNeed("count", data.selection(symbol=[7])))
    assert "so none of them can be true" in data.reason(MeasureNeed("count", data.selection(symbol=[True])))
    assert "so none of them can be true" in data.reason(MeasureNeed("count", data.selection(fold=[True])))
    if data.kind.has_types:
        assert "so none of them can be 'all'" in data.reason(MeasureNeed("count", data.selection(fold=["all"])))
    assert data.reading(MeasureNeed("count", data.selection(fold=[1, 2.0, "3"]))).value == 3


def test_half_written_files(files):
    files.add("rows", ROWS)
    path = files.root / f"rows{files.kind.suffix}"
    whole = path.read_bytes()
    for cut in (len(whole) - 1, len(whole) - 3, len(whole) // 2 + 5):
        path.write_bytes(whole[:cut])
        (answer,) = files.ask(mean(files))
        if files.kind.name == "jsonl" and cut == len(whole) - 1:
            assert isinstance(answer, Readings), "a JSON object shows its own end"
            continue
        assert isinstance(answer, Unavailable), (cut, answer)
        assert f"rows{files.kind.suffix}" in answer.reason or "dataset 'rows'" in answer.reason


def test_a_file_that_is_something_else(files):
    files.bind("rows", type=files.kind.name.partition("-")[0], path=f"rows{files.kind.suffix}")
    (files.root / f"rows{files.kind.suffix}").write_bytes(b"\x00\xff\xfe\x01 event=bar \xff\n")
    (answer,) = files.ask(mean(files))
    assert isinstance(answer, Unavailable)


def test_a_file_that_may_not_be_read(files, monkeypatch):
    if os.geteuid() == 0:
        files.bind("rows", type=files.kind.name.partition("-")[0], path=f"rows{files.kind.suffix}")
        (files.root / f"rows{files.kind.suffix}").mkdir()
        assert "is a folder" in files.reason(mean(files))
        return
    files.add("rows", ROWS)
    (files.root / f"rows{files.kind.suffix}").chmod(0)
    assert "cannot be read" in files.reason(mean(files))


def test_a_file_that_changes_meanwhile(files, monkeypatch):
    from cvnpolicy.sources.tables import answer as module

    files.add("rows", ROWS)
    path, asked = files.root / f"rows{files.kind.suffix}", module.answer

    def slow(*arguments):
        found = asked(*arguments)
        os.utime(path, ns=(1, 1))
        return found

    monkeypatch.setattr(module, "answer", slow)
    assert files.reason(mean(files)).startswith(f"rows{files.kind.suffix} changed while it was read")


def test_several_files_are_one_dataset(files):
    for index in range(2):
        files.kind.write(
            files.root / f"part{index}{files.kind.suffix}",
            [{**row, "ts": hour(index * 2 + place)} for place, row in enumerate(ROWS[:2])],
        )
    files.bind("rows", type=files.kind.name.partition("-")[0], path=f"part*{files.kind.suffix}")
    assert files.reading(mean(files)).samples == 4
    assert files.reading(MeasureNeed("last", files.selection(), ("fold",))).value == 1


def test_no_questions_need_no_files(tmp_path):
    bindings = {"rows": BINDING.validate_python({"type": "parquet", "path": "nowhere.parquet"})}
    assert TablesSource(bindings, tmp_path).answer([]) == {}


def test_a_dataset_that_nothing_binds(data):
    data.add("rows", ROWS)
    reason = data.reason(MeasureNeed("count", data.selection("row")))
    assert "dataset 'row' is not bound" in reason
    assert "did you mean 'rows'?" in reason
