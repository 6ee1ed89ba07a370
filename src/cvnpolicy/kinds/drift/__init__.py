"""DriftPolicy: whether the data and the model still are what was trained."""

from __future__ import annotations

from cvnpolicy.kinds.drift.judge import KIND

__all__ = ["KIND"]
