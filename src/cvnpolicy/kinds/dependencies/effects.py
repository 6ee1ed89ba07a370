"""What a change to a DependencyPolicy does."""

from __future__ import annotations

from cvnpolicy.core.effect import EXCUSES, GUARDS, Parts, Table, excuses, guards, ranked
from cvnpolicy.core.paths import covers, finds
from cvnpolicy.kinds.dependencies.model import DependencyPolicySpec, TypeChecking

EFFECTS: Table = {
    DependencyPolicySpec: Parts(
        {
            "code": guards(finds),
            "excluded": excuses(covers),
            "requirements": GUARDS,
            "first_party": EXCUSES,
            "type_checking": ranked(TypeChecking.REQUIRE, TypeChecking.IGNORE),
        }
    )
}
