"""What makes a log unreadable, and where."""

from __future__ import annotations

from dataclasses import dataclass

from cvnpolicy.core.errors import CvnpolicyError, ExitCode


class LogError(CvnpolicyError):
    """A log cannot be answered from. The caller turns it into an unavailable reading, never into a number."""

    exit_code = ExitCode.UNDECIDED

    def __init__(self, reason: str, hint: str) -> None:
        """Say what is wrong, with the file and line where there is one, and what would mend it."""
        super().__init__(f"{reason}: {hint}")
        self.reason = reason
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a log."""

    file: str
    line: int
    """1-based; in the unpacked content of a gzipped file."""

    def __str__(self) -> str:
        """Return how a message names it."""
        return f"{self.file} line {self.line}"
