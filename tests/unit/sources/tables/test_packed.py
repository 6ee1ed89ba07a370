"""A text file in blocks: what is gzipped is unpacked to its end, and no more of it than there may be."""

from __future__ import annotations

import gzip

import pytest

from cvnpolicy.sources.paths import FoundFile, expand
from cvnpolicy.sources.refused import Refused
from cvnpolicy.sources.tables import packed
from cvnpolicy.sources.tables.packed import BLOCK, blocks


def file(root, content: bytes) -> FoundFile:
    (root / "rows.csv").write_bytes(content)
    return expand("rows.csv", root)[0]


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "packed"])
@pytest.mark.parametrize("size", [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK + 7])
def test_it_is_all_there(tmp_path, pack, size):
    content = bytes(range(251)) * (size // 251 + 1)
    found = list(blocks(file(tmp_path, pack(content[:size]))))
    assert b"".join(found) == content[:size]
    assert all(0 < len(block) <= BLOCK for block in found)


def test_only_what_unpacks_has_a_limit(tmp_path, monkeypatch):
    monkeypatch.setattr(packed, "MOST_UNPACKED", 10)
    assert list(blocks(file(tmp_path, b"a" * 11))) == [b"a" * 11]
    assert list(blocks(file(tmp_path, gzip.compress(b"a" * 10)))) == [b"a" * 10]
    with pytest.raises(Refused, match=r"rows\.csv holds more than"):
        list(blocks(file(tmp_path, gzip.compress(b"a" * 11))))
