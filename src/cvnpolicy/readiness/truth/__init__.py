"""What documents state, compared with the policies."""

from __future__ import annotations

from cvnpolicy.readiness.truth.compare import compare, figures, learn
from cvnpolicy.readiness.truth.figure import Figure, FigureKind, Status
from cvnpolicy.readiness.truth.knowledge import Knowledge

__all__ = ["Figure", "FigureKind", "Knowledge", "Status", "compare", "figures", "learn"]
