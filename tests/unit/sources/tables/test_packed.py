"""How a text file ends: a last line that is too long is refused, however it is packed and whatever ends it."""

from __future__ import annotations

import gzip

import pytest

from cvnpolicy.sources.paths import FoundFile, expand
from cvnpolicy.sources.refused import Refused
from cvnpolicy.sources.tables.packed import LONGEST_LINE, check_last_line, last_byte

FRONT = b"x\n" + b"1\n" * 700_000


def file(root, content: bytes) -> FoundFile:
    (root / "rows.csv").write_bytes(content)
    return expand("rows.csv", root)[0]


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "packed"])
@pytest.mark.parametrize("front", [b"", b"x\n", FRONT], ids=["alone", "after a header", "after blocks"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"], ids=["LF", "CRLF", "CR"])
def test_the_last_line_is_measured(tmp_path, pack, front, end):
    found = file(tmp_path, pack(front + b"9" * LONGEST_LINE + end))
    assert check_last_line(found) == end[-1:]
    found = file(tmp_path, pack(front + b"9" * (LONGEST_LINE + 2) + end))
    with pytest.raises(Refused, match="too long, the last one"):
        check_last_line(found)
    assert last_byte(found) == end[-1:]


@pytest.mark.parametrize("content", [b"", b"\n", b"a", b"\n\n", b"a\n", b"\r\n"])
def test_short_files(tmp_path, content):
    assert check_last_line(file(tmp_path, content)) == content[-1:]
    assert check_last_line(file(tmp_path, gzip.compress(content))) == content[-1:]
