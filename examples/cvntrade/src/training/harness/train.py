"""Train one model of a sweep, with the values of the Console and no others."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from commun.hpo.resolver import resolve, training_of

M = TypeVar("M")
Row = Sequence[float]
Fit = Callable[[Sequence[Row], Sequence[int], Mapping[str, float]], M]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Job:
    """What is trained."""

    run_id: str
    model: str
    timeframe: str
    symbol: str


def parameters(model: str) -> dict[str, float]:
    """Return the parameters of a type of model; call it inside of ``training_of``."""
    shared = {"learning_rate": resolve("learning_rate"), "early_stopping_rounds": int(resolve("early_stopping_rounds"))}
    if model == "catboost":
        return {**shared, "depth": int(resolve("depth")), "l2_leaf_reg": resolve("l2_leaf_reg")}
    shared["max_depth"] = int(resolve("max_depth"))
    if model == "lightgbm":
        return {**shared, "num_leaves": int(resolve("num_leaves"))}
    return {**shared, "subsample": resolve("subsample"), "gamma": resolve("gamma")}


def train(job: Job, rows: Sequence[Row], labels: Sequence[int], fit: Fit[M]) -> M:
    """Fit the model of a job, and log with which values it began."""
    if len(rows) != len(labels):
        raise ValueError(f"{len(rows)} rows and {len(labels)} labels")
    with training_of(job.model, job.timeframe):
        values = parameters(job.model)
    said = " ".join(f"{name}={value}" for name, value in values.items())
    log.info("event=training_started run_id=%s model=%s symbol=%s %s", job.run_id, job.model, job.symbol, said)
    return fit(rows, labels, values)
