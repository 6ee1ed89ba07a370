"""The parts of a spec, each with its path in the document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cvnpolicy.core.model import Model
from cvnpolicy.kinds.readiness.ask import Claim, Marker, Runbooks, Test
from cvnpolicy.kinds.readiness.model import Labelled, ReadinessPolicySpec, Rule, Runbook, Section, Table, Term

Path = tuple[str | int, ...]

PHRASES: Mapping[type[Model], tuple[str, ...]] = {
    ReadinessPolicySpec: ("forms", "instructions", "repeats", "marker"),
    Section: ("titles",),
    Labelled: ("labels",),
    Table: ("columns", "optional", "items_below"),
    Runbook: ("common", "detection"),
    Rule: ("skip",),
    Term: ("words", "only_if"),
    Test: ("has", "has_all", "lacks", "starts", "link"),
    Runbooks: ("absent_if",),
    Marker: ("reason", "bare", "unless", "lacks"),
    Claim: ("line",),
}
"""Where phrases stand."""


def parts(value: object, path: Path) -> Iterator[tuple[Path, Model]]:
    """Yield a model and every model below it, in the order of the models' keys."""
    if isinstance(value, Model):
        yield path, value
        for name, info in type(value).model_fields.items():
            yield from parts(getattr(value, name), (*path, info.alias or name))
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from parts(each, (*path, key))
    elif isinstance(value, tuple):
        for index, each in enumerate(value):
            yield from parts(each, (*path, index))


def phrases(part: Model, path: Path) -> Iterator[tuple[Path, str]]:
    """Yield the phrases of a part itself, and not of those below it."""
    for name in PHRASES.get(type(part), ()):
        yield from _texts(getattr(part, name), (*path, name))


def _texts(value: object, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from _texts(each, (*path, key))
    elif isinstance(value, tuple):
        for index, each in enumerate(value):
            yield from _texts(each, (*path, index))
