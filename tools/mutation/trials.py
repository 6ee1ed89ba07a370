"""Trying mutants: by the short way where it is sound, else by importing and collecting everything anew."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from types import CodeType, FunctionType

from tools.mutation.listed import GateError, Target
from tools.mutation.measured import Measured, measured, within
from tools.mutation.mutants import Mutant, compiled
from tools.mutation.processes import Ended, Job, in_turn, load, prepare
from tools.mutation.sessions import Session, attempt, replace_module
from tools.mutation.swapping import Collected, changed, collected, exchange, frozen, living

TRYING_S = 600
"""Seconds for one mutant, whatever its tests do."""


class Fate(StrEnum):
    """What became of a mutant."""

    CASES = "by cases"
    UNITS = "by units"
    LATE = "timed out"
    ACCEPTED = "accepted"
    SURVIVED = "survived"
    BROKEN = "not tried"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A mutant and the target that it is of."""

    mutant: Mutant
    target: Target


@dataclass(frozen=True, slots=True)
class Trial:
    """A mutant and what it is tried by."""

    candidate: Candidate
    sessions: Sequence[Session]
    code: CodeType
    swap: tuple[CodeType, CodeType] | None
    """The one function that differs, before and after; None where the module must be imported anew."""


Tell = Callable[[str], None]


def tried(
    root: Path,
    targets: Sequence[Target],
    known: Sequence[Candidate],
    chosen: Sequence[Candidate],
    workers: int,
    tell: Tell,
) -> list[tuple[Mutant, Fate]]:
    """Try each chosen mutant and return its fate, in the order of the mutants.

    Raises:
        GateError: A test fails without any mutant.
    """
    prepare(root)
    scratch = Path(tempfile.mkdtemp(prefix="mutate-"))
    try:
        files = sorted({candidate.mutant.file for candidate in known})
        shown = measured(root, targets, files, workers, scratch / "measuring")
        load(shown.modules)
        trials = [_trial(root, candidate, shown) for candidate in chosen]
        long, short = ([trial for trial in trials if (trial.swap is None) is anew] for anew in (True, False))
        tell(f"{len(shown.seconds)} tests measured; {len(long)} mutants to import, {len(short)} to exchange")
        fates = _long_way(root, long, workers, scratch / "long")
        tell(f"{len(long)} imported")
        fates |= _short_way(root, short, shown, workers, scratch / "short")
        return [(candidate.mutant, fates[candidate.mutant]) for candidate in chosen]
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _trial(root: Path, candidate: Candidate, shown: Measured) -> Trial:
    mutant, path = candidate.mutant, root / candidate.mutant.file
    text = path.read_text(encoding="utf-8")
    code = compiled(text, mutant.index, str(path))
    early = mutant.at_import or "" in shown.tests_of(mutant.file, mutant.lines)
    swap = None if early else changed(compile(text, str(path), "exec", dont_inherit=True), code)
    return Trial(candidate, shown.sessions(mutant, candidate.target), code, swap)


def _long_way(root: Path, trials: Sequence[Trial], workers: int, scratch: Path) -> dict[Mutant, Fate]:
    controls = _united(trials)
    jobs = [Job(partial(attempt, [session]), TRYING_S) for session in controls]
    jobs += [Job(partial(_import_and_try, root, trial), TRYING_S) for trial in trials]
    return _fates(controls, trials, jobs, workers, scratch)


def _import_and_try(root: Path, trial: Trial, scratch: Path) -> Mapping[str, object]:
    file = trial.candidate.mutant.file
    if module_of(file) in sys.modules:
        raise AssertionError(f"{module_of(file)} is loaded already")
    replace_module(module_of(file), root / file, trial.code)
    return attempt(trial.sessions, scratch)


def _short_way(
    root: Path, trials: Sequence[Trial], shown: Measured, workers: int, scratch: Path
) -> Mapping[Mutant, Fate]:
    if not trials:
        return {}
    plugin = _Swapping(root, trials, shown, workers, scratch)
    modules = sorted({module_of(trial.candidate.mutant.file) for trial in trials})
    wrong = collected(plugin, [session.file for session in _united(trials)], modules)
    if plugin.wrong is not None:
        raise plugin.wrong
    if wrong:
        raise GateError(f"the tests cannot be collected: {wrong}")
    return plugin.fates


class _Swapping(Collected):
    """Tries each mutant on the collected tests."""

    def __init__(self, root: Path, trials: Sequence[Trial], shown: Measured, workers: int, scratch: Path) -> None:
        super().__init__(shown.seconds)
        self._root, self._trials, self._workers, self._scratch = root, trials, workers, scratch
        self.fates: dict[Mutant, Fate] = {}
        self.wrong: GateError | None = None
        """pytest would swallow it."""

    def loop(self) -> None:
        files = {trial.candidate.mutant.file for trial in self._trials}
        functions = {file: living(self._root / file) for file in files}
        controls = _united(self._trials)
        jobs = [Job(partial(self.run, list(session.seconds)), TRYING_S) for session in controls]
        jobs += [Job(partial(self._try, trial, functions), TRYING_S) for trial in self._trials]
        try:
            with frozen():
                self.fates = _fates(controls, self._trials, jobs, self._workers, self._scratch)
        except GateError as error:
            self.wrong = error

    def _try(
        self, trial: Trial, functions: Mapping[str, Sequence[FunctionType]], scratch: Path
    ) -> Mapping[str, object]:
        if trial.swap is None:
            raise AssertionError(f"{trial.candidate.mutant} changes no function")
        exchange(functions[trial.candidate.mutant.file], *trial.swap)
        return self.run([name for session in trial.sessions for name in session.seconds], scratch)


def _united(trials: Sequence[Trial]) -> list[Session]:
    """Return all tests of the trials: they must pass in the same surroundings without a mutant."""
    files: dict[str, dict[str, float]] = {}
    for trial in trials:
        for session in trial.sessions:
            files.setdefault(session.file, {}).update(session.seconds)
    return [Session(file, seconds) for file, seconds in sorted(files.items())]


def _fates(
    controls: Sequence[Session], trials: Sequence[Trial], jobs: Sequence[Job], workers: int, scratch: Path
) -> dict[Mutant, Fate]:
    """Run the jobs, first those of the controls and then those of the trials."""
    fates: dict[Mutant, Fate] = {}
    for number, ended in in_turn(jobs, workers, scratch):
        if number >= len(controls):
            candidate = trials[number - len(controls)].candidate
            fates[candidate.mutant] = _fate(ended, candidate)
        elif ended.answer is None or "ran" not in ended.answer:
            what = ended.answer or ended.output or "out of time"
            raise GateError(f"{controls[number].file}: fails without any mutant: {what}")
    return fates


def _fate(ended: Ended, candidate: Candidate) -> Fate:
    if ended.late:
        return Fate.LATE
    if ended.answer is None or "broken" in ended.answer:
        print(f"not tried: {candidate.mutant}: {ended.answer or ended.output}", file=sys.stderr, flush=True)
        return Fate.BROKEN
    if "killed" in ended.answer:
        return Fate.CASES if within(str(ended.answer["killed"]), candidate.target.cases) else Fate.UNITS
    return Fate.SURVIVED


def module_of(file: str) -> str:
    """Return the dotted name of a module below ``src``."""
    return file.removeprefix("src/").removesuffix(".py").removesuffix("/__init__").replace("/", ".")
