"""Linting a piece of code in one call."""

from __future__ import annotations

from datetime import UTC, datetime

from cvnpolicy.lint.rules import RULES
from cvnpolicy.lint.runner import Violation, lint
from cvnpolicy.lint.settings import Settings

AT = datetime(2026, 6, 1, tzinfo=UTC)
SETTINGS = Settings(
    names=frozenset(
        {"learning_rate", "max_depth", "n_estimators", "num_leaves", "subsample", "reg_alpha", "gamma", "depth"}
        | {"iterations", "early_stopping_rounds", "colsample_bytree"}
    ),
    env_prefix="CVN_HPO_",
)


def linted(code: str | bytes, settings: Settings = SETTINGS, *, forbidden: bool = False) -> list[Violation]:
    """What the linter finds in a piece of code."""
    data = code.encode() if isinstance(code, str) else code
    return lint(data, "code.py", RULES, settings, AT, forbidden=forbidden)


def values(code: str, settings: Settings = SETTINGS) -> list[tuple[str, str, str]]:
    """Rule, name and value of each finding."""
    return [(one.rule, one.name, one.value) for one in linted(code, settings)]
