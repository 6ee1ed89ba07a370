"""Evidence that was saved, as a source: the same questions get the same answers, offline and years later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from cvnpolicy.core.evidence import Answer, Evidence, Need, Unavailable
from cvnpolicy.core.evidence_json import MOST_BYTES, InvalidEvidenceError, load


class RecordedSource:
    """Answers what was recorded, and nothing else."""

    def __init__(self, evidence: Evidence) -> None:
        """Keep the evidence."""
        self._evidence = evidence

    def answer(self, needs: Sequence[Need]) -> Mapping[Need, Answer]:
        """Return an answer to every question, in the order asked."""
        unknown = Unavailable("this question is not in the recorded evidence", "record the evidence again")
        return {need: self._evidence.answers.get(need, unknown) for need in needs}


def read_evidence(path: Path) -> Evidence:
    """Read a file of recorded evidence.

    Raises:
        InvalidEvidenceError: The file cannot be read, is too large, or is not what was saved.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise InvalidEvidenceError(f"'{path}' cannot be read ({error.strerror})", "name a file saved before") from error
    if len(data) > MOST_BYTES:
        raise InvalidEvidenceError(f"it is longer than {MOST_BYTES // 2**20} MiB", "record fewer checks in one file")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidEvidenceError("it is not UTF-8", "save it again with --save-evidence") from error
    return load(text)
