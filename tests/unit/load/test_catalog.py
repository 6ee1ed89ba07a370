from __future__ import annotations

from cvnpolicy.core.catalog import ContractEntry
from cvnpolicy.core.configuration import Configuration
from cvnpolicy.core.unit import Unit
from cvnpolicy.load.catalog import build_catalog
from tests.support.policies import CONTRACT, EVENTS, METRICS, checks, loaded


def test_what_documents_declare_is_collected(tmp_path):
    catalog = loaded(tmp_path, EVENTS, METRICS, CONTRACT).catalog
    assert catalog.contracts == {"features": ContractEntry("features", ("f1", "f2", "f3"))}
    assert set(catalog.events) == {"beat", "work", "done"}
    assert catalog.events["beat"].heartbeat_us == 3_600_000_000
    assert catalog.events["work"].alive_with == "beat"
    assert catalog.events["work"].dataset == "events"
    assert dict(catalog.events["work"].fields) == {"model": "str", "key": "str", "size": "float"}
    assert (catalog.metrics["size"].event, catalog.metrics["size"].column) == ("work", "size")
    assert (catalog.metrics["score"].dataset, catalog.metrics["score"].range) == ("other", (0, 1))
    assert {name: metric.unit for name, metric in catalog.metrics.items()} == {
        "size": Unit.OTHER,
        "score": Unit.NUMBER,
        "share": Unit.PERCENT,
    }


def test_sets_come_from_the_configuration(tmp_path):
    catalog = loaded(tmp_path, EVENTS).catalog
    assert catalog.sets == {"five": ("A", "B", "C", "D", "E")}


def test_a_log_is_one_in_every_environment_that_binds_it():
    log, table = {"type": "logfmt", "path": "a"}, {"type": "csv", "path": "a"}
    environments = {"default": {"a": log, "b": log}, "old": {"b": table}, "staging": {"like": "default"}}
    assert build_catalog([], Configuration.model_validate({"environments": environments})).logs == {"a"}


def test_of_two_entries_of_one_name_the_first_stays(tmp_path):
    first = loaded(tmp_path / "a", CONTRACT).policies
    second = loaded(tmp_path / "b", CONTRACT.replace("[{name: f1, dtype: float64}, ", "[")).policies
    catalog = build_catalog([*first, *second], Configuration())
    assert catalog.contracts["features"].features == ("f1", "f2", "f3")


def test_checks_declare_nothing(tmp_path):
    one = "{id: c, measure: {statistic: mean, dataset: data, columns: [a], window: 24h}, warn_if: '> 1'}"
    catalog = loaded(tmp_path, checks(one)).catalog
    assert (catalog.events, catalog.metrics, catalog.contracts) == ({}, {}, {})
