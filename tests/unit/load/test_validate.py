from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Generic, Literal, TypeVar, Union

import pytest
from pydantic import (
    AfterValidator,
    AliasChoices,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    PlainValidator,
    Tag,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from cvnpolicy.load.invalid import MOST_PROBLEMS
from cvnpolicy.load.parse import parse
from cvnpolicy.load.validate import validate


class Colour(StrEnum):
    GREEN = "green"
    RED = "red"


class Base(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, use_attribute_docstrings=True)


class Window(Base):
    hours: int
    """How long. More is slower."""
    unit: Literal["h", "d"] = "h"


class Other(Base):
    name: str
    window: Window | None = None


def no_percent(value: str) -> str:
    if "%" in value:
        context: dict[str, Any] = {"right": "write 0.05", "offset": value.index("%"), "length": 1, "rule": "CVN008"}
        raise PydanticCustomError("own", "'%' has no meaning here", context)
    return value


def refuse(value: object) -> object:
    if value == "old":
        raise ValueError("the word is out of use: write new")
    if value == "odd":
        raise ValueError("odd")
    if value == "":
        raise AssertionError
    return value


class Branch(Base):
    all: Annotated[tuple[Tree, ...], Field(strict=False, min_length=1)]


class Leaf(Base):
    check: str


def shape(value: object) -> str | None:
    if isinstance(value, str):
        return "<condition>"
    if isinstance(value, dict):
        return "<branch>" if "all" in value else "<leaf>"
    return None


Tree = Annotated[
    Union[Annotated[str, Tag("<condition>")], Annotated[Branch, Tag("<branch>")], Annotated[Leaf, Tag("<leaf>")]],  # noqa: UP007  resolved late: the names are not defined yet where it is first used
    Discriminator(shape),
]
Branch.model_rebuild()
T = TypeVar("T")
Key = Annotated[str, Field(pattern="^[a-z]+$")]


class Box(Base, Generic[T]):
    value: T


class Everything(Base):
    text: str = ""
    number: float = 0.5
    whole: int = 0
    flag: bool = False
    colour: Annotated[Colour, Field(strict=False)] = Colour.RED
    word: Literal["alpha", "beta"] = "alpha"
    one: Literal["only"] = "only"
    mixed: Literal["auto"] | float = 0.5
    from_: str = Field(default="", alias="from")
    either: str = Field(default="", validation_alias=AliasChoices("either", "or"))  # type: ignore[pydantic-alias]  # not built by name
    items: list[str] = []
    many: Annotated[tuple[Window, ...], Field(strict=False, max_length=2)] = ()
    pair: Annotated[tuple[int, str] | None, Field(strict=False)] = None
    table: dict[Key, Window] = {}
    maybe: Window | None = None
    short: str | Window = ""
    several: Window | Other | list[int] | None = None
    twice: dict[str, str | list[str | Other]] = {}
    choice: Literal["alpha", 1] | Annotated[Colour, Field(strict=False)] = "alpha"
    tree: Tree = ""
    percent: Annotated[str, AfterValidator(no_percent)] = ""
    checked: Annotated[str, AfterValidator(refuse)] = "x"
    small: Annotated[float, Field(gt=0, le=1)] = 0.5
    big: Annotated[float, Field(ge=10, lt=20)] = 10
    even: Annotated[int, Field(multiple_of=2)] = 0
    finite: Annotated[float, Field(allow_inf_nan=False)] = 0
    name: Annotated[str, Field(min_length=2, max_length=4, pattern="^[a-z]*$")] = "ab"
    at: datetime | None = None
    aware: Annotated[AwareDatetime | None, Field(strict=False)] = None
    plain: Annotated[object, PlainValidator(refuse), WithJsonSchema({"type": "string"})] = ""
    box: Box[int] | None = None
    seq: Sequence[int] = ()
    raw: Mapping[str, Any] = {}


class Required(Base):
    title: str
    """What it is called. Shown in ``reports``."""
    colour: Annotated[Colour, Field(strict=False)]
    window: Window
    condition: Annotated[object, PlainValidator(refuse), WithJsonSchema({"type": "string"})]
    count: int | None
    tree: Tree
    anything: object


class Cross(Base):
    low: int = 0
    high: int = 0
    unit: str = "xyz"
    point: str = "low"
    extra: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _ordered(self) -> Cross:
        if self.low > self.high:
            raise PydanticCustomError(
                "own",
                "low is above {high}",
                {"right": "swap them", "high": self.high, "key": self.point, "rule": "CVN011"},
            )
        if self.unit == "bad":
            raise PydanticCustomError("own", "no", {"what": "bad unit", "right": "x", "key": "unit", "offset": 1})
        return self


class Nested(Base):
    inner: Cross | None = None
    inners: list[Cross] = []


def run(model, text):
    parsed = parse(text.encode(), "f")
    assert parsed.problems == ()
    result = validate(model, parsed.documents[0])
    if isinstance(result, BaseModel):
        return result
    return [f"{problem.rule[-1]} {str(problem).removeprefix('f:')}" for problem in result]


def test_a_valid_document_is_a_model():
    result = run(Everything, "{from: a, or: b, several: [1], tree: {all: [x, {check: y}]}, short: {hours: 2}}")
    assert isinstance(result, Everything)
    assert (result.from_, result.either, result.several, result.short) == ("a", "b", [1], Window(hours=2))


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        # keys
        ("txt: a", ["5 1:1: unknown key 'txt': did you mean 'text'?"]),
        ("form: a", ["5 1:1: unknown key 'form': did you mean 'from'?"]),
        ("maybe:\n  hours: 1\n  unti: h", ["5 3:3: unknown key 'unti': did you mean 'unit'?"]),
        ("many: [{hours: 1, zzz: 1}]", ["5 1:19: unknown key 'zzz': expected one of hours, unit"]),
        ("table: {a: {hour: 1}}", ["5 1:13: unknown key 'hour': did you mean 'hours'?"]),
        ("maybe: {}", ["6 1:1: the key 'hours' is missing: add it (a whole number): How long"]),
        (
            "table: {A: {hours: 1}}",
            ["7 1:9: the key 'A' does not have the form of a key here: write text that matches ^[a-z]+$"],
        ),
        ("'<x>': a", ["5 1:1: unknown key '<x>': expected one of {all}"]),
        ("'[key]': a", ["5 1:1: unknown key '[key]': expected one of {all}"]),
        (
            "raw: {'[key]': 1, '<x>': 2}\nbox: {value: a}",
            ["7 2:14: 'a' is text, not a whole number: write a whole number"],
        ),
        # types
        ("number: '0.7'", ["7 1:9: '0.7' is text, not a number: write 0.7 without quotes"]),
        ("number: '7'", ["7 1:9: '7' is text, not a number: write 7 without quotes"]),
        ("number: true", ["7 1:9: true is not a number: write a number"]),
        ("number: 1_000", ["7 1:9: '1_000' is text, not a number: write 1000"]),
        ("number: 1_0", ["7 1:9: '1_0' is text, not a number: write a number"]),
        ("number: 'x\\n\x20\x20y'", ["7 1:9: 'x\\n  y' is text, not a number: write a number"]),
        ('number: "1\\ny"', ["7 1:9: '1\\ny' is text, not a number: write a number"]),
        ("number: '" + "1" * 41 + "'", ["7 1:9: '" + "1" * 39 + "…' is text, not a number: write a number"]),
        ("number:", ["7 1:1: nothing is written for 'number': write a number"]),
        ("number: null", ["7 1:9: null is not a number: write a number"]),
        ("number: [1]", ["7 1:1: expected a number, found a list: write a number"]),
        ("number: {a: 1}", ["7 1:1: expected a number, found a mapping: write a number"]),
        ("whole: 1.0", ["7 1:8: 1.0 is not a whole number: write a whole number"]),
        ("whole: '1'", ["7 1:8: '1' is text, not a whole number: write 1 without quotes"]),
        ("whole: false", ["7 1:8: false is not a whole number: write a whole number"]),
        ("text: 5", ['7 1:7: 5 is a number, not text: write it in quotes: "5"']),
        ("text: 0.70", ['7 1:7: 0.70 is a number, not text: write it in quotes: "0.70"']),
        ("text: true", ['7 1:7: true is not text: write it in quotes: "true"']),
        ("text:\n  - a", ["7 1:1: expected text, found a list: write text"]),
        ("flag: yes", ["7 1:7: 'yes' is text, not true or false: write true"]),
        ("flag: Off", ["7 1:7: 'Off' is text, not true or false: write false"]),
        ("flag: 'true'", ["7 1:7: 'true' is text, not true or false: write true without quotes"]),
        ("flag: 1", ["7 1:7: 1 is a number, not true or false: write true or false"]),
        ("items: a", ["7 1:8: expected a list, found 'a': write [a]"]),
        ("items: 'a'", ["7 1:8: expected a list, found 'a': start each item with '- '"]),
        ("items: {a: b}", ["7 1:1: expected a list, found a mapping: start each item with '- '"]),
        ("items: [a, 1]", ['7 1:12: 1 is a number, not text: write it in quotes: "1"']),
        ("items: [a, [b]]", ["7 1:12: expected text, found a list: write text"]),
        ("items:\n  - a\n  -\n    - b: 1", ["7 4:5: expected text, found a list: write text"]),
        ("items:\n  - [[\n    ],\n    a]", ["7 2:6: expected text, found a list: write text"]),
        ("items:\n  - [\n    ]", ["7 2:5: expected text, found a list: write text"]),
        ("maybe: 5", ["7 1:8: expected a mapping, found 5: write 'key: value'"]),
        ("pair: [1, 2]", ['7 1:11: 2 is a number, not text: write it in quotes: "2"']),
        ("pair: [1]", ["6 1:1: the key '1' is missing: add it (text)"]),
        ("seq: [a]", ["7 1:7: 'a' is text, not a whole number: write a whole number"]),
        # words
        ("colour: gren", ["7 1:9: 'gren' is not a value of 'colour': did you mean 'green'?"]),
        ("colour: [red]", ["7 1:1: expected one of green, red, found a list: write one of green, red"]),
        ("colour:", ["7 1:1: nothing is written for 'colour': write one of green, red"]),
        ("word: gamma", ["7 1:7: 'gamma' is not a value of 'word': expected one of alpha, beta"]),
        ("word: 1", ["7 1:7: 1 is not a value of 'word': expected one of alpha, beta"]),
        ("one: two", ["7 1:6: 'two' is not a value of 'one': expected one of only"]),
        # unions
        ("choice: alpa", ["7 1:9: 'alpa' is not a value of 'choice': did you mean 'alpha'?"]),
        ("choice: 2", ["7 1:9: 2 is not a value of 'choice': expected one of 1, alpha, green, red"]),
        (
            "choice: [2]",
            ["7 1:1: expected one of 1, alpha, green, red, found a list: write one of 1, alpha, green, red"],
        ),
        ("mixed: x", ["7 1:8: 'x' is text, not 'auto' or a number: write 'auto' or a number"]),
        ("short: 5", ["7 1:8: 5 is a number, not text or a mapping: write text or a mapping"]),
        ("short: {hours: x}", ["7 1:16: 'x' is text, not a whole number: write a whole number"]),
        ("several: {nam: a}", ["5 1:11: unknown key 'nam': did you mean 'name'?"]),
        (
            "several: {name: a, window: {hours: []}}",
            ["7 1:29: expected a whole number, found a list: write a whole number"],
        ),
        ("several: [1, a]", ["7 1:14: 'a' is text, not a whole number: write a whole number"]),
        ("several: a", ["7 1:10: 'a' is text, not a list or a mapping: write a list or a mapping"]),
        ("twice: {a: 5}", ["7 1:12: 5 is a number, not text or a list: write text or a list"]),
        ("twice: {a: [x, 5]}", ["7 1:16: 5 is a number, not text or a mapping: write text or a mapping"]),
        ("twice: {a: [x, {nme: y}]}", ["5 1:17: unknown key 'nme': did you mean 'name'?"]),
        ("tree: {all: [{chek: x}]}", ["5 1:15: unknown key 'chek': did you mean 'check'?"]),
        ("tree: {all: [{all: []}]}", ["7 1:15: the list for 'all' is empty: write at least 1 item"]),
        ("tree: {all: [a, {check: 1}]}", ['7 1:25: 1 is a number, not text: write it in quotes: "1"']),
        ("tree: 5", ["7 1:7: 5 is not allowed for 'tree': unable to extract tag using discriminator shape()"]),
        # custom
        ("percent: '> 5%'", ["8 1:14: '%' has no meaning here: write 0.05"]),
        ("percent: >\n  5%", ["8 1:10: '%' has no meaning here: write 0.05"]),
        ("checked: old", ["7 1:10: the word is out of use: write new"]),
        ("checked: odd", ["7 1:10: odd: write another value"]),
        ("checked: ''", ["7 1:10: '' is not valid: write another value"]),
        ("plain: old", ["7 1:8: the word is out of use: write new"]),
        # limits
        ("small: 0", ["7 1:8: 0 is too small: write a number above 0.0"]),
        ("small: 1.5", ["7 1:8: 1.5 is too large: write a number of at most 1.0"]),
        ("big: 9", ["7 1:6: 9 is too small: write a number of at least 10.0"]),
        ("big: 20", ["7 1:6: 20 is too large: write a number below 20.0"]),
        ("even: 3", ["7 1:7: 3 is not a multiple of 2: write a multiple of 2"]),
        ("finite: .nan", ["7 1:9: .nan is not a finite number: write a finite number"]),
        ("name: a", ["7 1:7: the text for 'name' is too short: write at least 2 characters"]),
        ("name: ''", ["7 1:7: the text for 'name' is empty: write at least 2 characters"]),
        ("name: abcde", ["7 1:7: the text for 'name' is too long: write at most 4 characters"]),
        ("name: AB", ["7 1:7: 'AB' does not have the form of 'name': write text that matches ^[a-z]*$"]),
        (
            "many: [{hours: 1}, {hours: 1}, {hours: 1}]",
            ["7 1:1: the list for 'many' is too long: write at most 2 items"],
        ),
        ("at: 2026-05-12", ["7 1:5: '2026-05-12' is not an instant: write it like 2026-05-12T00:00:00Z"]),
        (
            "aware: 2026-05-12T00:00:00",
            ["7 1:8: the instant '2026-05-12T00:00:00' has no time zone: end it with Z"],
        ),
        ("aware: soon", ["7 1:8: 'soon' is not an instant: write it like 2026-05-12T00:00:00Z"]),
    ],
)
def test_messages(text, problems):
    names = "at, aware, big, box, checked, choice, colour, either and 26 more"
    assert run(Everything, text) == [problem.replace("{all}", names) for problem in problems]


def test_what_is_missing_says_what_it_is_for():
    assert run(Required, "{}") == [
        "6 1:1: the key 'anything' is missing: add it (a value)",
        "6 1:1: the key 'colour' is missing: add it (one of green, red)",
        "6 1:1: the key 'condition' is missing: add it (text)",
        "6 1:1: the key 'count' is missing: add it (a whole number)",
        "6 1:1: the key 'title' is missing: add it (text): What it is called",
        "6 1:1: the key 'tree' is missing: add it (text or a mapping)",
        "6 1:1: the key 'window' is missing: add it (a mapping)",
    ]


def test_what_is_missing_is_at_the_key_of_the_mapping():
    text = "inner:\n  zzz: 1\nmany:\n\n  - unit: d\n  - {}"
    assert run(Everything, text)[1:] == [
        "6 5:5: the key 'hours' is missing: add it (a whole number): How long",
        "6 6:5: the key 'hours' is missing: add it (a whole number): How long",
    ]


def test_a_misspelt_key_is_not_reported_as_missing_too():
    assert run(Window, "houres: 1") == ["5 1:1: unknown key 'houres': did you mean 'hours'?"]
    assert len(run(Window, "minutes: 1")) == 2


def test_only_the_first_error_of_a_list_is_not_enough():
    assert [line[:4] for line in run(Everything, "number: a\nwhole: b\nitems: [1, 2]\nzzz: 1")] == [
        "7 1:", "7 2:", "7 3:", "7 3:", "5 4:",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[]", "7 1:1: expected a mapping, found a list: write 'key: value'"),
        ("x", "7 1:1: expected a mapping, found 'x': write 'key: value'"),
        ("null", "7 1:1: null is not a mapping: write a mapping"),
        ("- a:\n    - b\n- c", "7 1:3: expected a mapping, found a list: write 'key: value'"),
    ],
)
def test_a_document_that_is_no_mapping(text, problem):
    assert run(Window, text) == [problem]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("low: 2\nhigh: 1", "1 1:1: low is above 1: swap them"),
        ("low: 2\nhigh: 1\npoint: high", "1 2:1: low is above 1: swap them"),
        ("# x\nhigh: 1\nlow: 2\npoint: absent", "1 2:1: low is above 1: swap them"),
        ("unit: bad", "7 1:8: bad unit: x"),
        ("unit: 'bad'", "7 1:9: bad unit: x"),
    ],
)
def test_errors_of_a_whole_mapping_point_at_the_key_they_name(text, problem):
    assert run(Cross, text) == [problem]


def test_errors_of_a_nested_mapping_point_inside_it():
    assert run(Nested, "inner:\n  low: 2\n  high: 1") == ["1 2:3: low is above 1: swap them"]
    assert run(Nested, "inner:\n  low: 2\n  point: no") == ["1 1:1: low is above 0: swap them"]
    assert run(Nested, "inners:\n  - low: 2\n    point: no") == ["1 2:5: low is above 0: swap them"]


def refused(text, model):
    parsed = parse(text.encode(), "f")
    assert parsed.problems
    return validate(model, parsed.documents[0])


def test_what_was_refused_when_read_is_not_reported_again():
    assert (
        refused("title: *x\ncolour: *x\nwindow: {<<: *y}\ncondition: x\ncount: 1\ntree: x\nanything: 1", Required) == ()
    )
    assert refused("short: *x\nseveral: [*x]\ntwice: {a: *x}\nat: 1" + "1" * 40, Everything) == ()


def test_a_document_with_a_refused_part_is_never_valid():
    assert refused("at: *x", Everything) == ()
    assert refused("<<: *x", Everything) == ()


def test_the_rest_of_a_document_with_a_refused_part_is_checked():
    found = refused(
        "title: *x\ncolour: blue\nwindow: {<<: *y, unit: x}\ncondition: x\ncount: 1\ntree: x\nanything: 1", Required
    )
    assert isinstance(found, tuple)
    assert [str(problem) for problem in found] == [
        "f:2:9: 'blue' is not a value of 'colour': expected one of green, red",
        "f:3:24: 'x' is not a value of 'unit': expected one of d, h",
    ]


def test_problems_are_bounded():
    found = run(Everything, f"items: [{'1, ' * 5000}]")
    assert len(found) == MOST_PROBLEMS + 1
    assert found[-1].endswith(": more problems in this document than are shown: mend these first")
    assert len(run(Everything, f"items: [{'1, ' * MOST_PROBLEMS}]")) == MOST_PROBLEMS


def test_messages_show_no_jargon():
    text = "{zzz: 1, number: a, several: a, short: 5, tree: {all: 5}, colour: x, many: 1, name: ABCDE, at: 1}"
    message = "\n".join(run(Everything, text)).lower()
    assert len(message.splitlines()) == 9
    for word in ("input", "pydantic", "http", "valid string", "tuple", "dict", "str", "int ", "field", "instance"):
        assert word not in message


def test_control_characters_in_a_message_are_escaped():
    class Own(Base):
        text: Annotated[str, AfterValidator(lambda value: (_ for _ in ()).throw(ValueError(f"{value}: a\nb")))]

    assert run(Own, '"text": "x\\ty"') == ["7 1:9: x\\ty: a\\nb"]
