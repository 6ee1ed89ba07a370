"""Walking a model's annotations along the path of an error: what could stand there, and what it is called."""

from __future__ import annotations

import types
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from pydantic import AliasChoices, BaseModel, Tag, WithJsonSchema
from pydantic.fields import FieldInfo

from cvnpolicy.core.docstrings import attribute_docs
from cvnpolicy.load.words import alternatives, listing

TEXT, NUMBER, WHOLE, BOOLEAN = "text", "a number", "a whole number", "true or false"
LIST, MAPPING, INSTANT, VALUE = "a list", "a mapping", "an instant", "a value"
_ORDER = (TEXT, INSTANT, NUMBER, WHOLE, BOOLEAN, LIST, MAPPING, VALUE)
_JSON_WORDS = {
    "string": TEXT, "number": NUMBER, "integer": WHOLE, "boolean": BOOLEAN, "array": LIST, "object": MAPPING,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Option:
    """One type that is allowed at a place; a union has several."""

    type: Any
    tag: str | None = None
    word: str | None = None
    """What it is called, where its JSON Schema says so and not its type."""

    @property
    def model(self) -> type[BaseModel] | None:
        """The model class, or None."""
        return self.type if isinstance(self.type, type) and issubclass(self.type, BaseModel) else None


def options(annotation: Any, metadata: Iterable[object] = (), tag: str | None = None) -> tuple[Option, ...]:  # noqa: ANN401  an annotation can be anything
    """Return the types an annotation allows, None aside; aliases, ``Annotated`` and unions are opened."""
    extra = tuple(metadata)
    while True:
        if get_origin(annotation) is Annotated:
            annotation, *inner = get_args(annotation)
            extra = (*inner, *extra)
        elif hasattr(annotation, "__value__"):
            annotation = annotation.__value__
        else:
            break
    tag = next((item.tag for item in extra if isinstance(item, Tag)), tag)
    schema = next((item.json_schema for item in extra if isinstance(item, WithJsonSchema)), None)
    word = _JSON_WORDS.get(str(schema.get("type"))) if schema else None
    if get_origin(annotation) in (Union, types.UnionType) and word is None:
        return tuple(option for member in get_args(annotation) for option in options(member, tag=tag))
    return () if annotation in (None, type(None)) else (Option(annotation, tag, word),)


def fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """Return a model's fields by the names they have in YAML."""
    return {name: info for field, info in model.model_fields.items() for name in _names(field, info)}


def field_names(allowed: Iterable[Option]) -> tuple[str, ...]:
    """Return every key that one of the models knows."""
    return tuple(name for option in allowed if option.model for name in fields(option.model))


def purpose_of(allowed: Iterable[Option], name: str) -> str:
    """Return what the first key of that name is for; empty where it is not known."""
    models = [option.model for option in allowed if option.model]
    model = next((model for model in models if name in fields(model)), None)
    if model is None:
        return ""
    field = next(field for field, info in model.model_fields.items() if name in _names(field, info))
    return model.model_fields[field].description or attribute_docs(model).get(field, "")


def below(allowed: Iterable[Option], step: str | int) -> tuple[Option, ...]:
    """Return what is allowed one step further down; nothing where no type has such a step."""
    return tuple(found for option in allowed for found in _below(option, step))


def tagged(allowed: tuple[Option, ...], tag: str) -> tuple[Option, ...]:
    """Return the members of a union with that tag; all of them where none has it."""
    return tuple(option for option in allowed if option.tag == tag) or allowed


def labelled(allowed: tuple[Option, ...], label: str) -> tuple[Option, ...]:
    """Return the members of a union that pydantic's label means; all of them where that is not clear."""
    return tuple(option for option in allowed if getattr(option.type, "__name__", None) == label) or allowed


def words(allowed: Iterable[Option]) -> tuple[str, ...]:
    """Return the words that literals and enumerations allow."""
    return tuple(str(value) for option in allowed for value in _constants(option.type))


def describe(allowed: tuple[Option, ...]) -> str:
    """Return what is allowed, in plain words: ``text or a list``."""
    kinds = {_kind(option) for option in allowed if not _constants(option.type)}
    if NUMBER in kinds:
        kinds.discard(WHOLE)
    constants = words(allowed)
    chosen = [f"one of {listing(constants)}" if len(constants) > 1 else f"'{word}'" for word in constants[:1]]
    chosen += [kind for kind in _ORDER if kind in kinds]
    if len(chosen) > 1 and BOOLEAN in chosen:
        chosen[chosen.index(BOOLEAN) : chosen.index(BOOLEAN) + 1] = ["true", "false"]
    return alternatives(chosen) or VALUE


def _kind(option: Option) -> str:  # noqa: PLR0911  a table of types, first match wins
    if option.word is not None:
        return option.word
    found = get_origin(option.type) or option.type
    if not isinstance(found, type):
        return VALUE
    if found is bool:
        return BOOLEAN
    if issubclass(found, int):
        return WHOLE
    if issubclass(found, float):
        return NUMBER
    if issubclass(found, str):
        return TEXT
    if issubclass(found, datetime | date):
        return INSTANT
    if issubclass(found, BaseModel | Mapping):
        return MAPPING
    return LIST if issubclass(found, Collection) else VALUE


def _constants(kind: Any) -> tuple[object, ...]:  # noqa: ANN401  an annotation can be anything
    if get_origin(kind) is Literal:
        return tuple(value.value if isinstance(value, Enum) else value for value in get_args(kind))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return tuple(member.value for member in kind)
    return ()


def _names(field: str, info: FieldInfo) -> tuple[str, ...]:
    alias = info.validation_alias or info.alias or field
    if isinstance(alias, AliasChoices):
        return tuple(choice for choice in alias.choices if isinstance(choice, str))
    return (alias,) if isinstance(alias, str) else (field,)


def _below(option: Option, step: str | int) -> tuple[Option, ...]:
    if option.model:
        info = fields(option.model).get(str(step))
        return options(info.annotation, info.metadata) if info else ()
    origin, inner = get_origin(option.type), [item for item in get_args(option.type) if item is not Ellipsis]
    if not isinstance(origin, type) or not inner or any(isinstance(item, TypeVar) for item in inner):
        return ()
    if issubclass(origin, Mapping):
        return options(inner[-1]) if isinstance(step, str) else ()
    if not issubclass(origin, Collection) or not isinstance(step, int):
        return ()
    return options(inner[min(step, len(inner) - 1)])
