"""The readiness file of a story, written from the policies and from the facts of a ReadinessPolicy."""

from __future__ import annotations

from cvnpolicy.core.errors import UsageError
from cvnpolicy.core.kind import PolicySet
from cvnpolicy.kinds.readiness.model import ReadinessPolicySpec
from cvnpolicy.load.nearest import did_you_mean
from cvnpolicy.readiness.render import UnknownStoryError, render, stories


def render_story(story: str, policies: PolicySet) -> str:
    """Return the Markdown of a story's readiness file.

    Raises:
        UsageError: If no ReadinessPolicy or more than one could say how, or if nothing is known of the story.
    """
    specs = [policy.spec for _, policy in policies.policies if isinstance(policy.spec, ReadinessPolicySpec)]
    having = [spec for spec in specs if story in spec.stories]
    chosen = having or specs
    if not chosen:
        raise UsageError("no policy says what a readiness file contains: add one of kind ReadinessPolicy")
    if len(chosen) > 1:
        raise UsageError(f"{len(chosen)} policies of kind ReadinessPolicy could say how '{story}' is written: keep one")
    spec = chosen[0]
    try:
        return render(story, spec.stories.get(story), policies, spec)
    except UnknownStoryError as error:
        known = dict.fromkeys([*stories(policies), *(name for each in specs for name in each.stories)])
        raise UsageError(f"{error}: {did_you_mean(story, known)}") from None
