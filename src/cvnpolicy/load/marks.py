"""Names inside a document, found by the marks in its model's annotations: which it defines, which it uses, and where.

The walk goes over the plain document, not over the validated model: a document with a mistake in one place still
defines its names, and the names that it uses are still checked.
"""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from cvnpolicy.core.names import Defines, Namespace, Ref

Path = tuple[str | int, ...]
Metadata = tuple[object, ...]
_UNIONS = (Union, types.UnionType)


@dataclass(frozen=True, slots=True)
class Mark:
    """One name in a document."""

    namespace: Namespace
    name: str
    path: Path
    defines: bool
    key: bool = False
    """Whether the name is the key of a mapping (then ``path`` ends in it)."""


def marks(model: type[BaseModel], value: object, path: Path = ()) -> Iterator[Mark]:
    """Yield every marked name of a document, in the order of its text.

    Args:
        model: The document's model.
        value: The document as plain dicts, lists and scalars. What does not fit the model is passed over.
        path: Where the value stands.
    """
    if not isinstance(value, Mapping):
        return
    known = _fields(model)
    for key, part in value.items():
        if key in known:
            yield from _inside(part, known[key], (*path, key))


@dataclass(frozen=True, slots=True)
class _Member:
    """One type that may stand at a place, opened once for all documents."""

    type: Any
    marks: tuple[Ref | Defines, ...]
    """What a text here names."""
    words: tuple[object, ...] = ()
    """A literal's own words."""
    keys: tuple[_Member, ...] = ()
    """Of a mapping."""
    items: tuple[_Member, ...] = ()
    """Of a list, or the values of a mapping."""


@cache
def _fields(model: type[BaseModel]) -> Mapping[str, tuple[_Member, ...]]:
    """Return what may stand behind each key of a model."""
    return {
        info.alias or name: tuple(_members(info.annotation, tuple(info.metadata)))
        for name, info in model.model_fields.items()
    }


def _inside(value: object, members: tuple[_Member, ...], path: Path) -> Iterator[Mark]:
    if isinstance(value, str):
        yield from _text(value, members, path)
    elif isinstance(value, Mapping):
        for member in members:
            if isinstance(member.type, type) and issubclass(member.type, BaseModel):
                yield from marks(member.type, value, path)
            elif member.type is dict:
                yield from _mapping(value, member, path)
    elif isinstance(value, list):
        items = [member.items for member in members if member.type is tuple]
        for index, part in enumerate(value):
            for item in items:
                yield from _inside(part, item, (*path, index))


def _text(value: str, members: tuple[_Member, ...], path: Path) -> Iterator[Mark]:
    # A literal's own word (such as "columns") is that word, and not the name that another member would take it for.
    if any(value in member.words for member in members):
        return
    for member in members:
        for mark in member.marks:
            yield Mark(mark.namespace, value, path, isinstance(mark, Defines))


def _mapping(value: Mapping[Any, object], member: _Member, path: Path) -> Iterator[Mark]:
    for key, part in value.items():
        for known in member.keys:
            for mark in known.marks:
                yield Mark(mark.namespace, str(key), (*path, key), isinstance(mark, Defines), key=True)
        yield from _inside(part, member.items, (*path, key))


def _members(annotation: Any, metadata: Metadata = ()) -> Iterator[_Member]:  # noqa: ANN401  an annotation can be anything
    """Yield what an annotation allows, ``Annotated`` and unions opened."""
    while get_origin(annotation) is Annotated:
        annotation, *inner = get_args(annotation)
        metadata = (*inner, *metadata)
    found, inside = get_origin(annotation), get_args(annotation)
    if found in _UNIONS:
        optional = [member for member in inside if member is not type(None)]
        for member in optional:
            yield from _members(member, metadata if len(optional) == 1 else ())
        return
    named = tuple(mark for mark in metadata if isinstance(mark, Ref | Defines))
    if found is dict:
        yield _Member(dict, named, keys=tuple(_members(inside[0])), items=tuple(_members(inside[1])))
    elif found is tuple:
        yield _Member(tuple, named, items=tuple(_members(inside[0])))
    else:
        yield _Member(annotation, named, words=inside if found is Literal else ())
