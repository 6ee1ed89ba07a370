"""The base of every model that is read from YAML: strict, frozen, no unknown keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictFloat, StrictInt, StrictStr, model_validator
from pydantic_core import core_schema

from cvnpolicy.core.docstrings import attribute_docs
from cvnpolicy.core.fault import fault
from cvnpolicy.core.patterns import IDENTIFIER, OWNER, SLUG

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue

T = TypeVar("T")


class Model(BaseModel):
    """A strict, frozen model. Attribute docstrings become the descriptions in the JSON Schema."""

    # A model is built when a document of it is met: a hook that reads one kind does not pay for the others.
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, arbitrary_types_allowed=True, defer_build=True)

    @model_validator(mode="before")
    @classmethod
    def _something_is_written(cls, data: object) -> object:
        """Refuse a key with nothing behind it: ``crit_if:`` left empty must not mean that there is no limit."""
        if isinstance(data, Mapping):
            for key, value in data.items():
                if value is None and key in {info.alias or name for name, info in cls.model_fields.items()}:
                    raise fault(f"nothing is written for '{key}'", "remove the key, or write a value", key=key)
        return data

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core: core_schema.CoreSchema, handler: GetJsonSchemaHandler, /
    ) -> JsonSchemaValue:
        """Describe each key by the docstring below its attribute."""
        schema = handler(core)
        properties = handler.resolve_ref_schema(schema)["properties"]
        docs = attribute_docs(cls)
        for name, info in cls.model_fields.items():
            if name in docs:
                properties[info.alias or name].setdefault("description", docs[name])
        return schema


def alike(left: object, right: object) -> bool:
    """Return whether two values of models say the same. Unlike ``==``, it does not take ``true`` for ``1``."""
    if isinstance(left, Model):
        return type(left) is type(right) and all(
            alike(getattr(left, name), getattr(right, name)) for name in type(left).model_fields
        )
    if isinstance(left, Mapping):
        return (
            isinstance(right, Mapping)
            and left.keys() == right.keys()
            and all(alike(value, right[key]) for key, value in left.items())
        )
    if isinstance(left, tuple):
        return isinstance(right, tuple) and len(left) == len(right) and all(map(alike, left, right))
    return left == right and isinstance(left, bool) is isinstance(right, bool)


@dataclass(frozen=True, slots=True)
class Reads:
    """In ``Annotated``: one function reads the value and answers for all of it.

    Pydantic's own ``PlainValidator`` does the same, and also builds a schema of the type for writing it out again,
    which nothing here does and every start would pay for.
    """

    function: Callable[[Any], Any]

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        """Return the schema that calls the function."""
        return core_schema.no_info_plain_validator_function(self.function)


Many = Annotated[tuple[T, ...], Field(strict=False, min_length=1)]
"""A list with at least one item. YAML gives lists; models hold tuples, so that they stay frozen."""

Lax = Annotated[T, Field(strict=False)]
"""An enumeration written as its text."""

ScalarValue = StrictBool | StrictInt | StrictFloat | StrictStr
"""A YAML scalar that is not null."""

Slug = Annotated[str, Field(pattern=SLUG)]
"""A name in lower case: letters, digits, ``-``, ``_``, ``.``; at most 80 characters."""

Identifier = Annotated[str, Field(pattern=IDENTIFIER)]
"""The name of a column, field or dimension."""

Owner = Annotated[str, Field(pattern=OWNER)]
"""One person, written as an account name: ``@name``."""
