"""What a FeatureContract declares. It judges nothing itself yet."""

from __future__ import annotations

from collections.abc import Iterator

from cvnpolicy.core.catalog import ContractEntry, Entry
from cvnpolicy.core.kind import Kind
from cvnpolicy.core.policy import Policy
from cvnpolicy.kinds.feature_contract.model import FeatureContractSpec


def declares(policy: Policy[FeatureContractSpec]) -> Iterator[Entry]:
    """Yield the contract, so that measures can take its columns."""
    yield ContractEntry(policy.name, tuple(feature.name for feature in policy.spec.features))


KIND = Kind(name="FeatureContract", rule="CVN701", spec=FeatureContractSpec, judges=False, declares=declares)
