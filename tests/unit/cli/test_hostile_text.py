"""Nothing that a stranger wrote reaches a terminal or a build server as an order, whatever the command."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.process import run_command
from tests.support.tree import write_tree

ORDER = "##vso[task.setvariable variable=x]y"
VALID = f"""
    apiVersion: cvnpolicy/v1
    kind: DriftPolicy
    metadata: {{name: p, title: "::error::title", owner: "@a"}}
    spec:
      checks:
        - id: c
          measure: {{statistic: max, dataset: d, columns: [x], window: run}}
          crit_if: "> 1"
          action: "{ORDER}"
    """
BROKEN = f"""
    apiVersion: cvnpolicy/v1
    kind: "{ORDER}"
    """


@pytest.mark.parametrize(
    "command", ["validate", "evaluate", "check", "explain p/c", "evaluate --verbose", "validate --format json"]
)
@pytest.mark.parametrize("policy", [VALID, BROKEN], ids=["valid", "broken"])
def test_no_order_is_passed_on(tmp_path: Path, command: str, policy: str) -> None:
    configuration = 'environments: {default: {d: {type: csv, path: "d.csv"}}}\n'
    root = write_tree(tmp_path, {"cvnpolicy.yaml": configuration, "policies/p.yaml": policy, "d.csv": "x\n2\n"})
    done = run_command(*command.split(), cwd=root)
    shown = done.stdout + done.stderr
    assert shown
    if "json" not in command:  # JSON is data: nobody obeys what stands inside its strings
        assert "##vso[" not in shown
        assert not [line for line in shown.splitlines() if line.lstrip().startswith("::")]


def test_a_file_name_is_no_order_either(tmp_path: Path) -> None:
    root = write_tree(tmp_path, {"cvnpolicy.yaml": "policies: .\n", "::error file=x::pwn.yaml": "kind: X\n"})
    done = run_command("validate", cwd=root)
    assert done.returncode == 3
    assert not [line for line in done.stdout.splitlines() if line.lstrip().startswith("::")]
