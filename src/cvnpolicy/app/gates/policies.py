"""The gate ``policies``: what ``cvnpolicy validate`` asks."""

from __future__ import annotations

from cvnpolicy.app.gates.gate import Answer, Asked, Gate
from cvnpolicy.app.validate import report_of, total
from cvnpolicy.core.finding import Outcome


def _ask(asked: Asked) -> Answer:
    found = report_of(asked.loaded.problems, asked.at)
    return Answer(
        outcome=Outcome.PASS,
        reason=total(asked.loaded),
        code=found.exit_code,
        location=asked.project.locate(("policies",)),
        findings=found.findings,
    )


GATE = Gate("Are the policies valid?", _ask)
