"""Evidence as text: canonical JSON that says the same for the same evidence, and carries its own SHA-256.

The document is ``{"schema", "at", "answers", "sha256"}``; the hash is of the canonical JSON of ``at`` and ``answers``.
Numbers keep their type: ``1`` is an integer, ``1.0`` a float. JSON has no NaN, so a float that is not finite is
``{"float": "nan"}``, ``"inf"`` or ``"-inf"``; a mapping that looks like this is wrapped as ``{"object": …}``.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from typing import Any

from cvnpolicy.core.evidence import (
    Answer,
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
)
from cvnpolicy.core.evidence_read import SCHEMA, InvalidEvidenceError, read_document
from cvnpolicy.core.finding import Scalar
from cvnpolicy.core.time import Window, rfc3339

__all__ = ["MOST_BYTES", "SCHEMA", "InvalidEvidenceError", "dump", "load", "sha256"]

MOST_BYTES = 64 * 2**20
"""A longer text is not read."""


def dump(evidence: Evidence) -> str:
    """Return the evidence as one line of canonical JSON with a newline.

    Raises:
        TypeError: A reading's details hold something that is not a JSON value.
    """
    body = _body(evidence)
    return _canonical({"schema": SCHEMA, "sha256": _hash(body), **body}) + "\n"


def sha256(evidence: Evidence) -> str:
    """Return the hash of the instant and all answers, whatever order they were put in.

    Raises:
        TypeError: As :func:`dump`.
    """
    return _hash(_body(evidence))


def load(text: str) -> Evidence:
    """Read what :func:`dump` wrote.

    Raises:
        InvalidEvidenceError: It is too long, not JSON, of another schema or shape, or its hash does not match.
    """
    if len(text) > MOST_BYTES or len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        raise InvalidEvidenceError(f"it is longer than {MOST_BYTES // 2**20} MiB", "record fewer checks in one file")
    try:
        document = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_unique)
        # Half a character, as "\\ud800" writes it, can be said in JSON and shown nowhere.
        json.dumps(document, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise InvalidEvidenceError("it has a text with half a character", "record the evidence again") from None
    except (ValueError, RecursionError) as error:
        raise InvalidEvidenceError(f"it is not JSON: {error}", "save it again with --save-evidence") from None
    try:
        evidence, stated = read_document(document)
        computed = sha256(evidence)
    except RecursionError:
        raise InvalidEvidenceError("it nests too deeply", "record the evidence again") from None
    if computed != stated:
        raise InvalidEvidenceError(
            "its content does not match its SHA-256: it was changed after it was saved", "record the evidence again"
        )
    return evidence


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON number")


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("an object has a key twice")
    return found


def _body(evidence: Evidence) -> dict[str, Any]:
    answers = [{"need": _need(need), "answer": _answer(answer)} for need, answer in evidence.answers.items()]
    return {"at": rfc3339(evidence.at), "answers": sorted(answers, key=_canonical)}


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def _hash(body: Mapping[str, object]) -> str:
    return hashlib.sha256(_canonical(body).encode("ascii")).hexdigest()


def _need(need: Need) -> dict[str, Any]:
    if isinstance(need, FactNeed):
        return {"type": "fact", "name": need.name, "source": need.source}
    return _measure(need)


def _measure(need: MeasureNeed) -> dict[str, Any]:
    return {
        "type": "measure",
        "statistic": need.statistic,
        "selection": _selection(need.selection),
        "columns": list(need.columns),
        "by": list(need.by),
        "over": list(need.over),
        "params": _pairs(need.params),
        "reference": None if need.reference is None else _selection(need.reference),
        "total": None if need.total is None else _selection(need.total),
        "match": None if need.match is None else _match(need.match),
        "expect": _lists(need.expect),
        "alive": None if need.alive is None else _liveness(need.alive),
    }


def _selection(selection: Selection) -> dict[str, Any]:
    window = selection.window
    return {
        "dataset": selection.dataset,
        "event": selection.event,
        "where": _lists(selection.where),
        "window": None if window is None else _window(window),
    }


def _window(window: Window) -> dict[str, str]:
    return {"start": rfc3339(window.start), "end": rfc3339(window.end)}


def _match(match: Match) -> dict[str, Any]:
    # One key says how far and on which side, so that what was recorded when there was one side only keeps its hash.
    return {
        "selection": _selection(match.selection),
        f"{match.direction}_us": match.within_us,
        "same": list(match.same),
    }


def _liveness(alive: Liveness) -> dict[str, Any]:
    return {"selection": _selection(alive.selection), "interval_us": alive.interval_us}


def _pairs(pairs: Iterable[tuple[str, Scalar]]) -> list[list[Any]]:
    return [[name, _value(value)] for name, value in pairs]


def _lists(lists: Iterable[tuple[str, tuple[Scalar, ...]]]) -> list[list[Any]]:
    return [[name, [_value(value) for value in values]] for name, values in lists]


def _answer(answer: Answer) -> dict[str, Any]:
    if isinstance(answer, Readings):
        groups = [{"group": _pairs(key), **_reading(reading)} for key, reading in answer.groups.items()]
        return {"type": "readings", "groups": sorted(groups, key=_canonical)}
    if isinstance(answer, FactReading):
        return {
            "type": "fact",
            "value": _value(answer.value),
            "items": None if answer.items is None else [_value(item) for item in answer.items],
            "at": None if answer.at is None else rfc3339(answer.at),
            "by": answer.by,
        }
    return {"type": "unavailable", "reason": answer.reason, "hint": answer.hint}


def _reading(reading: Reading) -> dict[str, Any]:
    return {
        "value": _value(reading.value),
        "samples": reading.samples,
        "coverage": _value(reading.coverage),
        "alive": reading.alive,
        "details": {name: _value(value) for name, value in reading.details.items()},
    }


def _value(value: object) -> Any:  # noqa: ANN401  (any JSON value)
    """Return a value as JSON: floats that are not finite named, look-alikes of these wrapped.

    Raises:
        TypeError: It is not a JSON value.
    """
    if isinstance(value, float) and not math.isfinite(value):
        return {"float": "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"}
    if value is None or type(value) in (str, bool, int, float):
        return value
    if isinstance(value, list | tuple):
        return [_value(each) for each in value]
    if isinstance(value, Mapping) and all(type(name) is str for name in value):
        plain = {name: _value(each) for name, each in value.items()}
        return {"object": plain} if set(plain) in ({"float"}, {"object"}) else plain
    raise TypeError(f"evidence holds JSON values, not {type(value).__name__}")
