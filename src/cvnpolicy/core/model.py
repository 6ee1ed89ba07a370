"""The base of every model that is read from YAML: strict, frozen, no unknown keys."""

from __future__ import annotations

from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictFloat, StrictInt, StrictStr

T = TypeVar("T")


class Model(BaseModel):
    """A strict, frozen model. Attribute docstrings become the descriptions in the JSON Schema."""

    model_config = ConfigDict(
        strict=True, extra="forbid", frozen=True, use_attribute_docstrings=True, arbitrary_types_allowed=True
    )


Many = Annotated[tuple[T, ...], Field(strict=False, min_length=1)]
"""A list with at least one item. YAML gives lists; models hold tuples, so that they stay frozen."""

Lax = Annotated[T, Field(strict=False)]
"""An enumeration written as its text."""

ScalarValue = StrictBool | StrictInt | StrictFloat | StrictStr
"""A YAML scalar that is not null."""

Slug = Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9_.-]{0,78}[a-z0-9])?$")]
"""A name in lower case: letters, digits, ``-``, ``_``, ``.``; at most 80 characters."""

Identifier = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,79}$")]
"""The name of a column, field or dimension."""

Owner = Annotated[str, Field(pattern=r"^@[A-Za-z0-9]([A-Za-z0-9-]{0,38})$")]
"""One person, written as an account name: ``@name``."""
