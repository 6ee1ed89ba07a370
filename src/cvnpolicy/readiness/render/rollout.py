"""Sections 4 and 5. Until policies say how a change goes out and comes back, the facts of the story do."""

from __future__ import annotations

from collections.abc import Iterator

from cvnpolicy.core.duration import Duration
from cvnpolicy.kinds.readiness.model import ReadinessPolicySpec
from cvnpolicy.kinds.readiness.story import Canary, Mechanism, Stage, Story
from cvnpolicy.readiness.render.form import Cells, table_of
from cvnpolicy.readiness.render.inline import code, gap, plain
from cvnpolicy.readiness.render.known import Known

DAY = "YYYY-MM-DD"
"""What the form has where a date is to be written."""


def rollout(known: Known, spec: ReadinessPolicySpec) -> Iterator[str]:
    """Yield the lines of section 4."""
    facts = known.facts
    plan = facts.rollout
    yield from table_of(spec, "stages", [_stage(stage) for stage in plan.stages or ()])
    yield from ("", _canary(plan.canary or Canary.model_construct()))
    yield f"- {_signs(facts)}"
    yield f"- Full rollout date: {plan.full or DAY}"


def _stage(stage: Stage) -> Cells:
    length = stage.duration
    return {
        "stage": plain(stage.stage),
        "traffic": _said(stage.traffic),
        "duration": f"≥ {length.words()}" if isinstance(length, Duration) else "open-ended" if length else "",
        "criteria": _said(stage.criteria),
        "trigger": _said(stage.rollback_if),
    }


def _canary(canary: Canary) -> str:
    symbol = gap("symbol") if canary.symbol is None else code(canary.symbol)
    why = gap("because of what") if canary.because is None else f"chosen because {plain(canary.because)}"
    return f"- Canary: {symbol}, {why}"


def _signs(facts: Story) -> str:
    who = facts.rollout.sign_off_by
    number = f" (wp#{facts.work_package})" if facts.work_package is not None else ""
    if who is None:
        return f"Going to full waits for {gap('sign-off of whom')}"
    return f"Going to full waits for the sign-off of {code(who)} in the OpenProject Story{number}"


def rollback(known: Known, spec: ReadinessPolicySpec) -> Iterator[str]:
    """Yield the lines of section 5."""
    back = known.facts.rollback
    ways = back.mechanisms or ()
    yield from table_of(spec, "mechanisms", [_mechanism(way, place) for place, way in enumerate(ways)])
    yield from ("", f"- Switched off by: {code(back.switch) if back.switch is not None else gap('setting')}")
    for place, way in enumerate(ways):
        if way.drilled is not None or place == 0:
            yield f"- Drilled in shadow on {way.drilled or DAY}: {plain(way.mechanism)}"


def _mechanism(way: Mechanism, place: int) -> Cells:
    return {
        "mechanism": f"{plain(way.mechanism)} ({'secondary' if place else 'primary'})",
        "description": _said(way.description),
        "sla": f"≤ {way.sla.words()}" if way.sla is not None else "",
    }


def _said(words: str | None) -> str:
    return "" if words is None else plain(words)
