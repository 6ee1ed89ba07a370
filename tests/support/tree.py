"""A small folder of files, written down in the test that needs it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent


def write_tree(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write `files` (relative path to content) below `root` and return `root`.

    Text is dedented and loses the newline after an opening triple quote; bytes are written as they are.
    """
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(dedent(content).removeprefix("\n"), encoding="utf-8", newline="\n")
    return root
