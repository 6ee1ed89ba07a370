"""ReadinessPolicy: what readiness files and runbooks must contain."""

from __future__ import annotations

from cvnpolicy.kinds.readiness.judge import KIND

__all__ = ["KIND"]
