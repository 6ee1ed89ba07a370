"""The one reader of ``CVN_HPO_*``: the values that people set in the Console, by model, timeframe and name."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

PREFIX = "CVN_HPO_"

_trained: ContextVar[tuple[str, str]] = ContextVar("trained")


class MissingKeyError(LookupError):
    """A key that has no value in the Console: the training stops, and says which one it is."""


class Range(NamedTuple):
    """Where a search looks, and whether it steps on a ``linear`` or a ``log`` scale."""

    low: float
    high: float
    scale: str


@contextmanager
def training_of(model: str, timeframe: str) -> Iterator[None]:
    """Resolve for this model and timeframe inside of the block."""
    token = _trained.set((model, timeframe))
    try:
        yield
    finally:
        _trained.reset(token)


def resolve(name: str) -> float:
    """Return the value of a hyperparameter. There is no fallback."""
    return float(_read(name))


def resolve_range(name: str) -> Range:
    """Return where a search of a hyperparameter looks."""
    low, high = (float(_read(f"{name}_range_{end}")) for end in ("min", "max"))
    return Range(low, high, _read(f"{name}_range_scale"))


def _read(name: str) -> str:
    model, timeframe = _trained.get()
    key = f"{PREFIX}{model}_{timeframe}_{name}".upper()
    try:
        return os.environ[key]
    except KeyError as error:
        raise MissingKeyError(f"{key} has no value: seed it in the Console") from error
