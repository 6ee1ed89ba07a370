"""What is wrong with a DependencyPolicy, and what it says. It judges nothing itself: the imports are read elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cvnpolicy.core.catalog import Catalog
from cvnpolicy.core.errors import Problem
from cvnpolicy.core.kind import Kind, Said
from cvnpolicy.core.paths import covers
from cvnpolicy.core.policy import Policy
from cvnpolicy.core.rules import DocumentRule
from cvnpolicy.kinds.dependencies.effects import EFFECTS
from cvnpolicy.kinds.dependencies.model import DependencyPolicySpec


def problems(policy: Policy[DependencyPolicySpec], _catalog: Catalog) -> Iterator[Problem]:
    """Yield what is listed twice, and exclusions that exclude nothing or everything."""
    spec = policy.spec
    lists: list[tuple[str, Sequence[str]]] = [
        ("code", spec.code),
        ("excluded", spec.excluded or ()),
        ("requirements", spec.requirements),
        ("first_party", spec.first_party or ()),
    ]
    for key, items in lists:
        for index, item in enumerate(items):
            if item in items[:index]:
                earlier = policy.locate(("spec", key, items.index(item)))
                place = policy.locate(("spec", key, index))
                yield Problem(
                    DocumentRule.DUPLICATE_NAME, f"'{item}' is listed twice", f"the first is at {earlier}", place
                )
    for index, path in enumerate(spec.excluded or ()):
        place = policy.locate(("spec", "excluded", index))
        if any(covers(path, scope) for scope in spec.code):
            what, right = f"'{path}' excludes all of a part of code", "remove that part, or exclude less"
            yield Problem(DocumentRule.BAD_VALUE, what, right, place)
        elif not any(covers(scope, path) for scope in spec.code):
            what, right = f"'{path}' lies outside of code, so it excludes nothing", "remove it, or name a part of code"
            yield Problem(DocumentRule.BAD_VALUE, what, right, place)


def explains(policy: Policy[DependencyPolicySpec]) -> Iterator[Said]:
    """Yield what must be declared where."""
    spec = policy.spec
    yield Said(f"What {', '.join(spec.code)} imports is declared in {' and in '.join(spec.requirements)}.")
    yield Said(f"Environment markers are read for Python {spec.python} on {spec.platform.value}.")


KIND = Kind(
    name="DependencyPolicy",
    rule="CVN520",
    spec=DependencyPolicySpec,
    judges=False,
    imports=True,
    effects=EFFECTS,
    problems=problems,
    explains=explains,
)
