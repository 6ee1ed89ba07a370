"""Two versions of a model, compared field by field by the tables of :mod:`cvnpolicy.core.effect`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from cvnpolicy.core.effect import OPEN, Absent, Effect, How, Parts, Rule, Table
from cvnpolicy.core.model import Model, alike
from cvnpolicy.core.time import rfc3339

Path = tuple[str | int, ...]
LONGEST = 60
"""The most characters of a value that a sentence shows."""
_MOST = 200
"""The most items among which one that holds another is looked for."""


@dataclass(frozen=True)
class Difference:
    """One difference between two versions of a document."""

    path: Path
    """Where it is in the new version; of what is gone, the part that held it."""
    effect: Effect
    text: str
    """What became of what: ``min_samples goes from 50 to 10``."""


Special = Callable[[Any, Any, Path], Iterator[Difference]]


@dataclass(frozen=True)
class Comparer:
    """Compares models by a table; some models by functions of their own."""

    table: Table
    special: Mapping[type[Any], Special]
    lenient: bool = False
    """Whether what cannot be decided passes somewhere: then a number that leaves more undecided may be looser."""

    def models(self, old: Model, new: Model, path: Path) -> Iterator[Difference]:
        """Yield what is different between two versions of one model."""
        if alike(old, new):
            return
        if type(old) is not type(new):
            yield _open(path, old, new)
            return
        special = self._known(self.special, type(old))
        if special is not None:
            yield from special(old, new, path)
        else:
            yield from self.fields(old, new, path)

    def fields(self, old: Model, new: Model, path: Path, but: Sequence[str] = ()) -> Iterator[Difference]:
        """Yield what is different in the fields of two models of one class, but for some fields."""
        rules = {name: rule for known in self._parts(type(old)) for name, rule in known.fields.items()}
        for name, info in type(old).model_fields.items():
            one, other = getattr(old, name), getattr(new, name)
            if not alike(one, other) and name not in but:
                yield from self._values(one, other, rules.get(name, OPEN), (*path, info.alias or name))

    def _parts(self, model: type[Any]) -> list[Parts]:
        """Return what is known of a class, that of its bases first."""
        found = [self._of(one) for one in reversed(model.__mro__)]
        return [parts for parts in found if parts is not None]

    def _of(self, model: type[Any]) -> Parts | None:
        origin = getattr(model, "__pydantic_generic_metadata__", {}).get("origin")
        return self.table.get(model) or (self.table.get(origin) if origin is not None else None)

    def _known(self, functions: Mapping[type[Any], Special], model: type[Any]) -> Special | None:
        return next((functions[one] for one in model.__mro__ if one in functions), None)

    def _values(self, old: Any, new: Any, rule: Rule, path: Path) -> Iterator[Difference]:  # noqa: ANN401
        """Yield what is different between two values of one field."""
        if rule.how is How.NOTE:
            return
        if rule.how is How.RANKED:
            yield from _ranked(old, new, rule, path)
        elif rule.how in (How.RISES, How.FALLS):
            yield self._number(old, new, rule, path)
        elif rule.how is How.OPEN:
            yield _open(path, old, new)
        else:
            yield from self._items(old, new, rule, path)

    def _items(self, old: Any, new: Any, rule: Rule, path: Path) -> Iterator[Difference]:  # noqa: ANN401
        """Yield what is different between two models, mappings or lists, or where one is not written."""
        added, removed = _COMES[rule.how], _GOES[rule.how]
        if isinstance(old, Model) and isinstance(new, Model):
            yield from self._inside(old, new, path)
        elif isinstance(old, dict | None) and isinstance(new, dict | None) and (old or new):
            yield from self._named(old or {}, new or {}, rule, path)
        elif isinstance(old, tuple | None) and isinstance(new, tuple | None) and (old or new):
            yield from self._named(self._keyed(old or ()), self._keyed(new or ()), rule, path, self._keys(new or ()))
        elif old is None:
            yield Difference(path, added, f"{_name(path)} is new: {shown(new)}")
        elif new is None:
            yield Difference(path, removed, f"{_name(path)} is gone, which was {shown(old)}")
        else:
            yield _open(path, old, new)

    def _inside(self, old: Model, new: Model, path: Path) -> Iterator[Difference]:
        """Yield what is different in a model; where nothing is known of its class, that it is."""
        known = type(old) is type(new) and (self._parts(type(old)) or self._known(self.special, type(old)))
        if known:
            yield from self.models(old, new, path)
        elif not alike(old, new):
            yield _open(path, old, new)

    def _keys(self, items: Sequence[Any]) -> dict[Any, int]:
        return {key: index for index, key in enumerate(self._keyed(items))}

    def _keyed(self, items: Sequence[Any]) -> dict[Any, Any]:
        """Return items by what tells them apart, and the how-manieth of that kind each is: none hides another."""
        seen: Counter[tuple[str, ...]] = Counter()
        found: dict[Any, Any] = {}
        for item in items:
            key = self._key(item)
            found[key, seen[key]] = item
            seen[key] += 1
        return found

    def _key(self, item: Any) -> tuple[str, ...]:  # noqa: ANN401
        """Return what tells an item of a list apart: whole and with its type, as no text for people is."""
        names = [name for parts in self._parts(type(item)) for name in parts.key] if isinstance(item, Model) else []
        return tuple(repr(getattr(item, name)) for name in names) if names else (repr(item),)

    def _label(self, item: Any) -> str:  # noqa: ANN401
        """Return what an item of a list is called in a sentence."""
        names = [name for parts in self._parts(type(item)) for name in parts.key] if isinstance(item, Model) else []
        return " ".join(filter(None, (shown(getattr(item, name)) for name in names))) if names else shown(item)

    def _called(self, key: object, item: object) -> str:
        """Return what an item of a list or mapping is called."""
        return self._label(item) if isinstance(key, tuple) else shown(key)

    def _named(
        self,
        old: Mapping[Any, Any],
        new: Mapping[Any, Any],
        rule: Rule,
        path: Path,
        places: Mapping[Any, int] | None = None,
    ) -> Iterator[Difference]:
        """Yield which items came and went, and what is different in those that stayed."""
        for key, item in old.items():
            if key not in new and not (_GOES[rule.how] is Effect.LOOSER and _held(new, item, rule)):
                yield Difference(path, _GOES[rule.how], f"{self._called(key, item)} is gone from {_name(path)}")
        for key, item in new.items():
            place = (*path, places[key] if places is not None else key)
            if key not in old:
                looser = _COMES[rule.how] is Effect.LOOSER
                if _COMES[rule.how] is not Effect.NONE and not (looser and _held(old, item, rule)):
                    yield Difference(place, _COMES[rule.how], f"{self._called(key, item)} is new in {_name(path)}")
            elif isinstance(item, Model) and isinstance(old[key], Model):
                yield from self._inside(old[key], item, place)
            elif not alike(item, old[key]) and _composed(old[key], item, rule):
                yield from self._items(old[key], item, rule, place)
            elif not alike(item, old[key]):
                yield _open(place, old[key], item)

    def _number(self, old: Any, new: Any, rule: Rule, path: Path) -> Difference:  # noqa: ANN401
        """Compare two numbers, durations or instants, of which one may not be written."""
        least = rule.absent is Absent.LEAST
        try:
            grew = least if old is None else not least if new is None else new > old
        except TypeError:  # an instant, and one that counts from an anchor
            return _open(path, old, new)
        if grew is (rule.how is How.RISES):
            return Difference(path, Effect.LOOSER, moved(path, old, new))
        if rule.doubts and self.lenient:
            what = f"{moved(path, old, new)}, so that less can be decided, and what is not decided passes somewhere"
            return Difference(path, Effect.UNKNOWN, what)
        return Difference(path, Effect.TIGHTER, moved(path, old, new))


_COMES = {How.GUARDS: Effect.TIGHTER, How.EXCUSES: Effect.LOOSER, How.PARTS: Effect.NONE}
_GOES = {How.GUARDS: Effect.LOOSER, How.EXCUSES: Effect.TIGHTER, How.PARTS: Effect.UNKNOWN}


def _held(items: Mapping[Any, Any], item: object, rule: Rule) -> bool:
    """Return whether one of many items is or holds another one. Where there are too many to look, none does."""
    return rule.covers is not None and len(items) <= _MOST and any(rule.covers(one, item) for one in items.values())


def _composed(old: object, new: object, rule: Rule) -> bool:
    """Return whether two items hold items themselves, of which each can be compared."""
    if isinstance(old, dict) and isinstance(new, dict):
        return True
    return isinstance(old, tuple) and isinstance(new, tuple) and rule.how is not How.PARTS


def _ranked(old: object, new: object, rule: Rule, path: Path) -> Iterator[Difference]:
    if old not in rule.order or new not in rule.order:
        yield _open(path, old, new)
        return
    looser = rule.order.index(new) > rule.order.index(old)
    yield Difference(path, Effect.LOOSER if looser else Effect.TIGHTER, moved(path, old, new))


def _open(path: Path, old: object, new: object) -> Difference:
    return Difference(path, Effect.UNKNOWN, f"{moved(path, old, new)}, and which is looser cannot be told")


def moved(path: Path, old: object, new: object) -> str:
    """Return ``min_samples goes from 50 to 10``."""
    if old is None:
        return f"{_name(path)} is new: {shown(new)}"
    if new is None:
        return f"{_name(path)} is gone, which was {shown(old)}"
    return f"{_name(path)} goes from {shown(old)} to {shown(new)}"


def _name(path: Path) -> str:
    """Return what a field is called: the last key of its path."""
    return next((step for step in reversed(path) if isinstance(step, str)), "the document")


def shown(value: object) -> str:
    """Return a value on one line as a policy would write it, cut where it is long."""
    text = _written(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _written(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return rfc3339(value)
    if isinstance(value, Model):
        fields = {info.alias or name: getattr(value, name) for name, info in type(value).model_fields.items()}
        return _written({name: part for name, part in fields.items() if part is not None and part != {}})
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_written(key)}: {_written(part)}" for key, part in value.items()) + "}"
    if isinstance(value, tuple | list):
        return f"[{', '.join(map(_written, value))}]"
    return str(value)
