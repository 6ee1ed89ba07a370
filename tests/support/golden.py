"""Whole outputs kept as files. CVNPOLICY_UPDATE_GOLDEN=1 rewrites them; the diff is then read in review."""

from __future__ import annotations

import os
from pathlib import Path


def assert_golden(path: Path, actual: str) -> None:
    """Compare `actual` with the file at `path`, byte for byte; a missing file is a failure unless updating."""
    if os.environ.get("CVNPOLICY_UPDATE_GOLDEN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(actual, encoding="utf-8", newline="")
    assert path.exists(), f"{path} is not there: run once with CVNPOLICY_UPDATE_GOLDEN=1 and read what it wrote"
    with path.open(encoding="utf-8", newline="") as file:
        expected = file.read()
    assert actual == expected, f"{path.name} differs: if the change is meant, run with CVNPOLICY_UPDATE_GOLDEN=1"
