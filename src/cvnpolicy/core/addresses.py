"""Which checks an address means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

T = TypeVar("T")


def addressed(address: str, policy: str, checks: Mapping[str, T]) -> list[T]:
    """Return the checks an address names, in the order of the mapping (keyed ``policy/check``).

    ``check`` is of ``policy`` itself, ``other/check`` of another, ``other/*`` all of another, ``*`` all of the set.
    """
    if address == "*":
        return list(checks.values())
    if "/" not in address:
        address = f"{policy}/{address}"
    if address.endswith("/*"):
        prefix = address[:-1]
        return [check for key, check in checks.items() if key.startswith(prefix)]
    return [checks[address]] if address in checks else []
