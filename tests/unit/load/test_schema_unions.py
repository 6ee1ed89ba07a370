from __future__ import annotations

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from cvnpolicy.load.schema.rewrite import rewrite
from cvnpolicy.load.schema.unions import SchemaError

NULL = {"type": "null"}
TEXT = {"type": "string", "pattern": "^a+$"}
LIST = {"type": "array", "items": {"type": "integer"}}
MAPPING = {"$ref": "#/$defs/Thing"}


def tagged(tag: dict[str, Any], own: str) -> dict[str, Any]:
    properties = {"form": tag, own: {"type": "integer"}}
    return {"type": "object", "required": ["form"], "properties": properties, "additionalProperties": False}


DEFINITIONS: dict[str, Any] = {
    "Thing": {"type": "object", "properties": {"a": {"type": "integer"}}, "additionalProperties": False},
    "Round": tagged({"const": "round", "description": "Its form."}, "radius"),
    "Square": tagged({"enum": ["square", "flat"]}, "side"),
    "Colour": {"type": "string", "enum": ["red", "green"]},
}


def rewritten(*members: dict[str, Any], **more: Any) -> dict[str, Any]:
    found = rewrite({"oneOf": list(members), "$defs": DEFINITIONS, **more})
    Draft202012Validator.check_schema(found)
    return found


def body(found: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in found.items() if key != "$defs"}


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ([{"type": "number"}, {"type": "integer"}], {"type": "number"}),
        ([{"type": "boolean"}, {"type": "integer"}, {"type": "number"}, {"type": "string"}],
         {"type": ["boolean", "number", "string"]}),
        ([TEXT, LIST], {"type": ["string", "array"], "items": {"type": "integer"}, "pattern": "^a+$"}),
        ([TEXT, {"type": "string"}], {"type": "string"}),
        ([{"type": "string", "enum": ["x"]}, {"const": "y"}], {"type": "string", "enum": ["x", "y"]}),
        ([{"type": "string", "const": "aa"}, TEXT], {"type": "string", "pattern": "^a+$", "examples": ["aa"]}),
        ([MAPPING, NULL], {"$ref": "#/$defs/Thing"}),
        ([TEXT | {"examples": ["a"]}, {"type": "integer", "minimum": 1}],
         {"type": ["string", "integer"], "minimum": 1, "pattern": "^a+$", "examples": ["a"]}),
    ],
)  # fmt: skip
def test_members_are_told_apart_by_their_type(members, expected):
    assert body(rewritten(*members)) == expected


def test_a_reference_stands_behind_its_type():
    assert body(rewritten(TEXT, MAPPING)) == {
        "type": ["string", "object"],
        "allOf": [
            {"if": {"type": "string"}, "then": {"pattern": "^a+$"}},
            {"if": {"type": "object"}, "then": {"$ref": "#/$defs/Thing"}},
        ],
    }


def test_a_type_without_rules_needs_no_branch():
    found = body(rewritten({"type": "boolean"}, MAPPING))
    assert found["type"] == ["boolean", "object"]
    assert [part["if"] for part in found["allOf"]] == [{"type": "object"}]


def test_unions_in_unions_are_one():
    found = body(rewritten({"anyOf": [TEXT, {"oneOf": [MAPPING, LIST]}]}, NULL, description="What.", default=None))
    assert found["type"] == ["string", "object", "array"]
    assert found["description"] == "What."
    assert "default" not in found


def test_mappings_are_told_apart_by_a_tag():
    found = rewritten({"$ref": "#/$defs/Round"}, {"$ref": "#/$defs/Square"})
    assert found["properties"] == {"form": {"description": "Its form.", "enum": ["round", "square", "flat"]}}
    validator = Draft202012Validator(found)
    assert validator.is_valid({"form": "flat", "side": 1})
    errors = list(validator.iter_errors({"form": "round", "side": 1}))
    assert len(errors) == 1
    assert "'side'" in errors[0].message


def test_a_tag_without_a_description_still_has_one():
    found = rewritten({"$ref": "#/$defs/Square"}, {"$ref": "#/$defs/Round"})
    assert found["properties"]["form"]["description"] == "Which form this is."


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ([MAPPING, {"$ref": "#/$defs/Round"}], "mappings without a tag"),
        ([LIST, {"type": "array", "items": {"type": "string"}}], "cannot tell these apart"),
        ([TEXT, {"type": "string", "pattern": "^b+$"}], "texts that cannot be told apart"),
        ([TEXT, {"const": "bb"}], "texts that cannot be told apart"),
        ([{"const": "bb"}, {"type": "string", "minLength": 1}], "texts that cannot be told apart"),
        ([TEXT, {"minLength": 1}], "without a type"),
        ([{"type": "integer", "minimum": 1}, {"type": "number", "maximum": 1}], "cannot tell these apart"),
    ],
)
def test_what_a_schema_cannot_tell_apart_is_an_error(members, said):
    with pytest.raises(SchemaError, match=said):
        rewritten(*members)


def test_tags_that_overlap_are_no_tags():
    again = tagged({"const": "round"}, "size")
    with pytest.raises(SchemaError, match="mappings without a tag"):
        rewritten({"$ref": "#/$defs/Round"}, again)


def test_a_tag_must_be_required_in_each():
    loose = {key: value for key, value in DEFINITIONS["Square"].items() if key != "required"}
    with pytest.raises(SchemaError, match="mappings without a tag"):
        rewritten({"$ref": "#/$defs/Round"}, loose)


OWN = {
    "type": "object",
    "required": ["like"],
    "properties": {"like": {"type": "string", "description": "Which."}, "more": {"type": "integer"}},
    "additionalProperties": False,
}
NAMES = {"type": "object", "additionalProperties": {"$ref": "#/$defs/Thing"}}


@pytest.mark.parametrize("members", [(OWN, NAMES), (NAMES, OWN)])
def test_own_keys_and_any_names_are_told_apart_by_the_text_behind_a_key(members):
    found = rewritten(*members)
    assert found["properties"] == {"like": {"description": "Which."}}
    validator = Draft202012Validator(found)
    assert validator.is_valid({"like": "x", "more": 1})
    assert validator.is_valid({"like": {"a": 1}, "more": {"a": 1}})
    for value, said in (
        ({"like": "x", "more": {"a": 1}}, "is not of type 'integer'"),
        ({"like": {"a": 1}, "more": 1}, "1 is not of type 'object'"),
        ({"like": 1}, "1 is not of type 'string'"),
        ({"more": "x"}, "'x' is not of type 'object'"),
    ):
        (error,) = validator.iter_errors(value)
        assert said in error.message


@pytest.mark.parametrize(
    "names",
    [
        NAMES | {"additionalProperties": {"type": "string"}},
        NAMES | {"additionalProperties": {"type": ["object", "string"]}},
        NAMES | {"additionalProperties": False},
    ],
)
def test_names_that_may_mean_texts_are_not(names):
    with pytest.raises(SchemaError, match="mappings without a tag"):
        rewritten(OWN, names)


def test_own_keys_without_a_text_that_is_required_are_not():
    for own in (OWN | {"required": []}, OWN | {"required": ["more"]}):
        with pytest.raises(SchemaError, match="mappings without a tag"):
            rewritten(own, NAMES)


def test_three_mappings_are_not():
    with pytest.raises(SchemaError, match="mappings without a tag"):
        rewritten(OWN, NAMES, {"$ref": "#/$defs/Round"})


def test_keys_of_a_mapping_have_a_form():
    values = {"type": "object", "patternProperties": {"^a+$": {"type": "integer"}}}
    found = rewrite(values)
    assert found["propertyNames"] == {"pattern": "^a+$"}
    errors = [error.message for error in Draft202012Validator(found).iter_errors({"b": "x"})]
    assert sorted(errors) == ["'b' does not match '^a+$'", "'x' is not of type 'integer'"]


def test_several_forms_of_keys_stay_as_they_are():
    patterns = {"^a": {"type": "integer"}, "^b": {"type": "string"}}
    assert rewrite({"type": "object", "patternProperties": patterns})["patternProperties"] == patterns
