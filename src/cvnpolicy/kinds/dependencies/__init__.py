"""DependencyPolicy: what code imports is declared."""

from __future__ import annotations

from cvnpolicy.kinds.dependencies.judge import KIND

__all__ = ["KIND"]
