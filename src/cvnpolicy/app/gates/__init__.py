"""The gates of ``cvnpolicy check``. One module and one line here make a gate, imported when asked or listed."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

from cvnpolicy.app.gates.gate import Gate

GATES: Mapping[str, str] = MappingProxyType(
    {
        "policies": "cvnpolicy.app.gates.policies",
        "change": "cvnpolicy.app.gates.change",
        "pull-request": "cvnpolicy.app.gates.pull_request",
        "code": "cvnpolicy.app.gates.code",
        "dependencies": "cvnpolicy.app.gates.dependencies",
        "readiness": "cvnpolicy.app.gates.readiness",
        "schemas": "cvnpolicy.app.gates.schemas",
        "evidence": "cvnpolicy.app.gates.evidence",
    }
)
"""Name of a gate and the module whose ``GATE`` it is, in the order in which they are asked."""


def load_gate(name: str) -> Gate:
    """Import and return a gate.

    Raises:
        KeyError: If there is no gate of this name.
    """
    gate: Gate = import_module(GATES[name]).GATE
    return gate
