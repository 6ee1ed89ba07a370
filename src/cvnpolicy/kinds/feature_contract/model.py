"""The model of a FeatureContract."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from cvnpolicy.core.fault import fault
from cvnpolicy.core.model import Identifier, Lax, Many, Model, ScalarValue, Slug
from cvnpolicy.core.patterns import JSON_FILE, TAG, VARIABLE


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


class FieldType(StrEnum):
    """What a pinned value is. An environment variable is read as this."""

    BOOL = "bool"
    """In the environment ``0`` or ``1``."""
    INT = "int"
    FLOAT = "float"
    STR = "str"


class Phase(StrEnum):
    """When a field of the environment is read."""

    TRAINING = "training"
    """By whoever trains. A process that serves the model does not look at it: what the artefact says counts."""
    SERVING = "serving"
    """When the model is loaded too: there the environment has to repeat what the artefact says."""


_TYPES: dict[FieldType, tuple[type, ...]] = {
    FieldType.BOOL: (bool,),
    FieldType.INT: (int,),
    FieldType.FLOAT: (float, int),
    FieldType.STR: (str,),
}


class Pinned(Model):
    """One value that training pins in the artefact."""

    type: Lax[FieldType]
    """What it is."""
    variable: Annotated[str, Field(pattern=VARIABLE)] | None = None
    """The environment variable that says the same; without one only the artefact says it."""
    phase: Lax[Phase] | None = None
    """When that variable is read. Needed beside ``variable``."""
    values: Many[ScalarValue] | None = None
    """What it can be; anything without."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.variable is None) is not (self.phase is None):
            if self.phase is None:
                raise fault("a variable needs a phase", "write phase: serving, or phase: training", key="variable")
            raise fault("a phase needs a variable", "name the variable, or remove the phase", key="phase")
        for value in self.values or ():
            right = _TYPES[self.type]
            if not isinstance(value, right) or (isinstance(value, bool) and bool not in right):
                said = str(value).lower() if isinstance(value, bool) else value
                raise fault(f"{said} is no {self.type}", "write values of the field's type", key="values")
        return self


class Variant(Model):
    """One way to enrich: which of the features, and how far from the bar that is predicted."""

    features: Annotated[tuple[Identifier, ...], Field(strict=False)] | None = None
    """Those that it has, in the order of the contract; ``[]`` for none, all where it is not written."""
    purge_bars: Annotated[int, Field(ge=0, le=10_000)] | None = None
    """Its own; that of the contract where it is not written."""


class Artefact(Model):
    """The file beside the model that pins how it was trained."""

    file: Annotated[str, Field(pattern=JSON_FILE)]
    """Its path among the artefacts of the run."""
    fields: Annotated[dict[Identifier, Pinned], Field(min_length=1)]
    """What it says, by key. Other keys are refused."""
    features: Identifier | None = None
    """The key with the list of the features' names, in order."""
    variant: Identifier | None = None
    """The field that names the variant."""
    purge_bars: Identifier | None = None
    """The field that says how many bars are purged."""
    manifest: Annotated[str, Field(pattern=JSON_FILE)]
    """The committed file of the repository with the SHA-256 of each artefact that may be served."""
    tag: Annotated[str, Field(pattern=TAG)] | None = None
    """The registry's tag with the same hash: a cross-check, as tags can be overwritten."""


class Repeats(StrEnum):
    """Whether the environment is compared with an artefact."""

    COMPARED = "compared"
    """As for every other model."""
    IGNORED = "ignored"
    """Not at all: it stands in for another model in a fleet whose environment is about that one."""


class Fallback(Model):
    """The model that is promoted where this one must not serve."""

    model: Annotated[str, Field(pattern=TAG)]
    """The name of the registered model."""
    variant: Slug
    """How it was trained."""
    environment: Lax[Repeats]
    """Whether the environment has to repeat what a model of this variant pins."""


class Cache(Model):
    """What tells two enrichments of one window apart in a cache."""

    identity: Many[Identifier]
    """The parts of the key that come from the contract."""


class FeatureContractSpec(Model):
    """The features of a model's input, in order, and what is pinned beside the model."""

    features: Many[Feature]
    """In the order in which the model takes them."""
    purge_bars: Annotated[int, Field(ge=0, le=10_000)] | None = None
    """What is known at bar ``t`` ends so many bars earlier: features use only data up to ``t - purge_bars``."""
    embargo_bars: Annotated[int, Field(ge=0, le=10_000)] | None = None
    """How many bars after a fold are left out of training."""
    variants: Annotated[dict[Slug, Variant], Field(min_length=1)] | None = None
    """The ways to enrich, by name."""
    artefact: Artefact | None = None
    """What travels with the model."""
    fallback: Fallback | None = None
    """Which model is promoted instead."""
    cache: Cache | None = None
    """What a key of the cache has to hold."""
