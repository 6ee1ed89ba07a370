"""What the linter looks for: names, scopes and the resolver, as the policies declare them."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cached_property

_SPLIT = ("__", ".", "/", ":")
"""What may stand before a name in a key: ``model__max_depth``, ``trainer.gamma``."""


@dataclass(frozen=True)
class Settings:
    """The gate's configuration. Paths are relative to the repository, with forward slashes."""

    names: frozenset[str]
    """Hyperparameter names."""
    ambiguous: frozenset[str] = frozenset()
    """Those of them that are as often something else: not flagged where a plain variable or attribute is assigned."""
    env_prefix: str = ""
    """What the environment variables of hyperparameters begin with; empty: no environment is watched."""
    resolvers: frozenset[str] = frozenset({"resolve"})
    """The callables that give values. Their arguments are no hyperparameters, but for a default."""
    defaults: frozenset[str] = frozenset({"default", "fallback"})
    """The arguments of a resolver that are a silent fallback."""
    no_defaults: bool = False
    """Whether these arguments may not be given at all, whatever the value."""
    fix: str = 'resolve("{name}")'
    """The call to write instead."""

    @cached_property
    def shortest(self) -> int:
        """The length of the shortest name."""
        return min((len(name) for name in self.names), default=0)

    def name(self, identifier: str) -> str | None:
        """Return the hyperparameter that an identifier or key names, or None.

        Identifiers are compared as Python reads them (NFKC); one in capitals is a constant of that name. In a key, what
        stands before the last ``__`` or ``.`` is the step of a pipeline or the section of a configuration.
        """
        if len(identifier) < self.shortest:
            return None
        word = identifier if identifier.isascii() else unicodedata.normalize("NFKC", identifier)
        word = word.lower() if word.isupper() else word
        if word in self.names:
            return word
        for mark in _SPLIT:
            if mark in word:
                last = word.rpartition(mark)[2]
                if last in self.names:
                    return last
        return None

    def key(self, text: str) -> str | None:
        """Return the hyperparameter that a key in text names: also as an option or as an environment variable."""
        if text.startswith("-"):
            return self.name(text.lstrip("-").replace("-", "_"))
        if self.env_prefix and text.startswith(self.env_prefix):
            return self.variable(text)
        return self.name(text) or self.name(text.replace("-", "_"))

    def variable(self, text: str) -> str | None:
        """Return the hyperparameter that an environment variable is for: its name ends with the hyperparameter's."""
        rest = text[len(self.env_prefix) :].lower()
        found = [name for name in self.names if rest == name or rest.endswith(f"_{name}")]
        return max(found, key=len, default=None)
