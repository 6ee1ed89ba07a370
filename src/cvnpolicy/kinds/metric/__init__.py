"""MetricPolicy: what is measured in production, and the checks on it."""

from __future__ import annotations

from cvnpolicy.kinds.metric.judge import KIND

__all__ = ["KIND"]
