"""Whatever the Markdown: every rule has an answer, and every line is one of the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuzz.readiness import check, seeds

LINES = st.sampled_from(
    [
        "# MLOps readiness — CVN-N001-EE-S04 — x",
        "## 1. Production monitoring",
        "## 2. Alerting",
        "## 3. Drift",
        "## 4. Staged rollout",
        "## 5. Rollback",
        "## 6. Owner",
        "## Sign-off checklist",
        "Setext\n---",
        "**Story** : wp#43 #TBD",
        "**Reviewed by committee** :",
        "- v1 session `62d756a9` — OK",
        "  - nested `x` <handle>",
        "- [x] §1 done",
        "- [ ] Dependency declarations: no new imports",
        "| Alert | Trigger | Runbook | Severity | Channel |",
        "| Stage | Duration |",
        "|---|---|",
        "|---|---|---|---|---|",
        "| Shadow | ≥ 7 d |",
        "| `a\\|b` | same | same runbook | P1 / P2 / P3 | Slack |",
        "**SKIP — JUSTIFICATION**: reason",
        "`**SKIP — JUSTIFICATION**: <why>`",
        "<!-- comment",
        "-->",
        "```",
        "event=btc_features_applied KS p < 0.01 over 14 days → P2",
        "[link](../runbooks/x.md#anchor)",
        "e.g. `BTCUSDC` (e.g.",
        "",
        "    indented",
        "> quoted",
        "1. first",
    ]
)


@given(st.lists(LINES | st.text(max_size=40), max_size=40))
def test_any_lines(lines: list[str]) -> None:
    check("\n".join(lines))


@given(st.text(max_size=400))
def test_any_text(text: str) -> None:
    check(text)


@pytest.mark.parametrize("seed", sorted(seeds()), ids=lambda seed: str(len(seed)))
def test_the_seeds(seed: bytes) -> None:
    check(seed.decode("utf-8", "replace"))
