"""What makes a log unreadable: never a number, always the file and what would mend it."""

from __future__ import annotations

import gzip
import os
import tracemalloc

import pytest

from cvnpolicy.sources.logfmt import LogError, blocks, read_events, scan

GOOD = "ts=2024-05-12T03:04:05Z event=X fold=1\n"
OTHER = "ts=2024-05-12T03:04:05Z event=Y fold=1\n"


@pytest.fixture(params=[1, 256], ids=["by-pattern", "by-parser"])
def _both_ways(request, monkeypatch):
    monkeypatch.setattr(scan, "LEARN_FROM", request.param)


def read(connection, *paths):
    found = read_events(connection, paths, event="X", time="ts", keys=("fold",), start_us=None, end_us=None)
    return found.table.num_rows


def refusal(connection, *paths):
    with pytest.raises(LogError) as caught:
        read(connection, *paths)
    assert caught.value.hint
    return caught.value.reason


def log(folder, content, name="app.log"):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.usefixtures("_both_ways")
@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("ts=2024-05-12T03:04:05Z event=X a=1 a=2", "the key 'a' appears twice"),
        ("ts=2024-05-12T03:04:05Z event=X event=Y", "the key 'event' appears twice"),
        ("ts=2024-05-12T03:04:05Z event=Y event=X", "the key 'event' appears twice"),
        ('ts=2024-05-12T03:04:05Z event=X msg="open', "column 33"),
        ('ts=2024-05-12T03:04:05Z event=Y msg="open event=X', "column 33"),
        ('ts=2024-05-12T03:04:05Z event="X" msg="a"b', "column 35"),
        ("ts=2024-05-12T03:04:05Z event=X fold=\x00", "column 33"),
        ("ts=2024-05-12T03:04:05Z event=X fold=\x1b[0m", "column 33"),
        ("fold=1 event=X", "the event 'X' has no 'ts'"),
        ("ts event=X", "'true' is not a timestamp"),
        ("ts=1715483045 event=X", "'1715483045' is not a timestamp"),
        ("ts=2024-05-12T03:04:05 event=X", "has no UTC offset"),
        ("ts=2024-02-30T03:04:05Z event=X fold=1", "'2024-02-30T03:04:05Z' is not a timestamp"),
        ("ts=2024-05-12T05:04:05+02:00 event=X fold=1", "offset is +02:00 where app.log line 1 has Z"),
    ],
)
@pytest.mark.parametrize("after", [0, 3])
def test_a_line_that_matters_and_cannot_be_read(connection, tmp_path, line, reason, after):
    path = log(tmp_path, OTHER + GOOD * 3 + line + "\n" + GOOD * after)

    message = refusal(connection, path)

    assert reason.replace("line 1 has", "line 2 has") in message
    assert message.startswith("app.log line 5: ")


@pytest.mark.usefixtures("_both_ways")
@pytest.mark.parametrize(
    "line",
    [
        'ts=2024-05-12T03:04:05Z event=Y msg="open',
        "event=Y event=Y",
        "ts=2024-05-12T03:04:05 event=Y",
        "ts=2024-05-12T05:04:05+02:00 event=Y",
        "ts=2024-02-30T03:04:05Z event=Y msg=event=X",
        "event=Xy =",
        "a=\x00",
        "\x01event=X",
    ],
)
def test_a_line_of_another_event_is_not_judged(connection, tmp_path, line):
    assert read(connection, log(tmp_path, GOOD + line + "\n" + GOOD)) == 2


def test_offsets_must_agree_across_files_and_patterns(connection, tmp_path, monkeypatch):
    monkeypatch.setattr(scan, "LEARN_FROM", 1)
    east = GOOD.replace("Z", "+02:00")

    message = refusal(connection, log(tmp_path, GOOD * 3, "a.log"), log(tmp_path, east * 3, "b.log"))

    assert message == "b.log line 1: the UTC offset is +02:00 where a.log line 1 has Z"


@pytest.mark.parametrize("bad", [b"\xff", b"\xc3", b"\xed\xa0\x80"])
def test_another_encoding_matters_only_in_lines_that_may_match(connection, tmp_path, bad):
    other = b"event=Y msg=" + bad + b"\n"
    text = b"event=Y msg=\xc3\xa9\n"

    assert read(connection, log(tmp_path, other * 2 + GOOD.encode() + text + other + GOOD.encode() + other)) == 2
    assert refusal(connection, log(tmp_path, GOOD.encode() + b"event=X msg=" + bad + b"\n")) == (
        "app.log line 2 is not UTF-8"
    )


@pytest.mark.parametrize("name", ["app.log", "app.log.1", "app.log.2.gz"])
def test_a_half_written_last_line(connection, tmp_path, name):
    content = (GOOD * 2 + GOOD.rstrip()).encode()
    path = log(tmp_path, gzip.compress(content) if name.endswith(".gz") else content, name)

    assert refusal(connection, path).startswith(f"{name} line 3 is half written")


def test_a_first_line_that_is_half_written(connection, tmp_path):
    assert refusal(connection, log(tmp_path, GOOD.rstrip())).startswith("app.log line 1 is half written")


@pytest.mark.parametrize("keep", [1, 5, 12, -1, -9])
def test_a_truncated_gzip_file(connection, tmp_path, keep):
    path = log(tmp_path, gzip.compress((GOOD * 5_000).encode())[:keep], "app.log.1.gz")

    assert refusal(connection, path) in {"app.log.1.gz is a truncated gzip file", "app.log.1.gz is not a gzip file"}


def test_a_damaged_gzip_file(connection, tmp_path):
    whole = gzip.compress((GOOD * 50).encode())
    wrong_sum = whole[:-8] + b"\0\0\0\0" + whole[-4:]
    wrong_body = whole[:10] + b"\xff" * 20 + whole[30:]

    assert "is a damaged gzip file" in refusal(connection, log(tmp_path, wrong_sum, "app.log.1.gz"))
    assert "is a damaged gzip file" in refusal(connection, log(tmp_path, wrong_body, "app.log.2.gz"))


@pytest.mark.parametrize("content", [b"", GOOD.encode()])
def test_a_gzip_name_on_something_else(connection, tmp_path, content):
    assert refusal(connection, log(tmp_path, content, "app.log.1.gz")) == "app.log.1.gz is not a gzip file"


def test_a_gzip_file_by_another_name_and_of_several_members(connection, tmp_path):
    member = gzip.compress(GOOD.encode())

    assert read(connection, log(tmp_path, member + member, "app.log.1")) == 2


def test_a_line_may_be_a_mebibyte_long_and_no_longer(connection, tmp_path):
    longest = "event=X ts=2024-05-12T03:04:05Z msg="
    longest += "x" * (blocks.MAX_LINE_BYTES - len(longest) - 1)

    assert read(connection, log(tmp_path, GOOD + longest + "\n")) == 2
    assert refusal(connection, log(tmp_path, GOOD + longest + "x\n")) == "app.log line 2 is longer than 1,048,576 bytes"


@pytest.mark.parametrize("packed", [False, True])
def test_a_line_of_50_mb_is_refused_in_bounded_memory(connection, tmp_path, packed):
    content = GOOD.encode() + b"x" * 50_000_000 + b"\n" + GOOD.encode()
    path = log(tmp_path, gzip.compress(content, 1) if packed else content)
    del content
    tracemalloc.start()
    try:
        assert refusal(connection, path) == "app.log line 2 is longer than 1,048,576 bytes"
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 4 * blocks.BLOCK_BYTES


@pytest.mark.parametrize("change", ["append", "replace", "remove", "touch"])
def test_a_file_that_changes_while_it_is_read(connection, tmp_path, monkeypatch, change):
    path = log(tmp_path, GOOD * 3)
    real = blocks.read_blocks

    def change_meanwhile(path):
        yield from real(path)
        if change == "append":
            with path.open("ab") as file:
                file.write(GOOD.encode())
        elif change == "replace":
            log(tmp_path, GOOD * 3, "new.log").replace(path)
        elif change == "remove":
            path.unlink()
        else:
            os.utime(path, ns=(0, 0))

    monkeypatch.setattr("cvnpolicy.sources.logfmt.scan.read_blocks", change_meanwhile)

    reason = refusal(connection, path)

    assert reason == (
        "app.log cannot be read (No such file or directory)"
        if change == "remove"
        else "app.log changed while it was read"
    )


def test_a_file_that_goes_before_it_is_opened(connection, tmp_path, monkeypatch):
    first, second = log(tmp_path, GOOD, "a.log"), log(tmp_path, GOOD * 2, "b.log")
    real = blocks.read_blocks

    def remove_the_second(path):
        second.unlink(missing_ok=True)
        return real(path)

    monkeypatch.setattr("cvnpolicy.sources.logfmt.scan.read_blocks", remove_the_second)

    assert refusal(connection, first, second) == "b.log cannot be read (No such file or directory)"


def test_files_that_are_not_there_or_not_files(connection, tmp_path):
    assert refusal(connection) == "there is no log file"
    assert refusal(connection, tmp_path / "no.log") == "no.log cannot be read (No such file or directory)"
    assert refusal(connection, tmp_path) == f"{tmp_path.name} is not a regular file"


def test_one_log_twice_would_count_double(connection, tmp_path):
    path = log(tmp_path, GOOD, "app.log.1")
    packed = log(tmp_path, gzip.compress(GOOD.encode()), "app.log.1.gz")
    other = tmp_path / "b.log"
    other.hardlink_to(path)

    assert refusal(connection, path, path) == "app.log.1 and app.log.1 are one file"
    assert refusal(connection, path, other) == "app.log.1 and b.log are one file"
    assert refusal(connection, path, packed) == "app.log.1 is there packed and unpacked"


def test_a_copy_would_count_twice(connection, tmp_path):
    path, copy, other, empty = (tmp_path / name for name in ("app.log", "app.log.1", "app.log.2", "app.log.3"))
    path.write_text("event=a ts=2024-01-01T00:00:00Z\n")
    copy.write_bytes(path.read_bytes())
    other.write_text("event=a ts=2024-01-01T00:00:01Z\n")
    empty.write_text("")
    (tmp_path / "app.log.4").write_text("")
    assert refusal(connection, path, other, copy) == "app.log and app.log.1 hold the same lines"
    found = read_events(
        connection,
        [path, other, empty, tmp_path / "app.log.4"],
        event="a",
        time="ts",
        keys=(),
        start_us=None,
        end_us=None,
    )
    assert found.table.num_rows == 2


def test_a_copy_that_vanishes_while_it_is_compared(connection, tmp_path, monkeypatch):
    paths = [tmp_path / "a.log", tmp_path / "b.log"]
    for path in paths:
        path.write_text("event=a\n")

    def gone(*_):
        raise FileNotFoundError(2, "No such file or directory")

    monkeypatch.setattr("hashlib.file_digest", gone)
    assert refusal(connection, *paths) == "a.log cannot be read (No such file or directory)"
