"""Every statistic of the table is answered where the rows are, and nothing else is."""

from __future__ import annotations

from cvnpolicy.core.statistic import STATISTICS
from cvnpolicy.sources.tables.answer import ANSWERS


def test_the_two_tables_agree() -> None:
    assert set(ANSWERS) == set(STATISTICS)
