"""What the tests of truth share: our policies, what their words mean, and a short way to compare a text with them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cvnpolicy.kinds.readiness.model import ReadinessPolicySpec
from cvnpolicy.load.policies import load_policies
from cvnpolicy.load.project import load
from cvnpolicy.markdown.blocks import page
from cvnpolicy.readiness.truth import Figure, figures, learn
from cvnpolicy.readiness.truth.knowledge import Knowledge

Compare = Callable[[str], tuple[Figure, ...]]


@pytest.fixture(scope="session")
def knowledge(repository: Path) -> Knowledge:
    """What the policies of this repository say."""
    policies = load_policies(load(repository / "cvnpolicy.yaml")).policies
    specs = [policy.spec for _, policy in policies.policies if isinstance(policy.spec, ReadinessPolicySpec)]
    return learn(policies, [term for spec in specs for term in spec.terms or ()])


@pytest.fixture(scope="session")
def compared(knowledge: Knowledge) -> Compare:
    """Compare a text with them."""
    return lambda text: figures(page(text, "text.md"), knowledge)


@pytest.fixture(scope="session")
def documents(shared: Path) -> Path:
    """The team's five documents."""
    return shared / "requirements" / "documents"
