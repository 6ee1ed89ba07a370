"""A scratch repository: the reference policies, the example that they govern, and a story that is ready."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

from tests.support.repository import Repository

ROOT = Path(__file__).resolve().parents[3]
SYSTEM = "examples/cvntrade"
READY = "documentation/stories/CVN-N002-EE-S21/mlops_readiness.md"
LINK = f"The readiness file: [S21]({SYSTEM}/{READY})."


def build(root: Path) -> Repository:
    """Make the repository, with one commit on ``main``."""
    ignored = shutil.ignore_patterns("evidence", "__pycache__")
    for name in ("policies", "schemas", SYSTEM):
        shutil.copytree(ROOT / name, root / name, ignore=ignored)
    shutil.copy(ROOT / "cvnpolicy.yaml", root)
    documents = ROOT / "tests/readiness/documents"
    (root / SYSTEM / READY).parent.mkdir(parents=True)
    shutil.copy(documents / "passing.md", root / SYSTEM / READY)
    shutil.copy(documents / "documentation/runbooks/model_quality.md", root / SYSTEM / "documentation/runbooks")
    made = Repository(root)
    made.git("init", "--quiet", "--initial-branch", "main")
    made.commit("What is in force")
    return made


def copied(base: Repository, root: Path) -> Repository:
    """Return a copy, on a branch of its own."""
    shutil.copytree(base.root, root, symlinks=True)
    made = Repository(root)
    made.git("checkout", "--quiet", "-b", "change")
    return made


def reviews(*said: tuple[str, str, str]) -> str:
    """Return what GitHub's interface gives for reviews: who, in which state, of which commit."""
    listed: Sequence[object] = [
        {"id": number, "user": {"login": login}, "state": state, "commit_id": commit, "body": "::error::"}
        for number, (login, state, commit) in enumerate(said)
    ]
    return json.dumps(listed)
