"""How names, keys, options and variables lead to a hyperparameter."""

from __future__ import annotations

import pytest

from cvnpolicy.lint.settings import Settings

SETTINGS = Settings(names=frozenset({"max_depth", "depth", "gamma"}), env_prefix="CVN_HPO_")


@pytest.mark.parametrize(
    ("identifier", "name"),
    [
        ("max_depth", "max_depth"),
        ("clf__max_depth", "max_depth"),
        ("trainer.model.gamma", "gamma"),
        ("trainer/gamma", "gamma"),
        ("trainer:gamma", "gamma"),
        ("a.b__gamma", "gamma"),
        ("ｇamma", "gamma"),
        ("MAX_DEPTH", "max_depth"),
        ("clf__MAX_DEPTH", None),
        ("Max_Depth", None),
        ("γamma", None),
        ("xgamma", None),
        ("gamma_", None),
        ("max_depth__x", None),
        ("clf__", None),
        ("dept", None),
        ("", None),
    ],
)
def test_an_identifier(identifier: str, name: str | None) -> None:
    assert SETTINGS.name(identifier) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("gamma", "gamma"),
        ("--gamma", "gamma"),
        ("--max-depth", "max_depth"),
        ("-gamma", "gamma"),
        ("max-depth", "max_depth"),
        ("CVN_HPO_GAMMA", "gamma"),
        ("CVN_HPO_XGBOOST_5M_MAX_DEPTH", "max_depth"),
        ("CVN_HPO_XMAX_DEPTH", "depth"),
        ("CVN_HPO_XGAMMA", None),
        ("CVN_HPO_GAMMA_X", None),
        ("CVN_HPO_", None),
        ("HPO_GAMMA", None),
    ],
)
def test_a_key(text: str, name: str | None) -> None:
    assert SETTINGS.key(text) == name


def test_without_a_prefix_no_key_is_a_variable() -> None:
    plain = Settings(names=frozenset({"gamma"}))
    assert (plain.key("CVN_HPO_GAMMA"), plain.key("x.gamma")) == (None, "gamma")


def test_defaults_of_the_resolver_are_allowed_unless_said() -> None:
    assert not SETTINGS.no_defaults
