"""The header, section 6 and the sign-off: who answers, and what was signed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cvnpolicy.kinds.readiness.model import ReadinessPolicySpec
from cvnpolicy.kinds.readiness.story import Imports, Practice, Review, SignOff
from cvnpolicy.readiness.render.form import fields
from cvnpolicy.readiness.render.inline import code, gap, listed, plain
from cvnpolicy.readiness.render.known import Known
from cvnpolicy.readiness.render.rollout import DAY

_PRACTICE = {
    Practice.DRILL: "who takes part in the handoff drill",
    Practice.ROTATION: "who shares the on-call rotation",
}
_PR_REVIEW = "pr_review"


def header(known: Known, spec: ReadinessPolicySpec) -> Iterator[str]:
    """Yield the lines above the first section."""
    facts = known.facts
    package, issue = (number if number is not None else "TBD" for number in (facts.work_package, facts.issue))
    values = {
        "story": f"{plain(known.story)} (wp#{package}), GitHub issue #{issue}",
        "owner": f"{_handle(facts.owner)}, who answers for it in production",
        "filled_on": str(facts.filled_on or DAY),
        "reviewed": "" if facts.reviews else f"session {gap('id')}, {gap('verdict')}",
    }
    yield f"# MLOps readiness — {plain(known.story)} — {gap('title') if facts.title is None else plain(facts.title)}"
    for line in fields(spec, values, lambda name, value: f"**{name}**: {value}".rstrip()):
        yield from ("", line)
    if facts.reviews and "reviewed" in spec.fields:
        yield from ("", *(f"- {_review(review)}" for review in facts.reviews))
    if known.own:
        names = listed(code(policy.name) for policy in known.own)
        yield from ("", f"Written from the policies {names}: what is wrong in a table is mended there.")


def _review(review: Review) -> str:
    return f"{plain(review.review)}: {_session(review)}, {_verdict(review)}"


def _handle(owner: str | None) -> str:
    return gap("handle") if owner is None else code(owner)


def ownership(known: Known, spec: ReadinessPolicySpec) -> Iterator[str]:
    """Yield the lines of section 6."""
    facts = known.facts
    practice = facts.backup.practises
    values = {
        "dri": _handle(facts.owner),
        "backup": f"{_handle(facts.backup.handle)}, {_PRACTICE[practice] if practice is not None else gap('practice')}",
        "authority": f"{_handle(facts.authority)} may roll back without asking",
        "sunset": str(facts.sunset or DAY),
    }
    yield ""
    yield from fields(spec, values, lambda name, value: f"- {name}: {value}")


def sign_off(known: Known, _spec: ReadinessPolicySpec) -> Iterator[str]:
    """Yield the checklist."""
    facts = known.facts
    reviewed = next((each for each in reversed(facts.reviews or ()) if each.review == _PR_REVIEW), None)
    session = None if reviewed is None else reviewed.session
    lines = {
        SignOff.MONITORING: "§1 monitoring: prediction, outcome and health are measured, and seen on dashboards",
        SignOff.ALERTING: "§2 alerting: every alert leads to its runbook",
        SignOff.DRIFT: "§3 drift: what is watched, how, and what follows",
        SignOff.ROLLOUT: "§4 rollout: the stages have criteria, and the first symbol has a name",
        SignOff.ROLLBACK: "§5 rollback: the way back is written down, and was taken in shadow",
        SignOff.OWNERSHIP: f"§6 ownership: one person answers, until the sunset on {facts.sunset or DAY}",
        SignOff.DEPENDENCIES: f"Dependency declarations: {_imports(facts.imports)}",
        SignOff.PR_REVIEW: f"Committee {code(_PR_REVIEW)}: {_session(reviewed)}, verdict {_verdict(reviewed)}",
        SignOff.COMMENT: f"Story OP comment links session {'#TBD' if session is None else code(session)}",
    }
    yield ""
    yield from (f"- [{'x' if item in (facts.signed or ()) else ' '}] {line}" for item, line in lines.items())


def _session(review: Review | None) -> str:
    return f"session {gap('id') if review is None or review.session is None else code(review.session)}"


def _verdict(review: Review | None) -> str:
    return gap("verdict") if review is None or review.verdict is None else plain(review.verdict)


def _imports(imports: Imports | None) -> str:
    if imports is None:
        return gap("how new imports are declared")
    if imports.deptry is not None:
        return f"the gate of deptry was green on commit {code(imports.deptry)}"
    if imports.declared is not None:
        return f"each new import is declared in {_files(imports.declared)}"
    return "no new import"


def _files(names: Sequence[str]) -> str:
    return listed(code(name) for name in names)
