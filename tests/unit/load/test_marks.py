"""Names inside documents are found by the marks of their annotations, whatever shape the annotation has."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
from pydantic import Field

from cvnpolicy.core.model import Many, Model
from cvnpolicy.core.names import Defines, Namespace, Ref
from cvnpolicy.kinds import KINDS, load_kind
from cvnpolicy.load.document import document_model
from cvnpolicy.load.marks import Mark, marks

EventRef = Annotated[str, Ref(Namespace.EVENT)]
SetRef = Annotated[str, Ref(Namespace.SET)]


class Inner(Model):
    event: EventRef | None = None
    not_: Inner | None = Field(default=None, alias="not")


class Outer(Model):
    plain: str = ""
    name: Annotated[str, Defines(Namespace.POLICY)] = ""
    optional: EventRef | None = None
    further: Annotated[str, Field(max_length=9), Ref(Namespace.RUNBOOK)] | None = None
    inner: Inner | None = None
    listed: Many[EventRef] | None = None
    models: Many[Inner] | None = None
    keyed: dict[Annotated[str, Defines(Namespace.METRIC)], Inner] = {}
    members: dict[str, Literal["columns"] | SetRef | Many[str]] = {}
    deep: dict[str, dict[str, Many[Inner]]] = {}


def found(value: object) -> list[tuple[str, str, tuple[str | int, ...], bool, bool]]:
    return [(mark.namespace.value, mark.name, mark.path, mark.defines, mark.key) for mark in marks(Outer, value)]


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ({"plain": "x"}, []),
        ({"name": "x"}, [("policy", "x", ("name",), True, False)]),
        ({"optional": "e"}, [("event", "e", ("optional",), False, False)]),
        ({"optional": None}, []),
        ({"further": "r.md"}, [("runbook", "r.md", ("further",), False, False)]),
        ({"inner": {"event": "e"}}, [("event", "e", ("inner", "event"), False, False)]),
        ({"inner": {"not": {"event": "e"}}}, [("event", "e", ("inner", "not", "event"), False, False)]),
        (
            {"listed": ["a", "b"]},
            [("event", "a", ("listed", 0), False, False), ("event", "b", ("listed", 1), False, False)],
        ),
        ({"models": [{}, {"event": "e"}]}, [("event", "e", ("models", 1, "event"), False, False)]),
        (
            {"keyed": {"m": {"event": "e"}}},
            [("metric", "m", ("keyed", "m"), True, True), ("event", "e", ("keyed", "m", "event"), False, False)],
        ),
        ({"members": {"s": "five"}}, [("set", "five", ("members", "s"), False, False)]),
        ({"members": {"s": "columns"}}, []),  # the word of the language, not a set of that name
        ({"members": {"s": ["five"]}}, []),
        ({"deep": {"a": {"b": [{"event": "e"}]}}}, [("event", "e", ("deep", "a", "b", 0, "event"), False, False)]),
    ],
)
def test_every_shape_of_annotation(value, wanted):
    assert found(value) == wanted


@pytest.mark.parametrize(
    "value",
    [
        None,
        "text",
        [],
        {"optional": 7},
        {"optional": ["e"]},
        {"optional": {"event": "e"}},
        {"inner": "text"},
        {"inner": [{"event": "e"}]},
        {"listed": {"a": "b"}},
        {"keyed": ["m"]},
        {"models": {"event": "e"}},
        {"unknown": "x"},
        {"listed": [None, 1, []]},
    ],
)
def test_what_does_not_fit_the_model_is_passed_over(value):
    assert found(value) == []


def test_a_mistake_in_one_place_leaves_the_names_of_the_others():
    value = {"unknown": 1, "optional": 7, "name": "x", "listed": ["a", None]}
    assert [mark.name for mark in marks(Outer, value)] == ["x", "a"]


def test_names_come_in_the_order_of_the_text():
    assert [mark.name for mark in marks(Outer, {"listed": ["b", "a"], "name": "x"})] == ["b", "a", "x"]


def test_the_models_of_the_kinds_mark_what_they_name():
    """One whole document: each name the language knows is found in it."""
    check = {
        "id": "c",
        "only_if": {"not": {"fact": "f", "is": [True]}},
        "measure": {
            "statistic": "unmatched",
            "event": "e",
            "dataset": "d",
            "metric": "m",
            "columns": {"contract": "k"},
            "reference": "b",
            "match": {"event": "e2", "after": "1h", "same": ["id"]},
            "total": {"dataset": "d2"},
            "expect": {"x": "s2"},
        },
        "by": {"x": "s", "y": "columns"},
        "crit_if": {"all": [{"any": [{"check": "p/*", "is": ["fail"]}]}]},
        "runbook": "r.md#1",
    }
    document: dict[str, Any] = {
        "metadata": {"name": "p"},
        "waivers": [{"check": "c"}],
        "spec": {"baselines": {"b": {"dataset": "d3"}}, "facts": {"f": {}}, "checks": [check]},
    }
    model = document_model(load_kind("DriftPolicy"))
    names = {(mark.namespace, mark.name, mark.defines) for mark in marks(model, document)}
    assert names == {
        (Namespace.POLICY, "p", True),
        (Namespace.CHECK, "c", True),
        (Namespace.CHECK, "c", False),  # the waiver
        (Namespace.CHECK, "p/*", False),
        (Namespace.BASELINE, "b", True),
        (Namespace.BASELINE, "b", False),
        (Namespace.FACT, "f", True),
        (Namespace.FACT, "f", False),
        *((Namespace.EVENT, name, False) for name in ("e", "e2")),
        *((Namespace.DATASET, name, False) for name in ("d", "d2", "d3")),
        (Namespace.METRIC, "m", False),
        (Namespace.CONTRACT, "k", False),
        *((Namespace.SET, name, False) for name in ("s", "s2")),
        (Namespace.RUNBOOK, "r.md#1", False),
    }


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_defines_its_policy(kind):
    found_here = list(marks(document_model(load_kind(kind)), {"metadata": {"name": "x"}}))
    assert found_here == [Mark(Namespace.POLICY, "x", ("metadata", "name"), defines=True)]
