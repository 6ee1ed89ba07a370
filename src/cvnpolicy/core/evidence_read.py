"""Evidence from a JSON document: the keys and types that :mod:`cvnpolicy.core.evidence_json` writes, nothing else."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pydantic_core import PydanticCustomError

from cvnpolicy.core.errors import CvnpolicyError, ExitCode
from cvnpolicy.core.evidence import (
    Answer,
    Direction,
    Evidence,
    FactNeed,
    FactReading,
    Liveness,
    Match,
    MeasureNeed,
    Need,
    Reading,
    Readings,
    Selection,
    Unavailable,
)
from cvnpolicy.core.finding import Pairs, Scalar
from cvnpolicy.core.time import Window, parse_instant

SCHEMA = "cvnpolicy.evidence/v1"
T = TypeVar("T")

_MEASURE = ("type", *MeasureNeed.__dataclass_fields__)
_FLOATS = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


class InvalidEvidenceError(CvnpolicyError):
    """A file of recorded evidence cannot be trusted or read."""

    exit_code = ExitCode.INVALID

    def __init__(self, what: str, right: str) -> None:
        """Say what is wrong and what would be right, without full stops."""
        super().__init__(f"recorded evidence: {what}: {right}")
        self.what = what
        self.right = right


def read_document(document: object) -> tuple[Evidence, str]:
    """Return the evidence of a parsed document, and the hash it states.

    Raises:
        InvalidEvidenceError: The document is of another schema, or has another shape.
    """
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        found = document.get("schema") if isinstance(document, dict) else None
        raise InvalidEvidenceError(f"its schema is {str(found)[:40]!r}", f"this version reads {SCHEMA}")
    fields = _object(document, "document", "schema", "at", "answers", "sha256")
    answers: dict[Need, Answer] = {}
    for index, entry in enumerate(_list(fields["answers"], "answers")):
        place = f"answers[{index}]"
        pair = _object(entry, place, "need", "answer")
        need = _need(pair["need"], f"{place}.need")
        if need in answers:
            raise _wrong(f"{place}.need", "a question that has no other answer", "a repeated one")
        answers[need] = _answer(pair["answer"], f"{place}.answer")
    return Evidence(_instant(fields["at"], "at"), answers), _typed(fields["sha256"], "sha256", str)


def _wrong(place: str, expected: str, found: object) -> InvalidEvidenceError:
    shown = found if isinstance(found, str) else type(found).__name__
    return InvalidEvidenceError(f"{place} is not {expected} but {shown[:80]}", "record the evidence again")


def _object(value: object, place: str, *names: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _wrong(place, "an object", value)
    if set(value) != set(names):
        odd = sorted(set(value) ^ set(names))
        raise _wrong(place, f"an object of {', '.join(sorted(names))}", f"one that differs in {', '.join(odd)}")
    return value


def _list(value: object, place: str) -> list[Any]:
    return _typed(value, place, list)


def _typed(value: object, place: str, kind: type[T]) -> T:
    if type(value) is not kind:
        raise _wrong(place, f"a {kind.__name__}", value)
    return value


def _maybe(value: object, place: str, read: Callable[[object, str], T]) -> T | None:
    return None if value is None else read(value, place)


def _text(value: object, place: str) -> str:
    return _typed(value, place, str)


def _texts(value: object, place: str) -> tuple[str, ...]:
    return tuple(_text(each, place) for each in _list(value, place))


def _instant(value: object, place: str) -> Any:  # noqa: ANN401  (datetime; the validator's own type)
    try:
        return parse_instant(_text(value, place))
    except PydanticCustomError as error:
        raise _wrong(place, "an instant", str(error)) from None


def _plain(value: object, place: str) -> Any:  # noqa: ANN401  (any JSON value)
    """Return a JSON value with the named floats as floats again."""
    if isinstance(value, list):
        return [_plain(each, place) for each in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {"float"}:
        name = _text(value["float"], place)
        if name not in _FLOATS:
            raise _wrong(place, "nan, inf or -inf", name)
        return _FLOATS[name]
    inside = _typed(value["object"], place, dict) if set(value) == {"object"} else value
    return {name: _plain(each, f"{place}.{name}") for name, each in inside.items()}


def _scalar(value: object, place: str) -> Scalar:
    plain = _plain(value, place)
    if not isinstance(plain, str | int | float):
        raise _wrong(place, "a scalar", value)
    return plain


def _number(value: object, place: str) -> float | int:
    plain = _plain(value, place)
    if isinstance(plain, bool) or not isinstance(plain, int | float):
        raise _wrong(place, "a number", value)
    return plain


def _pairs(value: object, place: str) -> Pairs:
    return tuple((_text(name, place), _scalar(each, place)) for name, each in _twos(value, place))


def _lists(value: object, place: str) -> tuple[tuple[str, tuple[Scalar, ...]], ...]:
    return tuple(
        (_text(name, place), tuple(_scalar(each, place) for each in _list(values, place)))
        for name, values in _twos(value, place)
    )


def _twos(value: object, place: str) -> list[list[Any]]:
    found = [_list(each, place) for each in _list(value, place)]
    if any(len(each) != 2 for each in found):
        raise _wrong(place, "a list of pairs", value)
    return found


def _need(value: object, place: str) -> Need:
    if isinstance(value, dict) and value.get("type") == "fact":
        fields = _object(value, place, "type", "name", "source")
        return FactNeed(_text(fields["name"], place), _text(fields["source"], place))
    fields = _object(value, place, *_MEASURE)
    if fields["type"] != "measure":
        raise _wrong(f"{place}.type", "fact or measure", str(fields["type"]))
    return MeasureNeed(
        statistic=_text(fields["statistic"], f"{place}.statistic"),
        selection=_selection(fields["selection"], f"{place}.selection"),
        columns=_texts(fields["columns"], f"{place}.columns"),
        by=_texts(fields["by"], f"{place}.by"),
        over=_texts(fields["over"], f"{place}.over"),
        params=_pairs(fields["params"], f"{place}.params"),
        reference=_maybe(fields["reference"], f"{place}.reference", _selection),
        total=_maybe(fields["total"], f"{place}.total", _selection),
        match=_maybe(fields["match"], f"{place}.match", _match),
        expect=_lists(fields["expect"], f"{place}.expect"),
        alive=_maybe(fields["alive"], f"{place}.alive", _liveness),
    )


def _selection(value: object, place: str) -> Selection:
    fields = _object(value, place, "dataset", "event", "where", "window")
    return Selection(
        _text(fields["dataset"], f"{place}.dataset"),
        _maybe(fields["event"], f"{place}.event", _text),
        _lists(fields["where"], f"{place}.where"),
        _maybe(fields["window"], f"{place}.window", _window),
    )


def _window(value: object, place: str) -> Window:
    fields = _object(value, place, "start", "end")
    return Window(_instant(fields["start"], f"{place}.start"), _instant(fields["end"], f"{place}.end"))


def _match(value: object, place: str) -> Match:
    before = isinstance(value, dict) and "before_us" in value
    direction = Direction.BEFORE if before else Direction.AFTER
    key = f"{direction}_us"
    fields = _object(value, place, "selection", key, "same")
    return Match(
        _selection(fields["selection"], f"{place}.selection"),
        _typed(fields[key], f"{place}.{key}", int),
        _texts(fields["same"], f"{place}.same"),
        direction,
    )


def _liveness(value: object, place: str) -> Liveness:
    fields = _object(value, place, "selection", "interval_us")
    interval = _typed(fields["interval_us"], f"{place}.interval_us", int)
    return Liveness(_selection(fields["selection"], f"{place}.selection"), interval)


def _answer(value: object, place: str) -> Answer:
    kind = value.get("type") if isinstance(value, dict) else None
    if kind == "readings":
        fields = _object(value, place, "type", "groups")
        groups = _list(fields["groups"], f"{place}.groups")
        read = [_reading(each, f"{place}.groups[{index}]") for index, each in enumerate(groups)]
        if len(dict(read)) < len(read):
            raise _wrong(f"{place}.groups", "a list of different groups", "one with a group twice")
        return Readings(dict(read))
    if kind == "fact":
        return _fact(value, place)
    fields = _object(value, place, "type", "reason", "hint")
    if kind != "unavailable":
        raise _wrong(f"{place}.type", "readings, fact or unavailable", str(kind))
    return Unavailable(_text(fields["reason"], place), _text(fields["hint"], place))


def _reading(value: object, place: str) -> tuple[Pairs, Reading]:
    fields = _object(value, place, "group", "value", "samples", "coverage", "alive", "details")
    details = _typed(fields["details"], f"{place}.details", dict)
    coverage = _maybe(fields["coverage"], f"{place}.coverage", _number)
    return _pairs(fields["group"], f"{place}.group"), Reading(
        value=_maybe(fields["value"], f"{place}.value", _number),
        samples=_typed(fields["samples"], f"{place}.samples", int),
        coverage=coverage,
        alive=_typed(fields["alive"], f"{place}.alive", bool),
        details={name: _plain(each, f"{place}.details.{name}") for name, each in details.items()},
    )


def _fact(value: object, place: str) -> FactReading:
    fields = _object(value, place, "type", "value", "items", "at", "by")
    return FactReading(
        _maybe(fields["value"], f"{place}.value", _scalar),
        _maybe(fields["items"], f"{place}.items", _items),
        _maybe(fields["at"], f"{place}.at", _instant),
        _maybe(fields["by"], f"{place}.by", _text),
    )


def _items(value: object, place: str) -> tuple[Mapping[str, Scalar], ...]:
    items = [_plain(item, place) for item in _list(value, place)]
    return tuple(
        {name: _scalar(each, f"{place}.{name}") for name, each in _typed(item, place, dict).items()} for item in items
    )
