"""Python and the command, run as processes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.support.environment import child_environment


def run_python(*arguments: str, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run this interpreter in a scrubbed environment, without input, and return status, output and errors as text."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env=child_environment(**environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )


def run_command(*arguments: str, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `cvnpolicy` with these arguments as a user would."""
    return run_python("-m", "cvnpolicy", *arguments, cwd=cwd, **environment)
