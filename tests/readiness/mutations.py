"""Single edits of a readiness file and of a runbook that pass: each breaks one rule, or rules that fall as one.

Besides the rules named in ``breaks`` no rule may fail. A verdict may still move between pass, skipped, not applicable
and inconclusive: a marker in section 4 makes R10.1 applicable, for instance.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

DOCUMENTS = Path(__file__).parent / "documents"
PASSING = DOCUMENTS / "passing.md"
RUNBOOK = DOCUMENTS / "documentation" / "runbooks" / "model_quality.md"


@dataclass(frozen=True)
class Mutation:
    """One edit, and what must be found."""

    name: str
    old: str
    """Stands in the document exactly once."""
    new: str
    breaks: tuple[str, ...]
    """Requirement ids: all that must fail."""
    line: str
    """Stands in the changed document on exactly one line: that of the finding for the first rule in ``breaks``."""


def _part(path: Path, start: str, end: str) -> str:
    """Return what stands in a document from one text up to another."""
    text = path.read_text(encoding="utf-8")
    first = text.index(start)
    return text[first : text.index(end, first)]


_PATH = "documentation/runbooks/model_quality.md"
_SECTION_5 = _part(PASSING, "## 5.", "## 6.")
_SECTION_6 = _part(PASSING, "## 6.", "## Sign-off")
_ALERTS = _part(PASSING, "| Alert |", "\nLimits are")

_HEADER = (
    Mutation("title without words", " — Spread gate for buy signals", "", ("R0.1",), "# MLOps readiness"),
    Mutation(
        "title of another shape", "# MLOps readiness — CVN", "# Readiness file: CVN", ("R0.1",), "# Readiness file"
    ),
    Mutation("title left open", "Spread gate for buy signals", "`<short title>`", ("R0.1",), "# MLOps readiness"),
    Mutation(
        "a second title",
        "links session `c05f7a19`\n",
        "links session `c05f7a19`\n\n# Annex\n\nTwo plots.\n",
        ("R0.1",),
        "# Annex",
    ),
    Mutation(
        "another Story in the field", "**Story**: CVN-N002-EE-S21", "**Story**: CVN-N002-EE-S22", ("R0.2",), "-S22"
    ),
    Mutation("no work package", "(wp#318), GitHub", "at GitHub", ("R0.3",), "**Story**"),
    Mutation("no issue", "GitHub issue #842", "GitHub issue to follow", ("R0.3",), "**Story**"),
    Mutation("a pull request for an issue", "GitHub issue #842", "GitHub PR #842", ("R0.3",), "**Story**"),
    Mutation("issue to be done", "issue #842", "issue #TBD", ("R0.3", "R0.8"), "**Story**"),
    Mutation("work package without number", "wp#318), GitHub", "wp#NNN), GitHub", ("R0.3", "R0.8"), "**Story**"),
    Mutation(
        "two owners",
        "`@dococeven`, who answers",
        "`@dococeven` and `@mlops-anna`, who answer",
        ("R0.4", "R6.2"),
        "**Owner**",
    ),
    Mutation(
        "owner without handle", "`@dococeven`, who answers", "the desk, which answers", ("R0.4", "R6.2"), "**Owner**"
    ),
    Mutation(
        "owner left open", "`@dococeven`, who answers", "`<handle>`, who answers", ("R0.4", "R0.8", "R6.2"), "**Owner**"
    ),
    Mutation("no such day", "2026-06-12", "2026-02-30", ("R0.5",), "**Filled on**"),
    Mutation("no such month", "2026-06-12", "2026-13-12", ("R0.5",), "**Filled on**"),
    Mutation("a month for a day", "2026-06-12", "June 2026", ("R0.5",), "**Filled on**"),
    Mutation("a day left open", "2026-06-12", "YYYY-MM-DD", ("R0.5", "R0.8"), "**Filled on**"),
    Mutation(
        "no session",
        _part(PASSING, ":\n\n- plan_review, round 1", "\n\nThe Story adds"),
        ": asked twice, verdict OK",
        ("R0.6",),
        "**Reviewed by committee**",
    ),
    Mutation("passed is no verdict", "`b81e44d2`, OK", "`b81e44d2`, PASSED", ("R0.7",), "`b81e44d2`"),
    Mutation("rejected at last", "`b81e44d2`, OK", "`b81e44d2`, REJECTED", ("R0.7",), "`b81e44d2`"),
    Mutation("verdict left open", "`b81e44d2`, OK", "`b81e44d2`, OK / OK-WITH-CHANGES", ("R0.7",), "`b81e44d2`"),
    Mutation("to be done in prose", "kept for two years", "kept for two years, see #TBD", ("R0.8",), "#TBD"),
    Mutation("date left open in prose", "in three steps", "in three steps from YYYY-MM-DD on", ("R0.8",), "YYYY-MM-DD"),
    Mutation(
        "number left open in the checklist",
        "links session `c05f7a19`",
        "links session `c05f7a19`, comment #NNN",
        ("R0.8",),
        "#NNN",
    ),
    Mutation("alert name left open", "| `spread_gate_shut` |", "| `<alert_name>` |", ("R0.8",), "`<alert_name>`"),
    Mutation(
        "a section comes twice",
        "## Sign-off checklist",
        "## 3. More on drift\n\nBoth features are young.\n\n## Sign-off checklist",
        ("R0.9",),
        "## 3. More on drift",
    ),
    Mutation(
        "sections change places", _SECTION_5 + _SECTION_6, _SECTION_6 + _SECTION_5, ("R0.9",), "## 6. Owner & DRI"
    ),
)

_MONITORING = (
    Mutation("no source column", "| Source | Dashboard", "| Origin | Dashboard", ("R1.1",), "| Status | Metric"),
    Mutation(
        "no metric type",
        "| gauge | Loki, `event=spread_gate",
        "| ratio | Loki, `event=spread_gate",
        ("R1.2",),
        "| ratio |",
    ),
    Mutation(
        "type left open",
        "| counter | Prometheus | [Grafana, fleet]",
        "| counter / gauge / histogram | Prometheus | [Grafana, fleet]",
        ("R1.2",),
        "counter / gauge / histogram",
    ),
    Mutation(
        "offline",
        "[Grafana, fleet](https://grafana.example.com/d/fleet)",
        "offline, not Grafana: https://files.example.com/bills",
        ("R1.3",),
        "offline, not Grafana",
    ),
    Mutation(
        "another board than Grafana",
        "[Grafana, fleet](https://grafana.example.com/d/fleet)",
        "[Kibana, fleet](https://kibana.example.com/d/fleet)",
        ("R1.3",),
        "Kibana",
    ),
    Mutation(
        "no dashboard",
        "[Grafana, fleet](https://grafana.example.com/d/fleet)",
        "",
        ("R1.3", "R1.4"),
        "`training_cost_usd`",
    ),
    Mutation(
        "a health metric that is offline",
        "[Grafana, serving](https://grafana.example.com/d/serving)",
        "offline, not Grafana: https://files.example.com/failures",
        ("R1.3", "R1.11"),
        "offline, not Grafana",
    ),
    Mutation(
        "panel without address",
        "[Grafana, gate](https://grafana.example.com/d/gate)",
        "Grafana, third panel of the gate board",
        ("R1.4",),
        "third panel",
    ),
    Mutation("a warning only", "warn > 40, crit > 80", "warn > 40", ("R1.5",), "`training_cost_usd`"),
    Mutation("one bare level", "warn < 0.20, crit < 0.05", "< 0.05", ("R1.5",), "[Grafana, gate]"),
    Mutation("levels left open", "warn > 40, crit > 80", "< / >", ("R1.5",), "`training_cost_usd`"),
    Mutation("a role for an owner", "crit > 80 | `@mlops-anna`", "crit > 80 | operator", ("R1.6",), "| operator |"),
    Mutation(
        "prediction rate as an example",
        "prediction-rate metric: `signals_buy_rate`",
        "At least one prediction-rate metric, e.g. `signals_buy_rate`",
        ("R1.7",),
        "- At least one",
    ),
    Mutation(
        "prediction rate without name",
        "prediction-rate metric: `signals_buy_rate`",
        "prediction-rate metric: the share of buys",
        ("R1.7",),
        "- prediction-rate",
    ),
    Mutation(
        "outcome as an example",
        "outcome metric: `expectancy_net_live`",
        "At least one outcome metric, e.g. `expectancy_net_live`",
        ("R1.8", "R1.12"),
        "- At least one",
    ),
    Mutation(
        "outcome without name",
        "outcome metric: `expectancy_net_live`",
        "outcome metric: what is earned",
        ("R1.8", "R1.12"),
        "- outcome",
    ),
    Mutation(
        "health as an example",
        "health metric: `inference_failures_total`",
        "At least one health metric, e.g. `inference_failures_total`",
        ("R1.9",),
        "- At least one",
    ),
    Mutation(
        "health without name",
        "health metric: `inference_failures_total`",
        "health metric: errors",
        ("R1.9",),
        "- health",
    ),
    Mutation(
        "no variant",
        "Each of these metrics is tagged with the FTF variant that served the signal.",
        "The boards refresh every ten seconds.",
        ("R1.10",),
        "## 1. Production",
    ),
    Mutation(
        "prediction rate without row",
        "prediction-rate metric: `signals_buy_rate`",
        "prediction-rate metric: `signals_hold_rate`",
        ("R1.11",),
        "`signals_hold_rate`",
    ),
    Mutation(
        "health without row",
        "health metric: `inference_failures_total`",
        "health metric: `pod_restarts_total`",
        ("R1.11",),
        "`pod_restarts_total`",
    ),
    Mutation(
        "prediction rate planned",
        "✅ LIVE | `signals_buy_rate`",
        "⏸️ PLANNED | `signals_buy_rate`",
        ("R1.11",),
        "PLANNED",
    ),
    Mutation(
        "outcome of training folds",
        "Prometheus, fed from exchange fills",
        "FTF dossier, one score per fold",
        ("R1.12",),
        "per fold",
    ),
    Mutation(
        "outcome of an offline run",
        "Prometheus, fed from exchange fills",
        "offline run over stored candles",
        ("R1.12",),
        "stored candles",
    ),
    Mutation(
        "nothing new",
        "`spread_gate_open_ratio`, the pass rate",
        "`spread_gate_open_ratio` (existing), the pass rate",
        ("R1.13",),
        "## 1. Production",
    ),
    Mutation("no internal metric", ", the pass rate of the gate", "", ("R1.14",), "## 1. Production"),
    Mutation("no cost", "`training_cost_usd`", "`training_hours_total`", ("R1.15",), "## 1. Production"),
)

_ALERTING = (
    Mutation("no alert column", "| Alert | Trigger", "| Name | Trigger", ("R2.1",), "| Name | Trigger"),
    Mutation(
        "bullets for a table",
        _ALERTS,
        "- Alerts:\n"
        f"  - `live_expectancy_negative`: `expectancy_net_live < 0` for 24 h, P1, Pagerduty, runbook `{_PATH}`\n"
        f"  - `inference_failures_high`: `inference_failures_total > 10` within 15 min, P2, Slack, runbook `{_PATH}`\n"
        f"  - `model_drift_high`: `feature_psi_max > 0.5` for 6 h, P2, Slack, runbook `{_PATH}`\n"
        f"  - `spread_gate_shut`: `spread_gate_open_ratio < 0.05` for 2 h, P3, email, runbook `{_PATH}`\n",
        ("R2.1",),
        "- Alerts:",
    ),
    Mutation("no P1", "| P1 | Pagerduty", "| P2 | Pagerduty", ("R2.2", "R2.3", "R2.12"), "## 2. Alerting"),
    Mutation(
        "severity left open",
        "| P1 | Pagerduty",
        "| P1 / P2 / P3 | Pagerduty",
        ("R2.9", "R2.2", "R2.3", "R2.12"),
        "P1 / P2 / P3",
    ),
    Mutation(
        "P1 for a loud failure",
        "| `live_expectancy_negative` | `expectancy_net_live < 0` for 24 h | "
        f"`{_PATH}#symptom-live_expectancy_negative` |",
        "| `inference_crash` | `inference_failures_total > 50` for 5 min | "
        f"`{_PATH}#symptom-inference_failures_high` |",
        ("R2.3",),
        "`inference_crash`",
    ),
    Mutation("no runbook", f"`{_PATH}#symptom-spread_gate_shut`", "", ("R2.4",), "`spread_gate_shut`"),
    Mutation("a dash for a runbook", f"`{_PATH}#symptom-spread_gate_shut`", "—", ("R2.4",), "`spread_gate_shut`"),
    Mutation(
        "same as nothing",
        f"`{_PATH}#symptom-live_expectancy_negative`",
        "same runbook",
        ("R2.4",),
        "same runbook",
    ),
    Mutation(
        "runbook in another folder",
        f"`{_PATH}#symptom-spread_gate_shut`",
        "`elsewhere.md#symptom-spread_gate_shut`",
        ("R2.5",),
        "`elsewhere.md",
    ),
    Mutation(
        "no such runbook",
        f"`{_PATH}#symptom-spread_gate_shut`",
        "`documentation/runbooks/spread_gate.md`",
        ("R2.6", "R2.7", "R2.8"),
        "spread_gate.md",
    ),
    Mutation(
        "runbook planned",
        f"`{_PATH}#symptom-spread_gate_shut`",
        f"`{_PATH}#symptom-spread_gate_shut` (planned)",
        ("R2.6", "R2.7", "R2.8"),
        "(planned)",
    ),
    Mutation(
        "runbook follows",
        f"`{_PATH}#symptom-spread_gate_shut`",
        f"`{_PATH}#symptom-spread_gate_shut`, a follow-up filed at merge",
        ("R2.6", "R2.7", "R2.8"),
        "a follow-up",
    ),
    Mutation(
        "runbook without escalation",
        f"`{_PATH}#symptom-spread_gate_shut`",
        "`documentation/runbooks/no_escalation.md#symptom-spread_gate_shut`",
        ("R2.7",),
        "no_escalation.md",
    ),
    Mutation(
        "runbook without links",
        f"`{_PATH}#symptom-spread_gate_shut`",
        "`documentation/runbooks/no_links.md#symptom-spread_gate_shut`",
        ("R2.8",),
        "no_links.md",
    ),
    Mutation("severity in words", "| P3 | email", "| low | email", ("R2.9",), "| low |"),
    Mutation("severity out of range", "| P3 | email", "| P4 | email", ("R2.9",), "| P4 |"),
    Mutation("handle for a channel", "email to the desk", "`@dococeven`", ("R2.10",), "`spread_gate_shut`"),
    Mutation("no channel", "email to the desk", "", ("R2.10",), "`spread_gate_shut`"),
    Mutation(
        "no time in a trigger",
        "`spread_gate_open_ratio < 0.05` for 2 h",
        "`spread_gate_open_ratio < 0.05`",
        ("R2.11",),
        "`spread_gate_shut`",
    ),
    Mutation(
        "no level in a trigger",
        "`spread_gate_open_ratio < 0.05` for 2 h",
        "`spread_gate_open_ratio` stays low for 2 h",
        ("R2.11",),
        "stays low",
    ),
    Mutation("nobody is paged", "| P1 | Pagerduty", "| P1 | Slack `#cvn-trading`", ("R2.12",), "#cvn-trading"),
    Mutation(
        "trigger on a metric from nowhere",
        "`spread_gate_open_ratio < 0.05`",
        "`book_depth_ratio < 0.05`",
        ("R2.13",),
        "`book_depth_ratio",
    ),
    Mutation(
        "trigger on a planned metric",
        "✅ LIVE | `feature_psi_max`",
        "⏸️ PLANNED | `feature_psi_max`",
        ("R2.13",),
        "| `model_drift_high` |",
    ),
)

_DRIFT = (
    Mutation("no window column", "| Method | Window |", "| Method | Period |", ("R3.1",), "| Method | Period |"),
    Mutation(
        "no data drift",
        "| Data drift | PSI of the 20 strongest features, logged as `event=feature_psi_computed` | rolling 7 d "
        "| warn: PSI > 0.2; crit: PSI > 0.5 |",
        "| Clock drift | offset between exchange and pod, logged as `event=clock_offset_computed` | rolling 7 d "
        "| offset > 0.2 s (warn), offset > 0.5 s (crit) |",
        ("R3.2",),
        "## 3. Drift detection",
    ),
    Mutation(
        "no concept drift",
        "| Concept drift | live f1_buy compared with training f1_buy, logged as `event=f1_gap_computed` |",
        "| Correlation drift | Pearson correlation with BTC returns, logged as `event=correlation_computed` |",
        ("R3.3",),
        "## 3. Drift detection",
    ),
    Mutation(
        "drift analysed offline",
        "logged as `event=f1_gap_computed`",
        "an offline analysis of the logs",
        ("R3.4",),
        "| Concept drift |",
    ),
    Mutation(
        "silent retraining",
        "tell the operator, who follows",
        "retrain and swap the model automatically, as in",
        ("R3.5",),
        "| Concept drift |",
    ),
    Mutation(
        "automatic retraining",
        "hold the model and work through",
        "automatic retraining, as in",
        ("R3.5",),
        "| Data drift |",
    ),
    Mutation(
        "a playbook without name",
        f"who follows `{_PATH}#symptom-model_drift_high`",
        "who follows the existing playbook",
        ("R3.6",),
        "| Concept drift |",
    ),
    Mutation(
        "no entry for drift",
        f"hold the model and work through `{_PATH}#symptom-model_drift_high`",
        "hold the model",
        ("R3.6",),
        "| Data drift |",
    ),
    Mutation(
        "not applicable for new features",
        "Nothing is retrained until a person has read the entry.",
        "Data drift: N/A — feature change: both inputs are too young to compare.",
        ("R3.7",),
        "N/A — feature change",
    ),
    Mutation(
        "not applicable without reason",
        "Nothing is retrained until a person has read the entry.",
        "Concept drift: N/A.",
        ("R3.7", "R10.2"),
        "Concept drift: N/A.",
    ),
    Mutation(
        "not applicable in the checklist",
        "§3 drift: inputs and concept are both watched",
        "§3 drift: inputs are watched, concept drift is N/A",
        ("R3.7", "R7.14", "R10.2"),
        "concept drift is N/A",
    ),
    Mutation("one level of drift", "warn: gap > 0.05; crit: gap > 0.10", "gap > 0.05", ("R3.8",), "| Concept drift |"),
    Mutation(
        "critical level only", "warn: PSI > 0.2; crit: PSI > 0.5", "PSI > 0.5 (crit)", ("R3.8",), "| Data drift |"
    ),
    Mutation("no window of data drift", "rolling 7 d", "the whole history", ("R3.9",), "| Data drift |"),
    Mutation("no window of concept drift", "rolling 14 d", "since the last release", ("R3.9",), "| Concept drift |"),
)

_SHADOW_QUOTED = "24 h, `**SKIP — JUSTIFICATION**: calibration-only, shadow=1d because scores alone move`"
_ROLLOUT = (
    Mutation("no traffic column", "| Traffic % |", "| Surface |", ("R4.1",), "| Surface |"),
    Mutation("no trigger column", "| Rollback trigger |", "| Abort |", ("R4.1", "R4.9"), "| Abort |"),
    Mutation("no full stage", "| Full | 100 %", "| Step 3 | 100 %", ("R4.2",), "## 4. Staged rollout"),
    Mutation("no shadow stage", "| Shadow | 0 %", "| 1 | 0 %", ("R4.2", "R4.3"), "## 4. Staged rollout"),
    Mutation("shadow a day short", "| ≥ 7 d |", "| 6d |", ("R4.3",), "| Shadow |"),
    Mutation("shadow an hour short", "| ≥ 7 d |", "| 167 h |", ("R4.3",), "| Shadow |"),
    Mutation("shadow below a week", "| ≥ 7 d |", "| < 7 d |", ("R4.3",), "| Shadow |"),
    Mutation("shadow of hours", "| ≥ 7 d |", "| ≥ 7 h |", ("R4.3",), "| Shadow |"),
    Mutation("a dash for shadow", "| ≥ 7 d |", "| — |", ("R4.3",), "| Shadow |"),
    Mutation("shadow not applicable", "| ≥ 7 d |", "| N/A |", ("R4.3", "R10.2"), "| Shadow |"),
    Mutation("shadow skipped in a quotation", "| ≥ 7 d |", f"| {_SHADOW_QUOTED} |", ("R4.3",), "| Shadow |"),
    Mutation(
        "shadow skipped without reason",
        "| ≥ 7 d |",
        "| 3 d, **SKIP — JUSTIFICATION**: |",
        ("R4.3", "R4.4", "R10.1"),
        "| Shadow |",
    ),
    Mutation(
        "skipped because it is obvious",
        "- Full rollout date: 2026-07-13",
        "- Full rollout date: 2026-07-13\n- **SKIP — JUSTIFICATION**: the gain is plain to see",
        ("R4.4",),
        "SKIP — JUSTIFICATION",
    ),
    Mutation(
        "skipped in half the words",
        "- Full rollout date: 2026-07-13",
        "- Full rollout date: 2026-07-13\n- **SKIP — JUSTIFICATION**: calibration-only, shadow=3d",
        ("R4.4",),
        "SKIP — JUSTIFICATION",
    ),
    Mutation("two canaries", "`ETHUSDC`, chosen", "`ETHUSDC` and `SOLUSDC`, chosen", ("R4.5",), "Canary crypto"),
    Mutation("canary on all", "1 crypto of the portfolio", "all cryptos at once", ("R4.5",), "| Canary |"),
    Mutation("canary on five", "1 crypto of the portfolio", "5 cryptos", ("R4.5",), "| Canary |"),
    Mutation("canary on a list", "1 crypto of the portfolio", "ETHUSDC, SOLUSDC, UNIUSDC", ("R4.5",), "| Canary |"),
    Mutation("canary a day short", "10 days", "6 days", ("R4.6",), "| Canary |"),
    Mutation("canary an hour short", "10 days", "167 h", ("R4.6",), "| Canary |"),
    Mutation("canary without end", "10 days", "—", ("R4.6",), "| Canary |"),
    Mutation("a review for a criterion", "Sortino ≥ baseline", "quarterly review", ("R4.7",), "| Full |"),
    Mutation("no criterion", "f1_buy within 1 % of the champion, 0 exceptions", "—", ("R4.7",), "| Shadow |"),
    Mutation("criterion not applicable", "Sortino ≥ baseline", "n/a", ("R4.7", "R10.2"), "| Full |"),
    Mutation("canary without trades", "`n_trades` ≥ 50, ", "", ("R4.8",), "| Canary |"),
    Mutation("canary without drift", "≥ 50, no drift alert", "≥ 50", ("R4.8",), "| Canary |"),
    Mutation("canary without expectancy", "`expectancy_net` ≥ baseline", "f1_buy ≥ baseline", ("R4.8",), "| Canary |"),
    Mutation("no trigger in shadow", "any P1 alert", "", ("R4.9",), "| Shadow |"),
    Mutation("a dash for a trigger", "any P1 or P2 alert", "—", ("R4.9",), "| Full |"),
    Mutation(
        "full by a manual step",
        "Going to full waits for the written sign-off of the operator in the OpenProject Story (wp#318).",
        "An engineer starts the last step by hand.",
        ("R4.10",),
        "## 4. Staged rollout",
    ),
    Mutation(
        "canary as an example",
        "crypto: `ETHUSDC`",
        "crypto: e.g. `ETHUSDC`",
        ("R4.11", "R4.12"),
        "| Canary | 1 crypto of the portfolio | 10 days | `expectancy",
    ),
    Mutation(
        "canary picked later",
        "`ETHUSDC`, chosen because its spread is the steadiest of the five.",
        "to be picked later.",
        ("R4.11", "R4.12"),
        "| Canary | 1 crypto of the portfolio | 10 days | `expectancy",
    ),
    Mutation(
        "canary without reason",
        "`ETHUSDC`, chosen because its spread is the steadiest of the five.",
        "`ETHUSDC`.",
        ("R4.12",),
        "Canary crypto",
    ),
)

_FLAG_ROW = (
    "| Factor flag (primary) | the operator sets the flag in the Console, pods read it at the next tick | < 1 min |"
)
_CONFIG_ROWS = f"{_FLAG_ROW}\n| Model alias (secondary) | the MLflow alias goes back to the former champion | < 4 min |"
_TESTED = "The primary path was exercised in shadow on 2026-06-09, and the former signals came back at once."
_ROLLBACK = (
    Mutation("symptoms for mechanisms", "| Mechanism |", "| Symptom |", ("R5.1",), "| Symptom |"),
    Mutation("no description column", "| Description |", "| Remark |", ("R5.1",), "| Remark |"),
    Mutation(
        "only by deploying",
        _CONFIG_ROWS,
        "| Image tag (primary) | the helm chart points to the former image | < 4 min |",
        ("R5.2", "R5.3", "R5.8"),
        "## 5. Rollback plan",
    ),
    Mutation(
        "only by deploying, under review",
        _CONFIG_ROWS,
        "| Image tag (primary) | the helm chart points to the former image, as the ADR-56 review allowed | < 4 min |",
        ("R5.2", "R5.3"),
        "## 5. Rollback plan",
    ),
    Mutation(
        "an image comes first",
        "| Factor flag (primary) |",
        "| Image tag (primary) | the helm chart points to the former image | < 4 min |\n| Factor flag (secondary) |",
        ("R5.3",),
        "| Image tag",
    ),
    Mutation(
        "a revert comes first",
        "| Factor flag (primary) |",
        "| Revert commit (primary) | undoes the merge | < 4 min |\n| Factor flag (secondary) |",
        ("R5.3", "R5.4"),
        "| Revert commit",
    ),
    Mutation("a hotfix like any other", "Hotfix (emergency only)", "Hotfix", ("R5.4",), "| Hotfix |"),
    Mutation("half an hour", "| < 1 min |", "| < 30 min |", ("R5.5",), "| Factor flag"),
    Mutation("just too slow", "| < 1 min |", "| 6 min |", ("R5.5",), "| Factor flag"),
    Mutation("one hour", "| < 1 min |", "| < 1 h |", ("R5.5",), "| Factor flag"),
    Mutation(
        "to be exercised",
        "was exercised in shadow on 2026-06-09",
        "will be exercised in shadow on 2026-06-29",
        ("R5.6",),
        "The primary path",
    ),
    Mutation("dry run planned", _TESTED, "A dry run in shadow is planned for 2026-06-29.", ("R5.6",), "A dry run"),
    Mutation("exercised elsewhere", "exercised in shadow on", "exercised in staging on", ("R5.6",), "The primary path"),
    Mutation("exercised some day", "in shadow on 2026-06-09", "in shadow", ("R5.6",), "The primary path"),
    Mutation(
        "another path exercised",
        "The primary path was exercised",
        "The hotfix was exercised",
        ("R5.6",),
        "The hotfix was",
    ),
    Mutation(
        "no value",
        "`factor_spread_gate=0.0` in `ftf_config.base_env`",
        "the flag goes to its neutral value",
        ("R5.7",),
        "## 5. Rollback plan",
    ),
    Mutation(
        "an event for a value",
        "`factor_spread_gate=0.0`",
        "`event=spread_gate_removed`",
        ("R5.7",),
        "## 5. Rollback plan",
    ),
    Mutation(
        "value left open",
        "factor_spread_gate=0.0",
        "factor_spread_gate=<previous>",
        ("R5.7", "R0.8"),
        "## 5. Rollback plan",
    ),
    Mutation("mechanism planned", "Model alias (secondary)", "Model alias (secondary, PLANNED)", ("R5.9",), "PLANNED"),
    Mutation(
        "mechanism missing",
        "to the former champion |",
        "to the former champion, NOT IMPLEMENTED |",
        ("R5.9",),
        "NOT IMPLEMENTED",
    ),
)

_BACKUP = "`@mlops-anna`, who runs the handoff drill with the owner every quarter"
_PEOPLE = (
    Mutation(
        "a team answers", "- DRI: `@dococeven`", "- DRI: `@cvntrade-ops` (the ops team)", ("R6.1", "R6.2"), "- DRI:"
    ),
    Mutation("two answer", "- DRI: `@dococeven`", "- DRI: `@dococeven` and `@mlops-bruno`", ("R6.1", "R6.2"), "- DRI:"),
    Mutation("somebody else answers", "- DRI: `@dococeven`", "- DRI: `@mlops-bruno`", ("R6.2",), "- DRI:"),
    Mutation("somebody else owns", "`@dococeven`, who answers", "`@mlops-bruno`, who answers", ("R6.2",), "- DRI:"),
    Mutation(
        "backup without handle", "`@mlops-anna`, who runs", "Anna, who runs", ("R6.3", "R6.4", "R6.6"), "- Backup DRI"
    ),
    Mutation("backup of oneself", "`@mlops-anna`, who runs", "`@dococeven`, who runs", ("R6.4",), "- Backup DRI"),
    Mutation(
        "backup on paper",
        "who runs the handoff drill with the owner every quarter",
        "who has access",
        ("R6.5",),
        "- Backup DRI",
    ),
    Mutation(
        "backup is a team",
        _BACKUP,
        "`@cvntrade-ops`, the ops team, with a handoff drill every quarter",
        ("R6.6",),
        "- Backup DRI",
    ),
    Mutation("nobody decides", "`@dococeven` may flip", "the desk may flip", ("R6.7",), "- Decision authority"),
    Mutation(
        "who decides is open", "`@dococeven` may flip", "`<handle>` may flip", ("R6.7", "R0.8"), "- Decision authority"
    ),
    Mutation(
        "a milestone for a date",
        "2026-10-11, which is 90 days after full rollout",
        "when the next Epic ships",
        ("R6.8", "R6.9"),
        "- Sunset date",
    ),
    Mutation("sunset left open", "2026-10-11", "YYYY-MM-DD", ("R6.8", "R6.9", "R0.8"), "- Sunset date"),
    Mutation("sunset a day late", "2026-10-11", "2026-10-12", ("R6.9",), "- Sunset date"),
    Mutation("sunset a year late", "2026-10-11", "2027-10-11", ("R6.9",), "- Sunset date"),
    Mutation("rollout a day early", "2026-07-13", "2026-07-12", ("R6.9",), "- Sunset date"),
    Mutation(
        "a new owner, not announced",
        "- Decision authority",
        "- DRI change: on 2026-06-10 the DRI changed from `@mlops-bruno` to `@dococeven`\n- Decision authority",
        ("R6.10",),
        "- DRI change",
    ),
)

_CHECKLIST_HEADING = "## Sign-off checklist"
_SIGN_OFF = (
    Mutation(
        "no checklist by name",
        "## Sign-off checklist (before the merge)",
        "## Last steps",
        ("R7.1",),
        "## 6. Owner & DRI",
    ),
    Mutation(
        "a collective item",
        "§1 monitoring: prediction, outcome and health are on Grafana boards",
        "§1-§6 all complete",
        ("R7.2",),
        "§1-§6",
    ),
    Mutation("item without section", "§2 alerting: every", "Alerting: every", ("R7.3",), _CHECKLIST_HEADING),
    Mutation(
        "no item of section 3",
        "- [x] §3 drift: inputs and concept are both watched\n",
        "",
        ("R7.4",),
        _CHECKLIST_HEADING,
    ),
    Mutation(
        "two sections share an item",
        "- [x] §4 rollout: three stages with criteria, and the first crypto has a name\n"
        "- [x] §5 rollback: the way back is written down\n",
        "- [x] §4-§5 rollout and rollback: written down\n",
        ("R7.5", "R7.6"),
        "§4-§5",
    ),
    Mutation(
        "no item of section 4",
        "- [x] §4 rollout: three stages with criteria, and the first crypto has a name\n",
        "",
        ("R7.5",),
        _CHECKLIST_HEADING,
    ),
    Mutation(
        "no item of section 5", "- [x] §5 rollback: the way back is written down\n", "", ("R7.6",), _CHECKLIST_HEADING
    ),
    Mutation("a bullet for a box", "- [x] §6 owner", "- §6 owner", ("R7.7",), _CHECKLIST_HEADING),
    Mutation("no item of dependencies", "Dependency declarations: the", "Imports: the", ("R7.8",), _CHECKLIST_HEADING),
    Mutation(
        "gate not green yet",
        "was green on commit 9d41c7e",
        "is expected to be green",
        ("R7.9",),
        "Dependency declarations",
    ),
    Mutation(
        "one requirements file",
        "the deptry gate was green on commit 9d41c7e",
        "the new imports are in `requirements.txt`",
        ("R7.9",),
        "Dependency declarations",
    ),
    Mutation("no review of the request", "`pr_review`", "`plan_review`", ("R7.10", "R7.11"), _CHECKLIST_HEADING),
    Mutation("review to come", "session `c05f7a19`, verdict OK", "runs before the merge", ("R7.11",), "`pr_review`"),
    Mutation("review without session", "session `c05f7a19`, verdict OK", "verdict OK", ("R7.11",), "`pr_review`"),
    Mutation("review passed", "`c05f7a19`, verdict OK", "`c05f7a19`, verdict PASSED", ("R7.11",), "`pr_review`"),
    Mutation(
        "review left open",
        "`c05f7a19`, verdict OK",
        "`c05f7a19`, verdict OK / OK-WITH-CHANGES",
        ("R7.11",),
        "`pr_review`",
    ),
    Mutation("no comment", "- [x] Story OP comment links session `c05f7a19`\n", "", ("R7.12",), _CHECKLIST_HEADING),
    Mutation("comment to be done", "links session `c05f7a19`", "links session #TBD", ("R7.12", "R0.8"), "#TBD"),
    Mutation("first box open", "- [x] §1", "- [ ] §1", ("R7.13",), "- [ ] §1"),
    Mutation("last box open", "- [x] Story", "- [ ] Story", ("R7.13",), "- [ ] Story"),
    Mutation(
        "another sunset", "one person answers, another stands in", "sunset on 2026-11-11", ("R7.14",), "2026-11-11"
    ),
    Mutation(
        "another primary",
        "the way back is written down",
        "the hotfix is the primary path",
        ("R7.14",),
        "the hotfix is the primary",
    ),
)

_EXCEPTIONS = (
    Mutation(
        "marker without reason",
        "Limits are reviewed once a quarter.",
        "**SKIP — JUSTIFICATION**:",
        ("R10.1",),
        "SKIP —",
    ),
    Mutation(
        "marker with a hyphen",
        "Limits are reviewed once a quarter.",
        "**SKIP - JUSTIFICATION**: the desk is small.",
        ("R10.1",),
        "SKIP - JUSTIFICATION",
    ),
    Mutation(
        "live trading left out",
        "Traffic moves in three steps.",
        "Traffic moves in three steps. Live trading is NOT in this Story.",
        ("R10.2",),
        "NOT in this Story",
    ),
    Mutation(
        "alerts put off",
        "Limits are reviewed once a quarter.",
        "The alert on latency is deferred.",
        ("R10.2",),
        "deferred",
    ),
)

MUTATIONS: tuple[Mutation, ...] = (
    *_HEADER,
    *_MONITORING,
    *_ALERTING,
    *_DRIFT,
    *_ROLLOUT,
    *_ROLLBACK,
    *_PEOPLE,
    *_SIGN_OFF,
    *_EXCEPTIONS,
)
"""Of ``passing.md``."""


def _steps(start: str, label: str, end: str) -> str:
    """Return the steps below a label, label included, in the entry of the runbook that starts with a text."""
    entry = _part(RUNBOOK, start, end)
    first = entry.index(label)
    last = entry.find("**Remediation**", first + 1)
    return entry[first:] if last < 0 else entry[first:last]


_LIVE = "## Symptom: live_expectancy_negative"
_FAILURES = "## Symptom: inference_failures_high"
_MODEL = "## Symptom: model_drift_high"
_SHUT = "## Symptom: spread_gate_shut"
_ESCALATION = "## Escalation"
_LAST = "and to the on-call architect after two hours."

RUNBOOK_MUTATIONS: tuple[Mutation, ...] = (
    Mutation("an entry without symptom", _SHUT, "## Fourth part", ("R9.1",), "## Fourth part"),
    Mutation("another entry without symptom", _LIVE, "## First part", ("R9.1",), "## First part"),
    Mutation("no diagnosis at first", _steps(_LIVE, "**Diagnosis**", _FAILURES), "", ("R9.2",), _LIVE),
    Mutation("no diagnosis of drift", _steps(_MODEL, "**Diagnosis**", _SHUT), "", ("R9.2",), _MODEL),
    Mutation("no remediation of failures", _steps(_FAILURES, "**Remediation**", _MODEL), "", ("R9.3",), _FAILURES),
    Mutation("no remediation at last", _steps(_SHUT, "**Remediation**", _ESCALATION), "", ("R9.3",), _SHUT),
    Mutation(
        "a remediation that only watches",
        "1. Revert to the former champion through its alias.\n2. Ask the operator for a new training run.",
        "1. Wait for one more day.",
        ("R9.3",),
        _MODEL,
    ),
    Mutation(
        "no escalation", _part(RUNBOOK, _ESCALATION, _LAST) + _LAST + "\n", "", ("R9.4",), "**Owner**: `@dococeven`"
    ),
    Mutation(
        "escalation to nobody",
        _part(RUNBOOK, "Escalate to", _LAST) + _LAST,
        "Do not wait for longer than 30 minutes.",
        ("R9.4",),
        _ESCALATION,
    ),
    Mutation(
        "a board by its name",
        "[Grafana, model quality](https://grafana.example.com/d/model-quality)",
        'Grafana, panel "model quality"',
        ("R9.5",),
        "# Runbook: quality of the model in production",
    ),
    Mutation(
        "a board of another kind",
        "[Grafana, model quality](https://grafana.example.com/d/model-quality)",
        "[Kibana, model quality](https://kibana.example.com/d/model-quality)",
        ("R9.5",),
        "# Runbook:",
    ),
    Mutation(
        "a metric for a log query",
        '`{job="cvn-inference"}',
        '`request_errors{job="cvn-inference"}',
        ("R9.6",),
        "**Log query**",
    ),
    Mutation("a log query left open", '`{job="cvn-inference"}', "`{job=...}", ("R9.6",), "**Log query**"),
    Mutation(
        "no log query",
        '**Log query** (Loki): `{job="cvn-inference"} |= "level=error"`\n\n',
        "",
        ("R9.6",),
        "# Runbook:",
    ),
    Mutation(
        "no entry for an alert",
        f"{_SHUT}\n\n**Detection**: alert `spread_gate_shut`,",
        "## Symptom: order_book_empty\n\n**Detection**: alert `order_book_empty`,",
        ("R9.8",),
        "# Runbook:",
    ),
)
"""Of ``model_quality.md``, to which ``passing.md`` routes its alerts."""
