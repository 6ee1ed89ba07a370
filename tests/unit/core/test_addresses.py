from __future__ import annotations

import pytest

from cvnpolicy.core.addresses import addressed

CHECKS = {name: name for name in ("b/two", "a/one", "a/two", "a.b/one", "ab/one")}


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("*", ["b/two", "a/one", "a/two", "a.b/one", "ab/one"]),  # in the order of the set
        ("two", ["a/two"]),  # of the asking policy
        ("b/two", ["b/two"]),
        ("a/*", ["a/one", "a/two"]),  # not of a.b, nor of ab
        ("three", []),
        ("c/one", []),
        ("c/*", []),
        ("/*", []),
        ("", []),
        ("a/", []),
    ],
)
def test_which_checks_an_address_means(address, found):
    assert addressed(address, "a", CHECKS) == found


def test_the_same_word_means_another_check_in_another_policy():
    assert addressed("two", "b", CHECKS) == ["b/two"]
    assert addressed("one", "b", CHECKS) == []
