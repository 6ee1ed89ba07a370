"""Text files as bytes, plain or gzipped. A gzipped one is believed only after it was unpacked to its end.

DuckDB checks neither the checksum nor the length at the end of a gzip file, so a flipped bit would change a number.
"""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from cvnpolicy.sources.opening import open_regular
from cvnpolicy.sources.paths import FoundFile
from cvnpolicy.sources.refused import Refused

MOST_UNPACKED = 8 * 2**30
"""A gzipped file that holds more bytes is not read."""

BLOCK = 2**20
"""How many bytes are looked at in one step."""

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


def blocks(file: FoundFile) -> Iterator[bytes]:
    """Yield what a file holds, from its start to its end, in blocks of at most 1 MiB, none of them empty.

    Raises:
        Refused: The file is gzipped, and truncated, damaged, or too large.
    """
    size = 0
    with unpacked(file) as stream:
        while block := stream.read(BLOCK):
            size += len(block)
            if size > MOST_UNPACKED and isinstance(stream, gzip.GzipFile):
                reason = f"{file.label} holds more than {MOST_UNPACKED // 2**30} GiB when it is unpacked"
                raise Refused(reason, "write it as Parquet, or as several files")
            yield block


def _damaged(file: FoundFile) -> Refused:
    return Refused(f"{file.label} is a truncated or damaged gzip file", "restore it, or wait for its writer")
