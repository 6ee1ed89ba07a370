"""The model of a DriftPolicy."""

from __future__ import annotations

from cvnpolicy.core.check import Check
from cvnpolicy.core.model import Many
from cvnpolicy.core.policy import Spec


class DriftPolicySpec(Spec):
    """Checks that what is served still looks like what was trained on."""

    checks: Many[Check]
    """What must hold."""
