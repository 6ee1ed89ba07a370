"""Two versions of one check: every difference, the tighter ones too."""

from __future__ import annotations

from typing import Any

import pytest

from cvnpolicy.core.check import Check
from cvnpolicy.core.effect import Effect
from cvnpolicy.core.policy import Fact
from cvnpolicy.review.checks import Context, comparer

LOOSER, TIGHTER, UNKNOWN = Effect.LOOSER, Effect.TIGHTER, Effect.UNKNOWN
MEASURE = {"statistic": "mean", "dataset": "scores", "columns": ["f1"], "window": "7d"}
BASE: dict[str, Any] = {"id": "c", "measure": MEASURE, "by": {"symbol": ["A", "B"]}, "crit_if": "< 0.3"}
GOOD: dict[str, Any] = {key: value for key, value in BASE.items() if key != "crit_if"} | {"pass_if": ">= 0.3"}
SIDES = {"by": {"symbol": ["A", "B"], "side": ["x", "y"]}}
PASSES = BASE | {"on_unknown": "pass", "because": "late"}
TREE: dict[str, Any] = {"id": "c", "warn_if": {"check": "d", "is": ["fail"]}}

CASES: list[tuple[dict[str, Any], dict[str, Any], list[tuple[str, Effect]]]] = [
    (BASE, BASE, []),
    # Groups: what is not written is `any` for a bad condition and `all` for a good one.
    (BASE, BASE | {"groups": "any"}, []),
    (GOOD, GOOD | {"groups": "all"}, []),
    (BASE, BASE | {"groups": ">= 1"}, []),
    (BASE, BASE | {"groups": ">= 2"}, [("groups", LOOSER)]),
    (BASE | {"groups": ">= 2"}, BASE, [("groups", TIGHTER)]),
    (BASE, BASE | {"groups": "all"}, [("groups", LOOSER)]),
    (BASE | {"groups": "all"}, BASE, [("groups", TIGHTER)]),
    (GOOD, GOOD | {"groups": "any"}, [("groups", LOOSER)]),
    (GOOD, GOOD | {"groups": ">= 1"}, [("groups", LOOSER)]),
    (GOOD | {"groups": ">= 1"}, GOOD, [("groups", TIGHTER)]),
    (BASE | {"groups": ">= 1"}, BASE | {"groups": {"symbol": ">= 1"}}, [("groups", UNKNOWN)]),
    (BASE | {"groups": {"symbol": "any"}}, BASE | {"groups": "any"}, [("groups", UNKNOWN)]),
    (GOOD | {"groups": "<= 1"}, GOOD | {"groups": ">= 1"}, [("groups", UNKNOWN)]),
    # How long it lasts
    (BASE | {"every": "1d", "for": "2d"}, BASE | {"every": "1d", "for": "48h"}, []),
    (BASE | {"every": "1d", "for": "2d"}, BASE | {"every": "1d", "for": "3d"}, [("for", LOOSER)]),
    (GOOD | {"every": "1d", "for": "2d"}, GOOD | {"every": "1d", "for": "3d"}, [("for", TIGHTER)]),
    (GOOD | {"every": "1d", "for": "2d"}, GOOD | {"every": "1d"}, [("for", LOOSER)]),
    # Severities
    (BASE | {"severity": "P2"}, BASE | {"severity": {"warn": "P2", "crit": "P2"}}, []),
    (BASE | {"severity": "P2"}, BASE | {"severity": {"warn": "P1", "crit": "P2"}}, [("severity", TIGHTER)]),
    (BASE | {"severity": "P2"}, BASE | {"severity": {"warn": "P1", "crit": "P3"}}, [("severity", UNKNOWN)]),
    (BASE, BASE | {"severity": "P3"}, [("severity", TIGHTER)]),
    (BASE | {"severity": "P3"}, BASE, [("severity", LOOSER)]),
    # Members
    (BASE, BASE | {"by": {"symbol": ["B", "A"]}}, []),
    (BASE, BASE | {"by": {"symbol": ["A"]}}, [("by.symbol", LOOSER)]),
    (BASE, BASE | {"by": {"symbol": ["A", "B", "C"]}}, [("by.symbol", TIGHTER)]),
    (BASE, BASE | {"by": {"symbol": ["A", "C"]}}, [("by.symbol", LOOSER), ("by.symbol", TIGHTER)]),
    (
        BASE | {"groups": ">= 2"},
        BASE | {"groups": ">= 2", "by": {"symbol": ["A", "B", "C"]}},
        [("by.symbol", UNKNOWN)],
    ),
    (
        BASE | {"by": {"symbol": ["A", "B"], "side": ["x", "y"]}},
        BASE | {"by": {"symbol": ["A"], "side": "sides"}},
        [("by", UNKNOWN)],
    ),
    # One more that may be good helps who asks for any; one more that must be bad as well helps who asks for all.
    (GOOD | {"groups": "any"}, GOOD | {"groups": "any", "by": {"symbol": ["A", "B", "C"]}}, [("by.symbol", UNKNOWN)]),
    (BASE | {"groups": "all"}, BASE | {"groups": "all", "by": {"symbol": ["A", "B", "C"]}}, [("by.symbol", UNKNOWN)]),
    (GOOD | {"groups": "all"}, GOOD | {"groups": "all", "by": {"symbol": ["A", "B", "C"]}}, [("by.symbol", TIGHTER)]),
    (
        BASE | {"by": {"symbol": [True]}},
        BASE | {"by": {"symbol": [1]}},
        [("by.symbol", LOOSER), ("by.symbol", TIGHTER)],
    ),
    (BASE | {"by": {"symbol": "all"}}, BASE | {"by": {"symbol": "some"}}, [("by", UNKNOWN)]),
    # Conditions
    (BASE, BASE | {"crit_if": "< 0.4"}, [("crit_if", TIGHTER)]),
    # Where few groups may hold it, more that do are no step to a worse outcome.
    (BASE | {"groups": ">= 2"}, BASE | {"groups": ">= 2", "crit_if": "< 0.4"}, [("crit_if", TIGHTER)]),
    (BASE | {"groups": "<= 1"}, BASE | {"groups": "<= 1", "crit_if": "< 0.4"}, [("crit_if", UNKNOWN)]),
    (BASE | {"groups": "== 1"}, BASE | {"groups": "== 1", "crit_if": "< 0.4"}, [("crit_if", UNKNOWN)]),
    (
        BASE | {"groups": {"symbol": "< 2"}},
        BASE | {"groups": {"symbol": "< 2"}, "crit_if": "< 0.4"},
        [("crit_if", UNKNOWN)],
    ),
    (
        BASE | SIDES | {"groups": {"symbol": "any", "side": "< 2"}},
        BASE | SIDES | {"groups": {"symbol": "any", "side": "< 2"}, "crit_if": "< 0.4"},
        [("crit_if", UNKNOWN)],
    ),
    (
        BASE | {"groups": ">= 1 and <= 3"},
        BASE | {"groups": ">= 1 and <= 3", "crit_if": "< 0.4"},
        [("crit_if", UNKNOWN)],
    ),
    # Who lets pass what is not decided
    (BASE | {"min_samples": 5}, BASE | {"min_samples": 6}, [("min_samples", TIGHTER)]),
    (PASSES | {"min_samples": 5}, PASSES | {"min_samples": 6}, [("min_samples", UNKNOWN)]),
    (PASSES | {"min_samples": 5}, BASE | {"min_samples": 6}, [("min_samples", TIGHTER), ("on_unknown", TIGHTER)]),
    (
        BASE | {"min_samples": 5},
        PASSES | {"min_samples": 6},
        [("min_samples", UNKNOWN), ("on_unknown", LOOSER)],
    ),
    (BASE, GOOD, [("crit_if", LOOSER), ("pass_if", TIGHTER)]),
    (TREE, TREE | {"warn_if": {"check": "d", "is": ["warn"]}}, [("warn_if", UNKNOWN)]),
    (TREE, {"id": "c", "measure": MEASURE, "warn_if": "< 0.5"}, [("measure", UNKNOWN), ("warn_if", UNKNOWN)]),
    ({"id": "c", "measure": MEASURE, "warn_if": "< 0.5"}, TREE, [("measure", UNKNOWN), ("warn_if", UNKNOWN)]),
]


@pytest.mark.parametrize(("old", "new", "found"), CASES, ids=range(len(CASES)))
def test_two_versions(old: dict[str, Any], new: dict[str, Any], found: list[tuple[str, Effect]]) -> None:
    before, after = (Check.model_validate(each) for each in (old, new))
    differences = list(comparer({}, Context({}, {})).models(before, after, ()))
    assert [(".".join(map(str, one.path)), one.effect) for one in differences] == found


def test_a_fact_that_is_sooner_stale_is_tighter_where_doubt_passes_nowhere() -> None:
    before, after = (Fact.model_validate({"source": "manual", "fresh_for": age}) for age in ("24h", "1h"))
    found = [one.effect for one in comparer({}, Context({}, {})).models(before, after, ())]
    assert found == [TIGHTER]
