"""The share of rows without a usable value: the same in every format, and what each of them calls a value."""

from __future__ import annotations

import math

import pytest

from cvnpolicy.core.evidence import MeasureNeed, Reading
from tests.sources.formats import Data, hour, hours


def share(data: Data, column: str = "x", **more) -> MeasureNeed:
    return MeasureNeed("missing", data.selection(window=hours(0, 24)), (column,), **more)


def found(data: Data, values, **binding) -> Reading:
    data.add("rows", [{"ts": hour(index), "x": value, "y": 1.0} for index, value in enumerate(values)], **binding)
    return data.reading(share(data))


def said(rows: int, missing: int) -> Reading:
    return Reading(missing / rows, rows, details={"rows": rows, "missing": missing})


@pytest.mark.parametrize(
    ("values", "missing"),
    [
        ([1.5, None, 3.0, None], 2),
        ([1.5, 2.5], 0),
        ([1.5, math.nan, math.inf, -math.inf, 0.0], 3),
        ([1.5, math.nan, None], 2),
        ([math.nan, math.nan], 2),
        ([3, None, 4], 1),
        ([2**63 - 1, None, -(2**63)], 1),
        (["buy", None, "sell"], 1),
        (["buy", "nan", "inf", None], 1),  # in a column of text these are words
        ([True, None, False], 1),
        ([hour(1), None, hour(2)], 1),
        ([None, None], 2),
    ],
    ids=str,
)
def test_the_share_of_rows_without_a_usable_value(data, values, missing):
    answer = found(data, values)
    assert answer == said(len(values), missing)
    assert type(answer.value) is float


def test_only_rows_of_the_selection_and_the_group_count(data):
    cells = [("BTC", "buy", 1.0), ("BTC", "buy", None), ("BTC", "sell", None), ("ETH", "buy", 2.0)]
    cells += [("ETH", "buy", math.nan), ("ETH", "buy", None), ("ETH", "buy", math.inf)]
    data.add(
        "rows", [{"ts": hour(at), "symbol": symbol, "side": side, "x": x} for at, (symbol, side, x) in enumerate(cells)]
    )
    bought = data.selection(window=hours(0, 6), symbol=["BTC", "ETH", "SOL"], side=["buy"])
    groups = data.groups(MeasureNeed("missing", bought, ("x",), ("symbol",)))
    assert groups == {(("symbol", "BTC"),): said(2, 1), (("symbol", "ETH"),): said(3, 2)}


def test_no_rows_are_no_answer(data):
    data.add("rows", [{"ts": hour(30), "x": 1.0}])
    assert data.groups(share(data)) == {}


def test_every_row_fills_its_slot(data):
    table = data.kind.event is None
    answer = found(data, [1.0, None, math.nan, 2.0], **({"cadence": "6h"} if table else {}))
    assert answer.coverage == (0.25 if table else None)
    data.add("hours", [{"ts": hour(6 * at), "x": None} for at in range(4)], **({"cadence": "6h"} if table else {}))
    every = MeasureNeed("missing", data.selection("hours", hours(0, 24)), ("x",))
    assert data.reading(every).coverage == (1.0 if table else None)


def test_a_field_that_no_row_has(data):
    data.add("rows", [{"ts": hour(0), "x": 1.0}, {"ts": hour(1), "x": 2.0}])
    if data.kind.event is not None:
        # That the event has such a field is the catalog's to know, and the loader has asked it.
        assert data.reading(share(data, "y")) == said(2, 2)
    else:
        assert "has no column 'y'" in data.reason(share(data, "y"))


def test_an_empty_text_is_a_value_where_a_format_can_tell(data):
    assert found(data, ["buy", "", "sell"]) == said(3, 1 if data.kind.name.startswith("csv") else 0)


# --- text that may be numbers


def test_numerals_in_text_are_numbers_where_there_are_no_types(data):
    assert found(data, ["1", "nan", "-inf", "2.5"]) == said(4, 0 if data.kind.has_types else 2)
    assert found(data, ["9007199254740993", "NaN", "9007199254740992", "0.5"]) == said(
        4, 0 if data.kind.has_types else 1
    )


def test_other_text_among_numbers_is_text(data):
    assert found(data, ["1", "n/a", None, "2.5"]) == said(4, 1)


def test_whether_nan_is_a_word_is_not_guessed(data):
    values = ["1", "nan", "n/a", "2.5"]
    if data.kind.has_types:
        assert found(data, values) == said(4, 0)
        return
    data.add("rows", [{"ts": hour(index), "x": value} for index, value in enumerate(values)])
    hint = "leave a missing number empty" if data.kind.event is None else "leave out the key of a missing number"
    reason = data.reason(share(data))
    assert "is text: 'n/a' in rows" in reason
    assert reason.endswith(f"is not a number | {hint}")


@pytest.mark.parametrize(("declared", "odd"), [("int", "None"), ("float", "null"), ("float", ""), ("int", "1.5s")])
def test_a_field_declared_as_a_number_holds_numbers(data, declared, odd):
    """Python prints None, and a line with ``x=None`` has no number."""
    data.add("rows", [{"ts": hour(index), "x": value} for index, value in enumerate(["1", None, odd])])
    asked = share(data, params=(("declared", declared),))
    if data.kind.has_types:
        assert "'x' of dataset 'rows' holds text" in data.reason(asked)
    elif odd or data.kind.event is not None:
        assert f"is text: '{odd}' in rows" in data.reason(asked)
    else:
        assert data.reading(asked) == said(3, 2)


@pytest.mark.parametrize(
    ("declared", "values", "missing"),
    [
        ("int", [1, None, 2], 1),
        ("float", [1.5, math.nan, None], 2),
        ("float", [math.inf, -math.inf], 2),
        ("int", [None], 1),
    ],
)
def test_a_field_declared_as_a_number_may_be_missing(data, declared, values, missing):
    data.add("rows", [{"ts": hour(index), "x": value} for index, value in enumerate(values)])
    assert data.reading(share(data, params=(("declared", declared),))) == said(len(values), missing)


@pytest.mark.parametrize("declared", ["str", "bool"])
def test_a_field_declared_as_something_else_is_no_number(data, declared):
    asked = share(data, params=(("declared", declared),))
    for values in (["1", "nan", "2.5", None], ["1", "nan", "n/a", None]):
        data.add("rows", [{"ts": hour(index), "x": value} for index, value in enumerate(values)])
        assert data.reading(asked) == said(4, 1)
    if data.kind.has_types:  # a DataFrame that stands for a log
        data.add("rows", [{"ts": hour(index), "x": value} for index, value in enumerate([1.0, math.nan])])
        assert data.reading(asked) == said(2, 1)


def test_of_a_log_only_the_text_in_the_window_counts(data):
    data.add(
        "rows",
        [{"ts": hour(-5), "x": "n/a"}] + [{"ts": hour(index), "x": value} for index, value in enumerate(["1", "nan"])],
    )
    if data.kind.event is not None:
        assert data.reading(share(data)) == said(2, 1)
    elif data.kind.has_types:
        assert data.reading(share(data)) == said(2, 0)
    else:
        assert "'n/a'" in data.reason(share(data))
