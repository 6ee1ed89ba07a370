"""What a change to a ReadinessPolicy does."""

from __future__ import annotations

from cvnpolicy.core.effect import EXCUSES, GUARDS, NOTE, Parts, Table, guards, ranked
from cvnpolicy.core.paths import covers
from cvnpolicy.kinds.readiness.model import Level, PullRequest, ReadinessPolicySpec, Rule, Runbook, Unknown

EFFECTS: Table = {
    ReadinessPolicySpec: Parts(
        {
            "files": GUARDS,
            "instructions": GUARDS,
            "persons": EXCUSES,
            "runbook": GUARDS,
            "rules": GUARDS,
            "stories": NOTE,
            "pull_request": GUARDS,
        }
    ),
    Runbook: Parts({"files": GUARDS, "scripts": GUARDS, "common": EXCUSES}),
    Rule: Parts(
        {
            "says": NOTE,
            "right": NOTE,
            "because": NOTE,
            "level": ranked(Level.MUST, Level.SHOULD),
            "only_if": EXCUSES,
            "skip": EXCUSES,
            "on_unknown": ranked(Unknown.HOLD, Unknown.PASS),
        },
        key=("id",),
    ),
    PullRequest: Parts({"code": guards(covers)}),
}
