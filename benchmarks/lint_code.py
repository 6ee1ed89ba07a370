"""What a hook pays: `cvnpolicy lint` beside Fixit, on one file and on two hundred of real code.

The code is SciPy's, as it is installed here: files drawn with a seed, copied into a repository of their own. Fixit is
given a rule of the plainest shape alone, a number as a keyword argument; ours looks at all of its shapes and follows
names. Both are built on libcst. Both are started cold, as processes; CPU time (user and system) is compared, and the
plainest shape as a check: what Fixit finds, ours must find too. A third column is `ast.walk` over the same files, which
is the least that looking at code can cost. Target: a ratio of at most 1 for one file and of at most 0.3 for many.
"""

from __future__ import annotations

import ast
import json
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from statistics import median

NAMES = ("tol", "maxiter", "rtol", "learning_rate", "max_depth", "n_estimators", "order", "gamma")
FILES = 200
FIXIT = Path(__file__).resolve().parents[1] / "build" / "fixit"
"""Where `make bench` puts it: it wants an older click than other tools of ours."""
SEED = 20261201
POLICY = f"""\
apiVersion: cvnpolicy/v1
kind: HyperparameterPolicy
metadata: {{name: numbers, title: Numbers come from elsewhere, owner: "@you"}}
spec:
  names: [{", ".join(NAMES)}]
  scopes: [src/]
  resolver: {{module: resolver.py, callables: [resolve]}}
  fix: 'resolve("{{name}}")'
"""
PEER = f"""\
import libcst as cst
from fixit import LintRule


class NumberAsKeyword(LintRule):
    MESSAGE = "a number in code"

    def visit_Arg(self, node: cst.Arg) -> None:
        named = node.keyword is not None and node.keyword.value in {set(NAMES)!r}
        if named and isinstance(node.value, (cst.Integer, cst.Float)):
            self.report(node.value)
"""
PLACE = re.compile(r"^(src/\S+?)@(\d+):(\d+) NumberAsKeyword", re.MULTILINE)


def repository(root: Path, files: int) -> None:
    """Write a repository of so many files of SciPy, with the rule for both."""
    scipy = find_spec("scipy")
    if scipy is None or scipy.origin is None:
        raise SystemExit("SciPy is not installed")
    source = Path(scipy.origin).parent
    every = sorted(path for path in source.rglob("*.py") if 1_000 < path.stat().st_size < 200_000)
    (root / "src").mkdir()
    (root / "policies").mkdir()
    for number, path in enumerate(random.Random(SEED).sample(every, files)):  # noqa: S311  a draw of files
        (root / "src" / f"m{number}_{path.name}").write_bytes(path.read_bytes())
    (root / "resolver.py").write_text("")
    (root / "cvnpolicy.yaml").write_text("policies: policies\n")
    (root / "policies" / "numbers.yaml").write_text(POLICY)
    (root / "rules.py").write_text(PEER)
    (root / "pyproject.toml").write_text('[tool.fixit]\nroot = true\nenable = [".rules"]\ndisable = ["fixit.rules"]\n')


def cpu(command: Sequence[str], folder: Path, packages: Path | None = None) -> tuple[float, str]:
    """Return the seconds of processor time of one run, and what it printed; packages may come from a folder."""
    environment = os.environ if packages is None else {**os.environ, "PYTHONPATH": str(packages)}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(command[:4])} … gave {done.returncode}:\n{done.stdout}{done.stderr}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout


def walk(root: Path) -> float:
    """Return the seconds that one `ast.walk` over the files takes in this process."""
    started = time.process_time()
    for path in (root / "src").iterdir():
        for _ in ast.walk(ast.parse(path.read_bytes())):
            pass
    return time.process_time() - started


def missed(ours: str, theirs: str) -> set[tuple[str, int, int]]:
    """Return the places that Fixit reports and we do not."""
    places = [finding["location"] for finding in json.loads(ours)["findings"] if finding["rule"].startswith("CVN50")]
    found = {(place["file"], place["line"], place["column"]) for place in places}
    return {(file, int(line), int(column) + 1) for file, line, column in PLACE.findall(theirs)} - found


def main() -> int:
    """Compare on one file and on many."""
    warnings.simplefilter("ignore")
    if not FIXIT.is_dir():
        raise SystemExit("Fixit is not there: make bench")
    wrong = 0
    for files, runs in ((1, 9), (FILES, 2)):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            repository(root, files)
            ours = [sys.executable, "-m", "cvnpolicy", "lint", "--format", "json"]
            theirs = [sys.executable, "-m", "fixit", "lint", "src"]
            pairs = [(cpu(ours, root), cpu(theirs, root, FIXIT)) for _ in range(runs + 1)][1:]  # the first fills caches
            lost = missed(pairs[0][0][1], pairs[0][1][1])
            hits = len(PLACE.findall(pairs[0][1][1]))
            least = [min(pair[side][0] for pair in pairs) for side in (0, 1)]
            middle = [median(pair[side][0] for pair in pairs) for side in (0, 1)]
            told = f"ratio {least[0] / least[1]:.2f} of the least, {middle[0] / middle[1]:.2f} of the medians"
            print(f"{files:5,} files  cvnpolicy {least[0]:6.2f} s  fixit {least[1]:6.2f} s  {told}", end="")
            print(f"  ast.walk {walk(root):.2f} s  ({hits} places by fixit, {len(lost)} of them missed)")
            for place in sorted(lost):
                print("      missed:", *place)
            wrong += len(lost)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
