from __future__ import annotations

from enum import Enum
from typing import Generic, TypeVar

from pydantic import Field

from cvnpolicy.core.docstrings import attribute_docs
from cvnpolicy.core.model import Model

T = TypeVar("T", bound=Model)


class Base(Model):
    """A base."""

    plain: int = 0
    """Plain. With a second sentence,
    over two lines."""
    silent: int = 0
    told: int = Field(default=0, description="Told by its field.")
    """Told by the docstring."""


class Below(Base):
    """Redefines one."""

    silent: int = 1
    """Spoken for now."""
    not_: bool = Field(default=False, alias="not")
    """Renamed in YAML."""


class Holder(Model, Generic[T]):
    """Holds one."""

    held: T
    """What it holds."""


class Colour(Enum):
    RED = 1
    """Like blood."""
    BLUE = 2
    GREEN = 3
    """Like grass."""


def test_docstrings_are_found_below_their_attributes_inherited_ones_too():
    assert attribute_docs(Below) == {
        "plain": "Plain. With a second sentence,\nover two lines.",
        "told": "Told by the docstring.",
        "silent": "Spoken for now.",
        "not_": "Renamed in YAML.",
    }
    assert attribute_docs(Base).keys() == {"plain", "told"}


def test_members_of_an_enumeration_have_them_too():
    assert attribute_docs(Colour) == {"RED": "Like blood.", "GREEN": "Like grass."}


def test_a_parametrised_model_has_those_of_the_class_it_is_made_from():
    assert attribute_docs(Holder[Below]) == {"held": "What it holds."}


def test_the_schema_says_them_by_the_names_of_yaml_and_a_field_s_own_description_wins():
    said = {key: part.get("description") for key, part in Below.model_json_schema()["properties"].items()}
    assert said["plain"] == "Plain. With a second sentence,\nover two lines."
    assert said["told"] == "Told by its field."
    assert (said["silent"], said["not"]) == ("Spoken for now.", "Renamed in YAML.")
    assert Holder[Below].model_json_schema()["properties"]["held"]["description"] == "What it holds."


def test_without_sources_there_are_none(monkeypatch):
    def gone(_cls):
        raise OSError("could not get source code")

    class Unread(Model):
        plain: int = 0
        """Never seen."""

    monkeypatch.setattr("inspect.getsource", gone)
    assert attribute_docs(Unread) == {}
    assert Unread.model_json_schema()["properties"]["plain"] == {"default": 0, "title": "Plain", "type": "integer"}
