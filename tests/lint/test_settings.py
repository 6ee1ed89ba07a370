"""How names, keys, options and variables lead to a hyperparameter."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cvnpolicy.lint.settings import Settings

SETTINGS = Settings(names=frozenset({"max_depth", "depth", "gamma"}), env_prefix="CVN_HPO_")


@pytest.mark.parametrize(
    ("asked", "said", "name"),
    [
        (SETTINGS.name, "max_depth", "max_depth"),
        (SETTINGS.name, "clf__max_depth", "max_depth"),
        (SETTINGS.name, "trainer.model.gamma", "gamma"),
        (SETTINGS.name, "trainer/gamma", "gamma"),
        (SETTINGS.name, "trainer:gamma", "gamma"),
        (SETTINGS.name, "a.b__gamma", "gamma"),
        (SETTINGS.name, "ｇamma", "gamma"),
        (SETTINGS.name, "MAX_DEPTH", "max_depth"),
        (SETTINGS.name, "clf__MAX_DEPTH", None),
        (SETTINGS.name, "Max_Depth", None),
        (SETTINGS.name, "γamma", None),
        (SETTINGS.name, "xgamma", None),
        (SETTINGS.name, "gamma_", None),
        (SETTINGS.name, "max_depth__x", None),
        (SETTINGS.name, "clf__", None),
        (SETTINGS.name, "dept", None),
        (SETTINGS.name, "", None),
        (SETTINGS.key, "gamma", "gamma"),
        (SETTINGS.key, "--gamma", "gamma"),
        (SETTINGS.key, "--max-depth", "max_depth"),
        (SETTINGS.key, "-gamma", "gamma"),
        (SETTINGS.key, "max-depth", "max_depth"),
        (SETTINGS.key, "CVN_HPO_GAMMA", "gamma"),
        (SETTINGS.key, "CVN_HPO_XGBOOST_5M_MAX_DEPTH", "max_depth"),
        (SETTINGS.key, "CVN_HPO_XMAX_DEPTH", "depth"),
        (SETTINGS.key, "CVN_HPO_XGAMMA", None),
        (SETTINGS.key, "CVN_HPO_GAMMA_X", None),
        (SETTINGS.key, "CVN_HPO_", None),
        (SETTINGS.key, "HPO_GAMMA", None),
    ],
)
def test_the_hyperparameter_meant(asked: Callable[[str], str | None], said: str, name: str | None) -> None:
    """Of an identifier (`SETTINGS.name`), and of the text of a key, an option or a variable (`SETTINGS.key`)."""
    assert asked(said) == name


def test_without_a_prefix_no_key_is_a_variable() -> None:
    plain = Settings(names=frozenset({"gamma"}))
    assert (plain.key("CVN_HPO_GAMMA"), plain.key("x.gamma")) == (None, "gamma")


def test_defaults_of_the_resolver_are_allowed_unless_said() -> None:
    assert not SETTINGS.no_defaults
