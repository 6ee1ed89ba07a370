"""The rules, one file each. A new one is a file here and a line below; a test holds the two together."""

from __future__ import annotations

from cvnpolicy.lint.rule import Rule
from cvnpolicy.lint.rules import (
    cvn501_literal,
    cvn502_disguise,
    cvn503_fallback,
    cvn504_space,
    cvn505_embedded,
    cvn510_environment,
)

RULES: tuple[Rule, ...] = (
    cvn501_literal.RULE,
    cvn502_disguise.RULE,
    cvn503_fallback.RULE,
    cvn504_space.RULE,
    cvn505_embedded.RULE,
    cvn510_environment.RULE,
)
"""Every rule, by id."""
