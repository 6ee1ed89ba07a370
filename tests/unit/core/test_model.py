"""Strictness: what YAML says is what the model holds, or it is refused. Nothing is converted."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from cvnpolicy.core.finding import Severity
from cvnpolicy.core.model import Identifier, Lax, Many, Model, Owner, ScalarValue, Slug


class Sample(Model):
    number: float | int | None = None
    """A number. More of it."""
    count: int | None = None
    flag: bool | None = None
    text: str | None = None
    names: Many[str] | None = None
    scalars: Many[ScalarValue] | None = None
    severity: Lax[Severity] | None = None
    severities: Many[Lax[Severity]] | None = None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("number", "0.7"),
        ("number", True),
        ("number", False),
        ("number", [0.7]),
        ("count", "7"),
        ("count", 7.0),
        ("count", 7.5),
        ("count", True),
        ("flag", 1),
        ("flag", 0),
        ("flag", "true"),
        ("flag", "yes"),
        ("text", 7),
        ("text", True),
        ("text", b"bytes"),
        ("names", "one"),
        ("names", []),
        ("names", ["one", 2]),
        ("names", ["one", None]),
        ("names", {"one": 1}),
        ("scalars", [None]),
        ("scalars", [[1]]),
        ("scalars", [{}]),
        ("severity", "P4"),
        ("severity", "p1"),
        ("severity", 1),
        ("severities", ["P1", "P0"]),
        ("severities", []),
    ],
)
def test_a_value_of_another_type_is_refused(field, value):
    with pytest.raises(ValidationError):
        Sample.model_validate({field: value})


@pytest.mark.parametrize(
    ("field", "value", "held"),
    [
        ("number", 0.7, 0.7),
        ("number", 7, 7),
        ("count", 7, 7),
        ("flag", False, False),
        ("names", ["one"], ("one",)),
        ("scalars", ["1", 1, 1.0, True], ("1", 1, 1.0, True)),
        ("severity", "P1", Severity.P1),
        ("severities", ["P1", "P3"], (Severity.P1, Severity.P3)),
    ],
)
def test_a_value_of_its_type_is_kept_as_it_is(field, value, held):
    found = getattr(Sample.model_validate({field: value}), field)
    assert found == held
    assert type(found) is type(held)
    if isinstance(held, tuple):
        assert [type(part) for part in found] == [type(part) for part in held]


def test_an_unknown_key_is_refused():
    with pytest.raises(ValidationError, match="extra_forbidden"):
        Sample.model_validate({"numbr": 1})


def test_a_model_cannot_be_changed():
    found = Sample(number=1)
    with pytest.raises(ValidationError, match="frozen"):
        found.number = 2  # type: ignore[misc]


def test_the_docstring_of_an_attribute_is_its_description():
    assert Sample.model_json_schema()["properties"]["number"]["description"] == "A number. More of it."


def accepts(annotation: Any, value: object) -> bool:
    try:
        TypeAdapter(annotation).validate_python(value)
    except ValidationError:
        return False
    return True


@pytest.mark.parametrize("name", ["a", "0", "btc-features", "a.b_c-d", "x" * 80, "2026-05"])
def test_a_slug(name):
    assert accepts(Slug, name)


@pytest.mark.parametrize("name", ["", "-a", "a-", ".a", "a.", "A", "a b", "a/b", "ä", "x" * 81, "a\n", "a*"])
def test_what_is_no_slug(name):
    assert not accepts(Slug, name)


@pytest.mark.parametrize("name", ["a", "A", "_", "f1_buy_val", "x" * 80])
def test_an_identifier(name):
    assert accepts(Identifier, name)


@pytest.mark.parametrize("name", ["", "1a", "a-b", "a.b", "a b", "ä", "x" * 81, "a\n", 'a"', "a;drop"])
def test_what_is_no_identifier(name):
    assert not accepts(Identifier, name)


@pytest.mark.parametrize("name", ["@a", "@dococeven", "@a-b", "@" + "x" * 39])
def test_an_owner_is_one_account(name):
    assert accepts(Owner, name)


@pytest.mark.parametrize("name", ["dococeven", "@", "@-a", "@a b", "@a, @b", "@a/b", "@" + "x" * 40, "@a\n", "team"])
def test_what_is_no_owner(name):
    assert not accepts(Owner, name)
