"""The model of a FeatureContract."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from cvnpolicy.core.fault import fault
from cvnpolicy.core.model import Identifier, Lax, Many, Model


class DType(StrEnum):
    """The type of a feature, in numpy's words."""

    FLOAT64 = "float64"
    FLOAT32 = "float32"
    INT64 = "int64"
    INT32 = "int32"
    INT8 = "int8"
    BOOL = "bool"
    STRING = "string"


class Feature(Model):
    """One input of the model."""

    name: Identifier
    """The column's name."""
    dtype: Lax[DType]
    """The column's type."""
    range: Annotated[tuple[float | int, float | int], Field(strict=False)] | None = None
    """The least and the greatest value it can have, both included."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.range is not None and not self.range[0] <= self.range[1]:
            raise fault(f"the range {list(self.range)} is empty", "write the smaller number first", key="range")
        return self


class FeatureContractSpec(Model):
    """The features of a model's input, in order."""

    features: Many[Feature]
    """In the order in which the model takes them."""
