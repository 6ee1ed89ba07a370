"""CVN503: a number is taken in silence when a hyperparameter has no value."""

from __future__ import annotations

from collections.abc import Iterator

from cvnpolicy.core.rules import LintRule
from cvnpolicy.lint.facts import Facts, Site
from cvnpolicy.lint.rule import Example, Hit, Rule
from cvnpolicy.lint.settings import Settings
from cvnpolicy.lint.values import Shape


def find(facts: Facts, settings: Settings) -> Iterator[Hit]:
    """Yield the numbers that stand in for a missing value, and every default of a resolver that may have none."""
    if settings.no_defaults:
        for binding in facts.defaults:
            yield Hit(binding.value, binding.name, "has a default that the resolver is given")
    for binding, number in facts.numbers:
        if settings.no_defaults and binding in facts.defaults:
            continue
        if number.shape is Shape.FALLBACK or (binding.site is Site.FALLBACK and number.shape is not Shape.SPACE):
            yield Hit(number.node, binding.name, "falls back in silence")


RULE = Rule(
    id=LintRule.FALLBACK,
    about="""\
A number that is taken when there is no value: the last argument of `get`, `getattr`, `pop` or `setdefault`, the right
side of `or`, a `default=` of the resolver itself. It is the worst of the family: everything works, and nobody learns
that the Console had nothing. A value that is missing should stop the run.

A fallback of None is fine: it does not train. Where the policy gives the resolver's defaults an end (`defaults_until`),
from then on every one is a finding, whatever it gives.
""",
    find=find,
    examples=(
        Example(
            bad="""\
a = cfg.get("learning_rate", 0.1)  # here
b = getattr(cfg, "max_depth", 6)  # here
gamma = cfg.gamma or 0.5  # here
c = resolve("reg_alpha", default=0.1)  # here
""",
            fixed="""\
a = cfg["learning_rate"]
b = cfg.max_depth
gamma = cfg.gamma
c = resolve("reg_alpha")
""",
        ),
    ),
    good=(
        'a = cfg.get("learning_rate")\n',
        'b = getattr(cfg, "max_depth", None)\n',
        'c = resolve("gamma", version=2)\n',
    ),
)
