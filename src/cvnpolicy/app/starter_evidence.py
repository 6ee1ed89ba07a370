"""The evidence of the starter repository: made up, small, and the same on every day and machine."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random

from cvnpolicy.core.time import rfc3339

_START = datetime(2026, 1, 5, tzinfo=UTC)
_MODELS = ("xgboost", "lightgbm", "catboost")
_TRAININGS = 24
_FAILED = 13
"""Which of the trainings fails: one in 24 is about 4 %."""
_TRAINED = 200
_LIVE = 180
_COLUMNS = "spread_bps,volume_ratio"


def events() -> str:
    """Return an event log: trainings six hours apart, one of which fails."""
    return "".join(f"{line}\n" for number in range(_TRAININGS) for line in _training(number))


def training() -> str:
    """Return the sample that the model was trained on, as CSV."""
    return "\n".join([_COLUMNS, *_sample(Random(1), _TRAINED)]) + "\n"  # noqa: S311  a sample, not a secret


def live() -> str:
    """Return a sample from production, one row an hour, as CSV."""
    rows = _sample(Random(2), _LIVE)  # noqa: S311  as above
    stamped = (f"{rfc3339(_START + timedelta(hours=hour))},{row}" for hour, row in enumerate(rows))
    return "\n".join([f"ts,{_COLUMNS}", *stamped]) + "\n"


def _training(number: int) -> Iterator[str]:
    started = _START + timedelta(hours=6 * number)
    model = _MODELS[number % len(_MODELS)]
    yield f"ts={rfc3339(started)} event=training_started model={model}"
    if number == _FAILED:
        failed = started + timedelta(minutes=7)
        yield f'ts={rfc3339(failed)} event=training_failed model={model} reason="no rows for this fold"'


def _sample(draw: Random, count: int) -> Iterator[str]:
    """Yield rows from the same two distributions: whoever judges them finds no drift."""
    for _ in range(count):
        # The sum of uniform draws: the same in every version of Python, which a normal draw need not be.
        spread = 2.0 + sum(draw.random() for _ in range(4)) / 2
        volume = 0.5 + sum(draw.random() for _ in range(3)) / 3
        yield f"{spread:.4f},{volume:.4f}"
