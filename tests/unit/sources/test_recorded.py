from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cvnpolicy.core.evidence import Evidence, FactNeed, FactReading, Unavailable
from cvnpolicy.core.evidence_json import InvalidEvidenceError, dump
from cvnpolicy.sources import recorded
from cvnpolicy.sources.recorded import RecordedSource, read_evidence

KNOWN, OTHER = FactNeed("a", "facts"), FactNeed("b", "facts")
EVIDENCE = Evidence(datetime(2026, 6, 11, tzinfo=UTC), {KNOWN: FactReading("live")})


def test_it_answers_what_was_recorded(tmp_path):
    (tmp_path / "e.json").write_text(dump(EVIDENCE))
    found = RecordedSource("e.json", tmp_path).answer([OTHER, KNOWN], EVIDENCE.at)
    assert list(found) == [OTHER, KNOWN]
    assert found[KNOWN] == FactReading("live")
    unknown = Unavailable("this question is not in the recorded evidence", "record the evidence again")
    assert found[OTHER] == unknown


@pytest.mark.parametrize(
    ("files", "pattern", "day", "reason"),
    [
        ({"e.json": dump(EVIDENCE)}, "e.json", 12, "e.json was recorded for 2026-06-11T00:00:00Z"),
        ({"e.json": "{}"}, "e.json", 11, "e.json: "),
        ({}, "e.json", 11, "no file matches"),
        ({"a.json": "", "b.json": ""}, "*.json", 11, "'*.json' matches 2 files"),
        ({}, "../e.json", 11, "leaves the data root"),
    ],
)
def test_what_answers_nothing_says_why(tmp_path, files, pattern, day, reason):
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    answer = RecordedSource(pattern, tmp_path).answer([KNOWN], datetime(2026, 6, day, tzinfo=UTC))[KNOWN]
    assert isinstance(answer, Unavailable)
    assert reason in answer.reason


def test_a_file_is_read(tmp_path):
    (tmp_path / "e.json").write_text(dump(EVIDENCE))
    assert read_evidence(tmp_path / "e.json") == EVIDENCE


def test_a_file_that_cannot_be_read(tmp_path, monkeypatch):
    with pytest.raises(InvalidEvidenceError, match="cannot be read"):
        read_evidence(tmp_path / "nowhere.json")
    with pytest.raises(InvalidEvidenceError, match="cannot be read"):
        read_evidence(tmp_path)
    (tmp_path / "e.json").write_bytes(b"\xff")
    with pytest.raises(InvalidEvidenceError, match="not UTF-8"):
        read_evidence(tmp_path / "e.json")
    (tmp_path / "e.json").write_text(dump(EVIDENCE))
    monkeypatch.setattr(recorded, "MOST_BYTES", 10)
    with pytest.raises(InvalidEvidenceError, match="longer than"):
        read_evidence(tmp_path / "e.json")
