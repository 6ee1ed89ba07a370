from __future__ import annotations

import os

import pytest

from cvnpolicy.sources.opening import open_regular


def test_a_file_is_opened(tmp_path):
    (tmp_path / "a").write_bytes(b"abc")
    with open_regular(tmp_path / "a") as file:
        assert file.read() == b"abc"


def test_nothing_else_is_and_nobody_is_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to("a")
    (tmp_path / "a").write_bytes(b"")
    for name in ("pipe", "link", "nothing", "."):
        with pytest.raises(OSError, match=r"."):
            open_regular(tmp_path / name)
    with pytest.raises(OSError, match="not a regular file"):
        open_regular(tmp_path / "pipe")
