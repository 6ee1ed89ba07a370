"""What must hold of the grammar of conditions for any text."""

from __future__ import annotations

import math

from cvnpolicy.core.condition import (
    BaselineValue,
    Condition,
    ConditionError,
    Polarity,
    check_unit,
    compare,
    evaluate,
    implies,
    names,
    parse,
    sentence,
)
from cvnpolicy.core.logic import Truth
from cvnpolicy.core.unit import Unit

__all__ = ["check", "seeds"]

_VALUES = (0, 1, -1, 0.5, 100, 1e308, 10**30, math.nan, math.inf, -math.inf)


def check(text: str) -> None:
    """Read a condition and use it in every way.

    Raises:
        AssertionError: An error has no place in the text, or the condition does not print as it reads.
    """
    try:
        condition = parse(text)
    except ConditionError as error:
        _check_error(error, text)
        return
    printed = str(condition)
    again = parse(printed)
    assert again == condition, (text, printed)
    assert str(again) == printed
    assert sentence(condition) or condition.is_unset
    _use(condition, again)


def _check_error(error: ConditionError, text: str) -> None:
    assert 0 <= error.offset <= len(text), (error.offset, text)
    assert error.length >= 0, error
    assert error.what, error
    assert error.right, error


def _use(condition: Condition, again: Condition) -> None:
    baselines = {name: BaselineValue(2.0, (1.5, 2.5)) for name in names(condition)}
    for unit in Unit:
        try:
            check_unit(condition, unit)
        except ConditionError:
            continue
        for value in _VALUES:
            assert isinstance(evaluate(condition, value, baselines, unit), Truth)
        compare(condition, again, Polarity.BAD, unit=unit)
    implies(condition, again)


def seeds() -> set[bytes]:
    """Conditions of every form."""
    return {
        text.encode()
        for text in (
            "unset",
            "> 2 * baseline",
            "within 1% of champion",
            "not within 2pp of champion and > 0",
            "within ci95 of champion",
            "abs > 3 sigma",
            "< 0.4 or > 0.6",
            ">= registered - 1pp",
            "!= 1000 and <= 1.5 * name + 2 d",
        )
    }
