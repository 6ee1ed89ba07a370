"""What a test may see of the machine that runs it: nothing that changes an answer."""

from __future__ import annotations

import os
from collections.abc import Iterable

KEPT = frozenset({"CVNPOLICY_SHARED", "CVNPOLICY_UPDATE_GOLDEN"})
"""Addressed to the tests themselves, not to the program."""

_NAMES = frozenset({"CI", "COLUMNS", "FORCE_COLOR", "LINES", "NO_COLOR"})
_PREFIXES = ("CVNPOLICY_", "GITHUB_")


def leaking(names: Iterable[str]) -> list[str]:
    """The variables among `names` by which a developer's shell or a CI job would change what the program does."""
    return sorted(name for name in names if name not in KEPT and (name in _NAMES or name.startswith(_PREFIXES)))


def child_environment(**extra: str) -> dict[str, str]:
    """The environment for a process whose imports or output are measured: scrubbed, and without coverage's hook."""
    removed = set(leaking(os.environ))
    kept = {name: value for name, value in os.environ.items() if name not in removed and not name.startswith("COV")}
    return {**kept, **extra}
