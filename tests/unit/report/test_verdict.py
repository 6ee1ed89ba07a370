"""Why a report ends as it does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from cvnpolicy.core.errors import ExitCode
from cvnpolicy.core.finding import Finding, Mode, OnUnknown, Outcome, Report, Severity, Verdict
from cvnpolicy.core.location import Location
from cvnpolicy.core.weight import Weight, weigh
from cvnpolicy.report.verdict import RANK, WORDS, addresses, why

FINDING = Finding("p/c", "CVN201", Outcome.PASS, "Good.", Location("p.yaml"))
FAIL = replace(FINDING, id="p/fail", outcome=Outcome.FAIL)
WARN = replace(FINDING, id="p/warn", outcome=Outcome.WARN)
OPEN = replace(FINDING, id="p/open", outcome=Outcome.INCONCLUSIVE)


def report(code: ExitCode, *findings: Finding) -> Report:
    return Report(datetime(2026, 6, 11, tzinfo=UTC), Verdict.FAIL, code, None, findings)


def test_every_outcome_has_a_word_and_a_rank() -> None:
    assert set(WORDS) == set(RANK) == set(Outcome)
    assert RANK[Outcome.FAIL] < RANK[Outcome.NO_DATA] < RANK[Outcome.WARN] < RANK[Outcome.PASS]


@pytest.mark.parametrize(
    ("changes", "strict", "weight"),
    [
        ({}, False, Weight.NONE),
        ({"outcome": Outcome.SKIPPED, "waived_by": "@a"}, False, Weight.NONE),
        ({"outcome": Outcome.FAIL}, False, Weight.FAILS),
        ({"outcome": Outcome.FAIL, "on_unknown": OnUnknown.PASS}, False, Weight.FAILS),
        ({"outcome": Outcome.FAIL, "mode": Mode.ADVISE}, True, Weight.ADVISES),
        ({"outcome": Outcome.FAIL, "waived_by": "@a", "mode": Mode.ADVISE}, False, Weight.WAIVED),
        ({"outcome": Outcome.NO_DATA}, False, Weight.HOLDS),
        ({"outcome": Outcome.ERROR, "on_unknown": OnUnknown.FAIL}, False, Weight.FAILS),
        ({"outcome": Outcome.INCONCLUSIVE, "on_unknown": OnUnknown.PASS}, False, Weight.TOLERATED),
        ({"outcome": Outcome.INCONCLUSIVE, "mode": Mode.ADVISE}, False, Weight.ADVISES),
        ({"outcome": Outcome.WARN}, False, Weight.NONE),
        ({"outcome": Outcome.WARN}, True, Weight.FAILS),
        ({"outcome": Outcome.WARN, "mode": Mode.ADVISE}, True, Weight.ADVISES),
    ],
)
def test_weigh(changes: dict[str, Any], strict: bool, weight: Weight) -> None:
    assert weigh(replace(FINDING, **changes), strict=strict) is weight


@pytest.mark.parametrize(
    ("code", "findings", "said"),
    [
        (ExitCode.OK, (FINDING,), "everything asked was answered and holds"),
        (ExitCode.OK, (WARN,), "nothing blocks: 1 warns"),
        (
            ExitCode.OK,
            (WARN, WARN, replace(FAIL, mode=Mode.ADVISE), replace(OPEN, waived_by="@a")),
            "nothing blocks: 2 warn; 1 is bad but only advises; 1 is undecided but waived",
        ),
        (
            ExitCode.OK,
            (replace(OPEN, on_unknown=OnUnknown.PASS),) * 2,
            "nothing blocks: 2 are undecided but pass by policy",
        ),
        (ExitCode.FAILED, (FAIL, WARN), "failed: p/fail"),
        (ExitCode.FAILED, (FAIL, OPEN), "failed: p/fail; could not decide: p/open"),
        (ExitCode.FAILED, (replace(OPEN, on_unknown=OnUnknown.FAIL), WARN), "failed: p/open"),
        (ExitCode.FAILED, (FINDING,), "a policy failed"),
        (ExitCode.UNDECIDED, (OPEN, FINDING), "could not decide: p/open"),
        (ExitCode.UNDECIDED, (), "could not decide: something that blocks"),
        (ExitCode.INVALID, (FAIL, FAIL), "a policy, schema or configuration file is invalid: p.yaml"),
        (ExitCode.INVALID, (), "a policy, schema or configuration file is invalid: see above"),
        (ExitCode.NOTHING, (), "there was nothing to check"),
        (ExitCode.USAGE, (), "the command line is wrong, or an optional part is not installed"),
        (ExitCode.INTERNAL, (), "a defect of cvnpolicy itself; please report it with this page"),
    ],
)
def test_why(code: ExitCode, findings: tuple[Finding, ...], said: str) -> None:
    assert why(report(code, *findings)) == said


def test_under_strict_warnings_are_named_beside_failures() -> None:
    strict = replace(report(ExitCode.FAILED, WARN, FAIL), strict=True)
    assert why(strict) == "failed, warnings included (--strict): p/warn, p/fail"
    assert why(replace(strict, strict=False)) == "failed: p/fail"


def test_addresses_name_the_most_severe_first_and_each_once() -> None:
    severities = {"a": None, "b": Severity.P3, "c": Severity.P1, "d": Severity.P2, "e": Severity.P1}
    found = [replace(FAIL, id=name, severity=severity) for name, severity in severities.items()]
    assert addresses(found) == "c, e, d and 2 more"
    assert addresses([*found[:3], found[0]]) == "c, a, b"
    assert addresses([replace(FAIL, id="\x1b[0m")]) == "\\x1b[0m"
