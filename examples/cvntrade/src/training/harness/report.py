"""Tell how well a trained model does on the rows that it has not seen."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes

log = logging.getLogger(__name__)


def f1_buy(truth: Sequence[int], said: Sequence[int]) -> float:
    """Return the F1 score of the class "buy"."""
    from sklearn.metrics import f1_score  # half a second: only where something is scored

    return float(f1_score(truth, said, pos_label=1, zero_division=0.0))


def spread(scores: Sequence[float]) -> float:
    """Return how far the scores of the folds lie apart, as a population variance."""
    import numpy as np

    return float(np.var(np.asarray(scores, dtype=np.float64)))


def draw(scores: Sequence[float], axes: Axes) -> None:
    """Draw the scores of the folds on axes that a notebook brings."""
    axes.bar(range(len(scores)), list(scores))
    log.info("event=folds_drawn folds=%s", len(scores))
