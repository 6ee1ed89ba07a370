"""Conditions: ``> 2 * baseline``, ``within 1% of champion``. Read, print, evaluate, explain and order them.

Every name that other packages need is here.
"""

from __future__ import annotations

from cvnpolicy.core.condition.ast import (
    KEYWORDS,
    At,
    Clause,
    Comparison,
    Condition,
    Constant,
    Joiner,
    Multiple,
    Op,
    Within,
    interval_names,
    is_name,
    mentions,
    names,
)
from cvnpolicy.core.condition.error import ConditionError
from cvnpolicy.core.condition.evaluate import BaselineValue, Number, evaluate
from cvnpolicy.core.condition.order import Answer, Change, Order, Polarity, compare, decide, implies
from cvnpolicy.core.condition.parse import parse
from cvnpolicy.core.condition.truthset import Sign
from cvnpolicy.core.condition.units import check_unit
from cvnpolicy.core.condition.words import sentence

__all__ = [
    "KEYWORDS",
    "Answer",
    "At",
    "BaselineValue",
    "Change",
    "Clause",
    "Comparison",
    "Condition",
    "ConditionError",
    "Constant",
    "Joiner",
    "Multiple",
    "Number",
    "Op",
    "Order",
    "Polarity",
    "Sign",
    "Within",
    "check_unit",
    "compare",
    "decide",
    "evaluate",
    "implies",
    "interval_names",
    "is_name",
    "mentions",
    "names",
    "parse",
    "sentence",
]
