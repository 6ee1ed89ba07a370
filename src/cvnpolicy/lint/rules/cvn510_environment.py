"""CVN510: a hyperparameter's environment variable is read outside the resolver."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from cvnpolicy.core.rules import LintRule
from cvnpolicy.lint.facts import Facts
from cvnpolicy.lint.fold import HOLE, literal_text
from cvnpolicy.lint.rule import Example, Hit, Rule
from cvnpolicy.lint.settings import Settings


def find(facts: Facts, settings: Settings) -> Iterator[Hit]:
    """Yield the keys of variables that begin with the policy's prefix."""
    if not settings.env_prefix:
        return
    for read in facts.reads:
        texts = list(read.scope.texts(read.key))
        if not texts and isinstance(read.key, cst.SimpleString):
            texts = [literal_text(read.key, of_bytes=True) or ""]
        said = next((each for each in texts if each.partition(HOLE)[0].startswith(settings.env_prefix)), None)
        if said is not None:
            yield Hit(read.key, said.replace(HOLE, "…"), "is read outside the resolver")


RULE = Rule(
    id=LintRule.ENVIRONMENT,
    about="""\
A variable whose name begins with the policy's prefix is read from the environment: by `os.environ[...]`, `get`, `pop`,
`in`, `os.getenv`, under whatever name these were imported or assigned, with a key that is written, put together or
looked for by its prefix. Two readers are two sets of defaults. Only the resolver's own module may read them.

Writing a variable is no read; a number that is written into one is reported as CVN502.
""",
    find=find,
    examples=(
        Example(
            bad="""\
import os
from os import environ as ENV

a = os.environ["CVN_HPO_GAMMA"]  # here
b = ENV.get(f"CVN_HPO_{name}")  # here
c = {k: v for k, v in os.environ.items() if k.startswith("CVN_HPO_")}  # here
""",
            fixed="""\
a = resolve("gamma")
b = resolve(name)
c = resolve_all()
""",
        ),
    ),
    good=('import os\n\nhome = os.environ["HOME"]\n', 'print("set CVN_HPO_GAMMA to override")\n'),
)
