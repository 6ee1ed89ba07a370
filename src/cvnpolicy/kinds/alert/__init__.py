"""AlertPolicy: who is told about what, and how urgently."""

from __future__ import annotations

from cvnpolicy.kinds.alert.judge import KIND

__all__ = ["KIND"]
