"""Search the ranges of the Console for the best values of a model."""

from __future__ import annotations

import itertools
import logging
import math
from collections.abc import Callable, Iterator, Mapping, Sequence

from commun.hpo.resolver import Range, resolve_range, training_of

Values = Mapping[str, float]

log = logging.getLogger(__name__)


def steps(within: Range, count: int) -> list[float]:
    """Return so many values from the low end to the high end of a range, both included."""
    if count < 2:
        raise ValueError("a search has at least the two ends of a range")
    if within.scale == "log":
        return [within.low * (within.high / within.low) ** (step / (count - 1)) for step in range(count)]
    return [within.low + (within.high - within.low) * step / (count - 1) for step in range(count)]


def candidates(model: str, timeframe: str, names: Sequence[str], count: int) -> Iterator[Values]:
    """Yield each combination of the steps of each name."""
    with training_of(model, timeframe):
        ranges = [resolve_range(name) for name in names]
    for values in itertools.product(*(steps(within, count) for within in ranges)):
        yield dict(zip(names, values, strict=True))


def best(tried: Iterator[Values], score: Callable[[Values], float]) -> Values:
    """Return the values with the highest score; the first of several."""
    found: Values | None = None
    highest = -math.inf
    iterations = 0  # a counter, as every loop has one: not the hyperparameter of catboost
    for values in tried:
        iterations += 1
        reached = score(values)
        if found is None or reached > highest:
            found, highest = values, reached
    if found is None:
        raise ValueError("there is no candidate")
    log.info("the best of %d candidates reaches %s", iterations, highest)
    return found
