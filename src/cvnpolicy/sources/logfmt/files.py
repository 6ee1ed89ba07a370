"""The files of one log, which must be the same ones, and stay the same, from the first byte to the last."""

from __future__ import annotations

import hashlib
import stat
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cvnpolicy.sources.logfmt.errors import LogError
from cvnpolicy.sources.opening import open_regular


@dataclass(frozen=True, slots=True)
class _State:
    device: int
    inode: int
    size: int
    modified_ns: int


class LogFiles:
    """Regular files, each once, with their state before reading."""

    def __init__(self, paths: Sequence[Path]) -> None:
        """Note the state of every file.

        Raises:
            LogError: There is no file, one cannot be seen or is not a regular one, or one holds what another holds.
        """
        if not paths:
            raise LogError("there is no log file", "name at least one")
        self.paths = tuple(paths)
        self._before = tuple(_state(path) for path in self.paths)
        self._refuse_doubles()

    def refuse_changes(self) -> None:
        """Compare with the state before reading.

        Raises:
            LogError: A file was written to, replaced or removed meanwhile.
        """
        for path, before in zip(self.paths, self._before, strict=True):
            if _state(path) != before:
                raise LogError(f"{path.name} changed while it was read", "read it again, or read a copy")

    def _refuse_doubles(self) -> None:
        seen: dict[tuple[int, int], Path] = {}
        names, sizes = set(self.paths), Counter(state.size for state in self._before)
        copies: dict[bytes, Path] = {}
        for path, state in zip(self.paths, self._before, strict=True):
            identity = state.device, state.inode
            if identity in seen:
                raise LogError(f"{seen[identity].name} and {path.name} are one file", "name it once")
            seen[identity] = path
            if path.with_name(f"{path.name}.gz") in names:
                raise LogError(f"{path.name} is there packed and unpacked", "wait for the rotation, or remove one")
            if state.size and sizes[state.size] > 1:
                other = copies.setdefault(_content(path), path)
                if other is not path:
                    raise LogError(f"{other.name} and {path.name} hold the same lines", "remove the copy")


def _content(path: Path) -> bytes:
    """Return what two copies have in common; blank files are nobody's copies."""
    try:
        with open_regular(path) as file:
            if not any(block.strip() for block in iter(lambda: file.read(1 << 20), b"")):
                return bytes(path)
            file.seek(0)
            return hashlib.file_digest(file, "sha256").digest()
    except OSError as error:
        raise _unreadable(path, error) from error


def _state(path: Path) -> _State:
    try:
        found = path.stat()
    except OSError as error:
        raise _unreadable(path, error) from error
    if not stat.S_ISREG(found.st_mode):
        raise LogError(f"{path.name} is not a regular file", "name a log file")
    return _State(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)


def _unreadable(path: Path, error: OSError) -> LogError:
    return LogError(f"{path.name} cannot be read ({error.strerror})", "mend the path or its permissions")
