"""What a change to a HyperparameterPolicy does."""

from __future__ import annotations

from cvnpolicy.core.effect import EXCUSES, GUARDS, NOTE, Absent, Parts, Table, excuses, guards, ranked, rises
from cvnpolicy.core.paths import covers, finds
from cvnpolicy.kinds.hyperparameters.model import (
    EnvironmentReads,
    Exclusion,
    HyperparameterPolicySpec,
    Resolver,
    Suppressions,
)


def _excludes(outer: Exclusion, inner: Exclusion) -> bool:
    """Whether all that an exclusion leaves out, another leaves out for as long."""
    return covers(outer.path, inner.path) and inner.until <= outer.until


EFFECTS: Table = {
    HyperparameterPolicySpec: Parts(
        {
            "names": GUARDS,
            "ambiguous_names": EXCUSES,
            "scopes": guards(finds),
            "excluded": excuses(_excludes),
            "resolver": GUARDS,
            "environment": GUARDS,
            "fix": NOTE,
            "suppressions": ranked(Suppressions.FORBIDDEN, Suppressions.ALLOWED),
        }
    ),
    Exclusion: Parts({"story": NOTE, "owner": NOTE, "until": rises()}, key=("path",)),
    Resolver: Parts({"callables": EXCUSES, "defaults": GUARDS, "defaults_until": rises(Absent.GREATEST)}),
    EnvironmentReads: Parts({"scopes": guards(finds)}),
}
