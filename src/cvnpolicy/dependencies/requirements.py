"""Requirement files in pip's format: which distributions they declare for one version of Python on one system.

The format is that of pip's documentation, "Requirements File Format"; a line is read by the library ``packaging``.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from packaging.markers import UndefinedComparison, UndefinedEnvironmentName
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename

MOST_FILES = 100
"""The most files that one requirement file may bring with it."""
MOST_LINES = 20_000
"""The most lines of all of them."""
_LONGEST = 4_000
_COMMENT = re.compile(r"(^|[ \t])#.*$")
_OPTION = re.compile(r"[ \t]--?[A-Za-z]")
_INCLUDE = re.compile(r"(?:-r|--requirement)(?:[ \t=]+|(?=[^ \t=-]))(?P<file>.+)")
_CONSTRAINT = re.compile(r"(?:-c|--constraint)(?:[ \t=]+|(?=[^ \t=-]))")
_EDITABLE = re.compile(r"(?:-e|--editable)(?:[ \t=]+|(?=[^ \t=-]))(?P<what>.+)")
_EGG = re.compile(r"[#&]egg=(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)")
_PLACE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://|file:|[./~]|[A-Za-z]:[\\/]")

Read = Callable[[str], "str | Refusal"]
"""Returns the text of a file of the repository, or why it cannot be read."""


@dataclass(frozen=True)
class Refusal:
    """Why a file cannot be read."""

    what: str


@dataclass(frozen=True)
class Trouble:
    """What is wrong with a line."""

    file: str
    line: int
    what: str
    right: str
    blocks: bool = True
    """False where pip may well understand it, and only the name cannot be told."""


@dataclass
class Declared:
    """What a requirement file declares, with all that it includes."""

    names: set[str] = field(default_factory=set)
    """Distributions, in their canonical spelling."""
    elsewhere: dict[str, str] = field(default_factory=dict)
    """Those that are declared only where a marker holds which does not hold here, with the marker."""
    constrained: set[str] = field(default_factory=set)
    """Those that only a constraint names: that installs nothing."""
    troubles: list[Trouble] = field(default_factory=list)
    files: set[str] = field(default_factory=set)
    """The file itself and those that it includes, whether they could be read or not."""


def environment(python: str, platform: str) -> dict[str, str]:
    """Return the values of environment markers for a version of Python on a system: CPython, on x86-64.

    Args:
        python: Major and minor, ``3.11``.
        platform: As ``sys.platform`` has it.
    """
    system = {"linux": "Linux", "darwin": "Darwin", "win32": "Windows"}[platform]
    return {
        "python_version": python,
        "python_full_version": f"{python}.0",
        "implementation_name": "cpython",
        "implementation_version": f"{python}.0",
        "platform_python_implementation": "CPython",
        "os_name": "nt" if platform == "win32" else "posix",
        "sys_platform": platform,
        "platform_system": system,
        "platform_machine": "AMD64" if platform == "win32" else "x86_64",
        "platform_release": "",
        "platform_version": "",
        "extra": "",
    }


def declared(file: str, read: Read, markers: Mapping[str, str]) -> Declared:
    """Return what a requirement file declares.

    Args:
        file: Its path from the top of the repository.
        read: How files are read.
        markers: What :func:`environment` returned.
    """
    reader = _Reader(read, markers)
    reader.file(file, None, constraint=False)
    return reader.found


class _Reader:
    """Reads files that include one another, each once."""

    def __init__(self, read: Read, markers: Mapping[str, str]) -> None:
        self.read = read
        self.markers = dict(markers)
        self.found = Declared()
        self.waiting: list[tuple[str, tuple[str, int] | None, bool]] = []
        self.seen: set[tuple[str, bool]] = set()
        self.lines = 0

    def file(self, name: str, by: tuple[str, int] | None, *, constraint: bool) -> None:
        """Read a file and all that it includes; ``by`` is the file and line that include it."""
        self.waiting.append((name, by, constraint))
        while self.waiting:
            name, by, constraint = self.waiting.pop()
            if (name, constraint) in self.seen:
                continue
            self.seen.add((name, constraint))
            self.found.files.add(name)
            place = by or (name, 1)
            if len(self.seen) > MOST_FILES:
                self._trouble(*place, f"more than {MOST_FILES} files are included", "include fewer")
                return
            text = self.read(name)
            if isinstance(text, Refusal):
                self._trouble(*place, f"{name}: {text.what}", "correct the path, or write the file")
            else:
                self._text(name, text, constraint=constraint)

    def _text(self, name: str, text: str, *, constraint: bool) -> None:
        for number, line in _logical(text):
            self.lines += 1
            if self.lines > MOST_LINES:
                self._trouble(name, number, f"more than {MOST_LINES} lines", "write fewer")
                return
            if len(line) > _LONGEST:
                self._trouble(name, number, f"the line has more than {_LONGEST} characters", "shorten it")
            else:
                self._line(name, number, line, constraint=constraint)

    def _line(self, name: str, number: int, line: str, *, constraint: bool) -> None:
        include = _INCLUDE.fullmatch(line)
        limits = _CONSTRAINT.match(line)
        editable = _EDITABLE.fullmatch(line)
        if include is not None or limits is not None:
            target = include["file"] if include is not None else line[limits.end() :] if limits is not None else ""
            self._include(name, number, target.strip().strip("\"'"), constraint=constraint or include is None)
        elif editable is not None:
            self._place(name, number, editable["what"], constraint=constraint)
        elif line.startswith("-"):
            return  # an option about how to install: it declares nothing
        else:
            option = _OPTION.search(line)
            self._requirement(name, number, line[: option.start()] if option else line, constraint=constraint)

    def _include(self, name: str, number: int, target: str, *, constraint: bool) -> None:
        path = posixpath.normpath(posixpath.join(posixpath.dirname(name), target.replace("\\", "/")))
        if "://" in target or path.startswith(("/", "..")) or re.match(r"[A-Za-z]:", path):
            self._trouble(name, number, "a file outside of the repository is included", "include one inside")
        else:
            self.waiting.append((path, (name, number), constraint))

    def _requirement(self, name: str, number: int, text: str, *, constraint: bool) -> None:
        try:
            wanted = Requirement(text.strip())
        except (InvalidRequirement, RecursionError):
            if _PLACE.match(text.strip()) or text.strip().endswith((".whl", ".tar.gz", ".zip")):
                self._place(name, number, text.strip(), constraint=constraint)
            else:
                self._trouble(name, number, "the line is no requirement", "write for example pandas>=2.3")
            return
        called = canonicalize_name(wanted.name)
        try:
            holds = wanted.marker is None or wanted.marker.evaluate(self.markers)
        except (UndefinedComparison, UndefinedEnvironmentName):  # a comparison or a name that markers do not have
            right = 'write for example python_version < "3.11"'
            self._trouble(name, number, "the environment marker cannot be evaluated", right)
            return
        if constraint:
            self.found.constrained.add(called)
        elif holds:
            self.found.names.add(called)
        else:
            self.found.elsewhere.setdefault(called, str(wanted.marker)[:200])

    def _place(self, name: str, number: int, text: str, *, constraint: bool) -> None:
        """Take the name from an address or a path, where it has one."""
        egg = _EGG.search(text)
        called = egg["name"] if egg is not None else _wheel(text)
        if called is None:
            what = "an address or a path does not say which distribution it is"
            self._trouble(name, number, what, "write it as: name @ address", blocks=False)
        else:
            (self.found.constrained if constraint else self.found.names).add(canonicalize_name(called))

    def _trouble(self, file: str, line: int, what: str, right: str, *, blocks: bool = True) -> None:
        self.found.troubles.append(Trouble(file, line, what, right, blocks))


def _wheel(text: str) -> str | None:
    file = re.split(r"[?#;\s]", text, maxsplit=1)[0].replace("\\", "/").rpartition("/")[2]
    try:
        return parse_wheel_filename(file)[0] if file.endswith(".whl") else None
    except InvalidWheelFilename:
        return None


def _logical(text: str) -> Iterator[tuple[int, str]]:
    """Yield lines with the number of their first; continued ones joined, without comments, empty ones left out."""
    parts: list[str] = []
    first = 0
    for number, line in enumerate(text.splitlines(), 1):
        first = first if parts else number
        # As pip reads: a line that is a comment is not continued.
        if line.rstrip().endswith("\\") and not line.lstrip().startswith("#"):
            parts.append(line.rstrip()[:-1])
            continue
        whole = _COMMENT.sub("", "".join([*parts, line])).strip()
        parts = []
        if whole:
            yield first, whole
    rest = _COMMENT.sub("", "".join(parts)).strip()
    if rest:
        yield first, rest
