"""Run every benchmark, one after the other: ``python -m benchmarks``. Exits 1 when one gave a wrong answer."""

from __future__ import annotations

import sys

from benchmarks import evaluate_example, ks_psi, lint_code, logfmt_count, validate_files

BENCHMARKS = (validate_files, lint_code, evaluate_example, logfmt_count, ks_psi)


def main() -> int:
    worst = 0
    for benchmark in BENCHMARKS:
        print(f"== {benchmark.__name__.rpartition('.')[2]}", flush=True)
        worst = max(worst, benchmark.main())
        print()
    return worst


if __name__ == "__main__":
    sys.exit(main())
