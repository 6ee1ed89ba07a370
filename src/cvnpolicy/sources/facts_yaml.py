"""The small part of YAML that a file of facts needs: mappings, lists and scalars of YAML 1.2, with line numbers.

Anchors, aliases, tags, merge keys, keys twice, several documents and deep nesting are refused. The file is read as
parser events, so that nothing is built that was not asked for.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from cvnpolicy.sources.refused import Refused

DEEPEST = 16
EXAMPLE = "write facts: {name: {value: …, at: …, by: …}}"

Path = tuple[str | int, ...]

_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER = re.compile(r"[-+]?[0-9]{1,40}", re.ASCII)
_BASED = re.compile(r"0o[0-7]{1,40}|0x[0-9a-fA-F]{1,40}", re.ASCII)
_NONFINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)", re.ASCII)
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]{1,40}|[0-9]{1,40}(?:\.[0-9]{0,40})?)(?:[eE][-+]?[0-9]{1,3})?", re.ASCII)


@dataclass(slots=True)
class Document:
    """A parsed file."""

    value: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    """The 1-based line of every value and key, by its path."""


def parse(text: str, label: str) -> Document:
    """Return the content of a YAML text.

    Args:
        text: The text.
        label: The file's name, for messages.

    Raises:
        Refused: The text is not YAML, or not of the part described above.
    """
    document = Document(lines={(): 1})
    try:
        events = iter(yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
        found = [_value(event, events, document, (), label) for event in _roots(events, label)]
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark is not None else 1
        raise Refused(f"{label} line {line} is not YAML: {error.problem or error.context}", "mend the line") from error
    except yaml.YAMLError as error:
        raise Refused(f"{label} is not YAML: {str(error).partition(chr(10))[0]}", "write plain text") from error
    if not found:
        raise Refused(f"{label} is empty", EXAMPLE)
    document.value = found[0]
    return document


def _roots(events: Iterator[yaml.Event], label: str) -> Iterator[yaml.Event]:
    """Yield the root of the only document."""
    documents = 0
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise _refused(label, event, "a second document starts", "keep one document a file")
        elif isinstance(event, yaml.NodeEvent):
            yield event


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark is not None else 1


def _refused(label: str, event: yaml.Event, what: str, right: str) -> Refused:
    return Refused(f"{label} line {_line(event)}: {what}", right)


def _value(event: yaml.Event, events: Iterator[yaml.Event], document: Document, path: Path, label: str) -> Any:  # noqa: ANN401  (YAML's any)
    document.lines.setdefault(path, _line(event))
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
        raise _refused(label, event, "anchors and aliases are refused", "write the value out")
    if getattr(event, "tag", None) is not None:
        raise _refused(label, event, "tags are refused", "quote a value to make it text")
    if len(path) > DEEPEST:
        raise _refused(label, event, f"it nests deeper than {DEEPEST}", "flatten it")
    if isinstance(event, yaml.ScalarEvent):
        return event.value if event.style else _plain(event, label)
    if isinstance(event, yaml.SequenceStartEvent):
        return _items(events, document, path, label)
    return _mapping(events, document, path, label)


def _items(events: Iterator[yaml.Event], document: Document, path: Path, label: str) -> list[Any]:
    found: list[Any] = []
    while not isinstance(event := next(events), yaml.SequenceEndEvent):
        found.append(_value(event, events, document, (*path, len(found)), label))
    return found


def _mapping(events: Iterator[yaml.Event], document: Document, path: Path, label: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    while not isinstance(event := next(events), yaml.MappingEndEvent):
        if not isinstance(event, yaml.ScalarEvent):
            raise _refused(label, event, "a key is not text", "write name: value")
        key = event.value
        _value(event, events, document, (*path, key), label)
        if key in found:
            raise _refused(label, event, f"the key '{key[:80]}' is there twice", "keep one")
        found[key] = _value(next(events), events, document, (*path, key), label)
    return found


def _plain(event: yaml.ScalarEvent, label: str) -> str | int | float | bool | None:
    """Return the value of an unquoted scalar by the core schema of YAML 1.2, chapter 10.3."""
    text = event.value
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _BASED.fullmatch(text):
        return int(text, 0)
    if _FLOAT.fullmatch(text) and math.isfinite(float(text)):
        return float(text)
    if _FLOAT.fullmatch(text) or _NONFINITE.fullmatch(text):
        raise _refused(label, event, f"'{text[:40]}' is not a finite number", "quote it if it is text")
    if text == "<<":
        raise _refused(label, event, "merge keys are refused", "write the values out")
    return str(text)
