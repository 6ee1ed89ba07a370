from __future__ import annotations

from cvnpolicy.core.finding import Finding, Outcome
from cvnpolicy.core.location import Location
from cvnpolicy.core.weight import Weight, weigh


def test_a_warning_fails_only_if_strict_is_asked_for():
    warning = Finding(id="p/c", rule="CVN101", outcome=Outcome.WARN, message="so", location=Location("a.yaml", 1, 1))
    assert weigh(warning) is Weight.NONE
    assert weigh(warning, strict=True) is Weight.FAILS
