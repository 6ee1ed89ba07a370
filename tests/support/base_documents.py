"""One policy of each shape with most of its keys written, as plain values."""

from __future__ import annotations

from typing import Any

DRIFT: dict[str, Any] = {
    "apiVersion": "cvnpolicy/v1",
    "kind": "DriftPolicy",
    "metadata": {"name": "drift", "title": "Drift", "owner": "@a", "anchor": "2026-05-12T00:00:00Z"},
    "enforcement": {"mode": "advise", "review_by": "2026-05-15T00:00:00+02:00"},
    "waivers": [
        {
            "check": "ks",
            "reason": "r",
            "approved_by": "@a",
            "expires": "2026-06-11T00:00:00.5Z",
            "group": {"symbol": "A"},
        }
    ],
    "spec": {
        "baselines": {"training": {"dataset": "training"}, "frozen": {"value": 0.41, "source": "dossier"}},
        "facts": {"console.restore": {"values": ["live", 1, True], "fresh_for": "24h"}},
        "checks": [
            {
                "id": "ks",
                "measure": {
                    "statistic": "ks_pvalue",
                    "dataset": "inference",
                    "columns": {"contract": "features", "top": 20},
                    "where": {"timeframe": ["15m", 15]},
                    "reference": "training",
                    "window": "14d",
                },
                "by": {"feature": "columns", "symbol": "defi"},
                "warn_if": "< 0.01",
                "groups": {"feature": "any", "symbol": ">= 4"},
                "every": "7d",
                "for": "14d",
                "min_samples": 50,
                "min_coverage": 1,
                "severity": "P2",
                "escalate": [{"after": "7d", "to": "P1"}, {"at": "T+14d", "to": "P1"}],
                "active_from": "T+7d",
            },
            {
                "id": "tree",
                "only_if": {"fact": "console.restore", "is": ["live"]},
                "crit_if": {
                    "all": [{"check": "ks", "is": ["warn"], "groups": ">= 2"}, {"not": {"check": "*", "is": ["pass"]}}]
                },
            },
        ],
    },
}
METRIC: dict[str, Any] = {
    "apiVersion": "cvnpolicy/v1",
    "kind": "MetricPolicy",
    "metadata": {"name": "metrics", "title": "Metrics", "owner": "@a"},
    "spec": {
        "metrics": {
            "best": {
                "role": "outcome",
                "type": "gauge",
                "unit": "1",
                "range": [0, 1.5],
                "source": {"event": "done", "field": "best"},
                "owner": "@a",
            }
        }
    },
}
ALERT: dict[str, Any] = {
    "apiVersion": "cvnpolicy/v1",
    "kind": "AlertPolicy",
    "metadata": {"name": "alerts", "title": "Alerts", "owner": "@a"},
    "spec": {"routes": {"P1": "x"}, "alerts": [{"id": "a", "warn_if": {"fact": "f", "age": "> 1d"}, "severity": "P1"}]},
}
