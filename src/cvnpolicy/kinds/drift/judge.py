"""The checks of a DriftPolicy."""

from __future__ import annotations

from collections.abc import Sequence

from cvnpolicy.core.kind import Kind, Located
from cvnpolicy.kinds.drift.effects import EFFECTS
from cvnpolicy.kinds.drift.model import DriftPolicySpec


def checks(spec: DriftPolicySpec) -> Sequence[Located]:
    """Return the checks and where they stand."""
    return tuple(Located(check, ("checks", index)) for index, check in enumerate(spec.checks))


KIND = Kind(name="DriftPolicy", rule="CVN201", spec=DriftPolicySpec, effects=EFFECTS, checks=checks)
