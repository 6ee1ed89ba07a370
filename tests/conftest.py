"""What holds for every test: a scrubbed environment, no network, reproducible examples, one place for shared data."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.support import environment, network
from tests.support.demo import Demo, made_once

REPOSITORY = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("CVNPOLICY_SHARED") or REPOSITORY.parent / "shared")
"""Real data and known answers that are not part of the repository. CVNPOLICY_SHARED names another place."""

# Shared runners stall: a deadline would fail tests for the machine's sake. CI draws the same examples every time;
# elsewhere each run draws new ones and keeps the failing ones in .hypothesis/.
settings.register_profile("default", max_examples=60, deadline=None)
settings.register_profile("ci", max_examples=100, deadline=None, derandomize=True, database=None)
settings.register_profile("thorough", max_examples=2_000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "default"))


@pytest.fixture(scope="session", autouse=True)
def _scrubbed_environment() -> Iterator[None]:
    """Remove what would make a result depend on where tests run. A fixture, since xdist's workers must still see CI."""
    with pytest.MonkeyPatch.context() as patch:
        for name in environment.leaking(os.environ):
            patch.delenv(name)
        yield


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """Refuse every connection that leaves this machine."""
    with pytest.MonkeyPatch.context() as patch:
        network.block(patch)
        yield


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the working tree."""
    return REPOSITORY


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data and known answers; without it a test is skipped (see tests/skips.toml)."""
    if not SHARED.is_dir():
        pytest.skip("the shared data is not beside the repository; CVNPOLICY_SHARED can name its folder")
    return SHARED


@pytest.fixture(scope="session")
def demo(repository: Path, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The example deployment, made and judged once for all workers. Tests only read it."""
    own = tmp_path_factory.getbasetemp()
    return made_once(repository, own.parent if hasattr(request.config, "workerinput") else own)
