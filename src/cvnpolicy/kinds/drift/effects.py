"""What a change to a DriftPolicy does."""

from __future__ import annotations

from cvnpolicy.core.effect import GUARDS, Parts, Table
from cvnpolicy.kinds.drift.model import DriftPolicySpec

EFFECTS: Table = {DriftPolicySpec: Parts({"checks": GUARDS})}
