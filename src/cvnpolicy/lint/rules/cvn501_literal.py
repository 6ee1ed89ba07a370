"""CVN501: a number is bound to a hyperparameter."""

from __future__ import annotations

from collections.abc import Iterator

from cvnpolicy.core.rules import LintRule
from cvnpolicy.lint.facts import Facts
from cvnpolicy.lint.rule import Example, Hit, Rule
from cvnpolicy.lint.settings import Settings
from cvnpolicy.lint.values import Shape


def find(facts: Facts, _settings: Settings) -> Iterator[Hit]:
    """Yield the numbers as they are written."""
    for binding, number in facts.numbers:
        if number.shape is Shape.LITERAL and binding.site.is_plain:
            yield Hit(number.node, binding.name, f"is given as {binding.site.value} in code")


RULE = Rule(
    id=LintRule.LITERAL,
    about="""\
A number stands in code where a hyperparameter gets its value: as a keyword, under a key, in an assignment, as a default
of a parameter, a field or an option, as the result of a function of that name. Nobody chose it in the Console, nobody
sees it change, and the next run trains on it all the same.

Booleans, None, texts that are no numbers, comparisons, `case` patterns, annotations and bounds such as `ge=0` are left
alone, and so are names that are only similar. A name that the policy lists under `ambiguous_names` is not reported
where a plain variable or attribute is assigned.
""",
    find=find,
    examples=(
        Example(
            bad="""\
model = Regressor(learning_rate=0.1, n_jobs=4)  # here
params = {"max_depth": 6, "booster": "gbtree"}  # here
gamma: float = -1e-3  # here


def fit(rows, subsample=0.8):  # here
    return rows
""",
            fixed="""\
model = Regressor(learning_rate=resolve("learning_rate"), n_jobs=4)
params = {"max_depth": resolve("max_depth"), "booster": "gbtree"}
gamma: float = resolve("gamma")


def fit(rows, subsample):
    return rows
""",
        ),
    ),
    good=(
        "if learning_rate > 0.5:\n    raise ValueError(learning_rate)\n",
        'fit(learning_rate=None, early_stopping_rounds=True, gamma="scale")\n',
        'reg_alpha = round(resolve("reg_alpha"), 3)\n',
        "learning_rate_schedule = 3\n",
    ),
)
