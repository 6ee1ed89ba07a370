"""The rows of a CSV file as quotes and line ends have them, and that none of them is hidden from a statistic."""

from __future__ import annotations

import csv
import gzip
import io
import re
from typing import cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cvnpolicy.core.evidence import MeasureNeed, Selection
from cvnpolicy.sources.paths import FoundFile, expand
from cvnpolicy.sources.refused import Refused
from cvnpolicy.sources.tables import csv_rows, packed, read_csv
from cvnpolicy.sources.tables.csv_rows import LONGEST_ROW, Rows, measured
from cvnpolicy.sources.tables.packed import BLOCK
from tests.sources.formats import Csv, Data

HIGHEST = MeasureNeed("max", Selection("rows"), ("x",))
MIB = 2**20
MARK = b"\xef\xbb\xbf"
LINE_ENDS = {"LF": b"\n", "CRLF": b"\r\n", "CR": b"\r"}
PACKS = pytest.mark.parametrize("pack", [bytes, lambda text: gzip.compress(text, 1)], ids=["plain", "packed"])
ENDS = pytest.mark.parametrize("end", LINE_ENDS.values(), ids=LINE_ENDS)


@pytest.fixture
def data(tmp_path):
    data = Data(tmp_path, Csv())
    data.bind("rows", type="csv", path="rows.csv")
    return data


def file(root, content: bytes) -> FoundFile:
    (root / "rows.csv").write_bytes(content)
    return expand("rows.csv", root)[0]


def refusal(root, content: bytes) -> str:
    found = file(root, content)
    with pytest.raises(Refused) as error:
        measured(found)
    return str(error.value)


# --- a long row is refused, wherever it stands and whatever follows it; its short twin is measured


def check_twins(data: Data, pack, make) -> None:
    """Ask about a file with a long row, which has to be refused, and with a short one, which has to count."""
    file(data.root, pack(make(200)))
    assert data.reading(HIGHEST).value == 9
    for size in (3 * MIB, 31 * MIB, 32 * MIB, 40 * MIB):
        file(data.root, pack(make(size)))
        assert re.search(r"rows.csv line \d is longer than 2,097,152 bytes", data.reason(HIGHEST)), size


@ENDS
@pytest.mark.parametrize("empty", [0, 1, 2, 3])
def test_a_long_last_row_before_empty_lines(data, end, empty):
    check_twins(data, bytes, lambda size: b"x,y" + end + b"1,a" + end + b"9," + b"y" * size + end + end * empty)


@ENDS
def test_a_long_row_in_the_middle(data, end):
    check_twins(data, bytes, lambda size: b"x,y" + end + b"1,a" + end + b"9," + b"y" * size + end + b"3,c" + end)


def test_a_long_row_in_a_gzip_file(data):
    check_twins(data, lambda text: gzip.compress(text, 1), lambda size: b"x,y\n1,a\n9," + b"y" * size + b"\n\n\n")


@pytest.mark.parametrize("tail", [b'"\n', b'"\n\n\n', b'"\n3,c\n'])
def test_a_long_row_of_short_lines_in_quotes(data, tail):
    check_twins(data, bytes, lambda size: b'x,y\n1,a\n9,"' + b"yyyyyyy\n" * (size // 8) + tail)


@ENDS
@pytest.mark.parametrize("empty", [0, 1, 4])
def test_a_long_number_in_the_only_column(data, end, empty):
    for size in (3 * MIB, 32 * MIB, 50_000_000):
        file(data.root, b"x" + end + b"1" + end + b"9" * size + end + end * empty)
        assert "rows.csv line 3 is longer than" in data.reason(HIGHEST)
    file(data.root, b"x" + end + b"1" + end + b"9" * 9 + end + end * empty)
    assert data.reading(HIGHEST).value == 999_999_999


@PACKS
@ENDS
@pytest.mark.parametrize("after", [b"", b"3,c"], ids=["last", "middle"])
def test_the_limit_is_exact(data, pack, end, after):
    """Behaviour, not the constant: a row of 2,097,152 bytes is read, one byte more is not."""
    front = b"x,y" + end + b"1,a" + end + b"9,"
    tail = end + after + (end if after else b"")
    file(data.root, pack(front + b"y" * (2_097_152 - 2) + tail))
    found = data.reading(HIGHEST)
    assert (found.value, found.samples) == (9, 3 if after else 2)
    file(data.root, pack(front + b"y" * (2_097_152 - 1) + tail))
    assert "rows.csv line 3 is longer than 2,097,152 bytes" in data.reason(HIGHEST)


def test_the_limit_of_a_header(data):
    for size, known in ((2_097_152, True), (2_097_153, False)):
        names = [f"c{index:0119}" for index in range(size // 121)]
        # csv.reader takes fields of up to 128 KiB, so there are many.
        header = ",".join(["x", *names])
        header += "z" * (size - len(header))
        content = header + "\n" + "9" + "," * len(names) + "\n"
        file(data.root, content.encode())
        reason = data.reason(HIGHEST)
        assert ("rows.csv line 1 is longer" not in reason) is known
        assert ("columns, more than 10,000" in reason) is known


# --- how many rows there are


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        (b"", Rows(0, 0, ended=True)),
        (b"x", Rows(0, 0, ended=False)),
        (b"x\n1", Rows(1, 0, ended=False)),
        (b"x\n1\n", Rows(2, 0, ended=True)),
        (b"x\n1\n\n\n", Rows(4, 2, ended=True)),
        (b"x\r1\r\r2\r", Rows(4, 1, ended=True)),
        (b"x\r\n1\r\n\r\n\r\n2\r\n", Rows(5, 2, ended=True)),
        (b'x\n"\n\n"\n', Rows(2, 0, ended=True)),
        (b'x\n"a""\r\n""b"\n', Rows(2, 0, ended=True)),
        (b'"x"\n""\n""""\n"""a"",\n"\n', Rows(4, 0, ended=True)),
        (MARK + b'"x\n"\n1\n', Rows(2, 0, ended=True)),
        (b'x\n"1\n', Rows(1, 0, ended=True)),
    ],
)
def test_rows_are_counted(tmp_path, content, rows):
    assert measured(file(tmp_path, content)) == rows
    assert measured(file(tmp_path, gzip.compress(content))) == rows


@ENDS
@pytest.mark.parametrize("shift", range(4))
@pytest.mark.parametrize("what", [b'"a', b'"a""', b"a", b""], ids=["opened", "escaped", "bare", "nothing"])
def test_blocks_may_end_anywhere(tmp_path, monkeypatch, end, shift, what):
    close = b'"' if what.startswith(b'"') else b""
    content = b"x" + end + b"1" * shift + end + (what + end + close + end if close else what + end) + end + b"2" + end
    whole = measured(file(tmp_path, content))
    for size in range(1, 9):
        monkeypatch.setattr(packed, "BLOCK", size)
        assert measured(file(tmp_path, content)) == whole, size
    assert whole.empty == 1 + (not shift) + (not what)


FIELDS = st.sampled_from(["", "1", "a b", '""', '"a""b"', '"\n"', '"\r\n"', '"\n\n"', '",\r"', "é", '"""x"""'])


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    columns=st.integers(1, 3),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    fields=st.lists(FIELDS, max_size=30),
    empty=st.integers(0, 3),
    block=st.integers(3, 40),
)
def test_three_readers_agree(tmp_path, monkeypatch, columns, end, fields, empty, block):
    """Python's own reader, and DuckDB, whose number of rows is compared while the file is read."""
    names = [f"x{index}" if index else "x" for index in range(columns)]
    rows = [names, *(fields[at : at + columns] for at in range(0, len(fields) - columns + 1, columns))]
    text = "".join(",".join(row) + end for row in rows) + end * empty
    monkeypatch.setattr(packed, "BLOCK", block)
    found = measured(file(tmp_path, text.encode()))
    read = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert (found.ends, found.empty) == (len(read), sum(not row for row in read))
    data = Data(tmp_path, Csv())
    data.bind("rows", type="csv", path="rows.csv")
    count = len(read) - 1 - (0 if columns == 1 else found.empty)
    groups = data.groups(MeasureNeed("count", Selection("rows")))
    assert sum(reading.value or 0 for reading in groups.values()) == count


# --- where that is in doubt


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b'x,y\n1,a"b\n', 2),
        (b'x,y\n1,a\n2,a"\n', 3),
        (b'x,y\n1, "a"\n', 2),
        (b'x,y\n"1\n",a"\n', 3),
        (b'x"\n', 1),
        (b"x\n" * BLOCK + b'1"\n', BLOCK + 1),
    ],
)
def test_a_quote_astray(tmp_path, content, line):
    assert refusal(tmp_path, content).startswith(f"rows.csv line {line} has a quote inside of a field")


def test_a_quote_astray_at_the_start_of_a_block(tmp_path):
    content = b"x\n" + b"1" * (BLOCK - 2) + b'"\n'
    assert refusal(tmp_path, content).startswith("rows.csv line 2 has a quote inside of a field")
    content = b"x,y\n" + b"1" * (BLOCK - 5) + b',"\n"\n'
    assert measured(file(tmp_path, content)) == Rows(2, 0, ended=True)


@pytest.mark.parametrize(
    "content",
    [b"x\n1\r\n", b"x\r\n1\n", b"x\r1\n", b"x\n1\r", b"x\r\n\r1\r\n", b"x\r\n1\n\r", b"x\n\r1\n\r", b"x\n1\r2\n"],
)
def test_mixed_line_ends(tmp_path, content):
    assert refusal(tmp_path, content) == "rows.csv ends its rows in different ways"


def test_mixed_line_ends_hide_nothing(data):
    file(data.root, b"x,y\n1,a\n9," + b"y" * 40 * MIB + b"\r\n3,c\n")
    assert "rows.csv line 3 is longer" in data.reason(HIGHEST)
    file(data.root, b"x,y\n1,a\n9,y\r\n3,c\n")
    assert "rows.csv ends its rows in different ways" in data.reason(HIGHEST)


# --- DuckDB has to find as many


@pytest.mark.parametrize("wrong", [-1, 1])
def test_rows_that_are_left_out_or_made_up(data, monkeypatch, wrong):
    file(data.root, b"x,y\n1,a\n\n9,b\n")
    assert data.reading(HIGHEST).value == 9
    monkeypatch.setattr(read_csv, "measured", lambda _: Rows(4 + wrong, 1, ended=True))
    assert f"rows.csv has {2 + wrong} rows by its line ends, and 2 were read" in data.reason(HIGHEST)


def test_what_the_driver_leaves_out_is_noticed(data, monkeypatch):
    """The row that DuckDB passes over in silence, without the limit that refuses it first."""
    file(data.root, b"x,y\n1,a\n9," + b"y" * 40 * MIB + b"\n\n\n")
    monkeypatch.setattr(csv_rows, "LONGEST_ROW", 64 * MIB)
    assert "rows.csv has 2 rows by its line ends, and 1 were read" in data.reason(HIGHEST)


def test_what_several_threads_cannot_read_one_reads(tmp_path):
    """DuckDB says of some large files with line ends in quotes that it cannot read them in parallel."""
    import duckdb

    asked: list[str] = []

    class Busy:
        def execute(self, query: str, *values: object) -> duckdb.DuckDBPyConnection:
            asked.append(query)
            if "parallel = false" not in query:
                raise duckdb.NotImplementedException("The Parallel CSV Reader does not support a full read")
            return duckdb.connect().execute("SELECT 7")

    busy = cast("duckdb.DuckDBPyConnection", Busy())
    assert read_csv._copy(busy, "t", file(tmp_path, b"x\n1\n"), ["x"], []) == 7
    assert len(asked) == 2


def test_many_line_ends_in_quotes_are_read(data):
    block = b"".join(b'%d,"a\r\nb""\r\n%s"\r\n\r\n' % (index % 9, b"y\r\n" * (index % 50)) for index in range(2_000))
    times = 40 * MIB // len(block)
    file(data.root, b"x,y\r\n" + block * times + b"9,c\r\n\r\n")
    found = data.reading(HIGHEST)
    assert (found.value, found.samples) == (9, 2_000 * times + 1)


def test_the_longest_row_is_what_security_md_says():
    assert LONGEST_ROW == 2_097_152
