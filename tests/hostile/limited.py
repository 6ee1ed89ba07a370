"""Running the command in a small box: so much memory, so much CPU time, no more."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tests.support.environment import child_environment

MIB = 2**20
LAUNCHER = Path(__file__).with_name("launch.py")
SECRET = "hunter2-of-the-build-server"
"""Stands in the environment of every command. No output may ever hold it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a process may use."""

    memory: int
    """Bytes of address space (RLIMIT_AS, as ``ulimit -v``). Libraries map far more than they use."""
    peak: int
    """Bytes that may be resident at once; asserted, not enforced."""
    cpu: int
    """Seconds of CPU time (RLIMIT_CPU, as ``ulimit -t``)."""
    wall: int = 120
    """Seconds after which a process that waits for something is ended."""


LIGHT = Limits(512 * MIB, 320 * MIB, 20)
"""For commands that read policies, facts and saved evidence only."""
HEAVY = Limits(3072 * MIB, 1024 * MIB, 40)
"""For commands that read tables: DuckDB, pyarrow, pandas and scipy alone map 1.3 GiB and hold 240 MiB."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What came of a command."""

    code: int
    """Its exit code; negative for the signal that ended it."""
    stdout: str
    stderr: str
    peak: int
    """Bytes that were resident at once."""
    cpu: float
    wall: float

    @property
    def said(self) -> str:
        return self.stdout + self.stderr

    @property
    def first_line(self) -> str:
        return next((line.strip() for line in self.said.splitlines() if line.strip()), "")


def run(root: Path, arguments: list[str], limits: Limits, *, driver: tuple[str, ...] = ("-m", "cvnpolicy")) -> Ran:
    """Run the command in a folder.

    Args:
        root: The working directory.
        arguments: Of the command.
        limits: What it may use.
        driver: What Python runs: the command, or something that runs it.
    """
    report, write = os.pipe()
    numbers = [str(number) for number in (write, limits.memory, limits.cpu, limits.wall)]
    environment = child_environment(CVN_SECRET=SECRET, PYTHONPATH=os.pathsep.join(_path()))
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, os.fdopen(report, "rb") as taken:
        subprocess.run(
            [sys.executable, "-I", "-S", str(LAUNCHER), *numbers, sys.executable, *driver, *arguments],
            cwd=root,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            pass_fds=[write],
            check=True,
        )
        os.close(write)
        measured = json.loads(taken.read())
        stdout, stderr = _text(out), _text(err)
    return Ran(measured["code"], stdout, stderr, measured["peak"], measured["cpu"], measured["wall"])


def _text(stream: IO[bytes]) -> str:
    stream.seek(0)
    return stream.read().decode("utf-8", "backslashreplace")


def _path() -> list[str]:
    """Where the process finds the package: where this one has it from, and the tests' own modules."""
    import cvnpolicy

    return [str(Path(cvnpolicy.__file__).parents[1]), str(Path(__file__).parents[2])]
