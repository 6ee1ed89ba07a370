"""The facts of a story are strict: a mistake is told where it stands."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from cvnpolicy.kinds.readiness.story import Story


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"sunset": "2026-02-30"}, "no day of the calendar|not a day of the calendar"),
        ({"sunset": "20260230"}, "is not a day"),
        ({"sunset": 20260230}, "is not a day"),
        ({"sunset": "2026-10-11T00:00:00Z"}, "is not a day"),
        ({"owner": "dococeven"}, "pattern"),
        ({"owner": "@a-team "}, "pattern"),
        ({"work_package": "43"}, "valid integer"),
        ({"work_package": 0}, "greater than or equal to 1"),
        ({"reviews": [{"review": "pr_review", "session": "12345678901"}]}, "pattern"),
        ({"reviews": []}, "at least 1 item"),
        ({"variants": {"tag": "variant", "none": "why"}}, "a tag, or there are none"),
        ({"imports": {"unchanged": True, "deptry": "9d41c7e"}}, "in one way"),
        ({"imports": {"unchanged": False}}, "Input should be True"),
        ({"dashboards": {"grafana": "javascript:alert(1)"}}, "pattern"),
        ({"dashboards": {"grafana": "https://g.example/d/) [x](http://e"}}, "pattern"),
        ({"drift": {"kinds": {"ks": "data"}}}, "pattern"),
        ({"drift": {"events": {"drifting": "x"}}}, "data"),
        ({"rollout": {"canary": {"symbol": "btcusdc"}}}, "pattern"),
        ({"rollout": {"stages": [{"stage": "Shadow", "duration": "7 days"}]}}, "is not a duration"),
        ({"backup": {"practises": "sometimes"}}, "drill"),
        ({"signed": ["everything"]}, "monitoring"),
        ({"title": ""}, "at least 1 character"),
        ({"title": " "}, "pattern"),
        ({"title": None}, "nothing is written"),
        ({"tittle": "x"}, "Extra inputs"),
        ({"existing": {"checks": ["*"]}}, "pattern"),
    ],
)
def test_a_mistake_is_refused(facts: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        Story.model_validate(facts)


def test_a_day_and_a_length() -> None:
    story = Story.model_validate(
        {"sunset": date(2026, 10, 11), "rollout": {"stages": [{"stage": "F", "duration": "open"}]}}
    )
    assert story.sunset == date(2026, 10, 11)
    assert (story.rollout.stages or ())[0].duration == "open"
