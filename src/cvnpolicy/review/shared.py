"""What a change does to the parts that documents of every kind have."""

from __future__ import annotations

from cvnpolicy.core.check import Check, Escalation
from cvnpolicy.core.configuration import Configuration
from cvnpolicy.core.effect import EXCUSES, GUARDS, NOTE, PARTS, Absent, Parts, Table, falls, ranked, rises
from cvnpolicy.core.finding import OnUnknown, Severity
from cvnpolicy.core.policy import Baseline, Document, Fact, Metadata, Spec, Waiver

SHARED: Table = {
    Document: Parts({"metadata": PARTS, "enforcement": PARTS, "waivers": EXCUSES, "spec": PARTS}),
    Metadata: Parts({"title": NOTE, "story": NOTE, "links": NOTE}),
    Waiver: Parts({"reason": NOTE, "expires": rises()}, key=("check", "group")),
    Spec: Parts({"baselines": PARTS, "facts": PARTS}),
    Baseline: Parts({"source": NOTE}),
    Fact: Parts({"fresh_for": rises(Absent.GREATEST, doubts=True)}),
    Escalation: Parts({}, key=("after", "at")),
    Check: Parts(
        {
            "only_if": EXCUSES,
            "min_samples": falls(doubts=True),
            "min_coverage": falls(doubts=True),
            "on_unknown": ranked(OnUnknown.FAIL, OnUnknown.HOLD, OnUnknown.PASS),
            "because": NOTE,
            "severity": ranked(Severity.P1, Severity.P2, Severity.P3, None),
            "escalate": GUARDS,
            "active_from": rises(),
            "runbook": NOTE,
            "action": NOTE,
            "requirement": NOTE,
        },
        key=("id",),
    ),
    Configuration: Parts({"policies": NOTE, "sets": GUARDS, "environments": PARTS}),
}
"""The envelope, and checks but for their conditions, which :mod:`cvnpolicy.review.checks` compares.

The owner is not here: who takes a document over would else approve for himself what the owner did not.
"""
