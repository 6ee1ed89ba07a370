"""An item of the documents that is broken, or mended, moves the rules that docs/traceability.yaml names for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import pytest

from cvnpolicy.core.finding import Outcome
from cvnpolicy.core.kind import PolicySet
from cvnpolicy.load.policies import load_policies
from cvnpolicy.load.project import load as load_project
from cvnpolicy.markdown.blocks import page
from cvnpolicy.readiness.answer import Verdict
from cvnpolicy.readiness.links import pointers, trouble
from cvnpolicy.readiness.named import alerts_of
from cvnpolicy.readiness.select import RUNBOOK as IN_RUNBOOKS
from cvnpolicy.readiness.truth import Knowledge, Status, figures, learn
from tests.readiness.mutations import DOCUMENTS, MUTATIONS, RUNBOOK_MUTATIONS
from tests.support.readiness import ROOT, beside, judge, judged, spec
from tools.reference.traceability import items, load

EXAMPLE = ROOT / "examples" / "cvntrade"
ITEMS = items(load())

S04 = "documentation/stories/CVN-N001-EE-S04/mlops_readiness.md"
S17 = "documentation/stories/CVN-N001-EE-S17/mlops_readiness.md"
BTC = "documentation/runbooks/runbook_btc_features_drift.md"
GLASS = "documentation/runbooks/break-glass-hyperparams.md"
INCIDENTS = "documentation/runbooks/incident_runbook.md"
PASSING = "passing.md"
BOOK = "documentation/runbooks/model_quality.md"
FILED = {PASSING: "documentation/stories/CVN-N002-EE-S21/mlops_readiness.md"}
"""Where a file would lie in a repository, if elsewhere."""

Case = tuple[str, str, str, str, str]
"""An item, a file, what stands in it, what shall stand there, and the rules, with spaces between."""


def home(file: str) -> Path:
    return EXAMPLE if (EXAMPLE / file).is_file() else DOCUMENTS


@cache
def text_of(file: str) -> str:
    return (home(file) / file).read_text(encoding="utf-8")


def part(file: str, start: str, end: str) -> str:
    """Return what stands in a file from one text up to another."""
    text = text_of(file)
    first = text.index(start)
    return text[first : text.index(end, first)]


PATH = "`documentation/runbooks/model_quality.md#symptom-spread_gate_shut`"
S17_MARKER = """\
**SKIP — JUSTIFICATION** :
  what serves as the runbook is the seeding script, with `--dry-run` to diagnose. More detail, such as who has write
  rights and what to do while PG is down, comes in a separate runbook: a P3 follow-up."""
S04_SESSIONS = """\
- Session `62d756a9` on v1: REJECTED / EXECUTION_RISK, for 2 blockers in the architecture
- Session `6519ed97` on v2: PASSED / EXECUTION_RISK; a strong consensus, blockers 0, forward-looking recos 7"""
S04_HEALTH = """\
`event=enrichment_config_mismatch`, the fail-fast contract of ADR-25, and
  `event=btc_ohlcv_quality_alert`"""
S04_PREDICTION = """\
the distribution of `signals.buy_proba` (existing); `event=btc_features_applied` is new and
  tags"""
S17_OUTCOME = """\
`f1_buy_val` by fold, variant and crypto, existing in PG (`finetune_results`) and in Loki
  (`event=training_complete`)."""
S17_ALERT = """\
CRIT by committee reco #1: `audit_console_coverage` finds < 95 % of the keys seeded | same runbook | P1: page on-call, \
since FTF will fail-fast on a missing key in the next training"""
DATA_DRIFT = """\
| Data drift | PSI of the 20 strongest features, logged as `event=feature_psi_computed` | rolling 7 d \
| warn: PSI > 0.2; crit: PSI > 0.5 |"""
SESSIONS = """\
:

- plan_review, round 1: session `3f9a1c07`, OK-WITH-CHANGES (two limits were vague)
- plan_review, round 2: session `b81e44d2`, OK
"""

BROKEN: Sequence[Case] = (
    # The runbook of the BTC features
    ("RBF-07", BOOK, "## Symptom: inference_failures_high", "## Step 2", "R9.1"),
    ("RBF-07", BTC, part(BTC, "## 4. Symptom", "## 5."), "", "R9.8"),
    ("RBF-11", BOOK, '`{job="cvn-inference"} |= "level=error"`', "the errors of the pods", "R9.6"),
    ("RBF-33", BOOK, '**Log query** (Loki): `{job="cvn-inference"} |= "level=error"`\n', "", "R9.6"),
    # S04
    ("S04-01", S04, "**Story** : CVN-N001-EE-S04", "**Story** : CVN-N001-EE-S05", "R0.2"),
    ("S04-01", S04, "GH issue #715, wp#43", "GH issue #715", "R0.3"),
    ("S04-01", S04, "`@dococeven` (DRI: answers", "`<handle>` (DRI: answers", "R0.4"),
    ("S04-01", S04, "**Filled on** : 2026-04-30", "**Filled on** : spring", "R0.5"),
    ("S04-18", S04, S04_PREDICTION, "what is predicted (existing); an event, new,\n  tags", "R1.7"),
    ("S04-19", S04, "outcome metric : `f1_buy` per", "outcome metric : a score per", "R1.8"),
    ("S04-20", S04, S04_HEALTH, "the fail-fast contract of ADR-25", "R1.9"),
    ("S04-22", S04, "Runbook P2 : `runbook_btc_features_drift.md`", "Runbook P2 : `runbook_btc.md`", "R2.6"),
    ("S04-22", BTC, part(BTC, "## 4. Symptom", "## 5."), "", "R9.8"),
    ("S04-66", S04, "- DRI : `@dococeven`, the owner", "- DRI : `@cvntrade-ops`", "R6.1"),
    ("S04-67", S04, "- Backup : `@cvntrade-ml`", "- Backup : whoever is there", "R6.3"),
    ("S04-68", BOOK, "`@mlops-anna` when nothing has helped for 30 minutes, and to the on-call architect", "somebody",
     "R9.4"),
    ("S04-76", S04, "## 3. Drift detection (MUST)", "## More", "R0.9"),
    ("S04-77", S04, S04_SESSIONS, "- v1 and v2, twice", "R0.6"),
    ("S04-78", S04, "Runbook P2 : `runbook_btc_features_drift.md`.",
     "Runbook P2 : `runbook_btc_features_drift.md`, to be written.", "R2.6"),
    ("S04-82", S04, "`pr_review` by the Expert Committee PASSED", "The Expert Committee PASSED", "R7.10"),
    # S17
    ("S17-02", PASSING, "GitHub issue #842", "`Closes #NNN`", "R0.3 R0.8"),
    ("S17-02", PASSING, "(wp#318), GitHub", "(OP wp#NNN), GitHub", "R0.3 R0.8"),
    ("S17-03", S17, "**Owner** : `@dococeven`", "**Owner** : the operator", "R0.4"),
    ("S17-03", S17, "**Filled on** : 2026-05-11", "**Filled on** : 2026-05-41", "R0.5"),
    ("S17-04", S17, "session `ea2e71ff`, PASSED / OK.", "PASSED / OK.", "R0.6"),
    ("S17-04", S17, "session `ea2e71ff`, PASSED / OK.", "session `ea2e71ff`, not yet.", "R0.7"),
    ("S17-29", S17, "the existing `signals.buy_proba`, unchanged", "the existing one, unchanged", "R1.7"),
    ("S17-30", S17, S17_OUTCOME, "a score.", "R1.8"),
    ("S17-31", S17, "the rate of `event=hpo_fallback_applied`. It", "the rate of fallbacks. It", "R1.9"),
    ("S17-37", S17, "P1: page on-call, since FTF", "P2: FTF", "R2.2"),
    ("S17-38", S17, S17_MARKER, "It follows.", "R2.6"),
    ("S17-39", S17, S17_MARKER, "**SKIP — JUSTIFICATION** :", "R2.6 R10.1"),
    ("S17-41", S17, "no model, feature or label changes", "two features change", "R3.2 R3.3"),
    ("S17-66", S17, "**SKIP — JUSTIFICATION** : a\n  refactor, and parity tests guarantee it.", "", "R4.3"),
    ("S17-77", GLASS, "\n**Escalation.** `@dococeven`.\n", "\n", "R9.4"),
    ("S17-84", S17, "- DRI : `@dococeven`, a single human", "- DRI : `@cvntrade-ops`, a team", "R6.1"),
    ("S17-86", S17, "`@dococeven` may flip Console keys", "the committee may flip Console keys", "R6.7"),
    ("S17-118", S17, "- [ ] §1 monitoring :", "- [ ] Monitoring :", "R7.2"),
    ("S17-119", S17, "- [ ] §2 alerting :", "- [ ] Alerting :", "R7.3"),
    ("S17-119", S17, "P1: page on-call, since FTF", "P2: FTF", "R2.2"),
    ("S17-119", S17, S17_MARKER, "It follows.", "R2.6"),
    ("S17-120", S17, "- [ ] §3 drift :", "- [ ] Drift :", "R7.4"),
    ("S17-121", S17, "- [ ] §4 rollout :", "- [ ] Rollout :", "R7.5"),
    ("S17-121", S17, "**SKIP — JUSTIFICATION** : a\n  refactor, and parity tests guarantee it.", "", "R4.3"),
    ("S17-122", S17, "- [ ] §5 rollback :", "- [ ] Rollback :", "R7.6"),
    ("S17-123", S17, "- [ ] §6 DRI :", "- [ ] DRI :", "R7.7"),
    ("S17-123", S17, "- DRI : `@dococeven`, a single human", "- DRI : `@dococeven` or `@cvn-mirela`", "R6.1"),
    ("S17-125", S17, "Committee `pr_review` PASSED", "Committee PASSED", "R7.10"),
    # The template
    ("TPL-01", PASSING, " — Spread gate for buy signals", "", "R0.1"),
    ("TPL-01", PASSING, "**Story**: CVN-N002-EE-S21", "**Story**: the one above", "R0.2"),
    ("TPL-01", PASSING, "GitHub issue #842", "GitHub", "R0.3"),
    ("TPL-01", PASSING, "**Owner**: `@dococeven`", "**Owner**: the desk", "R0.4"),
    ("TPL-01", PASSING, "2026-06-12", "12 June", "R0.5"),
    ("TPL-02", PASSING, "`b81e44d2`, OK", "`b81e44d2`, REJECTED", "R0.7"),
    ("TPL-02", PASSING, SESSIONS, ": OK\n", "R0.6"),
    ("TPL-03", PASSING, "| Type | Source | Dashboard |", "| Kind | Source | Dashboard |", "R1.1"),
    ("TPL-03", PASSING, "| Dashboard | Threshold (warn / crit) | Owner |", "| Dashboard | Limits | Owner |", "R1.1"),
    ("TPL-04", PASSING, "| counter | Prometheus | [Grafana, fleet]", "| sum | Prometheus | [Grafana, fleet]", "R1.2"),
    ("TPL-05", PASSING, "- prediction-rate metric: `signals_buy_rate`, counted for each symbol\n", "", "R1.7"),
    ("TPL-05", PASSING, "- prediction-rate metric: `signals_buy_rate`", "- prediction-rate metric: `buys`", "R1.11"),
    ("TPL-06", PASSING, "- outcome metric: `expectancy_net_live`, taken from settled trades\n", "", "R1.8 R1.12"),
    ("TPL-06", PASSING, "- outcome metric: `expectancy_net_live`", "- outcome metric: `pnl_per_trade`", "R1.11"),
    ("TPL-07", PASSING, "- health metric: `inference_failures_total`, summed over all pods\n", "", "R1.9"),
    ("TPL-07", PASSING, "- health metric: `inference_failures_total`", "- health metric: `latency_p99`", "R1.11"),
    ("TPL-12", PASSING, ", the pass rate of the gate", "", "R1.14"),
    ("TPL-13", PASSING, "`training_cost_usd`", "`training_hours`", "R1.15"),
    ("TPL-14", PASSING, "`spread_gate_open_ratio`, the pass rate", "`spread_gate_open_ratio` (existing), the pass rate",
     "R1.13"),
    ("TPL-15", PASSING, "| Severity | Notification channel |", "| Severity | Who |", "R2.1"),
    ("TPL-15", PASSING, "| Alert | Trigger |", "| Alert | Cause |", "R2.1"),
    ("TPL-16", PASSING, "| P3 | email", "| low | email", "R2.9"),
    ("TPL-16", PASSING, "email to the desk", "a letter to the desk", "R2.10"),
    ("TPL-16", PASSING, "`spread_gate_open_ratio < 0.05` for 2 h", "`spread_gate_open_ratio` falls", "R2.11"),
    ("TPL-17", PASSING, "| P1 | Pagerduty", "| P2 | Pagerduty", "R2.2 R2.3 R2.12"),
    ("TPL-17", PASSING, "| P1 | Pagerduty", "| P1 | email", "R2.12"),
    ("TPL-19", PASSING, PATH, "somewhere", "R2.4"),
    ("TPL-19", PASSING, PATH, "`elsewhere.md#symptom-spread_gate_shut`", "R2.5"),
    ("TPL-19", PASSING, PATH, "`documentation/runbooks/spread.md`", "R2.6 R2.7"),
    ("TPL-19", PASSING, PATH, "`documentation/runbooks/no_escalation.md`", "R2.7"),
    ("TPL-20", PASSING, PATH, "`documentation/runbooks/no_links.md`", "R2.8"),
    ("TPL-20", BOOK, "[Grafana, model quality](https://grafana.example.com/d/model-quality)", "model quality", "R9.5"),
    ("TPL-20", BOOK, '`{job="cvn-inference"} |= "level=error"`', "see the logs", "R9.6"),
    ("TPL-21", PASSING, "Limits are reviewed once a quarter.", "**SKIP — JUSTIFICATION**: <why>", "R10.1"),
    ("TPL-21", PASSING, "Limits are reviewed once a quarter.", "Paging is deferred.", "R10.2"),
    ("TPL-26", PASSING, DATA_DRIFT, "| Clocks | the slowest pods, `event=late` | 1 h | warn: 1 s; crit: 2 s |", "R3.2"),
    ("TPL-26", PASSING, "| Concept drift | live f1_buy compared with training f1_buy", "| Clocks | offsets", "R3.3"),
    ("TPL-29", PASSING, "Nothing is retrained until", "Data drift: N/A, a refactor. Nothing happens until", "R3.7"),
    ("TPL-42", PASSING, "| ≥ 7 d |", "| 2 d |", "R4.3"),
    ("TPL-42", PASSING, "| ≥ 7 d |", "| 2 d, **SKIP — JUSTIFICATION**: an obvious win |", "R4.4"),
    ("TPL-53", PASSING, "`factor_spread_gate=0.0` in `ftf_config.base_env`", "in the Console", "R5.7"),
    ("TPL-55", PASSING, "- DRI: `@dococeven`", "- DRI: `@cvntrade-ops`", "R6.1 R6.2"),
    ("TPL-56", PASSING, "`@mlops-anna`, who runs", "Anna, who runs", "R6.3 R6.6"),
    ("TPL-56", PASSING, "`@mlops-anna`, who runs", "`@dococeven`, who runs", "R6.4"),
    ("TPL-56", PASSING, "who runs the handoff drill with the owner every quarter", "in an emergency", "R6.5"),
    ("TPL-57", PASSING, "`@dococeven` may flip the flag alone", "the committee", "R6.7"),
    ("TPL-58", PASSING, "2026-10-11, which is", "some day, which is", "R6.8 R6.9"),
    ("TPL-58", PASSING, "2026-10-11, which is", "2026-10-31, which is", "R6.9"),
    ("TPL-59", PASSING, "- Decision authority", "- New DRI: `@mlops-anna`\n- Decision authority", "R6.10"),
    ("TPL-60", PASSING, "- [x] §1 monitoring:", "- [x] Monitoring:", "R7.2"),
    ("TPL-60", PASSING, "✅ LIVE | `signals_buy_rate`", "⏸️ PLANNED | `signals_buy_rate`", "R1.11"),
    ("TPL-61", PASSING, "- [x] §2 alerting:", "- [x] Alerting:", "R7.3"),
    ("TPL-61", PASSING, "| P1 | Pagerduty", "| P2 | Pagerduty", "R2.2"),
    ("TPL-62", PASSING, "- [x] §3 drift:", "- [x] Drift:", "R7.4"),
    ("TPL-62", PASSING, "logged as `event=f1_gap_computed`", "by hand", "R3.4"),
    ("TPL-63", PASSING, "- [x] §4 rollout:", "- [x] Rollout:", "R7.5"),
    ("TPL-63", PASSING, "| Full | 100 %", "| Rest | 100 %", "R4.2"),
    ("TPL-63", PASSING, "Sortino ≥ baseline", "a review", "R4.7"),
    ("TPL-63", PASSING, "`ETHUSDC`, chosen because its spread is the steadiest of the five", "picked later", "R4.11"),
    ("TPL-64", PASSING, "- [x] §5 rollback:", "- [x] Rollback:", "R7.6"),
    ("TPL-64", PASSING, "| Mechanism | Description | Revert SLA |", "| Symptom | Action | Time |", "R5.1"),
    ("TPL-64", PASSING, "was exercised in shadow on 2026-06-09", "will be exercised in shadow", "R5.6"),
    ("TPL-65", PASSING, "- [x] §6 owner:", "- [x] Owner:", "R7.7"),
    ("TPL-65", PASSING, "- DRI: `@dococeven`", "- DRI: `@dococeven` and `@mlops-anna`", "R6.1"),
    ("TPL-65", PASSING, "2026-10-11, which is 90 days after full rollout", "open", "R6.8 R6.9"),
    ("TPL-69", PASSING, "`pr_review`", "`plan_review`", "R7.10 R7.11"),
    ("TPL-69", PASSING, "`c05f7a19`, verdict OK", "`c05f7a19`, verdict open", "R7.11"),
    ("TPL-70", PASSING, "- [x] Story OP comment links session `c05f7a19`\n", "", "R7.12"),
)  # fmt: skip
"""The file satisfies the rules; the edit breaks the item."""

MENDED: Sequence[Case] = (
    ("S04-03", S04, "PASSED / EXECUTION_RISK; a strong", "OK-WITH-CHANGES; a strong", "R0.7"),
    ("S04-19", S04, "outcome metric : `f1_buy` per fold", "outcome metric : `expectancy_net_live` by day", "R1.12"),
    ("S04-22", S04, "Runbook P2 : `runbook_btc", "Runbook P2 : `documentation/runbooks/runbook_btc", "R2.5"),
    ("S04-65", S04, "The way back is symmetric:", "Alias `champion -> champion_btc_blind`: it is symmetric.", "R5.7"),
    ("S04-67", S04, "- Backup : `@cvntrade-ml`", "- Backup : `@cvn-mirela`, in a handoff drill each quarter", "R6.5"),
    ("S04-69", S04, "- Escalation :", "- Decision authority : `@dococeven`\n- Escalation :", "R6.7"),
    ("S04-69", S04, "- Escalation :", "- Sunset date : 2026-10-11\n- Escalation :", "R6.8"),
    ("S04-76", S04, "- [ ]", "- [x]", "R7.13"),
    ("S04-77", S04, "- [ ]", "- [x]", "R7.13"),
    ("S04-82", S04, "Committee PASSED : on", "Committee, session `a40c7d15`, OK : on", "R7.11"),
    ("S04-83", S04, "- [ ] §1-§6 all", "- [ ] Dependency declarations : no new imports\n- [ ] §1-§6 all", "R7.8"),
    ("S17-01", S17, "**Story** : CVN-N001-EE-S17. The", "**Story** : CVN-N001-EE-S17 (wp#153), issue #90. The", "R0.3"),
    ("S17-30", S17, "outcome metric : `f1_buy_val` by", "outcome metric : `expectancy_net_live`, not by", "R1.12"),
    ("S17-37", S17, S17_ALERT, "`expectancy_net < 0` for 24 h | same runbook | P1: page on-call", "R2.3"),
    ("S17-66", S17, "**SKIP — JUSTIFICATION** : a\n  refactor, and",
     "**SKIP — JUSTIFICATION** : calibration-only, shadow=2d because\n", "R4.4"),
    ("S17-82", S17, "it is `cvntradeImageTag=<pre-S17 main SHA>`", "it is `cvntradeImageTag=3f1c9a2`", "R5.7"),
    ("S17-85", S17, "- Backup DRI : `@dococeven`", "- Backup DRI : `@cvn-mirela`", "R6.4"),
    ("S17-87", S17, "- Sunset milestone :", "- Sunset date : 2026-08-10, when", "R6.8"),
    ("S17-118", S17, "- [ ]", "- [x]", "R7.13"),
    ("S17-123", S17, "- Sunset milestone :", "- Sunset date : 2026-08-10, when", "R6.8"),
    ("S17-125", S17, "Committee `pr_review` PASSED", "Committee `pr_review`, session `a40c7d15`, OK", "R7.11"),
    ("S17-126", S17, "#TBD (PR review)", "#140 (PR review)", "R7.12"),
)  # fmt: skip
"""The file does not satisfy the rules; the edit mends the item."""

FAILING: Sequence[tuple[str, str, str, str]] = (
    ("S04-18", S04, "R1.11", "prediction-rate metric"),
    ("S17-29", S17, "R1.11", "prediction-rate metric"),
    ("S17-122", S17, "R5.3", "Merge commit, to revert (primary)"),
    ("S17-120", S17, "R7.14", "- [ ] §5 rollback :"),
    ("S17-122", S17, "R7.14", "- [ ] §5 rollback :"),
    ("S17-77", GLASS, "R9.2", "## Before"),
    ("S17-77", GLASS, "R9.3", "## Before"),
)
"""An item, a file, a rule that it does not satisfy, and what stands on the line that the rule names."""

CONTRADICTIONS: Sequence[tuple[str, str, str, str]] = (
    ("RBF-11", BTC, '`{event="btc_features_drift_alert"}', '`{event="btc_features_drift_alrt"}'),
    ("RBF-33", BTC, '**Symptom.** `{event="btc_ohlcv_quality', '**Symptom.** `{event="btc_ohlcv_qualty'),
    ("S04-20", S04, "and\n  `event=btc_ohlcv_quality_alert`", "and\n  `event=btc_ohlcv_qualty_alert`"),
    (
        "S17-31",
        S17,
        "health metric : the rate of `event=hpo_fallback_applied`",
        "health metric : the rate of `event=hpo_fallback_aplied`",
    ),
    ("S17-37", S17, "P1: page on-call, since", "P2: since"),
)
"""An item, a file, what stands in it, and what contradicts the policies."""

POINTERS: Sequence[tuple[str, str, str]] = (
    ("RBF-05", BTC, "documentation/stories/CVN-N001-EE-S04/mlops_readiness.md"),
    ("RBF-79", BTC, "documentation/stories/CVN-N001-EE-S04/mlops_readiness.md"),
    ("TPL-19", PASSING, "documentation/runbooks/model_quality.md"),
    ("INC-21", INCIDENTS, "scripts/canary_pipeline.py"),
    ("INC-64", INCIDENTS, "scripts/validate_symbols.py"),
    ("INC-66", INCIDENTS, "scripts/promote_model.py"),
    ("INC-67", INCIDENTS, "scripts/release.sh"),
    ("INC-68", INCIDENTS, "scripts/promote_model.py"),
    ("INC-69", INCIDENTS, "scripts/promote_model.py"),
)
"""An item, a file, and what it points at in the repository."""


def edited(file: str, old: str, new: str, *, every: bool = False) -> str:
    text = text_of(file)
    assert text.count(old) == 1 or (every and old in text), "the edit is not of one place"
    return text.replace(old, new)


@cache
def routed(file: str) -> tuple[str, ...]:
    """Return the alerts that the readiness file beside a runbook routes to it."""
    story = {BTC: S04, BOOK: PASSING}.get(file)
    rows = None if story is None else judge().text(page(text_of(story), story)).table("alerts")
    return () if rows is None else tuple(name for name, _ in alerts_of(rows.rows, "alert"))


@cache
def verdicts(file: str, text: str) -> Mapping[str, Verdict]:
    return judged(text, FILED.get(file, file), beside(home(file)), routed(file))


def failing(file: str, text: str) -> set[str]:
    return {rule for rule, verdict in verdicts(file, text).items() if verdict.outcome is Outcome.FAIL}


@cache
def loaded() -> PolicySet:
    return load_policies(load_project(ROOT / "cvnpolicy.yaml")).policies


@cache
def knowledge() -> Knowledge:
    return learn(loaded(), spec().terms or ())


def contradicting(text: str) -> set[str]:
    found = figures(page(text, "text.md"), knowledge())
    return {figure.message for figure in found if figure.status is Status.CONTRADICTS}


def named(case: tuple[str, ...]) -> str:
    return f"{case[0]}-{case[-1].replace(' ', '-')}" if len(case) == 5 else case[0]


@pytest.mark.parametrize("case", BROKEN, ids=named)
def test_a_broken_item_fails_its_rules(case: Case) -> None:
    _, file, old, new, rules = case
    assert set(rules.split()) & failing(file, text_of(file)) == set()
    assert set(rules.split()) - failing(file, edited(file, old, new)) == set()


@pytest.mark.parametrize("case", MENDED, ids=named)
def test_a_mended_item_satisfies_its_rules(case: Case) -> None:
    _, file, old, new, rules = case
    after = verdicts(file, edited(file, old, new, every=old == "- [ ]"))
    assert set(rules.split()) <= failing(file, text_of(file))
    assert {after[rule].outcome for rule in rules.split()} == {Outcome.PASS}


@pytest.mark.parametrize(("item", "file", "rule", "line"), FAILING)
def test_an_item_that_is_broken_as_it_stands_is_found_on_its_line(item: str, file: str, rule: str, line: str) -> None:
    verdict = verdicts(file, text_of(file))[rule]
    assert verdict.outcome is Outcome.FAIL
    assert line in text_of(file).split("\n")[verdict.answer.line - 1], item


@pytest.mark.parametrize(("item", "file", "old", "new"), CONTRADICTIONS)
def test_an_item_that_says_something_else_contradicts_the_policies(item: str, file: str, old: str, new: str) -> None:
    assert contradicting(text_of(file)) == set(), item
    assert contradicting(edited(file, old, new)) != set(), item


@pytest.mark.parametrize(("item", "file", "target"), POINTERS)
def test_what_an_item_points_at_must_be_there(item: str, file: str, target: str) -> None:
    own = page(text_of(file), file)
    found = [one for one in pointers(own, file, spec().runbook.scripts or ()) if one.path == target]
    assert found, item
    for one in found:
        assert trouble(one, own, {target}.__contains__, lambda _: None) is None
        assert trouble(one, own, set[str]().__contains__, lambda _: None) == "is not there"


def test_a_path_to_code_is_followed_where_it_is_a_link_or_lies_below_the_folders_of_scripts() -> None:
    """RBF-06 is seen as far as that goes."""
    own = page(text_of(BTC), BTC)
    code = {"src/commun/finetune/guardrails.py", "src/commun/pipeline/btc_features.py"}
    assert code <= {one.path for one in pointers(own, BTC, ("src/",))}
    linked = page("[guards](../../src/commun/finetune/guardrails.py)", BTC)
    assert [one.path for one in pointers(linked, BTC, ())] == ["src/commun/finetune/guardrails.py"]


def test_every_item_that_is_asked_of_files_is_tried() -> None:
    tried = {case[0]: set[str]() for case in (*BROKEN, *MENDED, *FAILING)}
    for case in (*BROKEN, *MENDED):
        tried[case[0]] |= set(case[4].split())
    for item, _, rule, _ in FAILING:
        tried[item].add(rule)
    assert set(tried) == {name for name, item in ITEMS.items() if item.asked}
    assert {
        name: rules - set(ITEMS[name].asked) for name, rules in tried.items() if rules - set(ITEMS[name].asked)
    } == {}
    breaks = {rule for one in (*MUTATIONS, *RUNBOOK_MUTATIONS) for rule in one.breaks}
    assert {rule for item in ITEMS.values() for rule in item.asked} <= breaks, "a rule that no edit of a file breaks"


def test_every_item_that_a_readiness_rule_of_cvnpolicy_sees_to_is_tried() -> None:
    by_rule = {
        rule: {name for name, item in ITEMS.items() if item.rule == rule} for rule in ("CVN801", "CVN802", "CVN851")
    }
    assert by_rule == {"CVN801": set(), "CVN802": set(), "CVN851": {case[0] for case in CONTRADICTIONS}}
    followed = {name for name, item in ITEMS.items() if item.rule == "CVN854"}
    assert followed == {case[0] for case in POINTERS} | {"RBF-06"}


def test_what_is_outside_of_the_file_sees_to_nothing() -> None:
    """A rule that no file can answer is no place where an item is enforced."""
    outside = {rule.id for rule in spec().rules if rule.ask.outside is not None}
    assert outside == {"R8.1", "R8.2"}
    assert not outside & {rule for item in ITEMS.values() for rule in item.asked}


def test_rules_of_runbooks_are_asked_for_what_runbooks_say() -> None:
    runbooks = {rule.id for rule in spec().rules if rule.section == IN_RUNBOOKS}
    of_runbooks = {name for name, item in ITEMS.items() if set(item.asked) & runbooks}
    assert {name for name in of_runbooks if name.startswith(("S04", "S17", "TPL"))} == {
        "S04-22", "S04-68", "S17-77", "TPL-20",
    }  # fmt: skip
