"""The fast way against the exact parser over every line."""

from __future__ import annotations

import gzip
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from unittest import mock

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from cvnpolicy.core.errors import ExitCode, MissingExtraError
from cvnpolicy.sources.logfmt import LogError, blocks, count_events, parse_line, read_events, scan
from cvnpolicy.sources.logfmt.instants import read_instant

HOUR = 3_600_000_000
KEYS = ("model", "fold", "msg", "a'b", "é", "reason", "flag")
ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\x00": "\\u0000"}
BARE = ("", "x", "YWJj==", r"C:\new", "event=X", "Xy", "é€", "';--", "true", "%")
QUOTED = (
    *BARE,
    "'; DROP TABLE t; --",
    "event=X ",
    ' event="X"',
    "a b",
    'say "hi"',
    "\\",
    "two\nlines",
    "ts=2024-01-01T00:00:00Z",
    "\x00",
)
SPACES = (" ", "  ", "\t", " \t ")


def quoted(text):
    return '"' + "".join(ESCAPES.get(c, c) for c in text) + '"'


values = st.sampled_from(BARE).map("={}".format) | st.sampled_from(QUOTED).map(lambda text: f"={quoted(text)}")
fields = st.dictionaries(st.sampled_from((*KEYS, "xevent", "event_", "tss")), values | st.just(""), max_size=5)
names = st.sampled_from(("=X",) * 6 + ('="X"', '="\\u0058"', "=Xy", "=xX", "=Y", '="X "', "=", ""))
moments = st.datetimes(datetime(2024, 1, 1), datetime(2024, 1, 2))  # noqa: DTZ001  written with an offset
NOISE = ("", "   ", 'Traceback "', "=x", "a=1 a=2", "event=Xy a=1 a=1", 'xevent=X "', "\x00\x01", "event = X", "event")


@st.composite
def lines(draw, offset="Z"):
    if draw(st.integers(0, 5)) == 0:
        return draw(st.sampled_from(NOISE)) + "\n"
    digits = draw(st.integers(0, 9))
    fraction = "." + f"{draw(st.integers(0, 999_999_999)):09d}"[:digits] if digits else ""
    stamp = draw(moments).replace(microsecond=0).isoformat(draw(st.sampled_from("T "))) + fraction + offset
    stamp = quoted(stamp) if " " in stamp or draw(st.booleans()) else stamp
    pairs = [key + written for key, written in draw(fields).items()]
    pairs += [f"ts={stamp}", f"event{draw(names)}"]
    pairs = draw(st.permutations(pairs))
    separators = draw(st.lists(st.sampled_from(SPACES), min_size=len(pairs) + 1, max_size=len(pairs) + 1))
    line = "".join(space + pair for space, pair in zip(separators, pairs, strict=False))
    return draw(st.sampled_from((line, line.strip(" \t")))) + draw(st.sampled_from(("\n", " \n", "\r\n")))


def exactly(files, keys):
    """Every event X of every line, by the exact parser alone; what it cannot parse is skipped."""
    found = []
    for file, text in enumerate(files):
        for number, line in enumerate(text.split("\n")[:-1], 1):
            try:
                read = parse_line(line)
            except ValueError:
                continue
            if read.get("event") == "X":
                found.append((file, number, read_instant(read["ts"]).us, *(read.get(key) for key in keys)))
    return found


def write(folder, files):
    paths = []
    for index, text in enumerate(files):
        path = folder / (f"app.log.{index}.gz" if index % 2 else f"app.log.{index}")
        path.write_bytes(gzip.compress(text.encode()) if index % 2 else text.encode())
        paths.append(path)
    return paths


def events(connection, paths, keys=(), start_us=None, end_us=None):
    read = read_events(connection, paths, event="X", time="ts", keys=keys, start_us=start_us, end_us=end_us)
    assert read.table.column_names == ["ts", *keys]
    columns = [read.file, read.line, *read.table.columns]
    return list(zip(*(column.to_pylist() for column in columns), strict=True))


def counts(connection, paths, bucket_us=HOUR, start_us=None, end_us=None):
    return count_events(connection, paths, event="X", time="ts", start_us=start_us, end_us=end_us, bucket_us=bucket_us)


def no_copies(files):
    """Whether no file holds what another one holds, which is refused; several may be empty."""
    return all(count == 1 for text, count in Counter(files).items() if text)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.lists(lines(), max_size=12).map("".join), min_size=1, max_size=3).filter(no_copies),
    st.lists(st.sampled_from(KEYS), unique=True),
    st.sampled_from((1, 3, 256)),
    st.sampled_from((1, 2, 16)),
    st.sampled_from((4_096, 2**24)),
)
@example(["event=X ts=2024-01-01T00:00:00Z\n" * 3], ["model"], 1, 32, 4_096)
def test_exactly_the_events_are_read(connection, tmp_path_factory, files, keys, learn_from, max_families, block):
    paths = write(tmp_path_factory.mktemp("logs"), files)
    expected = exactly(files, keys)

    with (
        mock.patch.object(scan, "LEARN_FROM", learn_from),
        mock.patch.object(scan, "MAX_FAMILIES", max_families),
        mock.patch.object(blocks, "BLOCK_BYTES", block),
        mock.patch.object(blocks, "MAX_LINE_BYTES", 2_048),
    ):
        assert events(connection, paths, tuple(keys)) == expected
        counted = counts(connection, paths)

    assert counted.total == len(expected)
    assert dict(counted.buckets) == Counter(ts // HOUR * HOUR for _, _, ts, *_ in expected)
    assert counted.lines == sum(text.count("\n") for text in files)
    assert connection.sql("SHOW ALL TABLES").fetchall() == []


@pytest.mark.parametrize("offset", ["Z", "+02:00", "-0530", "+00:00"])
def test_many_lines_of_a_few_shapes(connection, tmp_path, offset):
    start = datetime(2024, 5, 12, tzinfo=UTC)
    tails = (
        'event=X model=xgboost msg="says event=X ok" fold=1 reason=a flag é=1',
        'event=X model="x \\"y\\"" fold=2 reason=',
        'event=Y model=a msg=" event=X "',
        "event=Xy model=b",
        'event="X" msg="ends with \\\\" fold=3',
    )
    text = "".join(
        f"ts={(start + timedelta(seconds=7 * k)).replace(tzinfo=None).isoformat()}{'.5' * (k % 3 == 0)}{offset} "
        f"{tails[k % 5]}\n"
        for k in range(5_000)
    )
    keys = ("fold", "model", "msg", "reason", "flag", "é")
    paths = write(tmp_path, [text, text])

    assert events(connection, paths, keys) == exactly([text, text], keys)


def test_a_window_is_half_open(connection, tmp_path):
    text = "".join(f"ts=1970-01-01T00:00:0{k}.0000009Z event=X\n" for k in range(5))
    paths = write(tmp_path, [text])

    assert [line for _, line, _ in events(connection, paths, (), 1_000_000, 3_000_000)] == [2, 3]
    assert counts(connection, paths, 2_000_000, 1_000_000, None).buckets == ((0, 1), (2_000_000, 2), (4_000_000, 1))
    assert counts(connection, paths, None, None, 0).total == 0


def test_without_buckets_there_is_a_total(connection, tmp_path):
    counted = counts(connection, write(tmp_path, ["ts=1970-01-01T00:00:00Z event=X\n"]), None)

    assert (counted.total, counted.buckets, counted.lines) == (1, (), 1)


def test_buckets_before_1970_start_at_multiples_too(connection, tmp_path):
    paths = write(tmp_path, ["ts=1969-12-31T23:59:59Z event=X\n"])

    assert counts(connection, paths).buckets == ((-HOUR, 1),)


@pytest.mark.parametrize("text", ["", "event=Y\n", "\n", "no event here\n"])
def test_no_events_is_an_empty_table_with_its_columns(connection, tmp_path, text):
    read = read_events(
        connection, write(tmp_path, [text]), event="X", time="ts", keys=("model",), start_us=None, end_us=None
    )

    assert [str(field.type) for field in read.table.schema] == ["int64", "string"]
    assert (read.table.num_rows, read.lines) == (0, text.count("\n"))


def test_a_byte_order_mark_is_not_part_of_the_first_key(connection, tmp_path):
    path = tmp_path / "app.log"
    path.write_bytes(b"\xef\xbb\xbfevent=X ts=1970-01-01T00:00:00Z\n")

    assert events(connection, [path]) == [(0, 1, 0)]


def test_the_time_may_have_another_key(connection, tmp_path):
    paths = write(tmp_path, ["at=1970-01-01T00:00:01Z event=X ts=naive\n"])

    read = read_events(connection, paths, event="X", time="at", keys=(), start_us=None, end_us=None)

    assert read.table["ts"].to_pylist() == [1_000_000]


@pytest.mark.parametrize("event", ["it's", "a b", 'say "hi"', "back\\slash", "(a|b).*", "é€", "%_"])
@pytest.mark.parametrize("learn_from", [1, 256])
def test_the_name_of_an_event_is_only_text(connection, tmp_path, monkeypatch, event, learn_from):
    monkeypatch.setattr(scan, "LEARN_FROM", learn_from)
    line = f"event={quoted(event)} ts=1970-01-01T00:00:00Z\n"
    paths = write(tmp_path, [line * 3 + "event=(a|b)x ts=1970-01-01T00:00:00Z\n"])

    counted = count_events(connection, paths, event=event, time="ts", start_us=None, end_us=None, bucket_us=None)

    assert counted.total == 3


@pytest.mark.parametrize(
    ("event", "time", "keys", "message"),
    [
        ("", "ts", (), "event's name"),
        ("a\nb", "ts", (), "event's name"),
        ("X", "t s", (), "cannot be a key"),
        ("X", "", (), "cannot be a key"),
        ("X", "ts", ("a=b",), "cannot be a key"),
        ("X", "ts", ('"',), "cannot be a key"),
        ("X", "ts", ("a", "a"), "different keys"),
        ("X", "at", ("event",), "different keys"),
        ("X", "at", ("at",), "different keys"),
        ("X", "event", (), "different keys"),
        ("X", "at", ("ts",), "column of the instant"),
    ],
)
def test_questions_that_no_line_can_answer_are_refused(connection, tmp_path, event, time, keys, message):
    with pytest.raises(ValueError, match=message):
        read_events(connection, [tmp_path], event=event, time=time, keys=keys, start_us=None, end_us=None)


def test_a_bucket_has_a_length(connection, tmp_path):
    with pytest.raises(ValueError, match="at least a microsecond"):
        counts(connection, [tmp_path], 0)


@pytest.mark.parametrize("package", ["numpy", "pyarrow"])
def test_a_missing_package_names_the_extra(connection, tmp_path, monkeypatch, package):
    monkeypatch.setitem(sys.modules, package, None)

    with pytest.raises(MissingExtraError, match=r"with \[tables\]"):
        counts(connection, [tmp_path])


def test_an_error_says_reason_and_hint():
    error = LogError("a.log is empty", "wait")

    assert (str(error), error.reason, error.hint) == ("a.log is empty: wait", "a.log is empty", "wait")
    assert error.exit_code is ExitCode.UNDECIDED
