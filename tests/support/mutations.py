"""Policy documents changed in many ways, the same ones in every run: what schema and loader are compared on.

A class of mutations yields edits of one document. Edits are cheap to list, so that a class can be asked of every
document and few of its edits, drawn from all of them, be applied.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from itertools import product
from random import Random
from typing import Any

import yaml

Steps = tuple[str | int, ...]
Document = dict[str, Any]
GONE = object()


_written = partial(json.dumps, ensure_ascii=False)


class _Quoted(yaml.SafeDumper):
    """Writes every text in single quotes, keys too."""


_Quoted.add_representer(str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style="'"))


@dataclass(frozen=True)
class Edit:
    """What becomes of one place of a document; further places may change with it."""

    path: Steps
    value: Any = None
    more: tuple[tuple[Steps, Any], ...] = ()
    key: str | None = None
    """The key's new name, where only that changes."""
    spelled: Callable[[Any], str] = _written
    """How the document is written out."""

    def apply(self, document: Document) -> str:
        """Return the text of the changed document."""
        changed = deepcopy(document)
        if self.key is not None:
            place = _at(changed, self.path[:-1])
            items = [(self.key if name == self.path[-1] else name, value) for name, value in place.items()]
            place.clear()
            place.update(items)
            return self.spelled(changed)
        for path, value in ((self.path, self.value), *self.more):
            if not path:
                continue
            if value is GONE:
                del _at(changed, path[:-1])[path[-1]]
            else:
                _at(changed, path[:-1])[path[-1]] = value
        return self.spelled(changed)


Edits = Iterator[Edit]
Mutation = Callable[[Document], Edits]


def _at(document: Any, path: Steps) -> Any:
    for step in path:
        document = document[step]
    return document


def places(part: Any, path: Steps = ()) -> Iterator[tuple[Steps, Any]]:
    """Yield every place of a document with what stands there, the whole document first."""
    yield path, part
    if isinstance(part, dict):
        for key, value in part.items():
            yield from places(value, (*path, key))
    elif isinstance(part, list):
        for index, value in enumerate(part):
            yield from places(value, (*path, index))


def _of(document: Document, *types: type) -> Iterator[tuple[Steps, Any]]:
    return ((path, value) for path, value in places(document) if path and type(value) in types)


def _named(document: Document, *keys: str) -> Iterator[tuple[Steps, Any]]:
    return ((path, value) for path, value in places(document) if path and path[-1] in keys)


def _replaced(found: Iterator[tuple[Steps, Any]], *values: Any) -> Edits:
    return (Edit(path, value) for (path, was), value in product(found, values) if value != was)


# What makes most documents invalid


def key_misspelt(document: Document) -> Edits:
    for path, _ in places(document):
        if path and isinstance(path[-1], str):
            yield Edit(path, key=path[-1][:-1] + "x")


def key_removed(document: Document) -> Edits:
    return (Edit(path, GONE) for path, _ in places(document) if path and isinstance(path[-1], str))


def key_added(document: Document) -> Edits:
    return (Edit((*path, "extra"), 1) for path, value in places(document) if isinstance(value, dict))


def key_in_the_wrong_mapping(document: Document) -> Edits:
    for path, value in places(document):
        inner = len(path) > 2 and isinstance(path[-1], str) and isinstance(path[-2], str)
        if inner and path[-1] not in _at(document, path[:-2]):
            yield Edit((*path[:-2], path[-1]), value, more=((path, GONE),))


def key_without_a_value(document: Document) -> Edits:
    return (Edit(path, None) for path, _ in places(document) if path)


def text_as_number(document: Document) -> Edits:
    return _replaced(_of(document, str), 7)


def number_as_text(document: Document) -> Edits:
    return (Edit(path, str(value)) for path, value in _of(document, int, float))


def number_as_truth_value(document: Document) -> Edits:
    return _replaced(_of(document, int, float), *(True, False))


def number_out_of_range(document: Document) -> Edits:
    return _replaced(_of(document, int, float), -1, 10**9)


def number_with_a_fraction(document: Document) -> Edits:
    return _replaced(_of(document, int, float), 2.5, 3.0)


def scalar_as_list(document: Document) -> Edits:
    return (Edit(path, [value]) for path, value in _of(document, str, int, float, bool))


def list_as_scalar(document: Document) -> Edits:
    return (Edit(path, value[0]) for path, value in _of(document, list) if value)


def list_as_mapping(document: Document) -> Edits:
    return (Edit(path, {"a": value}) for path, value in _of(document, list))


def mapping_as_list(document: Document) -> Edits:
    return (Edit(path, [value]) for path, value in _of(document, dict))


def list_emptied(document: Document) -> Edits:
    return _replaced(_of(document, list), [])


def mapping_emptied(document: Document) -> Edits:
    return _replaced(_of(document, dict), {})


def item_twice(document: Document) -> Edits:
    return (Edit(path, [*value, value[-1]]) for path, value in _of(document, list) if value)


WORDS = ("kind", "mode", "statistic", "role", "type", "on_unknown", "severity", "sign", "dtype", "to", "warn", "crit")


def word_misspelt(document: Document) -> Edits:
    return (Edit(path, f"{value}s") for path, value in _named(document, *WORDS) if isinstance(value, str))


def word_for_another(document: Document) -> Edits:
    others = {"severity": ("P1", "P3"), "to": ("P1", "P3"), "warn": ("P1", "P3"), "crit": ("P1", "P3"),
              "mode": ("advise", "block"), "on_unknown": ("fail", "pass")}  # fmt: skip
    for path, value in _named(document, *others):
        # Most severities may be any: those are drawn that an escalation has to rise above.
        if isinstance(value, str) and (path[-1] != "severity" or "escalate" in _at(document, path[:-1])):
            yield from _replaced(iter([(path, value)]), *others[str(path[-1])])


def name_of_the_wrong_form(document: Document) -> Edits:
    keys = ("name", "id", "owner", "approved_by", "dataset", "event", "metric", "requirement", "story", "check", "fact")
    found = ((path, value) for path, value in _named(document, *keys) if isinstance(value, str))
    return _replaced(found, "Has Space", "ü", "")


def duration_of_the_wrong_form(document: Document) -> Edits:
    return _replaced(_named(document, "window", "every", "for", "after", "fresh_for"), "1w", "0d", "14 d", "99999d")


def instant_of_the_wrong_form(document: Document) -> Edits:
    keys = ("anchor", "expires", "block_from", "review_by", "active_from", "at")
    wrong = ("2026-05-12", "2026-05-12T00:00:00", "2026-13-40T00:00:00Z", "T+7", "2026-05-12T00:00:00+02:00")
    yield from _replaced(_named(document, *keys), *wrong)
    yield from (Edit(("metadata", "anchor"), value) for value in wrong)


CONDITIONS = ("warn_if", "crit_if", "pass_if")


def condition_of_the_wrong_form(document: Document) -> Edits:
    found = ((path, value) for path, value in _named(document, *CONDITIONS) if isinstance(value, str))
    wrong = ("0.1", "> 1 and", "> 1 and < 2 or > 3", "> 1 * 2", "=> 1", "within 1%", "> 5 parsecs", "", "> 1 > 2")
    return _replaced(found, *wrong)


def tree_of_the_wrong_form(document: Document) -> Edits:
    leaf = {"check": "other", "is": ["pass"]}
    wrong: tuple[Document, ...] = (
        {}, {"all": [leaf], "any": [leaf]}, {"all": []}, {"check": "a", "fact": "b", "is": ["pass"]},
        {"check": "a"}, {"check": "a", "is": ["good"]}, {"fact": "b"}, {"all": [{"not": leaf, **leaf}]},
        {"fact": "b", "is": ["x"], "count": "> 1"}, {"check": "a", "is": ["pass"], "age": "< 1d"}, {"not": [leaf]},
    )  # fmt: skip
    for path, value in _named(document, *CONDITIONS):
        measured = ((*path[:-1], "measure"), GONE)
        more = (measured,) if isinstance(value, str) and "measure" in _at(document, path[:-1]) else ()
        yield from (Edit(path, tree, more) for tree in wrong)


# What only the whole of a check, or of the documents, can say


def another_statistic(document: Document) -> Edits:
    names = ("count", "rate", "ratio", "mean", "p95", "f1", "coverage", "duplicates", "unmatched", "psi", "last",
             "mean_shift", "missing")  # fmt: skip
    return _replaced(_named(document, "statistic"), *names)


def arguments_of_a_statistic(document: Document) -> Edits:
    further = {"params": {"per": "1h"}, "total": {"dataset": "other"}, "expect": {"fold": [1, 2]},
               "over": ["fold"], "reference": "training", "event": "done",
               "match": {"event": "done", "after": "24h", "same": ["key"]}}  # fmt: skip
    for path, _ in _named(document, "measure"):
        yield from (Edit((*path, key), value) for key, value in further.items())


def key_that_does_not_go_with_the_rest(document: Document) -> Edits:
    further = {"for": "7d", "every": "5d", "min_samples": 10, "min_coverage": 0.5, "groups": {"nobody": "all"},
               "pass_if": "> 1", "on_unknown": "pass", "escalate": [{"after": "7d", "to": "P3"}],
               "by": {"nobody": [1, 1]}, "active_from": "T+1d"}  # fmt: skip
    for path, _ in _named(document, "measure"):
        yield from (Edit((*path[:-1], key), value) for key, value in further.items())


def name_that_nothing_defines(document: Document) -> Edits:
    found = ((path, value) for path, value in _named(document, "dataset", "event", "metric", "reference", "contract"))
    yield from _replaced(((path, value) for path, value in found if isinstance(value, str)), "nobody")
    yield from _replaced(_named(document, "runbook"), "documentation/runbooks/nobody.md")
    yield from _replaced(_named(document, "check"), "nobody", "nobody/*")
    yield from (Edit(path, "> 2 * nobody") for path, value in _named(document, *CONDITIONS) if isinstance(value, str))


def name_that_is_there_already(document: Document) -> Edits:
    for name in ("track1-sweep", "ccp-checkpoints", "live-trading"):
        if document["metadata"]["name"] != name:
            yield Edit(("metadata", "name"), name)
    for path, value in _of(document, list):
        if value and isinstance(value[0], dict) and "id" in value[0]:
            yield Edit(path, [*value, value[0]])


def unit_of_a_condition(document: Document) -> Edits:
    found = ((path, value) for path, value in _named(document, *CONDITIONS) if isinstance(value, str))
    return _replaced(found, "> 5min", "> 3 sigma", "> 50%", "within 2pp of 0.5", "abs > 1")


def limit_that_cannot_be(document: Document) -> Edits:
    found = ((path, value) for path, value in _named(document, *CONDITIONS) if isinstance(value, str))
    return _replaced(found, "> 5 and < 3", "< -1 and > 7")


# What changes nothing, or nothing that matters


def as_written(document: Document) -> Edits:
    yield Edit(())


def keys_in_another_order(document: Document) -> Edits:
    def turned(part: Any) -> Any:
        if isinstance(part, dict):
            return {key: turned(value) for key, value in reversed(part.items())}
        return [turned(each) for each in part] if isinstance(part, list) else part

    yield Edit((), spelled=lambda part: _written(turned(part)))
    yield Edit((), spelled=lambda part: yaml.safe_dump(part, sort_keys=True))


def block_or_flow(document: Document) -> Edits:
    yield Edit((), spelled=lambda part: yaml.safe_dump(part, sort_keys=False, default_flow_style=False, indent=4))
    yield Edit((), spelled=lambda part: yaml.safe_dump(part, sort_keys=False, default_flow_style=True, width=60))
    yield Edit((), spelled=lambda part: json.dumps(part, indent=3, ensure_ascii=False))


def quotes(document: Document) -> Edits:
    yield Edit((), spelled=lambda part: yaml.dump(part, Dumper=_Quoted, sort_keys=False, allow_unicode=True))
    yield Edit((), spelled=lambda part: yaml.safe_dump(part, sort_keys=False, allow_unicode=True, width=10_000))


def the_same_duration(document: Document) -> Edits:
    for path, value in _named(document, "window", "every", "for", "after", "fresh_for"):
        found = re.fullmatch(r"(\d+)(d|h)", str(value))
        if found is not None:
            number = int(found[1])
            yield Edit(path, f"{number * 24}h" if found[2] == "d" else f"{number * 60}min")


def the_same_condition(document: Document) -> Edits:
    for path, value in _named(document, *CONDITIONS):
        if isinstance(value, str) and value[-1].isdigit() and value[0] in "<>=":
            spaced = value.replace(" ", "  ")
            yield from (Edit(path, text) for text in (f"{value}{'0' if '.' in value else '.0'}", spaced, f" {value} "))


def optional_key_added(document: Document) -> Edits:
    further: Document = {"story": "CVN-1", "links": ["ADR-1"], "anchor": "2026-05-12T00:00:00Z"}
    for key, value in further.items():
        if key not in document["metadata"]:
            yield Edit(("metadata", key), value)
    if "enforcement" not in document:
        yield Edit(("enforcement",), {"mode": "advise", "review_by": "2026-05-15T00:00:00Z"})
    for path, _ in _named(document, "measure"):
        check = _at(document, path[:-1])
        for key, value in {"because": "a reason", "action": "look", "requirement": "RBF-08", "min_samples": 5}.items():
            if key not in check:
                yield Edit((*path[:-1], key), value)


def harmless_value_changed(document: Document) -> Edits:
    found = _named(document, "title", "action", "because", "reason")
    texts = ((path, value) for path, value in found if isinstance(value, str) and "fields" not in path)
    yield from _replaced(texts, "Another text: é, 漢字, 🦀")
    yield from _replaced(_named(document, "min_samples"), 1, 77)
    handles = ((path, value) for path, value in _named(document, "owner", "approved_by") if isinstance(value, str))
    yield from _replaced(handles, "@someone-else")


@dataclass(frozen=True)
class Class:
    """A class of mutations."""

    mutation: Mutation
    harmless: bool = False
    """Whether all of its documents stay valid."""
    whole: bool = False
    """Whether its documents are loaded together with the others of the repository."""

    @property
    def name(self) -> str:
        """Its name in words."""
        return self.mutation.__name__.replace("_", " ")

    def texts(self, documents: Sequence[Document], most: int) -> list[tuple[int, str]]:
        """Return at most so many changed documents, drawn by the name: the index of the document, and its text."""
        edits = [(index, edit) for index, document in enumerate(documents) for edit in self.mutation(document)]
        draw = Random(self.name)  # noqa: S311  the same documents in every run, not secret ones
        chosen = draw.sample(edits, min(most, len(edits)))
        return [(index, edit.apply(documents[index])) for index, edit in chosen]


CLASSES = (
    *map(Class, (
        key_misspelt, key_removed, key_added, key_in_the_wrong_mapping, key_without_a_value, text_as_number,
        number_as_text, number_as_truth_value, number_out_of_range, number_with_a_fraction, scalar_as_list,
        list_as_scalar, list_as_mapping, mapping_as_list, list_emptied, mapping_emptied, item_twice, word_misspelt,
        word_for_another, name_of_the_wrong_form, duration_of_the_wrong_form, instant_of_the_wrong_form,
        condition_of_the_wrong_form, tree_of_the_wrong_form, another_statistic, arguments_of_a_statistic,
        key_that_does_not_go_with_the_rest,
    )),
    *map(partial(Class, harmless=True), (
        as_written, keys_in_another_order, block_or_flow, quotes, the_same_duration, the_same_condition,
        optional_key_added, harmless_value_changed,
    )),
    *map(partial(Class, whole=True), (
        name_that_nothing_defines, name_that_is_there_already, unit_of_a_condition, limit_that_cannot_be,
    )),
)  # fmt: skip
"""Every class, once."""
