"""The demo as a user meets it: made, validated, judged, and the same on every run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.demo import AT, Demo, copy_example, files_below
from tests.support.process import run_command, run_python

RECORDED = "examples/cvntrade/evidence/recorded.json"
MOST_BYTES = 4_000_000


@pytest.fixture
def findings(demo: Demo) -> list[dict[str, Any]]:
    return demo.findings("mixed")


def test_generator_writes_the_same_bytes_every_time(demo: Demo, tmp_path: Path):
    again = run_python("examples/cvntrade/generate.py", "--out", str(tmp_path), cwd=demo.root, PYTHONHASHSEED="2")

    assert again.returncode == 0, again.stderr
    assert files_below(tmp_path) == demo.evidence
    assert sum(map(len, demo.evidence.values())) < MOST_BYTES


def test_generator_knows_its_weeks(demo: Demo, tmp_path: Path):
    alone = run_python("examples/cvntrade/generate.py", "--out", str(tmp_path), "bad", cwd=demo.root)
    assert {name.partition("/")[0] for name in files_below(tmp_path)} == {"bad"}
    assert "Weeks: bad" in alone.stdout
    unknown = run_python("examples/cvntrade/generate.py", "--out", str(tmp_path), "good", cwd=demo.root)
    assert (unknown.returncode, "there is no week 'good'" in unknown.stderr) == (2, True)


def test_policies_validate_without_a_word(demo: Demo):
    result = run_command("validate", cwd=demo.root)

    assert result.returncode == 0, result.stdout
    assert "no problems" in result.stdout


def test_demo_shows_command_report_and_what_next(demo: Demo):
    assert demo.shown.returncode == 0, demo.shown.stderr
    parts = (
        f"$ cvnpolicy evaluate --at {AT}",
        "VERDICT: FAIL",
        "The same policies on three weeks",
        "  quiet  PASS  exit code 0",
        "  bad    FAIL  exit code 1",
        "  P1 FAIL  btc-alerts/enrichment-config-mismatch: stop the deploy",
        "What next",
    )
    places = [demo.shown.stdout.find(part) for part in parts]
    assert -1 not in places
    assert places == sorted(places)
    assert demo.shown.stdout.endswith("A gate would have left with 1. The demo itself worked.\n")


def test_demo_tells_when_it_is_broken(repository: Path, tmp_path: Path):
    shown = run_python("examples/cvntrade/demo.py", cwd=copy_example(repository, tmp_path))

    assert shown.returncode == 1
    assert "The demo is broken" in shown.stderr


def test_every_outcome_but_skipped_occurs(demo: Demo):
    summary = demo.report("mixed")["summary"]

    assert {outcome for outcome, count in summary.items() if not count} == {"skipped"}


def test_report_is_the_same_under_another_hash_seed_and_from_recorded_evidence(demo: Demo):
    replay = run_command("evaluate", "--evidence", RECORDED, "--format", "json", cwd=demo.root, PYTHONHASHSEED="3")

    assert replay.stdout.encode() == demo.live["mixed"]


def _of(findings: list[dict[str, Any]], address: str, **group: str) -> dict[str, Any]:
    (only,) = [one for one in findings if one["id"] == address and group.items() <= one["group"].items()]
    return only


@pytest.mark.parametrize(
    ("address", "group", "expected"),
    [
        ("hp-alerts/hp-fallback-share", {}, {"outcome": "fail", "level": "crit", "severity": "P2", "mode": "block"}),
        ("input-quality/one-row-an-instant", {}, {"outcome": "fail", "mode": "advise", "measured": 12}),
        ("live-trading/f1-regression", {"symbol": "UNIUSDC"}, {"outcome": "fail", "baselines": {"registered": 0.44}}),
        ("live-trading/f1-regression", {"symbol": "AAVEUSDC"}, {"outcome": "inconclusive", "samples": 31}),
        ("limits-to-write/markout", {}, {"outcome": "inconclusive", "condition": "unset"}),
        ("btc-alerts/enrichment-config-mismatch", {}, {"outcome": "no_data", "severity": "P1"}),
        ("track1-sweep/fallback-dry-run", {}, {"outcome": "error", "measured": None}),
        ("ccp-checkpoints/t60-nothing-in-progress", {}, {"outcome": "pass"}),
        ("ccp-checkpoints/t90-not-shipped", {}, {"outcome": "fail", "severity": "P1"}),
        ("incidents/rollout-before-post-mortem", {}, {"outcome": "not_applicable"}),
        ("btc-features-drift/code-regression-suspected", {}, {"outcome": "warn"}),
        ("live-trading/revenue-loss", {}, {"outcome": "pass"}),
    ],
)
def test_story(findings: list[dict[str, Any]], address: str, group: dict[str, str], expected: dict[str, Any]):
    finding = _of(findings, address, **group)

    assert {key: finding[key] for key in expected} == expected


@pytest.mark.parametrize(
    ("symbol", "outcome", "severity", "since", "waived"),
    [
        ("BTCUSDC", "pass", None, None, None),
        ("ETHUSDC", "warn", "P2", "2026-08-10T00:00:00Z", None),
        ("SOLUSDC", "warn", "P2", "2026-08-10T00:00:00Z", "@dococeven"),
        ("UNIUSDC", "warn", "P1", "2026-07-06T00:00:00Z", None),
    ],
)
def test_drift_begins_escalates_and_is_waived(
    findings: list[dict[str, Any]],
    symbol: str,
    outcome: str,
    severity: str | None,
    since: str | None,
    waived: str | None,
):
    address, feature = "btc-features-drift/ks-per-feature", "btc_correlation_15m_lag5"
    finding = _of(findings, address, feature=feature, symbol=symbol)

    assert (finding["outcome"], finding["first_seen"], finding["waived_by"]) == (outcome, since, waived)
    assert severity is None or finding["severity"] == severity


def test_one_alert_speaks_for_another(findings: list[dict[str, Any]]):
    silenced = _of(findings, "hp-alerts/hp-fallback-persistent")

    assert (silenced["outcome"], silenced["severity"]) == ("warn", "P2")
    assert silenced["details"]["inhibited_by"] == "hp-fallback-share"


def test_w1_counts_cryptos_for_each_model_type(findings: list[dict[str, Any]]):
    w1 = _of(findings, "w1-canary/reaches-040")

    failing = [(one["group"]["model_type"], one["group"]["symbol"]) for one in w1["groups"] if one["outcome"] == "fail"]
    assert (w1["outcome"], len(w1["groups"])) == ("fail", 15)
    assert sorted(failing) == [("catboost", "SOLUSDC"), ("catboost", "UNIUSDC"), ("lightgbm", "UNIUSDC")]


def test_every_check_says_what_to_do(demo: Demo, findings: list[dict[str, Any]]):
    documentation = demo.root / "examples/cvntrade"
    for finding in findings:
        assert finding["runbook"], finding["id"]
        assert (documentation / finding["runbook"].split("#")[0]).is_file(), finding["id"]
        if finding["outcome"] in ("warn", "fail"):
            assert finding["action"], finding["id"]
            assert finding["severity"], finding["id"]
