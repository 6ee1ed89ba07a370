"""CVN502: a number is bound to a hyperparameter, in disguise or through another name."""

from __future__ import annotations

from collections.abc import Iterator

from cvnpolicy.core.rules import LintRule
from cvnpolicy.lint.facts import Facts
from cvnpolicy.lint.rule import Example, Hit, Rule
from cvnpolicy.lint.settings import Settings
from cvnpolicy.lint.values import Shape


def find(facts: Facts, _settings: Settings) -> Iterator[Hit]:
    """Yield the numbers that are computed, converted, chosen or named."""
    for binding, number in facts.numbers:
        if number.shape is Shape.DISGUISED and binding.site.is_plain:
            through = f" through '{number.through}'" if number.through is not None else ""
            yield Hit(number.node, binding.name, f"is given{through} as {binding.site.value} in code")


RULE = Rule(
    id=LintRule.DISGUISE,
    about="""\
The same as CVN501, one step removed: a number that is computed of numbers (`1 / 3`, `2 ** 6 - 1`), converted
(`float("0.1")`, `np.float32(0.1)`), written as text (`"0.1"`), chosen by a condition, a factor of something else
(`cfg.lr * 0.1`, `learning_rate *= 0.5`), or that stands behind a name: a constant of the module, a member of an
enumeration, an attribute, an item of a table, a default of a parameter, what a call of this file hands to a parameter,
what a function of this file gives back. What is reported is the number itself, once.

Sums are left alone (`depth + 1` counts), the one of `1 / n`, and what another module defines: this file does not show
it.
""",
    find=find,
    examples=(
        Example(
            bad="""\
LR = 0.1  # here
fit(learning_rate=LR, subsample=1 / 3)  # here
params = {"max_depth": "6"}  # here
gamma = 0.5 if fast else resolve("gamma")  # here
reg_alpha = cfg.alpha * 0.1  # here


def make(lr):
    return Regressor(learning_rate=lr)


model = make(0.05)  # here
""",
            fixed="""\
LR = resolve("learning_rate")
fit(learning_rate=LR, subsample=resolve("subsample"))
params = {"max_depth": resolve("max_depth")}
gamma = resolve("gamma", fast=fast)
reg_alpha = cfg.alpha


def make(lr):
    return Regressor(learning_rate=lr)


model = make(resolve("learning_rate"))
""",
        ),
    ),
    good=("SEED = 42\nfit(random_state=SEED)\n", "max_depth = depth + 1\n", "iterations = len(rows)\n"),
)
