"""What is wrong with a HyperparameterPolicy, and what it says. It judges nothing itself: the linter reads it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cvnpolicy.core.catalog import Catalog
from cvnpolicy.core.errors import Problem
from cvnpolicy.core.kind import Kind, Said
from cvnpolicy.core.paths import covers
from cvnpolicy.core.policy import Policy
from cvnpolicy.core.rules import DocumentRule
from cvnpolicy.kinds.hyperparameters.effects import EFFECTS
from cvnpolicy.kinds.hyperparameters.model import HyperparameterPolicySpec

Listed = tuple[str, Sequence[str], tuple[str | int, ...], tuple[str | int, ...]]
"""What a list holds, its items, its path, and the path below each item."""


def problems(policy: Policy[HyperparameterPolicySpec], _catalog: Catalog) -> Iterator[Problem]:
    """Yield what is listed twice, ambiguous names that are no names, and exclusions that exclude nothing or all."""
    yield from _twice(policy)
    yield from _unknown(policy)
    yield from _exclusions(policy)


def _lists(spec: HyperparameterPolicySpec) -> Iterator[Listed]:
    yield "name", spec.names, ("names",), ()
    yield "ambiguous name", spec.ambiguous_names or (), ("ambiguous_names",), ()
    yield "scope", spec.scopes, ("scopes",), ()
    yield "exclusion", [exclusion.path for exclusion in spec.excluded or ()], ("excluded",), ("path",)
    yield "callable", spec.resolver.callables, ("resolver", "callables"), ()
    yield "argument", spec.resolver.defaults, ("resolver", "defaults"), ()
    if spec.environment is not None:
        yield "scope", spec.environment.scopes, ("environment", "scopes"), ()
    if spec.keys is not None:
        yield "model", spec.keys.models, ("keys", "models"), ()
        yield "timeframe", spec.keys.timeframes, ("keys", "timeframes"), ()
        yield "range", spec.keys.ranges or (), ("keys", "ranges"), ()
        for model, parameters in spec.keys.parameters.items():
            yield "parameter", parameters, ("keys", "parameters", model), ()


def _twice(policy: Policy[HyperparameterPolicySpec]) -> Iterator[Problem]:
    for what, items, path, below in _lists(policy.spec):
        first: dict[str, int] = {}
        for index, item in enumerate(items):
            if first.setdefault(item, index) != index:
                earlier = policy.locate(("spec", *path, first[item], *below))
                place = policy.locate(("spec", *path, index, *below))
                says = f"the {what} '{item}' is listed twice"
                yield Problem(DocumentRule.DUPLICATE_NAME, says, f"the first is at {earlier}", place)


def _unknown(policy: Policy[HyperparameterPolicySpec]) -> Iterator[Problem]:
    for index, name in enumerate(policy.spec.ambiguous_names or ()):
        if name not in policy.spec.names:
            place = policy.locate(("spec", "ambiguous_names", index))
            right = "add it to names, or remove it here"
            yield Problem(DocumentRule.DANGLING_NAME, f"'{name}' is not among names", right, place)


def _exclusions(policy: Policy[HyperparameterPolicySpec]) -> Iterator[Problem]:
    scopes = policy.spec.scopes
    for index, exclusion in enumerate(policy.spec.excluded or ()):
        path = exclusion.path
        place = policy.locate(("spec", "excluded", index, "path"))
        gone = next((scope for scope in scopes if covers(path, scope)), None)
        if gone is not None:
            what, right = f"'{path}' excludes the whole scope '{gone}'", "remove the scope, or exclude a part of it"
            yield Problem(DocumentRule.BAD_VALUE, what, right, place)
        elif not any(covers(scope, path) for scope in scopes):
            what = f"'{path}' lies outside of every scope, so it excludes nothing"
            right = f"remove it, or name a part of {', '.join(scopes)}"
            yield Problem(DocumentRule.BAD_VALUE, what, right, place)


def explains(policy: Policy[HyperparameterPolicySpec]) -> Iterator[Said]:
    """Yield what is looked for where, and how many keys there are."""
    spec = policy.spec
    yield Said(f"Looks for a number bound to one of {len(spec.names)} names in {', '.join(spec.scopes)}.")
    for exclusion in spec.excluded or ():
        until = f"{exclusion.until:%Y-%m-%d %H:%M} UTC"
        yield Said(f"Leaves out {exclusion.path} until {until}, for {exclusion.story} ({exclusion.owner}).")
    if spec.environment is not None:
        prefix, scopes = spec.environment.prefix, ", ".join(spec.environment.scopes)
        yield Said(f"Only {spec.resolver.module} reads {prefix}* in {scopes}.")
    if spec.keys is not None:
        keys = spec.keys
        counted = f"{keys.defaults} defaults, {keys.range_keys} of ranges, {keys.early_stopping_keys} of early stopping"
        yield Said(f"Counts {keys.total} keys: {counted}.")


KIND = Kind(
    name="HyperparameterPolicy",
    rule="CVN550",
    spec=HyperparameterPolicySpec,
    judges=False,
    lints=True,
    effects=EFFECTS,
    problems=problems,
    explains=explains,
)
