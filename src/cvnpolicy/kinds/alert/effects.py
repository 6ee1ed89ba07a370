"""What a change to an AlertPolicy does."""

from __future__ import annotations

from cvnpolicy.core.effect import EXCUSES, GUARDS, Parts, Table
from cvnpolicy.kinds.alert.model import AlertPolicySpec, Inhibition

EFFECTS: Table = {
    AlertPolicySpec: Parts({"alerts": GUARDS, "inhibit": EXCUSES}),
    Inhibition: Parts({"silences": EXCUSES}, key=("when",), leans=("when",)),
}
