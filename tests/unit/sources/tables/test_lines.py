"""How long lines are, wherever blocks begin and end, and which line is the first that is too long."""

from __future__ import annotations

import gzip
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cvnpolicy.sources.paths import FoundFile, expand
from cvnpolicy.sources.refused import Refused
from cvnpolicy.sources.tables.lines import LONGEST_OBJECT, Ruler, check_objects, line_at
from cvnpolicy.sources.tables.packed import BLOCK


def file(root, content: bytes) -> FoundFile:
    (root / "rows").write_bytes(content)
    return expand("rows", root)[0]


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "packed"])
@pytest.mark.parametrize("front", [b"", b"{}\n", b"{}\n" * 700_000], ids=["first", "second", "after blocks"])
@pytest.mark.parametrize("end", [b"", b"\n", b"\n\n\n", b"\n{}\n"])
def test_a_line_of_json_has_a_limit(tmp_path, pack, front, end):
    check_objects(file(tmp_path, pack(front + b" " * LONGEST_OBJECT + end)))
    found = file(tmp_path, pack(front + b" " * (LONGEST_OBJECT + 1) + end))
    number = 1 + front.count(b"\n")
    with pytest.raises(Refused, match=f"^rows line {number} is longer than 16,777,216 bytes$"):
        check_objects(found)


def test_a_carriage_return_ends_no_line_of_json(tmp_path):
    with pytest.raises(Refused, match="rows line 2 is longer"):
        check_objects(file(tmp_path, b"\n" + b"\r" * (LONGEST_OBJECT + 1)))


def test_a_ruler_has_to_be_longer_than_a_block():
    with pytest.raises(ValueError, match=f"{BLOCK:,} bytes"):
        Ruler(BLOCK - 1)
    assert Ruler(BLOCK).measure(-1, -1, BLOCK) is None


@given(
    st.lists(st.integers(0, 3 * BLOCK), max_size=6),
    st.lists(st.integers(BLOCK // 8, BLOCK), min_size=1, max_size=8),
    st.integers(BLOCK, 2 * BLOCK),
)
def test_the_ruler_finds_the_first_line_that_is_too_long(lengths, sizes, longest):
    """Against lines laid end to end, in blocks of any sizes. The last line has no end."""
    ends = [sum(lengths[: index + 1]) + index for index in range(len(lengths))]
    total = (ends[-1] + 1 if ends else 0) + BLOCK
    wanted = next((a + 1 for a, b in pairwise([-1, *ends, total]) if b - a - 1 > longest), None)
    ruler, place, found = Ruler(longest), 0, None
    while place < total and found is None:
        size = min(sizes[place % len(sizes)], total - place)
        inside = [end - place for end in ends if place <= end < place + size]
        found = ruler.measure(min(inside, default=-1), max(inside, default=-1), size)
        place += size
    assert found == wanted


@pytest.mark.parametrize(
    ("content", "place", "line"),
    [
        (b"", 0, 1),
        (b"a\nb\nc", 1, 1),
        (b"a\nb\nc", 2, 2),
        (b"a\r\nb\r\nc", 6, 3),
        (b"a\rb\rc", 4, 3),
        (b"\n" * (BLOCK + 5), BLOCK + 3, BLOCK + 4),
        (b"a\n", 99, 2),
    ],
)
def test_the_line_of_a_byte(tmp_path, content, place, line):
    assert line_at(file(tmp_path, content), place) == line
