from __future__ import annotations

import importlib.util
import json
import re
import sys
from textwrap import dedent
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

from cvnpolicy.app.schema import schema, schema_names
from cvnpolicy.core.kind import Kind
from cvnpolicy.core.model import Model
from cvnpolicy.kinds import KINDS, load_kind
from cvnpolicy.load.nodes import to_plain
from cvnpolicy.load.parse import parse
from cvnpolicy.load.schema import SchemaError, kind_schema, policy_schema, schema_id
from tests.support.process import run_python

CHECK: dict[str, Any] = {
    "id": "ks",
    "measure": {"statistic": "count", "dataset": "inference", "window": "14d"},
    "warn_if": "< 0.01",
    "severity": "P2",
}
METADATA = {"name": "drift", "title": "Drift", "owner": "@dococeven"}


def drift(**changes: object) -> dict[str, Any]:
    document = {
        "apiVersion": "cvnpolicy/v1", "kind": "DriftPolicy", "metadata": METADATA, "spec": {"checks": [CHECK]},
    }  # fmt: skip
    return {key: value for key, value in (document | changes).items() if value is not ...}


def checked(**changes: object) -> dict[str, Any]:
    check = {key: value for key, value in (CHECK | changes).items() if value is not ...}
    return drift(spec={"checks": [check]})


@pytest.fixture(scope="module")
def validator():
    return Draft202012Validator(schema("policy"))


def examples(shared) -> list[Any]:
    text = (shared / "design" / "POLICY_LANGUAGE.md").read_text("utf-8")
    blocks = re.findall(r"```yaml\n(.*?)```", text.partition("The first five")[2], flags=re.DOTALL)
    parsed = parse(blocks[0].encode(), "example.yaml")
    assert parsed.problems == ()
    return [to_plain(node) for node in parsed.documents]


@pytest.mark.parametrize("name", schema_names())
def test_every_schema_is_one(name):
    found = schema(name)
    Draft202012Validator.check_schema(found)
    assert found["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert found["title"]


@pytest.mark.parametrize("name", schema_names())
def test_a_schema_is_named_as_its_file(name):
    assert schema(name)["$id"] == schema_id(name)


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("policy", "policy.schema.json"),
        ("EventCatalog", "event-catalog.schema.json"),
        ("HyperparameterPolicy", "hyperparameter-policy.schema.json"),
        ("ReadinessPolicy", "readiness-policy.schema.json"),
    ],
)
def test_file_names(name, file):
    assert schema_id(name) == file


def properties(part: object, path: str = "") -> list[tuple[str, dict[str, Any]]]:
    """Every property that is declared; conditions of `if` declare nothing."""
    found = []
    if isinstance(part, dict):
        for key, value in part.items():
            if key == "properties":
                found += [(f"{path}/{name}", each) for name, each in value.items()]
            if key not in {"if", "default", "examples", "enum"}:
                found += properties(value, f"{path}/{key}")
    elif isinstance(part, list):
        for index, value in enumerate(part):
            found += properties(value, f"{path}/{index}")
    return found


@pytest.mark.parametrize("name", schema_names())
def test_every_property_is_described(name):
    found = schema(name)
    definitions = found["$defs"]
    listed = properties(found)
    silent = [
        path
        for path, each in listed
        if not each.get("description")
        and not definitions.get(each.get("$ref", "").removeprefix("#/$defs/"), {}).get("description")
    ]
    assert silent == []
    assert len(listed) > 5


@pytest.mark.parametrize("name", [name for name in schema_names() if name != "report"])
def test_no_union_is_left_and_no_mapping_is_open(name):
    assert not left_over(schema(name))
    models = [each for each in [schema(name), *schema(name)["$defs"].values()] if "properties" in each]
    assert {each.get("additionalProperties") for each in models} == {False}


def left_over(found: dict[str, Any]) -> list[str]:
    return re.findall(r'"(?:oneOf|anyOf|patternProperties|discriminator)":|"null"', json.dumps(found))


def test_a_report_may_say_null_and_has_no_union_either():
    assert set(left_over(schema("report"))) == {'"null"'}
    properties = schema("report")["$defs"]["Finding"]["properties"]
    assert properties["requirement"]["type"] == ["string", "null"]
    assert properties["severity"] == {
        "description": "Who is woken.",
        "type": ["string", "null"],
        "allOf": [{"if": {"type": "string"}, "then": {"$ref": "#/$defs/Severity"}}],
    }
    severity = Draft202012Validator(properties["severity"] | {"$defs": schema("report")["$defs"]})
    assert [severity.is_valid(value) for value in ("P1", None, "P9", 1)] == [True, True, False, False]


def test_titles_are_words():
    definitions = schema("policy")["$defs"]
    titles = [each["title"] for each in definitions.values() if "title" in each]
    assert "Contract columns" in titles
    assert not [title for title in titles if re.search("[a-z][A-Z]", title)]


def test_keys_stand_in_the_order_of_the_model():
    keys = list(schema("DriftPolicy")["$defs"]["Check"]["properties"])
    assert keys[:6] == ["id", "only_if", "measure", "by", "warn_if", "crit_if"]
    assert "for" in keys


def test_defaults_examples_and_backquotes():
    definitions = schema("DriftPolicy")["$defs"]
    assert definitions["Check"]["properties"]["on_unknown"]["default"] == "hold"
    assert "default" not in definitions["Check"]["properties"]["severity"]
    assert schema("DriftPolicy")["properties"]["enforcement"]["default"] == {"mode": "block"}
    assert "24h" in definitions["Duration"]["examples"]
    assert definitions["Check"]["properties"]["id"]["description"].endswith("`policy/id`.")


def test_no_definition_is_unused():
    found = schema("policy")
    used = set(re.findall(r'"\$ref": "#/\$defs/([^"]+)"', json.dumps(found)))
    assert used == set(found["$defs"])


def test_the_same_under_every_hash_seed():
    code = "import json; from cvnpolicy.app.schema import *; print(json.dumps([schema(n) for n in schema_names()]))"
    texts = {run_python("-c", code, PYTHONHASHSEED=seed).stdout for seed in ("1", "2")}
    assert len(texts) == 1
    assert json.loads(texts.pop())[0] == json.loads(json.dumps(schema("policy")))


def test_the_five_kinds_of_the_language_are_valid(shared, validator):
    documents = examples(shared)
    assert [document["kind"] for document in documents] == list(KINDS)[:5]
    for document in documents:
        assert [error.message for error in validator.iter_errors(document)] == []
        alone = Draft202012Validator(schema(document["kind"]))
        assert [error.message for error in alone.iter_errors(document)] == []


def test_a_kind_schema_refuses_another_kind():
    error = best_match(Draft202012Validator(schema("AlertPolicy")).iter_errors(drift()))
    assert error is not None
    assert {"kind", "spec"} & {*error.absolute_path} or "routes" in error.message


AT = "spec/checks/0"
MEASURE = CHECK["measure"]
BROKEN = [
    ("misspelt key", checked(warn_iff="< 1"), AT, "'warn_iff'"),
    ("misspelt top key", drift(waiver=[]), "", "'waiver'"),
    ("missing key", checked(id=...), AT, "'id'"),
    ("missing nested key", checked(measure={"statistic": "count", "dataset": "a"}), f"{AT}/measure", "'window'"),
    ("missing spec", drift(spec=...), "", "'spec'"),
    ("bad kind", drift(kind="DriftPolcy"), "kind", "'DriftPolcy' is not one of"),
    ("missing kind", drift(kind=...), "", "'kind'"),
    ("kind is a number", drift(kind=1), "kind", "1 is not"),
    ("another version", drift(apiVersion="cvnpolicy/v2"), "apiVersion", "'cvnpolicy/v1' was expected"),
    ("wrong type", checked(min_samples="50"), f"{AT}/min_samples", "'50' is not of type"),
    ("a limit passed", checked(min_samples=0), f"{AT}/min_samples", "less than the minimum"),
    ("list for mapping", drift(spec=[]), "spec", "[] is not of type 'object'"),
    ("empty list", drift(spec={"checks": []}), "spec/checks", "[] should be non-empty"),
    ("bad enum in a nested check", checked(severity={"warn": "P3", "crit": "P9"}), f"{AT}/severity/crit", "'P9'"),
    ("bad enum as text", checked(severity="P9"), f"{AT}/severity", "'P9' is not one of"),
    ("statistic", checked(measure=MEASURE | {"statistic": "kss"}), f"{AT}/measure/statistic", "'kss'"),
    ("condition as number", checked(warn_if=0.01), f"{AT}/warn_if", "0.01 is not of type 'string', 'object'"),
    ("condition without operator", checked(warn_if="0.01"), f"{AT}/warn_if", "'0.01' does not match"),
    ("tree with unknown key", checked(measure=..., warn_if={"fact": "a", "iss": [1]}), f"{AT}/warn_if", "'iss'"),
    ("deep in a tree", checked(warn_if={"all": [{"not": {"fakt": "a"}}]}), f"{AT}/warn_if/all/0/not", "'fakt'"),
    ("columns as text", checked(measure=MEASURE | {"columns": "a"}), f"{AT}/measure/columns", "'a'"),
    ("contract misspelt", checked(measure=MEASURE | {"columns": {"contrat": "a"}}), f"{AT}/measure/columns", "'contra"),
    ("members", checked(by={"symbol": {"a": 1}}), f"{AT}/by/symbol", "is not of type 'string', 'array'"),
    ("a bad key", checked(by={"sym-bol": "columns"}), f"{AT}/by", "'sym-bol' does not match"),
    ("quantifier", checked(groups={"symbol": "some"}), f"{AT}/groups/symbol", "'some' does not match"),
    ("duration", checked(every="5m"), f"{AT}/every", "'5m' does not match"),
    ("naive instant", drift(metadata=METADATA | {"anchor": "2026-05-12"}), "metadata/anchor", "'2026-05-12' does not"),
    ("owner", drift(metadata=METADATA | {"owner": "me"}), "metadata/owner", "'me' does not match"),
    ("waiver", drift(waivers=[{"check": "ks"}]), "waivers/0", "required property"),
    ("true is no number", checked(min_coverage=True), f"{AT}/min_coverage", "True is not of type"),
]  # fmt: skip


@pytest.mark.parametrize(("document", "path", "said"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN])
def test_the_best_error_names_the_culprit(validator, document, path, said):
    error = best_match(validator.iter_errors(document))
    assert error is not None
    assert "/".join(map(str, error.absolute_path)) == path
    assert said in error.message
    assert not error.context


@pytest.mark.parametrize(("document", "path", "said"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN])
def test_one_mistake_is_told_once(validator, document, path, said):
    errors = ["/".join(map(str, error.absolute_path)) for error in validator.iter_errors(document)]
    assert set(errors) == {path}
    assert len(errors) <= (3 if "required" in said else 2)


BINDINGS = [
    ({"type": "parquet", "path": "a", "time": "ts"}, None, ""),
    ({"type": "logfmt", "path": "a"}, None, ""),
    ({"type": "xml", "path": "a"}, "environments/default/d/type", "'xml' is not one of"),
    ({"path": "a"}, "environments/default/d", "'type' is a required property"),
    ({"type": "yaml", "path": "a", "time": "ts"}, "environments/default/d", "'time' was unexpected"),
    ({"type": "csv"}, "environments/default/d", "'path' is a required property"),
    ("a.csv", "environments/default/d", "is not of type 'object'"),
]


@pytest.mark.parametrize(("binding", "path", "said"), BINDINGS)
def test_a_binding_is_judged_by_its_type(binding, path, said):
    validator = Draft202012Validator(schema("configuration"))
    error = best_match(validator.iter_errors({"environments": {"default": {"d": binding}}}))
    if path is None:
        assert error is None
        return
    assert error is not None
    assert "/".join(map(str, error.absolute_path)) == path
    assert said in error.message


ENVIRONMENTS = [
    ({"like": "default"}, None, ""),
    ({"like": "default", "data_root": "quiet"}, None, ""),
    ({"like": {"type": "csv", "path": "a"}}, None, ""),
    ({}, None, ""),
    ({"like": "Default"}, "environments/x/like", "'Default' does not match"),
    ({"like": 5}, "environments/x/like", "5 is not of type 'string'"),
    ({"like": "default", "data_rot": "quiet"}, "environments/x", "'data_rot' was unexpected"),
    ({"like": "default", "data_root": 5}, "environments/x/data_root", "5 is not of type 'string'"),
    ({"like": "default", "d": {"type": "csv", "path": "a"}}, "environments/x", "'d' was unexpected"),
    ({"like": {"type": "xml", "path": "a"}}, "environments/x/like/type", "'xml' is not one of"),
    ({"like": ["default"]}, "environments/x/like", "['default'] is not of type 'object'"),
    ({"data_root": "quiet"}, "environments/x/data_root", "'quiet' is not of type 'object'"),
    ("default", "environments/x", "'default' is not of type 'object'"),
]


@pytest.mark.parametrize(("environment", "path", "said"), ENVIRONMENTS)
def test_an_environment_is_judged_by_its_shape(environment, path, said):
    validator = Draft202012Validator(schema("configuration"))
    errors = list(validator.iter_errors({"environments": {"x": environment}}))
    assert ["/".join(map(str, error.absolute_path)) for error in errors][:1] == ([path] if path is not None else [])
    assert {error.json_path for error in errors} == {error.json_path for error in errors[:1]}
    assert all(said in error.message and not error.context for error in errors)


def test_no_kinds_is_an_error():
    with pytest.raises(SchemaError, match="no kinds"):
        policy_schema([])


@pytest.fixture
def spec_of(tmp_path, monkeypatch):
    """Write a module of models and return its last one: descriptions are read from the source."""

    def found(module: str, source: str) -> type[Model]:
        file = tmp_path / f"{module}.py"
        file.write_text(f"from cvnpolicy.core.model import Model\n{dedent(source)}", "utf-8")
        specification = importlib.util.spec_from_file_location(module, file)
        assert specification is not None
        assert specification.loader is not None
        made = importlib.util.module_from_spec(specification)
        monkeypatch.setitem(sys.modules, module, made)
        specification.loader.exec_module(made)
        last: type[Model] = list(vars(made).values())[-1]
        return last

    return found


@pytest.fixture
def kind(spec_of):
    def made(name: str, folder: str, inner: str) -> Kind[Any]:
        own = "int" if folder == "one" else "str"
        source = f"""
            class {inner}(Model):
                '''A part.'''
                own: {own}

            class {name}Spec(Model):
                '''What {name} says.'''
                part: {inner}
            """
        spec = spec_of(f"cvnpolicy.kinds.{folder}.model", source)
        return Kind(name=name, rule="CVN999", spec=spec)

    return made


def test_two_kinds_may_have_classes_of_one_name(kind):
    definitions = policy_schema([kind("One", "one", "Source"), kind("Two", "two_fold", "Source")])["$defs"]
    assert definitions["OneSource"]["properties"]["own"] == {"type": "integer"}
    assert definitions["TwoFoldSource"]["properties"]["own"] == {"type": "string"}
    assert definitions["TwoSpec"]["properties"]["part"]["$ref"] == "#/$defs/TwoFoldSource"


def test_a_kind_alone_has_the_short_name(kind):
    assert "Source" in kind_schema(kind("One", "one", "Source"))["$defs"]


def test_a_model_may_not_have_the_name_of_a_kind_of_text(kind):
    with pytest.raises(SchemaError, match="'Duration' is the name of a model"):
        kind_schema(kind("One", "one", "Duration"))


def test_names_that_stay_equal_are_an_error(spec_of):
    spec_of("elsewhere_a", "class Same(Model):\n    own: int")
    spec_of("elsewhere_b", "class Same(Model):\n    own: str")
    source = """
        import elsewhere_a, elsewhere_b

        class OneSpec(Model):
            a: elsewhere_a.Same
            b: elsewhere_b.Same
        """
    spec = spec_of("cvnpolicy.kinds.one.model", source)
    with pytest.raises(SchemaError, match="one name in the schema"):
        kind_schema(Kind(name="One", rule="CVN999", spec=spec))


def test_a_registered_kind_describes_itself():
    for name in KINDS:
        assert schema(name)["description"] == (load_kind(name).spec.__doc__ or "").replace("``", "`")
