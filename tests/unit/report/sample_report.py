"""One report with every outcome and everything a finding can carry. Run as a script, it prints every format."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from cvnpolicy.core.errors import ExitCode
from cvnpolicy.core.finding import (
    Finding,
    GroupReading,
    Level,
    Mode,
    OnUnknown,
    Outcome,
    Report,
    Severity,
    Span,
    Verdict,
)
from cvnpolicy.core.location import Location

AT = datetime(2026, 6, 11, tzinfo=UTC)
DAY = Span(AT - timedelta(days=1), AT)
FORTNIGHT = Span(AT - timedelta(days=14), AT)
ALERTS = "policies/alerts/hp_seeding.yaml"
DRIFT = "policies/drift/btc_features.yaml"
FTF = "policies/experiments/ftf_btc.yaml"
HP_RUNBOOK = "documentation/runbooks/runbook_hp_console_seeding.md#2"
DRIFT_RUNBOOK = "documentation/runbooks/runbook_btc_features_drift.md#1"
CRYPTOS = ("BTCUSDC", "ETHUSDC", "SOLUSDC", "AAVEUSDC", "UNIUSDC")


def _at(file: str, line: int) -> Location:
    return Location(file, line, 7, line, 15)


def _alerts() -> list[Finding]:
    coverage = Finding(
        id="hp-alerts/hp-coverage-low",
        rule="CVN401",
        outcome=Outcome.FAIL,
        message="hp_coverage_pct is 93.4 % over the last day, under the 95 % that training needs.",
        location=_at(ALERTS, 14),
        hint="seed the 30 missing keys; the coverage page of the console lists them",
        requirement="HPS-12",
        level=Level.CRIT,
        severity=Severity.P1,
        group={"timeframe": "15m", "model": "xgboost"},
        measured=93.4,
        condition="< 95%",
        samples=1440,
        window=DAY,
        first_seen=AT - timedelta(days=7),
        action="page-on-call",
        runbook=HP_RUNBOOK,
        details={"escalated": {"from": "P2", "after": "7d"}, "missing": 30},
    )
    return [
        coverage,
        replace(
            coverage,
            id="hp-alerts/hp-fallback-rate",
            message="1.7 % of trainings fell back to default hyperparameters; more than 1 % is a warning.",
            location=_at(ALERTS, 21),
            outcome=Outcome.WARN,
            level=Level.WARN,
            severity=Severity.P3,
            group={},
            measured=0.01700004,
            condition="> 1%",
            samples=43680,
            hint="",
            action=None,
            details={"numerator": 743, "denominator": 43680},
        ),
        replace(
            coverage,
            id="hp-alerts/hp-fallback-persistent",
            message="No event of hpo_fallback_applied, and training_started is silent too: the source may be dead.",
            location=_at(ALERTS, 28),
            outcome=Outcome.NO_DATA,
            level=None,
            severity=Severity.P2,
            group={},
            measured=None,
            condition="> 0",
            samples=None,
            first_seen=None,
            hint="check that the log shipper of the trainers is running",
            action=None,
            details={},
        ),
    ]


def _drift() -> list[Finding]:
    base = Finding(
        id="btc-features-drift/ks-per-feature",
        rule="CVN201",
        outcome=Outcome.WARN,
        message="btc_correlation_15m_lag5 of BTCUSDC no longer looks like training (KS p = 3.1e-07, limit 0.01).",
        location=_at(DRIFT, 14),
        requirement="RBF-08",
        level=Level.WARN,
        severity=Severity.P2,
        mode=Mode.ADVISE,
        condition="< 0.01",
        window=FORTNIGHT,
        action="refit-next-sprint",
        runbook=DRIFT_RUNBOOK,
    )
    found = [
        replace(
            base,
            group={"feature": feature, "symbol": symbol},
            measured=p,
            samples=1344,
            first_seen=AT - timedelta(days=7) if p < 1e-3 else None,
            details={"statistic": 0.1, "numerator": 43680, "n": 2184, "m": 200},
        )
        for feature in ("btc_correlation_15m_lag5", "btc_return_15m", "btc_volatility_1h")
        for symbol, p in zip(CRYPTOS, (3.1e-07, 0.0031, 0.00999996, 0.0042, 2.25e-05), strict=True)
    ]
    psi = replace(
        base,
        id="btc-features-drift/psi-top-features",
        location=_at(DRIFT, 22),
        outcome=Outcome.FAIL,
        level=Level.CRIT,
        condition="> 0.25",
        message="PSI of btc_return_15m is 0.31 on SOLUSDC.",
    )
    return [
        *found,
        replace(psi, group={"symbol": "SOLUSDC"}, measured=0.3125, samples=1344),
        replace(
            psi,
            group={"symbol": "UNIUSDC"},
            measured=0.2700000000000001,
            samples=1344,
            mode=Mode.BLOCK,
            waived_by="@dococeven",
            details={"waiver": {"reason": "the exchange moved its volume feed", "expires": "2026-07-01T00:00:00Z"}},
            message="PSI of btc_return_15m is 0.27 on UNIUSDC.",
        ),
        replace(
            psi,
            id="btc-features-drift/calibration",
            location=_at(DRIFT, 31),
            outcome=Outcome.ERROR,
            mode=Mode.BLOCK,
            level=None,
            condition="<= champion + 2pp",
            baselines={"champion": None, "training": 0.0412},
            message="The registry did not answer within 30 s.",
            hint="start MLflow again, or pass --evidence with a saved file",
        ),
        replace(
            psi,
            id="btc-features-drift/concept",
            location=_at(DRIFT, 40),
            outcome=Outcome.INCONCLUSIVE,
            mode=Mode.BLOCK,
            level=None,
            group={"symbol": "AAVEUSDC"},
            condition="< 0.9 * training and > 0.1",
            baselines={"training": 0.4125},
            samples=31,
            message="31 rows in the window; min_samples asks for 50.",
            hint="ask again once the window holds 50 rows",
            on_unknown=OnUnknown.FAIL,
        ),
        replace(
            psi,
            id="btc-features-drift/ohlcv-quality",
            location=_at(DRIFT, 52),
            outcome=Outcome.INCONCLUSIVE,
            mode=Mode.BLOCK,
            level=None,
            severity=None,
            condition="unset",
            message="No limit has been written yet: the incident runbook gives no tolerance.",
            on_unknown=OnUnknown.PASS,
            action=None,
        ),
    ]


def _experiment() -> list[Finding]:
    groups = [
        GroupReading({"model_type": model, "symbol": symbol}, outcome, value, 5, reason)
        for model in ("xgboost", "lightgbm", "catboost")
        for symbol, outcome, value, reason in (
            ("BTCUSDC", Outcome.PASS, 0.4312, ""),
            ("ETHUSDC", Outcome.FAIL, 0.39996, ""),
            ("SOLUSDC", Outcome.PASS, 0.4, ""),
            ("AAVEUSDC", Outcome.NO_DATA, None, "no row with variant btc_full in ftf_results.csv"),
            ("UNIUSDC", Outcome.INCONCLUSIVE, float("nan"), "f1_buy_val is not a number in fold 3"),
        )
    ]
    w1 = Finding(
        id="ftf-btc-experiment/w1",
        rule="CVN301",
        outcome=Outcome.FAIL,
        message="Mean f1_buy_val reaches 0.40 on 2 of 5 cryptos for xgboost; at least 4 are needed, and 2 cannot say.",
        location=_at(FTF, 9),
        requirement="S04-W1",
        condition=">= 0.40",
        groups=tuple(groups),
        hint="a person decides whether the uplift is worth another sweep",
    )
    passes = [
        replace(
            w1,
            id="ftf-btc-experiment/fold-spread",
            location=_at(FTF, 18 + place),
            outcome=Outcome.PASS,
            message="The folds agree.",
            group={"symbol": symbol},
            groups=(),
            measured=place / 16,
            condition="<= 0.5",
            samples=25 * 10**place,
        )
        for place, symbol in enumerate(CRYPTOS)
    ]
    return [w1, *passes]


def _hostile() -> list[Finding]:
    file = "policies/特征/漂移 \x1b[2J.yaml"
    evil = Finding(
        id="névé-漂移/::error::id",
        rule="CVN201",
        outcome=Outcome.FAIL,
        message="::error file=a.py::owned\n::set-output name=x::y \x1b[31mred\x1b[0m ##[error]no \u202eesrever\u202c "
        "zero\u200bwidth\xa0space 漂移指标超过阈值并且持续了整整一个星期仍然没有任何人处理这个问题所以需要立即升级",
        location=Location(file, 1, 1, 1, 2),
        hint="\r::stop-commands::t\x9b2J\ud800",
        level=Level.CRIT,
        group={"符号": "比特币", "a b": "", "flag": True, "n": 15},
        measured=float("inf"),
        condition="> 1e3",
        baselines={"漂移": float("nan")},
        samples=0,
        groups=(
            GroupReading({"符号": "比特币"}, Outcome.FAIL, 1234567.891, 10**7, "::error::\n"),
            GroupReading({"符号": "ETH"}, Outcome.PASS, -0.00001, 12, ""),
            GroupReading({"other": 2.5}, Outcome.WARN, 1e300, None, "the second\ttab"),
        ),
    )
    rest = (
        (Outcome.SKIPPED, "R-04", "SKIP: retired with the old console on 2026-05-02."),
        (Outcome.NOT_APPLICABLE, "R-07", "mode.execution is paper; the rule is about real trading only, and says so."),
    )
    quiet = [
        Finding(f"readiness-s04/{name}", "CVN801", outcome, message, Location("policies/readiness.yaml", 3, 1, 3, 2))
        for outcome, name, message in rest
    ]
    return [evil, *quiet]


def sample() -> Report:
    """Return the report of the golden files."""
    findings = [*_alerts(), *_drift(), *_experiment(), *_hostile()]
    return Report(
        at=AT,
        verdict=Verdict.FAIL,
        exit_code=ExitCode.FAILED,
        evidence_sha256="3f2a9c01b7d4" + "0" * 52,
        findings=tuple(sorted(findings, key=lambda finding: finding.order)),
    )


if __name__ == "__main__":
    from cvnpolicy.report import FORMATS, PAGES, render

    for name in FORMATS:
        if name not in PAGES:
            sys.stdout.buffer.write(render(sample(), name, root="services/trading/").encode())
    for size in (80, 120):
        for shade in (False, True):
            sys.stdout.buffer.write(render(sample(), "terminal", width=size, colour=shade, verbose=shade).encode())
