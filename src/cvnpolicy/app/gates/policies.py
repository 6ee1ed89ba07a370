"""The gate ``policies``: what ``cvnpolicy validate`` asks."""

from __future__ import annotations

from cvnpolicy.app.gates.gate import Answer, Asked, Gate
from cvnpolicy.app.validate import report_of, total
from cvnpolicy.core.errors import ExitCode
from cvnpolicy.core.finding import Outcome


def _ask(asked: Asked) -> Answer:
    found = report_of(asked.loaded.problems, asked.at)
    place = asked.project.locate(("policies",))
    if found.exit_code is ExitCode.NOTHING:
        reason = "there are no policies to validate"
        return Answer(Outcome.NOT_APPLICABLE, reason, found.exit_code, place, findings=found.findings)
    return Answer(
        outcome=Outcome.PASS if found.exit_code is ExitCode.OK else Outcome.FAIL,
        reason=total(asked.loaded),
        code=found.exit_code,
        location=place,
        ran=True,
        findings=found.findings,
    )


GATE = Gate("Are the policies valid?", _ask)
