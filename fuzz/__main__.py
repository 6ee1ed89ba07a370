"""Fuzz every target for so many seconds: `python -m fuzz [SECONDS]`. Needs atheris.

A failure ends with status 1; the input that shows it is in build/fuzz/. Without atheris the status is 2.
"""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec

from fuzz.harness import OUT

TARGETS = ("loader", "condition", "line", "readiness")


def main(seconds: int) -> int:
    """Return 1 where a target failed, 2 where none could run."""
    if find_spec("atheris") is None:
        print("atheris is not installed: it is there for Linux on x86-64 alone, so nothing was fuzzed", file=sys.stderr)
        return 2
    failed = []
    for target in TARGETS:
        print(f"fuzzing {target} for {seconds} s", flush=True)
        command = [sys.executable, "-m", f"fuzz.fuzz_{target}", f"-max_total_time={seconds}", "-print_final_stats=1"]
        # Inputs that take 10 s, or 1 GiB, are failures too.
        if subprocess.run([*command, "-timeout=10", "-rss_limit_mb=1024", "-max_len=4096"], check=False).returncode:
            failed.append(target)
    for target in failed:
        print(f"{target} failed; the input is in {OUT}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 60))
