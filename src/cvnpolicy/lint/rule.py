"""What a rule of the linter is. Each has a file of its own, with the examples that are its tests and its page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import libcst as cst

from cvnpolicy.core.rules import LintRule
from cvnpolicy.lint.facts import Facts
from cvnpolicy.lint.settings import Settings


@dataclass(frozen=True, slots=True, eq=False)
class Hit:
    """One thing that a rule found in a file."""

    node: cst.CSTNode
    """What is at fault: the value, or the key that is read."""
    name: str
    """The hyperparameter, or the environment variable."""
    what: str
    """What is wrong, in words that go on from "learning_rate: 0.1"."""


@dataclass(frozen=True)
class Example:
    """A piece of code, and the same piece as it should be."""

    bad: str
    """What the rule finds something in, exactly once a line that ends in ``# here``."""
    fixed: str
    """The same without a finding."""


@dataclass(frozen=True)
class Rule:
    """A rule."""

    id: LintRule
    about: str
    """What it sees, why it matters and what it leaves alone, as Markdown."""
    find: Callable[[Facts, Settings], Iterator[Hit]]
    """What it finds in the facts of a file."""
    examples: tuple[Example, ...]
    good: tuple[str, ...]
    """Code like it that is fine, beside the fixed examples."""
