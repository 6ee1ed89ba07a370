"""Names that documents define and use. Models mark them in their annotations; the loader checks them all alike."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

GATES = "gate"
"""What the findings of gates are addressed below; no policy has this name."""


class Namespace(StrEnum):
    """What a name can name."""

    POLICY = "policy"
    CHECK = "check"
    """An address: ``check``, ``policy/check``, ``policy/*`` or ``*``."""
    EVENT = "event"
    METRIC = "metric"
    CONTRACT = "contract"
    FACT = "fact"
    BASELINE = "baseline"
    """Of the same document."""
    DATASET = "dataset"
    """Bound in the configuration, in any environment."""
    SET = "set"
    """A named list of members, in the configuration."""
    RUNBOOK = "runbook"
    """A Markdown file of the repository, with ``#anchor``."""


@dataclass(frozen=True, slots=True)
class Ref:
    """Marks a text as the use of a name."""

    namespace: Namespace


@dataclass(frozen=True, slots=True)
class Defines:
    """Marks a text (often the key of a mapping) as the definition of a name."""

    namespace: Namespace
