"""Facts that people or other programs write down, in a YAML file below the data root.

::

    facts:
      console.restore: {value: live, at: 2026-06-01T09:00:00Z, by: "@dococeven"}
      wp149.children: {items: [{id: 1, status: Closed}], at: 2026-06-01T09:00:00Z}
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, ValidationError, model_validator

from cvnpolicy.core.evidence import FactNeed, FactReading, Unavailable
from cvnpolicy.core.fault import fault
from cvnpolicy.core.model import Model, ScalarValue
from cvnpolicy.core.time import InstantField
from cvnpolicy.sources.facts_yaml import EXAMPLE, Document, parse
from cvnpolicy.sources.opening import open_regular
from cvnpolicy.sources.paths import expand
from cvnpolicy.sources.refused import Refused, nearest

MOST_BYTES = 2**20
"""A larger file is not read."""


class WrittenFact(Model):
    """One fact as written: a value, or items to count."""

    value: ScalarValue | None = None
    """What it is."""
    items: Annotated[tuple[dict[str, ScalarValue], ...], Field(strict=False)] | None = None
    """Things with fields, to be counted."""
    at: InstantField | None = None
    """When it was true, or when somebody attested it."""
    by: str | None = None
    """Who attested it: ``@name``."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.value is None) is (self.items is None):
            raise fault("a fact has either value or items", "write one of them")
        return self


class FactsFile(Model):
    """The whole file."""

    facts: dict[str, WrittenFact]
    """Name to fact."""


class FactsSource:
    """Answers from one file of facts. Keeps nothing between calls."""

    def __init__(self, path: str, data_root: Path) -> None:
        """Keep where the facts are. The file is not opened yet.

        Args:
            path: One path below the data root, as a binding has it.
            data_root: Where the path starts; nothing outside of it is read.
        """
        self._path = path
        self._data_root = data_root

    def answer(self, needs: Sequence[FactNeed]) -> Mapping[FactNeed, FactReading | Unavailable]:
        """Return an answer to every question, in the order asked.

        A file that is missing or broken makes all of them unavailable; the reason names the line.
        """
        try:
            facts = _read(self._path, self._data_root)
        except Refused as refused:
            return dict.fromkeys(needs, refused.answer)
        return {need: _answer(need.name, facts) for need in needs}


def _answer(name: str, facts: Mapping[str, WrittenFact]) -> FactReading | Unavailable:
    fact = facts.get(name)
    if fact is None:
        return Unavailable(f"no fact '{name}' is written down", nearest(name, facts, "facts"))
    return FactReading(fact.value, fact.items, fact.at, fact.by)


def _read(path: str, data_root: Path) -> Mapping[str, WrittenFact]:
    files = expand(path, data_root)
    if len(files) > 1:
        raise Refused(f"'{path}' matches {len(files)} files", "name one file of facts")
    (file,) = files
    document = parse(_text(file.path, file.label), file.label)
    if file.changed():
        raise Refused(f"{file.label} changed while it was read", "ask again when its writer has finished")
    try:
        return FactsFile.model_validate(document.value).facts
    except ValidationError as error:
        raise _refused(error, document, file.label) from error


def _text(path: Path, label: str) -> str:
    try:
        with open_regular(path) as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise Refused(f"{label} cannot be read: {error.strerror}") from error
    if len(data) > MOST_BYTES:
        raise Refused(f"{label} is larger than 1 MiB", "keep fewer facts in one file")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(f"{label} is not UTF-8", "save it as UTF-8") from error


def _refused(error: ValidationError, document: Document, label: str) -> Refused:
    """Return the first mistake, with its line."""
    first = error.errors(include_url=False)[0]
    # Pydantic adds to the path of a scalar the types that it tried; those have no line.
    place = first["loc"]
    while place not in document.lines:
        place = place[:-1]
    context = first.get("ctx", {})
    wrong = f"'{str(first['loc'][-1])[:80]}' is missing" if first["type"] == "missing" else "has the wrong type"
    if first["type"] == "extra_forbidden":
        wrong = "is not a known key"
    what = str(context.get("what", wrong))
    name = ".".join(str(part) for part in place)[:200]
    said = f"{name}: {what}" if name else what
    hint = str(context.get("right", EXAMPLE))
    return Refused(f"{label} line {document.lines[place]}: {said}", hint)
