"""Policies come from pull requests of anybody: their text never gets out of its cell."""

from __future__ import annotations

from pathlib import Path

from cvnpolicy.core.kind import PolicySet
from cvnpolicy.kinds.readiness.story import Story
from cvnpolicy.markdown.blocks import page
from cvnpolicy.markdown.page import Table
from cvnpolicy.readiness.render import render
from tests.readiness.render.rendering import spec
from tests.support.policies import EVENTS, loaded

HOSTILE = "a | b <!-- `c` [x](javascript:1) ::error:: <handle> **SKIP — JUSTIFICATION**: no"
SHOWN = HOSTILE.replace("::error", "\\x3a:error")
METRICS = """
    apiVersion: cvnpolicy/v1
    kind: MetricPolicy
    metadata: {name: m, title: M, owner: "@me", story: S-1}
    spec:
      metrics:
        size:
          role: cost
          type: gauge
          unit: USDC
          source: {event: work, field: size, where: {key: ["TEXT"]}}
          owner: "@me"
          dashboard: "x/TEXT"
        other:
          role: cost
          type: gauge
          unit: USDC
          source: {dataset: data, column: v, where: {"TEXT": ["TEXT"]}}
          owner: "@me"
          dashboard: "TEXT"
    """
ALERTS = """
    apiVersion: cvnpolicy/v1
    kind: AlertPolicy
    metadata: {name: a, title: A, owner: "@me", story: S-1}
    spec:
      routes: {P1: "TEXT"}
      alerts:
        - id: one
          measure: {statistic: mean, dataset: data, columns: ["TEXT"], where: {"TEXT": ["TEXT"]}, window: 1h}
          by: {c: ["TEXT"]}
          warn_if: "> 0"
          severity: P1
          action: "TEXT"
    """
DRIFT = """
    apiVersion: cvnpolicy/v1
    kind: DriftPolicy
    metadata: {name: d, title: D, owner: "@me", story: S-1}
    spec:
      checks:
        - id: one
          measure: {statistic: missing, dataset: data, columns: ["TEXT"], window: 1h}
          warn_if: "> 0"
          action: "TEXT"
    """


def hostile(root: Path) -> PolicySet:
    return loaded(root, EVENTS, *(document.replace("TEXT", HOSTILE) for document in (METRICS, ALERTS, DRIFT)))


def test_hostile_policies_stay_in_their_cells(tmp_path: Path) -> None:
    facts = {"title": HOSTILE, "skips": {"drift": HOSTILE}, "dashboards": {"x": "https://g.example/d/"}}
    text = render("S-1", Story.model_validate(facts), hostile(tmp_path), spec())
    assert all(sign.isprintable() or sign == "\n" for sign in text)
    assert not any(line.lstrip(" |-").startswith("::") for line in text.split("\n"))
    read = page(text, "ready.md")
    assert [heading.level for heading in read.headings] == [1, *[2] * 7]
    assert read.headings[0].text == f"MLOps readiness — S-1 — {SHOWN}"
    tables = [block for block in read.blocks if isinstance(block, Table)]
    assert [len(table.rows) for table in tables] == [2, 1, 1, 0, 0]
    metrics, alerts, drifts, *_ = tables
    assert [row.cells[6].text for row in metrics.rows] == ["@me", "@me"]
    assert [cell.text for cell in alerts.rows[0].cells[3:]] == ["P1", SHOWN]
    assert drifts.rows[0].cells[4].text == f"{SHOWN}, documentation/runbooks/<slug>.md"
    cells = [cell for table in tables for row in table.rows for cell in row.cells]
    (target,) = {mark.target for cell in cells for mark in cell.links}
    assert target.startswith("https://g.example/d/a%20%7C%20b%20")
    assert [mark for cell in cells for mark in cell.strong] == []
