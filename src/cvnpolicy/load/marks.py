"""Names inside a document, found by the marks in its model's annotations: which it defines, which it uses, and where.

The walk goes over the plain document, not over the validated model: a document with a mistake in one place still
defines its names, and the names that it uses are still checked.
"""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Union, get_args, get_origin

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
    fields = {info.alias or name: info for name, info in model.model_fields.items()}
    for key, part in value.items():
        if key in fields:
            yield from _inside(part, fields[key].annotation, tuple(fields[key].metadata), (*path, key))


def _inside(value: object, annotation: Any, metadata: Metadata, path: Path) -> Iterator[Mark]:  # noqa: ANN401  an annotation can be anything
    members = list(_members(annotation, metadata))
    if isinstance(value, str):
        yield from _text(value, members, path)
    elif isinstance(value, Mapping):
        for member, _ in members:
            if isinstance(member, type) and issubclass(member, BaseModel):
                yield from marks(member, value, path)
            elif get_origin(member) is dict:
                yield from _mapping(value, get_args(member), path)
    elif isinstance(value, list):
        items = [get_args(member)[0] for member, _ in members if get_origin(member) is tuple]
        for index, part in enumerate(value):
            for item in items:
                yield from _inside(part, item, (), (*path, index))


def _text(value: str, members: list[tuple[Any, Metadata]], path: Path) -> Iterator[Mark]:
    # A literal's own word (such as "columns") is that word, and not the name that another member would take it for.
    if any(value in get_args(member) for member, _ in members):
        return
    for _, metadata in members:
        for mark in metadata:
            if isinstance(mark, Ref | Defines):
                yield Mark(mark.namespace, value, path, isinstance(mark, Defines))


def _mapping(value: Mapping[Any, object], types_: tuple[Any, ...], path: Path) -> Iterator[Mark]:
    key_type, value_type = types_
    for key, part in value.items():
        for _, metadata in _members(key_type, ()):
            for mark in metadata:
                if isinstance(mark, Ref | Defines):
                    yield Mark(mark.namespace, str(key), (*path, key), isinstance(mark, Defines), key=True)
        yield from _inside(part, value_type, (), (*path, key))


def _members(annotation: Any, metadata: Metadata) -> Iterator[tuple[Any, Metadata]]:  # noqa: ANN401  as above
    """Yield what an annotation allows, ``Annotated`` and unions opened, each with its metadata."""
    while get_origin(annotation) is Annotated:
        annotation, *inner = get_args(annotation)
        metadata = (*inner, *metadata)
    if get_origin(annotation) not in _UNIONS:
        yield annotation, metadata
        return
    optional = [member for member in get_args(annotation) if member is not type(None)]
    for member in optional:
        yield from _members(member, metadata if len(optional) == 1 else ())
