"""Write the evidence of the example deployment: the same bytes every time, under 3 MB, in a few seconds.

Run it as ``python examples/cvntrade/generate.py [--out DIR]``.
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
from synthetic import events, market, tables, timeline

HERE = Path(__file__).resolve().parent


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the evidence of the example deployment.")
    parser.add_argument(
        "--out", type=Path, default=HERE / "evidence", help="where to write; an older set there is replaced"
    )
    out: Path = parser.parse_args().out
    for name in ("inference", "logs"):
        shutil.rmtree(out / name, ignore_errors=True)
    files = dict(generate())
    for name, content in files.items():
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    size = sum(len(content) for content in files.values())
    until = f"{timeline.AT:%Y-%m-%d %H:%M} UTC"
    print(f"Wrote {len(files)} files ({size / 1e6:.1f} MB): what five cryptos left behind until {until}")


def generate() -> Iterator[tuple[str, bytes]]:
    """Yield every file as name and content. Each part has a seed of its own: changing one moves no other."""
    seeds = np.random.SeedSequence(timeline.SEED).spawn(8)
    rngs = (np.random.default_rng(seed) for seed in seeds)
    yield "bars.parquet", _parquet(market.bars(next(rngs)))
    for index, part in enumerate(market.inference(next(rngs)), start=1):
        yield f"inference/part-{index:02d}.parquet", _parquet(part)
    yield "training.parquet", _parquet(market.training(next(rngs)))
    yield "outcomes.parquet", _parquet(market.outcomes(next(rngs)))
    rng = next(rngs)
    yield "ftf_results.csv", tables.ftf_results(rng).encode()
    yield "w1_results.csv", tables.w1_results(rng).encode()
    yield "trades.jsonl", tables.trades(next(rngs)).encode()
    yield "dry_run.csv", tables.dry_run(next(rngs)).encode()
    yield "facts.yaml", tables.facts().encode()
    yield from _rotated(events.lines(next(rngs)))


def _parquet(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    return bytes(sink.getvalue())


def _rotated(lines: list[events.Line]) -> Iterator[tuple[str, bytes]]:
    """Yield the log as a service leaves it behind: this week's lines, and a compressed file for each week before."""
    week = timedelta(days=7)
    newest = max(timeline.steps(timeline.LOGGED_FROM, timeline.AT, week))
    for age, start in enumerate(reversed(list(timeline.steps(timeline.LOGGED_FROM, timeline.AT, week)))):
        content = "".join(f"{text}\n" for instant, text in lines if start <= instant < start + week).encode()
        if start == newest:
            yield "logs/events.log", content
        else:
            # Without a time in its header, the same lines give the same bytes.
            yield f"logs/events.log.{age}.gz", gzip.compress(content, compresslevel=9, mtime=0)


if __name__ == "__main__":
    main()
