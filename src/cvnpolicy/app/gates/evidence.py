"""The gate ``evidence``: what ``cvnpolicy evaluate`` asks."""

from __future__ import annotations

from cvnpolicy.app.gates.gate import Answer, Asked, Gate, total
from cvnpolicy.core.errors import ExitCode, MissingExtraError, exit_code_of
from cvnpolicy.core.finding import Outcome
from cvnpolicy.core.kind import PolicySet
from cvnpolicy.load.project import Project

DEFAULT = "default"
"""The environment that is used where nobody names one."""

_OUTCOMES = {ExitCode.OK: Outcome.PASS, ExitCode.FAILED: Outcome.FAIL, ExitCode.UNDECIDED: Outcome.INCONCLUSIVE}


def _ask(asked: Asked) -> Answer:
    obstacle = _obstacle(asked)
    if obstacle is not None:
        return obstacle
    # What reads evidence is imported only where some is judged.
    from cvnpolicy.app.evaluate import evaluate

    environment = asked.environment or DEFAULT
    project, policies = _standing(asked)
    place = project.locate(("environments", environment))
    try:
        judged = evaluate(
            project,
            policies,
            at=asked.at,
            environment=environment,
            evidence=asked.evidence,
            strict=asked.strict,
        )
    except MissingExtraError as missing:
        # Not a wrong command line alone: the other gates have something to say all the same.
        return Answer(
            Outcome.ERROR, missing.what, missing.exit_code, place, hint=f"{missing.right}, or --skip evidence"
        )
    report = judged.report
    return Answer(
        outcome=_OUTCOMES[report.exit_code],
        reason=f"{_source(asked, environment)}: {total(report)}",
        code=report.exit_code,
        location=place,
        ran=True,
        findings=report.findings,
        evidence=judged.evidence,
        evidence_sha256=report.evidence_sha256,
    )


def _standing(asked: Asked) -> tuple[Project, PolicySet]:
    """Return what to judge by; what is there where it is not valid."""
    return asked.judged or (asked.project, asked.loaded.policies)


def _obstacle(asked: Asked) -> Answer | None:
    """Return why there is nothing to judge, or nothing to judge it on."""
    project, policies = _standing(asked)
    place = project.locate(("environments",))
    code = ExitCode.OK if asked.judged is not None and policies.policies else exit_code_of(asked.loaded.problems)
    if code is ExitCode.NOTHING:
        reason = "there are no policies to judge"
        return Answer(Outcome.NOT_APPLICABLE, reason, code, place, hint="write a policy")
    if code is not ExitCode.OK:
        reason = "the policies are not valid"
        return Answer(Outcome.INCONCLUSIVE, reason, ExitCode.UNDECIDED, place, hint="mend the policies first")
    if not any(kind.checks(policy.spec) for kind, policy in policies.policies):
        reason, hint = "no policy has a check: there is nothing to judge", "write a check, or --skip evidence"
        return Answer(Outcome.NOT_APPLICABLE, reason, ExitCode.NOTHING, place, hint=hint)
    if asked.evidence is not None or asked.environment is not None:
        return None
    if asked.change is not None:
        reason, hint = "a change brings no evidence of its own", "name what to judge on with --env or --evidence"
        return Answer(Outcome.NOT_APPLICABLE, reason, ExitCode.OK, place, hint=hint)
    bound = project.configuration.environments
    if not bound:
        # Whoever removes the bindings must not get a pass for it.
        reason = f"{place.file} binds no dataset to anything: there is no evidence"
        hint = "add environments: {default: {…}}, or --skip evidence"
        return Answer(Outcome.INCONCLUSIVE, reason, ExitCode.UNDECIDED, place, hint=hint)
    if DEFAULT not in bound:
        hint = f"name one with --env: {', '.join(bound)}"
        return Answer(Outcome.ERROR, f"there is no environment '{DEFAULT}'", ExitCode.USAGE, place, hint=hint)
    return None


def _source(asked: Asked, environment: str) -> str:
    return "recorded evidence" if asked.evidence is not None else f"environment {environment}"


GATE = Gate("Does the evidence satisfy the policies?", _ask)
