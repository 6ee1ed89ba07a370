from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cvnpolicy.core.finding import Mode
from cvnpolicy.core.location import Location
from cvnpolicy.core.policy import Baseline, Document, Enforcement, Fact, Metadata, Policy, Spec, Waiver
from cvnpolicy.core.rules import DocumentRule
from cvnpolicy.core.time import TPlus
from tests.support.faults import faults_of, only_fault

AT = datetime(2026, 5, 15, tzinfo=UTC)
TICK = timedelta(microseconds=1)
METADATA: dict[str, Any] = {"name": "p", "title": "Title", "owner": "@me"}
WAIVER: dict[str, Any] = {
    "check": "one",
    "reason": "an outage",
    "approved_by": "@me",
    "expires": "2026-06-11T00:00:00Z",
}


# --- metadata


@pytest.mark.parametrize("key", ["name", "title", "owner"])
def test_metadata_that_must_be_there(key):
    value = {name: part for name, part in METADATA.items() if name != key}
    ((place, fault),) = faults_of(Metadata, value)
    assert (place, fault["what"]) == ((key,), "missing")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("name", "Upper"),
        ("name", "a/b"),
        ("name", ""),
        ("title", ""),
        ("title", "x" * 201),
        ("owner", "me"),
        ("owner", ["@me"]),
        ("story", "a b"),
        ("links", []),
        ("links", "ADR-14"),
        ("anchor", "2026-05-12"),
        ("anchor", "2026-05-12T00:00:00"),
        ("anchor", "T+0d"),
        ("tags", []),
    ],
)
def test_metadata_that_is_refused(key, value):
    assert faults_of(Metadata, {**METADATA, key: value})


def test_an_anchor_is_kept_in_utc():
    found = Metadata.model_validate({**METADATA, "anchor": "2026-05-12T02:00:00+02:00"})
    assert found.anchor == datetime(2026, 5, 12, tzinfo=UTC)


# --- enforcement


def test_a_policy_blocks_unless_it_says_otherwise():
    assert Enforcement().mode_at(AT) is Mode.BLOCK
    assert Enforcement.model_validate({"mode": "advise"}).mode_at(AT) is Mode.ADVISE


def test_advice_blocks_from_the_first_instant_of_its_date_on():
    found = Enforcement.model_validate({"mode": "advise", "block_from": "2026-05-15T00:00:00Z"})
    assert [found.mode_at(at) for at in (AT - TICK, AT, AT + TICK)] == [Mode.ADVISE, Mode.BLOCK, Mode.BLOCK]


def test_a_review_date_never_blocks_by_itself():
    found = Enforcement.model_validate({"mode": "advise", "review_by": "2026-05-15T00:00:00Z"})
    assert found.mode_at(AT + timedelta(days=3650)) is Mode.ADVISE


@pytest.mark.parametrize("key", ["block_from", "review_by"])
@pytest.mark.parametrize("mode", [{}, {"mode": "block"}])
def test_a_date_needs_advice(key, mode):
    fault = only_fault(Enforcement, {**mode, key: "2026-05-15T00:00:00Z"})
    assert fault["what"] == f"'{key}' needs mode: advise"
    assert fault["key"] == key


def test_one_date_only():
    value = {"mode": "advise", "block_from": "2026-05-15T00:00:00Z", "review_by": "2026-05-15T00:00:00Z"}
    fault = only_fault(Enforcement, value)
    assert fault["what"] == "block_from and review_by exclude one another"
    assert fault["key"] == "review_by"


@pytest.mark.parametrize("value", [{"mode": "advice"}, {"mode": "warn"}, {"mode": None}, {"mode": ["block"]}, "block"])
def test_the_mode_is_one_of_two(value):
    assert faults_of(Enforcement, value)


# --- waivers


def test_a_whole_waiver():
    found = Waiver.model_validate({**WAIVER, "group": {"symbol": "ETHUSDC", "fold": 1}})
    assert found.expires == datetime(2026, 6, 11, tzinfo=UTC)
    assert found.group == {"symbol": "ETHUSDC", "fold": 1}


@pytest.mark.parametrize("key", list(WAIVER))
def test_a_waiver_has_all_its_parts(key):
    ((place, fault),) = faults_of(Waiver, {name: part for name, part in WAIVER.items() if name != key})
    assert (place, fault["what"]) == ((key,), "missing")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("reason", ""),
        ("reason", "x" * 501),
        ("approved_by", "me"),
        ("approved_by", ["@me"]),
        ("expires", "2026-06-11"),
        ("expires", "never"),
        ("expires", None),
        ("check", "*"),
        ("check", "other/one"),
        ("group", {"symbol": None}),
        ("group", {"symbol": ["ETHUSDC"]}),
        ("single_use", True),
    ],
)
def test_a_waiver_that_is_refused(key, value):
    assert faults_of(Waiver, {**WAIVER, key: value})


# --- baselines


@pytest.mark.parametrize(
    "value",
    [
        {"dataset": "training"},
        {"where": {"variant": ["btc_full"]}},
        {"statistic": "p95", "where": {"release": ["previous"]}, "window": "run", "sign": "positive"},
        {"value": 0.41, "source": "dossier section 5"},
        {"value": 0, "source": "by definition"},
        {"value": -3, "source": "by definition", "sign": "negative"},
        {"event": "started"},
        {"metric": "markout"},
        {"columns": ["b"]},
        {"window": "28d"},
    ],
)
def test_a_whole_baseline(value):
    found = Baseline.model_validate(value)
    assert found.model_fields_set == set(value)


@pytest.mark.parametrize(
    ("value", "what", "key"),
    [
        ({"value": 1, "source": "x", "dataset": "d"}, "a written value replaces nothing, found 'dataset'", "value"),
        ({"value": 1, "source": "x", "window": "1d", "columns": ["a"]}, "found 'columns'", "value"),
        ({"value": 1}, "a written value needs its source", "value"),
        ({}, "the baseline replaces nothing of the check", None),
        ({"sign": "positive"}, "the baseline replaces nothing of the check", None),
        ({"source": "x"}, "the baseline replaces nothing of the check", None),
        ({"dataset": "d", "event": "e"}, "a baseline reads one of dataset, event, metric", None),
        ({"dataset": "d", "metric": "m"}, "a baseline reads one of dataset, event, metric", None),
    ],
)
def test_a_baseline_that_contradicts_itself(value, what, key):
    fault = only_fault(Baseline, value)
    assert what in fault["what"]
    assert fault["right"]
    assert fault.get("key") == key


@pytest.mark.parametrize("key", ["statistic", "dataset", "event", "metric", "columns", "where", "window"])
def test_null_replaces_nothing(key):
    """It would compare the check with itself: a condition that never fires."""
    assert faults_of(Baseline, {key: None})


@pytest.mark.parametrize(("value", "sign"), [(-1, "positive"), (0, "positive"), (1, "negative"), (0.0, "negative")])
def test_a_written_value_has_the_sign_that_is_written(value, sign):
    """Reviews order conditions by the sign: a wrong one makes a looser limit look tighter."""
    assert faults_of(Baseline, {"value": value, "source": "x", "sign": sign})


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("value", "0.41"),
        ("value", True),
        ("sign", "plus"),
        ("statistic", "avg"),
        ("window", "stage"),
        ("where", {"a": []}),
    ],
)
def test_a_baseline_that_is_refused(key, value):
    assert faults_of(Baseline, {"dataset": "d", key: value} if key != "value" else {"source": "x", key: value})


# --- facts


def test_a_whole_fact():
    found = Fact.model_validate(
        {
            "source": "manual",
            "values": ["live", "absent"],
            "unavailable": "absent",
            "attested_by": ["@dococeven"],
            "fresh_for": "24h",
        }
    )
    assert found.values == ("live", "absent")
    assert Fact().source == "manual"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("values", []),
        ("values", "live"),
        ("attested_by", ["me"]),
        ("attested_by", "@me"),
        ("fresh_for", "1m"),
        ("ttl", 1),
    ],
)
def test_a_fact_that_is_refused(key, value):
    assert faults_of(Fact, {key: value})


@pytest.mark.parametrize("name", ["", ".a", "a.", "a b", "-a", "a/b", "x" * 101])
def test_what_is_no_name_of_a_fact(name):
    assert faults_of(Spec, {"facts": {name: {}}})


@pytest.mark.parametrize("name", ["console.restore", "wp149.children", "waiver.T90", "a", "mode.execution-x_y"])
def test_the_name_of_a_fact(name):
    assert name in Spec.model_validate({"facts": {name: {}}}).facts


# --- documents


def policy(anchor: datetime | None) -> Policy[Spec]:
    document = Document[Spec](
        apiVersion="cvnpolicy/v1",
        kind="Any",
        metadata=Metadata.model_validate(METADATA if anchor is None else {**METADATA, "anchor": anchor}),
        spec=Spec(),
    )
    here = Location("p.yaml", 3, 1)
    return Policy("Any", document, lambda _path: here, lambda _path, offset, length: here.within(offset, length))


def test_a_policy_knows_its_name_and_its_instants():
    found = policy(datetime(2026, 5, 12, 13, tzinfo=UTC))
    assert found.name == "p"
    assert found.spec == Spec()
    assert found.instant(TPlus(3)) == AT
    assert found.instant(AT) == AT
    assert policy(None).instant(AT) == AT


def test_t_plus_without_an_anchor_is_a_defect_here_since_the_loader_refuses_it():
    with pytest.raises(AssertionError, match=r"p: T\+3d without metadata.anchor"):
        policy(None).instant(TPlus(3))


@pytest.mark.parametrize(
    ("key", "value"), [("apiVersion", "cvnpolicy/v2"), ("apiVersion", None), ("status", {}), ("metadata", None)]
)
def test_a_document_that_is_refused(key, value):
    whole = {"apiVersion": "cvnpolicy/v1", "kind": "Any", "metadata": METADATA, "spec": {}}
    assert Document[Spec].model_validate(whole).enforcement == Enforcement()
    assert faults_of(Document[Spec], {**whole, key: value})


def test_rule_ids_say_what_a_contradiction_is():
    assert only_fault(Baseline, {"dataset": "d", "event": "e"})["rule"] == DocumentRule.BAD_CHECK
