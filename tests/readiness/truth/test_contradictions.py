"""Single edits of the team's documents: each is found on its line, and nothing else is."""

from __future__ import annotations

import pytest

from cvnpolicy.readiness.truth import Status

READINESS = [
    (19, "KS p < 0.01", "KS p < 0.05"),
    (19, "over 14 days", "over 7 days"),
    (19, "> 3σ", "> 4σ"),
    (19, "days → warn", "days → crit"),
    (20, "> 5 times", "> 10 times"),
    (20, "in 1 h", "in 2 h"),
    (20, "outlier_volume", "outlier_spread"),
    (21, "event=enrichment_config_mismatch", "event=enrichment_config_mismach"),
    (21, "any occurrence", "> 3 occurrences"),
    (21, "→ P1", "→ P2"),
    (22, "variance > 0.05", "variance > 0.10"),
    (30, "`btc_vol_only`", "`btc_vol_onyl`"),
    (34, "Runbook P2", "Runbook P3"),
    (36, "→ P1", "→ P2"),
    (37, "p < 0.01", "p < 0.02"),
    (37, "p < 0.01", "p > 0.01"),
    (37, "over 14 days", "over 30 days"),
    (37, "→ P2", "→ P1"),
    (37, "→ P2", "→ P3"),
    (38, "> 5 times", "≥ 5 times"),
    (38, "/ hour", "/ day"),
    (38, "→ P2", "→ P3"),
    (38, "btc_ohlcv_quality_alert", "btc_ohlcv_qualty_alert"),
    (38, "outlier_returns", "outlier_retuns"),
    (38, "outlier_returns", "outlier_volume"),
    (39, "btc_full_purge0", "btc_full_purge5"),
    (45, "weekly", "daily"),
    (45, "KS p < 0.01", "KS p < 0.001"),
    (45, "over 14 days", "over 21 days"),
    (45, "champion_btc_blind", "champion_btc_bind"),
    (45, "champion_btc_blind", "champion_eth_full"),
    (46, "> 3σ", "> 2σ"),
    (47, "5σ returns", "4σ returns"),
    (47, "80% volume", "70% volume"),
    (47, "wick-to-body > 5", "wick-to-body > 6"),
    (48, "> 0.05", "> 0.5"),
    (50, "PSI > 0.2", "PSI > 0.25"),
    (56, "= 150 rows", "= 125 rows"),
    (56, "+0.020", "+0.030"),
    (57, "≥ 50", "≥ 40"),
    (58, "baseline - 0.01", "baseline - 0.02"),
    (71, "> 0.02", "> 0.05"),
    (71, "over 7 d", "over 14 d"),
    (72, "> 5% NaN", "> 10% NaN"),
    (74, "> 3σ", "> 5σ"),
]
RUNBOOK = [
    (3, ": P2", ": P3"),
    (13, "p < 0.01", "p < 0.05"),
    (13, "14 days", "7 days"),
    (29, "champion_btc_blind", "champion_btc_blnd"),
    (33, "> 3σ", "> 2σ"),
    (33, "> 14 days", "> 10 days"),
    (35, "> 3σ", "> 4σ"),
    (37, "> 3σ", "> 2σ"),
    (46, "btc_ohlcv_quality_alert", "btc_ohlcv_qualiy_alert"),
    (48, "> 5 times", "> 3 times"),
    (48, "in 1 hour", "in 6 hours"),
    (52, "> 5σ", "> 6σ"),
    (53, "> 80%", "> 90%"),
    (54, "> 5×", "> 10×"),
    (59, "> 1 hour", "> 2 hours"),
    (62, "P1", "P3"),
    (92, "> 0.01", "> 0.05"),
    (102, "(P1)", "(P2)"),
    (106, "p < 0.01", "p < 0.02"),
    (106, "over 14d", "over 7d"),
    (106, "> 3σ", "> 5σ"),
]
STORY_17 = [
    (19, "> 1 %", "> 2 %"),
    (19, "→ P3", "→ P2"),
    (20, "< 0.01", "< 0.001"),
    (21, "< 50", "< 100"),
    (21, "> 2×", "> 3×"),
    (22, "< 95 %", "< 90 %"),
    (23, "14 days", "21 days"),
    (37, "over 6 h", "over 12 h"),
    (37, "> 10 occ", "> 20 occ"),
    (37, "| P2 |", "| P1 |"),
    (39, "7 days after", "10 days after"),
    (39, "d+14", "d+10"),
    (71, "≥ 0.40", "≥ 0.45"),
    (71, "< 0.30", "< 0.20"),
    (88, "within 1h", "within 2h"),
    (88, "within 24h", "within 48h"),
]
EDITS = [
    *(("readiness_CVN-N001-EE-S04.md", *edit) for edit in READINESS),
    *(("runbook_btc_features_drift.md", *edit) for edit in RUNBOOK),
    *(("readiness_CVN-N001-EE-S17.md", *edit) for edit in STORY_17),
]


@pytest.mark.parametrize(("name", "line", "old", "new"), EDITS)
def test_an_edit_is_found_on_its_line(name, line, old, new, documents, compared):
    lines = (documents / name).read_text("utf-8").split("\n")
    assert old in lines[line - 1], "the document has changed"
    lines[line - 1] = lines[line - 1].replace(old, new, 1)
    found = [figure for figure in compared("\n".join(lines)) if figure.status is Status.CONTRADICTS]
    assert {figure.line for figure in found} == {line}, found
    for figure in found:
        assert figure.where is not None
        assert f"{figure.where.file}:{figure.where.line}" in figure.message
        assert figure.text in figure.message


def test_a_contradiction_names_both_sides(documents, compared):
    text = (documents / "readiness_CVN-N001-EE-S04.md").read_text("utf-8")
    found = compared(text.replace("KS test p < 0.01", "KS test p < 0.02"))
    (message,) = [figure.message for figure in found if figure.status is Status.CONTRADICTS]
    assert message == (
        "says '< 0.02' ('KS test p < 0.02 on any BTC feature over 14 days'), "
        "policies/drift/btc_features.yaml:25 (btc-features-drift/ks-per-feature) says warn_if < 0.01"
    )
