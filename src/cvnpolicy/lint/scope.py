"""What names stand for in a file: what they are assigned, imported, or given as a default. Nothing is executed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import libcst as cst

from cvnpolicy.lint.fold import DEEPEST, dotted, text
from cvnpolicy.lint.source import UnreadableError

MOST_LOOKUPS = 200_000
"""The most meanings of names gone through in one file. Of 1,341 files of real packages the busiest has 2,208."""


@dataclass(frozen=True, slots=True)
class Imported:
    """A name that an import brings in."""

    path: str
    """The dotted path of what it is: ``os.environ``."""


Meaning = cst.BaseExpression | Imported | None
"""An expression, an import, or something that is not known."""


@dataclass(slots=True, eq=False)
class Lookups:
    """How many meanings of names were gone through in a file: names that stand for one another have no end."""

    count: int = 0

    def add(self, meanings: int) -> None:
        """Count what is gone through.

        Raises:
            UnreadableError: It is more than any file needs that people write.
        """
        self.count += meanings
        if self.count > MOST_LOOKUPS:
            raise UnreadableError(f"its names stand for one another in more than {MOST_LOOKUPS} ways")


@dataclass(slots=True, eq=False)
class Scope:
    """The names of a module, a class, a function or a comprehension."""

    parent: Scope | None = None
    is_class: bool = False
    function: str | None = None
    """The name of the function whose body this is."""
    owner: str | None = None
    """The class whose body this is, or whose method."""
    over_env: bool = False
    """Whether the names of environment variables are gone through here."""
    names: dict[str, list[Meaning]] = field(default_factory=dict)
    lookups: Lookups = field(default_factory=Lookups)
    """Shared by all scopes of a file."""

    def __post_init__(self) -> None:
        """Count together with the scopes around."""
        if self.parent is not None:
            self.lookups = self.parent.lookups

    def put(self, name: str, meaning: Meaning) -> None:
        """Note what a name stands for; it may stand for several things."""
        self.names.setdefault(name, []).append(meaning)

    def find(self, name: str) -> list[Meaning]:
        """Return what a name stands for, seen from here. The names of a class are not seen from its methods."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names and (scope is self or not scope.is_class):
                return scope.names[name]
            scope = scope.parent
        return []

    @property
    def module(self) -> Scope:
        """The outermost scope."""
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope

    def meanings(self, node: cst.BaseExpression) -> list[Meaning]:
        """Return what an expression that is a reference stands for: a name, an attribute, an item of a dictionary."""
        if isinstance(node, cst.Name):
            found = self.find(node.value)
        elif isinstance(node, cst.Attribute):
            found = self._attribute(node)
        elif isinstance(node, cst.Subscript) and len(node.slice) == 1:
            found = self._item(node)
        else:
            found = []
        self.lookups.add(1 + len(found))
        return found

    def _attribute(self, node: cst.Attribute) -> list[Meaning]:
        base = node.value
        if node.attr.value == "value" and isinstance(base, cst.Attribute):  # of an enumeration's member
            inner = self._attribute(base)
            if inner:
                return inner
        if not isinstance(base, cst.Name):
            return []
        owner = self.owner if base.value in ("self", "cls") and self.owner is not None else base.value
        return self.module.names.get(f"{owner}.{node.attr.value}", [])

    def _item(self, node: cst.Subscript) -> list[Meaning]:
        index = node.slice[0].slice
        key = text(index.value, self.one) if isinstance(index, cst.Index) else None
        found: list[Meaning] = []
        for meaning in self.meanings(node.value) if key is not None else ():
            if isinstance(meaning, cst.Dict):
                found += [
                    element.value
                    for element in meaning.elements
                    if isinstance(element, cst.DictElement) and text(element.key, self.one) == key
                ]
        return found

    def one(self, node: cst.BaseExpression) -> cst.BaseExpression | None:
        """Return the one expression that a reference stands for; None where there is none, or several."""
        found = self.meanings(node)
        return found[0] if len(found) == 1 and isinstance(found[0], cst.BaseExpression) else None

    def literals(self, node: cst.BaseExpression) -> Iterator[cst.BaseExpression]:
        """Yield the text literals that an expression is or stands for."""
        waiting, seen = [node], {id(node)}
        while waiting:
            node = waiting.pop()
            if isinstance(node, cst.SimpleString | cst.ConcatenatedString | cst.FormattedString):
                yield node
                continue
            if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute) and not node.args:
                meanings: Sequence[Meaning] = [node.func.value]  # .strip(), .encode() and the like
            else:
                meanings = self.meanings(node)
            found = [each for each in meanings if isinstance(each, cst.BaseExpression) and id(each) not in seen]
            seen |= {id(each) for each in found}
            waiting += reversed(found)

    def path(self, node: cst.BaseExpression, depth: int = 0) -> str | None:
        """Return the dotted path of what an expression refers to, aliases and imports followed."""
        if depth > DEEPEST:
            return None
        if isinstance(node, cst.Call):
            return self._called_path(node, depth)
        if isinstance(node, cst.Name):
            for meaning in self.find(node.value):
                if isinstance(meaning, Imported):
                    return meaning.path
                if meaning is not None and not isinstance(meaning, cst.Integer | cst.Float | cst.SimpleString):
                    return self.path(meaning, depth + 1)
            return node.value
        if isinstance(node, cst.Attribute):
            for meaning in self._attribute(node):
                if isinstance(meaning, cst.BaseExpression):
                    return self.path(meaning, depth + 1)
            base = self.path(node.value, depth + 1)
            return None if base is None else f"{base}.{node.attr.value}"
        return None

    def _called_path(self, node: cst.Call, depth: int) -> str | None:
        """Return the path of what some calls give back: a copy is what it is a copy of."""
        function = dotted(node.func) or ""
        if isinstance(node.func, cst.Attribute) and node.func.attr.value == "copy" and not node.args:
            return self.path(node.func.value, depth + 1)
        if function in ("dict", "list", "sorted", "set", "copy.copy", "copy.deepcopy") and len(node.args) == 1:
            return self.path(node.args[0].value, depth + 1)
        if function == "getattr" and len(node.args) >= 2:
            base, name = self.path(node.args[0].value, depth + 1), text(node.args[1].value, self.one)
            return None if base is None or name is None else f"{base}.{name}"
        if function in ("__import__", "importlib.import_module") and node.args:
            return text(node.args[0].value, self.one)
        return None
