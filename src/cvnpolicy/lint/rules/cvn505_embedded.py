"""CVN505: configuration text in code sets a hyperparameter."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import libcst as cst

from cvnpolicy.core.rules import LintRule
from cvnpolicy.lint.facts import Facts
from cvnpolicy.lint.fold import NUMBER, literal_text, text
from cvnpolicy.lint.rule import Example, Hit, Rule
from cvnpolicy.lint.settings import Settings


@cache
def _pattern(names: frozenset[str]) -> re.Pattern[str]:
    """Return the pattern of one of the names with a number: ``name: 0.1``, ``"name" = "0.1"``, ``--name 0.1``."""
    words = "|".join(re.escape(name).replace("_", "[_-]") for name in sorted(names, key=len, reverse=True))
    return re.compile(
        rf"(?:(?<![A-Za-z0-9_])|(?<=__))(?P<name>{words})[\"\']?\s*+[:=]\s*+(?:-\s++)?[\"\'\[]?(?={NUMBER}(?![\w.]))"
        rf"|(?<=-)(?P<option>{words})\s++(?={NUMBER}(?![\w.]))"
    )


@cache
def _override(names: frozenset[str]) -> re.Pattern[str]:
    """Return the pattern of a text that is one override and nothing else."""
    words = "|".join(re.escape(name).replace("_", "[_-]") for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"(?:[-+~]{{0,2}}(?:[\w-]+[./])*(?:\w+__)?)(?P<name>{words})(?P<option>)\s*=\s*{NUMBER}\s*")


def find(facts: Facts, settings: Settings) -> Iterator[Hit]:
    """Yield texts that set a hyperparameter to a number."""
    seen: set[tuple[int, bool]] = set()
    told: set[int] = set()
    for one in facts.embedded:
        for node in one.scope.literals(one.value):
            if (id(node), one.whole) in seen:
                continue
            seen.add((id(node), one.whole))
            said = text(node, one.scope.one)
            if said is None and isinstance(node, cst.SimpleString):
                said = literal_text(node, of_bytes=True)
            if said is None:
                continue
            match = _override(settings.names).fullmatch(said) if one.whole else _pattern(settings.names).search(said)
            if match is not None and id(node) not in told:
                told.add(id(node))
                name = match["name"] or match["option"]
                yield Hit(node, name.replace("-", "_"), "is set by a text in code")


RULE = Rule(
    id=LintRule.EMBEDDED,
    about="""\
A text that is read as JSON, YAML, TOML, options or Python and sets a hyperparameter to a number, or an override such as
`"trainer.learning_rate=0.1"` in a list. A dictionary would be reported; wrapping it in quotes changes nothing.

Texts that nothing in the file reads are left alone: messages, documentation, examples.
""",
    find=find,
    examples=(
        Example(
            bad="""\
params = json.loads('{"learning_rate": 0.1}')  # here
overrides = ["trainer.learning_rate=0.1", "trainer.name=a"]  # here
""",
            fixed="""\
params = {"learning_rate": resolve("learning_rate")}
overrides = [f"trainer.learning_rate={resolve('learning_rate')}", "trainer.name=a"]
""",
        ),
    ),
    good=('print("learning_rate=0.1")\n', 'raise ValueError("max_depth: 6 is too deep")\n'),
)
