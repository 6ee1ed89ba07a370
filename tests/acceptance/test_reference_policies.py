"""The reference policies for those who read and edit them: what they say aloud, and how a slip is told."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cvnpolicy.cli.main import run
from tests.support.golden import assert_golden

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden" / "explain"

SAID = (
    "btc-features-drift/ks-per-feature",
    "btc-features-drift/shift-sustained",
    "btc-features-drift/correlation-shift-of-several",
    "btc-alerts/feed-degraded-and-harmful",
    "hp-alerts/hp-coverage-low",
    "hp-alerts/hp-fallback-share",
    "break-glass/approved-before",
    "live-trading/revenue-loss",
    "incidents/throughput-spike",
    "w1-canary/reaches-040",
)


@pytest.mark.parametrize("address", SAID)
def test_a_check_reads_like_the_sentence_that_it_comes_from(
    address: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    assert run(["explain", address]) == 0
    assert_golden(GOLDEN / f"{address.replace('/', '.')}.txt", capfd.readouterr().out)


_RUNBOOK = "documentation/runbooks/incident_runbook.md"
SLIPS = (
    ("drift/btc_features.yaml", "warn_if:", "warn_iff:", "unknown key 'warn_iff': did you mean 'warn_if'?"),
    ("drift/btc_features.yaml", '"abs > 3sigma"', '"abs > 3"', "3 has no unit, but the statistic is in sigma"),
    ("metrics/training.yaml", "metric: best_iteration,", "metric: best_iterations,", "did you mean 'best_iteration'?"),
    ("alerts/break_glass.yaml", "event: break_glass_approved", "event: break_glass_aproved", "'break_glass_approved'?"),
    ("alerts/incidents.yaml", f"{_RUNBOOK}#parity-fail", f"{_RUNBOOK}#parity-fails", "did you mean 'parity-fail'?"),
    ("alerts/incidents.yaml", "fact: mode.rollout", "fact: mode.rolout", "did you mean 'mode.rollout'?"),
    ("drift/btc_features.yaml", "symbol: altcoins", "symbol: altcoin", "did you mean 'altcoins'?"),
    ("metrics/live.yaml", "severity: P1", "severity: P0", "expected one of P1, P2, P3"),
    ("quality/btc_feed.yaml", "window: 24h", "window: 24hours", "24h"),
    ("drift/template_defaults.yaml", "statistic: psi", "statistic: pis", "'pis' is not a statistic"),
)
"""Ten slips of a pen: where, what was written, what instead, and what is said of it."""


@pytest.mark.parametrize(("file", "right", "wrong", "said"), SLIPS, ids=[slip[2] for slip in SLIPS])
def test_a_slip_is_told_where_it_stands(
    file: str,
    right: str,
    wrong: str,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    copy_policies(tmp_path)
    path = tmp_path / "policies" / file
    text = path.read_text(encoding="utf-8")
    assert right in text
    before = text.partition(right)[0]
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    path.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert run(["validate"]) == 3
    told = capfd.readouterr().out.splitlines()
    first = next(each for each in told if each.startswith(f"policies/{file}:{line}:"))
    found = int(first.split(":")[2])
    assert column <= found <= column + len(wrong), first
    assert said in first
    assert len(told) <= 3, told


def copy_policies(folder: Path) -> None:
    """The policies and what they name, without the evidence."""
    shutil.copy(ROOT / "cvnpolicy.yaml", folder)
    for name in ("policies", "examples/cvntrade/documentation"):
        shutil.copytree(ROOT / name, folder / name)
