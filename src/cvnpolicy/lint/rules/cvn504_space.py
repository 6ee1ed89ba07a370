"""CVN504: the bounds or values of a hyperparameter's search space are in code."""

from __future__ import annotations

from collections.abc import Iterator

from cvnpolicy.core.rules import LintRule
from cvnpolicy.lint.facts import Facts, Site
from cvnpolicy.lint.rule import Example, Hit, Rule
from cvnpolicy.lint.settings import Settings
from cvnpolicy.lint.values import Shape


def find(facts: Facts, _settings: Settings) -> Iterator[Hit]:
    """Yield lists, ranges and the bounds of distributions."""
    for binding, number in facts.numbers:
        if number.shape is Shape.SPACE or binding.site is Site.SPACE:
            yield Hit(number.node, binding.name, "takes its values from code")


RULE = Rule(
    id=LintRule.SPACE,
    about="""\
A list, tuple, set or range of numbers under a hyperparameter's name, a distribution of a tuning library, or the bounds
that are handed to `suggest_float` and its like. The range decides what can be trained as much as a value does: it too
belongs in the Console, as minimum, maximum and scale.

A container is reported whole, bounds one by one. A loop over a `range` is a counter and is left alone.
""",
    find=find,
    examples=(
        Example(
            bad="""\
grid = {"max_depth": [3, 6, 9]}  # here
space = {"subsample": np.linspace(0.5, 1.0, 6)}  # here
lr = trial.suggest_float("learning_rate", low, 0.1, log=True)  # here
for gamma in (0.1, 0.5):  # here
    fit(gamma=gamma)
""",
            fixed="""\
grid = {"max_depth": resolve_range("max_depth")}
space = {"subsample": resolve_range("subsample")}
lr = trial.suggest_float("learning_rate", low, high, log=True)
for gamma in resolve_range("gamma"):
    fit(gamma=gamma)
""",
        ),
    ),
    good=("for depth in range(3):\n    print(depth)\n", 'grid = {"booster": ["gbtree", "dart"]}\n'),
)
