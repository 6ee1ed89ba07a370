"""What a hook pays: `cvnpolicy validate` beside `check-jsonschema`, on one file and on a thousand.

Both are started cold, as processes, on the same valid files; check-jsonschema is given our own JSON Schema, so both
look at the same keys. It knows nothing of names across files and of what conditions mean: ours looks at these too.
CPU time (user and system) is compared, of several runs taken in turns. Target: a ratio of at most 0.8 for one file and
of at most 0.25 for a thousand, with the schema of all kinds, which is what a hook over a folder of policies needs.
"""

from __future__ import annotations

import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

import yaml

FILES = 1_000
ROOT = Path(__file__).resolve().parents[1]
SCHEMAS = ROOT / "schemas"
CONFIGURATION = "environments:\n  default:\n    results: {type: csv, path: results.csv}\n"
POLICY = """\
apiVersion: cvnpolicy/v1
kind: MetricPolicy
metadata: {name: training, title: What training must reach, owner: "@you"}
spec:
  metrics:
    f1: {source: {dataset: results, column: f1}, unit: "1", type: gauge, role: outcome, owner: "@you"}
  checks:
    - id: f1-low
      measure: {statistic: mean, metric: f1, window: run}
      by: {model: [xgboost, lightgbm, catboost]}
      crit_if: "< 0.4"
      severity: P2
      action: hold the model back
"""


def one_file(root: Path) -> None:
    """Write a repository with one policy."""
    (root / "policies").mkdir(parents=True)
    (root / "cvnpolicy.yaml").write_text(CONFIGURATION)
    (root / "policies" / "training.yaml").write_text(POLICY)


def many_files(root: Path, files: int) -> None:
    """Write the example's policies, and copies of those with checks under other names, so many files in all."""
    shutil.copy(ROOT / "cvnpolicy.yaml", root)
    shutil.copytree(ROOT / "policies", root / "policies")
    documentation = Path("examples", "cvntrade", "documentation")
    shutil.copytree(ROOT / documentation, root / documentation)
    originals = sorted(path for path in (root / "policies").rglob("*.yaml") if "checks:" in path.read_text("utf-8"))
    for number in range(files - len(list((root / "policies").rglob("*.yaml")))):
        original = originals[number % len(originals)]
        text = original.read_text("utf-8")
        mark = f"_{number}"
        metrics = "|".join(yaml.safe_load(text)["spec"].get("metrics", ())) or "(?!)"
        text = re.sub(r"(?m)^(  name: \S+)", rf"\1-{number}", text, count=1)
        text = re.sub(rf"(?m)^(    )({metrics}):", rf"\1\2{mark}:", text)
        text = re.sub(rf"(metric: )({metrics})\b", rf"\1\2{mark}", text)
        original.with_stem(original.stem + mark).write_text(text, "utf-8")


def cpu(command: Sequence[str], folder: Path) -> float:
    """Return the seconds of processor time of one run, which must succeed."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command[:4])} … gave {done.returncode}:\n{done.stdout}{done.stderr}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> int:
    """Compare on one file, with the schema of all kinds and with its own, and on a thousand."""
    cases = ((1, 21, "policy"), (1, 21, "metric-policy"), (FILES, 3, "policy"))
    for files, runs, schema in cases:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            one_file(root) if files == 1 else many_files(root, files)
            names = sorted(str(path.relative_to(root)) for path in (root / "policies").rglob("*.yaml"))
            ours = [sys.executable, "-m", "cvnpolicy", "validate"]
            checker = [sys.executable, "-m", "check_jsonschema", "--schemafile"]
            theirs = [*checker, str(SCHEMAS / f"{schema}.schema.json"), *names]
            times = [(cpu(ours, root), cpu(theirs, root)) for _ in range(runs + 1)][1:]  # the first fills caches
        least = [min(column) for column in zip(*times, strict=True)]
        middle = [median(column) for column in zip(*times, strict=True)]
        told = f"ratio {least[0] / least[1]:.2f} of the least, {middle[0] / middle[1]:.2f} of the medians"
        print(f"{files:5,} files, {schema:13}  cvnpolicy {least[0]:6.3f} s  check-jsonschema {least[1]:6.3f} s  {told}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
