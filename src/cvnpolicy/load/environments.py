"""Environments that are like another one: that one is there, and has bindings of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from cvnpolicy.core.configuration import Configuration, LikeEnvironment
from cvnpolicy.core.errors import Problem
from cvnpolicy.core.location import Location
from cvnpolicy.core.rules import DocumentRule
from cvnpolicy.load.nearest import Suggestions
from cvnpolicy.load.words import shown


def alike_problems(
    configuration: Configuration, locate: Callable[[Sequence[str | int]], Location]
) -> Iterator[Problem]:
    """Yield each environment that is like none with bindings. One step and no more: nobody has to follow a chain."""
    known, bound, suggestions = configuration.environments, configuration.bound, Suggestions()
    for name, environment in known.items():
        if not isinstance(environment, LikeEnvironment) or environment.like in bound:
            continue
        found = known.get(environment.like)
        if environment.like == name:
            what = f"environment '{name}' is like itself"
        elif found is not None:
            what = f"environment '{environment.like}' binds nothing itself: it is like another"
        else:
            what = f"there is no environment {shown(environment.like)}"
        if isinstance(found, LikeEnvironment) and found.like in bound:
            right = f"write like: {found.like}"
        else:
            right = suggestions.did_you_mean(environment.like, bound) if bound else "bind the names in one environment"
        yield Problem(DocumentRule.DANGLING_NAME, what, right, locate(("environments", name, "like")))
