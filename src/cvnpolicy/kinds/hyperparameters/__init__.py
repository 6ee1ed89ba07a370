"""HyperparameterPolicy: which names take their values from the resolver alone."""

from __future__ import annotations

from cvnpolicy.kinds.hyperparameters.judge import KIND

__all__ = ["KIND"]
