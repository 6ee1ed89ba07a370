"""The policy kinds. One folder and one line here make a kind; a folder is imported when its kind is first met."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from cvnpolicy.core.kind import Kind

KINDS: dict[str, str] = {
    "EventCatalog": "event_catalog",
    "FeatureContract": "feature_contract",
    "MetricPolicy": "metric",
    "AlertPolicy": "alert",
    "DriftPolicy": "drift",
    "HyperparameterPolicy": "hyperparameters",
    "ReadinessPolicy": "readiness",
    "DependencyPolicy": "dependencies",
}
"""Kind to folder."""


def load_kind(name: str) -> Kind[Any]:
    """Import and return a kind.

    Raises:
        KeyError: If there is no kind of this name.
    """
    kind: Kind[Any] = import_module(f"{__name__}.{KINDS[name]}").KIND
    return kind
