"""What names stand for in a file: what they are assigned, imported, or given as a default. Nothing is executed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeGuard

import libcst as cst

from cvnpolicy.lint.fold import DEEPEST, dotted, text
from cvnpolicy.lint.source import UnreadableError

MOST_LOOKUPS = 1_000_000
"""The most steps from value to value in one file. Of 1,249 files of real packages the busiest takes 21,895."""


@dataclass(frozen=True, slots=True)
class Imported:
    """A name that an import brings in."""

    path: str
    """The dotted path of what it is: ``os.environ``."""


@dataclass(frozen=True, slots=True, eq=False)
class Elsewhere:
    """An expression that stands in another scope: what a call hands to a parameter, what a function gives back."""

    value: cst.BaseExpression
    scope: Scope


ENVIRONMENTS = frozenset({"os.environ", "os.environb", "posix.environ"})
_PLAIN = (cst.SimpleString, cst.ConcatenatedString, cst.Dict, cst.Tuple, cst.List)

Meaning = cst.BaseExpression | Imported | Elsewhere | None
"""An expression, an import, or something that is not known."""


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function of the file."""

    owner: str | None
    """The class that it is a method of."""
    positional: Sequence[str]
    """Its parameters that can be given by position, without ``self``."""
    named: frozenset[str]
    """Those that can be given by name."""
    inner: Scope
    """The scope of its body."""
    results: list[Elsewhere] = field(default_factory=list)
    """What it gives back."""


@dataclass(slots=True, eq=False)
class Whole:
    """What all scopes of a file share."""

    functions: dict[str, list[Function]] = field(default_factory=dict)
    """By name; a class's ``__init__`` by the name of the class."""
    bases: dict[str, list[str]] = field(default_factory=dict)
    """The classes of the file, and what each is made of."""
    constants: dict[int, bool] = field(default_factory=dict)
    """Whether an expression is made of nothing but numbers, by the id of its node: asked once."""
    depth: int = 0
    """How many items are being looked up, one for another."""
    count: int = 0
    """How many meanings of names were gone through: names that stand for one another have no end."""

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
    body_of: Function | None = None
    """That function."""
    owner: str | None = None
    """The class whose body this is, or whose method."""
    over_env: bool = False
    """Whether the names of environment variables are gone through here."""
    names: dict[str, list[Meaning]] = field(default_factory=dict)
    whole: Whole = field(default_factory=Whole)

    def __post_init__(self) -> None:
        """Share with the scopes around."""
        if self.parent is not None:
            self.whole = self.parent.whole

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
        self.whole.add(1 + len(found))
        return found

    def _attribute(self, node: cst.Attribute) -> list[Meaning]:
        base = node.value
        if node.attr.value == "value" and isinstance(base, cst.Attribute):  # of an enumeration's member
            inner = self._attribute(base)
            if inner:
                return inner
        written = dotted(node)
        found = [] if written is None else list(self.module.names.get(written, ()))
        owner = self.class_of(base)
        for each in self.line(owner) if owner is not None else ():
            known = f"{each}.{node.attr.value}"
            found += self.module.names.get(known, []) if known != written else []
        made = self.one(base) if isinstance(base, cst.Name) else None
        if isinstance(made, cst.Call):
            given = [each.value for each in made.args if each.keyword and each.keyword.value == node.attr.value]
            found += given
        return found

    def class_of(self, node: cst.BaseExpression) -> str | None:
        """Return the class of this file that an expression is, or is of."""
        if isinstance(node, cst.Attribute) and node.attr.value == "__class__":
            return self.class_of(node.value)
        if isinstance(node, cst.Call):
            inside = isinstance(node.func, cst.Name) and node.func.value in ("type", "super")
            if inside:
                return self.class_of(node.args[0].value) if node.args else self.owner
            return self.class_of(node.func) if isinstance(node.func, cst.Name) else None
        if not isinstance(node, cst.Name):
            return None
        if node.value in ("self", "cls"):
            return self.owner
        if node.value in self.whole.bases:
            return node.value
        made = self.one(node)
        called = made.func if isinstance(made, cst.Call) else None
        return called.value if isinstance(called, cst.Name) and called.value in self.whole.bases else None

    def called(self, node: cst.Call) -> list[Function]:
        """Return the functions and methods of this file that a call means."""
        function = node.func
        if isinstance(function, cst.Name):
            known = self.whole.functions.get(function.value, ())
            self.whole.add(len(known))
            if any(isinstance(each, Imported) for each in self.find(function.value)):
                return []
            return [each for each in known if each.owner in (None, function.value)]
        if isinstance(function, cst.Attribute):
            name, owner = function.attr.value, self.class_of(function.value)
            known = self.whole.functions.get((owner or "") if name == "__init__" else name, ())
            self.whole.add(len(known))
            return [each for each in known if owner is not None and each.owner in self.line(owner)]
        return []

    def line(self, owner: str) -> list[str]:
        """Return a class and those of this file that it is made of."""
        line = [owner]
        for each in line:
            line += [base for base in self.whole.bases.get(each, ()) if base not in line]
        return line

    def _item(self, node: cst.Subscript) -> list[Meaning]:
        """Return what an item stands for: the one under a key or place that is known, and each where it is not."""
        if self.whole.depth > DEEPEST:
            return []
        self.whole.depth += 1
        try:
            return self._under(node)
        finally:
            self.whole.depth -= 1

    def _under(self, node: cst.Subscript) -> list[Meaning]:
        index = node.slice[0].slice
        value = index.value if isinstance(index, cst.Index) else None
        key = None if value is None else text(value, self.one)
        place = value.evaluated_value if isinstance(value, cst.Integer) else None
        base = dotted(node.value)
        found: list[Meaning] = []
        if base is not None and key is not None:
            found += self.module.names.get(f"{base}[{key}]", ())
        held: list[Meaning] = [node.value, *self.meanings(node.value)]
        for meaning in held:
            found += self._held(meaning, key, place)
        return found

    def _held(self, meaning: Meaning, key: str | None, place: int | None) -> Iterator[cst.BaseExpression]:
        if isinstance(meaning, cst.Dict):
            self.whole.add(len(meaning.elements))
            for element in meaning.elements:
                own = text(element.key, self.one) if isinstance(element, cst.DictElement) else None
                if key is None or own == key:
                    yield element.value
        elif isinstance(meaning, cst.Tuple | cst.List):
            self.whole.add(len(meaning.elements))
            for index, part in enumerate(meaning.elements):
                if key is not None:
                    yield from self._held(part.value, key, None) if isinstance(part.value, cst.Dict) else ()
                elif place is None or place == index:
                    yield part.value
        elif isinstance(meaning, cst.Call) and isinstance(meaning.func, cst.Name) and meaning.func.value == "dict":
            yield from (each.value for each in meaning.args if each.keyword is not None and each.keyword.value == key)

    def texts(self, node: cst.BaseExpression) -> Iterator[str]:
        """Yield what a key may say: the text that it is, those of a tuple, and of what a name stands for in turn."""
        said = text(node, self.one)
        if said is not None:
            yield said
        elif isinstance(node, cst.Tuple | cst.List | cst.Set):
            self.whole.add(len(node.elements))
            yield from (each for element in node.elements if (each := text(element.value, self.one)) is not None)
        elif isinstance(node, cst.Name):
            for meaning in self.meanings(node):
                value = meaning.value if isinstance(meaning, Elsewhere) else meaning
                if isinstance(value, cst.Name):
                    value = self.one(value)
                if isinstance(value, cst.SimpleString | cst.Tuple | cst.List | cst.Set):
                    yield from self.texts(value)

    def one(self, node: cst.BaseExpression) -> cst.BaseExpression | None:
        """Return the one expression that a reference stands for; None where there is none, or several."""
        found = self.meanings(node)
        only = found[0] if len(found) == 1 else None
        if isinstance(only, Elsewhere):
            only = only.value if isinstance(only.value, _PLAIN) else None
        return only if isinstance(only, cst.BaseExpression) else None

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
            elif isinstance(node, cst.Call) and len(node.args) == 1:
                meanings = [node.args[0].value]  # dedent() and the like
            else:
                meanings = self.meanings(node)
            values = (each.value if isinstance(each, Elsewhere) else each for each in meanings)
            found = [each for each in values if isinstance(each, cst.BaseExpression) and id(each) not in seen]
            seen |= {id(each) for each in found}
            waiting += reversed(found)

    def path(self, node: cst.BaseExpression, depth: int = 0) -> str | None:
        """Return the dotted path of what an expression refers to, aliases and imports followed."""
        if depth > DEEPEST:
            return None
        if isinstance(node, cst.Call):
            return self._called_path(node, depth)
        if _copies(node):
            return self.path(node.elements[0].value, depth + 1)
        if isinstance(node, cst.Name):
            return self._named_path(node, depth)
        if isinstance(node, cst.Attribute):
            for meaning in self._attribute(node):
                if isinstance(meaning, Elsewhere):
                    return meaning.scope.path(meaning.value, depth + 1)
                if isinstance(meaning, cst.BaseExpression):
                    return self.path(meaning, depth + 1)
            base = self.path(node.value, depth + 1)
            return None if base is None else f"{base}.{node.attr.value}"
        return None

    def _named_path(self, node: cst.Name, depth: int) -> str | None:
        meanings = self.meanings(node)
        # Of several the environment counts: what may be it is not let through.
        written = (dotted(each) for each in meanings if isinstance(each, cst.Attribute))
        found = next((each for each in written if each in ENVIRONMENTS), None)
        if found is not None:
            return found
        for meaning in meanings:
            if isinstance(meaning, Imported):
                return meaning.path
            if isinstance(meaning, Elsewhere):
                return meaning.scope.path(meaning.value, depth + 1)
            if isinstance(meaning, cst.Name | cst.Attribute | cst.Call) or _copies(meaning):
                return self.path(meaning, depth + 1)
        return node.value

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


def _copies(node: object) -> TypeGuard[cst.Dict]:
    """Whether an expression is a copy of one mapping: ``{**os.environ}``."""
    return (
        isinstance(node, cst.Dict) and len(node.elements) == 1 and isinstance(node.elements[0], cst.StarredDictElement)
    )
