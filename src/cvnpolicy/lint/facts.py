"""What the one walk over a file writes down for the rules."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property

import libcst as cst

from cvnpolicy.lint.scope import Scope
from cvnpolicy.lint.values import Found, numbers


class Site(Enum):
    """Where a value meets a hyperparameter's name."""

    KEYWORD = "a keyword argument"
    KEY = "the value of a key"
    DEFAULT = "a default"
    VARIABLE = "a variable"
    ATTRIBUTE = "an attribute"
    RESULT = "the result of a function"
    LOOP = "a loop"
    FALLBACK = "a fallback"
    SPACE = "a search space"
    TEXT = "a text"
    SCALED = "a factor"

    @property
    def is_plain(self) -> bool:
        """Whether a number here is the value, and not what stands in for one or bounds it."""
        return self not in (Site.FALLBACK, Site.SPACE)

    @property
    def is_bare(self) -> bool:
        """Whether a plain variable or attribute is assigned: a counter may look like this."""
        return self in (Site.VARIABLE, Site.ATTRIBUTE, Site.RESULT, Site.LOOP, Site.SCALED)


@dataclass(frozen=True, slots=True, eq=False)
class Binding:
    """A value that is bound to a hyperparameter."""

    name: str
    value: cst.BaseExpression
    site: Site
    scope: Scope


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """A place where an environment variable is read, or where such variables are looked for."""

    key: cst.BaseExpression
    scope: Scope


@dataclass(frozen=True, slots=True, eq=False)
class Embedded:
    """Text that some function reads as configuration, or that is handed on as an override."""

    value: cst.BaseExpression
    scope: Scope
    whole: bool
    """Whether the text is one override, ``learning_rate=0.1``, and nothing else."""


@dataclass
class Facts:
    """Everything that was found in one file."""

    bindings: list[Binding] = field(default_factory=list)
    reads: list[Read] = field(default_factory=list)
    embedded: list[Embedded] = field(default_factory=list)
    defaults: list[Binding] = field(default_factory=list)
    """What is given to a resolver for when it has no value."""
    spelled: set[int] = field(default_factory=set)
    """The ids of calls that make a space and name it: their bounds are bound one by one, so the whole is not."""

    @cached_property
    def numbers(self) -> list[tuple[Binding, Found]]:
        """The numbers that bound values come down to, each once.

        The first binding that meets one answers for it; one that meets it without a detour goes before it.
        """
        found: dict[int, tuple[Binding, Found]] = {}
        for binding in self.bindings:
            for number in numbers(binding.value, binding.scope):
                if id(number.node) in self.spelled:
                    continue
                known = found.setdefault(id(number.node), (binding, number))
                if known[1].through is not None and number.through is None:
                    found[id(number.node)] = (binding, number)
        return list(found.values())
