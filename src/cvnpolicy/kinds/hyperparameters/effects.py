"""What a change to a HyperparameterPolicy does."""

from __future__ import annotations

from cvnpolicy.core.effect import EXCUSES, GUARDS, NOTE, Absent, Parts, Table, ranked, rises
from cvnpolicy.kinds.hyperparameters.model import (
    EnvironmentReads,
    Exclusion,
    HyperparameterPolicySpec,
    Resolver,
    Suppressions,
)

EFFECTS: Table = {
    HyperparameterPolicySpec: Parts(
        {
            "names": GUARDS,
            "ambiguous_names": EXCUSES,
            "scopes": GUARDS,
            "excluded": EXCUSES,
            "resolver": GUARDS,
            "environment": GUARDS,
            "fix": NOTE,
            "suppressions": ranked(Suppressions.FORBIDDEN, Suppressions.ALLOWED),
        }
    ),
    Exclusion: Parts({"story": NOTE, "owner": NOTE, "until": rises()}, key=("path",)),
    Resolver: Parts({"callables": EXCUSES, "defaults": GUARDS, "defaults_until": rises(Absent.GREATEST)}),
    EnvironmentReads: Parts({"scopes": GUARDS}),
}
