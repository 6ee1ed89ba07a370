"""Files that lie, break off or hold what nothing expects: each question about them gets an answer, never an exception.

An exception here would take the verdicts of every other policy with it.
"""

from __future__ import annotations

import gzip
import io
import json
import zlib
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cvnpolicy.core.evidence import Direction, Liveness, Match, MeasureNeed, Readings, Selection, Unavailable
from cvnpolicy.core.finding import Pairs
from cvnpolicy.sources.tables import TablesSource
from tests.sources.formats import BINDING, hours

LONG = "9" * 5_000
"""More digits than Python turns into an integer."""
EXTREMES = ["infinity", "-infinity", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00+15:00", "9999-12-31T23:59:59-15:00"]
NUMBERS = [LONG, f"-{LONG}", f"{LONG}.0", "1e9999", "1e99999", "-1e-9999", "NaN", "-inf", "9223372036854775808", "-0.0"]


def parquet(**columns: Any) -> bytes:
    stream = io.BytesIO()
    pq.write_table(pa.table(columns), stream)
    return stream.getvalue()


def table(**columns: Any) -> bytes:
    """A Parquet file with the columns that the questions are about, as long as those given."""
    size = len(next(iter(columns.values())))
    given = {"ts": micro(*range(size)), "symbol": ["a"] * size, "x": [1.0] * size, "y": [1] * size}
    return parquet(**{**given, **columns})


def micro(*values: int, unit: str = "us") -> pa.Array:
    return pa.array(values, pa.int64()).cast(pa.timestamp(unit, "UTC"))


def broken_text() -> pa.Array:
    """Two texts of which the second is not UTF-8."""
    offsets = pa.py_buffer(np.array([0, 1, 3], np.int32))
    return pa.Array.from_buffers(pa.string(), 2, [None, offsets, pa.py_buffer(b"a\xff\xfe")])


def flipped(content: bytes, place: int) -> bytes:
    changed = bytearray(content)
    changed[place] ^= 0x10
    return bytes(changed)


def csv(x: str, ts: str = "2026-05-04T00:00:00Z", symbol: str = "BTC") -> bytes:
    return f"ts,symbol,x,y\n2026-05-04T00:00:00Z,ETH,1,1\n{ts},{symbol},{x},1\n".encode()


def line(x: object, ts: str = "2026-05-04T00:00:00Z", symbol: str = "BTC") -> bytes:
    text = x if isinstance(x, str) else json.dumps(x)
    return f'{{"ts": "{ts}", "symbol": "{symbol}", "x": {text}, "y": 1}}\n'.encode()


def log(x: str, ts: str = "2026-05-04T00:00:00Z", symbol: str = "BTC") -> bytes:
    return f"event=bar ts={ts} symbol={symbol} x={x} y=1\n".encode()


ROWS = parquet(ts=micro(1_777_852_800_000_000, 1_777_852_801_000_000), symbol=["a", "b"], x=[1.0, 2.0], y=[1, 0])
PACKED = gzip.compress(csv("2"), mtime=0)
PLAIN: dict[str, bytes] = {
    "empty": b"",
    "zeros": b"\0" * 5_000,
    "noise": bytes(range(256)) * 20,
    "newlines": b"\n" * 100,
    "carriage returns": b"\r" * 100,
    "utf-16": "ts,symbol,x,y\n1,2,3,4\n".encode("utf-16"),
    "byte order mark": b"\xef\xbb\xbf",
    "quotes": b'"' * 101,
    "a long line": b"a" * 3_000_000 + b"\n",
    "brackets": b'{"x":' + b"[" * 200_000 + b"\n",
    "gzip magic": b"\x1f\x8b",
    "gzip header": b"\x1f\x8b\x08\0\0\0\0\0\0\3",
    "gzip of noise": gzip.compress(bytes(range(256)) * 20),
    "zlib": zlib.compress(b"x\n1\n"),
    "parquet magic": b"PAR1PAR1",
    "parquet footer of 4 GB": b"PAR1" + b"\xff\xff\xff\xff" + b"PAR1",
    "parquet cut": ROWS[:-20],
    "parquet head cut": ROWS[40:],
}
WIDE = pa.array([Decimal(1)], pa.decimal256(60))
PARQUET: dict[str, bytes] = {
    "infinity": table(ts=micro(2**63 - 1, 0)),
    "-infinity": table(ts=micro(1 - 2**63, 0)),
    "least instant": table(ts=micro(-(2**63), 0)),
    "year 26000": table(ts=micro(758_000_000_000_000_000)),
    "milliseconds": table(ts=micro(2**62, unit="ms")),
    "nanoseconds": table(ts=micro(2**63 - 1, -(2**63), 1 - 2**63, unit="ns")),
    "a day": table(ts=pa.array([2**31 - 1], pa.date32())),
    "text": table(symbol=broken_text()),
    "bytes": table(symbol=[b"\xff"], x=[b"1"]),
    "nothing": table(ts=pa.nulls(2), symbol=pa.nulls(2), x=pa.nulls(2), y=pa.nulls(2)),
    "durations": table(x=pa.array([1], pa.duration("s"))),
    "decimals": table(x=[Decimal(10) ** 37], y=[Decimal("1.5")]),
    "wide decimals": table(x=WIDE),
    "lists": table(symbol=[["a"]], x=[[1.0]], y=[{"a": 1}]),
    "extremes": table(x=[-(2**63), 2**63 - 1, 0]),
    "unsigned": table(x=pa.array([2**64 - 1, 0], pa.uint64())),
    "half": table(x=pa.array([np.float16(1)], pa.float16())),
    "time": table(x=pa.array([1], pa.time64("ns"))),
    "no rows": table(x=pa.array([], pa.float64())),
    "reserved": parquet(file_row_number=[1], x=[1.0]),
    "upper and lower": parquet(x=[1.0], X=[2.0]),
}
KINDS = ("parquet", "csv", "jsonl", "logfmt")
PACKED_KINDS = KINDS[1:]
CASES: dict[str, tuple[str, bytes]] = {
    **{f"{name} as {kind}": (kind, content) for name, content in PLAIN.items() for kind in KINDS},
    **{f"csv number {x[:12]} {len(x)}": ("csv", csv(x)) for x in NUMBERS},
    **{f"log number {x[:12]} {len(x)}": ("logfmt", log(x)) for x in NUMBERS},
    **{f"json number {x[:12]} {len(x)}": ("jsonl", line(1) + line(x)) for x in NUMBERS},
    **{f"csv instant {ts}": ("csv", csv("1", ts)) for ts in EXTREMES},
    **{f"log instant {ts}": ("logfmt", log("1", ts)) for ts in EXTREMES},
    **{f"json instant {ts}": ("jsonl", line(1, ts)) for ts in EXTREMES},
    **{f"parquet bit {at}": ("parquet", flipped(ROWS, at)) for at in range(0, len(ROWS), 97)},
    **{
        f"gzip bit {at} {kind}": (kind, flipped(PACKED, at)) for at in range(2, len(PACKED), 9) for kind in PACKED_KINDS
    },
    **{f"parquet {name}": ("parquet", content) for name, content in PARQUET.items()},
    "csv not utf-8": ("csv", csv("1") + b"2026-05-04T00:00:02Z,\xff,1,1\n"),
    "csv header not utf-8": ("csv", b"ts,symbol,\xff\n"),
    "csv symbol nul": ("csv", csv("1", symbol="a\0b")),
    "csv a long field": ("csv", csv("1", symbol="a" * 40_000_000)),
    "json not utf-8": ("jsonl", b'{"x": 1, "symbol": "\xff"}\n'),
    "json surrogate": ("jsonl", line(1, symbol="\\ud800")),
    "json surrogate key": ("jsonl", b'{"x": 1, "\\udfff": 2}\n'),
    "json key twice": ("jsonl", b'{"x": 1, "x": 2}\n'),
    "json key of nul": ("jsonl", b'{"x": 1, "a\\u0000": 2}\n'),
    "json objects": ("jsonl", line({"a": [1, {"b": None}]})),
    "json a long line": ("jsonl", line(1, symbol="a" * 20_000_000)),
    "log not utf-8": ("logfmt", log("1") + b"event=bar ts=2026-05-04T00:00:00Z x=\xff\n"),
    "log surrogate": ("logfmt", log('"\\ud800"')),
    "log key twice": ("logfmt", log("1 x=2")),
    "log half a line": ("logfmt", log("1")[:-1]),
}

FRAMES: dict[str, dict[str, Any]] = {
    "objects": {"x": [object(), 1]},
    "bytes": {"symbol": [b"\xff", b"a"]},
    "huge integers": {"x": [10**400, 1]},
    "unsigned": {"x": np.array([2**64 - 1, 0], np.uint64)},
    "complex": {"x": [1j, 2.0]},
    "durations": {"x": pd.to_timedelta([1, 2], unit="s")},
    "periods": {"x": pd.period_range("2026-01", periods=2, freq="M")},
    "intervals": {"symbol": pd.interval_range(0, 2)},
    "sparse": {"x": pd.arrays.SparseArray([0.0, 1.0])},
    "decimals": {"x": [Decimal("NaN"), Decimal("1e400")]},
    "dates": {"ts": [date.max, date.min]},
    "the calendar's ends": {"ts": [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)]},
    "beyond the calendar": {"ts": [datetime.min.replace(tzinfo=timezone(timedelta(hours=5)))] * 2},
    "seconds far away": {"ts": pd.Series(np.array([2**55, 0], "datetime64[s]")).dt.tz_localize("UTC")},
    "no instants": {"ts": pd.Series([None, None], dtype="datetime64[us, UTC]")},
    "surrogates": {"symbol": pd.Series(["\ud800", "a"], dtype=object)},
    "mixed": {"symbol": [1, "a"], "x": ["1", 2.0]},
    "categories": {"symbol": pd.Categorical([1.5, "a"])},
    "lists": {"symbol": [[1], [2]], "x": [{"a": 1}, {"a": 2}]},
}


DECLARED: tuple[Pairs, ...] = ((), (("declared", "float"),), (("declared", "str"),))


def questions(event: str | None) -> list[MeasureNeed]:
    """Every statistic, over a window and over all, grouped and not, with filters of each type."""

    def select(where=(), window=None) -> Selection:
        return Selection("rows", event, where, window)

    whole, hour, beat = select(), select(window=hours(0, 1)), Liveness(select(window=hours(0, 1)), 60_000_000)
    matches = [Match(select(window=hours(0, 2)), 60_000_000, ("symbol",), side) for side in Direction]
    needs = [MeasureNeed(name, whole, ("x",)) for name in ("sum", "mean", "min", "p50", "p99", "std", "variance")]
    needs += [
        MeasureNeed(name, one, ("x",)) for name in ("last", "delta", "increase", "distinct") for one in (whole, hour)
    ]
    needs += [MeasureNeed("duplicates", whole, ("symbol", "x")), MeasureNeed("f1", whole, ("y", "x"))]
    needs += [
        MeasureNeed(name, hour, ("x",), reference=whole) for name in ("ks_pvalue", "ks_statistic", "psi", "mean_shift")
    ]
    needs += [MeasureNeed("missing", hour, (name,), params=more) for name in ("x", "symbol") for more in DECLARED]
    needs += [
        MeasureNeed("count", one, by=by) for one in (whole, hour) for by in ((), ("symbol",), ("x",), ("symbol", "y"))
    ]
    needs += [
        MeasureNeed("count", select(((name, (each,)),)))
        for name in ("symbol", "x")
        for each in (1, 1.5, "1", True, 2**63)
    ]
    needs += [MeasureNeed("mean", whole, ("x",), over=("symbol",)), MeasureNeed("mean", whole, ("x",), over=("x",))]
    needs += [MeasureNeed("coverage", whole, expect=(("symbol", ("a", 1)),)), MeasureNeed("ratio", hour, total=whole)]
    needs += [MeasureNeed("rate", hour, params=(("per", "1h"),), alive=beat), MeasureNeed("count", hour, alive=beat)]
    return [*needs, *(MeasureNeed("unmatched", hour, match=match, alive=beat) for match in matches)]


def check(source: TablesSource, event: str | None, root: str) -> None:
    answers = source.answer(questions(event))
    for need, answer in answers.items():
        assert isinstance(answer, Readings | Unavailable), need
        if isinstance(answer, Unavailable):
            assert root not in answer.reason + answer.hint, (need, answer)
            assert "\n" not in answer.reason, (need, answer)
            assert " Error:" not in answer.reason, (need, answer)


@pytest.mark.parametrize("name", CASES)
def test_a_hostile_file(tmp_path, name):
    kind, content = CASES[name]
    (tmp_path / "rows.data").write_bytes(content)
    binding = BINDING.validate_python({"type": kind, "path": "rows.data", "time": "ts"})
    check(TablesSource({"rows": binding}, tmp_path), "bar" if kind == "logfmt" else None, str(tmp_path))


@pytest.mark.parametrize("name", FRAMES)
def test_a_hostile_frame(tmp_path, name):
    given: dict[str, Any] = {
        "ts": pd.to_datetime(["2026-05-04T00:00Z"] * 2),
        "symbol": ["a", "b"],
        "x": [1.0, 2.0],
        "y": [1, 0],
    }
    check(TablesSource({}, tmp_path, {"rows": pd.DataFrame({**given, **FRAMES[name]})}), None, str(tmp_path))
