"""The model of a HyperparameterPolicy."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from cvnpolicy.core.fault import fault
from cvnpolicy.core.model import Identifier, Lax, Many, Model, Owner, Slug
from cvnpolicy.core.paths import Scope
from cvnpolicy.core.patterns import STORY
from cvnpolicy.core.time import InstantField

NAME = "{name}"
"""Where a template takes the hyperparameter's name."""


def _a_file(path: str) -> str:
    if path.endswith("/"):
        raise fault(f"the path '{path}' is a folder", "write the file, for example src/commun/hpo/resolver.py")
    return path


def _takes_the_name(template: str) -> str:
    if template.count(NAME) != 1:
        count = template.count(NAME)
        raise fault(f"the template has {NAME} {count} times", f'write it once, for example resolve("{NAME}")')
    if {"{", "}"} & set(template.replace(NAME, "")):
        raise fault(f"the template has a brace beside {NAME}", f'keep {NAME} alone, for example resolve("{NAME}")')
    return template


class Suppressions(StrEnum):
    """Whether a comment may excuse a line."""

    ALLOWED = "allowed"
    FORBIDDEN = "forbidden"


class Exclusion(Model):
    """A part of the scopes that is not looked at, for a story, until an instant."""

    path: Scope
    """A folder, which ends with ``/``, or a Python file. It lies inside of a scope."""
    story: Annotated[str, Field(pattern=STORY)]
    """The story that brings it under the policy."""
    owner: Owner
    """Who answers for it."""
    until: InstantField
    """From this instant on it is looked at like the rest."""


class Resolver(Model):
    """The one place that hyperparameters come from."""

    module: Annotated[Scope, AfterValidator(_a_file)]
    """Its file. It is not looked at, and it alone may read the environment."""
    callables: Many[Identifier]
    """What code calls to get a value."""
    defaults: Many[Identifier] = ("default", "fallback")
    """Arguments of those calls that give a value when the resolver has none. A number there is a literal too."""
    defaults_until: InstantField | None = None
    """From this instant on such an argument is a finding, whatever it gives."""


class EnvironmentReads(Model):
    """The variables that nobody but the resolver reads."""

    prefix: Identifier
    """What their names begin with."""
    scopes: Many[Scope]
    """Where nobody else reads them: folders, which end with ``/``, or Python files. Exclusions change nothing here."""


class KeyMatrix(Model):
    """Every key that must have a value, counted."""

    models: Many[Identifier]
    """The types of model."""
    timeframes: Many[Slug]
    """The timeframes that each of them is trained on."""
    parameters: dict[Identifier, Many[Identifier]]
    """By type of model, its parameters. Each has a default for each timeframe."""
    ranges: Many[Identifier] | None = None
    """The ends of the keys of a search range, for example ``MIN``. Each default has one key for each."""
    early_stopping: bool = False
    """Whether each type of model has one more key for each timeframe, for early stopping."""
    total: Annotated[int, Field(ge=1)]
    """How many keys that makes: defaults, ranges and early stopping together."""

    @property
    def defaults(self) -> int:
        """How many keys hold a default."""
        return len(self.timeframes) * sum(len(self.parameters[model]) for model in self.models)

    @property
    def range_keys(self) -> int:
        """How many keys hold an end of a range."""
        return self.defaults * len(self.ranges or ())

    @property
    def early_stopping_keys(self) -> int:
        """How many keys are for early stopping."""
        return len(self.models) * len(self.timeframes) if self.early_stopping else 0

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        for model in self.models:
            if model not in self.parameters:
                raise fault(f"the model '{model}' has no parameters", "list them here", key="parameters")
        for model in self.parameters:
            if model not in self.models:
                right = "add it to models, or remove its parameters"
                raise fault(f"'{model}' has parameters and is not among models", right, key="parameters")
        parts = (self.defaults, self.range_keys, self.early_stopping_keys)
        if sum(parts) != self.total:
            what = f"{' + '.join(map(str, parts))} is {sum(parts)}, not {self.total}"
            right = "these are defaults, ranges and early stopping: correct the total, or what is counted"
            raise fault(what, right, key="total")
        return self


class HyperparameterPolicySpec(Model):
    """Names whose values come from the resolver, and never from a number in Python source."""

    names: Many[Identifier]
    """The hyperparameters, each once."""
    ambiguous_names: Many[Identifier] | None = None
    """Those of them that are often something else, such as a counter: a plain assignment to one is let through."""
    scopes: Many[Scope]
    """Where numbers are looked for: folders, which end with ``/``, or Python files."""
    excluded: Many[Exclusion] | None = None
    """Parts of the scopes that are not looked at yet, each with its story and its end."""
    resolver: Resolver
    """Where the values come from."""
    environment: EnvironmentReads | None = None
    """The variables that only the resolver reads."""
    fix: Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_takes_the_name)]
    """The call to write instead of a number. ``{name}`` stands in it once, and becomes the hyperparameter's name."""
    suppressions: Lax[Suppressions] = Suppressions.ALLOWED
    """Whether a comment with a reason may excuse a line: ``allowed`` or ``forbidden``."""
    keys: KeyMatrix | None = None
    """The keys that must have a value, counted."""
