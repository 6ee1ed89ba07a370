"""Which reason a finding gives, and no other; what it shows where an answer hangs on several. For tools/mutate.py."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from cvnpolicy.core.evidence import MeasureNeed, Need, Reading, Readings
from cvnpolicy.core.finding import Finding, Outcome
from cvnpolicy.core.logic import Truth
from cvnpolicy.engine.run import run
from cvnpolicy.engine.severity import FirstSeen, first_seen
from cvnpolicy.engine.state import Cause, CheckState, GroupState, Judged
from tests.support.policies import (
    AT,
    EVENTS,
    METRICS,
    Answers,
    Asked,
    Give,
    by_column,
    by_instant,
    check_of,
    checks,
    fact,
    loaded,
    named,
    reading,
    single,
)

MEAN = "measure: {statistic: mean, dataset: data, columns: [a], window: 24h}"
BASE = "baselines: {base: {value: 3, source: dossier}, gone: {window: 7d}}"


def found(root: Path, check: str, give: Give, spec: str = "", also: tuple[str, ...] = ()) -> Finding:
    policies = loaded(root, EVENTS, METRICS, checks(f"{{id: c, {check}}}", *also, spec=spec))
    return named(run(policies, Asked(Answers(give))), "p/c")


def always(answer: Readings) -> Give:
    return lambda _need: answer


def test_a_limit_that_nobody_wrote_is_the_only_reason(tmp_path):
    finding = found(tmp_path, f'{MEAN}, warn_if: "> base", crit_if: "unset"', always(single(1)), BASE)
    assert finding.outcome is Outcome.INCONCLUSIVE
    assert "no limit is written yet" in finding.message
    assert "not a finite number" not in finding.message


def test_a_baseline_without_a_number_is_the_only_reason(tmp_path):
    def give(need: Need) -> Readings:
        assert isinstance(need, MeasureNeed)
        assert need.selection.window is not None
        whole = need.selection.window.end - need.selection.window.start == timedelta(days=7)
        return Readings({}) if whole else single(1)

    finding = found(tmp_path, f'{MEAN}, crit_if: "> gone"', give, BASE)
    assert finding.outcome is Outcome.INCONCLUSIVE
    assert "baseline gone: no rows in the window" in finding.message
    for other in ("no limit is written yet", "not a finite number"):
        assert other not in finding.message


@pytest.mark.parametrize(("value", "kind"), [("3", int), ("3.0", float), ("3.5", float)])
def test_a_baseline_is_shown_as_the_number_it_is(tmp_path, value, kind):
    finding = found(
        tmp_path, f'{MEAN}, crit_if: "> base"', always(single(1)), f"baselines: {{base: {{value: {value}, source: d}}}}"
    )
    assert type(finding.baselines["base"]) is kind


def test_a_mean_of_zero_through_silence_counts_nothing(tmp_path):
    mean = "measure: {statistic: mean, event: work, columns: [size], window: 24h}"
    finding = found(tmp_path, f'{mean}, crit_if: "> 1"', always(single(0, alive=False)))
    assert finding.outcome is Outcome.INCONCLUSIVE
    assert "rows may have been lost" in finding.message
    assert "nothing was counted" not in finding.message


# --- a share, and who shows that its numerator was alive


def share(root: Path, event: str, total: str, value: float, beat: Readings | None = None) -> Finding:
    def give(need: Need) -> Readings:
        assert isinstance(need, MeasureNeed)
        return single(value) if need.statistic == "ratio" or beat is None else beat

    ratio = f"measure: {{statistic: ratio, event: {event}, total: {total}, window: 24h}}"
    return found(root, f'{ratio}, crit_if: "> 50%"', give)


@pytest.mark.parametrize(
    ("total", "value", "outcome"),
    [
        ("{event: beat}", 0, Outcome.PASS),  # from one log: its denominator shows that somebody wrote
        ("{dataset: data}", 0, Outcome.NO_DATA),
        ("{dataset: data}", 0.25, Outcome.PASS),  # a share of something shows it by itself
        ("{dataset: data}", 0.75, Outcome.FAIL),
    ],
)
def test_a_share_without_a_heartbeat(tmp_path, total, value, outcome):
    assert share(tmp_path, "done", total, value).outcome is outcome


@pytest.mark.parametrize(
    ("beat", "outcome", "words"),
    [
        (Readings({(): reading(24)}), Outcome.PASS, ""),
        (Readings({}), Outcome.NO_DATA, "beat was silent"),
        (
            Readings({(): Reading(9, 9, None, alive=False, details={"longest_silence_s": 7200, "null": 4})}),
            Outcome.NO_DATA,
            "beat was silent for 2h, longer than 1h",
        ),
    ],
)
def test_a_share_with_a_heartbeat(tmp_path, beat, outcome, words):
    finding = share(tmp_path, "work", "{event: done}", 0, beat)
    assert finding.outcome is outcome
    assert words in finding.message
    assert "null" not in finding.details


# --- several groups, instants and leaves


def test_joined_groups_show_the_newest_instant_and_its_window(tmp_path):
    def give(need: Need) -> Readings:
        assert isinstance(need, MeasureNeed)
        assert need.selection.window is not None
        newest = need.selection.window.end == AT
        return Readings({(("s", member),): reading(7 if newest else 6) for member in "AB"})

    finding = found(tmp_path, f'{MEAN}, by: {{s: [A, B]}}, groups: all, every: 1d, for: 1d, crit_if: "> 5"', give)
    assert finding.outcome is Outcome.FAIL
    assert [group.measured for group in finding.groups] == [7, 7]
    assert finding.window is not None
    assert (finding.window.start, finding.window.end) == (AT - timedelta(days=1), AT)


def test_a_group_that_counted_nothing_shows_no_number(tmp_path):
    answer = Readings({(("model", "m"),): Reading(0, 0, None, alive=False), (("model", "n"),): reading(0, 0)})
    count = "measure: {statistic: count, event: work, window: 24h}"
    finding = found(tmp_path, f'{count}, by: {{model: [m, n]}}, groups: all, pass_if: "== 0"', always(answer))
    assert [(group.outcome, group.measured) for group in finding.groups] == [(Outcome.NO_DATA, None), (Outcome.PASS, 0)]


def test_a_tree_says_how_its_leaves_stand(tmp_path):
    answers = {"stopped": fact(value=True)}
    finding = found(tmp_path, "crit_if: {fact: stopped, is: [true]}", by_column(answers), "facts: {stopped: {}}")
    assert finding.outcome is Outcome.FAIL
    assert "stopped" in finding.message


@pytest.mark.parametrize(("yesterday", "outcome"), [(2, Outcome.FAIL), (0, Outcome.PASS)])
def test_a_leaf_knows_the_severity_that_time_has_raised(tmp_path, yesterday, outcome):
    base = f'{{id: base, {MEAN}, every: 1d, warn_if: "> 1", severity: P3, escalate: [{{after: 1d, to: P1}}]}}'
    give = by_instant({"08": 2, "07": yesterday})
    finding = found(tmp_path, "crit_if: {check: base, is: [warn], severity: [P1]}", give, also=(base,))
    assert finding.outcome is outcome


def test_the_newest_instant_is_asked_about_as_it_is_now(tmp_path):
    check = f'{{id: c, {MEAN}, every: 1d, crit_if: "> 1", severity: P3, escalate: [{{after: 1d, to: P1}}]}}'
    now = AT + timedelta(hours=12)
    bad = CheckState((GroupState((), Judged({"crit_if": Truth.TRUE})),))
    before = CheckState((), suspended=Cause(Outcome.NOT_APPLICABLE, "not active yet"))
    policies = loaded(tmp_path, checks(check))
    since = first_seen(check_of(policies, "p/c"), (), now, lambda _check, at: bad if at == now else before)
    assert since == FirstSeen(AT, at_least=False)


@pytest.mark.parametrize(("window", "said"), [("run", False), ("24h", True)])
def test_without_rows_the_window_is_named_if_there_is_one(tmp_path, window, said):
    mean = f"measure: {{statistic: mean, dataset: data, columns: [a], window: {window}}}"
    finding = found(tmp_path, f'{mean}, crit_if: "> 1"', always(Readings({})))
    assert finding.outcome is Outcome.NO_DATA
    assert ("in the window" in finding.message) is said
    assert "no rows" in finding.message
