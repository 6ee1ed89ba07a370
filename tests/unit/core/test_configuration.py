from __future__ import annotations

import pytest

from cvnpolicy.core.configuration import (
    Configuration,
    FactsBinding,
    LikeEnvironment,
    LogBinding,
    TableBinding,
    binding_tag,
    environment_tag,
)
from cvnpolicy.core.duration import parse_duration
from tests.support.faults import faults_of


def test_an_empty_configuration_has_defaults():
    found = Configuration.model_validate({})
    assert (found.repository, found.policies, found.data_root) == (".", "policies", ".")
    assert (found.sets, found.environments) == ({}, {})


def test_each_binding_is_read_by_its_type():
    found = Configuration.model_validate(
        {
            "environments": {
                "default": {
                    "inference": {"type": "parquet", "path": "i/*.parquet", "time": "ts", "cadence": "15min"},
                    "training": {"type": "csv", "path": "t.csv"},
                    "trades": {"type": "jsonl", "path": "t.jsonl"},
                    "events": {"type": "logfmt", "path": "logs/*.log*"},
                    "facts": {"type": "yaml", "path": "facts.yaml"},
                }
            }
        }
    )
    bound = found.bindings("default")
    assert bound["inference"] == TableBinding(
        type="parquet", path="i/*.parquet", time="ts", cadence=parse_duration("15min")
    )
    assert bound["training"] == TableBinding(type="csv", path="t.csv")
    assert isinstance(bound["trades"], TableBinding)
    assert bound["events"] == LogBinding(type="logfmt", path="logs/*.log*", time="ts")
    assert bound["facts"] == FactsBinding(type="yaml", path="facts.yaml")


@pytest.mark.parametrize(
    ("binding", "place", "kind"),
    [
        ({"type": "parquett", "path": "a"}, "type", "literal_error"),
        ({"path": "a"}, "type", "missing"),
        ({"type": "csv"}, "path", "missing"),
        ({"type": "csv", "path": ""}, "path", "string_too_short"),
        ({"type": "csv", "path": 7}, "path", "string_type"),
        ({"type": "csv", "path": "a", "cadence": "15m"}, "cadence", "'15m' is not a duration"),
        ({"type": "csv", "path": "a", "time": "not a name"}, "time", "string_pattern_mismatch"),
        ({"type": "csv", "path": "a", "password": "x"}, "password", "extra_forbidden"),
        ({"type": "logfmt", "path": "a", "cadence": "1h"}, "cadence", "extra_forbidden"),
        ({"type": "yaml", "path": "a", "time": "ts"}, "time", "extra_forbidden"),
    ],
)
def test_a_wrong_binding_is_refused_at_its_key(binding, place, kind):
    ((loc, fault),) = faults_of(Configuration, {"environments": {"default": {"x": binding}}})
    assert loc[:4] == ("environments", "default", "<bindings>", "x")
    assert loc[-1] == place
    assert fault["what"] == kind


@pytest.mark.parametrize("value", ["a.parquet", ["a"], None, 7])
def test_a_binding_is_a_mapping(value):
    ((loc, _fault),) = faults_of(Configuration, {"environments": {"default": {"x": value}}})
    assert loc[:4] == ("environments", "default", "<bindings>", "x")


@pytest.mark.parametrize(
    "members", [[], "BTC", [None], [["BTC"]]], ids=["empty", "a text", "null inside", "a list inside"]
)
def test_a_set_is_a_list_of_scalars(members):
    assert faults_of(Configuration, {"sets": {"x": members}})


def test_members_keep_their_types():
    found = Configuration.model_validate({"sets": {"x": ["NO", 1, 1.5, True]}})
    assert [(type(member), member) for member in found.sets["x"]] == [
        (str, "NO"),
        (int, 1),
        (float, 1.5),
        (bool, True),
    ]


@pytest.mark.parametrize("name", ["Default", "", "-x", "x" * 81, "a b"])
def test_names_of_environments_and_datasets_are_slugs(name):
    assert faults_of(Configuration, {"environments": {name: {}}})
    assert faults_of(Configuration, {"environments": {"default": {name: {"type": "csv", "path": "a"}}}})


def test_the_tag_of_a_validated_binding_is_that_of_its_mapping():
    for model, mapping in (
        (LogBinding(type="logfmt", path="a"), {"type": "logfmt"}),
        (FactsBinding(type="yaml", path="a"), {"type": "yaml"}),
        (TableBinding(type="csv", path="a"), {"type": "csv"}),
    ):
        assert binding_tag(model) == binding_tag(mapping)
    assert binding_tag({"type": ["logfmt"]}) == binding_tag("text") == "<table>"


# --- environments that are like another one


def test_an_environment_like_another_has_its_bindings_and_perhaps_another_root():
    environments = {
        "default": {"a": {"type": "csv", "path": "a.csv"}},
        "staging": {"like": "default", "data_root": "staging"},
        "same": {"like": "default"},
    }
    found = Configuration.model_validate({"data_root": "data", "environments": environments})
    assert found.environments["staging"] == LikeEnvironment(like="default", data_root="staging")
    assert list(found.bound) == ["default"]
    assert [found.bindings(name) for name in environments] == [{"a": TableBinding(type="csv", path="a.csv")}] * 3
    assert [found.root_of(name) for name in environments] == ["data", "staging", "data"]


def test_a_dataset_may_be_called_like():
    bound = {"like": {"type": "csv", "path": "a.csv"}, "data_root": {"type": "csv", "path": "b.csv"}}
    found = Configuration.model_validate({"environments": {"default": bound, "other": {"like": "default"}}})
    assert set(found.bindings("other")) == {"like", "data_root"}


@pytest.mark.parametrize(
    ("environment", "place", "kind"),
    [
        ({"like": "Default"}, "like", "string_pattern_mismatch"),
        ({"like": 5}, "like", "string_type"),
        ({"like": None}, "<like>", "nothing is written for 'like'"),
        ({"like": ["default"]}, "<table>", "model_type"),
        ({"like": "default", "data_root": ""}, "data_root", "string_too_short"),
        ({"like": "default", "data_root": 5}, "data_root", "string_type"),
        ({"like": "default", "data_root": "d" * 501}, "data_root", "string_too_long"),
        ({"like": "default", "data_rot": "x"}, "data_rot", "extra_forbidden"),
        ({"like": "default", "a": {"type": "csv", "path": "a.csv"}}, "a", "extra_forbidden"),
        ({"like": {"type": "cvs", "path": "a.csv"}}, "type", "literal_error"),
    ],
)
def test_what_an_environment_like_another_cannot_be(environment, place, kind):
    ((loc, fault),) = faults_of(Configuration, {"environments": {"x": environment}})
    assert loc[:2] == ("environments", "x")
    assert (loc[-1], fault["what"]) == (place, kind)


def test_the_tag_of_a_validated_environment_is_that_of_its_mapping():
    bound = {"like": TableBinding(type="csv", path="a")}
    assert environment_tag(LikeEnvironment(like="a")) == environment_tag({"like": "a"}) == "<like>"
    assert environment_tag(bound) == environment_tag({"like": {"type": "csv"}}) == environment_tag({}) == "<bindings>"
    assert environment_tag("text") == "<bindings>"


def test_a_chain_is_no_bindings():
    found = Configuration.model_validate({"environments": {"a": {"like": "b"}, "b": {"like": "c"}, "c": {}}})
    with pytest.raises(AssertionError, match="chain"):
        found.bindings("a")
