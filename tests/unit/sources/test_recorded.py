from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cvnpolicy.core.evidence import Evidence, FactNeed, FactReading, Unavailable
from cvnpolicy.core.evidence_json import InvalidEvidenceError, dump
from cvnpolicy.sources import recorded
from cvnpolicy.sources.recorded import RecordedSource, read_evidence

KNOWN, OTHER = FactNeed("a", "facts"), FactNeed("b", "facts")
EVIDENCE = Evidence(datetime(2026, 6, 11, tzinfo=UTC), {KNOWN: FactReading("live")})


def test_it_answers_what_was_recorded():
    found = RecordedSource(EVIDENCE).answer([OTHER, KNOWN])
    assert list(found) == [OTHER, KNOWN]
    assert found[KNOWN] == FactReading("live")
    unknown = Unavailable("this question is not in the recorded evidence", "record the evidence again")
    assert found[OTHER] == unknown


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
