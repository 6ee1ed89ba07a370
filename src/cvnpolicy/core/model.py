"""The base of every model that is read from YAML: strict, frozen, no unknown keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictFloat, StrictInt, StrictStr, model_validator

from cvnpolicy.core.fault import fault
from cvnpolicy.core.patterns import IDENTIFIER, OWNER, SLUG

T = TypeVar("T")


class Model(BaseModel):
    """A strict, frozen model. Attribute docstrings become the descriptions in the JSON Schema."""

    model_config = ConfigDict(
        strict=True, extra="forbid", frozen=True, use_attribute_docstrings=True, arbitrary_types_allowed=True
    )

    @model_validator(mode="before")
    @classmethod
    def _something_is_written(cls, data: object) -> object:
        """Refuse a key with nothing behind it: ``crit_if:`` left empty must not mean that there is no limit."""
        if isinstance(data, Mapping):
            known = {info.alias or name for name, info in cls.model_fields.items()}
            for key, value in data.items():
                if value is None and key in known:
                    raise fault(f"nothing is written for '{key}'", "remove the key, or write a value", key=key)
        return data


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
