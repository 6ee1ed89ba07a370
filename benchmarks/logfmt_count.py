"""Count one type of event by hour in a log of 2 million lines, and read a slice of it with the PyPI package logfmt.

    python -m benchmarks.logfmt_count [--lines N] [--slice N] [--seed N]

The log is seeded and holds lines that look like the counted event and are not. Each measurement has a process of its
own, so memory is its own. Exits 1 when a count is wrong, never because of time.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

HOUR_US = 3_600_000_000
START = datetime(2024, 5, 12, tzinfo=UTC)
STEP = timedelta(milliseconds=432)
COUNTED = ("order_filled", "hpo_fallback_applied", "rollback_executed")
"""About half, a tenth and a thousandth of the lines."""
WEIGHTS = {"order_filled": 500, "bar_received": 389, "hpo_fallback_applied": 100, "hpo_fallback_applied_late": 10}
LOOKALIKES = (
    'msg="will retry event=hpo_fallback_applied later"',
    r'msg="body {\"event\": \"x\"} event=order_filled end"',
    r'dir="C:\\models\\" msg="event=rollback_executed"',
    'msg=" event=order_filled " xevent=hpo_fallback_applied',
    r'msg="ends with a backslash \\" note="ts=2024-01-01T00:00:00Z event=hpo_fallback_applied"',
)


def main() -> int:
    options = _options()
    if options.child:
        print(json.dumps(_CHILDREN[options.child](Path(options.file), options)))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "app.log"
        truth = write_log(log, options.lines, options.seed)
        print(f"{options.lines:,} lines, {log.stat().st_size / 1e6:.0f} MB, seed {options.seed}\n")
        ours = {event: _measure("ours", log, options, event) for event in COUNTED}
        peer = _measure("peer", log, options)
    wrong = [event for event in COUNTED if dict(ours[event]["buckets"]) != truth[event]]
    _print_table(ours, peer, wrong)
    return 1 if wrong else 0


def write_log(path: Path, lines: int, seed: int) -> dict[str, dict[int, int]]:
    """Write the log; return the true count of each counted event by hour."""
    random_ = random.Random(seed)  # noqa: S311  not for secrets
    tails = _tails(random_)
    truth = {event: Counter[int]() for event in COUNTED}
    with path.open("w", encoding="utf-8", newline="") as file:
        for index, (event, tail) in enumerate(random_.choices(tails, k=lines)):
            instant = START + index * STEP
            file.write(f"ts={instant.isoformat(timespec='milliseconds')[:23]}Z {tail}\n")
            if event in truth:
                truth[event][int(instant.timestamp()) // 3600 * HOUR_US] += 1
    return {event: dict(counts) for event, counts in truth.items()}


def _tails(random_: random.Random) -> list[tuple[str, str]]:
    """Return 10,000 line ends with the event that each is."""
    names = random_.choices(list(WEIGHTS), list(WEIGHTS.values()), k=9_990) + ["rollback_executed"] * 10
    return [(name, _tail(random_, name)) for name in names]


def _tail(random_: random.Random, name: str) -> str:
    space = random_.choice((" ",) * 40 + ("  ", "\t"))
    written = f'"{name}"' if random_.random() < 0.01 else name
    parts = [
        "level=INFO logger=training.harness",
        f"event={written}",
        f"model={random_.choice(('xgboost', 'lightgbm', 'catboost'))} timeframe=15m",
    ]
    if name.startswith("hpo_"):
        parts.append(f"param=learning_rate key=lr_{random_.randrange(455)} fallback=0.05 reason=no_key")
    if name == "order_filled":
        parts.append(f"symbol=ETHUSDC price={random_.uniform(1e3, 4e3):.2f} id={random_.randbytes(6).hex()}==")
    if random_.random() < 0.1:
        parts.append(random_.choice(LOOKALIKES))
    elif random_.random() < 0.5:
        parts.append('msg="plain text in quotes"')
    return space.join(parts) + ("\r" if random_.random() < 0.01 else "")


def _measure(child: str, log: Path, options: argparse.Namespace, event: str = "") -> dict[str, Any]:
    arguments = ["--child", child, "--file", str(log), "--event", event, "--slice", str(options.slice)]
    command = [sys.executable, "-m", "benchmarks.logfmt_count", *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _ours(log: Path, options: argparse.Namespace) -> dict[str, Any]:
    started = time.perf_counter()
    import duckdb
    import numpy as np
    import pyarrow.compute as pc

    from cvnpolicy.sources.logfmt import count_events

    imported = time.perf_counter() - started
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "enable_external_access": False,
    }
    with duckdb.connect(config=config) as connection:
        started = time.perf_counter()
        counts = count_events(
            connection, [log], event=options.event, time="ts", start_us=None, end_us=None, bucket_us=HOUR_US
        )
        seconds = time.perf_counter() - started
        (threads,) = connection.sql("SELECT current_setting('threads')").fetchall()[0]
    return {
        "seconds": seconds,
        "rate": counts.lines / seconds,
        "imported": imported,
        "buckets": counts.buckets,
        "total": counts.total,
        "threads": threads,
        "peak_mb": _peak_mb(),
        "versions": f"duckdb {duckdb.__version__}, numpy {np.__version__}, pyarrow {pc.pa.__version__}",
    }


def _peer(log: Path, options: argparse.Namespace) -> dict[str, Any]:
    import logfmt

    from cvnpolicy.sources.logfmt import parse_line

    with log.open(encoding="utf-8", newline="\n") as file:
        lines = [line for line, _ in zip(file, range(options.slice), strict=False)]
    started = time.perf_counter()
    read = [logfmt.parse_line(line) for line in lines]
    seconds = time.perf_counter() - started
    exact = [parse_line(line) for line in lines]
    # Its bare keys are True; that is another spelling, not an error.
    theirs = [{key: "true" if value is True else value for key, value in fields.items()} for fields in read]
    pairs = list(zip(theirs, exact, strict=True))
    return {
        "lines": len(lines),
        "rate": len(lines) / seconds,
        "peak_mb": _peak_mb(),
        "wrong": sum(their != our for their, our in pairs),
        "wrong_event": sum(their.get("event") != our["event"] for their, our in pairs),
    }


_CHILDREN = {"ours": _ours, "peer": _peer}


def _peak_mb() -> float:
    """Return the most memory that this process had resident."""
    status = Path("/proc/self/status")
    if status.exists():  # Linux carries ru_maxrss over from the parent.
        (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    scale = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / scale


def _print_table(ours: dict[str, dict[str, Any]], peer: dict[str, Any], wrong: list[str]) -> None:
    row = "{:<34} {:>10} {:>12} {:>8} {:>9}  {}"
    print(row.format("", "events", "lines/s", "ratio", "peak MB", "exact"))
    for event, found in ours.items():
        rate = f"{found['rate']:,.0f}"
        ratio = f"{found['rate'] / peer['rate']:.0f}x"
        exact = "NO" if event in wrong else "yes"
        peak = f"{found['peak_mb']:.0f}"
        print(row.format(f"cvnpolicy {event}", f"{found['total']:,}", rate, ratio, peak, exact))
    verdict = f"no: {peer['wrong']:,} of {peer['lines']:,} lines misread, {peer['wrong_event']:,} with another event"
    rate, peak = f"{peer['rate']:,.0f}", f"{peer['peak_mb']:.0f}"
    print(row.format(f"logfmt, {peer['lines']:,} of the lines", "", rate, "1x", peak, verdict))
    first = ours[COUNTED[0]]
    print(f"\n{first['versions']}, {first['threads']} threads; imports, not in the rate: {first['imported']:.2f} s")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=2_000_000)
    parser.add_argument("--slice", type=int, default=100_000, help="lines that the peer reads")
    parser.add_argument("--seed", type=int, default=20240512)
    for hidden in ("--child", "--file", "--event"):
        parser.add_argument(hidden, default="", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
