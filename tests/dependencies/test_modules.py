"""Which distribution gives a module, and what belongs to Python itself."""

from __future__ import annotations

import sys

import pytest

from cvnpolicy.dependencies.modules import KNOWN, given, standard


@pytest.mark.parametrize(
    ("module", "names", "guessed"),
    [
        ("sklearn.metrics.f1_score", ("scikit-learn",), False),
        ("yaml", ("pyyaml",), False),
        ("google.cloud.storage.Client", ("google-cloud-storage",), False),
        ("google.protobuf.message", ("protobuf",), False),
        ("polars_that_nobody_has", ("polars-that-nobody-has",), True),
        ("our.own", ("our-dist", "other"), False),
        ("our.other", ("our-rest",), False),
    ],
)
def test_the_longest_name_counts(module: str, names: tuple[str, ...], guessed: bool) -> None:
    told = {"our": ["our_rest"], "our.own": ["Our.Dist", "other"]}
    found = given(module, told)
    assert (found.names, found.guessed) == (names, guessed)


def test_what_is_installed_beside_us_is_asked() -> None:
    assert given("_pytest.python", {}).names == ("pytest",)
    assert not given("_pytest.python", {}).guessed


def test_the_policy_comes_first() -> None:
    assert given("yaml", {"yaml": ["ruamel-yaml"]}).names == ("ruamel-yaml",)


def test_the_table_is_of_names_that_differ() -> None:
    for module, names in KNOWN.items():
        assert names != (module.lower().replace("_", "-"),)
        assert all(name == name.lower() for name in names)


@pytest.mark.parametrize(
    ("module", "since", "until"),
    [
        ("distutils", 0, 12),
        ("asyncore", 0, 12),
        ("cgi", 0, 13),
        ("tomllib", 11, 99),
        ("zoneinfo", 9, 99),
        ("json", 0, 99),
    ],
)
def test_the_standard_library_of_a_version(module: str, since: int, until: int) -> None:
    for minor in range(8, 15):
        assert (module in standard(f"3.{minor}")) == (since <= minor < until), minor


def test_it_is_that_of_this_python() -> None:
    ours = {name for name in sys.stdlib_module_names if not name.startswith("_")}
    assert ours <= standard(f"3.{sys.version_info.minor}")
