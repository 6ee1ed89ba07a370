"""Hostile data: tables, logs, facts and saved evidence. `evaluate` meets them."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

from cvnpolicy.core.evidence import Evidence, FactNeed, FactReading
from cvnpolicy.core.evidence_json import dump
from tests.hostile.case import FAILED, HEAVY, UNDECIDED, Case, Content, Tree
from tests.hostile.policy_cases import MANY, SQL
from tests.hostile.texts import BASE, CONFIG, FACTS, LOG, MEBIBYTE, POLICY, config, policy

CSV, JSONL, PARQUET = "data/rows.csv", "data/rows.jsonl", "data/rows.parquet"
LOGS, FACTFILE = "data/log.txt", "data/facts.yaml"
REGEX = "(a+)+$"
EVENT = "event=bar ts=2026-06-01T00:00:00Z x=1\n"
AT = f"{POLICY}:6:7"
"""Where the check stands that a message is about, when no file is to blame."""
NOT_FINITE = (AT, "the measurement is not finite")
TOO_MANY_CELLS = (f"{POLICY}:9:7", "the expected grid has more than 1000000 cells")
KEYS = EVENT.replace("x=1", "x=1 (a+)+$|.*{9}=")


def judged(name: str, hostile: Tree, *says: str, twin: Tree | None = None, base: Tree = BASE) -> Case:
    return Case(name, hostile, says, twin or {}, base, "evaluate", code=UNDECIDED, limits=HEAVY)


def csv(name: str, content: Content, *says: str, twin: Content | None = None) -> Case:
    return judged(f"CSV: {name}", {CSV: content}, *says, twin={} if twin is None else {CSV: twin})


def log(name: str, content: Content, *says: str, twin: Content | None = None) -> Case:
    return judged(f"log: {name}", {LOGS: content}, *says, twin={} if twin is None else {LOGS: twin}, base=LOG)


def lines(name: str, content: Content, *says: str) -> Case:
    return judged(f"JSON lines: {name}", {JSONL: content}, *says, base=LINES)


def rows(name: str, content: Content, *says: str, twin: Content | None = None) -> Case:
    return judged(
        f"Parquet: {name}", {PARQUET: content}, *says, twin={} if twin is None else {PARQUET: twin}, base=ROWS
    )


def parquet(**columns: Any) -> bytes:
    import pyarrow as pa
    from pyarrow import parquet as pq

    stream = io.BytesIO()
    pq.write_table(pa.table(columns), stream)
    return stream.getvalue()


@cache
def sound() -> bytes:
    return parquet(x=[1.0, 2.0, 3.0] * 1_000, symbol=["BTC"] * 3_000)


def lying() -> bytes:
    """Its footer says that it is two gigabytes long."""
    return sound()[:-8] + (2**31 - 1).to_bytes(4, "little") + b"PAR1"


def wide(count: int) -> Callable[[], bytes]:
    return lambda: parquet(**{f"c{n}": [1] for n in range(count)}, x=[1.0])


def nested(levels: int) -> bytes:
    import pyarrow as pa

    kind: Any = pa.float64()
    value: Any = 1.0
    for _ in range(levels):
        kind, value = pa.list_(kind), [value]
    return parquet(x=pa.array([value], kind))


def packed(text: bytes, size: int, end: bytes = b"") -> Callable[[], bytes]:
    """So many bytes, which pack into a thousandth."""
    return lambda: gzip.compress(text * (size // len(text)) + end, mtime=0)


def long_row(start: bytes, end: bytes, size: int) -> bytes:
    """A row of so many bytes, whose x fails the check, or passes it where it is short."""
    return start + (b"999," if size > 100 else b"9,") + b"y" * size + end


def header(count: int) -> Callable[[], bytes]:
    names = ",".join(f"c{n}" for n in range(count))
    return f"{names},x\n{'1,' * count}1\n".encode


def grid(axes: str) -> Tree:
    measure = f"{{statistic: coverage, dataset: rows, expect: {{{axes}}}, window: run}}"
    return {POLICY: policy(rest=f'    - {{id: g, measure: {measure}, pass_if: "== 100%"}}\n')}


LINES: Tree = {**BASE, CONFIG: config("{type: jsonl, path: rows.jsonl}"), JSONL: '{"x": 1}\n{"x": 2}\n'}
ROWS: Tree = {**BASE, CONFIG: config("{type: parquet, path: rows.parquet}"), PARQUET: sound}

TABLES = (
    csv("a last line of 50 MB", lambda: b"x\n1\n" + b"9" * 50_000_000 + b"\n", "rows.csv line 3 is longer than"),
    *(
        csv(
            f"a line of 40 MB, {name}",
            partial(long_row, start, end, 40_000_000),
            says,
            twin=long_row(start, end, 100),
        )
        for name, start, end, says in (
            ("empty lines behind it", b"x,y\n1,a\n", b"\n\n\n", "rows.csv line 3 is longer than 2,097,152 bytes"),
            ("empty lines of Windows behind it", b"x,y\r\n1,a\r\n", b"\r\n\r\n", "rows.csv line 3 is longer than"),
            ("another line behind it", b"x,y\n1,a\n", b"\n3,c\n", "rows.csv line 3 is longer than"),
        )
    ),
    csv(
        "a quoted field of 40 MB in short lines, empty lines behind it",
        lambda: b'x,y\n1,a\n999,"' + b"y\n" * 20_000_000 + b'"\n\n\n',
        "rows.csv line 3 is longer than 2,097,152 bytes",
        twin=b'x,y\n1,a\n9,"' + b"y\n" * 900_000 + b'"\n\n\n',
    ),
    csv("mixed line ends", "x,y\n1,a\n999,b\r\n3,c\n", "rows.csv ends its rows in different ways"),
    csv("a quote astray", 'x,y\n1,a"b\n999,"\n', "rows.csv line 2 has a quote inside of a field"),
    csv(
        "a line of 100 MB",
        lambda: b"x\n" + b"1" * 10**8 + b"\n2\n",
        "rows.csv line 2 is longer than 2,097,152 bytes",
        twin="x,y\n1," + "a" * 10**6 + "\n",
    ),
    csv("a header of 100 MB", lambda: b"x" * 10**8 + b"\n1\n", "rows.csv line 1 is longer than 2,097,152 bytes"),
    csv(
        "a header of 300 MB, packed",
        packed(b"," * 1_000, 3 * 10**8, b"\n1\n"),
        "rows.csv line 1 is longer than 2,097,152 bytes",
        twin=packed(b"x\n1\n", 4),
    ),
    csv("a header that is quoted and never ends", lambda: b'"' + b"x\n" * 10**7, "rows.csv line 1 is longer than"),
    csv("100,000 columns", header(100_000), "rows.csv has 100,001 columns", twin=header(900)),
    csv("a column a hundred times", "x," * 99 + "x\n" + "1," * 99 + "1\n", "rows.csv names the column 'x' twice"),
    csv("NUL bytes", b"x\n1\n\0\0\n", "in rows.csv row 2 is not a number"),
    csv("not UTF-8", b"x,symbol\n1,\xff\n", "rows.csv is not UTF-8"),
    csv("a quote that is never closed", b'x\n1\n"2\n', "rows.csv line 3 opens a quote that is never closed"),
    csv("a number beyond all", "x\n1e999\n", *NOT_FINITE),
    csv(
        "a regular expression as a number",
        f"x\n{REGEX}\n",
        "rows.csv row 1",
        "is not a number",
        twin=f"x,symbol\n1,{REGEX}\n",
    ),
    csv("only NaN", "x\nNaN\nnan\n", *NOT_FINITE),
    csv("half a gzip file", lambda: gzip.compress(b"x\n" + b"1\n" * 1_000)[:-20], "rows.csv is a truncated"),
    judged(
        "CSV: a column that is SQL", {POLICY: policy().replace("[x]", f"[{SQL}]")}, AT, "dataset 'rows' has no column"
    ),
    rows("cut in half", lambda: sound()[: len(sound()) // 2], "rows.parquet is not a whole Parquet file"),
    rows("a footer that lies", lying, "rows.parquet is not a whole Parquet file"),
    rows("noise", lambda: b"PAR1" + bytes(range(256)) * 4_000 + b"PAR1", "rows.parquet is not a whole Parquet file"),
    rows("only NaN", lambda: parquet(x=[float("nan")] * 10), *NOT_FINITE),
    rows("only nothing", lambda: parquet(x=[None] * 10), AT, "the statistic is undefined for these rows"),
    rows(
        "bytes where numbers belong",
        lambda: parquet(x=[b"\xff"]),
        AT,
        "column 'x' of dataset 'rows' holds values of another type (BLOB)",
    ),
    rows("100,000 columns", wide(100_000), "rows.parquet has 100,001 columns", twin=wide(500)),
    rows("a list nested 200 times", partial(nested, 200), "rows.parquet is not a whole Parquet file"),
    lines("30,000 brackets", f'{{"x": {"[" * 30_000}{"]" * 30_000}}}\n', AT, "values of another type (lists)"),
    lines("a key 400,000 times", "{" + '"a":1,' * 400_000 + '"x":1}\n', "rows.jsonl line 1 has the key 'a' twice"),
    lines("a line of 50 MB", lambda: b'{"x": "' + b"a" * 50_000_000 + b'"}\n', "rows.jsonl line 1 is longer than"),
    lines("a line of 17 MB", lambda: b'{"x": 1, "y": "' + b"a" * 17_000_000 + b'"}\n', "rows.jsonl line 1 is longer"),
    lines("a number of 10,000 digits", f'{{"x": {"9" * 10_000}}}\n', *NOT_FINITE),
    judged("a grid of 10^12 cells", grid("a: many, b: many, c: many"), *TOO_MANY_CELLS, base=MANY),
    judged("a grid of 10^8 cells", grid("x: many, symbol: many"), *TOO_MANY_CELLS, base=MANY),
)

EVENTS = (
    log(
        "a line of 50 MB",
        lambda: EVENT.encode() + b"event=bar x=" + b"1" * 50_000_000 + b"\n",
        "log.txt line 2 is longer than 1,048,576 bytes",
        twin=f"{EVENT}event=foo x={'a' * 1_000_000}\n",
    ),
    log("50 MB without a line end", lambda: b"a" * 50_000_000, "log.txt line 1 is longer than"),
    log("NUL bytes", f"{EVENT}event=bar \0\n", "log.txt line 2", twin=f"{EVENT}event=foo \0\n"),
    log(
        "a regular expression as a number",
        EVENT.replace("x=1", f"x={REGEX}"),
        "'(a+)+$' in log.txt line 1 is not a number",
        twin=EVENT.replace("x=1", f"x=1 y={REGEX}"),
    ),
    log("regular expressions as keys", KEYS * 2_000 + "event=bar\n", "log.txt line 2001", twin=KEYS * 2_000),
    log(
        "130,000 keys in a line",
        EVENT.replace("\n", "".join(f" k{n}" for n in range(130_000))) + " k1\n",
        "log.txt line 1",
        "twice",
    ),
    log(
        "10,000 shapes of lines",
        "".join(EVENT.replace("\n", f" k{n}=1 j{n}=2\n") for n in range(10_000)) + "event=bar\n",
        "log.txt line 10001",
    ),
    log("half a line", EVENT + EVENT[:-1], "log.txt line 2 is half written"),
    log(
        "200 MB of nothing, packed",
        packed(b"\0" * 1_000, 2 * 10**8),
        "log.txt line 1 is longer than",
        twin=packed(EVENT.encode(), len(EVENT)),
    ),
)


def asked(count: int) -> str:
    """A policy that asks for so many facts."""
    facts = "".join(f"    f{n}: {{source: facts, values: [live, absent]}}\n" for n in range(count))
    checks = "".join(f"    - {{id: c{n}, pass_if: {{fact: f{n}, is: [live]}}}}\n" for n in range(count))
    head = 'apiVersion: cvnpolicy/v1\nkind: DriftPolicy\nmetadata: {name: p, title: T, owner: "@me"}\nspec:\n'
    return f"{head}  facts:\n{facts}  checks:\n{checks}"


def told(count: int, value: str = "live") -> str:
    return "facts:\n" + "".join(f"  f{n}: {{value: {value}}}\n" for n in range(count))


ASKED = Case(
    "facts: 1,000 questions about 30,000",
    {POLICY: asked(1_000), FACTFILE: told(30_000, "absent")},
    (f"{POLICY}:1007:7", "1,000 findings: 1000 block"),
    {POLICY: asked(1_000), FACTFILE: told(30_000)},
    FACTS,
    "evaluate",
    code=FAILED,
)
FACT_AT = f"{POLICY}:6:12"
FACTUAL = tuple(
    Case(f"facts: {name}", {FACTFILE: content}, tuple(says), {}, FACTS, "evaluate", code=UNDECIDED)
    for name, content, *says in (
        ("30,000 brackets", f"facts: {'[' * 30_000}", "facts.yaml line 1", "deeper"),
        ("a billion laughs", "facts: &a {a: [*a, *a]}\n", "facts.yaml line 1", "anchors"),
        ("a tag that runs code", '!!python/object/apply:os.system ["id"]\n', "facts.yaml line 1", "tags"),
        ("1 MiB and a byte", "#" * (MEBIBYTE + 1), "facts.yaml is larger than 1 MiB"),
        ("NUL bytes", "facts: {}\0\n", "facts.yaml is not YAML"),
        ("a name of 1 MB", f'facts: {{"{"k" * 1_000_000}": {{bad: 1}}}}\n', "facts.yaml line 1"),
        ("100,000 names", "facts: {" + "".join(f"k{n}: 1," for n in range(100_000)) + "}\n", "facts.yaml line 1"),
        (
            "9,000 names that are near",
            "facts:\n" + "".join(f"  console{n:073}: {{value: 1}}\n" for n in range(9_000)),
            FACT_AT,
            "no fact 'console' is written down",
        ),
        (
            "a number of 4,000 digits",
            f"facts: {{console: {{value: {'9' * 4_000}}}}}\n",
            FACT_AT,
            "fact console is '9999",
        ),
        ("half a character", b"facts: {console: {value: \xed\xa0\x80}}\n", "facts.yaml is not UTF-8"),
        (
            "an order to the build server",
            'facts: {console: {value: "\\e]0;a\\a\\n::error::x"}}\n',
            FACT_AT,
            r"is '\x1b]0;a",
        ),
    )
)


SAVED_AT = datetime(2026, 6, 1, tzinfo=UTC)
EMPTY = dump(Evidence(SAVED_AT, {}))
KEPT: Tree = {
    **FACTS,
    "e.json": dump(Evidence(SAVED_AT, {FactNeed("console", "facts"): FactReading("live", None, None, None)})),
}

SAVED = tuple(
    Case(f"evidence: {name}", {"e.json": content}, ("recorded evidence", *says), {}, KEPT, "evaluate --evidence e.json")
    for name, content, *says in (
        ("30,000 brackets", "[" * 30_000, "it is not JSON"),
        ("30,000 brackets for answers", EMPTY.replace("[]", "[" * 30_000 + "]" * 30_000), "it is not JSON"),
        ("half of it", EMPTY[:50], "it is not JSON"),
        ("no number", EMPTY.replace("[]", "[NaN]"), "NaN is no JSON number"),
        ("a number of 10,000 digits", EMPTY.replace("[]", f"[{'9' * 10_000}]"), "it is not JSON"),
        ("half a character", EMPTY.replace("[]", '["\\ud800"]'), "half a character"),
        ("other content", EMPTY.replace("06-01", "06-02"), "does not match its SHA-256"),
        ("50 MB of objects", lambda: b"[" + b"{}," * 17_000_000 + b"{}]", "more than 4,000,000 values"),
        ("64 MiB and a byte", lambda: b" " * (64 * MEBIBYTE + 1), "longer than 64 MiB"),
    )
)
