"""FeatureContract: the ordered features of a model's input."""

from __future__ import annotations

from cvnpolicy.kinds.feature_contract.judge import KIND

__all__ = ["KIND"]
