"""Which questions a set of policies asks at an instant: each once, in a fixed order."""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from datetime import datetime

from cvnpolicy.core.evidence import Answer, Need, Unavailable
from cvnpolicy.core.kind import PolicySet, Setting
from cvnpolicy.engine.evaluate import Evaluator
from cvnpolicy.engine.findings import findings_of

_NOT_YET = Unavailable("not asked yet")


def plan(policies: PolicySet, at: datetime, asked: PolicySet | None = None) -> tuple[Need, ...]:
    """Return every question that judging at ``at`` puts to the evidence.

    It judges once with nothing answered and writes down what is asked. What is asked never depends on an answer,
    so the plan and the judgement cannot drift apart (a test holds them to it).

    Args:
        policies: The whole set; trees may look at any check of it.
        at: The instant, UTC.
        asked: The policies to judge; the whole set without.
    """
    needs: dict[Need, None] = {}

    def record(need: Need) -> Answer:
        needs[need] = None
        return _NOT_YET

    evaluator = Evaluator(policies, record, at)
    setting = Setting(at, policies.catalog)
    for kind, policy in (asked or policies).policies:
        # Planning must go on past a defect. Nothing is lost: the kind's needs are asked for again when it is judged, so
        # that a defect there becomes its finding, and what a check did not get to ask is an error when it is judged.
        with suppress(Exception):
            needs.update(dict.fromkeys(kind.needs(policy, setting)))
        for check in evaluator.checks.values():
            if check.policy is policy:
                with suppress(Exception):
                    deque(findings_of(check, at, evaluator), maxlen=0)
    return tuple(needs)
