"""The team's documents and our own words for them: what is bound, and that nothing contradicts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cvnpolicy.markdown.blocks import page
from cvnpolicy.readiness.truth import Figure, Status, figures

_DOCUMENTATION = Path(__file__).resolve().parents[3] / "examples/cvntrade/documentation"
OURS = sorted(path.relative_to(_DOCUMENTATION).as_posix() for path in _DOCUMENTATION.glob("**/*.md"))


def of_sections(text, numbers, knowledge):
    whole = page(text, "text.md")
    wanted = {index for index, heading in enumerate(whole.headings) if heading.number in numbers}
    return figures(whole, knowledge, wanted.__contains__)


def contradictions(found):
    return [figure for figure in found if figure.status is Status.CONTRADICTS]


@pytest.mark.parametrize(
    "name",
    [
        "readiness_CVN-N001-EE-S04.md",
        "readiness_CVN-N001-EE-S17.md",
        "runbook_btc_features_drift.md",
        "incident_runbook.md",
        "mlops_readiness_template.md",
    ],
)
def test_no_document_of_the_team_contradicts_the_policies(name, documents, compared):
    assert contradictions(compared((documents / name).read_text("utf-8"))) == []


@pytest.mark.parametrize("name", OURS)
def test_none_of_our_documents_contradicts_the_policies(name, repository, compared):
    text = (repository / "examples/cvntrade/documentation" / name).read_text("utf-8")
    assert contradictions(compared(text)) == []


def test_nearly_all_figures_of_alerts_and_drift_are_bound(documents, knowledge):
    text = (documents / "readiness_CVN-N001-EE-S04.md").read_text("utf-8")
    found = of_sections(text, {"2", "3"}, knowledge)
    unbound = [(figure.line, figure.text) for figure in found if figure.status is Status.UNBOUND]
    # No policy has a leakage test yet; how the correlation is averaged is no window of a check; reviews are of people.
    assert unbound == [(39, "< 0.05"), (46, "rolling 30d"), (46, "quarterly")]
    assert len(unbound) <= 0.12 * len(found)


# (line, figure): the check that states the same
TRUE: dict[tuple[int, str], str] = {
    (19, "< 0.01"): "btc-features-drift/ks-per-feature",
    (19, "over 14 days"): "btc-features-drift/ks-per-feature",
    (19, "> 3σ"): "btc-features-drift/shift-3-sigma",
    (20, "> 5 times"): "btc-alerts/feed-outlier-returns",
    (21, "any occurrence"): "btc-alerts/enrichment-config-mismatch",
    (21, "P1"): "btc-alerts/enrichment-config-mismatch",
    (22, "> 0.05"): "track1-sweep/fold-variance",
    (34, "P2"): "btc-features-drift/ks-per-feature",
    (36, "P1"): "btc-alerts/enrichment-config-mismatch",
    (37, "P2"): "btc-features-drift/ks-per-feature",
    (38, "> 5 times"): "btc-alerts/feed-outlier-returns",
    (38, "/ hour"): "btc-alerts/feed-outlier-returns",
    (38, "P2"): "btc-alerts/feed-outlier-returns",
    (45, "weekly"): "btc-features-drift/ks-per-feature",
    (45, "champion_btc_blind"): "btc-features-drift/ks-per-feature",
    (46, "> 3σ"): "btc-features-drift/correlation-shift",
    (47, "5σ"): "btc-feed/return-outlier",
    (47, "80%"): "btc-feed/volume-drop",
    (47, "> 5"): "btc-feed/wick-to-body",
    (48, "> 0.05"): "track1-sweep/fold-variance",
    (50, "> 0.2"): "track1-sweep/class-distribution",
    (56, "= 150"): "track1-sweep/rows",
    (56, "≥ +0.020"): "track1-sweep/uplift",
    (57, "≥ 50"): "track1-sweep/preflight-buys",
    (58, "≥ baseline - 0.01"): "track1-sweep/fallback-dry-run",
    (71, "> 0.02"): "live-trading/f1-regression",
    (71, "over 7 d"): "live-trading/f1-regression",
    (72, "> 5%"): "btc-feed/closes-missing",
    (74, "> 3σ"): "btc-features-drift/correlation-shift",
}


def test_each_figure_is_bound_to_the_check_that_is_meant(documents, compared):
    found: dict[tuple[int, str], Figure] = {
        (figure.line, figure.text): figure
        for figure in compared((documents / "readiness_CVN-N001-EE-S04.md").read_text("utf-8"))
    }
    assert {place: found[place].check for place in TRUE} == TRUE


def test_a_gate_of_live_trading_is_not_taken_for_one_of_the_sweep(documents, compared):
    text = (documents / "readiness_CVN-N001-EE-S04.md").read_text("utf-8")
    found = [figure for figure in compared(text) if figure.line == 59 and figure.text.startswith("≥")]
    assert [figure.status for figure in found] == [Status.UNBOUND]


def test_counts_and_shares_of_a_known_whole_are_the_same(documents, compared):
    text = (documents / "readiness_CVN-N001-EE-S17.md").read_text("utf-8")
    found = {(figure.line, figure.text): figure.says for figure in compared(text)}
    # 432 of 455 keys are less than 95 %.
    assert found[22, "< 95 %"] == "crit_if <= 432"
    assert found[22, "< 100 %"] == "warn_if < 455"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("0.01", "0.010"),
        ("14 days", "14 d"),
        ("14 days", "336 h"),
        ("14 days", "two weeks"),
        ("1 h ", "60 min "),
        ("≥", ">="),
        ("> 5 times / hour", "≥ 6 times an hour"),
        ("3σ", "3 sigma"),
        ("80%", "80 %"),
        ("PSI > 0.2", "PSI > 0,20"),
        ("PSI > 0.2", "PSI above 0.2"),
        ("f1_buy ≥ baseline - 0.01", "f1_buy ≥ baseline - 1pp"),
        (" ", "\u00a0"),
        ("weekly window", "once a week"),
        ("any occurrence", "every occurrence"),
        ("\n", "\r\n"),
    ],
)
def test_another_spelling_changes_nothing(old, new, documents, compared):
    text = (documents / "readiness_CVN-N001-EE-S04.md").read_text("utf-8")
    # Marks of the Markdown itself keep their spaces.
    other = re.sub(r"(?<=[\w<>]) (?=[\w<>])", new, text) if old == " " else text.replace(old, new)
    assert other != text
    before = [(figure.line, figure.kind, figure.status) for figure in compared(text)]
    assert [(figure.line, figure.kind, figure.status) for figure in compared(other)] == before
