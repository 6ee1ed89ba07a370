"""Texts with a form of their own, such as durations: each stands once in a schema, under its name, and is explained."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from cvnpolicy.core.check import StatisticName
from cvnpolicy.core.duration import DurationField
from cvnpolicy.core.fields import ConditionField, QuantifierField, Requirement
from cvnpolicy.core.model import Identifier, Owner, Slug
from cvnpolicy.core.shapes import WindowField
from cvnpolicy.core.statistic import STATISTICS
from cvnpolicy.core.time import InstantField, MomentField
from cvnpolicy.core.tree import Address, FactName

PREFIX = "#/$defs/"
"""How a reference to a definition begins."""

ANNOTATIONS = ("title", "description", "default")
"""Keywords that say nothing about what is valid and belong to the place where a type is used."""

_COMPARES = r"(abs *)?(<=|>=|==|!=|<|>)"
_CONDITION_START = rf"^ *(unset *$|(not +)?within |{_COMPARES})"
"""How a condition begins. The rest of its grammar is the loader's."""
_QUANTIFIER_START = rf"^(any|all)$|^ *{_COMPARES} *-?[0-9]"


@dataclass(frozen=True)
class Named:
    """A type of text."""

    name: str
    annotation: Any
    description: str
    more: Mapping[str, Any] = field(default_factory=dict)
    """Keywords that the model's own schema leaves out."""
    hint: str = ""
    """What to write instead of what has not this form; for forms that are not in :mod:`cvnpolicy.core.patterns`."""

    def schema(self) -> dict[str, Any]:
        """Return its definition."""
        own = {key: value for key, value in fragment(self.annotation).items() if key != "examples"}
        examples = self.more.get("examples") or fragment(self.annotation).get("examples")
        shown = {"examples": examples} if examples else {}
        return {"description": self.description, "type": "string", **own, **self.more, **shown}


def fragment(annotation: Any) -> dict[str, Any]:  # noqa: ANN401  an annotation can be anything
    """Return the schema of one annotation, without what belongs to the place of its use."""
    schema = TypeAdapter(annotation).json_schema()
    return {key: value for key, value in schema.items() if key not in ANNOTATIONS}


def _sentence(says: str) -> str:
    """``sum of {column}`` to ``Sum of `column`.``: a name in backquotes is the measure's own key."""
    text = re.sub(r"\{(\w+)\}", r"`\1`", says)
    return f"{text[0].upper()}{text[1:]}."


def _folded() -> str:
    """Return the names of all statistics in one line, the fifty percentiles as two."""
    names = [name for name in STATISTICS if not re.fullmatch(r"p\d\d", name)]
    return f"{', '.join(names)}, p50 to p99"


NAMED = (
    Named(
        "Condition",
        ConditionField,
        "What is asked of a number, in quotes: comparisons joined all by `and` or all by `or`, with a number or a "
        "declared baseline on the right. `unset` until somebody writes the limit.",
        {"pattern": _CONDITION_START},
        'write a condition in quotes, for example "< 0.01", "within 1% of champion" or "unset"',
    ),
    Named(
        "Quantifier",
        QuantifierField,
        "How many groups must agree: `any`, `all`, or a count in quotes such as `>= 4`.",
        {"pattern": _QUANTIFIER_START},
        'write any, all, or a count in quotes, for example ">= 4"',
    ),
    Named(
        "Duration",
        DurationField,
        "A whole number and one of `ms`, `s`, `min`, `h`, `d`; at most 100 years.",
        hint="write a whole number and one of ms, s, min, h, d, for example 14d",
    ),
    Named(
        "Window",
        WindowField,
        "A duration that ends at the instant asked, or `run` for every bound row.",
        hint="write a whole number and one of ms, s, min, h, d, for example 14d, or run for every row",
    ),
    Named(
        "Instant",
        InstantField,
        "An instant with its time zone; `Z` is UTC.",
        hint="write an instant with its time zone, for example 2026-05-12T00:00:00Z",
    ),
    Named(
        "Moment",
        MomentField,
        "An instant with its time zone, or `T+Nd`: midnight UTC of the day in `metadata.anchor`, and N days.",
        hint="write an instant with its time zone, for example 2026-05-12T00:00:00Z, or T+14d",
    ),
    Named(
        "Statistic",
        StatisticName,
        "What is computed; see the reference of statistics.",
        {
            "enumDescriptions": [_sentence(each.says) for each in STATISTICS.values()],
            "errorMessage": f"Not a statistic: write one of {_folded()}.",
        },
    ),
    Named(
        "Slug",
        Slug,
        "A name in lower case: letters, digits, `-`, `_` and `.`, at most 80 characters.",
        {"examples": ["btc-features"]},
    ),
    Named(
        "Identifier",
        Identifier,
        "The name of a column, field, event, metric or dimension: letters, digits and `_`, at most 80 characters.",
        {"examples": ["best_iteration"]},
    ),
    Named("Owner", Owner, "One person, written as an account name.", {"examples": ["@dococeven"]}),
    Named(
        "Address",
        Address,
        "A check of this document, `policy/check`, every check of a policy with `policy/*`, or all with `*`.",
        {"examples": ["ks", "btc-features-drift/ks", "btc-features-drift/*", "*"]},
    ),
    Named("FactName", FactName, "The name of a fact: words joined by dots.", {"examples": ["mode.execution"]}),
    Named("Requirement", Requirement, "The id of a written sentence.", {"examples": ["RBF-08"]}),
)


def key_of(schema: Mapping[str, Any]) -> str:
    """Return what two schemas that accept the same have in common, whatever their annotations."""
    return json.dumps({key: value for key, value in schema.items() if key not in ANNOTATIONS}, sort_keys=True)


@cache
def named_by_key() -> Mapping[str, Named]:
    """Return the named types by :func:`key_of` their fragments."""
    return {key_of(fragment(one.annotation)): one for one in NAMED}
