"""The gate ``evidence``: what ``cvnpolicy evaluate`` asks."""

from __future__ import annotations

from cvnpolicy.app.gates.gate import Answer, Asked, Gate
from cvnpolicy.core.errors import ExitCode, MissingExtraError, exit_code_of
from cvnpolicy.core.finding import Outcome, Report
from cvnpolicy.core.weight import Weight, weigh

DEFAULT = "default"
"""The environment that is used where nobody names one."""


def _ask(asked: Asked) -> Answer:
    obstacle = _obstacle(asked)
    if obstacle is not None:
        return obstacle
    # What reads evidence is imported only where some is judged.
    from cvnpolicy.app.evaluate import evaluate

    environment = asked.environment or DEFAULT
    place = asked.project.locate(("environments", environment))
    try:
        judged = evaluate(
            asked.project,
            asked.loaded.policies,
            at=asked.at,
            environment=environment,
            evidence=asked.evidence,
            strict=asked.strict,
        )
    except MissingExtraError as missing:
        # Not a wrong command line alone: the other gates have something to say all the same.
        needed, _, install = str(missing).partition(": ")
        return Answer(Outcome.ERROR, needed, missing.exit_code, place, hint=f"{install}, or --skip evidence")
    report = judged.report
    if report.exit_code is ExitCode.NOTHING:
        reason, hint = "no policy has a check: there is nothing to judge", "write a check, or --skip evidence"
        return Answer(Outcome.NOT_APPLICABLE, reason, report.exit_code, place, hint=hint)
    return Answer(
        outcome=Outcome.PASS,
        reason=f"{_source(asked, environment)}: {_total(report)}",
        code=report.exit_code,
        location=place,
        findings=report.findings,
        evidence=judged.evidence,
        evidence_sha256=report.evidence_sha256,
    )


def _obstacle(asked: Asked) -> Answer | None:
    """Return why there is nothing to judge, or nothing to judge it on."""
    place = asked.project.locate(("environments",))
    code = exit_code_of(asked.loaded.problems)
    if code is ExitCode.NOTHING:
        reason = "there are no policies to judge"
        return Answer(Outcome.NOT_APPLICABLE, reason, code, place, hint="write a policy")
    if code is not ExitCode.OK:
        reason = "the policies are not valid"
        return Answer(Outcome.INCONCLUSIVE, reason, ExitCode.UNDECIDED, place, hint="mend the policies first")
    bound = asked.project.configuration.environments
    if not bound and asked.evidence is None and asked.environment is None:
        reason = f"{place.file} binds no dataset to anything: there is no evidence"
        return Answer(Outcome.NOT_APPLICABLE, reason, ExitCode.OK, place, hint="add environments: {default: {…}}")
    return None


def _source(asked: Asked, environment: str) -> str:
    return "recorded evidence" if asked.evidence is not None else f"environment {environment}"


def _total(report: Report) -> str:
    weights = [weigh(finding, strict=report.strict) for finding in report.findings]
    blocking = weights.count(Weight.FAILS) + weights.count(Weight.HOLDS)
    says = {0: "none blocks", 1: "1 blocks"}.get(blocking, f"{blocking} block")
    return f"{len(weights)} finding{'' if len(weights) == 1 else 's'}, {says}"


GATE = Gate("Does the evidence satisfy the policies?", _ask)
