"""What schemas hold for editors: hints, offers and words, and that the rest of the schema is as it was."""

from __future__ import annotations

import re
from typing import Any

import pytest

from cvnpolicy.app.schema import schema
from cvnpolicy.core.patterns import WORDS
from cvnpolicy.kinds import KINDS
from cvnpolicy.load.schema.editor import helped
from cvnpolicy.load.schema.named import NAMED

WRITTEN = ["policy", "configuration", *KINDS]
KEYWORDS = {"patternErrorMessage", "errorMessage", "enumDescriptions", "defaultSnippets"}
"""Those that only editors know; the page about editors names them."""


def parts(found: Any) -> list[dict[str, Any]]:
    """Every schema in a schema."""
    if isinstance(found, list):
        return [each for item in found for each in parts(item)]
    if not isinstance(found, dict):
        return []
    return [found, *(each for value in found.values() for each in parts(value))]


def help_of(**own: Any) -> dict[str, Any]:
    """What a schema is given, beyond what it has."""
    definitions = {
        "Colour": {"type": "string", "enum": ["red", "light blue"], "description": "A colour."},
        "Name": {"type": "string", "pattern": NAMED[0].schema()["pattern"], "examples": ["> 1"]},
        "Check": {"type": "object", "properties": {key: {} for key in ("id", "measure", "warn_if", "severity")}},
    }
    found = helped({"properties": {"it": own}, "$defs": definitions})["properties"]["it"]
    return {key: value for key, value in found.items() if key not in own or value != own[key]}


@pytest.mark.parametrize("name", WRITTEN)
def test_every_pattern_says_what_would_be_right(name):
    silent = [each for each in parts(schema(name)) if isinstance(each.get("pattern"), str) and not hint(each)]
    assert silent == []


def hint(part: dict[str, Any]) -> bool:
    said = part.get("patternErrorMessage", "")
    return re.fullmatch(r"(Write|Use) .*\.", said) is not None and bool(re.search(r", for example | such as |\*", said))


STANDARD = {
    *("$schema", "$id", "$ref", "$defs", "title", "description", "default", "examples"),
    *("type", "const", "enum", "pattern", "minLength", "maxLength"),
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
    *("required", "properties", "additionalProperties", "propertyNames", "minProperties"),
    *("items", "prefixItems", "minItems", "maxItems", "allOf", "if", "then", "else", "not"),
}


def keywords(found: Any) -> set[str]:
    """Every keyword that a schema uses, wherever a schema may stand."""
    used = set(found)
    for key in ("properties", "$defs"):
        used |= {keyword for each in found.get(key, {}).values() for keyword in keywords(each)}
    for key in ("items", "additionalProperties", "propertyNames", "if", "then", "else", "not"):
        used |= keywords(found[key]) if isinstance(found.get(key), dict) else set()
    for key in ("allOf", "prefixItems"):
        used |= {keyword for each in found.get(key, ()) for keyword in keywords(each)}
    return used


@pytest.mark.parametrize("name", WRITTEN)
def test_no_keyword_but_the_standard_ones_and_those_that_the_page_names(name):
    used = keywords(schema(name))
    assert used <= STANDARD | KEYWORDS
    assert "patternErrorMessage" in used


def test_the_page_names_them(repository):
    page = (repository / "docs" / "how-to" / "editor.md").read_text("utf-8")
    assert {keyword for keyword in KEYWORDS if f"`{keyword}`" in page} == KEYWORDS


@pytest.mark.parametrize("name", WRITTEN)
def test_every_word_with_a_meaning_has_its_own(name):
    for each in parts(schema(name)):
        if "enumDescriptions" in each:
            assert len(each["enumDescriptions"]) == len(each["enum"])
            assert all(re.fullmatch(r"[A-Z0-9].*\.", said) for said in each["enumDescriptions"])


def test_a_pattern_that_is_known_is_explained():
    assert help_of(type="string", pattern=next(iter(WORDS))) == {
        "patternErrorMessage": "Use small letters, digits, '-', '_' and '.', at most 80, for example btc-features."
    }


def test_a_pattern_that_is_not_known_is_left_alone():
    assert help_of(type="string", pattern="^a$") == {}


UNION = {"type": ["string", "array"], "description": "What."}


def branch(name: str, then: dict[str, Any]) -> dict[str, Any]:
    return {"if": {"type": name}, "then": then}


def test_a_union_offers_its_words_and_says_the_rest():
    own = UNION | {"allOf": [branch("string", {"$ref": "#/$defs/Colour"}), branch("array", {"minItems": 1})]}
    assert help_of(**own) == {
        "allOf": [
            branch("string", {"$ref": "#/$defs/Colour", "description": "What. A colour."}),
            branch("array", {"minItems": 1, "description": "What."}),
        ],
        "errorMessage": "Write one of red, light blue; or a list.",
        "defaultSnippets": [
            {"label": "red", "bodyText": "red"},
            {"label": '"light blue"', "bodyText": '"light blue"'},
        ],
    }


def test_a_union_with_a_text_of_some_form_offers_its_examples():
    found = help_of(type=["string", "object"], allOf=[branch("string", {"$ref": "#/$defs/Name", "examples": ["a"]})])
    assert found["errorMessage"].startswith("Write a condition in quotes, for example ")
    assert found["defaultSnippets"] == [{"label": "a", "bodyText": "a"}, {"label": '"> 1"', "bodyText": '"> 1"'}]


def test_a_union_without_texts_only_describes_its_branches():
    own = {"type": ["array", "object"], "allOf": [branch("array", {"minItems": 1})], "description": "What."}
    assert help_of(**own) == {"allOf": [branch("array", {"minItems": 1, "description": "What."})]}


def test_a_text_of_which_nothing_is_known_is_left_alone():
    own = {"type": ["string", "object"], "allOf": [branch("string", {"minLength": 1}), branch("object", {})]}
    assert help_of(**own) == {}


def test_branches_by_tag_are_left_alone():
    own = {"allOf": [{"if": {"required": ["type"]}, "then": {"$ref": "#/$defs/Colour"}}], "description": "What."}
    assert help_of(**own) == {}


@pytest.mark.parametrize(
    ("own", "offered"),
    [
        ({"type": "integer", "minimum": 1}, 1),
        ({"type": "integer", "minimum": 5, "maximum": 9}, 5),
        ({"type": "number", "exclusiveMinimum": 0}, 1),
        ({"type": "number", "minimum": 0}, None),
        ({"type": "number", "exclusiveMinimum": -1}, None),
        ({"type": "integer"}, None),
        ({"type": ["integer", "string"], "minimum": 1}, None),
    ],
)
def test_a_number_is_offered_where_nought_is_wrong(own, offered):
    found = help_of(**own)
    assert found == ({"defaultSnippets": [{"label": str(offered), "body": offered}]} if offered else {})


def test_whole_checks_are_offered_where_a_list_of_them_is():
    found = help_of(type="array", items={"$ref": "#/$defs/Check"})
    assert [each["label"] for each in found["defaultSnippets"]] == [
        "check of a dataset", "check of an event", "check of a metric", "check of other checks",
    ]  # fmt: skip
    assert help_of(type="array", items={"$ref": "#/$defs/Name"}) == {}


@pytest.mark.parametrize(("kind", "key"), [("AlertPolicy", "alerts"), ("DriftPolicy", "checks")])
def test_kinds_of_checks_offer_them(kind, key):
    assert len(schema(kind)["$defs"][f"{kind}Spec"]["properties"][key]["defaultSnippets"]) == 4


def test_what_is_data_is_left_alone():
    data = {"pattern": next(iter(WORDS)), "type": "integer", "minimum": 1}
    own = {"default": data, "examples": [data], "const": data, "enum": [data], "if": data}
    assert help_of(**own) == {}


def test_a_report_has_nothing_for_editors():
    assert keywords(schema("report")) <= STANDARD | {"format"}
