"""The five kinds of the language's design page load as they stand there."""

from __future__ import annotations

import re
from pathlib import Path

from tests.support.process import run_command
from tests.support.tree import write_tree

CONFIGURATION = """
    sets: {defi_top5: [BTCUSDC, ETHUSDC, SOLUSDC, AAVEUSDC, UNIUSDC]}
    environments:
      default:
        inference: {type: parquet, path: "inference/*.parquet", time: ts, cadence: 15min}
        training: {type: parquet, path: training.parquet}
        events: {type: logfmt, path: "logs/*.log*", time: ts}
    """

# What the page's five documents name and others define.
OTHERS = """
    apiVersion: cvnpolicy/v1
    kind: EventCatalog
    metadata: {name: more-events, title: More events, owner: "@dococeven"}
    spec:
      events:
        training_complete: {fields: {model: str, best_iteration: int}, heartbeat: 24h}
        coverage_polled: {fields: {hp_coverage_pct: float}, heartbeat: 24h}
    ---
    apiVersion: cvnpolicy/v1
    kind: MetricPolicy
    metadata: {name: coverage, title: Coverage of keys, owner: "@dococeven"}
    spec:
      metrics:
        hp_coverage_pct:
          role: health
          type: gauge
          unit: "%"
          source: {event: coverage_polled, field: hp_coverage_pct}
          owner: "@dococeven"
    """

RUNBOOK = "documentation/runbooks/runbook_hp_console_seeding.md"


def five_kinds(shared: Path) -> str:
    """The YAML block under the heading of the first five kinds."""
    page = (shared / "design" / "POLICY_LANGUAGE.md").read_text(encoding="utf-8")
    found = re.search(r"^The first five.*?```yaml\n(.*?)```", page, re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1]


def test_the_first_five_kinds_load_as_they_stand(shared: Path, tmp_path: Path) -> None:
    files = {"cvnpolicy.yaml": CONFIGURATION, "policies/others.yaml": OTHERS, RUNBOOK: "# Seeding\n"}
    root = write_tree(tmp_path, {**files, "policies/five.yaml": five_kinds(shared).encode()})
    done = run_command("validate", cwd=root)
    assert (done.stdout, done.returncode) == ("7 policies in 2 files: no problems\n", 0)


def test_alone_they_lack_just_the_names_that_others_define(shared: Path, tmp_path: Path) -> None:
    root = write_tree(tmp_path, {"cvnpolicy.yaml": CONFIGURATION, "policies/five.yaml": five_kinds(shared).encode()})
    done = run_command("validate", cwd=root)
    assert done.returncode == 3
    assert re.findall(r": there is no (\w+ '[^']+')", done.stdout) == [
        "event 'training_complete'",
        f"runbook '{RUNBOOK}'",
        "metric 'hp_coverage_pct'",
    ]
