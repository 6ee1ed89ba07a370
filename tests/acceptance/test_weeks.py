"""The reference policies on three weeks: the quiet one is quiet, the bad one raises what it should, none is blind."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from cvnpolicy.core.finding import UNDECIDED
from cvnpolicy.load.policies import load_policies
from cvnpolicy.load.project import load
from tests.support.demo import AT, Demo
from tests.support.golden import assert_golden
from tests.support.process import run_command

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden" / "weeks"
FIRES = {"warn", "fail"}
WAITS = "limits-to-write/"
"""The policy whose checks have no limit yet: they are undecided, and advise."""
INCIDENTS = tuple(
    f"event={name}".encode()
    for name in (
        "btc_ohlcv_quality_alert",
        "enrichment_config_mismatch",
        "btc_features_drift_alert",
        "drift_alert",
        "mode_switch",
        "hpo_fallback_applied",
        "retraining_started",
        "break_glass_approved",
        "break_glass_executed",
        "console_config_written",
        "post_mortem_filed",
    )
)
"""Events that come only when something is wrong."""
OURS = {"input-quality/one-row-an-instant": "no document asks for it; every statistic rests on it"}
"""Checks that come from no item of the documents, and why they are there."""


def checks() -> Iterator[tuple[str, Any]]:
    """Every check of the reference policies by address."""
    for kind, policy in load_policies(load(ROOT / "cvnpolicy.yaml")).policies.policies:
        for located in kind.checks(policy.spec):
            yield f"{policy.name}/{located.check.id}", located.check


CHECKS = dict(checks())
JUDGED = [address for address in CHECKS if not address.startswith(WAITS)]


def line(finding: Mapping[str, Any]) -> str:
    """A finding in a line: how urgent, what, where, and what next."""
    group = " ".join(f"{name}={member}" for name, member in finding["group"].items())
    waived = " waived" if finding["waived_by"] else ""
    about = f" [{group}]" if group else ""
    return f"{finding['severity']} {finding['outcome']}{waived} {finding['id']}{about} -> {finding['action']}\n"


def test_the_quiet_week_is_quiet(demo: Demo) -> None:
    report = demo.report("quiet")
    assert (report["verdict"], report["exit_code"]) == ("pass", 0)
    loud = {finding["id"] for finding in report["findings"] if finding["outcome"] != "pass"}
    assert loud == {address for address in CHECKS if address.startswith(WAITS)}


@pytest.mark.parametrize("week", ["mixed", "bad"])
def test_a_week_raises_exactly_what_is_expected(week: str, demo: Demo) -> None:
    raised = [line(finding) for finding in demo.findings(week) if finding["outcome"] in FIRES]
    assert_golden(GOLDEN / f"{week}.txt", "".join(sorted(raised)))


def test_everything_is_decided_in_the_bad_week(demo: Demo) -> None:
    undecided = {finding["id"] for finding in demo.findings("bad") if finding["outcome"] in UNDECIDED}
    silent = {"serving-stack/scraped-numbers"}  # of the metric that is no longer scraped there is nothing to say
    assert undecided == silent | {address for address in CHECKS if address.startswith(WAITS)}


def test_a_healthy_system_without_a_past_holds_nothing_up(demo: Demo, tmp_path: Path) -> None:
    """The quiet week's log has incidents of the months before; a young deployment has none."""
    root = tmp_path / "young"
    shutil.copytree(demo.root, root)
    for file in (root / "examples/cvntrade/evidence/quiet/logs").iterdir():
        packed = file.suffix == ".gz"
        content = gzip.decompress(file.read_bytes()) if packed else file.read_bytes()
        kept = [each for each in content.splitlines(keepends=True) if not any(mark in each for mark in INCIDENTS)]
        file.write_bytes(gzip.compress(b"".join(kept)) if packed else b"".join(kept))
    done = run_command("evaluate", "--env", "quiet", "--at", AT, cwd=root)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("address", JUDGED)
def test_a_check_passes_in_the_quiet_week_and_fires_in_another(address: str, demo: Demo) -> None:
    outcomes = {week: {each["outcome"] for each in demo.findings(week) if each["id"] == address} for week in demo.live}
    assert outcomes["quiet"] == {"pass"}
    assert FIRES & (outcomes["bad"] | outcomes["mixed"])


@pytest.mark.parametrize("address", CHECKS)
def test_a_check_says_how_urgent_what_to_do_where_to_read_and_where_it_comes_from(address: str) -> None:
    check = CHECKS[address]
    assert check.severity is not None
    assert check.action is not None
    assert "#" in (check.runbook or "")
    assert (check.requirement is None) == (address in OURS)
