"""Opening a file that was found, and nothing that took its place since."""

from __future__ import annotations

import errno
import io
import os
import stat
from pathlib import Path

# Without O_NONBLOCK, opening a pipe waits for a writer. Windows has neither flag, nor pipes among files.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)


def open_regular(path: Path) -> io.BufferedReader:
    """Open a regular file for reading, and wait for nobody.

    Args:
        path: Without symbolic links.

    Raises:
        OSError: It cannot be opened, or is a link, pipe, socket, device or folder.
    """
    return open(path, "rb", opener=_regular)


def _regular(path: str, _: int) -> int:
    descriptor = os.open(path, _FLAGS)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "not a regular file")
    return descriptor
