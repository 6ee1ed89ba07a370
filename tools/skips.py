"""Fail when a test was skipped, or expected to fail, without being listed with a reason.

Usage: python tools/skips.py build/junit.xml tests/skips.toml
"""

from __future__ import annotations

import sys
import tomllib
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path


class GateError(Exception):
    """The gate could not be asked: an input is missing or not what it should be."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry of the list: which tests may be skipped, with what message, and why."""

    test: str
    message: str
    reason: str

    def covers(self, result: Result) -> bool:
        """Whether this entry accounts for that skip."""
        return fnmatchcase(result.test, self.test) and fnmatchcase(result.message, self.message)


@dataclass(frozen=True, slots=True)
class Result:
    """One test of the run. `skipped` is true for skips and expected failures alike."""

    test: str
    skipped: bool
    message: str


def read_list(path: Path) -> list[Listed]:
    """The entries of a skip list, every one with a test, a reason and perhaps a message."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise GateError(f"{path}: cannot be read as TOML: {error}") from error
    if unknown := sorted(set(document) - {"skip"}):
        raise GateError(f"{path}: unknown key {unknown[0]!r}; only [[skip]] is known")
    return [_entry(path, number, entry) for number, entry in enumerate(document.get("skip", []), start=1)]


def _entry(path: Path, number: int, entry: dict[str, object]) -> Listed:
    if unknown := sorted(set(entry) - {"test", "message", "reason"}):
        raise GateError(f"{path}: entry {number}: unknown key {unknown[0]!r}")
    values = {
        key: str(entry.get(key, default)).strip() for key, default in (("test", ""), ("message", "*"), ("reason", ""))
    }
    if missing := [key for key, value in values.items() if not value]:
        raise GateError(f"{path}: entry {number}: {missing[0]} is missing or empty")
    return Listed(**values)


def read_results(path: Path) -> list[Result]:
    """The tests of a JUnit file written by pytest in the family xunit1."""
    try:
        root = ET.parse(path).getroot()  # noqa: S314 - pytest wrote the file a moment ago
    except (OSError, ET.ParseError) as error:
        raise GateError(f"{path}: cannot be read as JUnit XML: {error}; run `make test` first") from error
    results = list(_results(root))
    if not results:
        raise GateError(f"{path}: no test in it; a run without tests proves nothing")
    return results


def _results(root: ET.Element) -> Iterator[Result]:
    for case in root.iter("testcase"):
        skipped = case.find("skipped")
        message = "" if skipped is None else skipped.get("message", "")
        yield Result(_node_id(case), skipped is not None, message)


def _node_id(case: ET.Element) -> str:
    """`path::Class::name`; a module skipped as a whole has its dotted name only."""
    name, file, dotted = case.get("name", ""), case.get("file"), case.get("classname", "")
    if file is None:
        return "::".join(part for part in (dotted, name) if part)
    module = file.removesuffix(".py").replace("\\", "/").replace("/", ".")
    classes = dotted.removeprefix(module).strip(".")
    return "::".join(part for part in (file.replace("\\", "/"), classes.replace(".", "::"), name) if part)


def problems(results: Sequence[Result], listed: Sequence[Listed]) -> list[str]:
    """What keeps the gate shut: skips that no entry covers, and entries that match no test at all."""
    unlisted = [
        f"{result.test}: skipped, not listed: {result.message}"
        for result in results
        if result.skipped and not any(entry.covers(result) for entry in listed)
    ]
    stale = [
        f"{entry.test}: listed, but no test has that name: remove the entry"
        for entry in listed
        if not any(fnmatchcase(result.test, entry.test) for result in results)
    ]
    return sorted(unlisted) + stale


def main(arguments: Sequence[str]) -> int:
    """Status 0 when every skip is accounted for, 1 when one is not, 2 when the gate could not be asked."""
    if len(arguments) != 2:
        print((__doc__ or "").strip(), file=sys.stderr)
        return 2
    try:
        results, listed = read_results(Path(arguments[0])), read_list(Path(arguments[1]))
    except GateError as error:
        print(f"skips: {error}", file=sys.stderr)
        return 2
    found = problems(results, listed)
    for problem in found:
        print(f"skips: {problem}", file=sys.stderr)
    skipped = sum(result.skipped for result in results)
    print(f"skips: {len(results)} tests, {skipped} skipped, {len(found)} problems")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
