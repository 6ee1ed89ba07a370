"""Names inside a validated model, found by the marks in its annotations: which it defines, which it uses, and where."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from cvnpolicy.core.names import Defines, Namespace, Ref

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """One name in a document."""

    namespace: Namespace
    name: str
    path: Path
    defines: bool
    key: bool = False
    """Whether the name is the key of a mapping (then ``path`` ends in it)."""


def marks(value: object, path: Path = ()) -> Iterator[Mark]:
    """Yield every marked name of a model, in the order of its fields."""
    if not isinstance(value, BaseModel):
        return
    for field, info in type(value).model_fields.items():
        step = info.alias or field
        yield from _inside(getattr(value, field), info.annotation, tuple(info.metadata), (*path, step))


def _inside(value: object, annotation: Any, metadata: tuple[object, ...], path: Path) -> Iterator[Mark]:  # noqa: ANN401  an annotation can be anything
    annotation, metadata = _opened(annotation, metadata)
    if value is None:
        return
    if isinstance(value, str):
        yield from _text(value, annotation, metadata, path)
    elif isinstance(value, BaseModel):
        yield from marks(value, path)
    elif isinstance(value, Mapping):
        yield from _mapping(value, annotation, path)
    elif isinstance(value, tuple):
        item = next((get_args(member)[0] for member in _members(annotation) if get_origin(member) is tuple), None)
        for index, part in enumerate(value):
            yield from _inside(part, item, (), (*path, index))


def _text(value: str, annotation: Any, metadata: tuple[object, ...], path: Path) -> Iterator[Mark]:  # noqa: ANN401  as above
    for mark in metadata:
        if isinstance(mark, Ref | Defines):
            yield Mark(mark.namespace, value, path, isinstance(mark, Defines))
    if get_origin(annotation) in (Union, types.UnionType):
        # Members of one shape are told apart before: at most one of them takes text and carries a mark, unless the
        # text is one of a literal's own words.
        words = {word for member in get_args(annotation) for word in get_args(_opened(member, ())[0])}
        for member in get_args(annotation):
            inner, marked = _opened(member, ())
            if inner is str and value not in words:
                yield from _text(value, inner, marked, path)


def _mapping(value: Mapping[Any, object], annotation: Any, path: Path) -> Iterator[Mark]:  # noqa: ANN401  as above
    mapping = next((member for member in _members(annotation) if get_origin(member) is dict), None)
    key_type, value_type = get_args(mapping) if mapping is not None else (None, None)
    for key, part in value.items():
        _plain, metadata = _opened(key_type, ())
        for mark in metadata:
            if isinstance(mark, Ref | Defines):
                yield Mark(mark.namespace, str(key), (*path, key), isinstance(mark, Defines), key=True)
        yield from _inside(part, value_type, (), (*path, key))


def _members(annotation: Any) -> list[Any]:  # noqa: ANN401  as above
    """The members of a union, opened; the annotation itself where it is none."""
    if get_origin(annotation) in (Union, types.UnionType):
        return [_opened(member, ())[0] for member in get_args(annotation)]
    return [annotation]


def _opened(annotation: Any, metadata: tuple[object, ...]) -> tuple[Any, tuple[object, ...]]:  # noqa: ANN401  as above
    """Take ``Annotated`` and ``… | None`` off."""
    while True:
        if get_origin(annotation) is Annotated:
            annotation, *inner = get_args(annotation)
            metadata = (*inner, *metadata)
        elif get_origin(annotation) in (Union, types.UnionType):
            rest = [member for member in get_args(annotation) if member is not type(None)]
            if len(rest) != 1:
                return annotation, metadata
            annotation = rest[0]
        else:
            return annotation, metadata
