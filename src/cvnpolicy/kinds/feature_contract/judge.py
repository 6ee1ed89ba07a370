"""What a FeatureContract declares, and what is wrong with one. It judges nothing itself."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import islice

from cvnpolicy.core.catalog import Catalog, ContractEntry, Entry
from cvnpolicy.core.errors import Problem
from cvnpolicy.core.kind import Kind, Said
from cvnpolicy.core.names import Namespace
from cvnpolicy.core.policy import Policy
from cvnpolicy.core.rules import DocumentRule
from cvnpolicy.kinds.feature_contract.model import FeatureContractSpec, FieldType, Phase, Repeats, Variant

_SHOWN = 8
"""The most names that a message lists."""


def declares(policy: Policy[FeatureContractSpec]) -> Iterator[Entry]:
    """Yield the contract, so that measures can take its columns."""
    yield ContractEntry(policy.name, tuple(feature.name for feature in policy.spec.features))


def problems(policy: Policy[FeatureContractSpec], _catalog: Catalog) -> Iterator[Problem]:
    """Yield what is named twice, what is named and not there, and what cannot be told apart."""
    yield from _twice(policy, ("features",), [feature.name for feature in policy.spec.features], "feature", ("name",))
    yield from _variants(policy)
    yield from _artefact(policy)
    yield from _fallback(policy)
    yield from _cache(policy)


Path = tuple[str | int, ...]


def _twice(
    policy: Policy[FeatureContractSpec], path: Path, names: Sequence[str], noun: str, below: Path = ()
) -> Iterator[Problem]:
    """Yield each name of a list that stands in it again."""
    first: dict[str, int] = {}
    for index, name in enumerate(names):
        if first.setdefault(name, index) != index:
            earlier = policy.locate(("spec", *path, first[name], *below))
            place = policy.locate(("spec", *path, index, *below))
            what, right = f"{noun} '{name}' is listed twice", f"the first is at {earlier}"
            yield Problem(DocumentRule.DUPLICATE_NAME, what, right, place)


def _variants(policy: Policy[FeatureContractSpec]) -> Iterator[Problem]:
    spec = policy.spec
    order = {feature.name: number for number, feature in enumerate(spec.features)}
    alike: dict[tuple[tuple[str, ...], int | None], str] = {}
    for name, variant in (spec.variants or {}).items():
        place = ("variants", name, "features")
        named = variant.features or ()
        yield from _twice(policy, place, named, "feature")
        for index, feature in enumerate(named):
            if feature not in order:
                what, right = f"'{feature}' is no feature of the contract", _one_of(order)
                yield Problem(DocumentRule.DANGLING_NAME, what, right, policy.locate(("spec", *place, index)))
        known = [order[feature] for feature in named if feature in order]
        if known != sorted(known):
            what, right = f"the features of '{name}' are not in the order of the contract", "write them in its order"
            yield Problem(DocumentRule.BAD_VALUE, what, right, policy.locate(("spec", *place)))
        features = features_of(spec, variant)
        purge = spec.purge_bars if variant.purge_bars is None else variant.purge_bars
        if features and purge is None:
            what, right = f"nothing says how many bars '{name}' purges", "write purge_bars, here or for all"
            yield Problem(DocumentRule.BAD_VALUE, what, right, policy.locate(("spec", "variants", name)))
        other = alike.setdefault((features, purge if features else None), name)
        if other != name:
            what, right = f"'{name}' is the same as '{other}'", "remove one, or say how they differ"
            yield Problem(DocumentRule.DUPLICATE_NAME, what, right, policy.locate(("spec", "variants", name)))


def _artefact(policy: Policy[FeatureContractSpec]) -> Iterator[Problem]:
    artefact = policy.spec.artefact
    if artefact is None:
        return
    if artefact.features in artefact.fields:
        what, right = f"'{artefact.features}' is a field too, and a list is none", "give the list a key of its own"
        yield Problem(DocumentRule.BAD_VALUE, what, right, policy.locate(("spec", "artefact", "features")))
    wanted = (("variant", artefact.variant, FieldType.STR), ("purge_bars", artefact.purge_bars, FieldType.INT))
    for key, name, type_ in wanted:
        place = policy.locate(("spec", "artefact", key))
        if name is None:
            continue
        if name not in artefact.fields:
            what, right = f"'{name}' is not among fields", _one_of(artefact.fields)
            yield Problem(DocumentRule.DANGLING_NAME, what, right, place)
        elif artefact.fields[name].type is not type_:
            what, right = f"'{name}' is a field of type {artefact.fields[name].type}", f"it has to be {type_}"
            yield Problem(DocumentRule.BAD_VALUE, what, right, place)
    if artefact.variant is not None and policy.spec.variants is None:
        what, right = "the artefact names a variant, and there are none", "write variants, or remove this key"
        yield Problem(DocumentRule.DANGLING_NAME, what, right, policy.locate(("spec", "artefact", "variant")))
    variables: dict[str, str] = {}
    for name, field in artefact.fields.items():
        place = policy.locate(("spec", "artefact", "fields", name, "variable"))
        if field.variable is not None and variables.setdefault(field.variable, name) != name:
            what = f"{field.variable} stands for '{variables[field.variable]}' already"
            yield Problem(DocumentRule.DUPLICATE_NAME, what, "give each field a variable of its own", place)


def _fallback(policy: Policy[FeatureContractSpec]) -> Iterator[Problem]:
    fallback, variants = policy.spec.fallback, policy.spec.variants or {}
    if fallback is not None and fallback.variant not in variants:
        what, right = f"there is no variant '{fallback.variant}'", _one_of(variants)
        place = policy.locate(("spec", "fallback", "variant"))
        yield Problem(DocumentRule.DANGLING_NAME, what, right, place)


def _cache(policy: Policy[FeatureContractSpec]) -> Iterator[Problem]:
    cache, artefact = policy.spec.cache, policy.spec.artefact
    if cache is None:
        return
    yield from _twice(policy, ("cache", "identity"), cache.identity, "part")
    variant = artefact.variant if artefact is not None else None
    if variant is not None and variant not in cache.identity:
        what = f"two variants would share a key: '{variant}' is not part of it"
        place = policy.locate(("spec", "cache", "identity"))
        yield Problem(DocumentRule.BAD_VALUE, what, f"add {variant}", place)


def _one_of(names: Collection[str]) -> str:
    """Return what would be right where a name is not among others; the first of them where they are many."""
    shown = ", ".join(islice(names, _SHOWN)) + (", …" if len(names) > _SHOWN else "")
    return f"write one of {shown}" if names else "declare it first"


def features_of(spec: FeatureContractSpec, variant: Variant) -> tuple[str, ...]:
    """Return the features that a variant has, in the order of the contract."""
    return tuple(feature.name for feature in spec.features) if variant.features is None else variant.features


def explains(policy: Policy[FeatureContractSpec]) -> Iterator[Said]:
    """Yield what is pinned where, and what the environment has to repeat."""
    spec = policy.spec
    yield Said("A model takes the features in the order of the contract, and no others.")
    if spec.purge_bars is not None:
        yield Said(f"At bar t, features use only data up to t - {spec.purge_bars}.")
    if spec.artefact is not None:
        yield Said(f"{spec.artefact.file} travels with the model; {spec.artefact.manifest} has its SHA-256.")
        for name, field in spec.artefact.fields.items():
            if field.variable is not None and field.phase is Phase.SERVING:
                yield Said(f"Where the model is loaded, {field.variable} has to be what {name} is in the artefact.")
            elif field.variable is not None:
                yield Said(f"{field.variable} is for whoever trains: {name} of the artefact counts where it is loaded.")
    if spec.fallback is not None:
        yield Said(f"{spec.fallback.model}, trained as {spec.fallback.variant}, is promoted where it must not serve.")
        if spec.fallback.environment is Repeats.IGNORED:
            yield Said(f"A model of {spec.fallback.variant} is loaded whatever the environment says.")


KIND = Kind(
    name="FeatureContract",
    rule="CVN701",
    spec=FeatureContractSpec,
    named_as=Namespace.CONTRACT,
    judges=False,
    declares=declares,
    problems=problems,
    explains=explains,
)
