"""Schema and loader side by side: an editor must never call wrong what the loader accepts."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic_core import PydanticCustomError

from cvnpolicy.app.schema import schema
from cvnpolicy.core.configuration import Configuration
from cvnpolicy.core.fields import parse_condition, parse_quantifier
from cvnpolicy.load.document import load_document
from cvnpolicy.load.parse import parse
from cvnpolicy.load.schema import configuration_schema
from cvnpolicy.load.validate import validate
from tests.support.base_documents import ALERT, DRIFT, METRIC

SCHEMA = schema("policy")
POLICY = Draft202012Validator(SCHEMA)
CONDITION = Draft202012Validator(SCHEMA["$defs"]["Condition"])
QUANTIFIER = Draft202012Validator(SCHEMA["$defs"]["Quantifier"])
CONFIGURATION = Draft202012Validator(configuration_schema())
GONE = object()

CONFIG: dict[str, Any] = {
    "sets": {"defi": ["BTC", 1]},
    "environments": {
        "default": {"a": {"type": "csv", "path": "a.csv", "time": "ts", "cadence": "15min"}},
        "quiet": {"like": "default", "data_root": "quiet"},
    },
}

BOTH, LOADER, NEITHER = "both refuse it", "only the loader refuses it", "both accept it"
CHECK = ("spec", "checks", 0)
TREE = ("spec", "checks", 1)
BEST = ("spec", "metrics", "best")
QUIET = ("environments", "quiet")

MUTATIONS: list[tuple[dict[str, Any], tuple[str | int, ...], object, str]] = [
    (DRIFT, ("kind",), "Drift", BOTH),
    (DRIFT, ("kind",), "MetricPolicy", BOTH),
    (DRIFT, ("apiVersion",), 1, BOTH),
    (DRIFT, ("metadata",), GONE, BOTH),
    (DRIFT, ("metadata", "name"), "Drift", BOTH),
    (DRIFT, ("metadata", "name"), "d" * 81, BOTH),
    (DRIFT, ("metadata", "name"), "d" * 80, NEITHER),
    (DRIFT, ("metadata", "title"), "", BOTH),
    (DRIFT, ("metadata", "title"), "é" * 200, NEITHER),
    (DRIFT, ("metadata", "links"), [], BOTH),
    (DRIFT, ("metadata", "anchor"), "2026-05-12T00:00:00", BOTH),
    (DRIFT, ("metadata", "anchor"), "2026-13-12T00:00:00Z", LOADER),
    (DRIFT, ("metadata", "anchor"), "2026-05-12T00:00Z", NEITHER),
    (DRIFT, ("enforcement", "mode"), "warn", BOTH),
    (DRIFT, ("enforcement", "mode"), "block", LOADER),
    (DRIFT, ("enforcement", "block_from"), "2026-05-15T00:00:00Z", LOADER),
    (DRIFT, ("waivers", 0, "group"), {"sym-bol": "A"}, BOTH),
    (DRIFT, ("waivers", 0, "group"), {"symbol": ["A"]}, BOTH),
    (DRIFT, ("waivers", 0, "why"), "x", BOTH),
    (DRIFT, ("spec", "baselines", "frozen", "source"), GONE, LOADER),
    (DRIFT, ("spec", "baselines", "frozen", "value"), 1, NEITHER),
    (DRIFT, ("spec", "baselines", "frozen", "value"), "0.41", BOTH),
    (DRIFT, ("spec", "baselines", "frozen", "sign"), "positive", NEITHER),
    (DRIFT, ("spec", "baselines", "training"), {}, LOADER),
    (DRIFT, ("spec", "facts", "console.restore", "fresh_for"), "1w", BOTH),
    (DRIFT, ("spec", "facts", "console restore"), {}, BOTH),
    (DRIFT, ("spec", "checks"), {}, BOTH),
    (DRIFT, ("spec", "more"), 1, BOTH),
    (DRIFT, (*CHECK, "id"), "a.b", BOTH),
    (DRIFT, (*CHECK, "measure", "statistic"), "mode", BOTH),
    (DRIFT, (*CHECK, "measure", "event"), "done", LOADER),
    (DRIFT, (*CHECK, "measure", "dataset"), GONE, LOADER),
    (DRIFT, (*CHECK, "measure", "columns"), ["a"], NEITHER),
    (DRIFT, (*CHECK, "measure", "columns"), "a", BOTH),
    (DRIFT, (*CHECK, "measure", "columns", "top"), 1.5, BOTH),
    (DRIFT, (*CHECK, "measure", "columns", "top"), 10_001, BOTH),
    (DRIFT, (*CHECK, "measure", "columns", "top"), 20.0, LOADER),
    (DRIFT, (*CHECK, "measure", "where"), {"timeframe": "15m"}, BOTH),
    (DRIFT, (*CHECK, "measure", "where"), {"timeframe": [None]}, BOTH),
    (DRIFT, (*CHECK, "measure", "window"), "run", LOADER),
    (DRIFT, (*CHECK, "measure", "window"), "stage", BOTH),
    (DRIFT, (*CHECK, "measure", "window"), "99999d", LOADER),
    (DRIFT, (*CHECK, "measure", "reference"), GONE, LOADER),
    (DRIFT, (*CHECK, "measure", "params"), {"bins": 10}, LOADER),
    (DRIFT, (*CHECK, "by", "symbol"), ["A", 1, True], NEITHER),
    (DRIFT, (*CHECK, "by", "symbol"), "columns", LOADER),
    (DRIFT, (*CHECK, "by", "symbol"), 5, BOTH),
    (DRIFT, (*CHECK, "warn_if"), "0.01", BOTH),
    (DRIFT, (*CHECK, "warn_if"), 0.01, BOTH),
    (DRIFT, (*CHECK, "warn_if"), "< 0.01 or", LOADER),
    (DRIFT, (*CHECK, "warn_if"), " unset ", NEITHER),
    (DRIFT, (*CHECK, "warn_if"), "not within 2 sigma of frozen", NEITHER),
    (DRIFT, (*CHECK, "warn_if"), ">0.1 and <0.2", NEITHER),
    (DRIFT, (*CHECK, "warn_if"), {"fact": "a.b", "is": [1]}, LOADER),
    (DRIFT, (*CHECK, "warn_if"), [], BOTH),
    (DRIFT, (*CHECK, "pass_if"), "> 1", LOADER),
    (DRIFT, (*CHECK, "groups"), "some", BOTH),
    (DRIFT, (*CHECK, "groups"), "unset", BOTH),
    (DRIFT, (*CHECK, "groups"), "> 2", NEITHER),
    (DRIFT, (*CHECK, "groups"), "> 2 * frozen", LOADER),
    (DRIFT, (*CHECK, "groups"), {"symbol": "any"}, LOADER),
    (DRIFT, (*CHECK, "every"), GONE, LOADER),
    (DRIFT, (*CHECK, "for"), "8d", LOADER),
    (DRIFT, (*CHECK, "min_samples"), True, BOTH),
    (DRIFT, (*CHECK, "min_coverage"), 0, BOTH),
    (DRIFT, (*CHECK, "min_coverage"), 0.9, NEITHER),
    (DRIFT, (*CHECK, "on_unknown"), "pass", LOADER),
    (DRIFT, (*CHECK, "on_unknown"), "fail", NEITHER),
    (DRIFT, (*CHECK, "severity"), {"warn": "P3", "crit": "P2"}, NEITHER),
    (DRIFT, (*CHECK, "severity"), ["P2"], BOTH),
    (DRIFT, (*CHECK, "escalate", 0, "at"), "T+1d", LOADER),
    (DRIFT, (*CHECK, "active_from"), "T+7", BOTH),
    (DRIFT, (*CHECK, "requirement"), "RBF-08", NEITHER),
    (DRIFT, (*CHECK, "requirement"), "rbf", BOTH),
    (DRIFT, (*TREE, "only_if", "count"), "> 1", LOADER),
    (DRIFT, (*TREE, "only_if", "is"), [], BOTH),
    (DRIFT, (*TREE, "crit_if", "all", 0, "is"), ["bad"], LOADER),
    (DRIFT, (*TREE, "crit_if", "all", 0, "check"), "a/b/c", BOTH),
    (DRIFT, (*TREE, "crit_if", "all", 0, "check"), "a/*", NEITHER),
    (DRIFT, (*TREE, "crit_if", "any"), [{"fact": "a", "is": [1]}], LOADER),
    (METRIC, (*BEST, "range"), [1], BOTH),
    (METRIC, (*BEST, "range"), [0, 1, 2], BOTH),
    (METRIC, (*BEST, "range"), [2, 1], LOADER),
    (METRIC, (*BEST, "range"), {"min": 0}, BOTH),
    (METRIC, (*BEST, "range"), ["0", 1], BOTH),
    (METRIC, (*BEST, "role"), "cost", NEITHER),
    (METRIC, (*BEST, "role"), "fun", BOTH),
    (METRIC, (*BEST, "source", "dataset"), "a", LOADER),
    (METRIC, (*BEST, "source", "field"), GONE, LOADER),
    (METRIC, (*BEST, "source", "where"), {"name": ["a", 1]}, NEITHER),
    (METRIC, (*BEST, "source", "where"), {"name": "a"}, BOTH),
    (METRIC, (*BEST, "source", "where"), {"name": []}, BOTH),
    (METRIC, (*BEST, "source", "wher"), {"name": ["a"]}, BOTH),
    (METRIC, (*BEST, "status"), "planned", NEITHER),
    (METRIC, (*BEST, "status"), "soon", BOTH),
    (METRIC, ("spec", "metrics"), {}, BOTH),
    (ALERT, ("spec", "routes"), {"P9": "x"}, BOTH),
    (ALERT, ("spec", "routes", "P2"), "", BOTH),
    (ALERT, ("spec", "alerts", 0, "warn_if"), {"fact": "f", "age": 5}, BOTH),
    (CONFIG, ("sets", "defi"), "BTC", BOTH),
    (CONFIG, ("environments", "default", "a", "type"), "xml", BOTH),
    (CONFIG, ("environments", "default", "a", "type"), "jsonl", NEITHER),
    (CONFIG, ("environments", "default", "a", "type"), "yaml", BOTH),
    (CONFIG, ("environments", "default", "a", "type"), 5, BOTH),
    (CONFIG, ("environments", "default", "a", "cadence"), "0s", BOTH),
    (CONFIG, ("environments", "default"), [], BOTH),
    (CONFIG, (*QUIET, "data_root"), GONE, NEITHER),
    (CONFIG, (*QUIET, "data_root"), "", BOTH),
    (CONFIG, (*QUIET, "data_root"), 5, BOTH),
    (CONFIG, (*QUIET, "like"), "Default", BOTH),
    (CONFIG, (*QUIET, "like"), 5, BOTH),
    (CONFIG, (*QUIET, "like"), None, BOTH),
    (CONFIG, (*QUIET, "like"), ["default"], BOTH),
    (CONFIG, (*QUIET, "like"), GONE, BOTH),
    (CONFIG, (*QUIET, "a"), {"type": "csv", "path": "a.csv"}, BOTH),
    (CONFIG, QUIET, {"like": {"type": "csv", "path": "a.csv"}}, NEITHER),
    (CONFIG, QUIET, {"like": {"type": "csv", "path": "a.csv"}, "data_root": "quiet"}, BOTH),
    (CONFIG, QUIET, {"like": {"type": "cvs", "path": "a.csv"}}, BOTH),
    (CONFIG, QUIET, "default", BOTH),
    (CONFIG, QUIET, {}, NEITHER),
    (CONFIG, ("policies",), "", BOTH),
]


def mutated(document: dict[str, Any], path: tuple[str | int, ...], value: object) -> dict[str, Any]:
    copy = deepcopy(document)
    place: Any = copy
    for step in path[:-1]:
        place = place[step]
    if value is GONE:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return copy


def verdicts(document: dict[str, Any]) -> tuple[bool, bool]:
    """Whether the loader accepts the document alone, and whether the schema does."""
    parsed = parse(json.dumps(document).encode(), "f.yaml")
    assert parsed.problems == ()
    if "kind" in document:
        return load_document(parsed.documents[0]).policy is not None, POLICY.is_valid(document)
    return isinstance(validate(Configuration, parsed.documents[0]), Configuration), CONFIGURATION.is_valid(document)


@pytest.mark.parametrize("document", [DRIFT, METRIC, ALERT, CONFIG], ids=["drift", "metric", "alert", "configuration"])
def test_what_the_mutations_start_from_is_valid(document):
    assert verdicts(document) == (True, True)


@pytest.mark.parametrize(
    ("document", "path", "value", "expected"),
    MUTATIONS,
    ids=[
        f"{'/'.join(map(str, path))}={'(gone)' if value is GONE else json.dumps(value)[:30]}"
        for _, path, value, _ in MUTATIONS
    ],
)
def test_loader_and_schema(document, path, value, expected):
    loader, by_schema = verdicts(mutated(document, path, value))
    assert {(False, False): BOTH, (False, True): LOADER, (True, True): NEITHER}.get((loader, by_schema)) == expected


@pytest.mark.parametrize(
    "path",
    [("waivers",), ("metadata", "story"), (*CHECK, "crit_if"), (*CHECK, "measure", "total"), (*CHECK, "min_samples"),
     ("spec", "baselines", "training", "window")],
    ids=str,
)  # fmt: skip
def test_nothing_written_for_a_key_that_may_be_left_out(path):
    assert verdicts(mutated(DRIFT, path, None)) == (False, False)


@pytest.mark.parametrize("path", [("spec",), ("enforcement",), ("metadata", "name"), (*CHECK, "by")], ids=str)
def test_nothing_written_where_something_must_be(path):
    assert verdicts(mutated(DRIFT, path, None)) == (False, False)


PIECES = st.sampled_from(
    ["unset", "abs", "not", "within", "of", "and", "or", "any", "all", "ci95", "<", "<=", "==", "!=", ">", "* ", "+",
     "-", "1", "0.5", "-2", "%", "pp", "sigma", "base", " ", "  "]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=8).map("".join) | st.lists(PIECES, max_size=8).map(" ".join) | st.text(max_size=20)
CLAUSES = st.sampled_from(["< 1", ">=2*base", "abs>3 sigma", "within 1% of base", "not  within ci95 of base", "==-1"])
CONDITIONS = TEXTS | st.lists(CLAUSES, min_size=1, max_size=3).map(" and ".join).map(lambda text: f"  {text} ")


def accepts(read: Any, text: str) -> bool:
    try:
        read(text)
    except PydanticCustomError:
        return False
    return True


@given(CONDITIONS)
def test_every_condition_that_can_be_read_has_the_form(text):
    assert CONDITION.is_valid(text) or not accepts(parse_condition, text)


@given(CONDITIONS)
def test_every_quantifier_that_can_be_read_has_the_form(text):
    assert QUANTIFIER.is_valid(text) or not accepts(parse_quantifier, text)


def test_every_example_of_a_type_is_valid():
    for name, definition in SCHEMA["$defs"].items():
        for example in definition.get("examples", ()):
            assert Draft202012Validator(definition).is_valid(example), name
