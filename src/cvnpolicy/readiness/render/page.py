"""The whole file, section by section as the policy has them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from cvnpolicy.core.kind import PolicySet
from cvnpolicy.kinds.readiness.model import ReadinessPolicySpec
from cvnpolicy.kinds.readiness.story import Story
from cvnpolicy.readiness.render.alerting import alerting
from cvnpolicy.readiness.render.drift import drift
from cvnpolicy.readiness.render.form import heading
from cvnpolicy.readiness.render.inline import gap, plain
from cvnpolicy.readiness.render.known import Known, known
from cvnpolicy.readiness.render.monitoring import monitoring
from cvnpolicy.readiness.render.people import header, ownership, sign_off
from cvnpolicy.readiness.render.rollout import rollback, rollout

_SECTIONS: Mapping[str, Callable[[Known, ReadinessPolicySpec], Iterator[str]]] = {
    "monitoring": monitoring,
    "alerting": alerting,
    "drift": drift,
    "rollout": rollout,
    "rollback": rollback,
    "ownership": ownership,
    "sign_off": sign_off,
}


def render(story: str, facts: Story | None, policies: PolicySet, spec: ReadinessPolicySpec) -> str:
    """Return the readiness file of a story. What neither policies nor facts say is a placeholder of the form.

    Args:
        story: Its id.
        facts: What no policy says of it; None where nobody has written anything.
        policies: Every policy; those whose ``metadata.story`` it is are the story's own.
        spec: What a readiness file must contain, and how its parts are called.

    Raises:
        UnknownStoryError: If no policy is about the story and there are no facts of it.
    """
    what = known(story, facts, policies)
    lines = list(header(what, spec))
    for name in spec.sections:
        lines += ["", heading(spec, name), *_section(name, what, spec)]
    return "\n".join(lines) + "\n"


def _section(name: str, what: Known, spec: ReadinessPolicySpec) -> Iterator[str]:
    build = _SECTIONS.get(name)
    if build is None:
        # A section of the team's own, which nothing is known of.
        yield from ("", gap(name))
    else:
        yield from build(what, spec)
    reason = what.facts.skips.get(name)
    if reason is not None:
        marker = spec.marker.replace("{dash}", "—")
        yield from ("", f"**{plain(marker)}**: {plain(reason)}")
