"""What the policies say of one story."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cvnpolicy.core.errors import UsageError
from cvnpolicy.core.kind import PolicySet
from cvnpolicy.core.policy import Policy
from cvnpolicy.core.resolve import Resolved, resolve_all
from cvnpolicy.kinds.alert.model import AlertPolicySpec
from cvnpolicy.kinds.metric.model import Metric, MetricPolicySpec, Role
from cvnpolicy.kinds.readiness.story import Story


class UnknownStoryError(UsageError):
    """No policy is about a story, and there are no facts of it."""

    def __init__(self, story: str) -> None:
        """Name it. The caller knows which names are near."""
        self.story = story
        super().__init__(f"no policy is about '{story}', and no ReadinessPolicy has facts of it")


@dataclass(frozen=True)
class Watched:
    """A metric, and whether it was there before the story."""

    name: str
    metric: Metric
    existing: bool


@dataclass(frozen=True)
class Known:
    """A story, its facts, and the policies."""

    story: str
    facts: Story
    policies: PolicySet

    @cached_property
    def own(self) -> tuple[Policy[Any], ...]:
        """The policies of the story, by name."""
        found = [policy for _, policy in self.policies.policies if policy.document.metadata.story == self.story]
        return tuple(sorted(found, key=lambda policy: policy.name))

    @cached_property
    def resolved(self) -> Mapping[str, Resolved]:
        """Every check of every policy by address."""
        return resolve_all(self.policies.policies, self.policies.catalog)

    @cached_property
    def _defined(self) -> Mapping[str, Metric]:
        """Every metric by name: the loader has shown that those which the facts name are there."""
        return {
            name: metric
            for _, policy in self.policies.policies
            if isinstance(policy.spec, MetricPolicySpec)
            for name, metric in policy.spec.metrics.items()
        }

    @cached_property
    def metrics(self) -> tuple[Watched, ...]:
        """The metrics of section 1, by role, those of the story's own policies first."""
        own = [
            Watched(name, metric, existing=False)
            for policy in self.own
            if isinstance(policy.spec, MetricPolicySpec)
            for name, metric in policy.spec.metrics.items()
            if name not in (self.facts.offline or ())
        ]
        names = {watched.name for watched in own}
        other = [
            Watched(name, self._defined[name], existing=True)
            for name in dict.fromkeys(self.facts.existing.metrics or ())
            if name not in names
        ]
        roles = list(Role)
        return tuple(sorted([*own, *other], key=lambda watched: roles.index(watched.metric.role)))

    @cached_property
    def _chosen(self) -> tuple[Resolved, ...]:
        """Every check of the story's own policies, and those that the facts name, each once."""
        names = [policy.name for policy in self.own]
        order = {name: place for place, name in enumerate(names)}
        own = [resolved for resolved in self.resolved.values() if resolved.policy.name in order]
        own.sort(key=lambda resolved: order[resolved.policy.name])
        added = [self.resolved[name] for name in self.facts.existing.checks or ()]
        return tuple({resolved.address: resolved for resolved in [*own, *added]}.values())

    @cached_property
    def alerts(self) -> tuple[Resolved, ...]:
        """The alerts of section 2."""
        return tuple(resolved for resolved in self._chosen if isinstance(resolved.policy.spec, AlertPolicySpec))

    @cached_property
    def drifts(self) -> tuple[Resolved, ...]:
        """The checks of section 3: of drift policies, and others that the facts name."""
        named = frozenset(self.facts.existing.checks or ())
        return tuple(
            resolved
            for resolved in self._chosen
            if resolved.kind.name == "DriftPolicy"
            or (resolved.address in named and not isinstance(resolved.policy.spec, AlertPolicySpec))
        )

    def measuring(self, watched: Watched) -> Iterator[Resolved]:
        """Yield the checks that measure a metric, those of the story's own policies first."""
        names = {policy.name for policy in self.own}
        found = [resolved for resolved in self.resolved.values() if _measures(resolved, watched)]
        yield from sorted(found, key=lambda resolved: (resolved.policy.name not in names, resolved.address))


def _measures(resolved: Resolved, watched: Watched) -> bool:
    """Whether a check measures a metric: by its name, by its event, or by its column of its table."""
    measure, source = resolved.check.measure, watched.metric.source
    if measure is None or measure.metric is not None:
        return measure is not None and measure.metric == watched.name
    answers = measure.match is not None and measure.match.event == source.event
    if source.event is not None and measure.event != source.event and not answers:
        return False
    if source.dataset is not None and measure.dataset != source.dataset:
        return False
    columns, own = resolved.question.columns, source.field or source.column
    if columns and own not in columns:
        return False
    where = resolved.question.where
    return not any(name in where and not set(kept) & set(where[name]) for name, kept in source.where.items())


def stories(policies: PolicySet) -> tuple[str, ...]:
    """Return the stories that policies are about."""
    found = {policy.document.metadata.story for _, policy in policies.policies}
    return tuple(sorted(story for story in found if story is not None))


def known(story: str, facts: Story | None, policies: PolicySet) -> Known:
    """Return what is known of a story.

    Raises:
        UnknownStoryError: If no policy is about it and there are no facts of it.
    """
    if facts is None and story not in stories(policies):
        raise UnknownStoryError(story)
    return Known(story, facts if facts is not None else Story.model_construct(), policies)
