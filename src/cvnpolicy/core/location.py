"""Where something stands in a file."""

from __future__ import annotations

from typing import NamedTuple


class Location(NamedTuple):
    """A half-open span of text. Lines and columns are 1-based code points; the end is exclusive.

    ``file`` is relative to the directory that holds ``cvnpolicy.yaml``, with forward slashes. A tuple, since each value
    of each file has a place, and tuples are the fastest to make.
    """

    file: str
    line: int = 1
    column: int = 1
    end_line: int = 1
    end_column: int = 1

    def __str__(self) -> str:
        """Return ``file:line:column``, the form editors and terminals turn into a link."""
        return f"{self.file}:{self.line}:{self.column}"

    def within(self, offset: int, length: int) -> Location:
        """Return the span of ``length`` code points that starts ``offset`` code points into this one-line span."""
        start = self.column + offset
        return Location(self.file, self.line, start, self.line, start + length)
