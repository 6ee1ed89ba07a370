"""What is mutated, which tests must notice, and which survivors are accepted: read from a TOML file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.mutation.mutants import Mutant


class GateError(Exception):
    """The gate could not be asked: an input is missing or not what it should be."""


@dataclass(frozen=True, slots=True)
class Target:
    """Modules and the tests that must notice their mutants."""

    files: tuple[str, ...]
    """Patterns below the root."""
    cases: tuple[str, ...]
    """Tests that run a kind's cases."""
    units: tuple[str, ...]
    """Other tests that count."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A mutant that may survive, and why."""

    file: str
    function: str
    before: str
    after: str
    nth: int
    reason: str

    @property
    def key(self) -> tuple[str, str, str, str, int]:
        """The key of its mutant."""
        return (self.file, self.function, self.before, self.after, self.nth)

    def __str__(self) -> str:
        """Return the change."""
        again = f" (nth = {self.nth})" if self.nth > 1 else ""
        return f"{self.file}: {self.function}: {self.before}  ->  {self.after}{again}"


def read(path: Path) -> tuple[list[Target], list[Accepted]]:
    """Read the file; every key is known, every accepted mutant has a reason and stands there once."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise GateError(f"{path}: cannot be read as TOML: {error}") from error
    if unknown := sorted(set(document) - {"target", "accepted"}):
        raise GateError(f"{path}: unknown key {unknown[0]!r}; only [[target]] and [[accepted]] are known")
    targets = [_target(path, number, entry) for number, entry in enumerate(document.get("target", []), start=1)]
    accepted = [_accepted(path, number, entry) for number, entry in enumerate(document.get("accepted", []), start=1)]
    if not targets:
        raise GateError(f"{path}: no [[target]], so nothing would be tried")
    if len({entry.key for entry in accepted}) < len(accepted):
        twice = next(entry for index, entry in enumerate(accepted) if entry.key in {e.key for e in accepted[:index]})
        raise GateError(f"{path}: accepted twice: {twice}")
    return targets, accepted


def _target(path: Path, number: int, entry: Mapping[str, object]) -> Target:
    where = f"{path}: target {number}"
    _known(where, entry, ("files", "cases", "units"))
    lists = {key: _texts(where, key, entry.get(key, [])) for key in ("files", "cases", "units")}
    if not lists["files"] or not (lists["cases"] or lists["units"]):
        raise GateError(f"{where}: needs files, and cases or units")
    return Target(**lists)


def _accepted(path: Path, number: int, entry: Mapping[str, object]) -> Accepted:
    where = f"{path}: accepted {number}"
    _known(where, entry, ("file", "function", "before", "after", "nth", "reason"))
    texts = {key: str(entry.get(key, "")).strip() for key in ("file", "function", "before", "after", "reason")}
    if missing := [key for key, value in texts.items() if not value]:
        raise GateError(f"{where}: {missing[0]} is missing or empty")
    nth = entry.get("nth", 1)
    if not isinstance(nth, int) or isinstance(nth, bool) or nth < 1:
        raise GateError(f"{where}: nth is a whole number from 1")
    return Accepted(**texts, nth=nth)


def _known(where: str, entry: Mapping[str, object], keys: Sequence[str]) -> None:
    if unknown := sorted(set(entry) - set(keys)):
        raise GateError(f"{where}: unknown key {unknown[0]!r}")


def _texts(where: str, key: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) and each for each in value):
        raise GateError(f"{where}: {key} is a list of texts")
    return tuple(str(each) for each in value)


def stale(
    accepted: Sequence[Accepted], survived: Sequence[Mutant], tried: Sequence[Mutant], known: Sequence[Mutant]
) -> list[str]:
    """Return the entries that excuse nothing: no such mutant, or one that was tried and killed."""
    exist, alive, asked = ({mutant.key for mutant in group} for group in (known, survived, tried))
    return [
        f"{entry}: {'no such mutant' if entry.key not in exist else 'a test kills it now'}: remove the entry"
        for entry in accepted
        if entry.key not in exist or (entry.key in asked and entry.key not in alive)
    ]
