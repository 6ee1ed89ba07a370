"""Evidence that was saved, as a source: the same questions get the same answers, offline and years later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from cvnpolicy.core.evidence import Answer, Evidence, Need, Unavailable
from cvnpolicy.core.evidence_json import MOST_BYTES, InvalidEvidenceError, load
from cvnpolicy.core.time import rfc3339
from cvnpolicy.sources.opening import open_regular
from cvnpolicy.sources.paths import expand
from cvnpolicy.sources.refused import Refused

MOST_VALUES = 4_000_000
"""A file with more is not read: in memory a value takes up to thirty times what it takes in the file."""


class RecordedSource:
    """Answers what was recorded, and nothing else."""

    def __init__(self, path: str, data_root: Path) -> None:
        """Name the file.

        Args:
            path: One path below the data root, as a binding has it.
            data_root: Where the path starts; nothing outside of it is read.
        """
        self._path = path
        self._data_root = data_root

    def answer(self, needs: Sequence[Need], at: datetime) -> Mapping[Need, Answer]:
        """Return an answer to every question, in the order asked.

        Evidence of another instant answers nothing: a whole run looks the same at every instant, and is not.
        """
        try:
            evidence = self._evidence(at)
        except Refused as refused:
            return dict.fromkeys(needs, refused.answer)
        unknown = Unavailable("this question is not in the recorded evidence", "record the evidence again")
        return {need: evidence.answers.get(need, unknown) for need in needs}

    def _evidence(self, at: datetime) -> Evidence:
        files = expand(self._path, self._data_root)
        if len(files) > 1:
            raise Refused(f"'{self._path}' matches {len(files)} files", "name one file of evidence")
        try:
            evidence = read_evidence(files[0].path)
        except InvalidEvidenceError as error:
            raise Refused(f"{files[0].label}: {error}", "record the evidence again") from error
        if evidence.at != at:
            raise Refused(f"{files[0].label} was recorded for {rfc3339(evidence.at)}", "judge at that instant")
        return evidence


def read_evidence(path: Path) -> Evidence:
    """Read a file of recorded evidence.

    Raises:
        InvalidEvidenceError: The file cannot be read, is too large, or is not what was saved.
    """
    try:
        with open_regular(path.resolve()) as file:
            data = file.read(MOST_BYTES + 1)
    except (OSError, RuntimeError) as error:
        why = getattr(error, "strerror", None) or "the path has a loop"
        raise InvalidEvidenceError(f"'{path}' cannot be read ({why})", "name a file saved before") from error
    if len(data) > MOST_BYTES:
        raise InvalidEvidenceError(
            f"'{path}' is longer than {MOST_BYTES // 2**20} MiB", "record fewer checks in one file"
        )
    if sum(map(data.count, (b",", b"[", b"{"))) > MOST_VALUES:
        raise InvalidEvidenceError(
            f"'{path}' holds more than {MOST_VALUES:,} values", "record fewer checks in one file"
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidEvidenceError(f"'{path}' is not UTF-8", "save it again with --save-evidence") from error
    try:
        return load(text)
    except InvalidEvidenceError as error:
        raise InvalidEvidenceError(f"'{path}': {error.what}", error.right) from error
