"""What a hook pays: `cvnpolicy validate` beside `check-jsonschema`, on one file and on a thousand.

Both are started cold, as processes, on the same valid files; check-jsonschema is given our own JSON Schema, so both look
at the same keys. It knows nothing of names across files, conditions and positions of every problem: ours does that too.
CPU time (user and system) is compared, the least of several runs, taken in turns. Target: a ratio of at most 0.8 for one
file and of at most 0.25 for a thousand.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

SCHEMA = Path(__file__).resolve().parents[1] / "schemas" / "policy.schema.json"
CONFIGURATION = """\
policies: policies
environments:
  default:
    events: {type: logfmt, path: events.log, time: ts}
    training: {type: csv, path: training.csv}
"""
EVENTS = """\
apiVersion: cvnpolicy/v1
kind: EventCatalog
metadata: {name: events, title: Events, owner: "@you"}
spec:
  events:
    trained: {fields: {model: str, f1: float}, heartbeat: 24h}
    fell_back: {fields: {model: str}, alive_with: trained}
"""
ALERT = """\
apiVersion: cvnpolicy/v1
kind: AlertPolicy
metadata: {name: alerts-%(n)04d, title: Alerts of team %(n)d, owner: "@you"}
spec:
  routes: {P2: "slack:#ops", P3: "slack:#ops"}
  alerts:
    - id: fallbacks
      measure: {statistic: ratio, event: fell_back, total: {event: trained}, window: 24h}
      warn_if: "> 1%%"
      crit_if: "> 5%%"
      severity: {warn: P3, crit: P2}
      min_samples: %(n)d
      action: seed the keys that the events name, then train again
    - id: silence
      measure: {statistic: count, event: trained, window: 24h}
      pass_if: ">= 1"
      severity: P2
      action: see why nothing trains
"""
METRIC = """\
apiVersion: cvnpolicy/v1
kind: MetricPolicy
metadata: {name: metrics-%(n)04d, title: Metrics of team %(n)d, owner: "@you"}
spec:
  metrics:
    f1_%(n)04d: {source: {dataset: training, column: f1}, unit: "1", type: gauge, role: outcome, owner: "@you"}
  checks:
    - id: low
      measure: {statistic: mean, metric: f1_%(n)04d, window: run}
      by: {model: [xgboost, lightgbm, catboost]}
      crit_if: "< 0.4"
      severity: P2
      action: hold the model back
"""


def write(root: Path, files: int) -> None:
    """Write a repository with so many files of policies."""
    (root / "policies").mkdir(parents=True)
    (root / "cvnpolicy.yaml").write_text(CONFIGURATION)
    (root / "policies" / "events.yaml").write_text(EVENTS)
    for number in range(1, files):
        template = ALERT if number % 2 else METRIC
        (root / "policies" / f"team-{number:04d}.yaml").write_text(template % {"n": number})


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
    """Compare both on one file and on a thousand."""
    for files, runs in ((1, 15), (1_000, 3)):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            write(root, files)
            names = sorted(str(path.relative_to(root)) for path in (root / "policies").iterdir())
            ours = [sys.executable, "-m", "cvnpolicy", "validate"]
            theirs = [sys.executable, "-m", "check_jsonschema", "--schemafile", str(SCHEMA), *names]
            times = [(cpu(ours, root), cpu(theirs, root)) for _ in range(runs + 1)][1:]  # the first fills caches
        own, other = (min(column) for column in zip(*times, strict=True))
        print(f"{files:5,} files   cvnpolicy {own:7.3f} s   check-jsonschema {other:7.3f} s   ratio {own / other:.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
