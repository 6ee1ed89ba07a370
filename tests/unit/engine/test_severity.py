"""How urgent, and since when: recomputed from the history of answers on the check's cadence."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from cvnpolicy.core.evidence import Answer, Evidence, Unavailable
from cvnpolicy.core.finding import Finding, Level, Outcome, Severity
from cvnpolicy.core.kind import PolicySet
from cvnpolicy.core.time import parse_instant
from cvnpolicy.engine.run import run
from cvnpolicy.engine.severity import FirstSeen, severity_of
from tests.support.policies import AT, Answers, Asked, Give, by_instant, check_of, checks, fact, grouped, loaded, single

MEASURE = "measure: {statistic: mean, dataset: data, columns: [a], window: 24h}"
HISTORY = f'{{id: c, {MEASURE}, every: 1d, crit_if: "> 1", severity: P3, escalate: [{{after: 3d, to: P1}}]}}'
UNDECIDED: dict[str, Answer] = {
    "no data": single(None),
    "error": Unavailable("down"),
    "inconclusive": single(float("nan")),
}


class At(Asked):
    """Evidence for another instant than the usual one."""

    def __init__(self, give: Answers, at: datetime) -> None:
        super().__init__(give)
        object.__setattr__(self, "at", at)


def found(policies: PolicySet, give: Give, at: datetime = AT) -> Finding:
    evidence: Evidence = At(Answers(give), at)
    (finding,) = run(policies, evidence)
    return finding


@pytest.fixture
def history(tmp_path: Path) -> PolicySet:
    return loaded(tmp_path, checks(HISTORY))


def days(**values: float | Answer) -> dict[str, float | int | Answer]:
    """Values by day, ``d08=2``."""
    return {name[1:]: value for name, value in values.items()}


BAD, GOOD = 2, 0


def test_bad_since_the_first_bad_instant_after_a_good_one(history):
    finding = found(history, by_instant(days(d08=BAD, d07=BAD, d06=GOOD, d05=BAD)))
    assert finding.first_seen == parse_instant("2026-06-07T00:00:00Z")
    assert finding.severity is Severity.P3
    assert "first_seen_at_least" not in finding.details
    assert "so since 2026-06-07 00:00 UTC" in finding.message


def test_bad_today_for_the_first_time(history):
    finding = found(history, by_instant(days(d08=BAD, d07=GOOD, d06=BAD, d05=BAD)))
    assert finding.first_seen == AT


def test_when_the_history_ends_before_a_good_instant_it_is_at_least_that_long(history):
    finding = found(history, by_instant(days(d08=BAD, d07=BAD, d06=BAD, d05=BAD)))
    assert finding.first_seen == parse_instant("2026-06-05T00:00:00Z")
    assert finding.details["first_seen_at_least"] is True
    assert "so since at least 2026-06-05 00:00 UTC" in finding.message
    assert finding.severity is Severity.P1  # three days are reached at their last instant


@pytest.mark.parametrize("gap", UNDECIDED.values(), ids=UNDECIDED)
def test_a_gap_does_not_reset_escalation(history, gap):
    finding = found(history, by_instant(days(d08=BAD, d07=gap, d06=gap, d05=BAD)))
    assert finding.first_seen == parse_instant("2026-06-05T00:00:00Z")
    assert finding.severity is Severity.P1


@pytest.mark.parametrize("gap", UNDECIDED.values(), ids=UNDECIDED)
def test_nor_does_it_count_as_bad(history, gap):
    finding = found(history, by_instant(days(d08=BAD, d07=BAD, d06=gap, d05=gap)))
    assert finding.first_seen == parse_instant("2026-06-07T00:00:00Z")
    assert finding.details["first_seen_at_least"] is True  # it may have been bad in the gap
    assert finding.severity is Severity.P3


def test_a_good_instant_before_a_gap_ends_it(history):
    finding = found(history, by_instant(days(d08=BAD, d07=single(None), d06=GOOD, d05=BAD)))
    assert finding.first_seen == AT
    assert "first_seen_at_least" not in finding.details


@pytest.mark.parametrize("now", [GOOD, *UNDECIDED.values()], ids=["good", *UNDECIDED])
def test_what_is_not_bad_now_is_not_so_since_anything(history, now):
    finding = found(history, by_instant(days(d08=now, d07=BAD, d06=BAD, d05=BAD)))
    assert finding.first_seen is None
    assert "first_seen_at_least" not in finding.details
    assert "so since" not in finding.message


def test_the_history_is_that_of_the_cadence_whenever_it_is_asked(history):
    answers = by_instant(days(d08=BAD, d07=BAD, d06=GOOD, d05=GOOD))
    late = found(history, answers, AT + timedelta(hours=23, minutes=59))
    assert late == found(history, answers)


def test_the_longest_wait_is_the_reach_of_the_history(tmp_path):
    steps = "[{after: 2d, to: P2}, {after: 4d, to: P1}]"
    policies = loaded(tmp_path, checks(HISTORY.replace("[{after: 3d, to: P1}]", steps)))
    answers = Answers(by_instant(days(d08=BAD, d07=BAD, d06=BAD, d05=GOOD, d04=GOOD)))
    (finding,) = run(policies, Asked(answers))
    assert len(set(answers.asked)) == 5
    assert finding.first_seen == parse_instant("2026-06-06T00:00:00Z")
    assert finding.severity is Severity.P2


def test_without_an_escalation_after_a_while_no_history_is_asked(tmp_path):
    policies = loaded(tmp_path, checks(f'{{id: c, {MEASURE}, every: 1d, crit_if: "> 1", severity: P3}}'))
    answers = Answers(by_instant(days(d08=BAD)))
    (finding,) = run(policies, Asked(answers))
    assert (len(answers.asked), finding.first_seen, finding.severity) == (1, None, Severity.P3)


def test_each_group_has_a_history_of_its_own(tmp_path):
    policies = loaded(tmp_path, checks(HISTORY.replace("every: 1d,", "every: 1d, by: {symbol: [A, B]},")))
    a, b = (("symbol", "A"),), (("symbol", "B"),)
    answers: dict[str, float | int | Answer] = {
        "08": grouped({a: BAD, b: BAD}),
        "07": grouped({a: BAD, b: GOOD}),
        "06": grouped({a: BAD}),
        "05": grouped({a: BAD, b: BAD}),
    }
    first, second = run(policies, Asked(Answers(by_instant(answers))))
    assert first.first_seen == parse_instant("2026-06-05T00:00:00Z")
    assert second.first_seen == AT
    assert (first.severity, second.severity) == (Severity.P1, Severity.P3)


def test_a_time_before_it_applied_is_not_bad(tmp_path):
    """`active_from` is midnight of the 6th: the anchor's day, the 1st, plus five."""
    policies = loaded(tmp_path, checks(HISTORY.replace("every: 1d,", "every: 1d, active_from: T+5d,")))
    finding = found(policies, by_instant(days(d08=BAD, d07=BAD, d06=BAD, d05=BAD)))
    assert finding.first_seen == parse_instant("2026-06-06T00:00:00Z")
    assert "first_seen_at_least" not in finding.details


def test_a_fact_that_went_stale_leaves_the_other_checks_to_report(tmp_path):
    """Today it is not known whether the check applies; yesterday its groups had answers of their own."""
    grouped_history = HISTORY.replace("every: 1d,", "every: 1d, by: {symbol: [A]}, only_if: {fact: mode, is: [real]},")
    other = f'{{id: d, {MEASURE.replace("[a]", "[b]")}, crit_if: "> 1"}}'
    policies = loaded(tmp_path, checks(grouped_history, other, spec="facts: {mode: {fresh_for: 24h}}"))

    def give(need: object) -> Answer:
        if type(need).__name__ == "FactNeed":
            return fact("real", at="2026-06-06T12:00:00Z")
        return grouped({(("symbol", "A"),): BAD, (): BAD})

    outcomes = {finding.id: finding.outcome for finding in run(policies, Asked(Answers(give)))}
    assert outcomes == {"p/c": Outcome.INCONCLUSIVE, "p/d": Outcome.FAIL}


# --- severity


def severity(
    tmp_path: Path, written: str, level: Level | None, at: datetime, since: FirstSeen | None = None
) -> Severity | None:
    check = check_of(loaded(tmp_path, checks(f'{{id: c, {MEASURE}, every: 1d, warn_if: "> 1", {written}}}')), "p/c")
    return severity_of(check, level, at, since)


@pytest.mark.parametrize(("level", "wanted"), [(Level.WARN, Severity.P3), (Level.CRIT, Severity.P1)])
def test_each_level_has_its_severity(tmp_path, level, wanted):
    assert severity(tmp_path, "severity: {warn: P3, crit: P1}", level, AT) is wanted


@pytest.mark.parametrize("level", [Level.WARN, Level.CRIT, None])
def test_one_severity_is_for_all(tmp_path, level):
    assert severity(tmp_path, "severity: P2", level, AT) is Severity.P2


def test_without_a_severity_there_is_none(tmp_path):
    assert severity(tmp_path, "action: look", Level.WARN, AT) is None


@pytest.mark.parametrize(("ticks", "wanted"), [(-1, Severity.P3), (0, Severity.P2), (1, Severity.P2)])
def test_a_dated_escalation_is_reached_at_its_first_instant(tmp_path, ticks, wanted):
    at = parse_instant("2026-06-15T00:00:00Z") + timedelta(microseconds=ticks)  # T+14d of the 1st at noon
    assert severity(tmp_path, "severity: P3, escalate: [{at: T+14d, to: P2}]", Level.WARN, at) is wanted


@pytest.mark.parametrize(("ticks", "wanted"), [(-1, Severity.P3), (0, Severity.P2), (1, Severity.P2)])
def test_a_lasting_one_after_exactly_that_long(tmp_path, ticks, wanted):
    since = FirstSeen(AT - timedelta(days=7) - timedelta(microseconds=ticks), at_least=False)
    assert severity(tmp_path, "severity: P3, escalate: [{after: 7d, to: P2}]", Level.WARN, AT, since) is wanted
    assert severity(tmp_path, "severity: P3, escalate: [{after: 7d, to: P2}]", Level.WARN, AT, None) is Severity.P3


def test_the_most_urgent_of_those_reached_counts(tmp_path):
    written = "severity: {warn: P3, crit: P1}, escalate: [{at: T+0d, to: P2}]"
    assert severity(tmp_path, written, Level.WARN, AT) is Severity.P2
    assert severity(tmp_path, written, Level.CRIT, AT) is Severity.P1  # an escalation never lowers


def test_the_work_grows_with_the_history_and_not_with_its_square(tmp_path):
    written = HISTORY.replace("every: 1d,", "every: 1h, for: 48h,")
    policies = loaded(tmp_path, checks(written))
    answers = Answers(lambda _need: single(BAD))
    run(policies, Asked(answers))
    instants = len(set(answers.asked))
    assert instants == 3 * 24 + 48 + 1
    assert len(answers.asked) <= 3 * instants
