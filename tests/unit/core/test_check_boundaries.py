"""Limits of core/check_rules.py. tools/mutate.py asked for them."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from cvnpolicy.core.check import Check
from tests.support.faults import faults_of

MEAN: dict[str, Any] = {"statistic": "mean", "dataset": "data", "columns": ["a"], "window": "14d"}
CHECK: dict[str, Any] = {"id": "one", "measure": MEAN, "warn_if": "> 1"}


def told(**keys: Any) -> list[str]:
    value = {**CHECK, **keys}
    try:
        Check.model_validate(value)
    except ValidationError:
        return [fault["what"] for _place, fault in faults_of(Check, value)]
    return []


@pytest.mark.parametrize(("lasting", "allowed"), [("9999s", True), ("10000s", True), ("10001s", False)])
def test_a_check_looks_back_on_ten_thousand_instants(lasting, allowed):
    what = "the check looks back on more than 10,000 instants of every: 1s"
    assert told(every="1s", **{"for": lasting}) == ([] if allowed else [what])


def test_a_run_may_escalate_by_date_and_not_by_time():
    run = {**MEAN, "window": "run"}
    dated, lasting = {"at": "2026-06-01T00:00:00Z", "to": "P1"}, {"after": "1d", "to": "P1"}
    what = "'after' asks the same rows again at every instant of window: run"
    assert told(measure=run, every="1d", severity="P3", escalate=[dated]) == []
    assert told(measure=run, every="1d", severity="P3", escalate=[lasting]) == [what]
    assert told(measure=run, every="1d", severity="P3", escalate=[dated, lasting]) == [what]
