"""KS and decile PSI of one reference against many windows: our kernel beside scipy's ks_2samp, in one run.

    python -m benchmarks.ks_psi [--seed N]

scipy answers KS alone and sorts the reference for every window; ours sorts it once and answers PSI too. Exits 1 when
the two disagree by more than 1e-12, never because of time.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from cvnpolicy.statistics import ks, psi, sample

Array = NDArray[np.float64]
CASES = ((2_183, 336, 200), (10_000, 10_000, 20), (100_000, 20_000, 20), (1_000_000, 1_000_000, 3))
"""Size of the reference, size of a window, number of windows."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=20240512)
    rng = np.random.default_rng(parser.parse_args().seed)
    row = "{:>10} {:>10} {:>8} {:>14} {:>16} {:>8}"
    print(row.format("reference", "window", "windows", "scipy KS, ms", "ours KS+PSI, ms", "ratio"))
    wrong = 0
    for n, m, windows in CASES:
        reference = rng.standard_normal(n)
        currents = [rng.standard_normal(m) + 0.01 for _ in range(windows)]
        theirs, scipy_s = _timed(partial(_scipy, reference, currents))
        found, ours_s = _timed(partial(_ours, reference, currents))
        wrong += sum(max(abs(a[0] - b[0]), abs(a[1] - b[1])) > 1e-12 for a, b in zip(theirs, found, strict=True))
        each, ours = (1e3 * seconds / windows for seconds in (scipy_s, ours_s))
        print(row.format(f"{n:,}", f"{m:,}", windows, f"{each:.2f}", f"{ours:.2f}", f"{scipy_s / ours_s:.2f}x"))
    print(f"\n{wrong} answers differ by more than 1e-12")
    return 1 if wrong else 0


def _scipy(reference: Array, currents: list[Array]) -> list[tuple[float, float]]:
    answers = (stats.ks_2samp(reference, current, method="auto") for current in currents)
    return [(float(answer.statistic), float(answer.pvalue)) for answer in answers]


def _ours(reference: Array, currents: list[Array]) -> list[tuple[float, float]]:
    ready = sample(reference)
    found = []
    for current in map(sample, currents):
        answer = ks(ready, current)
        psi(ready, current)
        found.append((answer.statistic, answer.pvalue))
    return found


def _timed(call: Callable[[], list[tuple[float, float]]]) -> tuple[list[tuple[float, float]], float]:
    call()  # Warm: the first call pays for imports inside scipy.
    started = time.perf_counter()
    answer = call()
    return answer, time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(main())
