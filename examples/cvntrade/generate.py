"""Write the evidence of the example deployment: three weeks, the same bytes every time, in a few seconds.

Run it as ``python examples/cvntrade/generate.py [--out DIR] [WEEK…]``.
"""

from __future__ import annotations

import argparse
import gzip
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from synthetic import events, market, serving, tables, timeline
from synthetic.weeks import WEEKS, Week

HERE = Path(__file__).resolve().parent


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the evidence of the example deployment.")
    parser.add_argument(
        "--out", type=Path, default=HERE / "evidence", help="where to write; an older set there is replaced"
    )
    parser.add_argument("weeks", nargs="*", metavar="WEEK", help=f"one of {', '.join(WEEKS)}; all without")
    arguments = parser.parse_args()
    unknown = [name for name in arguments.weeks if name not in WEEKS]
    if unknown:
        parser.error(f"there is no week '{unknown[0]}': write one of {', '.join(WEEKS)}")
    out: Path = arguments.out
    weeks = arguments.weeks or list(WEEKS)
    count = size = 0
    for name in weeks:
        for folder in ("inference", "logs"):
            shutil.rmtree(out / name / folder, ignore_errors=True)
        for file, content in generate(WEEKS[name]):
            path = out / name / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            count, size = count + 1, size + len(content)
    until = f"{timeline.AT:%Y-%m-%d %H:%M} UTC"
    named = ", ".join(weeks)
    print(f"Wrote {count} files ({size / 1e6:.1f} MB): what five cryptos left behind until {until}. Weeks: {named}")


def generate(week: Week) -> Iterator[tuple[str, bytes]]:
    """Yield every file of a week as name and content.

    Each part has a seed of its own: changing one moves no other, and weeks differ in nothing but their troubles.
    """
    seeds = np.random.SeedSequence(timeline.SEED).spawn(15)
    rngs = (np.random.default_rng(seed) for seed in seeds)
    yield "bars.parquet", _parquet(market.bars(next(rngs), week))
    for index, part in enumerate(market.inference(next(rngs), week), start=1):
        yield f"inference/part-{index:02d}.parquet", _parquet(part)
    yield "training.parquet", _parquet(market.training(next(rngs)))
    yield "outcomes.parquet", _parquet(market.outcomes(next(rngs), week))
    yield "preflight.csv", tables.preflight(week).encode()
    yield "ftf_results.csv", tables.ftf_results(next(rngs), week).encode()
    yield "w1_results.csv", tables.w1_results(next(rngs), week).encode()
    yield "trades.jsonl", tables.trades(next(rngs), week).encode()
    yield "dry_run.csv", tables.dry_run(next(rngs), week).encode()
    yield "facts.yaml", tables.facts(week).encode()
    yield from _rotated(events.lines(next(rngs), week))
    yield "out_of_sample.parquet", _parquet(market.out_of_sample(next(rngs)))
    yield "signals.parquet", _parquet(market.signals(next(rngs), week))
    yield "fold_labels.csv", tables.fold_labels(next(rngs), week).encode()
    yield "fold_labels_registered.csv", tables.fold_labels(next(rngs), week, registered=True).encode()
    yield "correlations.csv", tables.correlations(next(rngs), week).encode()
    yield "samples.parquet", _parquet(serving.samples(next(rngs), week))


def _parquet(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    return bytes(sink.getvalue())


def _rotated(lines: list[events.Line]) -> Iterator[tuple[str, bytes]]:
    """Yield the log as a service leaves it behind: the newest lines, and a packed file for each four weeks before."""
    turn = timedelta(days=28)
    newest = max(timeline.steps(timeline.LOGGED_FROM, timeline.AT, turn))
    for age, start in enumerate(reversed(list(timeline.steps(timeline.LOGGED_FROM, timeline.AT, turn)))):
        content = "".join(f"{text}\n" for instant, text in lines if start <= instant < start + turn).encode()
        if start == newest:
            yield "logs/events.log", content
        else:
            # Without a time in its header, the same lines give the same bytes.
            yield f"logs/events.log.{age}.gz", gzip.compress(content, compresslevel=9, mtime=0)


if __name__ == "__main__":
    main()
