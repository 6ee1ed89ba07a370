"""Which tests run which lines, measured once for a state of the tree, and the tests to try on a mutant."""

from __future__ import annotations

import hashlib
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any, Self

from tools.mutation.listed import GateError, Target
from tools.mutation.mutants import Mutant
from tools.mutation.processes import Job, in_turn
from tools.mutation.sessions import Session, measure

FOLDER = "build/mutation"
KEPT = ("src", "tests", "tools/mutation", "pyproject.toml")
"""What can change what is measured."""
MEASURING_S = 900
STARTING_S = 0.3
"""About what it costs to collect the tests of one more file."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What a run of all tests showed."""

    seconds: Mapping[str, float]
    lines: Mapping[str, Mapping[int, Sequence[str]]]
    """Of each file and line the tests that ran it; the empty name stands for what ran outside of tests."""
    modules: Sequence[str]
    """What tests load that is not of the tree."""

    @classmethod
    def of(cls, parts: Iterable[Mapping[str, Any]]) -> Self:
        """Join what was measured in several processes."""
        seconds: dict[str, float] = {}
        lines: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
        modules: dict[str, None] = {}
        for part in parts:
            seconds.update(part["seconds"])
            modules.update(dict.fromkeys(part["modules"]))
            for file, found in part["lines"].items():
                for line, names in found.items():
                    lines[file][int(line)].extend(names)
        return cls(seconds, lines, list(modules))

    def tests_of(self, file: str, lines: Iterable[int]) -> set[str]:
        """Return the tests that ran one of the lines."""
        found = self.lines.get(file, {})
        return {name for line in lines for name in found.get(line, ())}

    def sessions(self, mutant: Mutant, target: Target) -> list[Session]:
        """Return the tests that can notice a mutant, those first that probably do.

        What runs at import can be noticed by tests that do not run it again: then every test of the target counts.
        """
        allowed = {name for name in self.seconds if within(name, (*target.cases, *target.units))}
        direct = self.tests_of(mutant.file, mutant.lines)
        sessions = self._by_file(direct & allowed)
        if mutant.at_import or "" in direct:
            near = {name for file in self._folder(mutant.file) for name in self.tests_of(file, self.lines[file])}
            sessions += self._by_file((near & allowed) - direct)
            sessions += self._by_file(allowed - near - direct)
        return sessions

    def everything(self, target: Target) -> list[Session]:
        """Return all tests of a target."""
        return self._by_file({name for name in self.seconds if within(name, (*target.cases, *target.units))})

    def _folder(self, file: str) -> list[str]:
        return [other for other in self.lines if PurePosixPath(other).parent == PurePosixPath(file).parent]

    def _by_file(self, names: Iterable[str]) -> list[Session]:
        files: dict[str, dict[str, float]] = defaultdict(dict)
        for name in sorted(names, key=lambda name: (self.seconds[name], name)):
            files[name.partition("::")[0]][name] = self.seconds[name]
        # Slow files last, and of equally fast ones that with more tests first.
        cost = {file: STARTING_S + sum(seconds.values()) for file, seconds in files.items()}
        return [Session(file, files[file]) for file in sorted(files, key=lambda file: (cost[file], file))]


def within(test: str, folders: Iterable[str]) -> bool:
    """Whether a test is below one of these files and folders."""
    path = PurePosixPath(test.partition("::")[0])
    return any(path.is_relative_to(folder) for folder in folders)


def measured(root: Path, targets: Sequence[Target], files: Sequence[str], workers: int, scratch: Path) -> Measured:
    """Return what is known of this state of the tree, after measuring it if need be.

    Raises:
        GateError: A test fails without any mutant.
    """
    kept = root / FOLDER / f"{_state(root, targets, files)}.json"
    if kept.is_file():
        parts = json.loads(kept.read_text(encoding="utf-8"))
        return Measured.of(parts)
    tests = sorted({test for target in targets for test in (*target.cases, *target.units)})
    jobs = [Job(partial(measure, test, files, root), MEASURING_S) for test in tests]
    parts = []
    for number, ended in in_turn(jobs, workers, scratch):
        if ended.answer is None or ended.answer["failed"]:
            what = ended.output if ended.answer is None else ended.answer["failed"]
            raise GateError(f"{tests[number]}: fails without any mutant: {what}")
        parts.append(dict(ended.answer))
    kept.parent.mkdir(parents=True, exist_ok=True)
    for old in kept.parent.glob("*.json"):
        old.unlink()
    kept.write_text(json.dumps(parts), encoding="utf-8")
    return Measured.of(parts)


def _state(root: Path, targets: Sequence[Target], files: Sequence[str]) -> str:
    """Return a hash of everything that the measurement depends on, as far as the tree knows."""
    digest = hashlib.sha256(repr((sys.version, targets, files)).encode())
    for name in KEPT:
        for path in sorted([root / name, *(root / name).rglob("*")]):
            if path.is_file() and "__pycache__" not in path.parts:
                content = hashlib.sha256(path.read_bytes()).hexdigest()
                digest.update(f"{path.relative_to(root)} {content}\n".encode())
    return digest.hexdigest()[:32]
