"""The ordinary repository that every case changes one thing in."""

from __future__ import annotations

POLICY = "policies/p.yaml"
CONFIG = "cvnpolicy.yaml"
MEBIBYTE = 2**20


def policy(
    *,
    name: str = "p",
    title: str = "Title",
    measure: str = "",
    crit_if: str = '"> 100"',
    rest: str = "",
    spec: str = "",
) -> str:
    """A policy of one check: the largest x is no more than 100."""
    return (
        "apiVersion: cvnpolicy/v1\nkind: DriftPolicy\n"
        f'metadata: {{name: {name}, title: {title}, owner: "@me"}}\n'
        f"spec:\n{spec}  checks:\n    - id: c\n"
        f"      measure: {{statistic: max, dataset: rows, columns: [x], window: run{measure}}}\n"
        f"      crit_if: {crit_if}\n{rest}"
    )


def config(rows: str = "{type: csv, path: rows.csv}", head: str = "", more: str = "") -> str:
    """A configuration that binds `rows`."""
    return f"{head}policies: policies\ndata_root: data\nenvironments:\n  default:\n    rows: {rows}\n{more}"


def padded(text: str, size: int) -> bytes:
    """The text with comment lines behind it, of exactly so many bytes."""
    lines, rest = divmod(size - len(text.encode()), 100)
    return (text + ("#" * 99 + "\n") * lines + "#" * rest).encode()


def catalog(name: str) -> str:
    """A whole small document."""
    metadata = f'metadata: {{name: {name}, title: T, owner: "@me"}}'
    return f"{{apiVersion: cvnpolicy/v1, kind: EventCatalog, {metadata}, spec: {{events: {{{name}: {{}}}}}}}}\n"


BASE = {CONFIG: config(), POLICY: policy(), "data/rows.csv": "x,symbol\n1,BTC\n2,ETH\n"}
"""Valid, and passes."""

FACTS = {
    CONFIG: "policies: policies\ndata_root: data\nenvironments: {default: {facts: {type: yaml, path: facts.yaml}}}\n",
    POLICY: "apiVersion: cvnpolicy/v1\nkind: DriftPolicy\n"
    'metadata: {name: p, title: T, owner: "@me"}\nspec:\n'
    "  facts: {console: {source: facts, values: [live, absent]}}\n"
    "  checks: [{id: c, pass_if: {fact: console, is: [live]}}]\n",
    "data/facts.yaml": "facts:\n  console: {value: live}\n",
}
"""Judged on a file of facts, without a table."""

LOG = {
    CONFIG: config("{type: csv, path: rows.csv}", more="    events: {type: logfmt, path: log.txt}\n"),
    "policies/e.yaml": "apiVersion: cvnpolicy/v1\nkind: EventCatalog\n"
    'metadata: {name: e, title: T, owner: "@me"}\nspec: {events: {bar: {fields: {x: float}, heartbeat: 1h}}}\n',
    POLICY: policy().replace("dataset: rows", "event: bar"),
    "data/log.txt": "event=bar ts=2026-06-01T00:00:00Z x=1\n",
}
