"""The example deployment in a copy of its own, made and judged once for all the tests that look at it."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock

from tests.support.process import run_command, run_python

AT = "2026-08-13T00:00:00Z"
ENVIRONMENTS = {"quiet": "quiet", "mixed": "default", "bad": "bad"}
"""The environment that each week is bound to."""


@dataclass(frozen=True)
class Demo:
    """A copy of the example, after `make demo` has run in it."""

    root: Path
    evidence: dict[str, bytes]
    """What the generator wrote, by name."""
    shown: subprocess.CompletedProcess[str]
    """The demo itself."""
    live: dict[str, bytes]
    """The report of each week for programs, from live evidence, under another hash seed than the demo's."""

    def report(self, week: str) -> dict[str, Any]:
        """The report of a week."""
        found: dict[str, Any] = json.loads(self.live[week])
        return found

    def findings(self, week: str) -> list[dict[str, Any]]:
        """The findings of a week."""
        found: list[dict[str, Any]] = self.report(week)["findings"]
        return found


def copy_example(repository: Path, root: Path) -> Path:
    """Copy what the demo needs, so that a test never writes into the tree that it tests."""
    shutil.copy(repository / "cvnpolicy.yaml", root)
    shutil.copytree(repository / "policies", root / "policies")
    shutil.copytree(repository / "schemas", root / "schemas")
    ignored = shutil.ignore_patterns("evidence", "__pycache__")
    shutil.copytree(repository / "examples/cvntrade", root / "examples/cvntrade", ignore=ignored)
    return root


def files_below(folder: Path) -> dict[str, bytes]:
    """The files of a folder by name."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def made_once(repository: Path, folder: Path) -> Demo:
    """The example as `make demo` leaves it, and the report of each week; made by whichever worker comes first."""
    root, kept = folder / "demo", folder / "demo.json"
    with FileLock(folder / "demo.lock"):
        if not kept.exists():
            root.mkdir()
            kept.write_text(json.dumps(_made(copy_example(repository, root))), encoding="utf-8")
    said = json.loads(kept.read_text(encoding="utf-8"))
    evidence = files_below(root / "examples/cvntrade/evidence")
    evidence.pop("recorded.json", None)  # the demo's, not the generator's
    live = {week: text.encode() for week, text in said["live"].items()}
    return Demo(root, evidence, subprocess.CompletedProcess([], *said["shown"]), live)


def _made(root: Path) -> dict[str, Any]:
    made = run_python("examples/cvntrade/generate.py", cwd=root, PYTHONHASHSEED="1")
    assert made.returncode == 0, made.stderr
    shown = run_python("examples/cvntrade/demo.py", cwd=root, PYTHONHASHSEED="1")
    live = {}
    for week, name in ENVIRONMENTS.items():
        done = run_command("evaluate", "--env", name, "--at", AT, "--format", "json", cwd=root, PYTHONHASHSEED="2")
        assert done.stderr == ""
        live[week] = done.stdout
    return {"shown": [shown.returncode, shown.stdout, shown.stderr], "live": live}
