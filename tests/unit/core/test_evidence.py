"""Questions as values."""

from __future__ import annotations

from cvnpolicy.core.evidence import MeasureNeed, Selection


def test_filters_that_python_takes_for_equal_are_different_questions() -> None:
    needs = {MeasureNeed("count", Selection("d", where=(("x", (value,)),))) for value in (1, 1.0, True, "1")}
    assert len(needs) == 4
    assert MeasureNeed("count", Selection("d", where=(("x", (1,)),))) in needs
