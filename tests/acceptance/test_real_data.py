"""Weekly KS and PSI on a year of real bars, through ``cvnpolicy evaluate``, against an independent computation.

The bars and the answers are described in the README beside them; features are computed here by its formulas.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cvnpolicy.cli.main import run
from tests.support.tree import write_tree

if TYPE_CHECKING:
    import pandas as pd

SYMBOLS = ("BTCUSDT", "ETHUSDT")
FEATURES = ("ret_1", "ret_24", "range", "log_vol", "vol_24", "rsi_14", "dow_hour")
WEEKS = 21
# Two runs of IEEE arithmetic in another order; relative to the largest p and PSI, which are of the order of one.
TOLERANCE = 1e-12

CONFIGURATION = """\
sets: {traded: [BTCUSDT, ETHUSDT]}
environments:
  default:
    live: {type: parquet, path: live.parquet, time: ts, cadence: 1h}
    training: {type: parquet, path: training.parquet, time: ts}
"""

POLICY = """\
apiVersion: cvnpolicy/v1
kind: DriftPolicy
metadata: {name: real, title: Drift of features of real bars, owner: "@test"}
spec:
  baselines: {training: {dataset: training}}
  checks:
    - id: ks
      measure: {statistic: ks_pvalue, dataset: live, columns: COLUMNS, reference: training, window: 14d}
      by: {feature: columns, symbol: traded}
      every: 7d
      warn_if: "< 0.01"
      min_coverage: 1.0
    - id: psi
      measure: {statistic: psi, dataset: live, columns: COLUMNS, reference: training, window: 14d}
      by: {feature: columns, symbol: traded}
      every: 7d
      warn_if: ">= 0.2"
    - id: labels
      measure: {statistic: psi, dataset: live, columns: [label], reference: training, window: 14d}
      by: {symbol: traded}
      every: 7d
      warn_if: ">= 0.2"
""".replace("COLUMNS", f"[{', '.join(FEATURES)}]")


def features(bars: pd.DataFrame) -> pd.DataFrame:
    """The features of one symbol's hourly bars, as the README of the data defines them."""
    import numpy as np

    bars = bars.sort_values("ts").reset_index(drop=True)
    close = bars["close"]
    returns = close.pct_change(1)
    change = close.diff()
    up = change.clip(lower=0).rolling(14).mean()
    down = (-change.clip(upper=0)).rolling(14).mean()
    return bars[["ts", "symbol"]].assign(
        ret_1=returns,
        ret_24=close.pct_change(24),
        range=(bars["high"] - bars["low"]) / close,
        log_vol=np.log(bars["volume"]),
        vol_24=returns.rolling(24).std(),
        rsi_14=100 * up / (up + down),
        dow_hour=bars["ts"].dt.hour.astype(float),
        label=np.select([returns > 0.001, returns < -0.001], [1.0, -1.0], 0.0),
    )


@pytest.fixture(scope="module")
def expected(shared: Path) -> dict[str, Any]:
    cases = json.loads((shared / "data" / "expected_2024.json").read_text())["cases"]
    return {case["name"]: case for case in cases}


@pytest.fixture(scope="module")
def repository(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    import pandas as pd

    bars = pd.read_parquet(shared / "data" / "binance_2024_1h.parquet")
    frame = pd.concat([features(bars[bars["symbol"] == symbol]) for symbol in SYMBOLS])
    root = write_tree(tmp_path_factory.mktemp("real"), {"cvnpolicy.yaml": CONFIGURATION, "policies/real.yaml": POLICY})
    reference = frame[frame["ts"] < pd.Timestamp("2024-04-01", tz="UTC")]
    reference.to_parquet(root / "training.parquet", index=False)
    frame.to_parquet(root / "live.parquet", index=False)
    return root


def report(repository: Path, at: str) -> dict[str, Any]:
    """Evaluate at an instant and return the JSON report."""
    output = repository / "report.json"
    code = run(
        [
            "evaluate",
            "--config",
            str(repository / "cvnpolicy.yaml"),
            "--at",
            at,
            "--format",
            "json",
            "--output",
            str(output),
        ]
    )
    found: dict[str, Any] = json.loads(output.read_text())
    assert code == found["exit_code"] == 0
    return found


def mondays(expected: dict[str, Any]) -> list[str]:
    return [week["t"] for week in expected["ks_psi_BTCUSDT_ret_1"]["result"]]


def test_weekly_ks_and_psi_are_those_of_an_independent_computation(repository: Path, expected: dict[str, Any]) -> None:
    instants = mondays(expected)
    assert len(instants) == WEEKS
    fired = 0
    for week, at in enumerate(instants):
        findings = report(repository, at)["findings"]
        by_group = {
            (finding["id"].split("/")[1], finding["group"]["symbol"], finding["group"].get("feature")): finding
            for finding in findings
        }
        assert len(by_group) == len(findings) == len(SYMBOLS) * (2 * len(FEATURES) + 1)
        for symbol in SYMBOLS:
            for feature in FEATURES:
                case = expected[f"ks_psi_{symbol}_{feature}"]
                wanted = case["result"][week]
                ks = by_group["ks", symbol, feature]
                check_ks(ks, wanted, at)
                check_psi(by_group["psi", symbol, feature], wanted, case["params"])
                fired += ks["outcome"] == "warn"
        labels = expected["psi_labels_BTCUSDT"]["result"][week]
        assert by_group["labels", "BTCUSDT", None]["measured"] == pytest.approx(labels["psi"], abs=TOLERANCE)
    wanted_fired = sum(
        week["p"] < 0.01
        for symbol in SYMBOLS
        for feature in FEATURES
        for week in expected[f"ks_psi_{symbol}_{feature}"]["result"]
    )
    assert fired == wanted_fired > 0


def check_ks(finding: dict[str, Any], wanted: dict[str, Any], at: str) -> None:
    details = finding["details"]
    assert (details["numerator"], details["n"], details["m"]) == (wanted["num"], wanted["n"], wanted["m"])
    assert finding["measured"] == pytest.approx(wanted["p"], abs=TOLERANCE)
    assert details["statistic"] == pytest.approx(wanted["D"], abs=TOLERANCE)
    assert finding["outcome"] == ("warn" if wanted["p"] < 0.01 else "pass")
    assert finding["samples"] == wanted["m"]
    assert finding["window"]["end"] == at.replace("+00:00", "Z")
    assert finding["window"]["start"] < finding["window"]["end"]
    assert finding["location"]["file"] == "policies/real.yaml"
    assert finding["location"]["line"] == 7


def check_psi(finding: dict[str, Any], wanted: dict[str, Any], params: dict[str, Any]) -> None:
    details = finding["details"]
    assert details["current_counts"] == wanted["cur_bins"]
    assert details["reference_counts"] == params["ref_bins"]
    assert details["edges"] == pytest.approx(params["edges"], abs=0, rel=1e-15)
    assert finding["measured"] == pytest.approx(wanted["psi"], abs=TOLERANCE)
    assert finding["outcome"] == ("warn" if wanted["psi"] >= 0.2 else "pass")


def test_between_mondays_the_answer_does_not_move(repository: Path, expected: dict[str, Any]) -> None:
    monday = report(repository, mondays(expected)[3])
    later = report(repository, "2024-05-12T23:59:59Z")
    assert later["findings"] == monday["findings"]
