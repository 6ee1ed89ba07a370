"""What a change to a part of a policy does: the words in which each kind says which way is looser.

A table maps a model to its fields and each field to a rule. What no table names is :data:`OPEN`: a change there has no
known direction, and somebody must look at it. So a table that is forgotten costs a question, never a hole.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any


class Effect(StrEnum):
    """What a change does to who gets through."""

    NONE = "none"
    TIGHTER = "tighter"
    LOOSER = "looser"
    UNKNOWN = "unknown"
    """Nobody can tell from the two texts alone."""


class How(StrEnum):
    """How the values of a field are compared."""

    NOTE = "note"
    """Words for people, or what tells items apart: no verdict depends on it."""
    OPEN = "open"
    """Any change asks something else."""
    PARTS = "parts"
    """A model, or named items of which each is compared; one that comes is new, one that goes is an open question."""
    GUARDS = "guards"
    """Each item asks for something: one more is tighter, one less is looser."""
    EXCUSES = "excuses"
    """Each item lets something through: one more is looser, one less is tighter."""
    RISES = "rises"
    """A number, a duration or an instant: more is looser."""
    FALLS = "falls"
    """A number, a duration or an instant: less is looser."""
    RANKED = "ranked"
    """One of some words."""


class Absent(StrEnum):
    """What it means that a number is not written."""

    LEAST = "least"
    GREATEST = "greatest"


@dataclass(frozen=True)
class Rule:
    """How one field is compared."""

    how: How
    absent: Absent = Absent.LEAST
    """For numbers."""
    order: tuple[Any, ...] = ()
    """For words: the tightest first. None stands for what is not written."""
    covers: Callable[[Any, Any], bool] | None = None
    """For items: whether one, the first, is or holds another, so that neither is missed where the other is."""
    doubts: bool = False
    """For numbers: whether what is tighter also leaves more undecided. Where doubt passes, that lets more through."""


NOTE, OPEN, PARTS = Rule(How.NOTE), Rule(How.OPEN), Rule(How.PARTS)
GUARDS, EXCUSES = Rule(How.GUARDS), Rule(How.EXCUSES)


def rises(absent: Absent = Absent.LEAST, *, doubts: bool = False) -> Rule:
    """More is looser."""
    return Rule(How.RISES, absent, doubts=doubts)


def falls(absent: Absent = Absent.LEAST, *, doubts: bool = False) -> Rule:
    """Less is looser."""
    return Rule(How.FALLS, absent, doubts=doubts)


def guards(covers: Callable[[Any, Any], bool]) -> Rule:
    """Return the rule for items that guard, of which one may hold another: a folder its files."""
    return replace(GUARDS, covers=covers)


def excuses(covers: Callable[[Any, Any], bool]) -> Rule:
    """Return the rule for items that excuse, of which one may hold another."""
    return replace(EXCUSES, covers=covers)


def ranked(*order: object) -> Rule:
    """Return the rule for words of which the first is the tightest."""
    return Rule(How.RANKED, order=order)


@dataclass(frozen=True)
class Parts:
    """The fields of one model, and what tells its items apart in a list."""

    fields: Mapping[str, Rule]
    key: tuple[str, ...] = ()
    """The fields that name an item. Without any, items are the same where they are equal."""
    leans: tuple[str, ...] = ()
    """The fields that name a check of the document which lets something through while it is bad."""


Table = Mapping[type[Any], Parts]
"""What is known of the models of one kind."""
