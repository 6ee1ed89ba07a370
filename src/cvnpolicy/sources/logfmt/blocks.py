"""A file as blocks of whole lines, plain or gzipped, in bounded memory. Needs numpy."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from cvnpolicy.sources.logfmt.errors import LogError, Place
from cvnpolicy.sources.opening import open_regular

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BLOCK_BYTES = 16 * 2**20
"""How much is held at once; more than the longest line."""
SMALL_BYTES = 2**21
"""How much is held at once of a small file; more than the longest line too. Making room costs time, file by file."""
SMALL_FILE = 2**19
"""Files of fewer bytes are small, packed or not."""
MAX_LINE_BYTES = 2**20
"""The longest line that is read, its ending included. An event of a trading system has some hundred bytes."""

_GZIP_MAGIC = b"\x1f\x8b"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Whole lines."""

    memory: bytearray
    """Begins with the lines. It is used again for the next block."""
    data: NDArray[np.uint8]
    """The lines in it; the last byte is a newline."""
    ends: NDArray[np.int64]
    """For each line the index just after its newline."""
    first: Place
    """The first line."""

    def contains(self, needles: Iterable[str]) -> bool:
        """Whether one of the texts occurs anywhere."""
        return any(self.memory.find(needle.encode(), 0, len(self.data)) >= 0 for needle in needles)

    def line(self, index: int) -> bytes:
        """Return a copy of a line without its newline."""
        begin = self.ends[index - 1] if index else 0
        return self.data[begin : self.ends[index] - 1].tobytes()

    def place(self, index: int) -> Place:
        """Return where a line is."""
        return Place(self.first.file, self.first.line + index)


def read_blocks(path: Path) -> Iterator[Block]:
    """Yield the lines of a file in order. A byte order mark at its start is left out.

    Raises:
        LogError: The file cannot be read, is a damaged or truncated gzip file, has a line of more than 1 MiB, or does
            not end with a newline.
    """
    import numpy as np

    first, kept = Place(path.name, 1), 0
    with _opened(path) as stream:
        room = SMALL_BYTES if path.stat().st_size < SMALL_FILE else BLOCK_BYTES
        memory = bytearray(room)
        data, is_newline = np.frombuffer(memory, np.uint8), np.empty(room, np.bool_)
        while size := stream.readinto(data[kept:].data):
            filled = data[: kept + size]
            if first.line == 1 and not kept and filled[:3].tobytes() == _BYTE_ORDER_MARK:
                filled[:3] = ord(" ")
            ends = np.flatnonzero(np.equal(filled, ord("\n"), out=is_newline[: len(filled)])) + 1
            _refuse_long_line(ends, len(filled), first)
            whole = int(ends[-1]) if len(ends) else 0
            if whole:
                yield Block(memory, filled[:whole], ends, first)
            first = Place(path.name, first.line + len(ends))
            kept = len(filled) - whole
            data[:kept] = filled[whole:]
    if kept:
        raise LogError(
            f"{first} is half written: the file does not end with a newline",
            "ask again when the writer has finished the line; if it never will, complete or remove the line",
        )


@contextmanager
def _opened(path: Path) -> Iterator[io.BufferedIOBase]:
    try:
        with open_regular(path) as raw:
            yield _unpacked(raw, path)
    except EOFError as error:
        raise LogError(f"{path.name} is a truncated gzip file", "wait for the rotation, or restore the file") from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise LogError(f"{path.name} is a damaged gzip file ({error})", "restore the file") from error
    except OSError as error:
        raise LogError(f"{path.name} cannot be read ({error.strerror})", "mend the path or its permissions") from error


def _unpacked(raw: io.BufferedReader, path: Path) -> io.BufferedIOBase:
    """Return the stream of lines. What a file is shows in its first bytes; its name must not say otherwise."""
    start = raw.read(len(_GZIP_MAGIC))
    raw.seek(0)
    if start == _GZIP_MAGIC:
        return gzip.GzipFile(fileobj=raw, mode="rb")
    if path.suffix == ".gz":
        raise LogError(f"{path.name} is not a gzip file", "wait for the rotation, or restore the file")
    return raw


def _refuse_long_line(ends: NDArray[np.int64], filled: int, first: Place) -> None:
    import numpy as np

    too_long = np.flatnonzero(np.diff(ends, prepend=0, append=filled) > MAX_LINE_BYTES)
    if len(too_long):
        place = Place(first.file, first.line + int(too_long[0]))
        raise LogError(f"{place} is longer than {MAX_LINE_BYTES:,} bytes", "a log has one event on each line")
