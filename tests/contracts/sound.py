"""A contract's manifest and an artefact that fits it, for tests to break."""

from __future__ import annotations

import hashlib
import json
from typing import Any

RUN = "9d41c7e0"
ENVIRONMENT = {"CVN_BTC_FEATURES_ENABLED": "1", "CVN_BTC_FEATURES_SET": "btc_full", "CVN_BTC_FEATURES_PURGE_BARS": "5"}
FEATURES = {"btc_return_15m": "float64", "btc_beta_24h": "float32"}
COLUMNS = [("close", "float64"), *FEATURES.items(), ("volume", "int64")]
ARTEFACT: dict[str, Any] = {
    "btc_features_enabled": True,
    "btc_features_set": "btc_full",
    "purge_bars": 5,
    "feature_names": [*FEATURES],
}
BLIND: dict[str, Any] = {
    "btc_features_enabled": False,
    "btc_features_set": "none",
    "purge_bars": 0,
    "feature_names": [],
}
MANIFEST: dict[str, Any] = {
    "schema": "cvnpolicy.contract/v1",
    "contract": "btc-features",
    "artefact": "enrichment_config.json",
    "features": [[*pair] for pair in FEATURES.items()],
    "fields": {
        "btc_features_enabled": {"type": "bool", "variable": "CVN_BTC_FEATURES_ENABLED", "phase": "training"},
        "btc_features_set": {"type": "str", "variable": "CVN_BTC_FEATURES_SET", "phase": "serving"},
        "purge_bars": {"type": "int", "variable": "CVN_BTC_FEATURES_PURGE_BARS", "phase": "serving"},
    },
    "keys": {"features": "feature_names", "variant": "btc_features_set", "purge_bars": "purge_bars"},
    "variants": {
        "none": {"features": [], "purge_bars": None},
        "btc_full": {"features": [*FEATURES], "purge_bars": 5},
        "btc_full_purge0": {"features": [*FEATURES], "purge_bars": 0},
    },
    "tag": "enrichment_config_sha256",
    "anywhere": ["none"],
    "artefacts": {},
}


def written(said: Any) -> bytes:
    """Return the bytes of an artefact."""
    return json.dumps(said, indent=1).encode()


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def manifest(data: bytes | None = None, run: str = RUN, **changes: Any) -> bytes:
    """Return the bytes of a manifest that has this artefact, for a run."""
    known = {} if data is None else {run: sha(data)}
    return json.dumps({**MANIFEST, "artefacts": known, **changes}).encode()
