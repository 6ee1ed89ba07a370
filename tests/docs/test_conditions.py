"""Every condition that the page shows parses, and means what the page says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cvnpolicy.core.condition import BaselineValue, evaluate, parse
from cvnpolicy.core.logic import Truth
from cvnpolicy.core.unit import Unit

PAGE = (Path(__file__).parents[2] / "docs" / "explanation" / "conditions.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"^\| `([^`]+)` \|", PAGE, re.MULTILINE)

MEANS = {
    "> 0": (Unit.COUNT, 1, 0),
    ">= 50": (Unit.COUNT, 50, 49),
    "!= 3": (Unit.COUNT, 4, 3),
    "> 5%": (Unit.NUMBER, 0.051, 0.05),
    "< 30min": (Unit.S, 1799, 1800),
    "abs > 0.5": (Unit.NUMBER, -0.6, -0.5),
    "> 2 * baseline": (Unit.NUMBER, 1.1, 1.0),
    ">= registered - 1pp": (Unit.NUMBER, 0.49, 0.489),
    "within 1% of champion": (Unit.NUMBER, 0.505, 0.506),
    "not within 2pp of champion": (Unit.NUMBER, 0.53, 0.52),
    ">= 0.3 and <= 0.4": (Unit.NUMBER, 0.4, 0.41),
    "< 10 or > 20": (Unit.COUNT, 21, 20),
}
"""Condition to unit, a number for which it holds, and one for which it does not; every baseline is 0.5."""


def test_the_page_shows_them_all() -> None:
    assert set(SHOWN) == {*MEANS, "unset"}


@pytest.mark.parametrize(("text", "unit", "yes", "no"), [(text, *case) for text, case in MEANS.items()])
def test_it_means_what_the_page_says(text: str, unit: Unit, yes: float, no: float) -> None:
    baselines = {name: BaselineValue(0.5) for name in ("baseline", "registered", "champion")}
    assert evaluate(parse(text), yes, baselines, unit) is Truth.TRUE
    assert evaluate(parse(text), no, baselines, unit) is Truth.FALSE


def test_a_percent_of_a_metric_in_percent() -> None:
    assert evaluate(parse("> 5%"), 5.1, {}, Unit.PERCENT) is Truth.TRUE
    assert evaluate(parse("unset"), 5.1, {}, Unit.PERCENT) is Truth.UNKNOWN
