"""What a FeatureContract declares. It judges nothing itself yet."""

from __future__ import annotations

from collections.abc import Iterator

from cvnpolicy.core.catalog import Catalog, ContractEntry, Entry
from cvnpolicy.core.errors import Problem
from cvnpolicy.core.kind import Kind
from cvnpolicy.core.names import Namespace
from cvnpolicy.core.policy import Policy
from cvnpolicy.core.rules import DocumentRule
from cvnpolicy.kinds.feature_contract.model import FeatureContractSpec


def declares(policy: Policy[FeatureContractSpec]) -> Iterator[Entry]:
    """Yield the contract, so that measures can take its columns."""
    yield ContractEntry(policy.name, tuple(feature.name for feature in policy.spec.features))


def problems(policy: Policy[FeatureContractSpec], _catalog: Catalog) -> Iterator[Problem]:
    """Yield each feature that is listed again."""
    first: dict[str, int] = {}
    for index, feature in enumerate(policy.spec.features):
        if first.setdefault(feature.name, index) != index:
            earlier = policy.locate(("spec", "features", first[feature.name], "name"))
            what, right = f"feature '{feature.name}' is listed twice", f"the first is at {earlier}"
            place = policy.locate(("spec", "features", index, "name"))
            yield Problem(DocumentRule.DUPLICATE_NAME, what, right, place)


KIND = Kind(
    name="FeatureContract",
    rule="CVN701",
    spec=FeatureContractSpec,
    named_as=Namespace.CONTRACT,
    judges=False,
    declares=declares,
    problems=problems,
)
