"""Kleene's strong three-valued logic: what is not known never counts as true, nor as false."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum


class Truth(Enum):
    """True, false, or not known."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"

    @staticmethod
    def of(value: bool | None) -> Truth:
        """Return the truth value of a bool; None is unknown."""
        if value is None:
            return Truth.UNKNOWN
        return Truth.TRUE if value else Truth.FALSE

    def __invert__(self) -> Truth:
        """Negate: unknown stays unknown."""
        if self is Truth.UNKNOWN:
            return self
        return Truth.FALSE if self is Truth.TRUE else Truth.TRUE


def conjunction(values: Iterable[Truth]) -> Truth:
    """True when all are true, false once one is false, else unknown. True for none: callers refuse empty lists."""
    seen = set(values)
    if Truth.FALSE in seen:
        return Truth.FALSE
    return Truth.UNKNOWN if Truth.UNKNOWN in seen else Truth.TRUE


def disjunction(values: Iterable[Truth]) -> Truth:
    """True once one is true, false when all are false, else unknown. False for none: callers refuse empty lists."""
    return ~conjunction(~value for value in values)
