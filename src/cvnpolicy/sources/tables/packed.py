"""Text files as bytes, plain or gzipped. A gzipped one is believed only after it was unpacked to its end.

DuckDB checks neither the checksum nor the length at the end of a gzip file, so a flipped bit would change a number.
"""

from __future__ import annotations

import gzip
import io
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from cvnpolicy.sources.opening import open_regular
from cvnpolicy.sources.paths import FoundFile
from cvnpolicy.sources.refused import Refused

MOST_UNPACKED = 8 * 2**30
"""A gzipped file that holds more bytes is not read."""

LONGEST_LINE = 2 * 2**20
"""The longest line of a CSV file, as DuckDB has it."""

_BLOCK = 2**20
_MAGIC = b"\x1f\x8b"

Packing = Literal["gzip", "none"]
"""As DuckDB's option ``compression`` names it."""


def packing(file: FoundFile) -> Packing:
    """Return whether a file is gzipped. Its first bytes say it, whatever it is called.

    Raises:
        Refused: The file is called ``.gz`` and is not gzipped.
    """
    with open_regular(file.path) as stream:
        if stream.read(len(_MAGIC)) == _MAGIC:
            return "gzip"
    if file.path.suffix.lower() == ".gz":
        raise _damaged(file)
    return "none"


@contextmanager
def unpacked(file: FoundFile) -> Iterator[gzip.GzipFile | io.BufferedReader]:
    """Open a file for reading what it holds.

    Raises:
        Refused: The file is gzipped, and what was read of it is truncated or damaged.
    """
    try:
        with open_regular(file.path) as raw:
            if packing(file) == "gzip":
                with gzip.GzipFile(fileobj=raw, mode="rb") as stream:
                    yield stream
            else:
                yield raw
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise _damaged(file) from error


def last_byte(file: FoundFile) -> bytes:
    """Return the last byte that a file holds, none where it is empty. A gzipped file is read and checked throughout.

    Raises:
        Refused: The file is gzipped, and truncated, damaged, or too large.
    """
    return _end(file)[0]


def check_last_line(file: FoundFile) -> bytes:
    """Do the same, and refuse a file whose last line is too long.

    DuckDB refuses a long line of a CSV file, but passes over one at the end that is longer than its buffer of 32 MiB.

    Raises:
        Refused: As :func:`last_byte`, or the last line is longer than 2 MiB.
    """
    last, length = _end(file)
    if length > LONGEST_LINE:
        raise Refused(f"{file.label} has a line that is too long, the last one", "write one row a line")
    return last


def _end(file: FoundFile) -> tuple[bytes, int]:
    """Return the last byte, and how long the last line is, more or less its ends, as far as it matters."""
    held, size, length = b"", 0, 0
    with unpacked(file) as stream:
        if isinstance(stream, io.BufferedReader):
            stream.seek(max(0, stream.seek(0, os.SEEK_END) - LONGEST_LINE - _BLOCK))
        while block := stream.read(_BLOCK):
            # Two bytes wait for the next block: they may be the line end of the last line, which is none before it.
            text, size = held + block, size + len(block)
            body, held = text[:-2], text[-2:]
            start = max(body.rfind(b"\n"), body.rfind(b"\r")) + 1
            length = len(body) - start + (0 if start else length)
            if size > MOST_UNPACKED:
                reason = f"{file.label} holds more than {MOST_UNPACKED // 2**30} GiB when it is unpacked"
                raise Refused(reason, "write it as Parquet, or as several files")
    return held[-1:], length


def _damaged(file: FoundFile) -> Refused:
    return Refused(f"{file.label} is a truncated or damaged gzip file", "restore it, or wait for its writer")
