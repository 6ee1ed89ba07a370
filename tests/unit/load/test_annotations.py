from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from typing import Annotated, Any, Literal, TypeVar

import pytest
from pydantic import AliasPath, BaseModel, Field, Tag, WithJsonSchema
from typing_extensions import TypeAliasType

from cvnpolicy.load.annotations import below, describe, field_names, fields, options, tagged, words
from cvnpolicy.load.nodes import MappingNode
from cvnpolicy.load.parse import parse
from cvnpolicy.load.places import trace

Named = TypeAliasType("Named", int | list[str])
T = TypeVar("T")


class Letter(Enum):
    A = "a"


class Model(BaseModel):
    plain: int = 0
    path: int = Field(default=0, validation_alias=AliasPath("a", 0))  # type: ignore[pydantic-alias]  # never built


@pytest.mark.parametrize(
    ("annotation", "expected"),
    [
        (Named, "a whole number or a list"),
        (Annotated[Named | None, "x"], "a whole number or a list"),
        (int | float, "a number"),
        (bool, "true or false"),
        (bool | str, "text, true or false"),
        (Literal["a"], "'a'"),
        (Literal[Letter.A, "b"] | int, "one of a, b or a whole number"),
        (Letter | Model, "'a' or a mapping"),
        (Mapping[str, int] | tuple[int, ...], "a list or a mapping"),
        (Annotated[Model, WithJsonSchema({"type": "integer"})], "a whole number"),
        (Annotated[int | str, WithJsonSchema({"type": "string"})], "text"),
        (Annotated[Model, WithJsonSchema({})], "a mapping"),
        (datetime | str, "text or an instant"),
        (Any, "a value"),
        (object, "a value"),
        (T, "a value"),
        (None, "a value"),
    ],
)
def test_describe(annotation, expected):
    assert describe(options(annotation)) == expected


def test_words():
    assert words(options(Literal["b", 1] | Letter | float)) == ("b", "1", "a")


@pytest.mark.parametrize(
    ("annotation", "step", "expected"),
    [
        (list[int], 5, "a whole number"),
        (tuple[int, str], 1, "text"),
        (tuple[int, str], 9, "text"),
        (dict[str, int], "x", "a whole number"),
        (dict[str, int], 0, "a value"),
        (list[int], "x", "a value"),
        (list, 0, "a value"),
        (list[T], 0, "a value"),  # type: ignore[valid-type]  # an unbound one is the point
        (Literal["a"], 0, "a value"),
        (type[int], 0, "a value"),
        (Model, "plain", "a whole number"),
        (Model, "no", "a value"),
        (list[int] | dict[str, str], 0, "a whole number"),
    ],
)
def test_below(annotation, step, expected):
    assert describe(below(options(annotation), step)) == expected


def test_fields_have_their_names_in_yaml():
    assert list(fields(Model)) == ["plain", "path"]
    assert field_names(options(Model | int)) == ("plain", "path")


def test_tags_choose_a_member():
    union = options(Annotated[int, Tag("<a>")] | Annotated[str, Tag("<b>")])
    assert describe(tagged(union, "<b>")) == "text"
    assert tagged(union, "<c>") == union


def test_a_path_that_leads_nowhere_ends_at_what_exists():
    document = parse(b"a: [1]\n", "f").documents[0]
    assert isinstance(document, MappingNode)
    place = trace(Model, document, ("a", 3, "gone"), ends_in_key=False)
    assert (place.path, place.node, place.name) == (("a", 3, "gone"), None, "gone")
    assert str(place.location()) == "f:1:1"
