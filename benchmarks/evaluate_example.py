"""`cvnpolicy evaluate` on the example deployment, cold, beside what importing its libraries alone takes.

The peer is the floor: DuckDB, pyarrow, NumPy and scipy.stats have to be loaded to ask a table anything. Target: under
two seconds for all checks of the example on its evidence of a bad week.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
AT = "2026-08-13T00:00:00Z"
RUNS = 5


def wall(command: Sequence[str], folder: Path, expected: int) -> float:
    """Return the seconds that a command takes by the clock on the wall; it must exit as expected."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    started = time.perf_counter()
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    took = time.perf_counter() - started
    if done.returncode != expected:
        raise SystemExit(f"{' '.join(command[:4])} … gave {done.returncode}:\n{done.stdout[-2000:]}{done.stderr}")
    return took


def main() -> int:
    """Generate the evidence in a temporary copy and judge it."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        shutil.copy(ROOT / "cvnpolicy.yaml", root)
        shutil.copytree(ROOT / "policies", root / "policies")
        left_out = shutil.ignore_patterns("evidence", "__pycache__")
        shutil.copytree(ROOT / "examples" / "cvntrade", root / "examples" / "cvntrade", ignore=left_out)
        wall([sys.executable, "examples/cvntrade/generate.py"], root, 0)
        judge = [sys.executable, "-m", "cvnpolicy", "evaluate", "--at", AT]
        load = [sys.executable, "-c", "import duckdb, pyarrow.parquet, numpy, scipy.stats"]
        times = [(wall(judge, root, 1), wall(load, root, 0)) for _ in range(RUNS + 1)][1:]
    own, floor = (min(column) for column in zip(*times, strict=True))
    print(f"evaluate the example {own:6.3f} s   import its libraries {floor:6.3f} s   ratio {own / floor:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
