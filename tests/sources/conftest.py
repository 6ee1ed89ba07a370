"""One fixture: a place for datasets, in each format in turn."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sources.formats import FORMATS, Data, Format


@pytest.fixture(params=FORMATS, ids=lambda kind: kind.name)
def data(request: pytest.FixtureRequest, tmp_path: Path) -> Data:
    """Where a test adds rows and asks about them."""
    kind: Format = request.param
    return Data(tmp_path, kind)
