"""The base of every model that is read from YAML: strict, frozen, no unknown keys."""

from __future__ import annotations

from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictFloat, StrictInt, StrictStr

from cvnpolicy.core.patterns import IDENTIFIER, OWNER, SLUG

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

Slug = Annotated[str, Field(pattern=SLUG)]
"""A name in lower case: letters, digits, ``-``, ``_``, ``.``; at most 80 characters."""

Identifier = Annotated[str, Field(pattern=IDENTIFIER)]
"""The name of a column, field or dimension."""

Owner = Annotated[str, Field(pattern=OWNER)]
"""One person, written as an account name: ``@name``."""
