"""With all facts the file passes; without one of them it fails where that fact is needed, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from cvnpolicy.core.finding import Outcome
from cvnpolicy.core.kind import PolicySet
from cvnpolicy.kinds.readiness.story import Story
from cvnpolicy.markdown.blocks import page
from cvnpolicy.readiness.render import UnknownStoryError, render, stories
from cvnpolicy.readiness.truth import Status, figures, learn
from tests.readiness.render.rendering import HERE, STORY, Facts, facts, failed, policies, rendered, spec, verdicts
from tests.support.golden import assert_golden

Steps = tuple[str | int, ...]

LACKING = {
    "R1.5": "five metrics have a limit of one level only: expectancy_net, three of the BTC feed, contract failures",
    "R3.8": "the correlation has a critical limit only",
}
"""What policies do not have, and a rule only advises: no text of ours may hide it."""

NEEDED: dict[str, str] = {
    "title": "R0.1",
    "work_package": "R0.3 R0.8",
    "issue": "R0.3 R0.8",
    "owner": "R0.4 R0.8 R6.1 R6.2 R6.4",
    "filled_on": "R0.5 R0.8",
    "reviews": "R0.6 R0.7 R0.8 R7.11 R7.12",
    "reviews.0": "",
    "reviews.0.session": "R0.8",
    "reviews.0.verdict": "R0.8",
    "reviews.1": "R0.8 R7.11 R7.12",
    "reviews.1.session": "R0.8 R7.11 R7.12",
    "reviews.1.verdict": "R0.7 R0.8 R7.11",
    "dashboards": "R1.4",
    "dashboards.grafana": "R1.4",
    "variants": "R1.10",
    "existing": "R1.15 R2.3 R3.3",
    "existing.metrics": "R1.15",
    "existing.checks": "R2.3 R3.3",
    "existing.checks.0": "R2.3",
    "existing.checks.1": "",
    "existing.checks.2": "R3.3",
    "offline": "R1.3 R1.4 R1.11",
    "drift": "R3.4",
    "drift.kinds": "",
    "drift.kinds.btc-features-drift/correlation-shift": "",
    "drift.events": "R3.4",
    "drift.events.data": "R3.4",
    "drift.events.correlation": "",
    "drift.events.concept": "R3.4",
    "rollout": "R0.8 R4.1 R4.2 R4.3 R4.5 R4.6 R4.7 R4.8 R4.9 R4.10 R4.11 R4.12 R6.9",
    "rollout.stages": "R4.1 R4.2 R4.3 R4.5 R4.6 R4.7 R4.8 R4.9",
    "rollout.stages.0": "R4.2 R4.3",
    "rollout.stages.0.traffic": "",
    "rollout.stages.0.duration": "R4.3",
    "rollout.stages.0.criteria": "R4.7",
    "rollout.stages.0.rollback_if": "R4.9",
    "rollout.stages.1": "R4.2 R4.5 R4.6 R4.8",
    "rollout.stages.1.traffic": "R4.5",
    "rollout.stages.1.duration": "R4.6",
    "rollout.stages.1.criteria": "R4.7 R4.8",
    "rollout.stages.1.rollback_if": "R4.9",
    "rollout.stages.2": "R4.2",
    "rollout.stages.2.traffic": "",
    "rollout.stages.2.duration": "",
    "rollout.stages.2.criteria": "R4.7",
    "rollout.stages.2.rollback_if": "R4.9",
    "rollout.canary": "R4.11 R4.12",
    "rollout.canary.symbol": "R4.11 R4.12",
    "rollout.canary.because": "R4.12",
    "rollout.sign_off_by": "R4.10",
    "rollout.full": "R0.8 R6.9",
    # Without a way back that needs no deploy, the structure is to be reviewed: R5.8 comes with R5.2.
    "rollback": "R0.8 R5.1 R5.2 R5.3 R5.5 R5.6 R5.7 R5.8 R5.9",
    "rollback.mechanisms": "R5.1 R5.2 R5.3 R5.5 R5.6 R5.8 R5.9",
    "rollback.mechanisms.0": "R0.8 R5.2 R5.3 R5.4 R5.5 R5.6 R5.8",
    "rollback.mechanisms.0.description": "R0.8",
    "rollback.mechanisms.0.sla": "R0.8 R5.5",
    "rollback.mechanisms.0.drilled": "R0.8 R5.6",
    "rollback.mechanisms.1": "",
    "rollback.mechanisms.1.description": "R0.8",
    "rollback.mechanisms.1.sla": "R0.8",
    "rollback.switch": "R0.8 R5.7",
    "backup": "R0.8 R6.3 R6.4 R6.5 R6.6",
    "backup.handle": "R0.8 R6.3 R6.4 R6.5 R6.6",
    "backup.practises": "R0.8 R6.5",
    "authority": "R0.8 R6.7",
    "sunset": "R0.8 R6.8 R6.9",
    "imports": "R0.8 R7.9",
    "signed": "R7.13",
    **{f"signed.{index}": "R7.13" for index in range(9)},
}
"""For each fact, the rules that fail without it."""

REQUIRED = {
    *("reviews.0.review", "reviews.1.review", "variants.none", "imports.deptry", "existing.metrics.0", "offline.0"),
    *(f"rollout.stages.{index}.stage" for index in range(3)),
    *(f"rollback.mechanisms.{index}.mechanism" for index in range(2)),
}
"""What the model itself asks for where the part around it is there."""


def parts(value: object, path: Steps = ()) -> Iterator[Steps]:
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, part in below:
        yield (*path, step)
        yield from parts(part, (*path, step))


def without(path: Sequence[str | int]) -> Facts:
    changed: Any = facts()
    at = changed
    for step in path[:-1]:
        at = at[step]
    del at[path[-1]]
    assert isinstance(changed, dict)
    return changed


PARTS = {".".join(map(str, path)): path for path in parts(facts())}


def test_the_file_passes_but_for_what_policies_lack() -> None:
    assert failed(rendered()) == set(LACKING)
    unsure = {rule for rule, verdict in verdicts(rendered()).items() if verdict.outcome is Outcome.INCONCLUSIVE}
    assert unsure == {"R8.1", "R8.2"}


def test_every_fact_is_taken_away_once() -> None:
    assert set(NEEDED) | REQUIRED == set(PARTS)
    assert not set(NEEDED) & REQUIRED


@pytest.mark.parametrize("name", NEEDED)
def test_without_a_fact_just_the_rules_that_need_it_fail(name: str) -> None:
    text = rendered(without(PARTS[name]))
    assert failed(text) == set(LACKING) | set(NEEDED[name].split())


@pytest.mark.parametrize("name", sorted(REQUIRED))
def test_the_model_asks_for_what_a_part_is_nothing_without(name: str) -> None:
    with pytest.raises(ValueError, match=r"Field required|at least 1 item|none of them|one way|a tag, or"):
        Story.model_validate(without(PARTS[name]))


def test_without_any_fact_nothing_is_made_up() -> None:
    text = render(STORY, None, policies(), spec())
    assert text == rendered({})
    passed = {rule for rule, verdict in verdicts(text).items() if verdict.outcome is Outcome.PASS}
    # What passes comes from the policies, from the form itself, or is true of a file that says nothing. Its prose
    # counts for nothing: with nothing in its title and header, it is the form.
    from_policies = "R1.1 R1.2 R1.6 R1.13 R1.14 R2.1 R2.2 R2.4 R2.5 R2.6 R2.7 R2.8 R2.9 R2.10 R2.11 R2.12 R2.13"
    from_policies += " R3.1 R3.2 R3.5 R3.6 R3.9"
    from_the_form = "R0.2 R0.9 R7.1 R7.2 R7.3 R7.4 R7.5 R7.6 R7.7 R7.8 R7.10"
    of_nothing = "R5.4"
    assert passed == set(f"{from_policies} {from_the_form} {of_nothing}".split())
    for invented in ("@dococeven` may", "2026-0", "[x]", "BTCUSDC`,", "grafana.cvntrade"):
        assert invented not in text.partition("## 4.")[2]


def test_what_it_says_agrees_with_the_policies() -> None:
    found = figures(page(rendered(), "ready.md"), learn(policies(), spec().terms or ()))
    assert [figure.message for figure in found if figure.status is Status.CONTRADICTS] == []
    ours = [figure for figure in found if figure.line < rendered()[: rendered().index("## 4.")].count("\n")]
    agreeing = [figure for figure in ours if figure.status is Status.AGREES]
    assert len(agreeing) / len(ours) > 0.9


def test_the_whole_file() -> None:
    assert_golden(HERE / "golden" / "mlops_readiness.md", rendered())


def test_the_order_of_policies_does_not_matter() -> None:
    found = policies()
    other = PolicySet(tuple(reversed(found.policies)), found.catalog)
    assert render(STORY, Story.model_validate(facts()), other, spec()) == rendered()


def test_every_story_of_the_policies_has_a_file() -> None:
    assert stories(policies()) == (STORY, "CVN-N001-EE-S17")
    text = render("CVN-N001-EE-S17", None, policies(), spec())
    assert "| `hp-coverage-low` | last `hp_seeded_keys` warn < 455, crit <= 432 over 26 h |" in text
    assert "| warn P3, crit P1 | `pagerduty` at P1, `slack:#ops-cvn` at P3 |" in text
    assert "| P3, P2 from T+14d on |" in text
    assert "PLANNED" in text
    assert "prediction-rate metric: `<metric>`" in text


def test_a_story_that_nobody_knows() -> None:
    with pytest.raises(UnknownStoryError, match="no policy is about 'CVN-N001-EE-S05'") as caught:
        render("CVN-N001-EE-S05", None, policies(), spec())
    assert caught.value.story == "CVN-N001-EE-S05"
    # Facts are enough to begin with.
    text = render("CVN-N001-EE-S05", Story.model_validate({"title": "new"}), policies(), spec())
    assert text.startswith("# MLOps readiness — CVN-N001-EE-S05 — new\n")
    assert {"R1.1", "R2.1", "R3.1"} <= failed(text)
