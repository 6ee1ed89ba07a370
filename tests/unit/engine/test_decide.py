"""Enforcement, waivers and the exit code: which finding does what to the verdict, and from which instant on."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from cvnpolicy.core.errors import ExitCode
from cvnpolicy.core.evidence import Answer, Readings, Unavailable
from cvnpolicy.core.finding import Finding, Mode, Outcome, Report, Verdict
from cvnpolicy.core.kind import PolicySet
from cvnpolicy.core.location import Location
from cvnpolicy.core.rules import DocumentRule
from cvnpolicy.core.time import parse_instant
from cvnpolicy.engine.decide import decide
from cvnpolicy.engine.run import run
from tests.support.policies import AT, EVENTS, Answers, Asked, checks, loaded, named, single

TICK = timedelta(microseconds=1)
MEASURE = "measure: {statistic: mean, dataset: data, columns: [a], window: 24h}"
ONE = f'{{id: c, {MEASURE}, warn_if: "> 1", crit_if: "> 2"}}'
PASSES, WARNS, FAILS = single(0), single(1.5), single(3)
NO_DATA, INCONCLUSIVE, ERROR = single(None), single(float("nan")), Unavailable("down")


def reported(
    tmp_path: Path, answer: Answer, *, check: str = ONE, head: str = "", at: datetime = AT, strict: bool = False
) -> Report:
    policies = loaded(tmp_path, checks(check, head=head))
    evidence = Asked(Answers(lambda _need: answer))
    return decide(policies, run(policies, evidence), at, strict=strict)


# --- outcome to verdict


@pytest.mark.parametrize(
    ("answer", "verdict", "code"),
    [
        (PASSES, Verdict.PASS, 0),
        (WARNS, Verdict.PASS, 0),
        (FAILS, Verdict.FAIL, 1),
        (NO_DATA, Verdict.HOLD, 4),
        (INCONCLUSIVE, Verdict.HOLD, 4),
        (ERROR, Verdict.HOLD, 4),
    ],
)
def test_what_an_outcome_does(tmp_path, answer, verdict, code):
    report = reported(tmp_path, answer)
    assert (report.verdict, report.exit_code) == (verdict, code)


@pytest.mark.parametrize("answer", [NO_DATA, INCONCLUSIVE, ERROR], ids=["no data", "inconclusive", "error"])
@pytest.mark.parametrize(("choice", "code"), [("hold", 4), ("fail", 1), ("pass", 0)])
def test_what_the_unknown_does(tmp_path, answer, choice, code):
    check = ONE.replace("{id: c,", f"{{id: c, on_unknown: {choice}, because: it is new,")
    report = reported(tmp_path, answer, check=check)
    assert report.exit_code == code
    assert report.findings[0].outcome not in (Outcome.PASS, Outcome.FAIL)  # it keeps its outcome


@pytest.mark.parametrize("choice", ["hold", "fail", "pass"])
@pytest.mark.parametrize(("answer", "code"), [(PASSES, 0), (FAILS, 1)])
def test_what_is_known_is_not_touched_by_it(tmp_path, choice, answer, code):
    check = ONE.replace("{id: c,", f"{{id: c, on_unknown: {choice}, because: it is new,")
    assert reported(tmp_path, answer, check=check).exit_code == code


@pytest.mark.parametrize(("answer", "code"), [(PASSES, 0), (WARNS, 1), (FAILS, 1), (NO_DATA, 4)])
def test_strict_makes_a_warning_fail(tmp_path, answer, code):
    report = reported(tmp_path, answer, strict=True)
    assert report.exit_code == code
    assert report.strict


def test_what_does_not_apply_is_no_obstacle(tmp_path):
    check = ONE.replace("{id: c,", "{id: c, active_from: T+90d,")
    report = reported(tmp_path, FAILS, check=check)
    assert (report.exit_code, report.findings[0].outcome) == (0, Outcome.NOT_APPLICABLE)


def test_nothing_to_check_is_no_pass(tmp_path):
    policies = loaded(tmp_path, EVENTS)
    report = decide(policies, (), AT)
    assert (report.verdict, report.exit_code, report.findings) == (Verdict.HOLD, 5, ())


def finding(outcome: Outcome, check: str = "c") -> Finding:
    return Finding(f"p/{check}", "CVN201", outcome, "told", Location("p.yaml"))


@pytest.mark.parametrize(("left", "right"), list(itertools.combinations_with_replacement(Outcome, 2)))
def test_of_several_findings_the_strongest_decides(tmp_path_factory, left, right):
    codes = {Outcome.FAIL: 1, Outcome.ERROR: 4, Outcome.NO_DATA: 4, Outcome.INCONCLUSIVE: 4}
    empty = PolicySet((), loaded_once(tmp_path_factory).catalog)
    report = decide(empty, [finding(left, "a"), finding(right, "b")], AT)
    wanted = {codes.get(left, 0), codes.get(right, 0)}
    assert report.exit_code == (1 if 1 in wanted else max(wanted))  # failed before undecided before fine


_LOADED: list[PolicySet] = []


def loaded_once(factory: pytest.TempPathFactory) -> PolicySet:
    if not _LOADED:
        _LOADED.append(loaded(factory.mktemp("set"), EVENTS))
    return _LOADED[0]


def test_findings_of_no_policy_keep_what_they_say(tmp_path):
    policies = loaded(tmp_path, checks(ONE))
    stray = Finding("elsewhere/c", "CVN201", Outcome.FAIL, "told", Location("x.yaml"), mode=Mode.ADVISE)
    assert decide(policies, [stray], AT).findings == (stray,)


def test_findings_are_sorted_and_the_hash_is_carried(tmp_path):
    policies = loaded(tmp_path, checks(ONE))
    report = decide(policies, [finding(Outcome.PASS, "b"), finding(Outcome.PASS, "a")], AT, evidence_sha256="ab")
    assert [found.id for found in report.findings] == ["p/a", "p/b"]
    assert (report.evidence_sha256, report.at) == ("ab", AT)


# --- enforcement


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("answer", [WARNS, FAILS, NO_DATA, INCONCLUSIVE, ERROR])
def test_advice_never_fails_the_run_and_keeps_its_outcome(tmp_path, answer, strict):
    advised = reported(tmp_path, answer, head="enforcement: {mode: advise}", strict=strict)
    blocked = reported(tmp_path, answer)
    assert (advised.exit_code, advised.verdict) == (0, Verdict.PASS)
    assert advised.findings[0].outcome is blocked.findings[0].outcome
    assert (advised.findings[0].mode, blocked.findings[0].mode) == (Mode.ADVISE, Mode.BLOCK)


@pytest.mark.parametrize(("ticks", "mode", "code"), [(-1, Mode.ADVISE, 0), (0, Mode.BLOCK, 1), (1, Mode.BLOCK, 1)])
def test_advice_turns_into_a_block_by_itself(tmp_path, ticks, mode, code):
    head = "enforcement: {mode: advise, block_from: 2026-06-08T00:00:00Z}"
    report = reported(tmp_path, FAILS, head=head, at=AT + ticks * TICK)
    assert (report.findings[0].mode, report.exit_code) == (mode, code)


@pytest.mark.parametrize(("ticks", "overdue"), [(-1, False), (0, True), (1, True)])
@pytest.mark.parametrize("strict", [False, True])
def test_a_review_that_is_overdue_is_told_and_blocks_nothing(tmp_path, ticks, overdue, strict):
    head = "enforcement: {mode: advise, review_by: 2026-06-08T00:00:00Z}"
    report = reported(tmp_path, FAILS, head=head, at=AT + ticks * TICK, strict=strict)
    told = [found for found in report.findings if found.rule == DocumentRule.REVIEW_OVERDUE]
    assert len(told) == overdue
    assert report.exit_code == 0
    assert named(report.findings, "p/c").mode is Mode.ADVISE
    for found in told:
        assert (found.id, found.outcome) == ("p", Outcome.WARN)
        assert "2026-06-08T00:00:00Z" in found.message
        assert "@me" in found.hint
        assert found.location.line == 4


# --- waivers


def waived(check: str = "c", group: str = "", expires: str = "2026-06-09T00:00:00Z") -> str:
    return f"""
        waivers:
          - {{check: {check}, {group} reason: an outage, approved_by: "@boss", expires: {expires}}}
        """


@pytest.mark.parametrize("answer", [WARNS, FAILS, NO_DATA, INCONCLUSIVE])
def test_a_waiver_excuses_what_is_bad_or_not_known(tmp_path, answer):
    report = reported(tmp_path, answer, head=waived(), strict=True)
    assert report.exit_code == 0
    (found,) = report.findings
    assert found.waived_by == "@boss"
    assert found.outcome is not Outcome.PASS  # it keeps its outcome


def test_a_waiver_does_not_excuse_that_it_cannot_be_asked(tmp_path):
    """Somebody approved a bad number or a gap; nobody approved that the source is not read."""
    report = reported(tmp_path, ERROR, head=waived())
    assert (report.exit_code, report.findings[0].waived_by) == (4, None)


def test_a_pass_needs_no_waiver(tmp_path):
    assert reported(tmp_path, PASSES, head=waived()).findings[0].waived_by is None


def test_a_waiver_wins_over_on_unknown_fail(tmp_path):
    check = ONE.replace("{id: c,", "{id: c, on_unknown: fail,")
    assert reported(tmp_path, NO_DATA, check=check, head=waived()).exit_code == 0


@pytest.mark.parametrize(("ticks", "excused"), [(-1, True), (0, False), (1, False)])
def test_from_the_instant_it_expires_it_excuses_nothing(tmp_path, ticks, excused):
    at = parse_instant("2026-06-09T00:00:00Z") + ticks * TICK
    report = reported(tmp_path, FAILS, head=waived(), at=at)
    told = [found for found in report.findings if found.rule == DocumentRule.WAIVER_EXPIRED]
    assert report.exit_code == (0 if excused else 1)
    assert len(told) == (0 if excused else 1)
    judged = next(found for found in report.findings if found.rule == "CVN201")
    assert judged.waived_by == ("@boss" if excused else None)


def test_an_expired_waiver_is_told_but_blocks_nothing(tmp_path):
    report = reported(tmp_path, PASSES, head=waived(), at=parse_instant("2026-06-10T00:00:00Z"), strict=True)
    assert report.exit_code == 0
    told = next(found for found in report.findings if found.rule == DocumentRule.WAIVER_EXPIRED)
    assert (told.id, told.outcome, told.mode) == ("p/c", Outcome.WARN, Mode.ADVISE)
    assert "2026-06-09T00:00:00Z" in told.message
    assert "@boss" in told.hint
    assert told.location.line == 5


def test_it_is_not_itself_waived_by_another(tmp_path):
    head = (
        waived().rstrip()
        + '\n          - {check: c, reason: again, approved_by: "@me", expires: 2026-07-01T00:00:00Z}\n'
    )
    report = reported(tmp_path, FAILS, head=head, at=parse_instant("2026-06-10T00:00:00Z"))
    judged = next(found for found in report.findings if found.rule == "CVN201")
    told = next(found for found in report.findings if found.rule == DocumentRule.WAIVER_EXPIRED)
    assert (report.exit_code, judged.waived_by, told.waived_by) == (0, "@me", None)


def test_a_waiver_is_of_one_check(tmp_path):
    policies = loaded(tmp_path, checks(ONE, ONE.replace("id: c", "id: d"), head=waived()), checks(ONE, name="q"))
    report = decide(policies, run(policies, Asked(Answers(lambda _need: FAILS))), AT)
    assert {found.id: found.waived_by for found in report.findings} == {"p/c": "@boss", "p/d": None, "q/c": None}
    assert report.exit_code == 1


GROUPED = f'{{id: c, {MEASURE}, by: {{symbol: [A, B], fold: [1, 2]}}, crit_if: "> 2"}}'


@pytest.mark.parametrize(
    ("group", "excused"),
    [
        ("", {"A1", "A2", "B1", "B2"}),
        ("group: {symbol: A},", {"A1", "A2"}),
        ("group: {symbol: A, fold: 2},", {"A2"}),
        ("group: {fold: 1},", {"A1", "B1"}),
    ],
)
def test_a_waiver_may_be_of_some_groups(tmp_path, group, excused):
    policies = loaded(tmp_path, checks(GROUPED, head=waived(group=group)))
    report = decide(policies, run(policies, Asked(Answers(lambda _need: Readings({})))), AT)
    found = {f"{one.group['symbol']}{one.group['fold']}" for one in report.findings if one.waived_by}
    assert found == excused
    assert report.exit_code == (0 if len(excused) == 4 else 4)


def test_members_are_told_apart_by_type(tmp_path):
    check = f'{{id: c, {MEASURE}, by: {{flag: [1, 2]}}, crit_if: "> 2"}}'
    policies = loaded(tmp_path, checks(check, head=waived(group="group: {flag: 1},")))
    other = Finding("p/c", "CVN201", Outcome.FAIL, "told", Location("p.yaml"), group={"flag": True})
    assert decide(policies, [other], AT).findings[0].waived_by is None


def test_a_waiver_of_a_group_does_not_excuse_what_is_told_of_all_groups(tmp_path):
    policies = loaded(tmp_path, checks(GROUPED, head=waived(group="group: {symbol: A},")))
    report = decide(policies, [finding(Outcome.FAIL)], AT)
    assert (report.exit_code, report.findings[0].waived_by) == (1, None)


def test_a_defect_is_never_waived(tmp_path):
    policies = loaded(tmp_path, checks(ONE.replace("id: c", "id: p"), head=waived("p")))
    crash = Finding("p", DocumentRule.CRASHED, Outcome.ERROR, "broke", Location("p.yaml"))
    report = decide(policies, [crash], AT)
    assert (report.findings[0].waived_by, report.exit_code) == (None, ExitCode.UNDECIDED)
