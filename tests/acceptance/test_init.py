"""The repository that ``cvnpolicy init`` writes holds: on any day, without the optional part as far as it can."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cvnpolicy.cli.main import run
from tests.support.process import run_command, run_python

WITHOUT_TABLES = """
import sys
for name in ("duckdb", "numpy", "pandas", "pyarrow", "scipy"):
    sys.modules[name] = None
from cvnpolicy.cli.main import main
sys.argv = ["cvnpolicy", *sys.argv[1:]]
main()
"""


@pytest.fixture(scope="module")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository as a newcomer gets it."""
    folder = tmp_path_factory.mktemp("starter")
    done = run_command("init", "--owner", "@ada", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    return folder


def test_the_commands_that_it_names_succeed(starter: Path) -> None:
    made = run_command("init", "again", cwd=starter)
    named = [line.strip() for line in made.stdout.splitlines() if line.startswith("  cvnpolicy ")]
    assert len(named) == 3
    for line in named:
        done = run_command(*line.split()[1:], cwd=starter / "again")
        assert (done.returncode, done.stderr) == (0, ""), line
        assert done.stdout


@pytest.mark.parametrize("at", ["2020-01-01T00:00:00Z", "2026-01-05T00:00:00Z", "2101-02-28T23:59:59Z"])
def test_its_checks_hold_on_any_day(starter: Path, monkeypatch: pytest.MonkeyPatch, at: str) -> None:
    monkeypatch.chdir(starter)
    assert run(["evaluate", "--strict", "--at", at, "--format", "json", "--output", "report.json"]) == 0
    assert run(["check", "--strict", "--at", at]) == 0
    report = json.loads((starter / "report.json").read_text(encoding="utf-8"))
    assert {finding["outcome"] for finding in report["findings"]} == {"pass"}
    assert len(report["findings"]) == 3


def test_they_can_fail(starter: Path, tmp_path: Path) -> None:
    """A starter whose checks cannot fail teaches nothing: more failed trainings, and other features."""
    assert run_command("init", cwd=tmp_path).returncode == 0
    log = tmp_path / "evidence" / "logs" / "training.log"
    log.write_text(log.read_text().replace("event=training_started", "event=training_failed", 5))
    live = tmp_path / "evidence" / "live.csv"
    head, *rows = live.read_text().splitlines()
    live.write_text("\n".join([head, *(row.replace(",", ",9", 1) for row in rows)]) + "\n")
    done = run_command("check", "--format", "json", cwd=tmp_path)
    found = {(f["id"], f["group"].get("feature")): f["outcome"] for f in json.loads(done.stdout)["findings"]}
    assert done.returncode == 1
    assert found["training-alerts/failed-share", None] == "fail"
    assert found["feature-drift/psi", "spread_bps"] == "fail"
    assert found["feature-drift/psi", "volume_ratio"] == "pass"


def test_a_stopped_log_does_not_hold(tmp_path: Path) -> None:
    assert run_command("init", cwd=tmp_path).returncode == 0
    (tmp_path / "evidence" / "logs" / "training.log").write_text("")
    assert run_command("check", cwd=tmp_path).returncode == 4


def heartbeats(folder: Path) -> None:
    """Write the heartbeat that the comment in the catalog shows."""
    catalog = folder / "policies" / "events.yaml"
    head, events, _ = catalog.read_text().partition("  events:\n")
    shown = [line.removeprefix("  #   ") for line in head.splitlines() if line.startswith("  #   ")]
    catalog.write_text(f"{head}{events}" + "".join(f"    {line}\n" for line in shown))


@pytest.mark.parametrize(
    ("beating", "window", "code"), [(False, "run", 0), (True, "run", 4), (True, "24h", 0), (False, "24h", 0)]
)
def test_a_heartbeat_is_for_windows_that_end(tmp_path: Path, beating: bool, window: str, code: int) -> None:
    """As the comment in the catalog says: over a whole run it shows nothing, so a zero is not decided."""
    assert run_command("init", cwd=tmp_path).returncode == 0
    log = tmp_path / "evidence" / "logs" / "training.log"
    log.write_text("".join(line for line in log.read_text().splitlines(keepends=True) if "training_failed" not in line))
    alerts = tmp_path / "policies" / "alerts.yaml"
    alerts.write_text(alerts.read_text().replace("window: run", f"window: {window}").replace("min_samples: 10", ""))
    if beating:
        heartbeats(tmp_path)
    arguments = ("evaluate", "--only", "training-alerts", "--at", "2026-01-10T00:00:00Z")
    done = run_command(*arguments, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (code, ""), done.stdout


def test_a_silence_shows_where_a_heartbeat_is(tmp_path: Path) -> None:
    assert run_command("init", cwd=tmp_path).returncode == 0
    alerts = tmp_path / "policies" / "alerts.yaml"
    alerts.write_text(alerts.read_text().replace("window: run", "window: 48h").replace("min_samples: 10", ""))
    log = tmp_path / "evidence" / "logs" / "training.log"
    kept = [line for line in log.read_text().splitlines(keepends=True) if "training_failed" not in line]
    log.write_text("".join(line for line in kept if "ts=2026-01-09" not in line))
    arguments = ("evaluate", "--only", "training-alerts", "--at", "2026-01-10T00:00:00Z")
    assert run_command(*arguments, cwd=tmp_path).returncode == 0
    heartbeats(tmp_path)
    assert run_command(*arguments, cwd=tmp_path).returncode == 4


def test_without_the_tables_part(starter: Path) -> None:
    def light(*arguments: str) -> tuple[int, str, str]:
        done = run_python("-c", WITHOUT_TABLES, *arguments, cwd=starter)
        return done.returncode, done.stdout, done.stderr

    assert light("validate") == (0, "3 policies in 3 files: no problems\n", "")
    assert light("explain", "feature-drift/psi")[0] == 0
    code, shown, errors = light("check")
    assert (code, errors) == (2, "")
    assert "policies      ran             3 policies in 3 files: no problems\n" in shown
    assert "evidence      could not run   reading tables and event logs needs an optional part\n" in shown
    hint = "install cvnpolicy with [tables], in a clone: pip install '.[tables]', or --skip evidence"
    assert hint in " ".join(shown.split())
    assert light("check", "--skip", "evidence")[0] == 0
    code, shown, errors = light("evaluate")
    assert (code, shown) == (2, "")
    assert "pip install '.[tables]'" in errors


def test_it_works_inside_a_repository_and_on_a_folder_above_its_own(starter: Path, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    assert run_command("init", "rules", cwd=tmp_path).returncode == 0
    assert run_command("validate", cwd=tmp_path / "rules" / "policies").returncode == 0
    assert run_command("validate", cwd=tmp_path).returncode == 2
